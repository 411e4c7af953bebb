"""Lists and their pages: limits, tokens, filters (contract 1.4, 3.2, 3.3, 3.5, R12)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.wire.dpx.fields import check_page, check_summary, check_version
from tests.wire.dpx.hub import PRODUCTS, Hub, place, refused, some_id
from tests.wire.dpx.operations import NOWHERE
from tests.wire.raw import Doc

LISTS = [(PRODUCTS, "data_products"), (f"{PRODUCTS}/-/drafts", "drafts"), (f"{PRODUCTS}/-/releases", "releases")]
each_list = pytest.mark.parametrize(("target", "name"), LISTS)


@pytest.fixture(scope="module")
def product(hub: Hub) -> Doc:
    """A product with a retired release, two available ones and two drafts, in this order."""
    first = hub.draft(version="1.0.0")
    target = f"{PRODUCTS}/{first['data_product']['id']}/drafts"
    fields = {"asset": {"container": hub.container}}
    others = [hub.post(target, {**fields, "version": number}, 201) for number in ("1.1.0", "2.0.0", "3.0.0", "3.1.0")]
    for draft in [first, *others[:2]]:
        hub.post(f"{place(draft)}/publish")
    hub.post(f"{place(first, 'releases')}/retire")
    shown: Doc = hub.get(f"{PRODUCTS}/{first['data_product']['id']}")
    return shown


def numbers(hub: Hub, product: Doc, query: str) -> list[str]:
    """The version numbers that the product's releases or drafts show for a query."""
    kind = query.partition("?")[0]
    page = hub.get(f"{PRODUCTS}/{product['id']}/{query}")
    found = check_page(page, kind)
    assert "next" not in page
    for one in found:
        check_version(one)
        assert one["data_product"]["id"] == product["id"]
    return [one["version"] for one in found]


@each_list
@pytest.mark.parametrize("limit", [1, 2, 199, 200])
def test_a_limit(hub: Hub, product: Doc, target: str, name: str, limit: int) -> None:
    assert product["id"]
    assert check_page(hub.get(f"{target}?limit={limit}"), name, limit)


@each_list
def test_without_a_limit(hub: Hub, target: str, name: str) -> None:
    check_page(hub.get(target), name, 200)


@each_list
@pytest.mark.parametrize("limit", ["0", "201", "-1", "x", "1.5", "1e2", "", "+1", "%201", "9" * 30, "%D9%A1", "true"])
def test_a_limit_that_is_none(hub: Hub, target: str, name: str, limit: str) -> None:
    assert refused(hub.call("GET", f"{target}?limit={limit}"), 400) == ["invalid_parameter"], name


@each_list
@pytest.mark.parametrize(
    "start",
    ["", "x", "%2B%2F%3D", "a" * 600, "MA", "eyJvZmZzZXQiOjAsImRvbmUiOnRydWV9", "offset-x", "%00", "%F0%9F%98%80"],
)
def test_a_token_that_is_none(hub: Hub, target: str, name: str, start: str) -> None:
    assert refused(hub.call("GET", f"{target}?start={start}"), 400) == ["invalid_parameter"], name


@each_list
@pytest.mark.parametrize("limit", [1, 3])
def test_pages_hold_everything_once(hub: Hub, product: Doc, target: str, name: str, limit: int) -> None:
    found = hub.pages(target, name, limit)
    ids = [one["id"] for one in found]
    assert len(ids) == len(set(ids))
    assert ids == [one["id"] for one in hub.pages(target, name, 200)]
    held = [one["id"] if name == "data_products" else one["data_product"]["id"] for one in found]
    assert product["id"] in held


@each_list
def test_the_links_lead_on(hub: Hub, product: Doc, target: str, name: str) -> None:
    assert product["id"]
    page = hub.get(f"{target}?limit=1")
    first, following = (urlsplit(page[key]["href"]) for key in ("first", "next"))
    assert first.path == following.path == target
    second = hub.get(f"{following.path}?{following.query}")
    assert second[name][0]["id"] != page[name][0]["id"]
    assert hub.get(f"{first.path}?{first.query}")[name] == page[name]


@each_list
def test_unknown_parameters_are_ignored(hub: Hub, target: str, name: str) -> None:
    check_page(hub.get(f"{target}?unknown=1&check_caller_approval=true"), name)


def test_summaries(hub: Hub, product: Doc) -> None:
    found = hub.pages(PRODUCTS, "data_products", 50)
    for one in found:
        check_summary(one)
    assert {"id": product["id"], "name": product["name"], "container": product["container"]} in found


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("drafts", ["3.0.0", "3.1.0"]),
        ("drafts?version=3.0.0", ["3.0.0"]),
        ("drafts?version=9.9.9", []),
        ("drafts?version=1.0.0", []),
        ("drafts?asset.container.id={catalog}", ["3.0.0", "3.1.0"]),
        ("drafts?asset.container.id={nowhere}", []),
        ("releases", ["1.0.0", "1.1.0", "2.0.0"]),
        ("releases?state=available", ["1.1.0", "2.0.0"]),
        ("releases?state=retired", ["1.0.0"]),
        ("releases?state=available%2Cretired", ["1.0.0", "1.1.0", "2.0.0"]),
        ("releases?state=retired,available", ["1.0.0", "1.1.0", "2.0.0"]),
        ("releases?state=available&state=retired", ["1.0.0", "1.1.0", "2.0.0"]),
        ("releases?state=", ["1.0.0", "1.1.0", "2.0.0"]),
        ("releases?version=1.1.0", ["1.1.0"]),
        ("releases?version=1.0.0&state=available", []),
        ("releases?version=3.0.0", []),
        ("releases?asset.container.id={catalog}&state=retired&version=1.0.0", ["1.0.0"]),
        ("releases?asset.container.id={nowhere}", []),
    ],
)
def test_filters(hub: Hub, product: Doc, query: str, expected: list[str]) -> None:
    assert numbers(hub, product, query.format(catalog=hub.catalog, nowhere=NOWHERE)) == expected


@pytest.mark.parametrize("query", ["state=draft", "state=x", "state=available,x", "state=available,retired,available"])
def test_a_state_that_releases_have_not(hub: Hub, product: Doc, query: str) -> None:
    for target in (f"{PRODUCTS}/-/releases", f"{PRODUCTS}/{product['id']}/releases"):
        assert refused(hub.call("GET", f"{target}?{query}"), 400) == ["invalid_parameter"]


@pytest.mark.parametrize("kind", ["drafts", "releases"])
@pytest.mark.parametrize(
    "query",
    [
        *["version=", "version=1", "version=x.y.z", "version=1.0.0.0", f"version=1.1.{10**33}", "version=1.0.0%20"],
        *["asset.container.id=", "asset.container.id=short", "asset.container.id=" + "x" * 37],
        "asset.container.id=" + "%40" * 36,
    ],
)
def test_a_filter_of_the_wrong_form(hub: Hub, product: Doc, kind: str, query: str) -> None:
    for name in ("-", product["id"]):
        assert refused(hub.call("GET", f"{PRODUCTS}/{name}/{kind}?{query}"), 400) == ["invalid_parameter"]


@pytest.mark.parametrize(
    ("query", "limit", "pages"),
    [("drafts", 1, [1, 1]), ("releases", 2, [2, 1]), ("releases?state=available", 1, [1, 1]), ("releases", 3, [3])],
)
def test_pages_of_one_product(hub: Hub, product: Doc, query: str, limit: int, pages: list[int]) -> None:
    target = f"{PRODUCTS}/{product['id']}/{query}"
    sign = "&" if "?" in query else "?"
    sizes, token = [], ""
    for _ in pages:
        page = hub.get(f"{target}{sign}limit={limit}{token}")
        sizes.append(len(check_page(page, query.partition("?")[0], limit)))
        token = f"&start={page.get('next', {}).get('start', '')}"
    assert sizes == pages
    assert "next" not in page


def test_a_product_that_is_drafts_only_is_listed(hub: Hub) -> None:
    draft = hub.draft()
    assert draft["data_product"]["id"] in [one["id"] for one in hub.pages(PRODUCTS, "data_products", 200)]
    assert hub.get(f"{PRODUCTS}/{draft['data_product']['id']}/releases")["releases"] == []


def test_pages_stay_right_while_others_write(hub: Hub) -> None:
    """What is made after a page was read comes later, and what was there is shown once."""
    names = {hub.draft()["id"] for _ in range(4)}
    found: list[Any] = []
    page = hub.get(f"{PRODUCTS}/-/drafts?limit=2")
    found += page["drafts"]
    hub.draft()
    token = page["next"]["start"]
    while token:
        page = hub.get(f"{PRODUCTS}/-/drafts?limit=200&start={token}")
        found += page["drafts"]
        token = page.get("next", {}).get("start")
    ids = [one["id"] for one in found]
    assert names <= set(ids)
    assert len(ids) == len(set(ids))


def test_the_lists_of_an_unknown_product(hub: Hub) -> None:
    for kind in ("drafts", "releases"):
        assert refused(hub.call("GET", f"{PRODUCTS}/{some_id()}/{kind}"), 404) == ["does_not_exist"]
