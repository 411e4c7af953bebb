"""What the DPX door carries: domains as trees, contract templates, and the newest release of each product made there.

Ids of products, assets and terms are the server's. Products and templates are told apart by their names, assets by all
that they say: a product holds those that its parts are. Domains keep their ids. Drafts and former releases stay where
they are, and a product that is deleted is retired. What is not said is left out: an empty text, an empty list.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

from local.catalogue import Catalogue, Change, Document, Refused
from local.named_catalogue import Named
from local.parts_catalogue import Parts, differences, said, without

_BASE = "/data_product_exchange/v1"
_SETUP = f"{_BASE}/configuration/initialize"
_PRODUCTS = f"{_BASE}/data_products"
_TEMPLATES = f"{_BASE}/contract_templates"
_DOMAINS = f"{_BASE}/domains"
_TREE = ("container", "created_by", "parent", "sub_domains")
_MADE = (
    "id", "state", "data_product", "asset", "created_by", "created_at", "published_by", "published_at",
    "last_updated_at", "publish_errors", "visualization_errors",
)  # fmt: skip
"""What the server says of a version."""
_PATIENCE_SECONDS = 60.0
_PAUSE_SECONDS = 0.1


class Dpx(Named):
    """A Souk that is spoken to through its DPX door."""

    door = "dpx"
    kinds = ("domains", "contract_templates", "data_products")

    def __init__(self, url: str, key: str) -> None:
        super().__init__(url, key)
        self._elsewhere: set[str] = set()
        self._catalog = ""
        self._parts = Parts(self)

    def catalogue(self) -> Catalogue:
        """Everything that there is, by kind and name."""
        self._ids.clear()
        shown = {"domains": self._trees, "contract_templates": self._templates, "data_products": self._products}
        return {self._known(kind, document, id): document for kind in self.kinds for id, document in shown[kind]()}

    def carry_out(self, change: Change) -> None:
        """Take one step."""
        self._catalog = self._catalog or self._initialized()
        self._parts.catalog = self._catalog
        {
            "domains": self._carry_domain,
            "contract_templates": self._carry_template,
            "data_products": self._carry_product,
        }[change.kind](change)

    def _initialized(self) -> str:
        """The id of the catalog, which the first initialization makes."""
        if self.find(f"{_SETUP}/status") is None:
            self.call("POST", _SETUP, {"include": ["delivery_methods"]})
        state = self._settled(f"{_SETUP}/status", "status", "in_progress")
        return str(state["container"]["id"])

    def _settled(self, path: str, field: str, passing: str) -> Any:
        """What is there once this field is something else."""
        until = time.monotonic() + _PATIENCE_SECONDS
        while (shown := self.call("GET", path)[0])[field] == passing:
            if time.monotonic() > until:
                raise Refused(f"{path} still says {passing!r}")
            time.sleep(_PAUSE_SECONDS)
        return shown

    def _in_catalog(self, path: str) -> str:
        return f"{path}?{urlencode({'container.id': self._catalog})}"

    # Domains

    def _trees(self) -> Iterator[tuple[str, Document]]:
        for one in self.call("GET", _DOMAINS)[0]["domains"]:
            yield one["id"], self._tree(one["id"])

    def _tree(self, id: str) -> Document:
        shown = self.call("GET", f"{_DOMAINS}/{id}")[0]
        below = [self._tree(one["id"]) for one in shown["sub_domains"]]
        return said({**without(shown, *_TREE), "sub_domains": sorted(below, key=lambda one: str(one["id"]))})

    def _carry_domain(self, change: Change) -> None:
        if change.verb == "create":
            self._plant(change.document, "")
            return
        id = self._id("domains", change.id)
        if change.verb == "delete":
            self.call("DELETE", f"{_DOMAINS}/{id}")
        elif id != change.document.get("id", id):
            raise Refused(f"domains: {change.id!r} has the id {id} there, which cannot be changed")
        else:
            self._tend(change.document, self._tree(id))

    def _plant(self, wanted: Document, above: str) -> None:
        """Make a domain, below another or at the top, and all that lies below it."""
        plain = without(wanted, "sub_domains")
        if above:
            begun = {name: plain[name] for name in ("id", "name", "description") if name in plain}
            made, _ = self.call("POST", self._in_catalog(f"{_DOMAINS}/{above}/subdomains"), begun)
            self._adapt(plain | {"id": made["id"]}, begun | {"id": made["id"]})
        else:
            made, _ = self.call("POST", _DOMAINS, plain | {"container": {"id": self._catalog, "type": "catalog"}})
        for one in wanted.get("sub_domains", ()):
            self._plant(one, made["id"])

    def _tend(self, wanted: Document, there: Document) -> None:
        """Make a domain that is there what is wanted, with all that lies below it."""
        self._adapt({"id": there["id"]} | wanted, there)
        standing = {one["id"]: one for one in there.get("sub_domains", ())}
        for one in wanted.get("sub_domains", ()):
            known = standing.pop(one.get("id"), None)
            if known is None:
                self._plant(one, there["id"])
            elif known != one:
                self._tend(one, known)
        for id in standing:
            self.call("DELETE", f"{_DOMAINS}/{id}")

    def _adapt(self, wanted: Document, there: Document) -> None:
        changes = differences(without(there, "sub_domains"), without(wanted, "sub_domains"))
        if changes:
            self.call("PATCH", self._in_catalog(f"{_DOMAINS}/{wanted['id']}"), changes)

    # Contract templates

    def _templates(self) -> Iterator[tuple[str, Document]]:
        for one in self.call("GET", _TEMPLATES)[0]["contract_templates"]:
            yield one["id"], said({"name": one["name"], "contract_terms": one.get("contract_terms", {})})

    def _carry_template(self, change: Change) -> None:
        if change.verb == "create":
            container = {"id": self._catalog, "type": "catalog"}
            made, _ = self.call("POST", _TEMPLATES, change.document | {"container": container})
            self._ids[change.kind, change.id] = made["id"]
            return
        path = self._in_catalog(f"{_TEMPLATES}/{quote(self._id(change.kind, change.id), safe='')}")
        if change.verb == "delete":
            self.call("DELETE", path)
        else:
            self.call("PATCH", path, differences(self.call("GET", path)[0], change.document, ("contract_terms",)))

    # Products

    def _products(self) -> Iterator[tuple[str, Document]]:
        self._elsewhere.clear()
        path = f"{_PRODUCTS}?limit=200"
        while path:
            page, _ = self.call("GET", path)
            for one in page["data_products"]:
                release = self.call("GET", f"{_PRODUCTS}/{one['id']}")[0].get("latest_release")
                if release and release["asset"]["id"] == one["id"]:
                    self._elsewhere.add(one["name"])
                elif release:
                    yield one["id"], self._document(release)
            start = page.get("next", {}).get("start", "")
            path = f"{_PRODUCTS}?{urlencode({'limit': 200, 'start': start})}" if start else ""

    def _document(self, release: Document) -> Document:
        domain = without(release["domain"], "container")
        terms = self._parts.terms_told(release)
        parts = [self._parts.told(one) for one in release["parts_out"]]
        told = {**without(release, *_MADE), "domain": domain, "contract_terms": terms, "parts_out": parts}
        return said(told if release["is_restricted"] else without(told, "is_restricted"))

    def _carry_product(self, change: Change) -> None:
        if change.verb == "create":
            if change.id in self._elsewhere:
                raise Refused(f"data_products: {change.id!r} is there, made through another door, which carries it")
            self._release(_PRODUCTS, change.document)
            return
        product = f"{_PRODUCTS}/{self._id(change.kind, change.id)}"
        if change.verb == "delete":
            for one in self.call("GET", f"{product}/releases?state=available")[0]["releases"]:
                self.call("POST", f"{product}/releases/{quote(one['id'])}/retire")
            return
        latest = self.call("GET", product)[0]["latest_release"]
        if latest["version"] != change.document.get("version", latest["version"]):
            self._release(f"{product}/drafts", change.document)
            return
        wanted = self._parts.sent(change.document, latest)
        fields = (wanted.keys() | latest.keys()) - {*_MADE, "version"}
        self.call("PATCH", f"{product}/releases/{quote(latest['id'])}", differences(latest, wanted, fields))

    def _release(self, path: str, document: Document) -> None:
        """Publish a new version. A draft that cannot become a release does not stay."""
        container = {"id": self._catalog, "type": "catalog"}
        prototype = self._parts.sent(document) | {"asset": {"container": container}}
        made, _ = self.call("POST", path, {"drafts": [prototype]} if path == _PRODUCTS else prototype)
        draft = made["drafts"][0] if path == _PRODUCTS else made
        place = f"{_PRODUCTS}/{draft['data_product']['id']}/drafts/{quote(draft['id'])}"
        try:
            self._parts.attach(place, draft, document)
            self.call("POST", f"{place}/publish")
            self._settled(f"{_PRODUCTS}/-/releases/{quote(draft['id'])}", "state", "draft")
        except Refused:
            self.call("DELETE", place)
            raise
