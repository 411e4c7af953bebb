"""Products through each door with one vocabulary: make, list, read, find, change, end, and what is seen of them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import quote

from souk.ids import as_uuid, record_key
from souk.organisation.teams import UNASSIGNED as NO_TEAM
from tests.doors.callers import Caller, Doc, fresh

Seen = dict[str, Any]
"""What a door shows: title, description, owner, domain, ports (names), tags, datastore; only those it has words for."""
DATASTORE = {"type": "bigquery", "project_id": "roastery", "dataset_id": "stock", "resource_id": "batches"}

BUCKET = {"type": "bucket", "project_id": "roastery", "bucket_id": "spilled-beans"}


def encoded(id: str) -> str:
    """An id as one path segment."""
    return quote(id, safe="")


class Door(ABC):
    """One door; `env` is that of the run. `made` says what the last product that it made consists of."""

    name = ""
    stand_ins: ClassVar[Mapping[str, Any]] = {}
    """What is shown of a field that the record lacks."""

    def __init__(self, caller: Caller, env: Mapping[str, str]) -> None:
        self.caller, self.env = caller, env

    def shown_id(self, exact: str) -> str:
        """The id by which this door shows the product with this exact id."""
        return as_uuid("product", exact)

    @abstractmethod
    def make(self) -> tuple[str, Seen]:
        """A new product's exact id, and what it holds."""

    def document(self, shown: str) -> Doc | None:
        """The product as it reads; None when there is none."""
        answer = self.caller.call("GET", self.place(shown))
        assert answer.status in {200, 404}, answer
        found: Doc | None = answer.json() if answer.status == 200 else None
        return found

    @abstractmethod
    def place(self, shown: str) -> str:
        """Where it is read."""

    @abstractmethod
    def ids(self) -> list[str]:
        """The ids of all products in the door's list."""

    @abstractmethod
    def found(self, title: str) -> list[str]:
        """The ids of the products that the door finds by their name."""

    @abstractmethod
    def seen(self, document: Doc) -> Seen:
        """What the door shows of a product."""

    @abstractmethod
    def change(self, shown: str, title: str, description: str) -> None:
        """Give it another name and description, as this door's clients do."""

    @abstractmethod
    def rework(self, shown: str, held: Seen) -> Seen:
        """Give it another owner, domain, tags and ports, as far as this door has words for them. What it holds then."""

    @abstractmethod
    def end(self, shown: str) -> None:
        """Delete it; where a door has no such operation, retire it."""

    @abstractmethod
    def plain(self, document: Doc) -> Doc:
        """The document without what every change changes: name, description, times of change."""


class Nndm(Door):
    """Whole documents under ids that clients choose: here one that is neither a UUID nor fit for a URL."""

    name = "nndm"
    stand_ins: ClassVar[Mapping[str, Any]] = {"owner": NO_TEAM}

    def shown_id(self, exact: str) -> str:
        return exact

    def make(self) -> tuple[str, Seen]:
        exact, title = f"urn:dataproduct:kaffé:{fresh('stock')}", fresh("Green beans")
        ports = [
            {
                "id": "table",
                "name": "Batches table",
                "type": "bigquery",
                "server": {"project": "roastery", "dataset": "stock", "table": "batches"},
                "dataContractId": "green-beans",
                "autoApprove": False,
                "containsPii": True,
                "custom": {"aws-role-name": "reader"},
            },
            {"id": "stream", "name": "Arrivals", "type": "kafka", "server": {"topic": "arrivals"}, "tags": ["live"]},
        ]
        info = {
            "title": title,
            "description": "What lies in the warehouse",
            "owner": self.env["SOUK_OWNER_TEAM"],
            "domain": self.env["SOUK_DOMAIN_ID"],
            "status": "active",
            "archetype": "aggregate",
        }
        document = {"id": exact, "info": info, "inputPorts": [], "outputPorts": ports, "tags": ["beans"]}
        self.caller.done(200, "PUT", self.place(exact), document | {"custom": {"cost-centre": "7"}})
        return exact, {
            "title": title,
            "description": info["description"],
            "owner": info["owner"],
            "domain": info["domain"],
            "ports": ["Arrivals", "Batches table"],
            "tags": ["beans"],
            "datastore": DATASTORE,
        }

    def place(self, shown: str) -> str:
        return f"/api/dataproducts/{encoded(shown)}"

    def ids(self) -> list[str]:
        return [document["id"] for document in self.caller.done(200, "GET", "/api/dataproducts")]

    def found(self, title: str) -> list[str]:
        listed = self.caller.done(200, "GET", "/api/dataproducts")
        return [document["id"] for document in listed if document["info"]["title"] == title]

    def seen(self, document: Doc) -> Seen:
        info = document["info"]
        named = {name: info.get(name) for name in ("title", "description", "owner", "domain")}
        ports = sorted(port["name"] for port in document.get("outputPorts") or [])
        return {**named, "ports": ports, "tags": document.get("tags") or []}

    def change(self, shown: str, title: str, description: str) -> None:
        document = self.document(shown)
        assert document is not None
        document["info"] |= {"title": title, "description": description}
        self.caller.done(200, "PUT", self.place(shown), document)

    def rework(self, shown: str, held: Seen) -> Seen:
        document = self.document(shown)
        assert document is not None
        document["info"] |= {"owner": self.env["SOUK_OTHER_TEAM"], "domain": self.env["SOUK_DOMAIN_ID"]}
        document["tags"] = ["renewed"]
        document["outputPorts"] = [*(document.get("outputPorts") or []), {"id": "more", "name": "More"}]
        self.caller.done(200, "PUT", self.place(shown), document)
        told = {"owner": self.env["SOUK_OTHER_TEAM"], "domain": self.env["SOUK_DOMAIN_ID"], "tags": ["renewed"]}
        return held | told | {"ports": sorted([*held["ports"], "More"])}

    def end(self, shown: str) -> None:
        self.caller.done(200, "DELETE", self.place(shown))

    def plain(self, document: Doc) -> Doc:
        info = {name: value for name, value in document["info"].items() if name not in {"title", "description"}}
        return {**document, "info": info}


class Nav(Door):
    """Self-service products of at most one datastore."""

    name = "nav"

    def shown_id(self, exact: str) -> str:
        return exact if exact.isascii() else record_key("product", exact)

    def make(self) -> tuple[str, Seen]:
        body = {"name": fresh("Tickets"), "description": "Who waits for coffee", "team": self.env["SOUK_OWNER_TEAM"]}
        exact = self.caller.done(201, "POST", "/api/v1/dataproducts", {**body, "datastore": [DATASTORE]})
        return exact, {
            "title": body["name"],
            "description": body["description"],
            "owner": body["team"],
            "domain": None,
            "ports": ["batches"],
            "tags": [],
            "datastore": DATASTORE,
        }

    def place(self, shown: str) -> str:
        return f"/api/v1/dataproducts/{shown}"

    def ids(self) -> list[str]:
        return [product["id"] for product in self.caller.done(200, "GET", "/api/v1/dataproducts")]

    def found(self, title: str) -> list[str]:
        listed = self.caller.done(200, "GET", "/api/v1/dataproducts")
        return [product["id"] for product in listed if product["data_product"]["name"] == title]

    def seen(self, document: Doc) -> Seen:
        inner = document["data_product"]
        named = {"title": inner["name"], "description": inner.get("description"), "owner": inner.get("team")}
        return {**named, "datastore": (inner.get("datastore") or [None])[0]}

    def change(self, shown: str, title: str, description: str) -> None:
        self.caller.done(204, "PUT", self.place(shown), {"name": title, "description": description, "datastore": []})

    def rework(self, shown: str, held: Seen) -> Seen:
        team = self.env["SOUK_OTHER_TEAM"]
        self.caller.done(204, "PUT", self.place(shown), {"team": team, "datastore": [BUCKET]})
        added = [] if held["datastore"] else [BUCKET["bucket_id"]]
        return held | {"owner": team, "datastore": BUCKET, "ports": sorted([*held["ports"], *added])}

    def end(self, shown: str) -> None:
        self.caller.done(204, "DELETE", self.place(shown))

    def plain(self, document: Doc) -> Doc:
        inner = {name: v for name, v in document["data_product"].items() if name not in {"name", "description"}}
        return {"id": document["id"], "created": document["created"], "data_product": inner}
