"""Setting up the catalogue: delivery methods, domains, workflows, samples; in the background, and renewable."""
