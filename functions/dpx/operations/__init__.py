"""One module for each API operation."""
