"""Publishing a draft: asked for in one commit, carried out by a state machine in four steps, each safe to repeat.

check -> freeze documents -> commit the release -> announce. `attempt` names one run; a step of a run that was given
up, or superseded, finds itself not wanted and changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from souk import clock
from souk.errors import Conflict, Invalid, NotFound
from souk.identity.principal import Principal
from souk.products.saving import save_card
from souk.releases.drafts import writable
from souk.releases.keeping import keep_offering, keep_version, stored
from souk.releases.leftovers import leave
from souk.releases.mirroring import freeze_mirror, offering_of, published_card, settle
from souk.releases.model import AVAILABLE, DRAFT, KIND, Document, Publishing, Version
from souk.releases.obstacles import obstacles_of, with_known_names
from souk.releases.product import product_with_id
from souk.releases.reading import get_version
from souk.releases.rights import demand_giver, demand_owner_of_card, demand_writer
from souk.store.port import Record
from souk.work import Work

HEAL_AFTER = timedelta(minutes=3)
"""A run that is unfinished after so long is taken up again by the sweep."""
ACTIVE = "active"
FROZEN = "documents/frozen"
"""Prefix of bytes that are never written again."""


def ask_to_publish(work: Work, draft: Version, principal: Principal) -> Publishing:
    """Mark the draft as being published. Of two at once one wins.

    Raises NotAllowed, Conflict (no draft any more, or being published), Invalid with every obstacle.
    """
    product = product_with_id(work, draft.product)
    demand_writer(work, principal, product, draft)
    demand_owner_of_card(work, principal, product)
    demand_giver(work, principal, draft.card)
    record = writable(draft)
    if product.foreign_card:
        settle(work, product)
    problems = obstacles_of(work, stored(record))
    if problems:
        raise Invalid(problems[0], problems)
    run = Publishing(attempt=_attempt(record), by=principal.label, due=_due(work))
    return _mark(work, record, run)


def postpone(work: Work, record: Record) -> Publishing:
    """For the sweep, which takes up an unfinished run: it is due again later, should that not finish either."""
    card = stored(record)
    run = card["publishing"]
    card["publishing"] = {**run, "due": _due(work)}
    keep_version(work, record.id, card, record.body["views"])
    return run


def check(work: Work, version_id: str, attempt: str) -> None:
    """First step. Raises Invalid with every obstacle."""
    record = _wanted(work, version_id, attempt)
    card = stored(record)
    problems = obstacles_of(work, card) if card["state"] == DRAFT else []
    if problems:
        raise Invalid("\n".join(problems), problems)


Freeze = Callable[[str, str, str], None]
"""Copies the bytes at one key, if they still have this ETag, to another key. Raises Invalid when they have not."""


def freeze_documents(work: Work, version_id: str, attempt: str, freeze: Freeze) -> None:
    """Second step: attachments are copied to where nobody can write."""
    record = _wanted(work, version_id, attempt)
    card = stored(record)
    documents = [_frozen(version_id, document, freeze) for document in card["terms"]["documents"]]
    if documents != card["terms"]["documents"]:
        before = card["terms"]["documents"]
        leave(work, [old for old, new in zip(before, documents, strict=True) if old != new])
        card["terms"] = {**card["terms"], "documents": documents}
        keep_version(work, version_id, card, record.body["views"])


def commit_release(work: Work, version_id: str, attempt: str, dialect: str) -> None:
    """Third step: the draft becomes the release that the card mirrors, in one commit with the card and its events."""
    record = _wanted(work, version_id, attempt)
    card = stored(record)
    if card["state"] != DRAFT:
        return
    product = product_with_id(work, card["product"])
    if product.deleted:
        raise NotFound("the product was deleted meanwhile", kind="product", id=product.id)
    if product.foreign_card:
        raise Conflict("another door has made a product with this id meanwhile; publish again if it is yours")
    former = freeze_mirror(work, product)
    card["state"] = AVAILABLE
    card["published_by"], card["published_at"] = card["publishing"]["by"], _instant_after(former, work.now)
    content = with_known_names(work, card["content"])
    card["content"] = {**content, "version": card["version"], "created_by": card["created_by"]}
    card.pop("problems", None)
    save_card(work, product.id, published_card(product.card, card["content"], ACTIVE), dialect)
    keep_version(work, version_id, card, record.body["views"])
    after = product_with_id(work, product.id)
    keep_offering(work, after, offering_of(after, published=True, mirror=version_id))


def _instant_after(former: str, now: datetime) -> str:
    """Now; the latest release is also the one published last when two follow each other within the same instant."""
    at = clock.text(now)
    return at if at > former else clock.text(clock.parse(former) + timedelta(microseconds=1))


def announce(work: Work, version_id: str, attempt: str) -> None:
    """Last step: tell the bus, and have nothing more to heal. What was announced is not announced again."""
    found = work.find(KIND, version_id)
    if found and stored(found)["state"] != DRAFT and "publishing" not in stored(found):
        return
    record = _wanted(work, version_id, attempt)
    card = stored(record)
    run = card.pop("publishing")
    keep_version(work, version_id, card, record.body["views"])
    work.notice("release.published", id=version_id, product=card["product"], version=card["version"], by=run["by"])


def give_up(work: Work, version_id: str, attempt: str, reasons: list[str], *, broken: bool = False) -> None:
    """After a failure: the draft is a draft again and says why. A release that is committed stays one.

    `broken`: not the draft is at fault, the same publish may be asked for again.
    """
    record = work.find(KIND, version_id)
    card = stored(record) if record else None
    publishing = card.get("publishing") if card else None
    if record is None or card is None or publishing is None or publishing["attempt"] != attempt:
        return
    if card["state"] != DRAFT:
        return
    del card["publishing"]
    card["problems"] = reasons
    card["broken"] = broken
    keep_version(work, version_id, card, record.body["views"])
    work.notice("release.not_published", id=version_id, product=card["product"], version=card["version"])


def _frozen(version_id: str, document: Document, freeze: Freeze) -> Document:
    held = document.get("attachment")
    if held is None or held.get("frozen"):
        return document
    key = f"{FROZEN}/{version_id}/{document['id']}/{held['etag']}"
    freeze(held["key"], held["etag"], key)
    return {**document, "attachment": {**held, "key": key, "frozen": True}}


def _mark(work: Work, record: Record, run: Publishing) -> Publishing:
    card = stored(record)
    card["publishing"] = run
    card.pop("problems", None)
    keep_version(work, record.id, card, record.body["views"])
    return run


def _attempt(record: Record) -> str:
    """Deterministic: a repeated start of the same run is one execution."""
    return f"{record.id}-{record.revision}"


def _due(work: Work) -> str:
    return clock.text(work.now + HEAL_AFTER)


def _wanted(work: Work, version_id: str, attempt: str) -> Record:
    record = get_version(work, version_id).record
    publishing = stored(record).get("publishing") if record else None
    if record is None or publishing is None or publishing["attempt"] != attempt:
        raise Conflict("this run of the publish is not wanted any more")
    return record
