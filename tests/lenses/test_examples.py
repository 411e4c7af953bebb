"""Public documents of other people through all doors: those of the folder that SOUK_EXAMPLES names, none without it."""

from __future__ import annotations

import copy
import json
import os
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from souk.ids import as_uuid
from souk.store.port import Store
from tests.doors.callers import Doc
from tests.doors.products import Door
from tests.lenses import laws
from tests.lenses.catalogue import Catalogue
from tests.lenses.documents import Write

ROOT = Path(os.environ.get("SOUK_EXAMPLES") or os.devnull)
CHANGES = (
    Write("immuta", {"description": "Said anew", "suspended": False}),
    Write("nav", {"description": "Said anew", "team": "", "datastore": []}),
    Write("dpx", {"description": "Said anew", "comments": "seen"}),
)


def plain(value: Any) -> Any:
    """The value as a pipeline turns YAML into JSON: dates become text."""
    return json.loads(
        json.dumps(value, default=lambda held: held.isoformat() if isinstance(held, (date, datetime)) else str(held))
    )


def read(file: Path) -> Doc:
    document: Doc = plain(yaml.safe_load(file.read_text("utf-8")))
    return document


FILES = [
    file for folder in ("dataproducts", "odps") for file in sorted((ROOT / folder).glob("*.y*ml")) if "id" in read(file)
]


def owner_of(document: Doc) -> str:
    """The team that a document names, if it must exist."""
    owner: str = document.get("info", {}).get("owner", "roasting")
    return owner


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_public_document_passes_all_doors(
    store: Store, doors: dict[str, Door], env: dict[str, str], file: Path
) -> None:
    document, catalogue = read(file), Catalogue(store, doors, env)
    exact, owner = document["id"], owner_of(document)
    team = {"id": owner, "name": owner, "type": "Domain Team"}
    doors["nndm"].caller.done(200, "PUT", f"/api/teams/{owner}", team)
    doors["nndm"].caller.done(200, "PUT", doors["nndm"].place(exact), document)
    shown = catalogue.snapshot(exact)
    laws.same(laws.without_nulls(document), laws.without_nulls(shown["nndm"]))
    assert shown["immuta"]["id"] == as_uuid("product", exact)
    laws.changes_nothing(catalogue, exact, shown)
    for write in CHANGES:
        answer = catalogue.change(exact, write)
        assert answer is None or answer.status in {200, 204}, answer
        after = catalogue.snapshot(exact)
        laws.same(undescribed(shown["nndm"]), undescribed(after["nndm"]))
        laws.touches_only_its_own(write.door, shown, after)
        shown = after
    laws.changes_nothing(catalogue, exact, shown)


def undescribed(document: Doc) -> Doc:
    """The document without its description, wherever its format has it."""
    kept = copy.deepcopy(document)
    kept.pop("description", None)
    kept.get("info", {}).pop("description", None)
    return kept
