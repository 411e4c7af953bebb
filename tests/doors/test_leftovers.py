"""Paths that only older clients know say so in a header, whatever they answer."""

from __future__ import annotations

import httpx
import pytest

from tests.running import Running


@pytest.fixture
def nav(souk: Running) -> httpx.Client:
    return souk.client(authorization=f"Bearer {souk.env['SOUK_OWNER_TOKEN']}")


def test_the_singular_path_is_deprecated_and_works(nav: httpx.Client) -> None:
    document = {"name": "Leftover", "description": "d", "team": "roasting"}
    made = nav.post("/api/v1/dataproducts", json=document)
    gone = nav.delete(f"/api/v1/dataproduct/{made.text}")
    assert (gone.status_code, gone.headers["deprecation"]) == (204, "@1621987200")
    again = nav.delete(f"/api/v1/dataproduct/{made.text}")
    assert (again.status_code, again.headers["deprecation"]) == (404, "@1621987200")


def test_the_paths_in_use_are_not_deprecated(nav: httpx.Client) -> None:
    assert "deprecation" not in nav.get("/api/v1/dataproducts").headers
    assert "deprecation" not in nav.delete("/api/v1/dataproducts/nothing").headers
