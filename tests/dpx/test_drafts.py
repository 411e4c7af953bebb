"""Drafts: further ones, patches, deletion, lists (contract 1.5, 3.3, R4)."""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import quote

import pytest

from tests.dpx.driver import Api, Wire
from tests.dpx.hub import CATALOG, CATALOGUE, PRODUCTS, Hub, drafts, part, prototype, releases, some_id
from tests.threads import at_once

EVERYTHING: Wire = {
    "description": "All of them",
    "tags": ["coffee"],
    "types": ["data"],
    "use_cases": [{"id": "1", "name": "Blend"}],
    "is_restricted": True,
}
COPIED = ("name", "description", "tags", "types", "use_cases", "domain", "is_restricted", "parts_out")


def replace(path: str, value: Any) -> Wire:
    return {"op": "replace", "path": path, "value": value}


def add(path: str, value: Any) -> Wire:
    return {"op": "add", "path": path, "value": value}


def test_a_further_draft_copies_what_is_not_given(hub: Hub) -> None:
    first = hub.product(parts_out=[part(some_id(), some_id())], **EVERYTHING)
    second = hub.draft(first["data_product"]["id"], description="Newer")
    assert {name: second[name] for name in COPIED} == {name: first[name] for name in COPIED} | {"description": "Newer"}
    assert second["version"] == "1.1.0"
    assert second["id"] != first["id"]
    assert second["contract_terms"][0]["id"] != first["contract_terms"][0]["id"]


def test_the_copy_is_independent_of_its_source(api: Api, hub: Hub) -> None:
    first = hub.product()
    second = hub.draft(first["data_product"]["id"])
    api.patch(drafts(first), replace("/name", "Changed")).expect(200)
    assert hub.shown(second)["name"] == "Batches"


def test_the_version_number_is_raised_past_those_that_are_taken(hub: Hub) -> None:
    product = hub.product()["data_product"]["id"]
    assert hub.draft(product, version="1.1.0")["version"] == "1.1.0"
    assert hub.draft(product, version="1.0.7")["version"] == "1.0.7"
    assert hub.draft(product)["version"] == "1.2.0"


def test_a_version_number_is_used_once(api: Api, hub: Hub) -> None:
    product = hub.release()["data_product"]["id"]
    hub.draft(product, version="2.0.0")
    body = {"asset": {"container": CATALOG}}
    for taken in ("1.0.0", "2.0.0"):
        api.post(f"{PRODUCTS}/{product}/drafts", body | {"version": taken}).refused(409, "already_exists")


def test_the_number_of_a_retired_version_is_free(api: Api, hub: Hub) -> None:
    release = hub.release()
    api.post(f"{releases(release)}/retire").expect(200)
    assert hub.draft(release["data_product"]["id"], version="1.0.0")["version"] == "1.0.0"


def test_of_two_drafts_with_one_number_at_once_one_is_made(api: Api, hub: Hub) -> None:
    product = hub.product()["data_product"]["id"]
    body = {"asset": {"container": CATALOG}, "version": "3.0.0"}
    answers = at_once(*[lambda: api.post(f"{PRODUCTS}/{product}/drafts", body)] * 6)
    assert sorted(answer.status for answer in answers) == [201, 409, 409, 409, 409, 409]


def test_a_draft_of_nothing_is_not_found(api: Api) -> None:
    body = {"asset": {"container": CATALOG}}
    api.post(f"{PRODUCTS}/{some_id()}/drafts", body).refused(404, "does_not_exist")


def test_a_draft_needs_its_container_and_its_own_product(api: Api, hub: Hub) -> None:
    product = hub.product()["data_product"]["id"]
    api.post(f"{PRODUCTS}/{product}/drafts", {}).refused(400, "missing_required_value")
    body = {"container": CATALOG, "data_product": {"id": some_id()}}
    api.post(f"{PRODUCTS}/{product}/drafts", body).refused(400, "invalid_parameter")


def test_a_product_whose_drafts_are_gone_needs_a_name_again(api: Api, hub: Hub) -> None:
    draft = hub.product()
    api.delete(drafts(draft)).expect(204)
    place = f"{PRODUCTS}/{draft['data_product']['id']}/drafts"
    api.post(place, {"container": CATALOG}).refused(400, "missing_required_value")
    assert api.post(place, prototype()).expect(201)["version"] == "1.0.0"


@pytest.mark.parametrize("spelling", ["@", "%40"])
def test_a_draft_is_read_by_its_product_or_without(api: Api, hub: Hub, spelling: str) -> None:
    draft = hub.product()
    draft_id = draft["id"].replace("@", spelling)
    assert api.get(f"{PRODUCTS}/{draft['data_product']['id']}/drafts/{draft_id}").expect(200) == draft
    assert api.get(f"{PRODUCTS}/-/drafts/{draft_id}").expect(200) == draft


def test_a_wrong_product_or_container_does_not_find_the_draft(api: Api, hub: Hub) -> None:
    draft, other = hub.product(), hub.product()
    api.get(f"{PRODUCTS}/{other['data_product']['id']}/drafts/{draft['id']}").refused(404, "does_not_exist")
    api.get(f"{PRODUCTS}/-/drafts/{draft['asset']['id']}@{some_id()}").refused(404, "does_not_exist")
    api.get(f"{PRODUCTS}/-/drafts/{some_id()}@{CATALOGUE}").refused(404, "does_not_exist")


@pytest.mark.parametrize("draft", ["short", "a" * 73, quote("?" * 36 + "@" + "a" * 36), "a" * 35 + "@" + "a" * 37])
def test_a_draft_id_of_the_wrong_form_is_refused(api: Api, draft: str) -> None:
    api.get(f"{PRODUCTS}/-/drafts/{draft}").refused(400, "invalid_parameter")


def test_a_draft_is_not_a_release(api: Api, hub: Hub) -> None:
    api.get(releases(hub.product())).refused(404, "does_not_exist")


def test_patches_seen_in_the_wild(api: Api, hub: Hub) -> None:
    draft = hub.product()
    bare = {"asset": {"id": some_id(), "container": CATALOG, "type": "data_asset"}, "delivery_methods": []}
    listed = [part(some_id())]
    method = {"id": some_id(), "container": CATALOG, "properties": {}}
    for operation, path, expected in [
        (replace("/description", "Other"), "description", "Other"),
        (replace("/name", "Roasts"), "name", "Roasts"),
        (add("/domain", {"id": "7", "name": "Blends"}), "domain", {"id": "7", "name": "Blends", "container": CATALOG}),
        (add("/parts_out", listed), "parts_out", listed),
        (add("/parts_out/-", bare), "parts_out", [*listed, bare]),
        (
            add("/parts_out/0/delivery_methods/-", method),
            "parts_out",
            [listed[0] | {"delivery_methods": [method]}, bare],
        ),
        ({"op": "remove", "path": "/parts_out/0"}, "parts_out", [bare]),
        (replace("/is_restricted", True), "is_restricted", True),
        (replace("/workflows", {"order_access_request": {}}), "workflows", {"order_access_request": {}}),
        (add("/use_cases/-", {"id": "1"}), "use_cases", [{"id": "1"}]),
        (replace("/version", "4.0.0"), "version", "4.0.0"),
        ({"op": "remove", "path": "/description", "value": None, "from": None}, "description", ""),
    ]:
        assert api.patch(drafts(draft), operation).expect(200)[path] == expected
        assert hub.shown(draft)[path] == expected


def test_both_media_types_of_a_patch_are_read(api: Api, hub: Hub) -> None:
    draft = hub.product()
    for number, media in enumerate(("application/json-patch+json", "application/json")):
        operation = replace("/name", f"Name {number}")
        assert api.patch(drafts(draft), operation, content_type=media).expect(200)["name"] == f"Name {number}"


@pytest.mark.parametrize(
    "operations",
    [
        [replace("/name", "Kept out"), replace("/nothing", 1)],
        [replace("/name", "Kept out"), {"op": "grow", "path": "/name"}],
        [replace("/name", "Kept out"), {"op": "remove", "path": "/parts_out/0"}],
        [replace("/name", "Kept out"), {"op": "add", "path": "/tags/-"}],
    ],
)
def test_a_patch_is_applied_whole_or_not_at_all(api: Api, hub: Hub, operations: list[Wire]) -> None:
    draft = hub.product()
    api.patch(drafts(draft), *operations).refused(400, "patch_error")
    assert hub.shown(draft) == draft


def test_a_test_that_fails_is_a_conflict(api: Api, hub: Hub) -> None:
    draft = hub.product()
    operations = [replace("/name", "Kept out"), {"op": "test", "path": "/version", "value": "9.9.9"}]
    api.patch(drafts(draft), *operations).refused(409, "conflict")
    assert hub.shown(draft) == draft


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        (replace("/id", "x"), "invalid_parameter"),
        (replace("/asset/id", "x"), "invalid_parameter"),
        (replace("/data_product/id", "x"), "invalid_parameter"),
        (replace("/created_by", "me"), "invalid_parameter"),
        (replace("/created_at", "2020-01-01T00:00:00Z"), "invalid_parameter"),
        (add("/published_by", "me"), "invalid_parameter"),
        (add("/published_at", "2020-01-01T00:00:00Z"), "invalid_parameter"),
        (replace("/state", "retired"), "invalid_parameter"),
        (replace("/state", 7), "invalid_parameter"),
        (replace("/name", ""), "invalid_parameter"),
        (replace("/version", "new"), "invalid_parameter"),
        ({"op": "remove", "path": "/name"}, "missing_required_value"),
        ({"op": "remove", "path": "/version"}, "missing_required_value"),
        (replace("/tags", "coffee"), "invalid_parameter"),
        (replace("/contract_terms", []), "invalid_parameter"),
        (replace("/contract_terms/0/id", "x"), "invalid_parameter"),
        (add("/contract_terms/0/documents/-", {"type": "sla", "name": "x", "url": "https://x"}), "invalid_parameter"),
        (add("/parts_out", [part(some_id()) for _ in range(21)]), "invalid_parameter"),
    ],
)
def test_what_a_patch_may_not_do(api: Api, hub: Hub, operation: Wire, code: str) -> None:
    draft = hub.product()
    api.patch(drafts(draft), operation).refused(400, code)
    assert hub.shown(draft) == draft


def test_twenty_parts_may_be_patched_in(api: Api, hub: Hub) -> None:
    parts = [part(some_id()) for _ in range(20)]
    assert api.patch(drafts(hub.product()), add("/parts_out", parts)).expect(200)["parts_out"] == parts


def test_more_parts_may_be_given_when_a_draft_is_made(api: Api, hub: Hub) -> None:
    parts = [part(some_id()) for _ in range(1000)]
    draft = hub.product(parts_out=parts)
    assert draft["parts_out"] == parts
    assert len(api.patch(drafts(draft), replace("/name", "Many")).expect(200)["parts_out"]) == 1000


def test_two_parts_of_one_asset_stay_two(hub: Hub) -> None:
    twice = [part(some_id())] * 2
    assert hub.product(parts_out=twice)["parts_out"] == twice


def test_other_fields_of_the_terms_may_be_patched(api: Api, hub: Hub) -> None:
    draft = hub.product()
    patched = api.patch(drafts(draft), add("/contract_terms/0/price", {"amount": "1"})).expect(200)
    assert patched["contract_terms"] == [draft["contract_terms"][0] | {"price": {"amount": "1"}}]


def test_a_number_that_another_version_has_is_refused(api: Api, hub: Hub) -> None:
    draft = hub.product()
    hub.draft(draft["data_product"]["id"], version="2.0.0")
    api.patch(drafts(draft), replace("/version", "2.0.0")).refused(409, "already_exists")


def test_a_body_that_is_no_patch_is_refused(api: Api, hub: Hub) -> None:
    place = drafts(hub.product())
    api.call("PATCH", place, {"op": "add"}).refused(400, "patch_error")
    api.call("PATCH", place, raw=b"").refused(400, "request_body_error")


def test_simultaneous_patches_are_all_kept(api: Api, hub: Hub) -> None:
    draft = hub.product()
    acts = [partial(api.patch, drafts(draft), add("/tags/-", f"t{n}")) for n in range(6)]
    assert {answer.status for answer in at_once(*acts)} == {200}
    assert sorted(hub.shown(draft)["tags"]) == [f"t{n}" for n in range(6)]


def test_if_match_guards_a_draft(api: Api, hub: Hub) -> None:
    draft = hub.product()
    tag = api.get(drafts(draft)).headers["etag"]
    api.patch(drafts(draft), replace("/name", "One"), if_match=tag).expect(200)
    api.patch(drafts(draft), replace("/name", "Two"), if_match=tag).refused(412, "conflict")
    assert api.get(drafts(draft), if_none_match=api.get(drafts(draft)).headers["etag"]).status == 304


def test_a_deleted_draft_is_gone(api: Api, hub: Hub) -> None:
    draft, other = hub.product(), None
    other = hub.draft(draft["data_product"]["id"])
    answer = api.delete(drafts(draft))
    assert (answer.status, answer.body) == (204, b"")
    api.get(drafts(draft)).refused(404, "does_not_exist")
    api.delete(drafts(draft)).refused(404, "does_not_exist")
    product = api.get(f"{PRODUCTS}/{draft['data_product']['id']}").expect(200)
    assert [one["id"] for one in product["drafts"]] == [other["id"]]


def test_a_published_version_is_no_draft_to_be_changed(api: Api, hub: Hub) -> None:
    release = hub.release()
    api.patch(drafts(release), replace("/name", "x")).refused(409, "conflict")
    api.delete(drafts(release)).refused(409, "conflict")
    api.post(f"{drafts(release)}/publish").refused(409, "conflict")


def test_drafts_are_listed_by_product_and_over_all(api: Api, hub: Hub) -> None:
    first = hub.product()
    second = hub.draft(first["data_product"]["id"])
    other = hub.product()
    hub.release()
    own = api.get(f"{PRODUCTS}/{first['data_product']['id']}/drafts").expect(200)
    assert own["drafts"] == [first, second]
    page = api.get(f"{PRODUCTS}/-/drafts?limit=2").expect(200)
    rest = api.get(f"{PRODUCTS}/-/drafts?limit=2&start={page['next']['start']}").expect(200)
    assert [*page["drafts"], *rest["drafts"]] == [first, second, other]
    assert "next" not in rest


def test_lists_of_drafts_are_filtered(api: Api, hub: Hub) -> None:
    first = hub.product()
    second = hub.draft(first["data_product"]["id"])
    place = f"{PRODUCTS}/{first['data_product']['id']}/drafts"
    assert api.get(f"{place}?version=1.1.0").expect(200)["drafts"] == [second]
    assert api.get(f"{place}?asset.container.id={CATALOGUE}&version=1.0.0").expect(200)["drafts"] == [first]
    assert api.get(f"{place}?asset.container.id={some_id()}").expect(200)["drafts"] == []
    assert api.get(f"{place}?something=else").expect(200)["drafts"] == [first, second]


def test_drafts_of_nothing_are_not_found(api: Api) -> None:
    api.get(f"{PRODUCTS}/{some_id()}/drafts").refused(404, "does_not_exist")
    assert api.get(f"{PRODUCTS}/-/drafts").expect(200)["drafts"] == []
