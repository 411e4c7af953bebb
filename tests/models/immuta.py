"""Governed products and their requests, held against dictionaries."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from tests.doors.callers import Caller, Doc
from tests.doors.products import encoded
from tests.lenses.doors import DOMAIN, ELSEWHERE, SOURCES
from tests.models.accesses import OUTCOMES, SHOWN, Access, map_of
from tests.models.history import History, answered, of, some
from tests.models.scene import SPANS_OF, millis, nav_time, pick, request_id

PLACE = "/api/data-product"
PERSONS = ("owner", "other", "manager")
STATS = {
    "pendingRequestCount": "PENDING",
    "approvedRequestCount": "APPROVED",
    "revokedRequestCount": "REVOKED",
    "canceledRequestCount": "CANCELED",
    "deniedRequestCount": "DENIED",
}
LIVE = {"PENDING", "APPROVED"}

names = st.sampled_from(["Tastings", " Tastings ", "Roast (a/b)", "Zest", "zest"])
domains = st.sampled_from([[DOMAIN], [ELSEWHERE], [DOMAIN, ELSEWHERE]])
sources = st.lists(st.sampled_from(list(SOURCES)), max_size=3, unique=True)
persons = st.sampled_from(PERSONS)
changes = st.fixed_dictionaries(
    {},
    optional={
        "name": names,
        "description": st.sampled_from([None, "", "How it tastes"]),
        "suspended": st.booleans(),
        "domains": domains,
    },
)
durations = st.sampled_from([None, (5, "HOURS"), (2, "DAYS"), (1, "WEEKS")])


class ImmutaHistory(History):
    """`products`: name, description, suspended, domains, sources, and whether requests are approved by rule."""

    def __init__(self) -> None:
        super().__init__()
        self.products: dict[str, Doc] = {}

    @initialize(opened=st.booleans())
    def begin(self, opened: bool) -> None:
        self._create({"name": "First", "domains": [DOMAIN], "sources": ["beans"], "opened": opened})

    def caller(self, person: str) -> Caller:
        return self.scene.people[person]

    def of_product(self, exact: str) -> list[Access]:
        return [one for one in self.accesses.values() if one.product == exact]

    def taken(self, name: str, but: str = "") -> bool:
        """Whether another product has this name."""
        return name.strip() in {one["name"] for exact, one in self.products.items() if exact != but}

    # -- products --------------------------------------------------------------------------------------------------

    @rule(person=persons, name=names, lies_in=domains, listed=sources, opened=st.booleans())
    def create(self, person: str, name: str, lies_in: list[str], listed: list[str], opened: bool) -> None:
        product = {"name": name, "domains": lies_in, "sources": listed, "opened": opened}
        fits = all(SOURCES[source] in lies_in for source in listed)
        if person == "manager" and fits and not self.taken(name):
            self._create(product)
        else:
            status = 403 if person != "manager" else 409 if self.taken(name) else 400
            answered(self.caller(person).call("POST", PLACE, self._body(product)), status)

    def _body(self, product: Doc) -> Doc:
        form = self.scene.env["SOUK_AUTO_FORM_ID" if product["opened"] else "SOUK_FORM_ID"]
        listed = [{"sourceId": source} for source in product["sources"]]
        return {**pick(product, "name", "domains"), "metadata": None, "requestFormId": form, "dataSources": listed}

    def _create(self, product: Doc) -> None:
        made = self.scene.manager.done(201, "POST", PLACE, self._body(product))
        given = product | {"name": product["name"].strip()}
        self.products[made["id"]] = {"description": None, "suspended": False} | given
        self.expected.append(f"DataProductCreated {made['id']}")
        self.expected += [f"OutputPortCreated {made['id']} {source}" for source in product["sources"]]

    @precondition(some("products"))
    @rule(exact=of("products"), given=changes)
    def update(self, exact: str, given: Doc) -> None:
        product = self.products[exact]
        after = product | given
        fits = all(SOURCES[source] in after["domains"] for source in product["sources"])
        taken = "name" in given and self.taken(given["name"], exact)
        answer = self.scene.manager.call("PUT", f"{PLACE}/{exact}", given)
        answered(answer, 409 if taken else 200 if fits else 400)
        if answer.status == 200:
            self.products[exact] = after | {"name": after["name"].strip()}
            self.expected.append(f"DataProductUpdated {exact}")

    @precondition(some("products"))
    @rule(exact=of("products"), listed=sources)
    def replace_sources(self, exact: str, listed: list[str]) -> None:
        product = self.products[exact]
        added = [source for source in listed if source not in product["sources"]]
        fits = all(SOURCES[source] in product["domains"] for source in added)
        body = {"dataSources": [{"sourceId": source} for source in listed]}
        answered(self.scene.manager.call("PUT", f"{PLACE}/{exact}/datasources", body), 200 if fits else 400)
        if fits:
            gone = set(product["sources"]) - set(listed)
            self.expected += [f"OutputPortCreated {exact} {source}" for source in added]
            self.expected += [f"OutputPortDeleted {exact} {source}" for source in gone]
            self.expected.append(f"DataProductUpdated {exact}")
            self.products[exact] = product | {"sources": listed}

    @precondition(some("products"))
    @rule(person=persons, exact=of("products"))
    def delete(self, person: str, exact: str) -> None:
        answered(self.caller(person).call("DELETE", f"{PLACE}/{exact}"), 200 if person == "manager" else 403)
        if person == "manager":
            self.expected += [f"OutputPortDeleted {exact} {one}" for one in self.products.pop(exact)["sources"]]
            self.expected.append(f"DataProductDeleted {exact}")
            for access in self.of_product(exact):
                self.let_go(access)

    # -- requests --------------------------------------------------------------------------------------------------

    @precondition(some("products"))
    @rule(person=persons, whom=persons, exact=of("products"), exception=st.booleans())
    def request(self, person: str, whom: str, exact: str, exception: bool) -> None:
        product, email = self.products[exact], self.scene.email(whom)
        columns = [{"sourceId": source, "columnName": "mail"} for source in product["sources"][:1]]
        body: Doc = {"user": self.scene.env[f"SOUK_{whom.upper()}_ID"]} | ({"columns": columns} if exception else {})
        place = f"{PLACE}/{exact}/request" + ("/masking-exception" if exception else "")
        former = [one for one in self.of_product(exact) if (one.main[1], one.exception) == (email, exception)]
        standing = any(not one.over(self.scene.now) for one in former)
        answer = self.caller(person).call("POST", place, body)
        made = answered(answer, 400 if exception and not columns else 409 if standing else 201)
        if answer.status == 201:
            access = Access(self.exact_id(made["id"]), exact, "", {"userId": email}, exception=exception)
            access.begins_when_approved, access.settled = True, self.scene.now
            self.accesses[access.id] = access
            access.tell("Created", "Requested")
            if product["opened"]:
                access.approve(self.scene.now)

    @precondition(some("accesses"))
    @rule(
        person=st.sampled_from(["manager", "manager", "other"]),
        exact=of("accesses"),
        approved=st.booleans(),
        duration=durations,
    )
    def determine(self, person: str, exact: str, approved: bool, duration: Any) -> None:
        access = self.accesses[exact]
        place = f"/api/access-request/{request_id(exact)}/records"
        records = self.scene.manager.done(200, "GET", place)["approvalRecords"]
        body: Doc = {"status": "APPROVED" if approved else "DENIED"}
        if approved and duration:
            body |= {"duration": duration[0], "durationUnit": duration[1]}
        for record in records:
            pending = access.status == "requested"
            status = 409 if not pending else 200 if person == "manager" else 403
            answered(self.caller(person).call("PUT", f"/api/approval-record/{record['id']}", body), status)
            if status == 200:
                access.tell("Updated")
                until = self.scene.now + SPANS_OF[duration[1]] * duration[0] if duration else None
                access.approve(self.scene.now, until) if approved else access.reject()

    @precondition(some("accesses"))
    @rule(exact=of("accesses"))
    def withdraw(self, exact: str) -> None:
        access = self.accesses[exact]
        pending = access.status == "requested"
        place = f"/api/access-request/{request_id(exact)}"
        answered(self.scene.manager.call("DELETE", place), 204 if pending else 409)
        if pending:
            access.tell("Updated")
            access.cancel(self.scene.now)

    @property
    def standing(self) -> list[str]:
        """Accesses whose product is there."""
        return [exact for exact, one in self.accesses.items() if one.product in self.products]

    @precondition(some("standing"))
    @rule(person=persons, exact=of("standing"))
    def revoke(self, person: str, exact: str) -> None:
        access = self.accesses[exact]
        status = 403 if person != "manager" else 204 if access.state(self.scene.now) == "active" else 409
        place = f"{PLACE}/{access.product}/request/{request_id(exact)}"
        answered(self.caller(person).call("DELETE", place), status)
        if status == 204:
            self.settle(access)
            access.tell("Updated")
            access.revoke(self.scene.now)

    @precondition(some("accesses"))
    @rule(exact=of("accesses"), verb=st.sampled_from(["approve", "reject", "cancel"]))
    def act_on_the_agreement(self, exact: str, verb: str) -> None:
        access = self.accesses[exact]
        outcome = OUTCOMES[verb].get(access.status, "refused")
        answer = self.scene.key.call("POST", f"/api/datausageagreements/{exact}/{verb}")
        answered(answer, 404 if access.exception else 422 if outcome == "refused" else 200)
        if answer.status == 200:
            access.act(verb, outcome, self.scene.now)

    # -- what is shown ---------------------------------------------------------------------------------------------

    @invariant()
    def products_come_back(self) -> None:
        found = self.scene.manager.done(200, "GET", f"{PLACE}?limit=100")["data"]
        in_order = sorted(self.products.items(), key=lambda one: one[1]["name"])
        assert [one["id"] for one in found] == [exact for exact, _ in in_order]
        for shown, (exact, product) in zip(found, in_order, strict=True):
            fields = ("name", "description", "suspended", "domains")
            assert pick(shown, *fields) == pick(product, *fields)
            assert shown["stats"] == self._stats(exact, product)
            assert self.scene.manager.done(200, "GET", f"{PLACE}/{encoded(product['name'])}/byName")["id"] == exact
            held = self.scene.manager.done(200, "GET", f"{PLACE}/{exact}/datasources?limit=100")["data"]
            assert sorted(source["sourceId"] for source in held) == sorted(product["sources"])

    def _stats(self, exact: str, product: Doc) -> dict[str, int]:
        made = [self.status(one) for one in self.of_product(exact)]
        counts = {name: made.count(status) for name, status in STATS.items()}
        return {"dataSourceCount": len(product["sources"]), **counts, "totalRequestCount": len(made)}

    def status(self, access: Access) -> str:
        return SHOWN[access.state(self.scene.now)][1]

    @invariant()
    def requests_come_back(self) -> None:
        for exact in self.products:
            made = {request_id(one.id): self.status(one) for one in reversed(self.of_product(exact))}
            live = {name: status for name, status in made.items() if status in LIVE}
            members = {name: status for name, status in made.items() if status == "APPROVED"}
            pages = {"request": made, "request?historical=false": live, "members": members}
            for place, wanted in pages.items():
                found = self.scene.manager.done(200, "GET", f"{PLACE}/{exact}/{place}")["data"]
                assert [(one["id"], one["status"]) for one in found] == list(wanted.items())
        for exact, access in self.accesses.items():
            shown = self.scene.manager.done(200, "GET", f"/api/access-request/{request_id(exact)}")
            assert shown["status"] == self.status(access)
            assert shown.get("expiration") == (millis(access.end) if access.end else None)

    @invariant()
    def other_doors_show_the_same(self) -> None:
        data = {exact: one for exact, one in self.accesses.items() if not one.exception}
        agreements = self.scene.key.done(200, "GET", "/api/datausageagreements")
        shown = {one["id"]: (one["info"]["status"], one["info"]["active"]) for one in agreements}
        now = self.scene.now
        assert shown == {exact: (SHOWN[one.state(now)][0], one.active(now)) for exact, one in data.items()}
        for exact, product in self.products.items():
            info = self.scene.key.done(200, "GET", f"/api/dataproducts/{exact}")["info"]
            assert (info["title"], info.get("description") or None) == (product["name"], product["description"] or None)
            assert info["status"] == ("suspended" if product["suspended"] else "active")
            held = self.scene.manager.done(200, "GET", f"/api/v1/dataproducts/{exact}")["data_product"]["access"]
            assert held == {who: nav_time(end) for who, end in map_of(self.of_product(exact), now).items()}
