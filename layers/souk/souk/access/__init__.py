"""The access engine: who may use what, decided, recorded and ended in one place for every door (docs/access.md)."""
