"""The event stream on all stores."""

from __future__ import annotations

from tests.engines import aws, dynamo, emulator, engine, store

__all__ = ["aws", "dynamo", "emulator", "engine", "store"]
