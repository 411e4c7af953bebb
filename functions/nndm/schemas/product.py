"""Data products (contract section 3.1), and Bitol's form of them (X5)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, PlainValidator, WithJsonSchema

from nndm.lens.product import BITOL, form_of
from nndm.schemas.fields import Common, Object, Shape, Tags, Text
from souk.catalogue import Document


def _asset(value: Any) -> Any:
    named = (value.get("id"), value.get("assetId")) if isinstance(value, dict) else (value,)
    if not any(isinstance(name, str) and name.strip() for name in named):
        raise ValueError("must be the id of an asset, or an object with id or assetId")
    return value


_NAMED = {"type": "string", "pattern": r"\S"}
_REFERENCE = {"type": "object", "anyOf": [{"required": [n], "properties": {n: _NAMED}} for n in ("id", "assetId")]}
Assets = list[Annotated[Any, PlainValidator(_asset), WithJsonSchema({"anyOf": [_NAMED, _REFERENCE]})]] | None


class Info(Shape):
    """`status`, `archetype` and `maturity` are open lists."""

    title: Text
    owner: Text
    description: str | None = None
    domain: str | None = None
    status: str | None = None
    archetype: str | None = None
    maturity: str | None = None


class InputPort(Common):
    """Where data comes in."""

    id: Text
    name: Text
    source_system_id: Text
    description: str | None = None
    type: str | None = None
    location: str | None = None


class OutputPort(Common):
    """Where data goes out."""

    id: Text
    name: Text
    description: str | None = None
    type: str | None = None
    status: str | None = None
    location: str | None = None
    server: Object = None
    contains_pii: bool | None = None
    auto_approve: bool | None = None
    data_contract_id: str | None = None
    assets: Assets = None


def _unique(ports: list[OutputPort] | None) -> list[OutputPort] | None:
    ids = [port.id for port in ports or ()]
    twice = sorted({id for id in ids if ids.count(id) > 1}) if len(set(ids)) < len(ids) else []
    if twice:
        raise ValueError(f"the id '{twice[0]}' stands twice; ids of output ports are unique within a data product")
    return ports


class DataProduct(Common):
    """A data product of the Data Product Specification."""

    data_product_specification: str | None = None
    id: Text
    info: Info
    input_ports: list[InputPort] | None = None
    output_ports: Annotated[list[OutputPort] | None, AfterValidator(_unique)] = None
    assets: Assets = None


class BitolProduct(Shape):
    """A data product of the Open Data Product Standard: checked no deeper than it is read."""

    id: Text
    kind: Literal["DataProduct"]
    api_version: Text
    name: str | None = None
    status: str | None = None
    domain: str | None = None
    tags: Tags = None
    input_ports: list[dict[str, Any]] | None = None
    output_ports: list[dict[str, Any]] | None = None


def product_model(document: Document) -> type[BaseModel]:
    """The model of the document's form."""
    return BitolProduct if form_of(document) is BITOL else DataProduct
