"""The doors of governed products and of releases, in the vocabulary of `tests.doors.products`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from souk.organisation.domains import UNASSIGNED
from souk.setup.catalogue import CATALOGUE
from souk.setup.methods import OPEN_URL
from tests.doors.callers import Doc, fresh
from tests.doors.products import Door, Seen, encoded

_HUB = "/data_product_exchange/v1/data_products"


class Immuta(Door):
    """Products of registered data sources."""

    name = "immuta"
    stand_ins: ClassVar[Mapping[str, Any]] = {"domain": UNASSIGNED}

    def make(self) -> tuple[str, Seen]:
        sources = self.env["SOUK_SOURCE_IDS"].split(",")[:2]
        body = {
            "name": fresh("Tastings"),
            "description": "How it tastes",
            "domains": [self.env["SOUK_DOMAIN_ID"]],
            "requestFormId": self.env["SOUK_FORM_ID"],
            "metadata": {"subjectMatterExpert": {"id": self.env["SOUK_MANAGER_ID"], "name": "Mina Berg"}},
            "dataSources": [{"sourceId": source} for source in sources],
        }
        made = self.caller.done(201, "POST", "/api/data-product", body)
        known = self.caller.done(200, "GET", f"{self.place(made['id'])}/datasources?limit=100")["data"]
        return made["id"], {
            "title": body["name"],
            "description": body["description"],
            "owner": None,
            "domain": self.env["SOUK_DOMAIN_ID"],
            "ports": sorted(source["name"] for source in known),
            "tags": [],
            "datastore": None,
        }

    def place(self, shown: str) -> str:
        return f"/api/data-product/{shown}"

    def ids(self) -> list[str]:
        return self._all("/api/data-product?limit=100")

    def found(self, title: str) -> list[str]:
        by_name = self.caller.done(200, "GET", f"/api/data-product/{encoded(title)}/byName")["id"]
        found = self._all(f"/api/data-product?limit=100&nameFilter={encoded(title.upper())}")
        assert found == [by_name]
        return found

    def _all(self, target: str) -> list[str]:
        found: list[str] = []
        token: str | None = ""
        while token is not None:
            page = self.caller.done(200, "GET", target + (f"&nextToken={encoded(token)}" if token else ""))
            found += [entry["id"] for entry in page["data"]]
            token = page["meta"]["nextToken"]
        return found

    def seen(self, document: Doc) -> Seen:
        place = f"{self.place(document['id'])}/datasources?limit=100"
        sources = self.caller.done(200, "GET", place)["data"]
        return {
            "title": document["name"],
            "description": document["description"],
            "domain": document["domains"][0],
            "ports": sorted(source["name"] for source in sources),
        }

    def change(self, shown: str, title: str, description: str) -> None:
        self.caller.done(200, "PUT", self.place(shown), {"name": title, "description": description})

    def rework(self, shown: str, held: Seen) -> Seen:
        place, domain = self.place(shown), self.env["SOUK_DOMAIN_ID"]
        self.caller.done(200, "PUT", place, {"domains": [domain]})
        known = self.caller.done(200, "GET", f"{place}/datasources?limit=100")["data"]
        wanted = [*(source["sourceId"] for source in known), self.env["SOUK_SOURCE_IDS"].split(",")[-1]]
        body = {"dataSources": [{"sourceId": source} for source in wanted]}
        self.caller.done(200, "PUT", f"{place}/datasources", body)
        after = self.caller.done(200, "GET", f"{place}/datasources?limit=100")["data"]
        assert len(after) == len(known) + 1
        return held | {"domain": domain, "ports": sorted(source["name"] for source in after)}

    def end(self, shown: str) -> None:
        self.caller.done(200, "DELETE", self.place(shown))

    def plain(self, document: Doc) -> Doc:
        return {name: value for name, value in document.items() if name not in {"name", "description", "updatedAt"}}


class Dpx(Door):
    """Releases of versions; what is not published no other door sees."""

    name = "dpx"
    stand_ins: ClassVar[Mapping[str, Any]] = {"domain": UNASSIGNED}
    container = CATALOGUE

    def part(self, name: str) -> Doc:
        """A part that is a new asset, which can be opened."""
        kind = "ibm_url_definition"
        body = {"metadata": {"name": name, "asset_type": kind, "rov": {"mode": 0}}}
        body["entity"] = {kind: {"url": "https://example.com/board"}}
        asset = self.caller.done(201, "POST", f"/v2/assets?catalog_id={CATALOGUE}", body)["asset_id"]
        container = {"id": CATALOGUE, "type": "catalog"}
        method = {"id": OPEN_URL, "container": container}
        return {"asset": {"id": asset, "name": name, "container": container}, "delivery_methods": [method]}

    def draft(self) -> Doc:
        """A draft that may be published, of a new product."""
        terms = {"documents": [{"type": "sla", "name": "Promise", "url": "https://example.com/sla"}]}
        prototype = {
            "name": fresh("Roasts"),
            "description": "Every batch that was roasted",
            "asset": {"container": {"id": CATALOGUE}},
            "domain": {"id": self.env["SOUK_DOMAIN_ID"], "name": "Roastery"},
            "tags": ["roast"],
            "types": ["data"],
            "parts_out": [self.part("Roast board")],
            "contract_terms": [terms],
        }
        draft: Doc = self.caller.done(201, "POST", _HUB, {"drafts": [prototype]})["drafts"][0]
        return draft

    def publish(self, draft: Doc) -> Doc:
        """The release that the draft becomes."""
        place = f"{_HUB}/{draft['data_product']['id']}/drafts/{encoded(draft['id'])}/publish"
        release: Doc = self.caller.done(200, "POST", place)
        return release

    def make(self) -> tuple[str, Seen]:
        release = self.publish(self.draft())
        return release["data_product"]["id"], {
            "title": release["name"],
            "description": release["description"],
            "owner": None,
            "domain": self.env["SOUK_DOMAIN_ID"],
            "ports": ["Roast board"],
            "tags": ["roast"],
            "datastore": None,
        }

    def place(self, shown: str) -> str:
        return f"{_HUB}/{shown}"

    def releases(self, shown: str, state: str = "available") -> list[Doc]:
        """The product's releases in a state."""
        found: list[Doc] = self.caller.done(200, "GET", f"{_HUB}/{shown}/releases?state={state}")["releases"]
        return found

    def document(self, shown: str) -> Doc | None:
        """The release that stands for the product: the latest that is available."""
        found = super().document(shown)
        latest: Doc | None = found.get("latest_release") if found else None
        return latest

    def ids(self) -> list[str]:
        found, target = [], f"{_HUB}?limit=200"
        while target:
            page = self.caller.done(200, "GET", target)
            found += [entry["id"] for entry in page["data_products"]]
            target = f"{_HUB}?limit=200&start={page['next']['start']}" if "next" in page else ""
        return found

    def found(self, title: str) -> list[str]:
        found, target = [], f"{_HUB}/-/releases?limit=200&state=available"
        while target:
            page = self.caller.done(200, "GET", target)
            found += [entry["data_product"]["id"] for entry in page["releases"] if entry["name"] == title]
            target = (
                f"{_HUB}/-/releases?limit=200&state=available&start={page['next']['start']}" if "next" in page else ""
            )
        return found

    def seen(self, document: Doc) -> Seen:
        return {
            "title": document["name"],
            "description": document["description"] or None,
            "domain": document["domain"]["id"],
            "ports": sorted(part["asset"]["name"] for part in document["parts_out"]),
            "tags": document["tags"],
        }

    def change(self, shown: str, title: str, description: str) -> None:
        release = self.document(shown)
        assert release is not None
        values = {"/name": title, "/description": description}
        patch = [{"op": "replace", "path": path, "value": value} for path, value in values.items()]
        self.caller.done(200, "PATCH", f"{_HUB}/{shown}/releases/{encoded(release['id'])}", patch)

    def rework(self, shown: str, held: Seen) -> Seen:
        release = self.document(shown)
        assert release is not None
        domain = {"id": self.env["SOUK_DOMAIN_ID"], "name": "Roastery"}
        parts = [*release["parts_out"], self.part("Tasting notes")]
        values = {"/tags": ["renewed"], "/domain": domain, "/parts_out": parts}
        patch = [{"op": "replace", "path": path, "value": value} for path, value in values.items()]
        self.caller.done(200, "PATCH", f"{_HUB}/{shown}/releases/{encoded(release['id'])}", patch)
        told = {"tags": ["renewed"], "domain": domain["id"]}
        return held | told | {"ports": sorted([*held["ports"], "Tasting notes"])}

    def end(self, shown: str) -> None:
        release = self.document(shown)
        assert release is not None
        self.caller.done(200, "POST", f"{_HUB}/{shown}/releases/{encoded(release['id'])}/retire")

    def plain(self, document: Doc) -> Doc:
        changed = {"name", "description", "last_updated_at"}
        return {name: value for name, value in document.items() if name not in changed}
