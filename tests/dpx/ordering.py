"""What tests of orders do again and again: people, ordering, waiting for a delivery."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from reactions import start_deliveries
from souk.documents import objects
from souk.identity import keys
from souk.setup.catalogue import CATALOGUE
from souk.store import clients
from souk.store.port import Store
from souk.work import run
from tests.dpx.driver import Api, Wire
from tests.dpx.hub import Hub, part
from tests.dpx.machines import Machines

LISTS = "/v2/asset_lists"
THEIRS = "bucket-of-the-consumer"


def asset(hub: Hub, **document: Any) -> str:
    """The id of an asset with these fields beside its metadata."""
    metadata = {"name": "batches.csv", "asset_type": "data_asset", "rov": {"mode": 0}} | document.pop("metadata", {})
    body = {"metadata": metadata, **document}
    made: str = hub.api.post(f"/v2/assets?catalog_id={CATALOGUE}", body).expect(201)["asset_id"]
    return made


def file_asset(hub: Hub, key: str = "data/batches.csv", text: bytes = b"batch\n1\n") -> str:
    """An asset whose bytes lie in the own bucket."""
    objects.write(key, text, "text/csv")
    return asset(hub, attachments=[{"asset_type": "data_asset", "object_key": key}])


def page_asset(hub: Hub, url: str = "https://example.com/batches") -> str:
    """An asset that can be opened."""
    return asset(hub, metadata={"asset_type": "ibm_url_definition"}, entity={"ibm_url_definition": {"url": url}})


def order_of(release: Wire, *parts: tuple[str, str | None], **given: Any) -> Wire:
    """The body of an order: parts as (asset, delivery method)."""
    container = {"id": CATALOGUE, "type": "catalog"}
    items = []
    for asset_id, method in parts:
        properties: Wire = {"data_product_id": release["data_product"]["id"]}
        if method:
            properties["delivery_method"] = {"asset_id": method, "catalog_id": CATALOGUE, "properties": given}
        metadata = {"id": asset_id, "type": "data_asset", "container": container}
        items.append({"asset": {"metadata": metadata}, "properties": properties})
    version = {"id": release["asset"]["id"], "type": "ibm_data_product_version", "container": container}
    return {
        "name": "Batches for us",
        "description": "To plan shifts",
        "type": "order",
        "state": "received",
        "asset": {"asset": {"metadata": version}},
        "items": items,
    }


@dataclass
class Shop:
    """A shop: whoever sells, whoever orders, and the machines that deliver."""

    hub: Hub
    store: Store
    machines: Machines

    def __post_init__(self) -> None:
        self.buyer = self.customer("buyer")

    def customer(self, name: str) -> Api:
        """A further client, with a key of its own."""
        return Api(self.store, run(self.store, lambda work: keys.create(work, name)).secret)

    def release(self, *parts: tuple[str, str], **fields: Any) -> Wire:
        """A release of these parts, each with its delivery method."""
        shown = [part(asset_id, method) for asset_id, method in parts]
        return self.hub.release(parts_out=shown, **fields)

    def order(self, release: Wire, *parts: tuple[str, str | None], by: Api | None = None, **given: Any) -> Wire:
        """An order that is placed, and delivered as far as it can be."""
        placed: Wire = (by or self.buyer).post(LISTS, order_of(release, *parts, **given)).expect(201)
        self.machines.finish()
        return placed

    def shown(self, order: Wire, by: Api | None = None) -> Wire:
        shown: Wire = (by or self.buyer).get(f"{LISTS}/{order['id']}").expect(200)
        return shown

    def items(self, order: Wire) -> list[Wire]:
        items: list[Wire] = self.buyer.get(f"{LISTS}/{order['id']}/items").expect(200)["items"]
        return items

    def states(self, order: Wire) -> list[str]:
        return [item["properties"]["data_product_delivery_state"] for item in self.items(order)]

    def outputs(self, order: Wire) -> list[Wire]:
        """Every output asset of the order."""
        ids = [out["asset_id"] for item in self.items(order) for out in item["properties"]["assets_out"]]
        return [self.buyer.get(f"/v2/assets/{one}?catalog_id={CATALOGUE}").expect(200) for one in ids]

    def decide(self, order: Wire, state: str, by: Api | None = None) -> Wire:
        """Patch the order's state, and let what follows from it happen."""
        change = [{"op": "replace", "path": "/state", "value": state}, {"op": "add", "path": "/message", "value": "ok"}]
        decided: Wire = (by or self.hub.api).patch(f"{LISTS}/{order['id']}", *change).expect(200)
        self.machines.finish()
        return decided

    def access_of(self, order: Wire) -> str:
        """The access that the order rests on."""
        from souk.work import Work

        access: str = Work(self.store).get("order", order["id"]).body["card"]["access"]
        return access

    def hear(self, order: Wire) -> None:
        """What the bus does after an access was decided elsewhere."""
        start_deliveries.handler({"detail": {"data": {"id": self.access_of(order)}}})
        self.machines.finish()


def url_of(output: Wire) -> str:
    url: str = output["entity"]["ibm_url_definition"]["url"]
    return url


def contents(bucket: str) -> dict[str, bytes]:
    """Every object of a bucket."""
    s3 = clients.client("s3")
    keys = [one["Key"] for one in s3.list_objects_v2(Bucket=bucket).get("Contents", [])]
    return {key: s3.get_object(Bucket=bucket, Key=key)["Body"].read() for key in keys}


def reasons(shop: Shop, order: Wire) -> list[str]:
    return [item["properties"].get("data_product_delivery_message", "") for item in shop.items(order)]
