"""Clients of the door: an organisation's key, and two people. The catalog is initialized once."""

from __future__ import annotations

from typing import Any

import pytest

from tests.wire.dpx.hub import B, Hub, eventually


@pytest.fixture(scope="session")
def hub(souk: Any) -> Hub:
    """The door with the organisation's key, its catalog initialized."""
    hub = Hub(souk.url, souk.env["SOUK_API_KEY"])
    begun = hub.call("POST", f"{B}/configuration/initialize", {"include": ["delivery_methods", "data_product_samples"]})
    assert begun.status in {202, 409}, begun
    status = f"{B}/configuration/initialize/status"
    shown = eventually(lambda: (found := hub.get(status))["status"] == "succeeded" and found)
    Hub.catalog = shown["container"]["id"]
    return hub


@pytest.fixture(scope="session")
def buyer(souk: Any, hub: Hub) -> Hub:
    """An ordinary user."""
    return Hub(souk.url, souk.env["SOUK_OTHER_TOKEN"])


@pytest.fixture(scope="session")
def stranger(souk: Any, hub: Hub) -> Hub:
    """Another ordinary user."""
    return Hub(souk.url, souk.env["SOUK_OWNER_TOKEN"])
