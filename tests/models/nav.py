"""Self-service products, their access maps and logs, held against dictionaries and lists."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from souk.ids import as_uuid
from tests.doors.callers import Caller, Doc
from tests.models.accesses import SHOWN, Access, map_of
from tests.models.history import History, answered, of, some
from tests.models.scene import nav_time, pick, request_id

PLACE = "/api/v1/dataproducts"
PERSONS = ("owner", "other", "manager", "nobody")
BUCKET = {"type": "bucket", "project_id": "p", "bucket_id": "beans"}
TABLE = {"type": "bigquery", "project_id": "p", "dataset_id": "d", "resource_id": "roasts", "extra": "kept"}
TEAM_OF = {"owner": "roasting", "other": "cafes"}
JOB = "AccessEnsurance2000"
ZERO = nav_time(None)

persons = st.sampled_from(PERSONS)
stores = st.sampled_from([[BUCKET], [TABLE]])
fields = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(["Tickets", "Kø ✓", ""]),
        "description": st.sampled_from(["Who waits", "é\n", "", None]),
        "team": st.sampled_from(["roasting", "cafes", "nobody registered it", ""]),
        "datastore": stores | st.just([]),
    },
)
subjects = st.sampled_from(
    [("user", "other@nav.no"), ("user", "Other@nav.no"), ("user", "owner@nav.no"), ("serviceAccount", "job@x.com")]
)
ends = st.sampled_from([None, ZERO, timedelta(hours=2), timedelta(days=1, microseconds=10), timedelta(days=30)])
BAD: list[tuple[Any, str]] = [
    ({"subject": "", "type": "user"}, "unable to validate request document\n"),
    ({"subject": "a@nav.no", "type": "group"}, "invalid AccessSubject.Type\n"),
    ({"subject": "a@nav.no", "type": "user", "expires": "2001-01-01T00:00:00Z"}, "invalid AccessSubject.Expires\n"),
    ({"subject": "a@nav.no", "type": "user", "expires": "soon"}, "unable to deserialize request document\n"),
    ({"subject": 7, "type": "user"}, "unable to deserialize request document\n"),
]


class NavHistory(History):
    """`products`: the inner document by id, without the access map. `logs`: lines by product, the oldest first."""

    def __init__(self) -> None:
        super().__init__()
        self.products: dict[str, Doc] = {}
        self.logs: dict[str, list[tuple[str, ...]]] = {}
        self.ports: dict[str, str] = {}
        """The id of the port that a product's datastore is: it stays when the datastore changes."""

    @initialize(team=st.sampled_from(["roasting", "cafes"]))
    def begin(self, team: str) -> None:
        self._create("owner", {"name": "First", "description": "d", "team": team, "datastore": [TABLE]})

    def caller(self, person: str) -> Caller:
        return self.scene.people.get(person, self.scene.anybody)

    def leads(self, person: str, exact: str) -> bool:
        return person == "manager" or self.products[exact]["team"] == TEAM_OF.get(person)

    def of_product(self, exact: str) -> list[Access]:
        return [one for one in self.accesses.values() if one.product == exact]

    # -- products --------------------------------------------------------------------------------------------------

    @rule(person=persons, body=fields)
    def create(self, person: str, body: Doc) -> None:
        complete = all(body.get(name) for name in ("name", "description", "team"))
        if person != "nobody" and complete:
            self._create(person, body)
        else:
            answered(self.caller(person).call("POST", PLACE, body), 403 if person == "nobody" else 400)

    def _create(self, person: str, body: Doc) -> None:
        exact = self.caller(person).done(201, "POST", PLACE, body)
        self.products[exact] = {name: value for name, value in body.items() if value}
        self.logs[exact] = []
        self.expected.append(f"DataProductCreated {exact}")
        for store in body.get("datastore", []):
            self.ports[exact] = port_id(store)
            self.expected.append(f"OutputPortCreated {exact} {port_id(store)}")

    @precondition(some("products"))
    @rule(person=persons, exact=of("products"), body=fields)
    def update(self, person: str, exact: str, body: Doc) -> None:
        status = 403 if person == "nobody" else 204 if self.leads(person, exact) else 401
        answered(self.caller(person).call("PUT", f"{PLACE}/{exact}", body), status)
        if status != 204:
            return
        given = {name: value for name, value in body.items() if value}
        before = self.products[exact]
        self.expected.append(f"DataProductUpdated {exact}")
        if "datastore" in given and given["datastore"] != before.get("datastore"):
            verb = "Updated" if "datastore" in before else "Created"
            self.ports.setdefault(exact, port_id(given["datastore"][0]))
            self.expected.append(f"OutputPort{verb} {exact} {self.ports[exact]}")
        self.products[exact] = before | given

    @precondition(some("products"))
    @rule(person=persons, exact=of("products"))
    def delete(self, person: str, exact: str) -> None:
        status = 403 if person == "nobody" else 204 if self.leads(person, exact) else 401
        answered(self.caller(person).call("DELETE", f"{PLACE}/{exact}"), status)
        if status == 204:
            for access in self.of_product(exact):
                self._let_go(access, self.scene.email(person))
            if exact in self.ports:
                self.expected.append(f"OutputPortDeleted {exact} {self.ports[exact]}")
            self.expected.append(f"DataProductDeleted {exact}")
            del self.products[exact]

    def _let_go(self, access: Access, author: str) -> None:
        self.settle(access)
        if access.status == "approved" and not access.final(self.scene.now):
            self._end(access, author, access.named)

    # -- grants ----------------------------------------------------------------------------------------------------

    @precondition(some("products"))
    @rule(person=persons, exact=of("products"), subject=subjects, end=ends)
    def grant(self, person: str, exact: str, subject: tuple[str, str], end: Any) -> None:
        kind, name = subject
        until = self.scene.now + end if isinstance(end, timedelta) else None
        expires = {} if end is None else {"expires": until.isoformat() if until else end}
        answer = self.caller(person).call("POST", access_at(exact), {"subject": name, "type": kind, **expires})
        stored = "datastore" in self.products[exact]
        answered(answer, 403 if person == "nobody" else 204 if stored else 400)
        if answer.status == 204:
            active = [one for one in self._of_subject(exact, subject) if one.active(self.scene.now)]
            access = active[-1] if active else self._granted(exact, subject)
            access.named = name
            if active:
                access.tell("Updated")
                access.move(self.scene.now, access.start, until)
            else:
                access.tell("Created", "Requested")
                access.approve(self.scene.now, until)
            self.log(exact, "grant", self.scene.email(person), name, nav_time(until))

    def _granted(self, exact: str, subject: tuple[str, str]) -> Access:
        known = {one["id"] for one in self.scene.key.done(200, "GET", "/api/datausageagreements")}
        (made,) = known - self.accesses.keys()
        kind, name = subject
        self.accesses[made] = Access(made, exact, "", {"userId": name}, service=kind == "serviceAccount")
        self.accesses[made].begins_when_approved = True
        return self.accesses[made]

    def _of_subject(self, exact: str, subject: tuple[str, str]) -> list[Access]:
        member = f"{subject[0]}:{subject[1].lower()}"
        return [one for one in self.of_product(exact) if one.member == member]

    @precondition(some("products"))
    @rule(person=persons, exact=of("products"), subject=subjects)
    def revoke(self, person: str, exact: str, subject: tuple[str, str]) -> None:
        kind, name = subject
        active = [one for one in self._of_subject(exact, subject) if one.active(self.scene.now)]
        myself = kind == "user" and name.lower() == f"{person}@nav.no"
        allowed = myself or self.leads(person, exact)
        status = 403 if person == "nobody" else 401 if not allowed else 204 if active else 400
        answered(self.caller(person).call("DELETE", access_at(exact), {"subject": name, "type": kind}), status)
        for access in active if status == 204 else []:
            self._end(access, self.scene.email(person), name)

    @precondition(some("products"))
    @rule(person=st.sampled_from(["owner", "other"]), exact=of("products"), bad=st.sampled_from(BAD))
    def grant_badly(self, person: str, exact: str, bad: tuple[Doc, str]) -> None:
        answer = self.caller(person).call("POST", access_at(exact), bad[0])
        assert answer.status == 400
        nothing = f"no datastore associated with dataproduct: {exact} ({self.products[exact]['name']})\n"
        assert answer.body.decode() == (bad[1] if "datastore" in self.products[exact] else nothing)

    @precondition(some("accesses"))
    @rule(exact=of("accesses"))
    def cancel_it_as_an_agreement(self, exact: str) -> None:
        access = self.accesses[exact]
        answered(self.scene.key.call("POST", f"/api/datausageagreements/{exact}/cancel"), 200)
        if access.status == "approved":
            self.settle(access)
            self._end(access, "key", access.named)

    def _end(self, access: Access, author: str, named: str) -> None:
        began = access.active(self.scene.now)
        access.tell("Updated")
        access.revoke(self.scene.now)
        if began:
            self.log(access.product, "delete", author, named, ZERO)

    # -- what is shown ---------------------------------------------------------------------------------------------

    def settle(self, access: Access) -> None:
        """An end that the calendar brought is the job's."""
        before = access.announced
        super().settle(access)
        if before and not access.announced:
            self.log(access.product, "delete", JOB, access.member, ZERO)

    def log(self, exact: str, action: str, author: str, subject: str, expires: str) -> None:
        self.logs[exact].append((action, author, subject, expires))

    @invariant()
    def products_and_maps_come_back(self) -> None:
        shown = [{"id": exact, "data_product": self._inner(exact)} for exact in self.products]
        for reader in (self.scene.anybody, self.scene.people["other"]):
            listed = reader.done(200, "GET", PLACE)
            assert [pick(one, "id", "data_product") for one in listed] == shown
        for exact in self.products:
            found = self.scene.people["other"].done(200, "GET", f"{PLACE}/{exact}")
            assert pick(found, "id", "data_product") in shown
            assert found["created"] <= found["updated"]

    def _inner(self, exact: str) -> Doc:
        held = map_of(self.of_product(exact), self.scene.now)
        product = self.products[exact]
        access = {who: nav_time(end) for who, end in held.items()} | {f"group:{product['team']}@nav.no": ZERO}
        return product | {"access": access}

    @invariant()
    def logs_come_back(self) -> None:
        for exact, lines in self.logs.items():
            found = self.scene.anybody.done(200, "GET", access_at(exact))
            times = [line["time"] for line in found]
            assert times == sorted(times, reverse=True)
            told = [tuple(line[name] for name in ("action", "author", "subject", "expires")) for line in found]
            keys = {line[1] for line in told} - {*(line[1] for line in lines)}
            told = [tuple("key" if field in keys else field for field in line) for line in told]
            assert sorted(told) == sorted(lines)
            assert {line["dataproduct_id"] for line in found} <= {exact}

    @invariant()
    def other_doors_show_the_same(self) -> None:
        for exact, product in self.products.items():
            document = self.scene.key.done(200, "GET", f"/api/dataproducts/{exact}")
            wanted = {"title": product["name"], "description": product["description"], "owner": product["team"]}
            assert pick(document["info"], "title", "description", "owner") == wanted
            ports = document.get("outputPorts") or []
            assert [port["id"] for port in ports] == ([self.ports[exact]] if "datastore" in product else [])
            governed = self.scene.manager.done(200, "GET", f"/api/data-product/{as_uuid('product', exact)}")
            assert governed["name"] == product["name"]
            approved = [one for one in self.of_product(exact) if SHOWN[one.state(self.scene.now)][1] == "APPROVED"]
            assert governed["stats"]["approvedRequestCount"] == len(approved)
        for exact, access in self.accesses.items():
            info = self.scene.key.done(200, "GET", f"/api/datausageagreements/{exact}")["info"]
            assert (info["status"], info["active"]) == ("approved", access.active(self.scene.now))
            request = self.scene.manager.done(200, "GET", f"/api/access-request/{request_id(exact)}")
            assert request["status"] == SHOWN[access.state(self.scene.now)][1]


def access_at(exact: str) -> str:
    return f"/api/v1/access/{exact}"


def port_id(store: Doc) -> str:
    """The port that a datastore is made as."""
    name: str = store.get("bucket_id") or store["resource_id"]
    return name
