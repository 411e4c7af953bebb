"""Bodies of the asset list calls (contract 4.3)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from dpx.lens.content import DIALECT, Wire
from dpx.paths import demand_catalog
from dpx.schemas.fields import AnyId, Shape, checked
from souk.errors import Invalid
from souk.orders.model import MAX_ITEMS
from souk.orders.placing import Wanted, WantedItem
from souk.setup.catalogue import CATALOGUE

_KNOWN = frozenset({"name", "description", "type", "state", "asset", "items", "properties"})


class Container(Shape):
    """The catalog that an asset is in."""

    id: AnyId


class Metadata(Shape):
    """Which asset is meant."""

    id: AnyId
    container: Container | None = None


class Inner(Shape):
    """An asset by its metadata."""

    metadata: Metadata


class Subject(Shape):
    """The version that is ordered: the contract nests it twice."""

    asset: Inner


class Method(Shape):
    """A delivery method, and what it needs to know of the consumer."""

    asset_id: AnyId
    catalog_id: AnyId | None = None
    properties: dict[str, Any] | None = None


class Whole(Shape):
    """What an order may say of itself as a whole: the product can only be the version's own."""

    data_product_id: AnyId | None = None


class Properties(Whole):
    """How an item is to be delivered."""

    delivery_method: Method | None = None


class OrderedItem(Shape):
    """A part."""

    asset: Inner
    properties: Properties | None = None


class NewOrder(Shape):
    """An order to be placed."""

    name: Annotated[str, Field(min_length=1, max_length=256)]
    description: Annotated[str, Field(max_length=4000)] | None = None
    type: Literal["order"]
    state: Literal["received"] | None = None
    asset: Subject
    properties: Whole | None = None
    items: Annotated[list[OrderedItem], Field(min_length=1, max_length=MAX_ITEMS)]


class Report(Shape):
    """What an external system says of an item."""

    data_product_delivery_state: Literal["delivered", "failed"] | None = None


def new_order(body: Wire) -> Wanted:
    """The order to be placed. Raises Invalid, NotFound (a catalog that is not here)."""
    sent: Wire = checked(NewOrder, body)
    for one in (sent, *sent["items"]):
        _demand_place(one)
    others = {key: value for key, value in sent.items() if key not in _KNOWN}
    told = [one.get("properties", {}).get("data_product_id") for one in (sent, *sent["items"])]
    return Wanted(
        name=sent["name"],
        description=sent.get("description", ""),
        version=sent["asset"]["asset"]["metadata"]["id"].partition("@")[0],
        items=tuple(_item(one) for one in sent["items"]),
        dialect=DIALECT,
        view={"others": others, "properties": sent.get("properties", {})},
        products=frozenset(one for one in told if one is not None),
    )


def _demand_place(sent: Wire) -> None:
    """The version is a subject nested twice, a part once. Raises NotFound for assets of another catalog."""
    asset = sent["asset"].get("asset", sent["asset"])
    container = asset["metadata"].get("container")
    if container is not None:
        demand_catalog(container["id"])


def _item(sent: Wire) -> WantedItem:
    method = sent.get("properties", {}).get("delivery_method", {})
    demand_catalog(method.get("catalog_id", CATALOGUE))
    given = method.get("properties", {})
    return WantedItem(sent["asset"]["metadata"]["id"], method.get("asset_id"), given, sent)


def report_of(patched: Wire) -> tuple[str, list[Wire]]:
    """State and outputs after a patch. Raises Invalid."""
    checked(Report, patched)
    output = patched.get("output")
    told = output if isinstance(output, list) else [output] if output else []
    if len(told) > MAX_ITEMS:
        raise Invalid(f"output: an item has {MAX_ITEMS} outputs at most")
    return patched.get("data_product_delivery_state", "in_progress"), [_output(one, n) for n, one in enumerate(told)]


def _output(told: Any, number: int) -> Wire:
    """An address that may be opened shows as one; anything else is kept as it was told."""
    named = told if isinstance(told, dict) else {}
    url = named.get("url") if isinstance(told, dict) else told
    name = named.get("name")
    output: Wire = {"name": name if isinstance(name, str) else f"output {number + 1}", "kind": "external", "told": told}
    if isinstance(url, str) and url.startswith(("https://", "http://")):
        output["url"] = url
    return output
