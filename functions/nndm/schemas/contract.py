"""Data contracts (contract section 3.2): checked no deeper than that section says; real ones break their schemas."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

from nndm.lens.contract import is_odcs
from nndm.schemas.fields import Links, Object, Shape, Tags, Text
from souk.catalogue import Document


class Info(Shape):
    """Free extra keys."""

    title: Text
    version: Text
    owner: str | None = None
    contact: Object = None


class DataContract(Shape):
    """A contract of the Data Contract Specification."""

    data_contract_specification: Text
    id: Text
    info: Info
    servers: Object = None
    terms: Object = None
    models: Object = None
    definitions: Object = None
    schema_: Object = Field(default=None, alias="schema")
    examples: list[dict[str, Any]] | None = None
    quality: Object = None
    servicelevels: Object = None
    tags: Tags = None
    links: Links = None


class OdcsContract(Shape):
    """A contract of the Open Data Contract Standard."""

    id: Text
    kind: Literal["DataContract"]
    api_version: Text
    servers: list[dict[str, Any]] | None = None


def contract_models(document: Document) -> tuple[type[BaseModel], ...]:
    """What the document is held against. Version 3 of the open standard has a model that its authors keep."""
    if not is_odcs(document):
        return (DataContract,)
    version = document["apiVersion"]
    if not (isinstance(version, str) and version.lower().removeprefix("v").startswith("3.")):
        return (OdcsContract,)
    from open_data_contract_standard.model import OpenDataContractStandard

    return OdcsContract, OpenDataContractStandard
