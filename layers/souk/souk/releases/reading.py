"""Finding versions: one by its id, the versions of one product."""

from __future__ import annotations

from souk.errors import NotFound
from souk.ids import record_key
from souk.releases.keeping import by_product
from souk.releases.model import AVAILABLE, DRAFT, KIND, Version
from souk.releases.product import Product, find_product, keys_of_product, product_with_id
from souk.releases.seeing import card_as_version, version_of
from souk.store.port import Record
from souk.work import Work


def keys_of_version(version_uuid: str, product_uuid: str | None) -> list[str]:
    """Keys of every record that decides what the version shows: one batch. The product may be unknown."""
    version = record_key(KIND, version_uuid)
    return [version, *keys_of_product(product_uuid or version_uuid)]


def find_version(work: Work, version_uuid: str, product_uuid: str | None = None) -> Version | None:
    """The draft or release with this id, of this product if one is named."""
    work.fetch(keys_of_version(version_uuid, product_uuid))
    record = work.find(KIND, version_uuid)
    if record is not None:
        product = product_with_id(work, record.body["card"]["product"])
        return version_of(record, product) if product_uuid in {None, product.uuid} else None
    product_of_card = find_product(work, version_uuid) if product_uuid in {None, version_uuid} else None
    return card_as_version(product_of_card) if product_of_card else None


def get_version(work: Work, version_uuid: str, product_uuid: str | None = None) -> Version:
    """Like `find_version`. Raises NotFound."""
    version = find_version(work, version_uuid, product_uuid)
    if version is None:
        raise NotFound(f"version {version_uuid!r} does not exist", kind=KIND, id=version_uuid)
    return version


def get_draft(work: Work, version_uuid: str, product_uuid: str | None = None) -> Version:
    """A version that is a draft, or was one: whoever waits for a publish finds the release here. Raises NotFound."""
    version = get_version(work, version_uuid, product_uuid)
    if version.record is None:
        raise NotFound(f"draft {version_uuid!r} does not exist", kind=KIND, id=version_uuid)
    return version


def get_release(work: Work, version_uuid: str, product_uuid: str | None = None) -> Version:
    """A version that is published. Raises NotFound for a draft too."""
    version = get_version(work, version_uuid, product_uuid)
    if version.state == DRAFT:
        raise NotFound(f"release {version_uuid!r} does not exist: it is a draft", kind=KIND, id=version_uuid)
    return version


def versions_of(work: Work, product: Product) -> list[Version]:
    """Every version of a product as it shows now, the oldest first."""
    records = list(work.records(by_product(product.id)))
    return [*_unstored(product, records), *(v for one in records if (v := version_of(one, product)))]


def latest_release(versions: list[Version]) -> Version | None:
    """The newest available release: the one that mirrors the card, else the last to be published."""
    available = [version for version in versions if version.state == AVAILABLE]
    return max(available, key=lambda version: (version.mirrors, version.published_at), default=None)


def _unstored(product: Product, records: list[Record]) -> list[Version]:
    if any(record.id == product.uuid for record in records):
        return []
    card = card_as_version(product)
    return [card] if card else []
