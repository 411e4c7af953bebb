"""`python -m local` is the `souk` command."""

from local.cli import souk

souk()
