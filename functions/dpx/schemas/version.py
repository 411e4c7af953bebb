"""Prototypes of drafts, and what patches may make of versions (contract section 2 "Version", 3.2, 3.3)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from dpx.lens.content import Wire
from dpx.paths import demand_catalog
from dpx.schemas.fields import AnyId, Id, LongText, Name, Plain, Shape, VersionNumber, checked
from dpx.schemas.terms import Terms
from souk.errors import Invalid

MAX_ITEMS = 1000
MAX_PARTS_PATCHED = 20


class Container(Shape):
    """A reference to a catalog; the type may be missing."""

    id: Id


class Asset(Shape):
    """The version as an asset. The id that a client sends is not binding."""

    id: AnyId | None = None
    container: Container | None = None


class ProductReference(Shape):
    """The product that a new version is to belong to; the path decides, this may only agree with it."""

    id: AnyId | None = None
    container: Container | None = None


class UseCase(Shape):
    """A use case, which may exist elsewhere only."""

    id: AnyId


class Domain(Shape):
    """A domain, which may exist elsewhere only. An empty id says none, as answers do (R10)."""

    id: Annotated[str, Field(max_length=256)]
    name: str | None = None


class DeliveryMethod(Shape):
    """A way in which a part can be delivered."""

    id: Id
    container: Container | None = None


class PartAsset(Shape):
    """The asset that a part is."""

    id: Id
    name: str | None = None
    container: Container | None = None


class Part(Shape):
    """A part of a product."""

    asset: PartAsset
    revision: int | None = None
    delivery_methods: Annotated[list[DeliveryMethod], Field(max_length=MAX_ITEMS)] | None = None


class Fields(Shape):
    """The fields that a client may write. All are optional here."""

    version: VersionNumber | None = None
    name: Name | None = None
    description: LongText | None = None
    tags: Annotated[list[Plain], Field(max_length=MAX_ITEMS)] | None = None
    use_cases: Annotated[list[UseCase], Field(max_length=MAX_ITEMS)] | None = None
    domain: Domain | None = None
    types: Annotated[list[Literal["data", "code"]], Field(max_length=MAX_ITEMS)] | None = None
    parts_out: Annotated[list[Part], Field(max_length=MAX_ITEMS)] | None = None
    contract_terms: list[Terms] | None = None
    is_restricted: bool | None = None


class Prototype(Fields):
    """A new draft."""

    asset: Asset | None = None
    container: Container | None = None
    data_product: ProductReference | None = None
    state: str | None = None


class NewProduct(Shape):
    """The body of "create data product" (R3)."""

    drafts: list[dict[str, Any]]


def new_product(body: Wire) -> Wire:
    """The one draft of a new product. Raises Invalid, NotFound."""
    drafts = checked(NewProduct, body)["drafts"]
    if len(drafts) != 1:
        raise Invalid("drafts: must hold exactly one draft")
    prototype = new_draft(drafts[0])
    if "name" not in prototype:
        raise Invalid("drafts[0].name: is required", code="missing")
    return prototype


def new_draft(body: Wire, product: str | None = None) -> Wire:
    """The fields of a new draft. `product`: the one in the path. Raises Invalid, NotFound."""
    prototype: Wire = checked(Prototype, body)
    if prototype.get("state", "draft") != "draft":
        raise Invalid("state: a new version is a draft; publish and retire are operations of their own")
    if len(prototype.get("contract_terms", [])) > 1:
        raise Invalid("contract_terms: a version has one")
    _check_product(prototype, product)
    _check_container(prototype)
    return prototype


def _check_container(prototype: Wire) -> None:
    """The container comes as `asset.container.id` or as `container.id`."""
    named = [place["container"]["id"] for place in (prototype.get("asset", {}), prototype) if "container" in place]
    if not named:
        raise Invalid("asset.container.id: is required", code="missing")
    for one in named:
        demand_catalog(one)


def _check_product(prototype: Wire, product: str | None) -> None:
    wanted = prototype.get("data_product", {}).get("id")
    if product is not None and wanted not in {None, product}:
        raise Invalid("data_product.id: is another product than the one in the path")
