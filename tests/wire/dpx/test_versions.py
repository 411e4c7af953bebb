"""Products, drafts and releases (contract 3.2, 3.3, 3.5, 3.6)."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tests.threads import at_once
from tests.wire.dpx.hub import DOMAIN, PRODUCTS, RFC3339, Hub, ok, place, refused, some_id
from tests.wire.raw import Doc


def assert_version(version: Doc) -> None:
    """Every field that either generation of clients requires (section 2)."""
    assert version["id"] == f"{version['asset']['id']}@{version['asset']['container']['id']}"
    assert version["asset"]["container"]["type"] == version["data_product"]["container"]["type"] == "catalog"
    for name in ("version", "state", "name", "created_by", "created_at"):
        assert version[name], name
    for name in ("tags", "types", "parts_out", "contract_terms"):
        assert isinstance(version[name], list), name
    assert isinstance(version["description"], str)
    assert isinstance(version["is_restricted"], bool)
    assert {"id", "name", "container"} <= version["domain"].keys()
    assert RFC3339.match(version["created_at"])
    (terms,) = version["contract_terms"]
    assert terms["id"].endswith("@" + version["asset"]["container"]["id"])
    assert isinstance(terms["documents"], list)


def test_a_product_is_created_with_its_draft(hub: Hub) -> None:
    product = hub.post(PRODUCTS, {"drafts": [{"name": "Batches", "asset": {"container": hub.container}}]}, 201)
    (draft,) = product["drafts"]
    assert_version(draft)
    assert (draft["version"], draft["state"], draft["description"]) == ("1.0.0", "draft", "")
    assert (draft["tags"], draft["types"], draft["parts_out"], draft["domain"]["id"]) == ([], [], [], "")
    assert "latest_release" not in product
    assert hub.get(f"{PRODUCTS}/{product['id']}")["drafts"][0]["id"] == draft["id"]


def test_the_container_may_stand_bare_and_ids_of_clients_do_not_bind(hub: Hub) -> None:
    bare = {"name": "Batches", "container": {"id": hub.catalog}}
    assert_version(hub.post(PRODUCTS, {"drafts": [bare]}, 201)["drafts"][0])
    asset = {"id": some_id(), "container": hub.container}
    twice = [hub.post(PRODUCTS, {"drafts": [{"name": "B", "asset": asset}]}, 201)["drafts"][0]["id"] for _ in range(2)]
    assert len(set(twice)) == 2


@pytest.mark.parametrize("body", [{}, {"drafts": None}, {"drafts": []}, {"drafts": [{}, {}]}, {"drafts": "x"}, []])
def test_a_product_begins_with_one_draft(hub: Hub, body: object) -> None:
    refused(hub.call("POST", PRODUCTS, body), 400)


@pytest.mark.parametrize(
    "fields",
    [
        {"name": None},
        {"name": ""},
        {"name": "   "},
        {"name": "x" * 257},
        {"name": "a/b"},
        {"description": "x" * 4001},
        {"version": "1"},
        {"version": "1.0"},
        {"version": "a.b.c"},
        {"state": "available"},
        {"state": "retired"},
        {"tags": "coffee"},
        {"tags": ["x"] * 1001},
        {"is_restricted": "yes"},
        {"contract_terms": [{}, {}]},
        {"parts_out": [{}]},
        {"asset": {}},
    ],
)
def test_a_prototype_that_breaks_a_rule_is_refused(hub: Hub, fields: Doc) -> None:
    refused(hub.call("POST", PRODUCTS, {"drafts": [hub.prototype() | fields]}), 400)


def test_publishing_and_retiring(hub: Hub) -> None:
    draft = hub.draft()
    release = hub.post(f"{place(draft)}/publish")
    assert_version(release)
    assert (release["state"], release["id"]) == ("available", draft["id"])
    assert release["contract_terms"][0]["id"] == draft["contract_terms"][0]["id"]
    assert release["published_by"]
    assert RFC3339.match(release["published_at"])
    product = hub.get(f"{PRODUCTS}/{release['data_product']['id']}")
    assert (product["latest_release"]["id"], product["drafts"]) == (release["id"], [])
    refused(hub.call("POST", f"{place(draft)}/publish"), 404, 409)
    refused(hub.call("DELETE", place(draft)), 404, 409)
    assert hub.post(f"{place(release, 'releases')}/retire")["state"] == "retired"
    assert hub.get(place(release, "releases"))["state"] == "retired"
    assert "latest_release" not in hub.get(f"{PRODUCTS}/{release['data_product']['id']}")


def test_publishing_needs_a_domain(hub: Hub) -> None:
    draft = hub.draft(domain=None)
    refused(hub.call("POST", f"{place(draft)}/publish"), 400)
    hub.patch(place(draft), {"op": "add", "path": "/domain", "value": DOMAIN})
    change = {"op": "replace", "path": "/state", "value": "available"}
    assert hub.patch(place(draft), change)["state"] == "available"


def test_publishing_in_the_background(hub: Hub) -> None:
    draft = hub.draft()
    answer = ok(hub.call("POST", f"{place(draft)}/publish?async=true"), 202)
    assert draft["data_product"]["id"] in answer["href"]
    refused(hub.call("POST", f"{place(hub.draft(domain=None))}/publish?async=true"), 400)


def test_of_two_publishes_one_wins(hub: Hub) -> None:
    draft = hub.draft()
    answers = at_once(*[lambda: hub.call("POST", f"{place(draft)}/publish")] * 2)
    assert sorted(answer.status for answer in answers) in ([200, 404], [200, 409])


def test_ids_may_be_encoded_and_the_product_left_out(hub: Hub) -> None:
    draft = hub.draft()
    for id in (draft["id"], quote(draft["id"], safe="")):
        for product in (draft["data_product"]["id"], "-"):
            assert hub.get(f"{PRODUCTS}/{product}/drafts/{id}")["id"] == draft["id"]
    refused(hub.call("GET", f"{PRODUCTS}/{some_id()}/drafts/{draft['id']}"), 404)
    refused(hub.call("GET", f"{PRODUCTS}/-/drafts/{some_id()}@{hub.catalog}"), 404)
    refused(hub.call("GET", f"{PRODUCTS}/{'x' * 37}"), 400, 404)


def test_a_new_draft_copies_the_latest_version(hub: Hub) -> None:
    release = hub.release(description="Every batch", tags=["coffee"])
    target = f"{PRODUCTS}/{release['data_product']['id']}/drafts"
    copied = hub.post(target, {"asset": {"container": hub.container}}, 201)
    assert_version(copied)
    assert (copied["version"], copied["description"], copied["tags"]) == ("1.1.0", "Every batch", ["coffee"])
    assert copied["id"] != release["id"]
    assert copied["contract_terms"][0]["id"] != release["contract_terms"][0]["id"]
    hub.patch(place(copied), {"op": "replace", "path": "/description", "value": "Other"})
    assert hub.get(place(release, "releases"))["description"] == "Every batch"
    taken = hub.call("POST", target, {"asset": {"container": hub.container}, "version": "1.0.0"})
    assert refused(taken, 409) == ["already_exists"]
    refused(hub.call("POST", f"{PRODUCTS}/{some_id()}/drafts", {"asset": {"container": hub.container}}), 404)


def test_a_draft_is_deleted(hub: Hub) -> None:
    draft = hub.draft()
    ok(hub.call("DELETE", place(draft)), 204)
    refused(hub.call("GET", place(draft)), 404)


def test_patches_are_all_or_nothing(hub: Hub) -> None:
    draft = hub.draft(tags=["a"])
    good = {"op": "add", "path": "/tags/-", "value": "b"}
    for bad, status in (
        ({"op": "remove", "path": "/nothing"}, 400),
        ({"op": "grow", "path": "/tags"}, 400),
        ({"op": "test", "path": "/name", "value": "x"}, 409),
        ({"op": "replace", "path": "/id", "value": "x"}, 400),
        ({"op": "replace", "path": "/created_by", "value": "x"}, 400),
        ({"op": "replace", "path": "/name", "value": ""}, 400),
    ):
        refused(hub.call("PATCH", place(draft), [good, bad]), status)
    refused(hub.call("PATCH", place(draft), {"op": "remove"}), 400)
    assert hub.get(place(draft)) == draft
    wild = {"op": "replace", "path": "/workflows", "value": {"order_access_request": {"task_assignee_users": []}}}
    assert "workflows" in hub.patch(place(draft), good, wild)
    accepted = hub.call("PATCH", place(draft), [{"op": "replace", "path": "/is_restricted", "value": True}])
    assert ok(accepted)["is_restricted"] is True


def test_parts_are_patched_up_to_twenty(hub: Hub) -> None:
    draft = hub.draft()
    parts = [hub.part(some_id()) for _ in range(20)]
    assert len(hub.patch(place(draft), {"op": "add", "path": "/parts_out", "value": parts})["parts_out"]) == 20
    more = {"op": "add", "path": "/parts_out/-", "value": hub.part(some_id())}
    refused(hub.call("PATCH", place(draft), [more]), 400)
    shown = hub.patch(place(draft), {"op": "remove", "path": "/parts_out/0"}, more)
    assert [one["asset"]["id"] for one in shown["parts_out"]][:19] == [one["asset"]["id"] for one in parts[1:]]


def test_lists_are_paged(hub: Hub) -> None:
    release = hub.release()
    product = release["data_product"]["id"]
    for number in range(3):
        hub.post(
            f"{PRODUCTS}/{product}/drafts", {"asset": {"container": hub.container}, "version": f"2.{number}.0"}, 201
        )
    drafts = hub.pages(f"{PRODUCTS}/{product}/drafts", "drafts", 2)
    assert [one["version"] for one in drafts] == ["2.0.0", "2.1.0", "2.2.0"]
    everything = hub.pages(PRODUCTS, "data_products", 3)
    ids = [one["id"] for one in everything]
    assert len(ids) == len(set(ids))
    assert product in ids
    assert all(one["name"] and one["container"]["id"] for one in everything)
    released = hub.pages(f"{PRODUCTS}/-/releases?state=available%2Cretired", "releases", 3)
    assert release["id"] in [one["id"] for one in released]
    assert hub.get(f"{PRODUCTS}/-/drafts?asset.container.id={some_id()}")["drafts"] == []
    assert [one["id"] for one in hub.get(f"{PRODUCTS}/{product}/releases?version=1.0.0")["releases"]] == [release["id"]]
    for wrong in ("limit=0", "limit=201", "limit=x", "start=%2B%2F"):
        refused(hub.call("GET", f"{PRODUCTS}?{wrong}"), 400)
    refused(hub.call("GET", f"{PRODUCTS}/-/releases?state=draft"), 400)
