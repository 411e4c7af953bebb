"""How a version shows now: its own snapshot, or the card that it mirrors."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from souk.ids import as_uuid, key_as_uuid, record_key
from souk.products.card import Card, Port
from souk.releases.model import AVAILABLE, DRAFT, FIRST_VERSION, RETIRED, ReleaseCard, Terms, Version
from souk.releases.product import Product
from souk.store.port import Record

_ONLY_IN_RELEASES = ("types", "use_cases")
"""Fields that other doors do not know; a card that lost them in another door's write has them from the snapshot."""
_PORT_ONLY_IN_RELEASES = ("asset", "delivery_methods")


def version_of(record: Record, product: Product) -> Version | None:
    """The stored version as it shows now, or None for a draft that went with its product."""
    stored = cast(ReleaseCard, record.body["card"])
    state = _state(stored["state"], record, product)
    if state is None:
        return None
    version = Version(
        id=record.id,
        product=stored["product"],
        state=state,
        number=stored["version"],
        card=stored["content"],
        terms=stored["terms"],
        created=stored.get("made", record.created),
        updated=record.updated,
        created_by=stored["created_by"],
        published_by=stored.get("published_by", ""),
        published_at=stored.get("published_at", ""),
        publishing=stored.get("publishing"),
        problems=tuple(stored.get("problems", ())),
        broken=stored.get("broken", False),
        views=record.body["views"],
        record=record,
    )
    return _mirroring(version, product) if state != DRAFT and record.id == product.mirror else version


def card_as_version(product: Product) -> Version | None:
    """The card as a release, where no stored release mirrors it: a product that another door made."""
    record, card = product.record, product.card
    if record is None or card is None or product.mirror != product.uuid:
        return None
    by = card.get("created_by") or card.get("owner") or card["origin"]
    return Version(
        id=product.uuid,
        product=product.id,
        state=RETIRED if card.get("status") == RETIRED else AVAILABLE,
        number=card.get("version") or FIRST_VERSION,
        card=card,
        terms=Terms(id=key_as_uuid(record_key("terms", product.uuid)), documents=[]),
        created=record.created,
        updated=record.updated,
        created_by=by,
        published_by=by,
        published_at=record.created,
        mirrors=True,
    )


def part_uuid(product_id: str, port: Port) -> str:
    """The UUID by which a port shows as a part: its asset's, else one made of the product's and the port's id."""
    asset = port.get("asset")
    return as_uuid("asset", asset) if asset else key_as_uuid(record_key("port", f"{product_id}\0{port['id']}"))


def _state(stored: str, record: Record, product: Product) -> str | None:
    """Deleting a product through another door retires its releases and takes its drafts along."""
    offering = product.offering
    gone = product.deleted or (offering is not None and record.created < offering.get("ended", ""))
    if not gone or record.id == product.mirror:
        return stored
    return None if stored == DRAFT else RETIRED


def _mirroring(version: Version, product: Product) -> Version:
    card, record = product.card, product.record
    assert card is not None
    assert record is not None
    return replace(
        version,
        card=overlaid(version.card, card),
        state=RETIRED if card.get("status") == RETIRED else AVAILABLE,
        updated=max(version.updated, record.updated),
        mirrors=True,
    )


def overlaid(snapshot: Card, card: Card) -> Card:
    """The card, with what only releases know of the snapshot."""
    kept: dict[str, Any] = {key: snapshot.get(key) for key in _ONLY_IN_RELEASES if key in snapshot}
    ports = {port["id"]: port for port in snapshot["ports"]}
    shown = [_with_release_fields(port, ports.get(port["id"])) for port in card["ports"]]
    return cast(Card, {**kept, **card, "ports": shown})


def _with_release_fields(port: Port, snapshot: Port | None) -> Port:
    if snapshot is None:
        return port
    kept = {key: snapshot.get(key) for key in _PORT_ONLY_IN_RELEASES if key in snapshot}
    return cast(Port, {**kept, **port})
