"""Where Souk's own signing key lies: a file on this machine, or AWS KMS."""
