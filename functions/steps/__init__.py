"""Steps: the functions that state machines call. Each is safe to repeat; a machine's state holds ids only."""

DIALECT = "dpx"
"""The door whose words a published card agrees with: drafts are made in that door alone."""
