"""Data usage agreements (contract sections 3.3 and 4): accesses of every door, in this door's words.

The server's own fields (status, active) and the dates are laid over the document as it was sent. An access made through
another door has no such document: one is made from the card, and reads back as the same card.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from nndm.lens.fields import DIALECT, find
from nndm.reads import named_in_body
from souk.access import approvals, lifecycle
from souk.access.days import shown_days
from souk.access.model import KIND, Card, Object, Subject, user_key
from souk.access.queries import Known
from souk.access.requests import Asked
from souk.catalogue import Document
from souk.edge.request import Request
from souk.ids import record_key
from souk.products.card import Card as ProductCard

SPECIFICATION = "dataUsageAgreementSpecification"
WHOLE_PRODUCT = "*"
"""The output port of an access to a product that has none."""
UNSTATED = "Not stated"
"""The purpose of an access made where none is asked for."""
_STATUS = {"revoked": "approved"}
"""An agreement that was cancelled stays approved (rule A6): its end date says that it is over."""
_PROVIDER = ("dataProductId", "outputPortId")
_CONSUMER = ("dataProductId", "teamId", "userId")


def reads_for_action(request: Request) -> Iterable[str]:
    """Keys that an action on an agreement looks at: the access, and its only approval in the common case."""
    own = record_key(KIND, request.path_parameters.get("id", ""))
    return own, approvals.first_key(own)


def reads_for_put(request: Request) -> Iterable[str]:
    """Keys that a PUT looks at, so that it is one read and one transaction."""
    provider, consumer = ("provider", "dataProductId"), ("consumer", "dataProductId")
    named = named_in_body(
        request, ("product", provider), ("policy", provider), ("product", consumer), ("team", ("consumer", "teamId"))
    )
    return [*reads_for_action(request), *named]


def asked(document: Document, known: Known | None) -> Asked:
    """What a PUT asks for. What comes back as this door showed it means what it meant before."""
    subject, wanted = _subject(document["consumer"]), _object(document["provider"])
    purpose = document["info"]["purpose"]
    if known is not None:
        card: Card = known.record.body["card"]
        if _named(document["consumer"], _CONSUMER) == _consumer(card["subject"]):
            subject = card["subject"]
        if _named(document["provider"], _PROVIDER) == _provider(card["object"], known.product):
            wanted = card["object"]
        if purpose == _purpose(card):
            purpose = card.get("purpose")
    days = _day(find(document, ("info", "startDate"))), _day(find(document, ("info", "endDate")))
    return Asked(subject, wanted, DIALECT, purpose=purpose, view=document, days=days)


def show(known: Known, now: datetime) -> Document:
    """The agreement at this instant."""
    record = known.record
    card: Card = record.body["card"]
    view = record.body.get("views", {}).get(DIALECT) or _made(record.id, card, known.product)
    document = {SPECIFICATION: "0.0.1", **view, "id": record.id}
    document[SPECIFICATION] = document[SPECIFICATION] or "0.0.1"
    document["info"] = _info(document["info"], record.id, card, now)
    return document


def _info(sent: Document, exact_id: str, card: Card, now: datetime) -> Document:
    """`info` with what the server manages. The copy of the id is what the integrations of 2023 read (section 9)."""
    first, last = shown_days(card)
    info = {name: value for name, value in sent.items() if name not in {"startDate", "endDate"} or value is None}
    info |= {"status": _STATUS.get(card["status"], card["status"]), "active": lifecycle.is_active(card, now)}
    info |= {name: day.isoformat() for name, day in (("startDate", first), ("endDate", last)) if day is not None}
    if info.get("id") is None:
        info["id"] = exact_id
    order = [name for name in sent if name in info]
    return {name: info[name] for name in dict.fromkeys([*order, *info])}


def _made(exact_id: str, card: Card, product: ProductCard | None) -> Document:
    provider = _provider(card["object"], product)
    if product is not None and product.get("owner"):
        provider = {"teamId": product["owner"], **provider}
    return {
        "id": exact_id,
        "info": {"purpose": _purpose(card)},
        "provider": provider,
        "consumer": _consumer(card["subject"]),
        "tags": [],
        "links": {},
        "custom": {},
    }


def _purpose(card: Card) -> str:
    given = card.get("purpose", "")
    return given if given.strip() else UNSTATED


def _provider(wanted: Object, product: ProductCard | None) -> dict[str, str]:
    ports = product["ports"] if product is not None else []
    port = wanted.get("port") or (ports[0]["id"] if ports else WHOLE_PRODUCT)
    return {"dataProductId": wanted["product"], "outputPortId": port}


def _consumer(subject: Subject) -> dict[str, str]:
    user = subject.get("user") or subject.get("service")
    named = {
        "dataProductId": subject.get("product"),
        "teamId": subject.get("team") or subject.get("group"),
        "userId": user,
    }
    return {name: value for name, value in named.items() if value}


def _named(part: Document, names: Iterable[str]) -> dict[str, str]:
    return {name: part[name] for name in names if part.get(name)}


def _subject(consumer: Document) -> Subject:
    subject: Subject = {}
    if consumer.get("userId"):
        subject["user"] = user_key(consumer["userId"])
    if consumer.get("teamId"):
        subject["team"] = consumer["teamId"]
    if consumer.get("dataProductId"):
        subject["product"] = consumer["dataProductId"]
    return subject


def _object(provider: Document) -> Object:
    return {"product": provider["dataProductId"], "port": provider["outputPortId"]}


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if value is not None else None
