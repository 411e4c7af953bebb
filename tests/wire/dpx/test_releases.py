"""Patches of releases keep the rules of publishing (contract 1.5, 3.5, 4.1; R7, R8)."""

from __future__ import annotations

import pytest

from tests.wire.dpx.hub import Hub, place, refused, some_id
from tests.wire.raw import Doc

EMPTY = {"id": "", "name": ""}


def hidden(hub: Hub) -> str:
    """The id of an asset that is not public."""
    metadata = {"name": "Recipes", "asset_type": "data_asset", "rov": {"mode": 16}}
    made: str = hub.post(f"/v2/assets?catalog_id={hub.catalog}", {"metadata": metadata}, 201)["asset_id"]
    return made


@pytest.mark.parametrize("find", [hidden, lambda _: some_id()])
def test_a_release_takes_no_part_that_could_not_be_published(hub: Hub, find: object) -> None:
    release = hub.release(parts_out=[hub.part(hub.page())])
    part = hub.part(find(hub))  # type: ignore[operator]
    added = {"op": "add", "path": "/parts_out/-", "value": part}
    assert refused(hub.call("PATCH", place(release, "releases"), [added]), 400) == ["invalid_parameter"]
    assert len(hub.get(place(release, "releases"))["parts_out"]) == 1


@pytest.mark.parametrize(
    "operation",
    [{"op": "remove", "path": "/domain"}, {"op": "replace", "path": "/domain", "value": EMPTY}],
)
def test_a_release_keeps_a_domain(hub: Hub, operation: Doc) -> None:
    release = hub.release()
    refused(hub.call("PATCH", place(release, "releases"), [operation]), 400)
    assert hub.get(place(release, "releases"))["domain"]["id"] == release["domain"]["id"]


def test_all_new_faults_are_told_at_once(hub: Hub) -> None:
    faults = [{"op": "remove", "path": "/domain"}, {"op": "add", "path": "/parts_out", "value": [hub.part(some_id())]}]
    assert len(refused(hub.call("PATCH", place(hub.release(), "releases"), faults), 400)) == 2


def test_a_release_takes_public_parts_and_another_domain(hub: Hub) -> None:
    release = hub.release()
    part, domain = hub.part(hub.page()), {"id": some_id(), "name": "Shops"}
    added = {"op": "add", "path": "/parts_out/-", "value": part}
    changed = hub.patch(place(release, "releases"), added, {"op": "replace", "path": "/domain", "value": domain})
    assert changed["parts_out"][0]["asset"]["id"] == part["asset"]["id"]
    assert changed["domain"]["id"] == domain["id"]
