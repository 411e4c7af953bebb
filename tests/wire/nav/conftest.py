"""Four callers: an owner, somebody of another team, a manager, and nobody."""

from __future__ import annotations

from typing import Any

import pytest

from tests.wire.nav.door import Door


def person(souk: Any, name: str) -> Door:
    env = souk.env
    return Door(souk.url, env[f"SOUK_{name}_TOKEN"], env[f"SOUK_{name}_EMAIL"], env.get(f"SOUK_{name}_TEAM", ""))


@pytest.fixture(scope="session")
def owner(souk: Any) -> Door:
    """A member of the team that registers."""
    return person(souk, "OWNER")


@pytest.fixture(scope="session")
def other(souk: Any) -> Door:
    """A member of another team."""
    return person(souk, "OTHER")


@pytest.fixture(scope="session")
def manager(souk: Any) -> Door:
    """Somebody who governs."""
    return person(souk, "MANAGER")


@pytest.fixture(scope="session")
def nobody(souk: Any) -> Door:
    """No credential."""
    return Door(souk.url)


@pytest.fixture
def product(owner: Door) -> str:
    """A product of the owner's team, with a bucket."""
    return owner.register()
