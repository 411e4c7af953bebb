"""The OpenAPI documents that are served, as files beside this module: `openapi/<door>.json` or `.yaml`."""

from __future__ import annotations

import os
from pathlib import Path

import orjson

from souk.errors import NotFound

_FOLDER = Path(__file__).parent / "openapi"
_PAGE = Path(__file__).parent / "page/docs.html"
_EVENTS = Path(__file__).parent / "asyncapi.json"
_TYPES = {".json": "application/json", ".yaml": "application/yaml"}


def titles() -> list[tuple[str, str]]:
    """Name and title of every document, by name."""
    return [(path.name, _title(path)) for path in _documents()]


def read(name: str) -> str:
    """The document of this name, with the address of its door where that is known: each has its own on AWS.

    Raises NotFound; names that are no plain name of a document are among the unknown.
    """
    path = next((path for path in _documents() if path.name == name), None)
    if path is None:
        raise NotFound(f"there is no document {name[:80]!r}", kind="document", id=name)
    address = addresses().get(path.stem)
    if address is None or path.suffix != ".json":
        return path.read_text(encoding="utf-8")
    return orjson.dumps(orjson.loads(path.read_bytes()) | {"servers": [{"url": address}]}).decode()


def addresses() -> dict[str, str]:
    """Base URLs that `SOUK_DOOR_URLS` names, as `door=url` with blanks between; of the others it is this host."""
    pairs = (pair.partition("=") for pair in os.environ.get("SOUK_DOOR_URLS", "").split())
    return {door: url for door, _, url in pairs if url}


def page() -> str:
    """The page that shows the documents, with places for their names."""
    return _PAGE.read_text(encoding="utf-8")


def events() -> str:
    """The AsyncAPI document."""
    return _EVENTS.read_text(encoding="utf-8")


def media_type(name: str) -> str:
    """The media type of a document."""
    return _TYPES[Path(name).suffix]


def _documents() -> list[Path]:
    return sorted(path for path in _FOLDER.glob("*") if path.suffix in _TYPES)


def _title(path: Path) -> str:
    if path.suffix != ".json":
        return path.name
    return str(orjson.loads(path.read_bytes()).get("info", {}).get("title") or path.name)
