"""A product as releases see it: its card, if it has one, and its offering, if it has one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from souk.errors import NotFound
from souk.ids import as_uuid, keys_for_uuid, record_key
from souk.products import card as cards
from souk.products.card import Card
from souk.releases.model import KIND, OFFERING, RETIRED, OfferingCard
from souk.store.port import Record
from souk.work import Work


@dataclass(frozen=True, slots=True)
class Product:
    """`id` is exact, `uuid` how a door that needs UUIDs shows it. At least one of the records is there."""

    id: str
    uuid: str
    record: Record | None
    offering_record: Record | None

    @property
    def card(self) -> Card | None:
        """The card that all doors show, or None for a product that was never published, or was deleted."""
        return cast(Card, self.record.body["card"]) if self.record else None

    @property
    def offering(self) -> OfferingCard | None:
        """What releases keep beside the card."""
        return cast(OfferingCard, self.offering_record.body["card"]) if self.offering_record else None

    @property
    def name(self) -> str:
        """The card's title, else the name of the latest draft."""
        if self.card:
            return self.card["title"]
        return self.offering["name"] if self.offering else ""

    @property
    def deleted(self) -> bool:
        """It was published, and another door has deleted it since."""
        return self.card is None and self.offering is not None and self.offering["published"]

    @property
    def foreign_card(self) -> bool:
        """Another door made a product under the id of this one, which was only drafted so far."""
        return self.card is not None and self.offering is not None and not self.offering["published"]

    @property
    def mirror(self) -> str | None:
        """Id of the version that shows the card's present content, or None."""
        card, offering = self.card, self.offering
        if card is None:
            return None
        if offering is None or not offering["published"]:
            return self.uuid
        if offering["mirror"] is not None:
            return offering["mirror"] or None
        return None if card.get("status") == RETIRED else self.uuid


def keys_of_product(uuid: str) -> list[str]:
    """Keys of every record that decides what the product with this UUID is: one batch."""
    return [record_key(OFFERING, uuid), *keys_for_uuid(cards.KIND, uuid)]


def find_product(work: Work, uuid: str) -> Product | None:
    """The product that doors with UUIDs show by this one."""
    offering_key, *card_keys = keys_of_product(uuid)
    work.fetch([offering_key, *card_keys])
    offering = work.at(offering_key)
    record = next((found for key in card_keys if (found := _shown_as(work, key, uuid))), None)
    if record is None and offering is None:
        return None
    exact = record.id if record else cast(OfferingCard, cast(Record, offering).body["card"])["product"]
    return Product(exact, uuid, record, offering)


def get_product(work: Work, uuid: str) -> Product:
    """Like `find_product`. Raises NotFound."""
    product = find_product(work, uuid)
    if product is None:
        raise NotFound(f"data product {uuid!r} does not exist", kind=cards.KIND, id=uuid)
    return product


def product_with_id(work: Work, exact_id: str) -> Product:
    """The product of a release, by its exact id; both of its records may be gone."""
    uuid = as_uuid(cards.KIND, exact_id)
    found = find_product(work, uuid)
    return found if found and found.id == exact_id else Product(exact_id, uuid, None, None)


def fetch_products_of(work: Work, releases: Iterable[Record]) -> None:
    """Read the cards and offerings of the products of these releases in one batch."""
    ids = {record.body["card"]["product"] for record in releases if record.kind == KIND}
    work.fetch(key for exact in ids for key in keys_of_product(as_uuid(cards.KIND, exact)))


def _shown_as(work: Work, key: str, uuid: str) -> Record | None:
    """A record whose exact id is a UUID is shown by that alone, not by its key's rendering too."""
    record = work.at(key)
    return record if record and record.kind == cards.KIND and as_uuid(cards.KIND, record.id) == uuid else None
