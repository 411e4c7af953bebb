"""Wire <-> core: pure functions."""
