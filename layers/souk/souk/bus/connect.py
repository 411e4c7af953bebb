"""The process's bus: EventBridge, or what a test puts in its place."""

from __future__ import annotations

import os

from souk.bus.port import Bus

_bus: Bus | None = None


def connect() -> Bus:
    """The bus of this process, found by the environment on first use."""
    global _bus  # noqa: PLW0603 - one bus per process is the point
    if _bus is None:
        from souk.bus.eventbridge import EventBridge

        _bus = EventBridge.from_environment()
    return _bus


def is_there() -> bool:
    """Whether there is a bus to put anything on."""
    return _bus is not None or bool(os.environ.get("SOUK_BUS"))


def use(bus: Bus | None) -> None:
    """Make `connect` answer this bus from now on; None: find it by the environment again."""
    global _bus  # noqa: PLW0603
    _bus = bus
