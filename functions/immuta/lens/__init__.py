"""Wire and core, one into the other: pure functions, no I/O."""
