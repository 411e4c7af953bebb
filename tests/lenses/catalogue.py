"""Writes through every door, and everything that all doors show of a product."""

from __future__ import annotations

import copy
from typing import Any
from uuid import uuid4

from souk.events.sequencer import drain
from souk.ids import as_uuid, record_key
from souk.products.card import Card
from souk.store.port import Store
from souk.work import Work
from tests.doors.callers import Doc, fresh
from tests.doors.products import Door, encoded
from tests.lenses.documents import Write
from tests.wire.raw import Answer

_HUB = "/data_product_exchange/v1/data_products"
SHAPES = ("{}", "urn:dp:{}", "kaffé {}", "dp-{}")
_TIMES = {"updatedAt", "updated", "last_updated_at", "updated_at"}
Snapshot = dict[str, Any]


class Catalogue:
    """One store behind four doors."""

    def __init__(self, store: Store, doors: dict[str, Door], env: dict[str, str]) -> None:
        self.store, self.doors, self.env = store, doors, env
        self.position = ""

    # -- writing -------------------------------------------------------------------------------------------------

    def make(self, write: Write, shape: str) -> str | None:
        """A new product's exact id, or None when the door refuses it."""
        if write.door == "nndm":
            exact = shape.format(uuid4())
            return exact if self._put(exact, write.body).status == 200 else None
        if write.door == "nav":
            answer = self._call("nav", "POST", "/api/v1/dataproducts", write.body)
            return answer.body.decode() if answer.status == 201 else None
        if write.door == "immuta":
            body = {**write.body, "requestFormId": self.env["SOUK_FORM_ID"]}
            answer = self._call("immuta", "POST", "/api/data-product", body)
            return answer.json()["id"] if answer.status == 201 else None
        return self._release(self._call("dpx", "POST", _HUB, {"drafts": [write.body]}))

    def change(self, exact: str, write: Write) -> Answer | None:
        """A write to a product. None where the door has nothing to write to."""
        uuid = as_uuid("product", exact)
        if write.door == "nndm":
            return self._put(exact, write.body)
        if write.door == "nav":
            return self._call("nav", "PUT", self.doors["nav"].place(self.nav_id(exact)), write.body)
        if write.door == "immuta":
            return self._govern(uuid, write.body)
        return self._publish(uuid, write.body) if write.publish else self._patch(uuid, write.body)

    def write_back(self, exact: str, write: Write) -> Answer:
        """A write of what the door showed, under the names that it showed."""
        uuid = as_uuid("product", exact)
        answer = self._patch(uuid, write.body) if write.door == "dpx" else self.change(exact, write)
        assert answer is not None
        return answer

    def _govern(self, uuid: str, body: Doc) -> Answer:
        """Data sources have an operation of their own."""
        place = f"/api/data-product/{uuid}"
        return self._call("immuta", "PUT", f"{place}/datasources" if body.keys() == {"dataSources"} else place, body)

    def _put(self, exact: str, body: Doc) -> Answer:
        return self._call("nndm", "PUT", f"/api/dataproducts/{encoded(exact)}", {**body, "id": exact})

    def _patch(self, uuid: str, fields: Doc) -> Answer | None:
        latest = self.doors["dpx"].document(uuid)
        operations = [{"op": "add", "path": f"/{name}", "value": value} for name, value in fields.items()]
        place = f"{_HUB}/{uuid}/releases/{encoded(latest['id'])}" if latest else ""
        return self._call("dpx", "PATCH", place, operations) if latest else None

    def _publish(self, uuid: str, fields: Doc) -> Answer | None:
        container = {"asset": {"container": {"id": self.doors["dpx"].container}}}  # type: ignore[attr-defined]
        draft = self._call("dpx", "POST", f"{_HUB}/{uuid}/drafts", fields | container)
        return (
            draft
            if draft.status != 201
            else self._call("dpx", "POST", f"{_HUB}/{uuid}/drafts/{encoded(draft.json()['id'])}/publish")
        )

    def _release(self, made: Answer) -> str | None:
        draft = made.json()["drafts"][0] if made.status == 201 else None
        if draft is None:
            return None
        product: str = draft["data_product"]["id"]
        place = f"{_HUB}/{product}/drafts/{encoded(draft['id'])}/publish"
        return product if self._call("dpx", "POST", place).status == 200 else None

    def _call(self, door: str, method: str, target: str, body: Any = None) -> Answer:
        answer = self.doors[door].caller.call(method, target, body)
        assert answer.status < 500, (answer, body)
        return answer

    # -- reading -------------------------------------------------------------------------------------------------

    def nav_id(self, exact: str) -> str:
        """The id by which the door of grants shows it."""
        safe = exact.isascii() and " " not in exact
        return exact if safe else record_key("product", exact)

    def snapshot(self, exact: str) -> Snapshot:
        """What every door shows of it, without the times of changes."""
        uuid = as_uuid("product", exact)
        shown = {
            "nndm": self.doors["nndm"].document(exact),
            "immuta": self.doors["immuta"].document(uuid),
            "sources": self._call("immuta", "GET", f"/api/data-product/{uuid}/datasources?limit=100").json()["data"],
            "nav": self.doors["nav"].document(self.nav_id(exact)),
            "dpx": self._call("dpx", "GET", f"{_HUB}/{uuid}").json() | {"drafts": []},
            "releases": self._call("dpx", "GET", f"{_HUB}/{uuid}/releases").json()["releases"],
        }
        assert shown["nndm"]
        assert shown["nav"]
        found: Snapshot = without_times(copy.deepcopy(shown))
        return found

    def card(self, exact: str) -> Card:
        """What the core holds."""
        found: Card = copy.deepcopy(Work(self.store).get("product", exact).body["card"])
        return found

    def told(self, after: str = "") -> tuple[list[str], str]:
        """The names of the events since a position, and the position behind them."""
        drain(self.store)
        names: list[str] = []
        while batch := self.doors["nndm"].caller.done(200, "GET", f"/api/events?longPolling=false&lastEventId={after}"):
            names += [event["type"].rpartition(".")[2] for event in batch]
            after = batch[-1]["id"]
        return names, after


def distinct(write: Write) -> Write:
    """The write with a name of its own, where a door demands names that no other product has."""
    renamed = write.door == "immuta" and "name" in write.body
    return write._replace(body=write.body | {"name": fresh(write.body["name"])}) if renamed else write


def without_times(value: Any) -> Any:
    """The value without fields that tell when something changed last."""
    if isinstance(value, dict):
        return {name: without_times(held) for name, held in value.items() if name not in _TIMES}
    if isinstance(value, list):
        return [without_times(held) for held in value]
    return value
