"""The one catalog of this server, its container reference, and ids made of an asset and a container (contract 1.2)."""

from __future__ import annotations

from typing import Any

from souk.setup.catalogue import CATALOGUE

UID = "ibm-default-hub"
SUBTYPE = "ibm_data_product_catalog"


def container() -> dict[str, Any]:
    """A reference to the catalog. Clients of both generations read `type`."""
    return {"id": CATALOGUE, "type": "catalog"}


def version_id(asset: str) -> str:
    """The id of a draft, release or contract terms."""
    return f"{asset}@{CATALOGUE}"


def asset_reference(asset: str) -> dict[str, Any]:
    """An asset of the catalog."""
    return {"id": asset, "container": container()}
