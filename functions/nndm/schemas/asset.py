"""Assets (contract section 3.7)."""

from __future__ import annotations

from nndm.schemas.fields import Links, Object, Shape, Tags, Text


class Info(Shape):
    """All optional."""

    owner: str | None = None
    source: str | None = None
    source_id: str | None = None
    source_url: str | None = None
    type: str | None = None
    name: str | None = None
    qualified_name: str | None = None
    version: str | None = None
    status: str | None = None
    description: str | None = None


class Column(Shape):
    """One column of an asset."""

    name: str | None = None
    type: str | None = None
    description: str | None = None
    qualified_name: str | None = None
    tags: Tags = None
    links: Links = None


class Relationship(Shape):
    """The other asset need not exist yet."""

    relationship_type: str | None = None
    asset_id: str | None = None


class Asset(Shape):
    """An asset. `properties` hold any JSON (ruling R2)."""

    id: Text | None = None
    info: Info | None = None
    properties: Object = None
    columns: list[Column] | None = None
    relationships: list[Relationship] | None = None
    tags: Tags = None
    links: Links = None
