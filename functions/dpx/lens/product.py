"""Data products: with their versions, and as lists show them."""

from __future__ import annotations

from typing import Any

from dpx.lens.catalog import container
from dpx.lens.version import Names, show_version
from souk.releases.model import DRAFT, Version
from souk.releases.reading import latest_release

Wire = dict[str, Any]


def show_product(uuid: str, name: str, versions: list[Version], names: Names) -> Wire:
    """The product, its newest available release if there is one, and its drafts."""
    latest = latest_release(versions)
    shown = {**show_summary(uuid, name), "drafts": [show_version(one, names) for one in versions if one.state == DRAFT]}
    return shown | ({"latest_release": show_version(latest, names)} if latest else {})


def show_summary(uuid: str, name: str) -> Wire:
    """The product as a list shows it."""
    return {"id": uuid, "name": name, "container": container()}
