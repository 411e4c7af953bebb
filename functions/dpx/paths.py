"""What path parameters name: products, versions, terms, documents (contract 1.2)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from souk.edge.call import Call
from souk.edge.request import Request
from souk.errors import Invalid, NotFound
from souk.releases.model import Version
from souk.releases.product import Product, get_product
from souk.releases.reading import get_draft, get_release, keys_of_version
from souk.setup.catalogue import CATALOGUE

ANY_PRODUCT = "-"
_ID = re.compile(r'[\w.,:$&()\s\-^"]+\Z')
_ID_AT = re.compile(r'[\w.,:$&@()\s\-^"]+\Z')
_ID_LENGTH = 36
_VERSION_LENGTH = 2 * _ID_LENGTH + 1


def product_keys(request: Request) -> Iterable[str]:
    """Records that decide what the product in the path is."""
    product = request.path_parameters.get("data_product_id", "")
    return () if product == ANY_PRODUCT else ("", *keys_of_version(product, product))


def draft_keys(request: Request) -> Iterable[str]:
    """Records that decide what the draft in the path is, its own first."""
    return _version_keys(request, "draft_id")


def release_keys(request: Request) -> Iterable[str]:
    """As for a draft; no single record speaks for a release, which may mirror a card."""
    return ("", *_version_keys(request, "release_id"))


def product_uuid(call: Call) -> str | None:
    """The product in the path, None for `-`. Raises Invalid."""
    text = call.path["data_product_id"]
    if not 0 < len(text) <= _ID_LENGTH or not _ID.match(text):
        raise Invalid("data_product_id must be an id of 1 to 36 characters, or -")
    return None if text == ANY_PRODUCT else text


def product_at(call: Call) -> Product:
    """The product in the path, which must be named. Raises Invalid, NotFound."""
    return get_product(call.work, _demand_id("data_product_id", call.path["data_product_id"]))


def draft_at(call: Call) -> Version:
    """The draft in the path. Raises Invalid, NotFound."""
    return get_draft(call.work, _asset_of(call, "draft_id"), product_uuid(call))


def release_at(call: Call) -> Version:
    """The release in the path. Raises Invalid, NotFound."""
    return get_release(call.work, _asset_of(call, "release_id"), product_uuid(call))


def terms_at(call: Call) -> str:
    """Id of the contract terms in the path. Raises Invalid, NotFound."""
    return _asset_of(call, "contract_terms_id")


def document_at(call: Call) -> str:
    """Id of the document in the path. Raises Invalid."""
    return _demand_id("document_id", call.path["document_id"])


def demand_catalog(container: str) -> None:
    """Raises NotFound for a container that is not the catalog of this server."""
    if container != CATALOGUE:
        raise NotFound(f"the catalog {container!r} does not exist", kind="catalog", id=container)


def _version_keys(request: Request, parameter: str) -> Iterable[str]:
    asset = request.path_parameters.get(parameter, "").partition("@")[0]
    product = request.path_parameters.get("data_product_id", "")
    return keys_of_version(asset, None if product == ANY_PRODUCT else product)


def _asset_of(call: Call, parameter: str) -> str:
    return asset_named(parameter, call.path[parameter])


def asset_named(parameter: str, text: str) -> str:
    """The asset in the id of a version or of terms. Raises Invalid, NotFound."""
    asset, at, container = text.partition("@")
    if len(text) != _VERSION_LENGTH or len(asset) != _ID_LENGTH or not at or not _ID_AT.match(text):
        raise Invalid(f"{parameter} must be two ids of 36 characters with an @ between them")
    if container != CATALOGUE:
        raise NotFound(f"{parameter} {text!r} does not exist", id=text)
    return asset


def _demand_id(name: str, text: str) -> str:
    if len(text) != _ID_LENGTH or not _ID.match(text):
        raise Invalid(f"{name} must be an id of 36 characters")
    return text
