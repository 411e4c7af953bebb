"""Wire documents to core cards and back: pure functions, no I/O."""
