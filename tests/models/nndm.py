"""Whole documents under ids that clients choose, held against dictionaries of what was sent."""

from __future__ import annotations

from datetime import date, timedelta
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from souk.ids import as_uuid
from tests.doors.callers import Doc
from tests.doors.products import encoded
from tests.lenses.doors import TEAMS
from tests.models.accesses import OUTCOMES, SHOWN, Access, map_of, midnight
from tests.models.documents import (
    AGREEMENTS,
    CONTRACTS,
    PRODUCTS,
    agreement_shown,
    aim_of,
    consumers,
    dates,
    documents,
    named_by,
    nav_id,
    pick_some,
    ports_of,
)
from tests.models.history import History, answered, of, some
from tests.models.scene import SHORT, nav_time, pick, request_id
from tests.wire.raw import Answer


class NndmHistory(History):
    """`products`, `contracts`, `agreements`: documents as they were sent, in order of creation."""

    nowhere: ClassVar[list[tuple[str, str]]] = [(PRODUCTS[2], "out"), (PRODUCTS[0], "none")]
    """Ports that need not be there."""

    def __init__(self) -> None:
        super().__init__()
        self.products: dict[str, Doc] = {}
        self.contracts: dict[str, Doc] = {}
        self.agreements: dict[str, Doc] = {}

    @property
    def places(self) -> list[tuple[str, str]]:
        """Every port there is, with its product."""
        return [(exact, port) for exact, one in self.products.items() for port in ports_of(one)]

    def call(self, method: str, kind: str, exact: str, body: Doc | None = None, action: str = "") -> Answer:
        return self.scene.key.call(method, f"/api/{kind}/{encoded(exact)}{action}", body)

    @initialize(first=st.sampled_from(TEAMS), approves=st.booleans())
    def begin(self, first: str, approves: bool) -> None:
        ports = [{"id": "out", "name": "Out", "autoApprove": approves}, {"id": "stream", "name": "Stream"}]
        for exact in PRODUCTS[:2]:
            self.put_product(exact, {"info": {"title": exact, "owner": first}, "outputPorts": ports})
            self.scene.passes(SHORT)

    # -- products and contracts ------------------------------------------------------------------------------------

    @rule(exact=st.sampled_from(PRODUCTS), document=documents)
    def put_product(self, exact: str, document: Doc) -> None:
        refused = document["info"]["owner"] == "nobody"
        answered(self.call("PUT", "dataproducts", exact, {**document, "id": exact}), 422 if refused else 200)
        if not refused:
            self._put_product(exact, {**document, "id": exact})

    @precondition(some("products"))
    @rule(exact=of("products"))
    def put_product_again(self, exact: str) -> None:
        document = answered(self.call("GET", "dataproducts", exact), 200)
        answered(self.call("PUT", "dataproducts", exact, document), 200)
        self._put_product(exact, document)

    @precondition(some("products"))
    @rule(exact=of("products"), text=st.sampled_from(["Said anew", "d"]))
    def describe_it_in_another_door(self, exact: str, text: str) -> None:
        answered(self.scene.key.call("PUT", f"/api/v1/dataproducts/{nav_id(exact)}", {"description": text}), 204)
        document = self.products[exact]
        self.products[exact] = document | {"info": document["info"] | {"description": text}}
        self.expected.append(f"DataProductUpdated {exact}")

    def _put_product(self, exact: str, document: Doc) -> None:
        verb = "Updated" if exact in self.products else "Created"
        before = ports_of(self.products.get(exact, {}))
        after = ports_of(document)
        self.products[exact] = document
        self.expected += [f"DataProduct{verb} {exact}"]
        self.expected += [f"OutputPortCreated {exact} {port}" for port in after.keys() - before.keys()]
        self.expected += [f"OutputPortDeleted {exact} {port}" for port in before.keys() - after.keys()]
        changed = [port for port in after.keys() & before.keys() if after[port] != before[port]]
        self.expected += [f"OutputPortUpdated {exact} {port}" for port in changed]

    @precondition(some("products"))
    @rule(exact=of("products"))
    def delete_product(self, exact: str) -> None:
        named = {name for one in self.agreements.values() for name in named_by(one)}
        status = 422 if exact in named else 200
        answered(self.call("DELETE", "dataproducts", exact), status)
        if status == 200:
            self.expected += [f"OutputPortDeleted {exact} {port}" for port in ports_of(self.products.pop(exact))]
            self.expected.append(f"DataProductDeleted {exact}")

    @rule(exact=st.sampled_from(CONTRACTS), version=st.sampled_from(["1.0.0", "1.10"]))
    def put_contract(self, exact: str, version: str) -> None:
        document = {"dataContractSpecification": "0.9.3", "id": exact, "info": {"title": "T", "version": version}}
        answered(self.call("PUT", "datacontracts", exact, document), 200)
        self.expected.append(f"DataContract{'Updated' if exact in self.contracts else 'Created'} {exact}")
        self.contracts[exact] = document

    @precondition(some("contracts"))
    @rule(exact=of("contracts"))
    def delete_contract(self, exact: str) -> None:
        named = {port.get("dataContractId") for one in self.products.values() for port in one["outputPorts"]}
        status = 422 if exact in named else 200
        answered(self.call("DELETE", "datacontracts", exact), status)
        if status == 200:
            self.expected.append(f"DataContractDeleted {exact}")
            del self.contracts[exact]

    # -- agreements ------------------------------------------------------------------------------------------------

    @rule(exact=st.sampled_from(AGREEMENTS), place=of("places", "nowhere"), consumer=consumers, dated=dates)
    def put_agreement(self, exact: str, place: tuple[str, str], consumer: Doc, dated: dict[str, int]) -> None:
        self._put_agreement(exact, self._agreement(place, consumer, dated))

    def _agreement(self, place: tuple[str, str], consumer: Doc, dated: dict[str, int]) -> Doc:
        today = self.scene.now.date()
        days = {name: (today + timedelta(days=offset)).isoformat() for name, offset in dated.items()}
        provider = {"dataProductId": place[0], "outputPortId": place[1]}
        return {"info": {"purpose": "Forecast", **days}, "consumer": consumer, "provider": provider}

    @precondition(some("agreements"))
    @rule(exact=of("agreements"), tag=st.sampled_from(["seen", "granted"]))
    def put_agreement_back(self, exact: str, tag: str) -> None:
        """As integrations do it: the whole document, with a tag."""
        document = answered(self.call("GET", "datausageagreements", exact), 200)
        self._put_agreement(exact, document | {"tags": [tag]})

    def _put_agreement(self, exact: str, document: Doc) -> None:
        access = self.accesses.get(exact)
        start, end = (
            date.fromisoformat(d) if (d := document["info"].get(n)) else None for n in ("startDate", "endDate")
        )
        turned = access is None or aim_of(document) != (access.product, access.port, access.consumer)
        backwards = start is not None and end is not None and end < start
        unchanged = access is not None and (start, end) == access.days
        refused = (turned and not self._exists(document)) or (backwards and not unchanged)
        answered(self.call("PUT", "datausageagreements", exact, document), 422 if refused else 200)
        if refused:
            return
        self.agreements[exact] = document
        if access is None:
            self.accesses[exact] = Access(exact, *aim_of(document))
            self._made(self.accesses[exact], document, start, end)
        else:
            access.product, access.port, access.consumer = aim_of(document)
            self._changed(access, start, end)

    def _made(self, access: Access, document: Doc, start: date | None, end: date | None) -> None:
        access.settled, access.start, access.end = self.scene.now, midnight(start), midnight(end)
        access.tell("Created", "Requested")
        product = self.products[access.product]
        approves = ports_of(product)[access.port].get("autoApprove") is True
        if approves or document["consumer"].get("teamId") == product["info"]["owner"]:
            access.approve(self.scene.now)

    def _changed(self, access: Access, start: date | None, end: date | None) -> None:
        access.settle(self.scene.now)
        (first, last), kept = access.days, (access.start, access.end)
        access.tell("Updated")
        moved = [
            old if day == shown else midnight(day)
            for day, shown, old in zip((start, end), (first, last), kept, strict=True)
        ]
        access.move(self.scene.now, moved[0], moved[1])

    def _exists(self, document: Doc) -> bool:
        product = self.products.get(document["provider"]["dataProductId"], {})
        consumer = document["consumer"]
        return (
            document["provider"]["outputPortId"] in ports_of(product)
            and consumer.get("teamId", TEAMS[0]) in TEAMS
            and consumer.get("dataProductId", document["provider"]["dataProductId"]) in self.products
        )

    @precondition(some("agreements"))
    @rule(exact=of("agreements"), verb=st.sampled_from(["approve", "approve", "reject", "cancel"]))
    def act(self, exact: str, verb: str) -> None:
        access = self.accesses[exact]
        outcome = OUTCOMES[verb].get(access.status, "refused")
        answer = self.call("POST", "datausageagreements", exact, None, f"/{verb}")
        answered(answer, 422 if outcome == "refused" else 200)
        access.act(verb, outcome, self.scene.now)

    @precondition(some("agreements"))
    @rule(exact=of("agreements"))
    def delete_agreement(self, exact: str) -> None:
        answered(self.call("DELETE", "datausageagreements", exact), 200)
        del self.agreements[exact]
        gone = self.accesses.pop(exact)
        gone.settle(self.scene.now)
        gone.tell(*["Deactivated"] * gone.announced, "Deleted")
        assert self.scene.told() == (gone.news, [])

    @precondition(some("accesses"))
    @rule(exact=of("accesses"), way=st.sampled_from(["revoke", "withdraw"]))
    def end_it_in_another_door(self, exact: str, way: str) -> None:
        access, now = self.accesses[exact], self.scene.now
        person = access.main[0] == "user"
        request = request_id(exact)
        place = f"/api/data-product/{as_uuid('product', access.product)}/request/{request}"
        target = {"revoke": place, "withdraw": f"/api/access-request/{request}"}[way]
        fits = access.state(now) in {"revoke": {"approved", "active"}, "withdraw": {"requested"}}[way]
        answer = self.scene.key.call("DELETE", target)
        assert answer.status == (204 if fits else 409) or not person, answer
        if answer.status == 204:
            access.settle(now)
            access.tell("Updated")
            {"revoke": access.revoke, "withdraw": access.cancel}[way](now)

    def teardown(self) -> None:
        held = {"dataproducts": self.products, "datacontracts": self.contracts, "datausageagreements": self.agreements}
        for kind, known in held.items():
            for exact in {*PRODUCTS, *CONTRACTS, *AGREEMENTS, "none"} - known.keys():
                answered(self.call("GET", kind, exact), 404)
                answered(self.call("DELETE", kind, exact), 404)
        super().teardown()

    # -- what is shown ---------------------------------------------------------------------------------------------

    @invariant()
    def documents_come_back(self) -> None:
        key = self.scene.key
        assert key.done(200, "GET", "/api/dataproducts") == list(self.products.values())
        assert key.done(200, "GET", "/api/datacontracts") == list(self.contracts.values())
        shown = [agreement_shown(self.agreements[exact], one, self.scene.now) for exact, one in self.accesses.items()]
        assert key.done(200, "GET", "/api/datausageagreements") == shown
        assert [answered(self.call("GET", "dataproducts", exact), 200) for exact in self.products] == [
            *self.products.values()
        ]

    @invariant()
    def other_doors_show_the_same(self) -> None:
        for exact, document in self.products.items():
            info, ports = document["info"], document["outputPorts"]
            place = f"/api/data-product/{as_uuid('product', exact)}"
            immuta = self.scene.manager.done(200, "GET", place)
            assert pick(immuta, "name", "description") == {
                "name": info["title"],
                "description": info.get("description"),
            }
            assert immuta["suspended"] is (info.get("status") == "retired")
            hub = self.scene.manager.done(
                200, "GET", f"/data_product_exchange/v1/data_products/{immuta['id']}/releases"
            )
            (release,) = hub["releases"]
            assert (release["name"], release["tags"]) == (info["title"], document.get("tags", []))
            assert release["state"] == ("retired" if info.get("status") == "retired" else "available")
            assert [part["asset"]["name"] for part in release["parts_out"]] == [port["name"] for port in ports]
            self._grants(exact, info)

    def _grants(self, exact: str, info: Doc) -> None:
        shown = self.scene.manager.done(200, "GET", f"/api/v1/dataproducts/{nav_id(exact)}")["data_product"]
        wanted = map_of([one for one in self.accesses.values() if one.product == exact], self.scene.now)
        held = {who: nav_time(end) for who, end in wanted.items()} | {f"group:{info['owner']}@nav.no": nav_time(None)}
        assert shown == {"name": info["title"], "team": info["owner"], "access": held} | pick_some(info, "description")

    @invariant()
    def requests_show_the_same(self) -> None:
        for exact, access in self.accesses.items():
            if access.main[0] == "user":
                request = self.scene.manager.done(200, "GET", f"/api/access-request/{request_id(exact)}")
                assert request["status"] == SHOWN[access.state(self.scene.now)][1]
