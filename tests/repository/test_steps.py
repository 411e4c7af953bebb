"""Every operation has gone the steps of CONTRIBUTING.md; what can be written without thought is written right."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.repository import steps
from tests.repository.tree import DIALECTS, ROOT, routes, template

FOLDERS = ("functions/hub", "events/hub")


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the hub's template and recordings."""
    for folder in FOLDERS:
        shutil.copytree(ROOT / folder, tmp_path / folder)
    monkeypatch.setattr(steps, "ROOT", tmp_path)
    return tmp_path


@pytest.mark.parametrize("door", DIALECTS)
def test_every_operation_has_gone_all_steps(door: str) -> None:
    assert [f"{name}: {lack}" for name in steps.operations(door) for lack in steps.missing(door, name)] == []


def test_an_operation_without_anything_is_told_every_step() -> None:
    lacks = steps.missing("hub", "listRoasters")
    assert [lack.partition(":")[0] for lack in lacks] == [f"step {step.number}" for step in steps.STEPS]
    assert "functions/hub/operations/list_roasters.py" in " ".join(lacks)


def test_the_block_and_the_recording_are_written_by_the_route(elsewhere: Path) -> None:
    steps.write("hub", "giveGrantBack", "DELETE", "/grants/{id}/held/{part}")
    made = template(elsewhere / "functions/hub/template.yaml")["Resources"]["GiveGrantBackFunction"]["Properties"]
    assert (made["Handler"], made["Role"]) == ("hub.operations.give_grant_back.handler", "WriterRole.Arn")
    assert made["Events"]["Http"]["Properties"]["Path"] == "/grants/{id}/held/{part}"
    event = json.loads((elsewhere / "events/hub/give_grant_back.json").read_text())
    assert event["routeKey"] == "DELETE /grants/{id}/held/{part}"
    assert event["rawPath"] == f"/grants/{event['pathParameters']['id']}/held/part"


def test_a_read_reads(elsewhere: Path) -> None:
    steps.write("hub", "findGrants", "GET", "/found")
    made = template(elsewhere / "functions/hub/template.yaml")["Resources"]["FindGrantsFunction"]["Properties"]
    assert made["Role"] == "ReaderRole.Arn"
    assert "pathParameters" not in json.loads((elsewhere / "events/hub/find_grants.json").read_text())


def test_what_is_there_is_not_written_again(elsewhere: Path) -> None:
    method, path = routes("hub")["GetGrantFunction"]
    with pytest.raises(ValueError, match="has getGrant already"):
        steps.write("hub", "getGrant", method, path)
    assert (elsewhere / "functions/hub/template.yaml").read_text() == (ROOT / "functions/hub/template.yaml").read_text()
