"""Drafts and releases, held against a dictionary of plain fields."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from souk.setup.catalogue import CATALOGUE
from souk.setup.methods import OPEN_URL
from tests.doors.callers import Doc
from tests.doors.products import encoded
from tests.lenses.doors import DOMAIN
from tests.models.history import History, answered, of, some
from tests.models.scene import pick

HUB = "/data_product_exchange/v1/data_products"
NOTHING: Doc = {"description": "", "tags": [], "types": [], "is_restricted": False, "domain": ""}
FIELDS = ("name", "description", "tags", "types", "is_restricted")

texts = {
    "name": st.sampled_from(["Roasts", "Beans", "Roasts"]),
    "description": st.sampled_from(["Every batch", "d"]),
    "tags": st.sampled_from([[], ["beans"], ["pii", "beans"]]),
    "types": st.sampled_from([[], ["data"], ["data", "code"]]),
    "is_restricted": st.booleans(),
}
domains = st.sampled_from(["", DOMAIN, DOMAIN])
numbers = st.sampled_from([None, None, "1.0.0", "2.0.0", "3.4.5"])
writable = st.fixed_dictionaries({}, optional=texts)


@dataclass
class Version:
    """A draft or release as it shows."""

    id: str
    product: str
    number: str
    fields: Doc
    state: str = "draft"
    published: datetime | None = None
    mirrors: bool = False


class Releases(History):
    """`versions` by id, in order of creation; `cards`: what all doors show of a published product."""

    def __init__(self) -> None:
        super().__init__()
        self.versions: dict[str, Version] = {}
        self.cards: dict[str, Doc] = {}

    @initialize(restricted=st.booleans())
    def begin(self, restricted: bool) -> None:
        kind = "ibm_url_definition"
        body: Doc = {"metadata": {"name": "Board", "asset_type": kind, "rov": {"mode": 0}}}
        body["entity"] = {kind: {"url": "https://example.com/board"}}
        self.asset = self.scene.key.done(201, "POST", f"/v2/assets?catalog_id={CATALOGUE}", body)["asset_id"]
        self.create({"name": "First", "is_restricted": restricted}, DOMAIN)
        self.publish(next(iter(self.versions)))

    # -- what there is ---------------------------------------------------------------------------------------------

    @property
    def products(self) -> list[str]:
        return list(dict.fromkeys(one.product for one in self.versions.values()))

    def in_state(self, *states: str) -> list[str]:
        return [exact for exact, one in self.versions.items() if one.state in states]

    @property
    def drafts(self) -> list[str]:
        return self.in_state("draft")

    @property
    def released(self) -> list[str]:
        return self.in_state("available", "retired")

    @property
    def available(self) -> list[str]:
        return self.in_state("available")

    def of_product(self, product: str) -> list[Version]:
        return [one for one in self.versions.values() if one.product == product]

    def place(self, version: str, folder: str = "drafts") -> str:
        return f"{HUB}/{self.versions[version].product}/{folder}/{encoded(version)}"

    # -- drafts ----------------------------------------------------------------------------------------------------

    @rule(
        fields=st.fixed_dictionaries({"name": texts["name"]}, optional={k: v for k, v in texts.items() if k != "name"}),
        domain=domains,
    )
    def create(self, fields: Doc, domain: str) -> None:
        part = {"asset": {"id": self.asset, "name": "Board"}, "delivery_methods": [{"id": OPEN_URL}]}
        body = {**fields, "asset": {"container": {"id": CATALOGUE}}, "parts_out": [part]}
        body |= {"domain": {"id": domain}} if domain else {}
        (draft,) = self.scene.manager.done(201, "POST", HUB, {"drafts": [body]})["drafts"]
        product = draft["data_product"]["id"]
        self.versions[draft["id"]] = Version(draft["id"], product, "1.0.0", NOTHING | fields | {"domain": domain})

    @precondition(some("products"))
    @rule(product=of("products"), fields=writable, number=numbers)
    def draft(self, product: str, fields: Doc, number: str | None) -> None:
        versions = self.of_product(product)
        taken = {one.number for one in versions if one.state != "retired"}
        body = {**fields, "asset": {"container": {"id": CATALOGUE}}} | ({"version": number} if number else {})
        answer = self.scene.manager.call("POST", f"{HUB}/{product}/drafts", body)
        made = answered(answer, 409 if number in taken else 201)
        if answer.status == 201:
            chosen = number or raised(versions[-1].number, taken)
            self.versions[made["id"]] = Version(made["id"], product, chosen, versions[-1].fields | fields)

    @precondition(some("drafts"))
    @rule(exact=of("drafts"), fields=writable, number=numbers, domain=domains)
    def patch_draft(self, exact: str, fields: Doc, number: str | None, domain: str) -> None:
        draft = self.versions[exact]
        taken = {one.number for one in self.of_product(draft.product) if one.state != "retired"} - {draft.number}
        given = fields | ({"version": number} if number else {}) | ({"domain": {"id": domain}} if domain else {})
        answer = self.scene.manager.call("PATCH", self.place(exact), operations(given))
        answered(answer, 409 if number in taken else 200)
        if answer.status == 200:
            draft.fields = draft.fields | fields | ({"domain": domain} if domain else {})
            draft.number = number or draft.number

    @precondition(some("drafts"))
    @rule(exact=of("drafts"))
    def delete_draft(self, exact: str) -> None:
        if len(self.of_product(self.versions[exact].product)) > 1:
            answered(self.scene.manager.call("DELETE", self.place(exact)), 204)
            answered(self.scene.manager.call("GET", self.place(exact)), 404)
            del self.versions[exact]

    @precondition(some("drafts"))
    @rule(exact=of("drafts"))
    def publish(self, exact: str) -> None:
        draft = self.versions[exact]
        answer = self.scene.manager.call("POST", f"{self.place(exact)}/publish")
        answered(answer, 200 if draft.fields["domain"] else 400)
        if answer.status == 200:
            for one in self.of_product(draft.product):
                one.mirrors = one is draft
            draft.state, draft.published = "available", self.scene.now
            self._announce(draft.product, draft.fields | {"status": "active"})

    def _announce(self, product: str, card: Doc) -> None:
        before = self.cards.get(product)
        self.cards[product] = card
        self.expected.append(f"DataProduct{'Updated' if before else 'Created'} {product}")
        if before is None:
            self.expected.append(f"OutputPortCreated {product} {self.asset}")
        elif before["is_restricted"] != card["is_restricted"]:
            self.expected.append(f"OutputPortUpdated {product} {self.asset}")

    # -- releases --------------------------------------------------------------------------------------------------

    @precondition(some("available"))
    @rule(exact=of("available"), fields=writable)
    def patch_release(self, exact: str, fields: Doc) -> None:
        release = self.versions[exact]
        answered(self.scene.manager.call("PATCH", self.place(exact, "releases"), operations(fields)), 200)
        release.fields = release.fields | fields
        if release.mirrors:
            self._announce(release.product, self.cards[release.product] | release.fields)

    @precondition(some("released"))
    @rule(exact=of("released"))
    def retire(self, exact: str) -> None:
        release = self.versions[exact]
        answer = self.scene.manager.call("POST", f"{self.place(exact, 'releases')}/retire")
        answered(answer, 409 if release.state == "retired" else 200)
        if answer.status == 200:
            release.state, release.mirrors = "retired", False
            if not [one for one in self.of_product(release.product) if one.state == "available"]:
                self._announce(release.product, self.cards[release.product] | {"status": "retired"})

    @precondition(some("published"))
    @rule(product=of("published"), text=st.sampled_from(["Said anew", "d"]))
    def describe_it_in_another_door(self, product: str, text: str) -> None:
        answered(self.scene.key.call("PUT", f"/api/v1/dataproducts/{product}", {"description": text}), 204)
        for one in self.of_product(product):
            one.fields = one.fields | ({"description": text} if one.mirrors else {})
        self._announce(product, self.cards[product] | {"description": text})

    @property
    def published(self) -> list[str]:
        return list(self.cards)

    # -- what is shown ---------------------------------------------------------------------------------------------

    @invariant()
    def versions_come_back(self) -> None:
        for product in self.products:
            versions = self.of_product(product)
            shown = self.scene.manager.done(200, "GET", f"{HUB}/{product}")
            drafts = [one for one in versions if one.state == "draft"]
            available = [one for one in versions if one.state == "available"]
            latest = max(available, key=lambda one: (one.mirrors, one.published), default=None)
            assert [seen(one) for one in shown["drafts"]] == [wanted(one) for one in drafts]
            assert shown.get("latest_release", {}).get("id") == (latest.id if latest else None)
            found = self.scene.manager.done(200, "GET", f"{HUB}/{product}/releases")["releases"]
            assert [seen(one) for one in found] == [wanted(one) for one in versions if one.state != "draft"]
        listed = self.scene.manager.done(200, "GET", f"{HUB}?limit=200")["data_products"]
        assert {one["id"] for one in listed} == set(self.products)

    @invariant()
    def other_doors_show_the_same(self) -> None:
        listed = self.scene.key.done(200, "GET", "/api/dataproducts")
        assert {one["id"] for one in listed} == set(self.cards)
        for product, card in self.cards.items():
            document = self.scene.key.done(200, "GET", f"/api/dataproducts/{product}")
            info = {"title": card["name"], "description": card["description"] or None, "status": card["status"]}
            assert pick(document["info"], *info) == info
            assert document.get("tags", []) == card["tags"]
            (port,) = document["outputPorts"]
            assert port.get("autoApprove", False) is not card["is_restricted"]
            governed = self.scene.manager.done(200, "GET", f"/api/data-product/{product}")
            assert (governed["name"], governed["suspended"]) == (card["name"], card["status"] == "retired")


def operations(fields: Doc) -> list[Doc]:
    return [{"op": "add", "path": f"/{name}", "value": value} for name, value in fields.items()]


def raised(number: str, taken: set[str]) -> str:
    """The number with its minor part raised, until nobody has it."""
    major, minor, _ = (int(part) for part in number.split("."))
    return next(one for step in range(1, 99) if (one := f"{major}.{minor + step}.0") not in taken)


def seen(version: Doc) -> Doc:
    return pick(version, "id", "state", "version", *FIELDS)


def wanted(version: Version) -> Doc:
    return {"id": version.id, "state": version.state, "version": version.number} | pick(version.fields, *FIELDS)
