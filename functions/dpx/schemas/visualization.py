"""The body of the visualization calls (contract section 6)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from dpx.lens.content import Wire
from dpx.schemas.fields import AnyId, Shape, checked

MAX_ASSETS = 100


class Container(Shape):
    """The catalog that an asset is in."""

    id: AnyId


class Asset(Shape):
    """An asset."""

    id: AnyId
    container: Container | None = None


class Drawing(Shape):
    """A visualization that is there already."""

    id: str | None = None
    name: str | None = None


class Relationship(Shape):
    """An asset to be drawn, and the asset that it belongs to."""

    visualization: Drawing | None = None
    asset: Asset
    related_asset: Asset


class Wanted(Shape):
    """What is to be drawn."""

    assets: Annotated[list[Relationship], Field(min_length=1, max_length=MAX_ASSETS)]


def wanted_assets(body: Wire) -> list[Wire]:
    """The assets to be drawn. Raises Invalid."""
    assets: list[Wire] = checked(Wanted, body)["assets"]
    return assets
