"""The NAV door as a client sees it: JSON in, JSON or bare text out, by token or cookie."""

from __future__ import annotations

import json
import re
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.wire.raw import Answer, Doc, Wire

ZERO = "0001-01-01T00:00:00Z"
UNREADABLE = "unable to deserialize request document\n"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{0,8}[1-9])?Z")
JSON_TYPE = {"content-type": "application/json"}


def fresh(prefix: str = "x") -> str:
    """A name that nobody has used."""
    return f"{prefix}-{uuid.uuid4().hex[:12]}"


def mail(prefix: str = "somebody") -> str:
    """An e-mail that nobody has."""
    return f"{fresh(prefix)}@nav.no"


def moment(seconds: float) -> str:
    """The instant so many seconds from now."""
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")


def bucket(name: str = "really-cool-data") -> Doc:
    return {"type": "bucket", "project_id": "aura-dev-d9f5", "bucket_id": name}


def bigquery(name: str = "table") -> Doc:
    return {"type": "bigquery", "project_id": "p", "dataset_id": "d", "resource_id": name}


class Door(Wire):
    """A client with one credential, or none."""

    def __init__(self, url: str, token: str | None = None, email: str = "", team: str = "") -> None:
        super().__init__(url, {"authorization": f"Bearer {token}"} if token else {})
        self.token, self.email, self.team = token, email, team

    def call(self, method: str, target: str, doc: Any = None) -> Answer:
        """A request that carries `doc` as JSON, or no body when it is None."""
        body = None if doc is None else json.dumps(doc).encode()
        return self.send(method, f"/api/v1/{target}", body, self.headers | ({} if doc is None else JSON_TYPE))

    def raw(self, method: str, target: str, body: bytes) -> Answer:
        """A request whose body is exactly this."""
        return self.send(method, f"/api/v1/{target}", body, self.headers | JSON_TYPE)

    def register(self, **fields: Any) -> str:
        """A new product of this caller's team; its id."""
        answer = self.call("POST", "dataproducts", registration(**{"team": self.team} | fields))
        assert answer.status == 201, answer
        return answer.body.decode()

    def shown(self, id: str) -> Doc:
        """The product object."""
        answer = self.call("GET", f"dataproducts/{id}")
        assert answer.status == 200, answer
        found: Doc = answer.json()
        return found

    def access(self, id: str) -> Doc:
        """The access map."""
        found: Doc = self.shown(id)["data_product"]["access"]
        return found

    def listed(self) -> dict[str, Doc]:
        """The list of products, by id."""
        answer = self.call("GET", "dataproducts")
        assert answer.status == 200, answer
        return {product["id"]: product for product in answer.json()}

    def log(self, id: str) -> list[Doc]:
        """The access log."""
        answer = self.call("GET", f"access/{id}")
        assert answer.status == 200, answer
        found: list[Doc] = answer.json()
        return found

    def grant(self, id: str, subject: str, type: str = "user", **more: Any) -> Answer:
        return self.call("POST", f"access/{id}", {"subject": subject, "type": type} | more)

    def revoke(self, id: str, subject: str, type: str = "user") -> Answer:
        return self.call("DELETE", f"access/{id}", {"subject": subject, "type": type})


def registration(**fields: Any) -> Doc:
    """What registers a product with a bucket."""
    return {"name": "cool data", "description": "very cool!", "team": "aura", "datastore": [bucket()]} | fields


def done(answer: Answer) -> None:
    """A change that was made: 204 and nothing more."""
    assert (answer.status, answer.body) == (204, b""), answer


def refused(answer: Answer, status: int, words: str) -> None:
    """A refusal in exactly these words, as bare text."""
    assert (answer.status, answer.body.decode()) == (status, words), answer
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"


def entries(log: list[Doc]) -> list[tuple[str, str, str]]:
    """Author, action and subject of each entry."""
    return [(entry["author"], entry["action"], entry["subject"]) for entry in log]


def at(text: str) -> datetime:
    """The instant that a time of this API tells."""
    assert MOMENT.fullmatch(text), text
    return datetime.fromisoformat(text)
