"""References and filters that break a rule (contract 1.2, 1.3, 3.1, 3.2, 3.5, 4.3; R6, R12)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.wire.dpx.hub import LISTS, PRODUCTS, B, Hub, refused, some_id
from tests.wire.raw import Doc

ALL = [f"{PRODUCTS}/-/drafts", f"{PRODUCTS}/-/releases"]
LINK = {"type": "sla", "name": "Levels", "url": "https://example.com/levels"}


@pytest.mark.parametrize("target", ALL)
@pytest.mark.parametrize(
    "query", ["asset.container.id=x", "asset.container.id=" + "%2F" * 36, "version=x", "version=1.0"]
)
def test_a_filter_of_the_wrong_form_is_refused(hub: Hub, target: str, query: str) -> None:
    assert refused(hub.call("GET", f"{target}?{query}"), 400) == ["invalid_parameter"]


@pytest.mark.parametrize("target", ALL)
def test_an_unknown_catalog_holds_nothing(hub: Hub, target: str) -> None:
    page = hub.get(f"{target}?asset.container.id={some_id()}")
    assert page[target.rpartition("/")[2]] == []
    assert "next" not in page


@pytest.mark.parametrize("product", ["x", [], {"id": 5}, {"id": ""}, {"container": {"id": "x"}}])
def test_a_reference_to_a_product_has_a_form(hub: Hub, product: object) -> None:
    refused(hub.call("POST", PRODUCTS, {"drafts": [hub.prototype(data_product=product)]}), 400)
    made = hub.draft()["data_product"]["id"]
    refused(hub.call("POST", f"{PRODUCTS}/{made}/drafts", hub.prototype(data_product=product)), 400)


def test_a_new_draft_may_repeat_its_product(hub: Hub) -> None:
    product = hub.draft()["data_product"]
    prototype = {"asset": {"container": hub.container}, "data_product": product}
    assert hub.post(f"{PRODUCTS}/{product['id']}/drafts", prototype, 201)["data_product"]["id"] == product["id"]


def test_documents_of_a_prototype_have_ids_of_their_own(hub: Hub) -> None:
    twice = [{"documents": [LINK | {"id": some_id()}] * 2}]
    answer = hub.call("POST", PRODUCTS, {"drafts": [hub.prototype(contract_terms=twice)]})
    assert refused(answer, 409) == ["already_exists"]


def test_documents_of_a_prototype_are_made_with_it(hub: Hub) -> None:
    sent = [LINK | {"id": some_id()}, LINK]
    (terms,) = hub.draft(contract_terms=[{"documents": sent}])["contract_terms"]
    first, second = terms["documents"]
    assert first == sent[0]
    assert second == LINK | {"id": second["id"]}
    assert len(second["id"]) == 36


def test_a_prototype_has_so_many_documents(hub: Hub) -> None:
    refused(hub.call("POST", PRODUCTS, {"drafts": [hub.prototype(contract_terms=[{"documents": [LINK] * 201}])]}), 400)


def test_another_catalog_cannot_be_initialized(hub: Hub) -> None:
    answer = hub.call("POST", f"{B}/configuration/initialize", {"container": {"id": some_id()}})
    assert refused(answer, 400) == ["invalid_parameter"]


def elsewhere(order: Doc, *path: str | int) -> Doc:
    """The order with one of its assets in another catalog."""
    place: Any = order
    for step in path:
        place = place[step]
    place["container"] = {"id": some_id(), "type": "catalog"}
    return order


@pytest.mark.parametrize("path", [("asset", "asset", "metadata"), ("items", 0, "asset", "metadata")])
def test_nothing_of_another_catalog_can_be_ordered(hub: Hub, buyer: Hub, path: tuple[str | int, ...]) -> None:
    method, asset = hub.method("Open URL"), hub.page()
    release = hub.release(parts_out=[hub.part(asset, method)])
    answer = buyer.call("POST", LISTS, elsewhere(hub.order(release, asset, method), *path))
    assert refused(answer, 404) == ["does_not_exist"]
