"""The Data Product Exchange door as a client sees it: paths, JSON, errors read by contract 1.3, pages followed."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from tests.dpx.codes import CODES
from tests.wire.raw import Answer, Doc, Wire

B = "/data_product_exchange/v1"
PRODUCTS = f"{B}/data_products"
LISTS = "/v2/asset_lists"
PATCH = "application/json-patch+json"
PATTERN = re.compile(r'^[\w\.,:$&\(\)\s\-\_\^"]+$')
RFC3339 = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$")
DOMAIN = {"id": "b38df608-d34b-4d58-8136-ed25e6c6684e", "name": "Roasting"}


class Hub(Wire):
    """A client with one bearer token."""

    catalog = ""

    def __init__(self, url: str, token: str) -> None:
        super().__init__(url, {"authorization": f"Bearer {token}", "accept": "application/json"})

    def call(self, method: str, target: str, doc: Any = None, **headers: str) -> Answer:
        """A request that carries `doc` as JSON, or no body when it is None."""
        body = None if doc is None else json.dumps(doc).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        kind = {"content-type": PATCH if method == "PATCH" else "application/json"} if doc is not None else {}
        return self.send(method, target, body, self.headers | kind | named)

    def get(self, target: str) -> Any:
        """The body of a GET that succeeds."""
        return ok(self.call("GET", target))

    def post(self, target: str, doc: Any = None, status: int = 200) -> Any:
        """The body of a POST that succeeds with this status."""
        return ok(self.call("POST", target, doc), status)

    def patch(self, target: str, *operations: Doc) -> Any:
        """The body of a PATCH that succeeds."""
        return ok(self.call("PATCH", target, list(operations)))

    @property
    def container(self) -> Doc:
        """A reference to the catalog."""
        return {"id": self.catalog, "type": "catalog"}

    def prototype(self, **fields: Any) -> Doc:
        """A draft that may be published."""
        return {"name": fresh("Batches"), "asset": {"container": self.container}, "domain": DOMAIN} | fields

    def draft(self, **fields: Any) -> Doc:
        """The first draft of a new product."""
        made: Doc = self.post(PRODUCTS, {"drafts": [self.prototype(**fields)]}, 201)["drafts"][0]
        return made

    def release(self, **fields: Any) -> Doc:
        """A published version."""
        released: Doc = self.post(f"{place(self.draft(**fields))}/publish")
        return released

    def page(self, url: str = "https://example.com/batches") -> str:
        """The id of an asset that can be opened."""
        metadata = {"name": "Batches", "asset_type": "ibm_url_definition", "rov": {"mode": 0}}
        body = {"metadata": metadata, "entity": {"ibm_url_definition": {"url": url}}}
        made: str = self.post(f"/v2/assets?catalog_id={self.catalog}", body, 201)["asset_id"]
        return made

    def method(self, name: str) -> str:
        """The id of a delivery method, found as IBM's MCP server finds it."""
        target = f"/v2/asset_types/ibm_data_product_delivery_method/search?catalog_id={self.catalog}"
        found = self.post(target, {"query": "*:*", "sort": "asset.name"})["results"]
        ids: list[str] = [one["metadata"]["asset_id"] for one in found if one["metadata"]["name"] == name]
        return ids[0]

    def part(self, asset: str, *methods: str) -> Doc:
        """A part, with its delivery methods."""
        offered = [{"id": method, "container": self.container} for method in methods]
        return {
            "asset": {"id": asset, "type": "data_asset", "container": self.container},
            "delivery_methods": offered,
        }

    def order(self, release: Doc, asset: str, method: str) -> Doc:
        """The body of an order of one part, as the contract writes it."""
        version = {"id": release["asset"]["id"], "type": "ibm_data_product_version", "container": self.container}
        item = {
            "asset": {"metadata": {"id": asset, "type": "data_asset", "container": self.container}},
            "properties": {
                "data_product_id": release["data_product"]["id"],
                "delivery_method": {"asset_id": method, "catalog_id": self.catalog},
            },
        }
        return {
            "name": fresh("Order"),
            "description": "To plan shifts",
            "type": "order",
            "state": "received",
            "asset": {"asset": {"metadata": version}},
            "items": [item],
        }

    def pages(self, target: str, name: str, limit: int) -> list[Doc]:
        """Every item of a list, page by page, as the pagers of the client libraries follow it."""
        found: list[Doc] = []
        sign = "&" if "?" in target else "?"
        page = self.get(f"{target}{sign}limit={limit}")
        while True:
            assert page["limit"] == limit
            assert page["first"]["href"]
            assert len(page[name]) <= limit
            found += page[name]
            if "next" not in page:
                return found
            token = page["next"]["start"]
            assert PATTERN.match(token)
            assert len(token) <= 256
            assert f"start={token}" in page["next"]["href"]
            page = self.get(f"{target}{sign}limit={limit}&start={token}")


def ok(answer: Answer, status: int = 200) -> Any:
    """The body of an answer that must have this status."""
    assert answer.status == status, answer
    if status == 204:
        assert answer.body == b"", answer
        return None
    assert answer.kind == "application/json", answer
    return answer.json()


def refused(answer: Answer, *statuses: int) -> list[str]:
    """The codes of a refusal, in the one form that errors have (1.3)."""
    assert answer.status in statuses, answer
    assert answer.kind == "application/json", answer
    body = answer.json()
    assert body["trace"]
    assert body["errors"]
    assert all(error["message"] for error in body["errors"])
    codes = [error["code"] for error in body["errors"]]
    assert CODES.issuperset(codes), codes
    assert b"Traceback" not in answer.body
    return codes


def place(version: Doc, kind: str = "drafts") -> str:
    """The path of a draft or release."""
    return f"{PRODUCTS}/{version['data_product']['id']}/{kind}/{version['id']}"


def terms(version: Doc, kind: str = "drafts") -> str:
    """The path of a version's documents."""
    return f"{place(version, kind)}/contract_terms/{version['contract_terms'][0]['id']}/documents"


def fresh(name: str) -> str:
    """A name that nothing else has."""
    return f"{name} {uuid4().hex[:12]}"


def some_id() -> str:
    """An id that nothing has."""
    return str(uuid4())


def eventually(found: Callable[[], Any], seconds: float = 30) -> Any:
    """The first value that is not empty. Fails when there is none within the time."""
    until = time.monotonic() + seconds
    while not (value := found()):
        assert time.monotonic() < until, f"not so within {seconds} s"
        time.sleep(0.05)
    return value
