"""From draft to release to retirement: states, conflicts, blockers, copies (contract 3.3, 3.5, 3.6, R4, R7, R8)."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from tests.threads import at_once
from tests.wire.dpx.fields import check_product, check_version
from tests.wire.dpx.hub import PRODUCTS, Hub, eventually, ok, place, refused, some_id, terms
from tests.wire.dpx.operations import NOWHERE
from tests.wire.raw import Doc

PUBLISHES: Doc = {"op": "replace", "path": "/state", "value": "available"}
RENAMES: Doc = {"op": "replace", "path": "/name", "value": "Renamed"}


def product_of(version: Doc) -> str:
    return f"{PRODUCTS}/{version['data_product']['id']}"


def further(hub: Hub, of: Doc, /, **fields: Any) -> Doc:
    """A further draft of the version's product."""
    made: Doc = hub.post(f"{product_of(of)}/drafts", {"asset": {"container": hub.container}, **fields}, 201)
    check_version(made)
    return made


def test_a_whole_life(hub: Hub) -> None:
    draft = hub.draft(description="Words", tags=["a"], types=["data"], use_cases=[{"id": NOWHERE}])
    release = hub.post(f"{place(draft)}/publish")
    check_version(release)
    changed = {"state", "published_by", "published_at", "last_updated_at"}
    assert {name: value for name, value in release.items() if name not in changed} == {
        name: value for name, value in draft.items() if name not in changed
    }
    product = hub.get(product_of(draft))
    check_product(product)
    assert product["latest_release"] == release
    assert product["drafts"] == []
    assert hub.get(place(release, "releases")) == release
    retired = hub.post(f"{place(release, 'releases')}/retire")
    check_version(retired)
    assert (retired["state"], retired["published_at"]) == ("retired", release["published_at"])
    assert hub.get(place(release, "releases")) == retired
    assert "latest_release" not in hub.get(product_of(draft))


def test_drafts_and_releases_side_by_side(hub: Hub) -> None:
    first = hub.release()
    second = hub.post(f"{place(further(hub, first))}/publish")
    drafts = [further(hub, first), further(hub, first)]
    product = hub.get(product_of(first))
    check_product(product)
    assert product["latest_release"]["id"] == second["id"]
    assert [one["id"] for one in product["drafts"]] == [one["id"] for one in drafts]
    assert [one["version"] for one in (first, second, *drafts)] == ["1.0.0", "1.1.0", "1.2.0", "1.3.0"]
    hub.post(f"{place(second, 'releases')}/retire")
    assert hub.get(product_of(first))["latest_release"]["id"] == first["id"]


def test_what_a_further_draft_copies(hub: Hub) -> None:
    fields = {"description": "Words", "tags": ["a"], "types": ["code"], "use_cases": [{"id": NOWHERE, "name": "u"}]}
    source = hub.draft(parts_out=[hub.part(NOWHERE)], is_restricted=True, **fields)
    copied = further(hub, source, version="4.0.0")
    same = ("name", "description", "tags", "types", "use_cases", "domain", "parts_out", "is_restricted")
    assert [copied[name] for name in same] == [source[name] for name in same]
    assert (copied["version"], copied["state"]) == ("4.0.0", "draft")
    assert copied["id"] != source["id"]
    given = further(hub, source, version="5.0.0", name="Own", tags=[], description="Other")
    assert (given["name"], given["tags"], given["description"], given["types"]) == ("Own", [], "Other", ["code"])
    hub.patch(place(copied), {"op": "replace", "path": "/tags", "value": ["z"]})
    assert hub.get(place(source)) == source


@pytest.mark.parametrize("kind", ["draft", "release"])
def test_a_number_that_is_taken(hub: Hub, kind: str) -> None:
    version = {"draft": hub.draft, "release": hub.release}[kind](version="2.3.4")
    body = {"asset": {"container": hub.container}, "version": "2.3.4"}
    assert refused(hub.call("POST", f"{product_of(version)}/drafts", body), 409) == ["already_exists"]
    assert further(hub, version)["version"] == "2.4.0"


def test_the_number_of_a_retired_release_is_free(hub: Hub) -> None:
    release = hub.release(version="2.0.0")
    hub.post(f"{place(release, 'releases')}/retire")
    assert further(hub, release, version="2.0.0")["version"] == "2.0.0"


def test_the_product_may_be_named_again(hub: Hub) -> None:
    draft = hub.draft()
    assert (
        further(hub, draft, data_product={"id": draft["data_product"]["id"]})["data_product"] == draft["data_product"]
    )
    body = {"asset": {"container": hub.container}, "data_product": {"id": some_id()}}
    refused(hub.call("POST", f"{product_of(draft)}/drafts", body), 400, 404)


def test_every_blocker_is_told_at_once(hub: Hub) -> None:
    hidden = {"metadata": {"name": "Hidden", "asset_type": "data_asset", "rov": {"mode": 16}}}
    private = hub.post(f"/v2/assets?catalog_id={hub.catalog}", hidden, 201)["asset_id"]
    parts = [hub.part(private), hub.part(some_id()), hub.part(hub.page())]
    draft = hub.draft(domain=None, parts_out=parts)
    hub.post(terms(draft), {"type": "sla", "name": "Unfinished"}, 201)
    shown = hub.get(place(draft))
    for answer in (
        hub.call("POST", f"{place(draft)}/publish"),
        hub.call("POST", f"{place(draft)}/publish?async=true"),
        hub.call("PATCH", place(draft), [RENAMES, PUBLISHES]),
    ):
        assert len(refused(answer, 400)) == 4
    assert hub.get(place(draft)) == shown


def test_no_part_and_no_method_block_nothing(hub: Hub) -> None:
    assert hub.release(parts_out=[])["parts_out"] == []
    assert hub.release(parts_out=[hub.part(hub.page())])["parts_out"][0]["delivery_methods"] == []


def test_a_patch_publishes(hub: Hub) -> None:
    draft = hub.draft()
    release = hub.patch(place(draft), RENAMES, PUBLISHES)
    check_version(release)
    assert (release["state"], release["name"], release["id"]) == ("available", "Renamed", draft["id"])


@pytest.mark.parametrize("value", ["true", "True", "TRUE"])
def test_publishing_in_the_background(hub: Hub, value: str) -> None:
    draft = hub.draft()
    answer = ok(hub.call("POST", f"{place(draft)}/publish?async={value}"), 202)
    assert list(answer) == ["href"]
    path = "/data_product_exchange" + answer["href"].partition("/data_product_exchange")[2]
    eventually(lambda: hub.get(path)["state"] == "available")
    assert hub.get(place(draft, "releases"))["state"] == "available"


@pytest.mark.parametrize("value", ["false", "False"])
def test_publishing_in_the_foreground(hub: Hub, value: str) -> None:
    assert hub.post(f"{place(hub.draft())}/publish?async={value}")["state"] == "available"


@pytest.mark.parametrize("value", ["x", "1", "yes", "null"])
def test_a_flag_that_is_none(hub: Hub, value: str) -> None:
    draft = hub.draft()
    assert refused(hub.call("POST", f"{place(draft)}/publish?async={value}"), 400) == ["invalid_parameter"]
    assert hub.get(place(draft)) == draft


@pytest.mark.parametrize("state", ["available", "retired"])
@pytest.mark.parametrize(
    ("method", "rest", "body"),
    [
        ("DELETE", "", None),
        ("PATCH", "", [RENAMES]),
        ("PATCH", "", [PUBLISHES]),
        ("POST", "/publish", None),
        ("POST", "/publish?async=true", None),
    ],
)
def test_a_published_version_is_no_draft(hub: Hub, state: str, method: str, rest: str, body: Any) -> None:
    release = hub.release()
    ends: dict[str, list[str]] = {"available": [], "retired": [f"{place(release, 'releases')}/retire"]}
    for target in ends[state]:
        hub.post(target)
    before = hub.get(place(release, "releases"))
    refused(hub.call(method, f"{place(release)}{rest}", body), 404, 409)
    assert hub.get(place(release, "releases")) == before


@pytest.mark.parametrize(
    ("method", "rest", "body"), [("GET", "", None), ("PATCH", "", [RENAMES]), ("POST", "/retire", None)]
)
def test_a_draft_is_no_release(hub: Hub, method: str, rest: str, body: Any) -> None:
    draft = hub.draft()
    assert refused(hub.call(method, f"{place(draft, 'releases')}{rest}", body), 404) == ["does_not_exist"]
    assert hub.get(place(draft)) == draft


def test_retiring_twice(hub: Hub) -> None:
    release = hub.release()
    hub.post(f"{place(release, 'releases')}/retire")
    refused(hub.call("POST", f"{place(release, 'releases')}/retire"), 400, 404, 409)


@pytest.mark.parametrize("callers", [2, 8])
def test_of_publishes_at_once_one_wins(hub: Hub, callers: int) -> None:
    draft = hub.draft()
    answers = at_once(*[lambda: hub.call("POST", f"{place(draft)}/publish")] * callers)
    assert sorted(answer.status for answer in answers) == [200, *[409] * (callers - 1)]
    for answer in answers:
        assert answer.kind == "application/json"
    assert hub.get(place(draft, "releases"))["state"] == "available"


def test_eight_publishers_of_one_product(hub: Hub) -> None:
    first = hub.draft()
    drafts = [first, *(further(hub, first, version=f"{number}.0.0") for number in range(2, 9))]
    calls = [partial(hub.call, "POST", f"{place(one)}/publish") for one in drafts]
    assert [answer.status for answer in at_once(*calls)] == [200] * 8
    product = hub.get(product_of(first))
    assert product["drafts"] == []
    assert len(hub.get(f"{product_of(first)}/releases?state=available")["releases"]) == 8


def test_patches_at_once_lose_nothing(hub: Hub) -> None:
    draft = hub.draft(tags=[])
    words = [f"t{number}" for number in range(8)]
    calls = [partial(hub.call, "PATCH", place(draft), [{"op": "add", "path": "/tags/-", "value": w}]) for w in words]
    assert [answer.status for answer in at_once(*calls)] == [200] * 8
    assert sorted(hub.get(place(draft))["tags"]) == words


def test_drafts_at_once_get_numbers_of_their_own(hub: Hub) -> None:
    first = hub.draft()
    body = {"asset": {"container": hub.container}}
    answers = at_once(*[lambda: hub.call("POST", f"{product_of(first)}/drafts", body)] * 6)
    numbers = [ok(answer, 201)["version"] for answer in answers]
    assert len(set(numbers)) == 6


def test_a_deleted_draft(hub: Hub) -> None:
    draft = hub.draft()
    other = further(hub, draft)
    ok(hub.call("DELETE", place(draft)), 204)
    for method, rest, body in (
        ("GET", "", None),
        ("DELETE", "", None),
        ("PATCH", "", [RENAMES]),
        ("POST", "/publish", None),
    ):
        assert refused(hub.call(method, f"{place(draft)}{rest}", body), 404) == ["does_not_exist"]
    assert [one["id"] for one in hub.get(product_of(draft))["drafts"]] == [other["id"]]


def test_a_release_is_patched_and_stays(hub: Hub) -> None:
    release = hub.release()
    shown = hub.patch(place(release, "releases"), RENAMES, {"op": "add", "path": "/tags/-", "value": "new"})
    check_version(shown)
    assert (shown["name"], shown["tags"], shown["state"]) == ("Renamed", ["new"], "available")
    assert shown["published_at"] == release["published_at"]
    assert hub.get(product_of(release))["latest_release"]["name"] == "Renamed"


@pytest.mark.parametrize("query", ["", "?check_caller_approval=true", "?check_caller_approval=false", "?x=y"])
def test_a_release_is_read(hub: Hub, buyer: Hub, query: str) -> None:
    release = hub.release()
    for target in (place(release, "releases"), f"{PRODUCTS}/-/releases/{release['id']}"):
        shown = buyer.get(f"{target}{query}")
        assert {name: shown[name] for name in release} == release
