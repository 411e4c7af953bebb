"""Access through each door with one vocabulary: who asks, decides, grants and ends, and what everybody sees of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from souk.ids import as_uuid, key_as_cuid, record_key
from souk.setup.catalogue import CATALOGUE
from tests.doors.callers import Caller, Doc, fresh
from tests.doors.products import DATASTORE, encoded
from tests.running import Running, eventually
from tests.wire.raw import Answer

PREFIX = "com.datamesh-manager.events.DataUsageAgreement"
FOR_EVER = "0001-01-01T00:00:00Z"
_AGREEMENTS = "/api/datausageagreements"


class World:
    """The run's people and doors. `key` speaks for the organisation; the others are people with tokens."""

    def __init__(self, souk: Running) -> None:
        self.env: Mapping[str, str] = souk.env
        self.key, self.manager, self.owner, self.other = (
            Caller(souk.url, souk.env[name])
            for name in ("SOUK_API_KEY", "SOUK_MANAGER_TOKEN", "SOUK_OWNER_TOKEN", "SOUK_OTHER_TOKEN")
        )
        self.url = souk.url

    @property
    def reader(self) -> str:
        """The e-mail of the person who owns nothing here."""
        return self.env["SOUK_OTHER_EMAIL"]

    # -- products ------------------------------------------------------------------------------------------------

    def restricted(self, *, exact: str = "", approves: bool = False) -> str:
        """A product of the owner's team, made by a pipeline, whose port asks for approval. Its exact id."""
        exact = exact or f"urn:dp:{fresh('roasts')}"
        server = {"project": "roastery", "dataset": "stock", "table": "batches"}
        port = {"id": "out", "name": "Out", "type": "bigquery", "server": server, "autoApprove": approves}
        info = {"title": fresh("Roasts"), "owner": self.env["SOUK_OWNER_TEAM"]}
        info["domain"] = self.env["SOUK_DOMAIN_ID"]
        self.key.done(
            200, "PUT", f"/api/dataproducts/{encoded(exact)}", {"id": exact, "info": info, "outputPorts": [port]}
        )
        return exact

    def self_service(self) -> str:
        """A product made by its owner in the door of grants."""
        body = {"name": fresh("Queue"), "description": "d", "team": self.env["SOUK_OWNER_TEAM"]}
        exact: str = self.owner.done(201, "POST", "/api/v1/dataproducts", {**body, "datastore": [DATASTORE]})
        return exact

    # -- agreements ----------------------------------------------------------------------------------------------

    def agreements(self, product: str) -> list[Doc]:
        """Every agreement whose provider the product is."""
        found = self.key.done(200, "GET", _AGREEMENTS)
        return [one for one in found if one["provider"]["dataProductId"] == product]

    def agreement(self, exact: str) -> Doc:
        """The agreement with this id."""
        found: Doc = self.key.done(200, "GET", f"{_AGREEMENTS}/{encoded(exact)}")
        return found

    def put_agreement(self, by: Caller, exact: str, document: Doc) -> Answer:
        """A whole agreement, new or again."""
        return by.call("PUT", f"{_AGREEMENTS}/{encoded(exact)}", document)

    def act(self, by: Caller, exact: str, action: str) -> Answer:
        """approve, reject or cancel."""
        return by.call("POST", f"{_AGREEMENTS}/{encoded(exact)}/{action}")

    def told(self, exact: str) -> list[str]:
        """What the feed says of an access, in order."""
        return [event["type"].removeprefix(PREFIX).removesuffix("Event") for event in self.events(exact)]

    def events(self, subject: str) -> list[Doc]:
        """The feed's agreement events of this subject."""
        return [one for one in self.feed() if one["subject"] == subject and one["type"].startswith(PREFIX)]

    def feed(self, after: str = "") -> list[Doc]:
        """The feed from a position on."""
        found: list[Doc] = []
        while batch := self.key.done(200, "GET", f"/api/events?longPolling=false&lastEventId={after}"):
            found += batch
            after = batch[-1]["id"]
        return found

    def tells(self, exact: str, *names: str) -> None:
        """Wait until the feed has said this of an access, and nothing else."""
        eventually(lambda: len(self.told(exact)) >= len(names))
        assert self.told(exact) == list(names)

    # -- requests ------------------------------------------------------------------------------------------------

    def request_place(self, product: str) -> str:
        """Where requests for a product are made and listed."""
        return f"/api/data-product/{as_uuid('product', product)}/request"

    def request(self, product: str, by: Caller | None = None, user: str = "", columns: list[Doc] | None = None) -> Doc:
        """A new request, for the other person unless somebody else is named."""
        body: Doc = {"user": user or self.env["SOUK_OTHER_ID"]} | ({"columns": columns} if columns else {})
        place = self.request_place(product) + ("/masking-exception" if columns else "")
        made: Doc = (by or self.other).done(201, "POST", place, body)
        return made

    def requests(self, product: str, query: str = "") -> list[Doc]:
        """The requests for a product, the latest first."""
        found: list[Doc] = self.manager.done(200, "GET", f"{self.request_place(product)}?limit=100{query}")["data"]
        return found

    def request_of(self, exact: str) -> Doc:
        """The request that an access is in this door, by the rule for ids."""
        place = f"/api/access-request/{key_as_cuid(record_key('access', exact))}"
        found: Doc = self.manager.done(200, "GET", place)
        return found

    def determine(self, by: Caller, request: Doc, status: str, **more: Any) -> Answer:
        """Decide the first open approval record of a request."""
        records = self.manager.done(200, "GET", f"/api/access-request/{request['id']}/records")["approvalRecords"]
        target = next((one["id"] for one in records if one["status"] == "PENDING"), records[0]["id"])
        return by.call("PUT", f"/api/approval-record/{target}", {"status": status, **more})

    # -- grants --------------------------------------------------------------------------------------------------

    def nav_id(self, product: str) -> str:
        """The product's id in the door of grants: these are all fit for a URL."""
        return product

    def access_map(self, product: str) -> dict[str, str]:
        """Who has access now, and until when; without the owner team's own entry."""
        product_shown = self.manager.done(200, "GET", f"/api/v1/dataproducts/{self.nav_id(product)}")
        held: dict[str, str] = dict(product_shown["data_product"]["access"])
        held.pop(f"group:{self.env['SOUK_OWNER_TEAM']}@nav.no", None)
        return held

    def grant(self, by: Caller, product: str, subject: str, until: datetime | None = None) -> Answer:
        """Access from now on."""
        body: Doc = {"subject": subject, "type": "user"} | ({"expires": until.isoformat()} if until else {})
        return by.call("POST", f"/api/v1/access/{self.nav_id(product)}", body)

    def withdraw(self, by: Caller, product: str, subject: str) -> Answer:
        """The end of a subject's access."""
        return by.call("DELETE", f"/api/v1/access/{self.nav_id(product)}", {"subject": subject, "type": "user"})

    def log(self, product: str) -> list[Doc]:
        """The access log, newest first."""
        found: list[Doc] = self.manager.done(200, "GET", f"/api/v1/access/{self.nav_id(product)}")
        return found

    # -- orders --------------------------------------------------------------------------------------------------

    def order(self, by: Caller, release: Doc) -> Doc:
        """An order of every part of a release."""
        items = [
            {
                "asset": {"metadata": part["asset"]},
                "properties": {
                    "data_product_id": release["data_product"]["id"],
                    "delivery_method": {"asset_id": part["delivery_methods"][0]["id"], "catalog_id": CATALOGUE},
                },
            }
            for part in release["parts_out"]
        ]
        metadata = {"id": release["asset"]["id"], "type": "ibm_data_product_version", "container": {"id": CATALOGUE}}
        body: Doc = {"name": fresh("Order"), "description": "d", "type": "order", "state": "received"}
        body |= {"asset": {"asset": {"metadata": metadata}}, "items": items}
        made: Doc = by.done(201, "POST", "/v2/asset_lists", body)
        return made


def seen_everywhere(world: World, exact: str, product: str) -> tuple[str, bool, str, dict[str, str]]:
    """Status and activity as agreements tell them, the request's status, and the access map."""
    info = world.agreement(exact)["info"]
    return info["status"], info["active"], world.request_of(exact)["status"], world.access_map(product)


def soon(seconds: float) -> datetime:
    """A whole second that far ahead, at least."""
    return (datetime.now(UTC) + timedelta(seconds=seconds + 1)).replace(microsecond=0)


def once(condition: Callable[[], object]) -> None:
    """Wait for it."""
    eventually(condition, 30)
