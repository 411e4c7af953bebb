"""What tests of two doors share: a product as the other door writes it, and how it shows here."""

from __future__ import annotations

from typing import Any

from tests.dpx.driver import Api, Wire
from tests.dpx.hub import CATALOGUE, PRODUCTS

PORT: Wire = {
    "id": "batches",
    "name": "Batches table",
    "type": "postgres",
    "status": "active",
    "server": {"database": "roastery"},
    "containsPii": True,
    "autoApprove": True,
    "custom": {"x": 1},
}


def document(id: str, **info: Any) -> Wire:
    base = {"title": "Stock", "owner": "owners", "description": "What is there, & more!", "domain": "warehouse"}
    return {
        "dataProductSpecification": "0.0.1",
        "id": id,
        "info": base | info,
        "outputPorts": [PORT],
        "tags": ["beans"],
        "custom": {"cost": "1"},
    }


def only_release(api: Api, product: str) -> Wire:
    (release,) = api.get(f"{PRODUCTS}/{product}/releases").expect(200)["releases"]
    found: Wire = release
    return found


def place(product: str) -> str:
    return f"{PRODUCTS}/{product}/releases/{product}@{CATALOGUE}"
