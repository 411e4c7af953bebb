"""Products: the commands that write and delete the card that every door shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol, cast

from souk.catalogue import MAX_ID, Card, Document, Lens, View, facet, keep
from souk.identity.principal import Principal
from souk.ids import record_key
from souk.organisation.owners import settle_owner
from souk.products import card as cards
from souk.products import places
from souk.products.costs import clear_costs
from souk.products.ports import announce_ports
from souk.store.port import Entry, Record
from souk.work import Work

KIND = cards.KIND
SELF_SERVICE = f"{KIND}/self-service"
"""Products with ports that are self-service, by key; the view is the id."""
NAMED = f"{KIND}/named"
"""Every product, by name; the view is the name."""
MAX_ORDERED = 200
"""Characters of a name that its place follows from."""
MAX_SHOWN = 1000
"""Characters of a name that lists show."""


class ProductLens(Lens, Protocol):
    """A lens that also tells the ports of a document, and whose owner must exist."""

    def ports(self, document: Document) -> Mapping[str, Any]:
        """Each port's id and whole content, to tell which ports a write changes."""
        ...

    def owner_binds(self, document: Document) -> bool:
        """True where the format's owner is the id of a team; False where it is a name that need not be one."""
        ...


def put_product(work: Work, product_id: str, document: Document, lens: ProductLens, by: Principal) -> Record:
    """Create or replace a product. Its owner must be a team that owns data. Raises Invalid.

    Ports may name any place; those that are not the caller's to give are marked (see `places`).
    """
    before = work.find(KIND, product_id)
    card_before: Card = before.body["card"] if before else {}
    card = lens.card(document, card_before)
    settle_owner(work, card, card_before, binds=lens.owner_binds(document))
    if before is None:
        card |= {"origin": lens.dialect} | ({"created_by": work.principal} if work.principal else {})
    card["ports"] = places.marked(work, card["ports"], card_before.get("ports", []), by)
    former_ports = lens.ports(lens.show(before)) if before else {}
    record = save_product(work, product_id, cast(cards.Card, card), View(lens.dialect, document))
    work.event(KIND, "updated" if before else "created", product_id)
    announce_ports(work, product_id, former_ports, lens.ports(document))
    return record


def save_product(work: Work, product_id: str, card: cards.Card, view: View) -> Record:
    """Stage the record with its lists and references; no event. Raises Invalid."""
    return keep(work, KIND, product_id, card, view, lists=_lists(product_id, card), references=_references(card))


def delete_product(work: Work, product_id: str, *, guarded: bool) -> None:
    """Delete a product and its costs. Raises NotFound, and if guarded, Referenced while an access names it."""
    record = work.get(KIND, product_id)
    work.remove(record, guarded=guarded)
    clear_costs(work, record)
    announce_ports(work, product_id, {port["id"]: port for port in record.body["card"]["ports"]}, {})
    work.event(KIND, "deleted", product_id)


def place_of(title: str) -> str:
    """Where a product of this title (without white space around it) stands in the list of names."""
    return title.replace("\0", "")[:MAX_ORDERED]


def _lists(product_id: str, card: cards.Card) -> Iterator[str | Entry]:
    title = card["title"].strip()
    yield Entry(NAMED, place_of(title), title[:MAX_SHOWN])
    if card.get("self_service") and card["ports"]:
        yield Entry(SELF_SERVICE, record_key(KIND, product_id), product_id)
    if card.get("owner"):
        yield facet(f"{KIND}/by-owner", card["owner"])
    for domain in _domains(card):
        yield facet(f"{KIND}/by-domain", domain)


def _references(card: cards.Card) -> Iterator[tuple[str, str]]:
    """What must not go while the product names it: contracts, assets, domains. Ids that none can have are left out."""
    named = [("asset", asset) for asset in card.get("assets", ())]
    named += [("domain", domain) for domain in _domains(card)]
    for port in card["ports"]:
        named.append(("contract", port.get("contract", "")))
        named += [("asset", asset) for asset in (*port.get("assets", ()), port.get("asset", ""))]
    return ((kind, target) for kind, target in named if 0 < len(target) <= MAX_ID)


def _domains(card: cards.Card) -> list[str]:
    return [domain for domain in card.get("domains") or [card.get("domain", "")] if domain]
