"""The local run: serves template.yaml on this machine, without Docker and without an AWS account."""
