"""Names of products, where a door demands that they are unique: all doors' products count."""

from __future__ import annotations

from souk.errors import Conflict, NotFound
from souk.ids import record_key
from souk.products.card import KIND
from souk.products.products import NAMED, place_of
from souk.store.port import Record
from souk.work import Work

_CLAIM = "product_name"
_CLAIM_SECONDS = 3600


def claim_key(name: str) -> str:
    """The key of the record in which claims of this name meet, to be read before the list."""
    return record_key(_CLAIM, name.strip())


def claim_name(work: Work, name: str, product_id: str) -> None:
    """Raises Conflict when another product has this name (but for white space around it).

    Of simultaneous claims of one name all but one are stale: they meet in a short-lived record. It is read before the
    list, so that whoever won in between is either in the list or makes this claim stale.
    """
    work.find(_CLAIM, name.strip())
    if any(found.id != product_id for found in _named(work, name)):
        raise Conflict(f"a data product with the name '{name.strip()}' exists already")
    expires = int(work.now.timestamp()) + _CLAIM_SECONDS
    work.save(_CLAIM, name.strip(), {"product": product_id}, listed=False, expires=expires)


def get_by_name(work: Work, name: str) -> Record:
    """The oldest product with exactly this name. Raises NotFound."""
    for found in _named(work, name):
        if found.body["card"]["title"] == name:
            return found
    raise NotFound(f"data product {name!r} does not exist", kind=KIND, id=name)


def _named(work: Work, name: str) -> list[Record]:
    """Products with this name, the oldest first. Their places in the list of names begin alike."""
    wanted = name.strip()
    place = place_of(wanted)
    found = work.records(NAMED, low=place, high=f"{place}\x01")
    alike = [record for record in found if record.body["card"]["title"].strip() == wanted]
    return sorted(alike, key=lambda record: (record.created, record.key))
