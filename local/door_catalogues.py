"""What further doors carry: records whose ids the server makes, told apart by their names.

Immuta: data use agreements, request forms with their policies, data products that have one, with their data sources;
products without were made through other doors. NAV: data products with who may read them. DPX: `release_catalogue`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote, urlencode

from local.catalogue import Catalogue, Change, Document, Server
from local.named_catalogue import Named
from local.release_catalogue import Dpx

_FOREVER = "0001-01-01T00:00:00Z"
_PATHS = {"agreements": "/api/data-use-agreement", "forms": "/api/request-form", "products": "/api/data-product"}
_FORMS = {
    "DATA_ACCESS": ("dataAccessRequestFormId", "dataAccessPolicy"),
    "MASKING_EXCEPTION": ("maskingExceptionRequestFormId", "maskingExceptionPolicy"),
}


class Immuta(Named):
    """A Souk that is spoken to through its Immuta door."""

    door = "immuta"
    kinds = ("agreements", "forms", "products")

    def catalogue(self) -> Catalogue:
        """Everything that there is, by kind and name."""
        self._ids.clear()
        shown = {"agreements": self._agreement, "forms": self._form, "products": self._product}
        found: Catalogue = {}
        for kind in self.kinds:
            for one in self._every(kind):
                place, document = self._known(kind, one, one["id"]), shown[kind](one)
                if kind != "products" or document["forms"]:
                    found[place] = document
        return found

    def carry_out(self, change: Change) -> None:
        """Take one step."""
        path = _PATHS[change.kind]
        if change.verb == "delete":
            self.call("DELETE", f"{path}/{self._id(change.kind, change.id)}")
            return
        body = self._body(change)
        if change.verb == "create":
            made, _ = self.call("POST", path, body)
            self._ids[change.kind, change.id] = made["id"]
        else:
            self.call("PUT", f"{path}/{self._id(change.kind, change.id)}", body)
        if change.kind == "products":
            self._finish(change)

    def _finish(self, change: Change) -> None:
        path = f"{_PATHS['products']}/{self._id('products', change.id)}"
        if change.verb == "update":
            self.call("PUT", f"{path}/datasources", {"dataSources": change.document["dataSources"]})
        elif change.document.get("suspended"):
            self.call("PUT", path, {"suspended": True})

    def _body(self, change: Change) -> Document:
        told = {name: value for name, value in change.document.items() if name != "forms"}
        if change.kind == "forms":
            terms = told.get("dataUseAgreements", ())
            return told | {"dataUseAgreements": [{"id": self._id("agreements", name)} for name in terms]}
        if change.kind == "products":
            told.pop("suspended" if change.verb == "create" else "dataSources", None)
            for kind, form in change.document.get("forms", {}).items():
                told[_FORMS[kind][0]] = self._id("forms", form)
        return told

    def _every(self, kind: str) -> Iterator[Document]:
        if kind == "products":
            yield from self._following("/api/data-product?limit=100")
            return
        offset, total = 0, 1
        while offset < total:
            page, _ = self.call("GET", f"{_PATHS[kind]}?limit=100&offset={offset}")
            yield from page["data"]
            offset, total = offset + 100, page["meta"]["totalCount"]

    def _following(self, path: str) -> Iterator[Document]:
        token: str | None = ""
        while token is not None:
            page, _ = self.call("GET", path + (f"&{urlencode({'nextToken': token})}" if token else ""))
            yield from page["data"]
            token = page["meta"]["nextToken"]

    def _agreement(self, one: Document) -> Document:
        return {name: one[name] for name in ("name", "body")}

    def _form(self, one: Document) -> Document:
        terms = [agreement["name"] for agreement in one["dataUseAgreements"]]
        return {name: one[name] for name in ("name", "fields", "policy")} | {"dataUseAgreements": terms}

    def _product(self, one: Document) -> Document:
        path = f"/api/data-product/{one['id']}"
        sources, _ = self.call("GET", f"{path}/datasources/all")
        told: Document = {
            name: one[name] for name in ("name", "description", "domains", "metadata", "suspended") if name in one
        }
        told |= {"dataSources": sources["dataSources"], "forms": {}}
        names = {id: name for (kind, name), id in self._ids.items() if kind == "forms"}
        for form in self.call("GET", f"{path}/request-forms")[0]:
            if form.get("id") in names:
                told["forms"][form["requestType"]] = names[form["id"]]
            else:
                told[_FORMS[form["requestType"]][1]] = form["policy"]
        return told


class Nav(Named):
    """A Souk that is spoken to through its NAV door. Groups that own what they read are no grants."""

    door = "nav"
    kinds = ("dataproducts",)
    _path = "/api/v1/dataproducts"

    def catalogue(self) -> Catalogue:
        """Everything that there is, by kind and name."""
        self._ids.clear()
        found: Catalogue = {}
        for one in self.call("GET", self._path)[0]:
            shown = self.call("GET", f"{self._path}/{quote(one['id'], safe='')}")[0]["data_product"]
            fields = {name: shown[name] for name in ("name", "description", "team", "datastore") if name in shown}
            access = {who: until for who, until in shown.get("access", {}).items() if not who.startswith("group:")}
            found[self._known("dataproducts", shown, one["id"])] = fields | {"access": access}
        return found

    def carry_out(self, change: Change) -> None:
        """Take one step."""
        fields = {name: value for name, value in change.document.items() if name != "access"}
        if change.verb == "create":
            self._ids[change.kind, change.id] = str(self.call("POST", self._path, fields)[0])
        id = quote(self._id(change.kind, change.id), safe="")
        if change.verb == "delete":
            self.call("DELETE", f"{self._path}/{id}")
            return
        if change.verb == "update":
            self.call("PUT", f"{self._path}/{id}", fields)
        self._grant(id, change.document.get("access", {}))

    def _grant(self, id: str, wanted: dict[str, str]) -> None:
        there = self.call("GET", f"{self._path}/{id}")[0]["data_product"].get("access", {})
        for who in self._others(there, wanted):
            self.call("DELETE", f"/api/v1/access/{id}", self._subject(who))
        for who, until in wanted.items():
            if there.get(who) != until:
                end = {} if until == _FOREVER else {"expires": until}
                self.call("POST", f"/api/v1/access/{id}", self._subject(who) | end)

    def _others(self, there: Iterable[str], wanted: dict[str, str]) -> list[str]:
        return [who for who in there if who not in wanted and not who.startswith("group:")]

    def _subject(self, who: str) -> dict[str, Any]:
        kind, _, subject = who.partition(":")
        return {"subject": subject, "type": kind}


SERVERS: dict[str, type[Server]] = {one.door: one for one in (Server, Dpx, Immuta, Nav)}
"""How each door is spoken to, by its name."""
