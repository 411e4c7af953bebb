"""What tests of the door do again and again: catalog, products, drafts, releases."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from souk.setup.catalogue import CATALOGUE
from souk.setup.methods import DOWNLOAD, OPEN_URL
from tests.dpx.driver import BASE, Answer, Api, Wire

CATALOG: Wire = {"id": CATALOGUE, "type": "catalog"}
DOMAIN: Wire = {"id": "b38df608-d34b-4d58-8136-ed25e6c6684e", "name": "Roasting"}
PRODUCTS = f"{BASE}/data_products"


def prototype(**fields: Any) -> Wire:
    """A draft that may be published."""
    return {"name": "Batches", "asset": {"container": {"id": CATALOGUE}}, "domain": DOMAIN} | fields


def part(asset: str, *methods: str, **more: Any) -> Wire:
    return {
        "asset": {"id": asset, "type": "data_asset", "container": CATALOG},
        "delivery_methods": [{"id": method, "container": CATALOG} for method in methods],
    } | more


class Hub:
    """A client that makes things which must succeed, and gives back what it was answered."""

    def __init__(self, api: Api) -> None:
        self.api = api

    def product(self, **fields: Any) -> Wire:
        """The draft of a new product."""
        answer = self.api.post(PRODUCTS, {"drafts": [prototype(**fields)]}).expect(201)
        draft: Wire = answer["drafts"][0]
        return draft

    def draft(self, product: str, **fields: Any) -> Wire:
        """A further draft of a product."""
        body = {"asset": {"container": {"id": CATALOGUE}}} | fields
        draft: Wire = self.api.post(f"{PRODUCTS}/{product}/drafts", body).expect(201)
        return draft

    def publish(self, draft: Wire) -> Answer:
        return self.api.post(f"{drafts(draft)}/publish")

    def release(self, **fields: Any) -> Wire:
        """A published version of a new product."""
        released: Wire = self.publish(self.product(**fields)).expect(200)
        return released

    def asset(self, mode: int = 0, name: str = "batches.csv") -> str:
        """The id of a new asset."""
        metadata = {"name": name, "asset_type": "data_asset", "rov": {"mode": mode}}
        body = {"metadata": metadata, "entity": {"data_asset": {}}}
        asset: str = self.api.post(f"/v2/assets?catalog_id={CATALOGUE}", body).expect(201)["asset_id"]
        return asset

    def document(self, draft: Wire, **fields: Any) -> Wire:
        """A new document of a draft's terms."""
        body = {"type": "sla", "name": "Promise"} | fields
        made: Wire = self.api.post(documents(draft), body).expect(201)
        return made

    def shown(self, version: Wire) -> Wire:
        """The version as it stands, draft or release."""
        place = drafts(version) if version["state"] == "draft" else releases(version)
        shown: Wire = self.api.get(place).expect(200)
        return shown


def drafts(version: Wire) -> str:
    return f"{PRODUCTS}/{version['data_product']['id']}/drafts/{version['id']}"


def releases(version: Wire) -> str:
    return f"{PRODUCTS}/{version['data_product']['id']}/releases/{version['id']}"


def documents(draft: Wire, document: Wire | None = None) -> str:
    place = f"{drafts(draft)}/contract_terms/{draft['contract_terms'][0]['id']}/documents"
    return f"{place}/{document['id']}" if document else place


def some_id() -> str:
    return str(uuid4())


__all__ = ["CATALOG", "CATALOGUE", "DOMAIN", "DOWNLOAD", "OPEN_URL", "PRODUCTS", "Hub"]
