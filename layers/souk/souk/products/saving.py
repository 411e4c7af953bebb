"""Saving a card whose content came from elsewhere than a document of a door: a published release, an import."""

from __future__ import annotations

from souk.catalogue import Document, View
from souk.products.card import KIND, Card
from souk.products.ports import announce_ports
from souk.products.products import save_product
from souk.store.port import Record
from souk.work import Work


def save_card(work: Work, product_id: str, card: Card, dialect: str, document: Document | None = None) -> Record:
    """Create or replace a product's card, with the events of the product and its ports. Raises Invalid.

    `dialect` is whose words the card now agrees with; every other door overlays the card on its own view.
    `document` is that dialect's own view, where it keeps one.
    """
    before = work.find(KIND, product_id)
    former = {port["id"]: port for port in before.body["card"]["ports"]} if before else {}
    record = save_product(work, product_id, card, View(dialect, document))
    work.event(KIND, "updated" if before else "created", product_id)
    announce_ports(work, product_id, former, {port["id"]: port for port in card["ports"]})
    return record
