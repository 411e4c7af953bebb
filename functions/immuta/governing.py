"""Forms and data use agreements at a path, and their lists (contract sections 6 and 7)."""

from __future__ import annotations

from typing import Any

from immuta import query
from immuta.envelopes import by_offset
from immuta.lens.policy import time_text
from immuta.reads import exact_id
from immuta.showing import Showing
from souk.access import asking
from souk.access.forms import FORM, TERMS, VERSION, FormCard
from souk.edge.call import Call
from souk.errors import NotFound
from souk.ids import key_from_cuid, record_key
from souk.store.port import Record

Wire = dict[str, Any]


def form_at(call: Call) -> Record:
    """The form that the path names. Raises NotFound."""
    return call.work.get(FORM, exact_id(FORM, call.path["id"], call.work))


def version_at(call: Call) -> FormCard:
    """The version of a form that the path names. Raises NotFound."""
    key = key_from_cuid(call.path["version"])
    if key == record_key(VERSION, asking.STAND_IN["version"]):
        return asking.STAND_IN
    found = call.work.at(key) if key else None
    if found is None or found.kind != VERSION:
        raise NotFound("this version of a request form does not exist", kind=VERSION)
    card: FormCard = found.body["card"]
    return card


def terms_at(call: Call) -> Record:
    """The data use agreement that the path names. Raises NotFound."""
    return call.work.get(TERMS, call.path["id"])


def terms_out(found: Record) -> Wire:
    """A data use agreement."""
    card = found.body["card"]
    times = {"createdAt": time_text(found.created), "updatedAt": time_text(found.updated)}
    return {"id": found.id, "name": card["name"], "body": card["body"], **times}


def forms(call: Call) -> Wire:
    """Every form, in order of names."""
    page, found = _page(call, FORM)
    return by_offset(Showing(call).forms([one.body["card"] for one in found[0]]), page, found[1])


def all_terms(call: Call) -> Wire:
    """Every data use agreement, in order of names."""
    page, found = _page(call, TERMS)
    return by_offset([terms_out(one) for one in found[0]], page, found[1])


def _page(call: Call, kind: str) -> tuple[query.OffsetPage, tuple[list[Record], int]]:
    page, text = query.offset_page(call.request), query.text(call.request, "searchText").casefold()
    found = [one for one in call.work.records(kind) if text in one.body["card"]["name"].casefold()]
    found.sort(key=lambda one: one.body["card"]["name"], reverse=query.descending(call.request, "asc"))
    return page, (found[page.offset : page.offset + min(page.limit, query.MAX_ITEMS)], len(found))
