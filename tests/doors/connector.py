"""A permission connector, written as the public integrations are: it knows the feed and the agreements alone.

It polls the feed. On an activation it reads the agreement and its product, grants, and writes the whole agreement back
with tags of its own; on a deactivation it takes the grant away and writes back again.
"""

from __future__ import annotations

from tests.doors.accesses import PREFIX
from tests.doors.callers import Caller, Doc
from tests.doors.products import encoded

ACTIVATED, DEACTIVATED = f"{PREFIX}ActivatedEvent", f"{PREFIX}DeactivatedEvent"


class Connector:
    """`granted` is what it has provisioned: agreement id -> (consumer, product)."""

    def __init__(self, caller: Caller) -> None:
        self.caller = caller
        self.granted: dict[str, tuple[str, str]] = {}
        self.written = 0
        self._last = ""
        self._batch()

    def poll(self) -> dict[str, tuple[str, str]]:
        """Take what is new in the feed; what is granted now."""
        for event in self._batch():
            if event["type"] == ACTIVATED:
                self._provision(event["data"]["id"])
            if event["type"] == DEACTIVATED:
                self._take_away(event["data"]["id"])
        return self.granted

    def _batch(self) -> list[Doc]:
        found: list[Doc] = []
        while batch := self.caller.done(200, "GET", f"/api/events?longPolling=false&lastEventId={self._last}"):
            self._last = batch[-1]["id"]
            found += batch
        return found

    def _provision(self, exact: str) -> None:
        agreement = self._read("datausageagreements", exact)
        if agreement is None or not agreement["info"]["active"]:
            return
        provider, consumer = agreement["provider"], agreement["consumer"]
        product = self._read("dataproducts", provider["dataProductId"])
        assert product is not None
        ports = {port["id"] for port in product.get("outputPorts") or []}
        assert provider["outputPortId"] in ports | {"*"}
        who = consumer.get("userId") or consumer.get("teamId") or consumer["dataProductId"]
        self.granted[agreement["info"]["id"]] = (who, product["id"])
        agreement["tags"] = [*agreement.get("tags", []), "aws-integration", "aws-integration-active"]
        agreement["custom"] = agreement.get("custom", {}) | {"aws-policy": f"grant-{len(self.granted)}"}
        self._write(agreement)

    def _take_away(self, exact: str) -> None:
        agreement = self._read("datausageagreements", exact)
        self.granted.pop(exact, None)
        if agreement is not None:
            agreement["tags"] = [*agreement.get("tags", []), "aws-integration-inactive"]
            self._write(agreement)

    def _write(self, agreement: Doc) -> None:
        self.caller.done(200, "PUT", f"/api/datausageagreements/{encoded(agreement['id'])}", agreement)
        self.written += 1

    def _read(self, kind: str, exact: str) -> Doc | None:
        answer = self.caller.call("GET", f"/api/{kind}/{encoded(exact)}")
        assert answer.status in {200, 404}, answer
        found: Doc | None = answer.json() if answer.status == 200 else None
        return found
