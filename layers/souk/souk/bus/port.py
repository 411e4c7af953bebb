"""The bus port: what the core asks of an event bus."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

MAX_DETAIL = 250_000
"""Bytes of one message's detail."""


class Message(NamedTuple):
    """One event for the bus: its name, and its detail as JSON text."""

    name: str
    detail: str


class Bus(Protocol):
    """An event bus."""

    def put(self, messages: Sequence[Message]) -> None:
        """Put all of them on the bus, some perhaps more than once. Raises errors.Busy and errors.Failed."""
        ...
