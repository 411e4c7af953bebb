"""The door without a server, under a clock that stands where it is put."""

from __future__ import annotations

import json
from importlib import import_module
from typing import Any

from souk.identity import keys
from souk.store.sqlite import SqliteStore
from souk.work import run

ZERO = "0001-01-01T00:00:00Z"


class Client:
    """A caller with an organisation's key."""

    def __init__(self, store: SqliteStore) -> None:
        self.secret = run(store, lambda work: keys.create(work, "tests")).secret

    def call(self, operation: str, product: str = "", document: Any = None, method: str = "GET") -> Any:
        """The answer of an operation: its JSON, or its text."""
        answer = self.answer(operation, product, document, method)
        assert answer["statusCode"] < 300, answer
        as_json = answer["headers"].get("content-type") == "application/json"
        return json.loads(answer["body"]) if as_json else answer["body"]

    def answer(self, operation: str, product: str = "", document: Any = None, method: str = "GET") -> Any:
        """What the function hands over to the gateway."""
        event = {
            "version": "2.0",
            "rawPath": "/api/v1",
            "headers": {"authorization": f"Bearer {self.secret}"},
            "requestContext": {"http": {"method": method, "path": "/api/v1"}, "requestId": "request-1"},
            "pathParameters": {"productID": product} if product else {},
            "isBase64Encoded": False,
            "body": json.dumps(document) if document is not None else "",
        }
        return import_module(f"nav.operations.{operation}").handler(event, None)

    def register(self) -> str:
        """A product with a bucket."""
        store = {"type": "bucket", "project_id": "p", "bucket_id": "b"}
        document = {"name": "n", "description": "d", "team": "t", "datastore": [store]}
        return str(self.call("create_dataproduct", document=document, method="POST"))

    def grant(self, product: str, subject: str, expires: str | None = None) -> None:
        document = {"subject": subject, "type": "user", "expires": expires}
        self.call("grant_access", product, document, "POST")

    def revoke(self, product: str, subject: str) -> None:
        self.call("revoke_access", product, {"subject": subject, "type": "user"}, "DELETE")

    def access(self, product: str) -> dict[str, str]:
        found: dict[str, str] = self.call("get_dataproduct", product)["data_product"]["access"]
        return {key: end for key, end in found.items() if not key.startswith("group:")}

    def log(self, product: str) -> list[tuple[str, str, str, str]]:
        """Author, action, subject and end of each entry."""
        entries = self.call("get_access_log", product)
        return [(e["author"], e["action"], e["subject"], e["expires"]) for e in entries]
