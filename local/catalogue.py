"""A catalogue as a folder of YAML: `<folder>/<door>/<kind>/<id>.yaml`, read from and put into any Souk over HTTP.

The NNDM door carries the records that a client names: teams, source systems, definitions, assets, data contracts, data
products and data usage agreements, with whether these are approved; `door_catalogues` says what others carry. Costs,
runs of tests and events are history and stay.
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, unquote, urlsplit

import yaml

KINDS = ("teams", "sourcesystems", "definitions", "assets", "datacontracts", "dataproducts", "datausageagreements")
"""In this order nothing refers to what is not there yet; the other way round nothing is deleted that is referred to."""
_AGREEMENTS = "datausageagreements"
_DECIDED = {"approved": "approve", "rejected": "reject"}
_OWN = ("status", "active")
"""What the server says of an agreement; a PUT does not look at it."""
Document = dict[str, Any]
Catalogue = dict[tuple[str, str], Document]
"""Documents by kind and id, in the order of KINDS."""


class Refused(Exception):
    """The server did not take a request, or the folder cannot be read. `status`: what was answered, or 0."""

    def __init__(self, text: str, status: int = 0) -> None:
        super().__init__(text)
        self.status = status


class Change(NamedTuple):
    """One step of a plan. `verb` is create, update, decide or delete."""

    verb: str
    kind: str
    id: str
    document: Document


class Server:
    """A Souk that is spoken to through its NNDM door. Each call raises Refused.

    `kinds` in the order of making; `key`: the field of a document that is its file's name.
    """

    door = "nndm"
    kinds: tuple[str, ...] = KINDS
    key = "id"

    def __init__(self, url: str, key: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise Refused(f"{url!r} is no http or https address")
        self._secure, self._netloc, self._base = parts.scheme == "https", parts.netloc, parts.path.rstrip("/")
        self._headers = {"authorization": f"Bearer {key}", "content-type": "application/json"}

    def call(self, method: str, path: str, document: Any = None) -> tuple[Any, str]:
        """The JSON (or text) that is answered, and where the next page is (the path, or empty)."""
        make = http.client.HTTPSConnection if self._secure else http.client.HTTPConnection
        connection = make(self._netloc, timeout=60)
        try:
            body = None if document is None else json.dumps(document).encode()
            connection.request(method, self._base + path, body, self._headers)
            answer = connection.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException) as error:
            raise Refused(f"{self._netloc} does not answer: {type(error).__name__}") from error
        finally:
            connection.close()
        if answer.status not in {200, 201, 202, 204}:
            words = text[:300].decode(errors="replace")
            raise Refused(f"{method} {path} answered {answer.status}: {words}", answer.status)
        following = answer.getheader("link", "").partition(";")[0].strip("<> ")
        where = urlsplit(following)
        value = json.loads(text) if text and "json" in answer.getheader("content-type", "") else text.decode()
        return value, f"{where.path}?{where.query}" if following else ""

    def find(self, path: str) -> Any:
        """The JSON that is there, or None where nothing is."""
        try:
            return self.call("GET", path)[0]
        except Refused as error:
            if error.status == 404:
                return None
            raise

    def catalogue(self) -> Catalogue:
        """Everything that there is."""
        return {(kind, one["id"]): one for kind in KINDS for one in self._listed(f"/api/{kind}?p=0")}

    def _listed(self, path: str) -> Iterator[Document]:
        while path:
            page, path = self.call("GET", path.removeprefix(self._base))
            yield from page

    def carry_out(self, change: Change) -> None:
        """Take one step."""
        path = f"/api/{change.kind}/{quote(change.id, safe='')}"
        if change.verb == "delete":
            self.call("DELETE", path)
        elif change.verb == "decide":
            self.call("POST", f"{path}/{_DECIDED[_status(change.document)]}")
        else:
            self.call("PUT", path, change.document)


def plan(wanted: Catalogue, there: Catalogue, *, prune: bool = False) -> list[Change]:
    """What makes the server's catalogue the wanted one; with `prune`, what is not wanted goes."""
    changes: list[Change] = []
    for (kind, id), document in wanted.items():
        before = there.get((kind, id))
        if before is None or _plain(before) != _plain(document):
            changes.append(Change("update" if before else "create", kind, id, document))
        if kind == _AGREEMENTS and _status(document) in _DECIDED and _status(before or {}) in {"", "requested"}:
            changes.append(Change("decide", kind, id, document))
    gone = [place for place in there if place not in wanted] if prune else []
    return changes + [Change("delete", kind, id, there[kind, id]) for kind, id in reversed(gone)]


def apply(server: Server, changes: list[Change], told: Callable[[Change], object]) -> None:
    """Take every step in turn, telling of each. A second run goes on where one that was refused ended."""
    for change in changes:
        server.carry_out(change)
        told(change)


def write(catalogue: Catalogue, folder: Path, door: str = Server.door) -> int:
    """Write a file for each record, and remove those of records that are gone. How many were written."""
    kept = set()
    for (kind, id), document in catalogue.items():
        path = folder / door / kind / f"{quote(id, safe=' @')}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(document, sort_keys=False, allow_unicode=True), encoding="utf-8")
        kept.add(path)
    for path in set((folder / door).glob("*/*.yaml")) - kept:
        path.unlink()
    return len(kept)


def read(folder: Path, server: type[Server] = Server) -> Catalogue:
    """What a folder holds for a door. Raises Refused for what is no catalogue."""
    found: Catalogue = {}
    for kind in server.kinds:
        for path in sorted((folder / server.door / kind).glob("*.yaml")):
            try:
                document = yaml.safe_load(path.read_text(encoding="utf-8"))
            except (yaml.YAMLError, UnicodeDecodeError) as error:
                raise Refused(f"{path} is not YAML: {str(error).splitlines()[0]}") from error
            if not isinstance(document, dict) or str(document.get(server.key, "")) != unquote(path.stem):
                raise Refused(f"{path} must hold a record whose {server.key} is its name, {unquote(path.stem)!r}")
            found[kind, document[server.key]] = document
    if not found:
        raise Refused(f"{folder} holds no catalogue: no file <kind>/<id>.yaml in {folder / server.door}")
    return found


def _status(document: Document) -> str:
    info = document.get("info")
    return str(info.get("status", "")) if isinstance(info, dict) else ""


def _plain(document: Document) -> Document:
    """The document without what the server says of an agreement."""
    if "consumer" not in document or not isinstance(document.get("info"), dict):
        return document
    return {**document, "info": {name: value for name, value in document["info"].items() if name not in _OWN}}
