"""Bodies of the asset calls (contract 4.1)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from dpx.lens.asset import URL
from dpx.lens.content import Wire
from dpx.schemas.fields import Shape, Url, checked


class Visibility(Shape):
    """0: public, 8: by request, 16: private."""

    mode: Literal[0, 8, 16] = 0


class Metadata(Shape):
    """What every asset has."""

    name: Annotated[str, Field(min_length=1, max_length=256)]
    asset_type: Annotated[str, Field(min_length=1, max_length=100)]
    description: Annotated[str, Field(max_length=4000)] | None = None
    tags: list[str] | None = None
    rov: Visibility | None = None


class NewAsset(Shape):
    """An asset to be made."""

    metadata: Metadata
    entity: dict[str, dict[str, Any]] | None = None


class Hosted(Shape):
    """Something that can be opened."""

    url: Url


class Search(Shape):
    """A search over the assets of one type."""

    query: Annotated[str, Field(min_length=1)]
    limit: Annotated[int, Field(ge=1, le=200)] | None = None


def new_asset(body: Wire) -> Wire:
    """The asset to be made. Raises Invalid."""
    document: Wire = checked(NewAsset, body)
    if document["metadata"]["asset_type"] == URL:
        checked(Hosted, document.get("entity", {}).get(URL, {}))
    return document


def new_search(body: Wire) -> Wire:
    """The search to be made. Raises Invalid."""
    search: Wire = checked(Search, body)
    return search
