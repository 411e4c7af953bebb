"""What a release of the DPX door is made of, carried with it: the assets of its parts, the documents of its terms."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable
from urllib.parse import quote
from urllib.request import Request, urlopen

from local.catalogue import Document, Refused, Server

_ASSETS = "/v2/assets"
_TYPES = ("data_asset", "ibm_url_definition")
_MADE = ("asset_id", "catalog_id", "created_at", "usage")
"""What the server says of an asset."""
_SECONDS = 60


def without(document: Document, *names: str) -> Document:
    """The document without these fields."""
    return {name: value for name, value in document.items() if name not in names}


def said(document: Document) -> Document:
    """The document without fields that say nothing."""
    return {name: value for name, value in document.items() if value not in ("", None, [], {})}


def differences(before: Document, after: Document, fields: Iterable[str] | None = None) -> list[Document]:
    """A JSON Patch that makes these fields (None: all) of one document those of the other."""
    names = sorted(before.keys() | after.keys() if fields is None else fields)
    differing = [name for name in names if said({"": before.get(name)}) != said({"": after.get(name)})]
    return [
        {"op": "add", "path": f"/{_step(name)}", "value": after[name]}
        if name in after
        else {"op": "remove", "path": f"/{_step(name)}"}
        for name in differing
    ]


def _step(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


class Parts:
    """Parts and terms of releases. `catalog`: where assets are made."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._known: dict[str, str] = {}
        self.catalog = ""

    def told(self, part: Document) -> Document:
        """A part with the asset that it is, as `source`; one that is not there keeps its id."""
        asset = without(part["asset"], "container")
        methods = [without(one, "container") for one in part["delivery_methods"]]
        shown = self._server.find(f"{_ASSETS}/{quote(asset['id'], safe='')}")
        if shown is None:
            return said({**part, "asset": asset, "delivery_methods": methods})
        return said({**part, "asset": without(asset, "id"), "source": _content(shown), "delivery_methods": methods})

    def terms_told(self, release: Document) -> Document:
        """The terms, with the bytes of documents that are attached."""
        terms = release["contract_terms"][0]
        place = f"/data_product_exchange/v1/data_products/-/releases/{quote(release['id'])}/contract_terms"
        documents = [
            self._document(f"{place}/{quote(terms['id'])}/documents/{one['id']}", one) for one in terms["documents"]
        ]
        return said({**without(terms, "id", "asset"), "documents": documents})

    def _document(self, path: str, one: Document) -> Document:
        if "attachment" not in one:
            return one
        content = _transfer("GET", self._server.call("GET", path)[0]["url"])
        return {**without(one, "attachment", "url"), "content": b64encode(content).decode()}

    def sent(self, document: Document, standing: Document | None = None) -> Document:
        """The product as the door takes it; `standing`: the release that it is to change, which keeps its documents."""
        parts = [self._part(one) for one in document.get("parts_out", ())]
        wanted = {"is_restricted": False, **document, "parts_out": parts}
        terms = document.get("contract_terms", {})
        if standing is None:
            links = [one for one in terms.get("documents", ()) if "content" not in one]
            return wanted | {"contract_terms": [{**terms, "documents": links}]}
        kept = standing["contract_terms"][0]
        if self.terms_told(standing).get("documents", []) != terms.get("documents", []):
            raise Refused(f"data_products: documents of {document['name']!r} are fixed; give it another version")
        fixed = {name: kept[name] for name in ("id", "asset", "documents")}
        return wanted | {"contract_terms": [without(terms, "documents") | fixed]}

    def attach(self, draft_path: str, draft: Document, document: Document) -> None:
        """Upload the documents that are attached."""
        place = f"{draft_path}/contract_terms/{quote(draft['contract_terms'][0]['id'])}/documents"
        for one in document.get("contract_terms", {}).get("documents", ()):
            if "content" in one:
                made, _ = self._server.call("POST", place, without(one, "content"))
                _transfer("PUT", made["upload_url"], b64decode(one["content"]))
                self._server.call("POST", f"{place}/{made['id']}/complete")

    def _part(self, part: Document) -> Document:
        container = {"id": self.catalog, "type": "catalog"}
        source = part.get("source")
        id = {"id": self._asset(source)} if source else {}
        methods = [{**one, "container": container} for one in part.get("delivery_methods", ())]
        asset = {**part.get("asset", {}), **id, "container": container}
        return {**without(part, "source"), "asset": asset, "delivery_methods": methods}

    def _asset(self, source: Document) -> str:
        """An asset that says just this; it is made if there is none."""
        query = f"?catalog_id={self.catalog}"
        if not self._known:
            for type in _TYPES:
                search = {"query": "*:*", "include": "entity"}
                found, _ = self._server.call("POST", f"/v2/asset_types/{type}/search{query}", search)
                self._known |= {_key(_content(one)): one["metadata"]["asset_id"] for one in found["results"]}
        if _key(source) not in self._known:
            made, _ = self._server.call("POST", f"{_ASSETS}{query}", source)
            self._known[_key(source)] = made["asset_id"]
        return self._known[_key(source)]


def _content(asset: Document) -> Document:
    return {"metadata": without(asset["metadata"], *_MADE), "entity": asset["entity"]}


def _key(content: Document) -> str:
    return json.dumps(content, sort_keys=True)


def _transfer(method: str, url: str, data: bytes | None = None) -> bytes:
    """What a signed link answers."""
    if not url.startswith(("http://", "https://")):
        raise Refused(f"{url!r} is no http or https address")
    try:
        with urlopen(Request(url, data=data, method=method), timeout=_SECONDS) as answer:  # noqa: S310
            content: bytes = answer.read()
            return content
    except OSError as error:
        raise Refused(f"{url.partition('?')[0]} does not answer: {type(error).__name__}") from error
