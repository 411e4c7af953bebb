"""Souk's core: one catalogue, one access engine, one event log. It knows no dialect."""

__version__ = "0.1.0"
