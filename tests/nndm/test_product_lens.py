"""The lens laws for products, teams and assets, whoever wrote last: PutGet, GetPut, Frame, See."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nndm.lens.asset import ASSET
from nndm.lens.organisation import TEAM
from nndm.lens.product import BITOL, PRODUCT, SPECIFICATION, form_of
from nndm.schemas.fields import faults
from nndm.schemas.product import product_model
from souk.organisation.teams import UNASSIGNED
from souk.store.port import Record
from tests.nndm.driver import Document, exact
from tests.nndm.samples import FULL, port, product

Card = dict[str, Any]
text = st.text("ab \nü", max_size=4)
words = st.text("abc", min_size=1, max_size=3)
texts = st.lists(words, max_size=3, unique=True)
free = st.dictionaries(words, st.one_of(st.none(), st.integers(), text), max_size=2)


def optional(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Card]:
    return st.fixed_dictionaries({}, optional=fields)


card_ports = st.builds(
    lambda required, rest: required | rest,
    st.fixed_dictionaries({"id": words, "name": words}),
    optional(
        description=text,
        type=words,
        status=words,
        location=words,
        server=st.dictionaries(words, st.integers(), min_size=1, max_size=2),
        contains_pii=st.booleans(),
        auto_approve=st.booleans(),
        contract=words,
        assets=st.lists(words, min_size=1, max_size=2, unique=True),
        asset=words,
        delivery_methods=texts,
        tags=st.lists(words, min_size=1, max_size=2),
    ),
)
cards = st.builds(
    lambda required, rest: required | rest,
    st.fixed_dictionaries(
        {
            "title": words,
            "origin": words,
            "ports": st.lists(card_ports, max_size=3, unique_by=lambda entry: entry["id"]),
        }
    ),
    optional(
        description=text,
        owner=words,
        domain=words,
        status=words,
        suspended=st.booleans(),
        restricted=st.booleans(),
        self_service=st.booleans(),
        version=words,
        types=texts,
        tags=st.lists(words, min_size=1, max_size=2),
        assets=st.lists(words, min_size=1, max_size=2, unique=True),
        use_cases=st.lists(free, max_size=1),
        created_by=words,
    ),
)
wire_assets = st.lists(st.one_of(words, st.fixed_dictionaries({"id": words}, optional={"n": text})), max_size=2)
wire_ports = st.builds(
    lambda required, rest, more: more | required | rest,
    st.fixed_dictionaries({"id": words, "name": words}),
    optional(
        description=st.one_of(st.none(), text),
        type=st.one_of(st.none(), text),
        server=st.one_of(st.none(), free),
        containsPii=st.one_of(st.none(), st.booleans()),
        autoApprove=st.one_of(st.none(), st.booleans()),
        dataContractId=st.one_of(st.none(), text),
        assets=st.one_of(st.none(), wire_assets),
        tags=st.one_of(st.none(), texts),
        custom=free,
    ),
    free,
)
infos = st.builds(
    lambda required, rest, more: more | required | rest,
    st.fixed_dictionaries({"title": words, "owner": words}),
    optional(description=st.one_of(st.none(), text), domain=st.one_of(st.none(), text), status=text),
    free,
)
documents = st.builds(
    lambda required, rest, more: more | required | rest,
    st.fixed_dictionaries({"id": st.just("p"), "info": infos}),
    optional(
        outputPorts=st.one_of(st.none(), st.lists(wire_ports, max_size=3, unique_by=lambda entry: entry["id"])),
        tags=st.one_of(st.none(), texts),
        assets=st.one_of(st.none(), wire_assets),
        custom=free,
    ),
    free,
)


def record(card: Card, view: Document | None, shaped: str = "other") -> Record:
    views = {} if view is None else {"nndm": view}
    return Record("product", "p", "key", 1, "", "", {"card": card, "views": views, "shaped": shaped})


@settings(max_examples=150)
@given(documents, st.one_of(st.none(), cards))
def test_put_get(document: Document, before: Card | None) -> None:
    card = PRODUCT.card(document, {**before, "suspended": False} if before else None)
    assert exact(PRODUCT.show(record(card, document, "nndm"))) == exact(document)
    assert exact(PRODUCT.show(record(card, document))) == exact(document | _ports_of(document))


@settings(max_examples=150)
@given(cards, st.one_of(st.none(), documents))
def test_get_put(card: Card, view: Document | None) -> None:
    shown = PRODUCT.show(record(card, view))
    again = PRODUCT.card(shown, card)
    assert _plain(again) == _plain(card)
    assert exact(PRODUCT.show(record(again, shown, "nndm"))) == exact(shown)


@settings(max_examples=150)
@given(cards, documents)
def test_frame(before: Card, document: Document) -> None:
    card = PRODUCT.card(document, before)
    unseen = ("restricted", "self_service", "types", "use_cases", "origin", "created_by", "suspended")
    assert {name: card.get(name) for name in unseen} == {name: before.get(name) for name in unseen}
    former = {entry["id"]: entry for entry in before["ports"]}
    for entry in card["ports"]:
        standing = former.get(entry["id"], {})
        assert [entry.get(name) for name in ("asset", "delivery_methods")] == [
            standing.get(name) for name in ("asset", "delivery_methods")
        ]


@settings(max_examples=150)
@given(cards, st.one_of(st.none(), documents))
def test_see(card: Card, view: Document | None) -> None:
    shown = PRODUCT.show(record(card, view))
    info = shown["info"]
    assert shown["id"] == "p"
    assert info["title"] == card["title"]
    assert info["owner"] == card.get("owner", UNASSIGNED)
    assert (info.get("description") or "") == card.get("description", "")
    assert ((info.get("domain") or "").strip() or None) == card.get("domain")  # a blank domain is none
    assert (info.get("status") or None) == ("suspended" if card.get("suspended") else card.get("status"))
    assert (shown.get("tags") or []) == card.get("tags", [])
    assert [entry["id"] for entry in shown.get("outputPorts") or []] == [entry["id"] for entry in card["ports"]]
    for entry, wanted in zip(shown.get("outputPorts") or [], card["ports"], strict=True):
        assert entry["name"] == wanted["name"]
        assert (entry.get("dataContractId") or "").strip() == wanted.get("contract", "")
        assert (entry.get("autoApprove") or False) == wanted.get("auto_approve", False)
    assert faults(product_model(shown), shown) == []


def test_a_product_made_elsewhere_in_full() -> None:
    card: Card = {"title": "T", "ports": [{"id": "a", "name": "A", "contract": "c"}], "origin": "other", "tags": ["x"]}
    assert PRODUCT.show(record(card, None)) == {
        "dataProductSpecification": "0.0.1",
        "id": "p",
        "info": {"title": "T", "owner": "unassigned"},
        "tags": ["x"],
        "outputPorts": [{"id": "a", "name": "A", "dataContractId": "c"}],
    }


def test_what_another_door_changed_is_laid_over_and_the_rest_stays() -> None:
    document = FULL["dataproducts"]
    card = PRODUCT.card(document, None)
    card |= {"title": "Renamed", "description": "", "tags": ["new"], "assets": ["four", "five"]}
    card["ports"] = [{"id": "extra", "name": "Extra"}, {**card["ports"][0], "status": "retired", "assets": ["two"]}]
    shown = PRODUCT.show(record(card, document))
    assert list(shown) == list(document)
    assert shown["info"] == {**document["info"], "title": "Renamed", "description": ""}
    assert (shown["tags"], shown["assets"]) == (["new"], ["four", "five"])
    changed_port = {**document["outputPorts"][0], "status": "retired", "assets": [{"id": "two", "note": 1}]}
    assert shown["outputPorts"] == [{"id": "extra", "name": "Extra"}, changed_port]
    assert shown["inputPorts"] == document["inputPorts"]


def test_a_suspension_shows_until_governance_lifts_it() -> None:
    document = product("p")
    document["info"]["status"] = "active"
    suspended = PRODUCT.card(document, None) | {"suspended": True}
    shown = PRODUCT.show(record(suspended, document))
    assert shown["info"]["status"] == "suspended"
    for written, status in ((shown, "active"), (_with_status(document, "deprecated"), "deprecated")):
        card = PRODUCT.card(written, suspended)
        assert (card["status"], card["suspended"]) == (status, True)
        assert PRODUCT.show(record(card, written, "nndm"))["info"]["status"] == "suspended"
        resumed = {**card, "suspended": False}
        assert PRODUCT.show(record(resumed, written))["info"]["status"] == status


def test_of_several_domains_this_door_sees_and_changes_the_first() -> None:
    before: Card = {"title": "T", "ports": [], "domain": "a", "domains": ["a", "b"], "origin": "other"}
    same = PRODUCT.card(_with_domain("a"), before)
    assert (same["domain"], same["domains"]) == ("a", ["a", "b"])
    changed = PRODUCT.card(_with_domain("c"), before)
    assert (changed["domain"], changed["domains"]) == ("c", ["c", "b"])
    moved = PRODUCT.card(_with_domain("b"), before)
    assert (moved["domain"], moved["domains"]) == ("b", ["b"])


@pytest.mark.parametrize("form", [SPECIFICATION, BITOL])
def test_the_other_form_of_document_replaces_all_that_this_door_sees(form: object) -> None:
    first: Document = product("p", port("o", status="active", assets=["a"], location="l"), assets=["a"])
    bitol: Document = {"apiVersion": "v1", "kind": "DataProduct", "id": "p", "name": "N", "outputPorts": [{"id": "o"}]}
    former, latter = (first, bitol) if form is BITOL else (bitol, first)
    card = PRODUCT.card(latter, PRODUCT.card(former, None))
    assert form_of(latter) is form
    assert card == PRODUCT.card(latter, None)


def test_a_bitol_product_takes_what_other_doors_change() -> None:
    document: Document = {
        "apiVersion": "v1.0.0",
        "kind": "DataProduct",
        "id": "p",
        "name": "N",
        "description": {"purpose": "p", "usage": "u"},
        "team": {"name": "Crew", "members": []},
        "outputPorts": [{"name": "raw", "version": "1", "contractId": "c"}, {"name": "raw", "version": "2"}],
    }
    card = PRODUCT.card(document, None)
    card |= {"title": "M", "description": "q", "owner": "crew"}
    shown = PRODUCT.show(record(card, document))
    assert shown == document | {
        "name": "M",
        "description": {"purpose": "q", "usage": "u"},
        "team": {"name": "crew", "members": []},
    }
    assert PRODUCT.show(record({**card, "ports": []}, document))["outputPorts"] == []


def test_teams_and_assets_keep_what_other_doors_know() -> None:
    team_card = TEAM.card(FULL["teams"], {"name": "old", "secret": 1, "parent": "gone", "type": "Team"})
    assert team_card["secret"] == 1
    assert TEAM.show(Record("team", "full", "k", 1, "", "", _body(team_card, FULL["teams"]))) == FULL["teams"]
    joined = {**team_card, "members": [*team_card["members"], {"email": "c@example.com", "role": "r"}]}
    shown = TEAM.show(Record("team", "full", "k", 1, "", "", _body(joined, FULL["teams"])))
    assert shown["members"] == [*FULL["teams"]["members"], {"emailAddress": "c@example.com", "role": "r"}]

    masked = {"columns": [{"name": "c", "mask": "hash"}, {"name": "gone", "mask": "null"}], "domain": "d"}
    asset_card = ASSET.card(FULL["assets"], masked)
    assert asset_card["domain"] == "d"
    assert [column.get("mask") for column in asset_card["columns"]] == ["hash"]
    assert ASSET.show(Record("asset", "full", "k", 1, "", "", _body(asset_card, FULL["assets"]))) == FULL["assets"]


def _body(card: Card, view: Document) -> Document:
    return {"card": card, "views": {"nndm": view}, "shaped": "other"}


def _ports_of(document: Document) -> Document:
    return {"outputPorts": document["outputPorts"]} if "outputPorts" in document else {}


def _plain(card: Card) -> Card:
    """The card without what means the same as nothing: false, empty text, empty lists."""
    kept = {name: value for name, value in card.items() if value not in ("", False, [], None)}
    return kept | {
        "ports": [{name: v for name, v in port.items() if v not in ("", False, [])} for port in card["ports"]]
    }


def _with_status(document: Document, status: str) -> Document:
    return {**document, "info": {**document["info"], "status": status}}


def _with_domain(domain: str) -> Document:
    return {"id": "p", "info": {"title": "T", "owner": "o", "domain": domain}}
