"""The fixtures of the access tests: a store in memory, a clock that stands where it is put, a few products."""

from __future__ import annotations

from tests.access.conftest import time, world

__all__ = ["time", "world"]
