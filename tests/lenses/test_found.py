"""Histories that generated examples found to break a law, kept so that they never do again."""

from __future__ import annotations

from typing import Any

import pytest

from tests.lenses import laws
from tests.lenses.catalogue import Catalogue
from tests.lenses.documents import Write
from tests.lenses.doors import DOMAIN, ELSEWHERE, NAMED

Doc = dict[str, Any]


def whole(**info: Any) -> Write:
    return Write("nndm", {"info": {"title": "0", "owner": "roasting"} | info})


def governed(*sources: str, **fields: Any) -> Write:
    listed = {"dataSources": [{"sourceId": source} for source in sources]} if sources else {}
    return Write("immuta", {"name": "0", "metadata": None, "domains": [DOMAIN], "dataSources": []} | listed | fields)


SEVERAL = Write("immuta", {"domains": [DOMAIN, ELSEWHERE, NAMED]})
FOUND = {
    "sources in another order than the list shows": (governed("roasts", "beans"), Write("nav", {"description": "d"})),
    "a document without a domain, of several": (whole(), SEVERAL, whole()),
    "a document with the second of several domains": (whole(), SEVERAL, whole(domain=ELSEWHERE)),
    "a release moved to the second of several domains": (whole(), SEVERAL, Write("dpx", {"domain": {"id": ELSEWHERE}})),
    "another change to a product of several domains": (whole(), SEVERAL, Write("dpx", {"description": "d"})),
    "a blank domain": (whole(domain=""), whole(domain=" "), Write("nav", {"description": "d"})),
    "an empty description": (whole(), Write("immuta", {"description": ""}), Write("nav", {"name": "n"})),
    "no description in one door, an empty one in the next": (
        whole(),
        whole(description=""),
        Write("immuta", {"description": None}),
    ),
    "a port that goes after a second release": (governed("beans"), Write("dpx", {}, True), whole()),
    "retired after a second release": (
        whole(),
        Write("dpx", {"domain": {"id": DOMAIN}}, True),
        whole(status="retired"),
    ),
}


@pytest.mark.parametrize("history", FOUND.values(), ids=FOUND.keys())
def test_the_laws_hold_for(catalogue: Catalogue, history: tuple[Write, ...]) -> None:
    laws.hold(catalogue, history[0], list(history[1:]), "{}")


def test_a_document_without_a_domain_takes_the_product_out_of_all(catalogue: Catalogue) -> None:
    exact = catalogue.make(whole(domain=DOMAIN), "{}")
    assert exact is not None
    catalogue.change(exact, SEVERAL)
    assert catalogue.snapshot(exact)["immuta"]["domains"] == [DOMAIN, ELSEWHERE, NAMED]
    catalogue.change(exact, whole(domain=NAMED))
    assert catalogue.snapshot(exact)["immuta"]["domains"] == [NAMED, ELSEWHERE]
    catalogue.change(exact, whole())
    assert "domain" not in catalogue.card(exact)
    assert catalogue.card(exact)["domains"] == []
