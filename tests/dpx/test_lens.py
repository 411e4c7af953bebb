"""The laws of the lens, on generated versions: PutGet, GetPut, Frame (design of doors)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from dpx.lens.content import OWN, content_of, shape_of
from dpx.lens.version import show_version
from souk.releases.model import DRAFT, Content, Terms, Version
from tests.dpx.driver import Wire
from tests.dpx.hub import CATALOG

uuids = st.uuids().map(str)
words = st.text("abc é&", min_size=1, max_size=4)
texts = st.lists(words, max_size=3)
free: st.SearchStrategy[Any] = st.recursive(
    st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(words, inner, max_size=2),
    max_leaves=4,
)


def some(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Wire]:
    return st.fixed_dictionaries({}, optional=fields)


methods = st.lists(
    st.builds(lambda id, more: {**more, "id": id, "container": CATALOG}, uuids, some(properties=free)),
    max_size=2,
    unique_by=lambda one: one["id"],
)
parts = st.lists(
    st.builds(
        lambda id, asset, given, more: {
            **more,
            "asset": {**asset, "id": id, "container": CATALOG},
            "delivery_methods": given,
        },
        uuids,
        some(name=words, type=words, note=free),
        methods,
        some(revision=st.integers(1, 9), updated_at=words),
    ),
    max_size=3,
)
prototypes = st.builds(
    lambda name, rest, more: {**more, **rest, "name": name},
    words,
    some(
        description=words,
        tags=texts,
        types=st.lists(st.sampled_from(["data", "code"]), max_size=2),
        use_cases=st.lists(st.fixed_dictionaries({"id": words}, optional={"name": words, "note": free}), max_size=2),
        domain=st.fixed_dictionaries({"id": uuids | words, "name": words, "container": st.just(CATALOG)}),
        parts_out=parts,
        is_restricted=st.booleans(),
    ),
    some(workflows=free, comments=words, properties=free, dataview_enabled=st.booleans()),
)
ports = st.builds(
    lambda required, rest: required | rest,
    st.fixed_dictionaries({"id": words, "name": words}),
    some(
        asset=uuids | st.sampled_from("ab"),
        delivery_methods=st.lists(uuids, max_size=2, unique=True),
        auto_approve=st.booleans(),
        server=st.dictionaries(words, words, max_size=1),
        contract=words,
        status=words,
        contains_pii=st.booleans(),
    ),
)
cards = st.builds(
    lambda title, own, rest: {"title": title, "origin": "other", "ports": own} | rest,
    words,
    st.lists(ports, max_size=3, unique_by=lambda port: port["id"]),
    some(
        description=words,
        owner=words,
        domain=uuids | words,
        status=words,
        self_service=st.booleans(),
        restricted=st.booleans(),
        tags=st.lists(words, min_size=1, max_size=2),
        types=st.just(["data"]),
        version=st.just("1.2.3"),
    ),
)


def version(content: Content, **more: Any) -> Version:
    return Version(
        id="8d6e0a3c-0000-4000-8000-000000000001",
        product="stock",
        state=DRAFT,
        number="1.0.0",
        card=content.card,
        terms=Terms(id="8d6e0a3c-0000-4000-8000-000000000002", documents=[]),
        created="2026-01-01T00:00:00.000000Z",
        updated="2026-01-01T00:00:00.000000Z",
        created_by="jo",
        views=content.view,
        **more,
    )


def writable(shown: Wire) -> Wire:
    return {name: value for name, value in shown.items() if name not in OWN}


@settings(max_examples=200)
@given(prototypes)
def test_put_get(prototype: Wire) -> None:
    shown = show_version(version(shape_of(prototype)(None)), {})
    assert {name: shown.get(name) for name in prototype} == prototype


@settings(max_examples=200)
@given(prototypes, prototypes)
def test_put_twice_get(first: Wire, second: Wire) -> None:
    """A further draft shows what it was given, and for the rest what it builds on."""
    base = version(shape_of(first)(None))
    shown = show_version(version(shape_of(second)(base)), {})
    expected = writable(show_version(base, {})) | second
    assert {name: shown.get(name) for name in expected} == expected


@settings(max_examples=200)
@given(cards)
def test_get_put(card: Any) -> None:
    """Writing back what was read, whole or field by field, changes nothing, whoever made the card."""
    base = version(Content(card, {}))
    shown = show_version(base, {})
    for fields in (writable(shown), *({name: value} for name, value in writable(shown).items())):
        again = content_of(fields, base)
        assert without_empty(again.card) == without_empty(card)
        assert show_version(replace(base, card=again.card, views=again.view), {}) == shown


@settings(max_examples=200)
@given(cards, prototypes)
def test_frame(card: Any, prototype: Wire) -> None:
    """What only other doors know stays; a part of an asset that was there keeps its port."""
    base = version(Content(card, {}))
    shown = show_version(base, {})
    mixed = {**prototype, "parts_out": [*shown["parts_out"], *prototype.get("parts_out", [])]}
    after = content_of(mixed, base).card
    for name in ("owner", "status", "self_service", "origin"):
        assert after.get(name) == card.get(name)
    kept = {port["id"]: port for port in after["ports"]}
    for port in card["ports"]:
        for name in ("server", "contract", "status", "contains_pii", "name"):
            assert kept[port["id"]].get(name) == port.get(name)


def without_empty(card: Any) -> Any:
    """An empty list of a card says what an absent one says."""
    return {name: value for name, value in card.items() if value != []} | {"ports": card["ports"]}
