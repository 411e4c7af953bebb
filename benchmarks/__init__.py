"""Measurements against the budgets in docs/performance.md. `make bench` runs them all."""
