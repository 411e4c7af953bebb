"""Public documents of other people, in and out: those of the folder that SOUK_EXAMPLES names, none without it."""

from __future__ import annotations

import json
import os
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.wire.nndm.documents import World, port, product, team
from tests.wire.nndm.door import Door, encoded, stored
from tests.wire.nndm.equality import assert_came_back, without_nulls
from tests.wire.raw import Doc

FOLDERS = ["teams", "sourcesystems", "datacontracts", "dataproducts", "datausageagreements", "odcs", "odps"]
BITOL = {"odcs": "datacontracts", "odps": "dataproducts"}
"""Folders with documents of the Bitol standards, and what these are here."""
ROOT = Path(os.environ.get("SOUK_EXAMPLES") or os.devnull)


def plain(value: Any) -> Any:
    """The value as a pipeline turns YAML into JSON: dates become text."""
    return json.loads(
        json.dumps(value, default=lambda held: held.isoformat() if isinstance(held, (date, datetime)) else str(held))
    )


def read(file: Path) -> Doc:
    document: Doc = plain(yaml.safe_load(file.read_text("utf-8")))
    return document


FILES = [file for folder in FOLDERS for file in sorted((ROOT / folder).glob("*.y*ml")) if "id" in read(file)]
"""Every document but those that are examples of what is wrong: they have no id."""


def put_team(door: Door, id: str | None) -> None:
    """Make sure that a team which a document names is there."""
    sent = team(id or "unowned")
    stored(door.put("teams", sent["id"], sent))


def prepare(door: Door, world: World, document: Doc) -> None:
    """Put what the document refers to: its owner, and for an agreement both sides."""
    info = document.get("info") or {}
    provider, consumer = document.get("provider") or {}, document.get("consumer") or {}
    for id in (document.get("owner"), info.get("owner"), provider.get("teamId"), consumer.get("teamId")):
        put_team(door, id)
    ports = [port(provider.get("outputPortId", "none"))]
    for id in (provider.get("dataProductId", "unnamed"), consumer.get("dataProductId", "unnamed")):
        stored(door.put("dataproducts", id, product(id, world, *ports)))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_public_document_comes_back_identical(door: Door, world: World, file: Path) -> None:
    document = read(file)
    prepare(door, world, document)
    kind = BITOL.get(file.parent.name, file.parent.name)
    target = f"/api/{kind}/{encoded(document['id'])}"
    stored(door.call("PUT", target, document))
    assert_came_back(document, stored(door.call("GET", target)).json())


@pytest.mark.parametrize(
    "file", [file for file in FILES if file.parent.name in {"datacontracts", "odcs"}], ids=lambda file: file.name
)
def test_a_public_contract_is_exported_identical(door: Door, world: World, file: Path) -> None:
    document = read(file)
    prepare(door, world, document)
    target = f"/api/datacontracts/{encoded(document['id'])}"
    stored(door.call("PUT", target, document))
    body = stored(door.call("GET", f"{target}/datacontract.yaml")).body
    assert_came_back(document, yaml.safe_load(body))
    assert without_nulls(yaml.safe_load(body)) == without_nulls(door.call("GET", target).json())
