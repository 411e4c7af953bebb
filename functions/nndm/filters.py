"""Filters of lists (contract X7): which query parameters there are, and what of a record each is compared with.

Parameters that differ must all hold, of one parameter's values any. Blank ones and unknown ones are ignored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from nndm.lens.contract import CONTRACT
from nndm.lens.fields import find, read, texts
from nndm.lens.product import PRODUCT, form_of
from souk.catalogue import Card, Document, facet
from souk.edge.request import Request
from souk.organisation.teams import UNASSIGNED
from souk.store.port import Record

Facts = dict[str, Iterable[Any]]
Wanted = Callable[[Record], bool]

_WORDS = "q"
_EXACT = {"teamId", "owner", "providerDataProductId", "consumerDataProductId"}
"""Parameters that name ids; the others are read without regard to case."""


def products(request: Request) -> Wanted | None:
    """What a list of data products is asked for, or None for everything."""
    return _filter(request, (_WORDS, "status", "archetype", "tag", "teamId", "domainId"), _product)


def contracts(request: Request) -> Wanted | None:
    """What a list of data contracts is asked for, or None for everything."""
    return _filter(request, (_WORDS, "owner", "tag", "domain"), _contract)


def agreements(request: Request) -> Wanted | None:
    """What a list of data usage agreements is asked for, or None for everything."""
    return _filter(request, ("providerDataProductId", "consumerDataProductId", "consumerType"), _agreement)


def owned(kind: str, parameter: str, request: Request) -> str:
    """The list to look through: the records of one team, where the parameter names one, else all of the kind."""
    named = [value for value in request.query_all(parameter) if value.strip()]
    return facet(f"{kind}/by-owner", named[0]) if len(named) == 1 and named[0] != UNASSIGNED else kind


def _filter(request: Request, names: Iterable[str], facts_of: Callable[[Record], Facts]) -> Wanted | None:
    asked = {name: [v for v in request.query_all(name) if v.strip()] for name in names}
    asked = {name: values for name, values in asked.items() if values}
    return (lambda record: _holds(asked, facts_of(record))) if asked else None


def _holds(asked: dict[str, list[str]], facts: Facts) -> bool:
    return all(_one_holds(name, values, [f for f in facts.get(name, ()) if f]) for name, values in asked.items())


def _one_holds(name: str, values: list[str], facts: list[str]) -> bool:
    if name == _WORDS:
        text = "\n".join(facts).casefold()
        return any(all(word in text for word in value.casefold().split()) for value in values)
    if name in _EXACT:
        return not set(values).isdisjoint(facts)
    return not {value.casefold() for value in values}.isdisjoint(fact.casefold() for fact in facts)


def _product(record: Record) -> Facts:
    document = PRODUCT.show(record)
    card = read(form_of(document).fields, document)
    owner = record.body["card"].get("owner")
    return {
        _WORDS: (record.id, card.get("title"), card.get("description")),
        "status": (card.get("status"),),
        "archetype": _strings(find(document, ("info", "archetype")), document.get("archetype")),
        "tag": card.get("tags", ()),
        "teamId": (card.get("owner"), owner),
        "domainId": (card.get("domain"),),
    }


def _contract(record: Record) -> Facts:
    document, card = CONTRACT.show(record), CONTRACT.card(CONTRACT.show(record), None)
    return {
        _WORDS: (record.id, card.get("title"), *_descriptions(document)),
        "owner": (card.get("owner"), record.body["card"].get("owner")),
        "tag": texts(document.get("tags")) or (),
        "domain": _strings(document.get("domain"), find(document, ("info", "domain"))),
    }


def _agreement(record: Record) -> Facts:
    card: Card = record.body["card"]
    subject = card["subject"]
    types = {"team": "team", "group": "team", "user": "user", "service": "user", "product": "dataProduct"}
    return {
        "providerDataProductId": (card["object"]["product"],),
        "consumerDataProductId": (subject.get("product"),),
        "consumerType": [types[name] for name in types if subject.get(name)],
    }


def _descriptions(document: Document) -> list[str]:
    paths = (("info", "description"), ("description",), ("description", "purpose"))
    return _strings(*(find(document, path) for path in paths))


def _strings(*values: Any) -> list[str]:
    return [value for value in values if isinstance(value, str)]
