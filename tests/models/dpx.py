"""Orders of releases, held against the accesses that they rest on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from souk.setup.catalogue import CATALOGUE
from souk.setup.methods import OPEN_URL
from tests.models.accesses import OUTCOMES, SHOWN, Access, map_of
from tests.models.history import answered, of, some
from tests.models.releases import Releases, Version
from tests.models.scene import nav_time, request_id

LISTS = "/v2/asset_lists"


@dataclass
class Order:
    """An order, and the access that it rests on. `asked`: it made that request."""

    id: str
    access: str
    asked: bool
    state: str = "received"


class DpxHistory(Releases):
    """`orders` by id. Time never passes for as long as an order waits."""

    spans: ClassVar[st.SearchStrategy[timedelta]] = st.sampled_from([timedelta(minutes=1), timedelta(minutes=50)])

    def __init__(self) -> None:
        super().__init__()
        self.orders: dict[str, Order] = {}

    # -- orders ----------------------------------------------------------------------------------------------------

    @precondition(some("released"))
    @rule(exact=of("released"))
    def order(self, exact: str) -> None:
        release = self.versions[exact]
        answer = self.scene.people["other"].call("POST", LISTS, order_of(release, self.asset))
        made = answered(answer, 201 if release.state == "available" else 409)
        if answer.status == 201:
            standing = [one for one in self.accesses.values() if one.product == release.product]
            standing = [one for one in standing if not one.over(self.scene.now)]
            access = standing[-1] if standing else self._asked(release.product)
            self.orders[made["id"]] = Order(made["id"], access.id, not standing)
            self.follow()

    def _asked(self, product: str) -> Access:
        known = {one["id"] for one in self.scene.key.done(200, "GET", "/api/datausageagreements")}
        (made,) = known - self.accesses.keys()
        access = Access(made, product, "", {"userId": "other@nav.no"}, settled=self.scene.now)
        self.accesses[made], access.begins_when_approved = access, True
        access.tell("Created", "Requested")
        if not self.cards[product]["is_restricted"]:
            access.approve(self.scene.now)
        return access

    def follow(self) -> None:
        """Orders follow the accesses that they rest on."""
        for order in self.orders.values():
            state = self.accesses[order.access].state(self.scene.now)
            if order.state == "received" and state == "active":
                order.state = "succeeded"
            if order.state in {"received", "succeeded"} and state in {"rejected", "canceled", "revoked"}:
                order.state = state

    @precondition(some("orders"))
    @rule(exact=of("orders"), state=st.sampled_from(["ready_to_deliver", "rejected", "canceled", "revoked"]))
    def decide(self, exact: str, state: str) -> None:
        order, now = self.orders[exact], self.scene.now
        access = self.accesses[order.access]
        by = self.scene.people["other"] if state == "canceled" else self.scene.manager
        answer = by.call("PATCH", f"{LISTS}/{exact}", [{"op": "replace", "path": "/state", "value": state}])
        pending = order.state == "received"
        fits = {"revoked": access.state(now) == "active"}.get(state, pending) or order.state == state
        answered(answer, 200 if fits else 409)
        if fits and order.state != state:
            self._decided(order, access, state)
            self.follow()

    def _decided(self, order: Order, access: Access, state: str) -> None:
        now = self.scene.now
        if state != "canceled" or (order.asked and access.status == "requested"):
            access.tell("Updated")
            acts = {"ready_to_deliver": access.approve, "rejected": lambda _: access.reject()}
            (acts | {"canceled": access.cancel, "revoked": access.revoke})[state](now)
        order.state = state if state != "ready_to_deliver" else "received"

    @precondition(some("accesses"))
    @rule(exact=of("accesses"), verb=st.sampled_from(["approve", "reject", "cancel"]))
    def act_on_the_agreement(self, exact: str, verb: str) -> None:
        access = self.accesses[exact]
        outcome = OUTCOMES[verb].get(access.status, "refused")
        answer = self.scene.key.call("POST", f"/api/datausageagreements/{exact}/{verb}")
        answered(answer, 422 if outcome == "refused" else 200)
        access.act(verb, outcome, self.scene.now)
        self.follow()

    # -- what is shown ---------------------------------------------------------------------------------------------

    @invariant()
    def orders_come_back(self) -> None:
        for exact, order in self.orders.items():
            found = self.scene.people["other"].done(200, "GET", f"{LISTS}/{exact}")
            assert found["state"] == order.state

    @invariant()
    def accesses_show_in_other_doors(self) -> None:
        for product in self.cards:
            held = self.scene.manager.done(200, "GET", f"/api/v1/dataproducts/{product}")["data_product"]["access"]
            mine = [one for one in self.accesses.values() if one.product == product]
            assert held == {who: nav_time(end) for who, end in map_of(mine, self.scene.now).items()}
        for exact, access in self.accesses.items():
            request = self.scene.manager.done(200, "GET", f"/api/access-request/{request_id(exact)}")
            assert request["status"] == SHOWN[access.state(self.scene.now)][1]


def order_of(release: Version, asset: str) -> dict[str, Any]:
    """An order of the release's part."""
    container = {"id": CATALOGUE, "type": "catalog"}
    method = {"asset_id": OPEN_URL, "catalog_id": CATALOGUE}
    item = {
        "asset": {"metadata": {"id": asset, "type": "data_asset", "container": container}},
        "properties": {"data_product_id": release.product, "delivery_method": method},
    }
    metadata = {"id": release.id.partition("@")[0], "type": "ibm_data_product_version", "container": container}
    return {
        "name": "o",
        "type": "order",
        "state": "received",
        "asset": {"asset": {"metadata": metadata}},
        "items": [item],
    }
