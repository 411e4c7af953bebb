"""The scene of the matrix, and one who may do everything in it."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from tests.authorisation.conftest import people, scene
from tests.authorisation.people import Person

__all__ = ["people", "scene"]


@pytest.fixture(scope="module")
def mighty(people: list[Person]) -> dict[str, Person]:
    """Who has every right in a door: the key, and governance where a person is asked for."""
    return {who.name: who for who in people if who.name in {"key", "governance", "reader"}}


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every attempt to reach an address, none of which succeeds."""
    attempts: list[Any] = []

    def refused(*address: Any, **_: Any) -> Any:
        attempts.append(address)
        raise OSError("no network here")

    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)
    monkeypatch.setattr(socket, "create_connection", refused)
    return attempts
