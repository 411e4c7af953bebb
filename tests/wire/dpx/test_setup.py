"""Credentials of the catalog, buckets, and visualizations, which this server refuses (contract section 6)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.wire.dpx.hub import RFC3339, B, Hub, ok, refused, some_id
from tests.wire.raw import Doc

CREDENTIALS = f"{B}/configuration/credentials"
BUCKET = f"{B}/bucket"
DRAW = f"{B}/data_asset/visualization"
BOTH = pytest.mark.parametrize(("target", "status"), [(DRAW, 201), (f"{DRAW}/reinitiate", 200)])


def test_credentials_tell_their_name_and_age(hub: Hub) -> None:
    ok(hub.call("POST", f"{B}/configuration/rotate_credentials"), 204)
    first = hub.get(CREDENTIALS)
    assert first.keys() == {"name", "created_at"}
    assert RFC3339.match(first["created_at"])
    ok(hub.call("POST", f"{B}/configuration/rotate_credentials"), 204)
    second = hub.get(CREDENTIALS)
    assert (second["name"], second["created_at"] > first["created_at"]) == (first["name"], True)


def test_credentials_are_for_those_who_set_up(hub: Hub, buyer: Hub) -> None:
    assert refused(buyer.call("GET", CREDENTIALS), 403) == ["not_authorized"]
    refused(hub.send("GET", CREDENTIALS, None, {}), 401)


def test_the_shared_bucket_is_there(hub: Hub) -> None:
    shared = hub.post(f"{BUCKET}?is_shared=true", None, 201)
    assert (shared["shared"], shared["bucket_type"]) == (True, "shared")
    assert shared["bucket_location"]
    assert hub.post(f"{BUCKET}?is_shared=true", None, 201) == shared
    assert hub.get(f"{BUCKET}/validate/{shared['bucket_name']}") == {"bucket_exists": True}


def test_a_bucket_is_made(hub: Hub) -> None:
    made = [hub.post(f"{BUCKET}?is_shared=false", None, 201) for _ in range(2)]
    assert len({one["bucket_name"] for one in made}) == 2
    assert [(one["shared"], one["bucket_type"]) for one in made] == [(False, "dedicated")] * 2
    for one in made:
        assert hub.get(f"{BUCKET}/validate/{one['bucket_name']}") == {"bucket_exists": True}


def test_a_bucket_that_is_not_there(hub: Hub, buyer: Hub) -> None:
    assert buyer.get(f"{BUCKET}/validate/nobody-{some_id()}") == {"bucket_exists": False}
    for name in ("a", "UPPER", "a_b", "-ab", "ab-", "a" * 64, "a%20b"):
        assert refused(hub.call("GET", f"{BUCKET}/validate/{name}"), 400) == ["invalid_parameter"]


@pytest.mark.parametrize(
    ("query", "code"),
    [("", "missing_required_value"), ("?is_shared=", "missing_required_value"), ("?is_shared=1", "invalid_parameter")],
)
def test_a_bucket_is_shared_or_not(hub: Hub, query: str, code: str) -> None:
    assert refused(hub.call("POST", f"{BUCKET}{query}"), 400) == [code]


def test_buckets_are_made_by_those_who_set_up(hub: Hub, buyer: Hub) -> None:
    assert refused(buyer.call("POST", f"{BUCKET}?is_shared=false"), 403) == ["not_authorized"]
    refused(hub.send("POST", f"{BUCKET}?is_shared=true", None, {}), 401)
    refused(hub.send("GET", f"{BUCKET}/validate/abc", None, {}), 401)


def relation(hub: Hub, id: str, related: str, **fields: Any) -> Doc:
    """Two assets, one of which is to be drawn."""
    return {
        "asset": {"id": id, "container": hub.container},
        "related_asset": {"id": related, "container": hub.container},
    } | fields


@BOTH
def test_every_asset_is_told_why_it_is_not_drawn(hub: Hub, target: str, status: int) -> None:
    asset, related, gone = hub.page(), hub.page(), some_id()
    elsewhere = {"id": asset, "container": {"id": some_id(), "type": "catalog"}}
    drawing = {"id": some_id(), "name": "Bars"}
    sent = [
        relation(hub, asset, related, visualization=drawing),
        relation(hub, gone, related),
        relation(hub, asset, gone),
        relation(hub, asset, related, asset=elsewhere),
        relation(hub, asset, related, asset={"id": asset}),
    ]
    results = hub.post(target, {"assets": sent}, status)["results"]
    assert [{key: value for key, value in one.items() if key != "error"} for one in results] == sent
    codes = ["feature_not_enabled", "does_not_exist", "does_not_exist", "does_not_exist", "feature_not_enabled"]
    assert [one["error"]["code"] for one in results] == codes
    assert all(one["error"]["message"] for one in results)


@BOTH
@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "missing_required_value"),
        ({"assets": None}, "missing_required_value"),
        ({"assets": []}, "invalid_parameter"),
        ({"assets": {}}, "invalid_parameter"),
        ({"assets": [{}]}, "missing_required_value"),
        ({"assets": [{"asset": {"id": "x"}}]}, "missing_required_value"),
        ({"assets": [{"asset": {"id": "x"}, "related_asset": "x"}]}, "invalid_parameter"),
        ({"assets": [{"asset": {"id": 7}, "related_asset": {"id": "x"}}]}, "invalid_parameter"),
        ({"assets": [{"asset": {"id": "x"}, "related_asset": {"id": "x"}}] * 101}, "invalid_parameter"),
    ],
)
def test_what_is_to_be_drawn_must_be_said(hub: Hub, target: str, status: int, body: Doc, code: str) -> None:
    assert refused(hub.call("POST", target, body), 400)[0] == code
    assert status in {200, 201}


@BOTH
def test_drawing_needs_a_token(hub: Hub, target: str, status: int) -> None:
    refused(hub.send("POST", target, b"{}", {}), 401)
    assert status < 300
