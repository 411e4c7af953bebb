"""Clients of a running Souk, one for each kind of caller that dev.env names."""

from __future__ import annotations

from typing import Any

import pytest

from tests.wire.immuta.door import Caller, Marketplace


@pytest.fixture(scope="session")
def place(souk: Any) -> Marketplace:
    """The Immuta door of a running Souk."""
    return Marketplace(souk.url, souk.env)


@pytest.fixture(scope="session")
def manager(place: Marketplace) -> Caller:
    return place.caller("MANAGER")


@pytest.fixture(scope="session")
def owner(place: Marketplace) -> Caller:
    return place.caller("OWNER")


@pytest.fixture(scope="session")
def other(place: Marketplace) -> Caller:
    return place.caller("OTHER")
