"""State machines: well formed, wired to what their template gives them, and ready for every step to fail."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.machines import MACHINES, definition
from tests.repository.tree import ROOT, resources

DECLARED = {
    Path(properties["DefinitionUri"]).name: properties
    for path in ROOT.glob("statemachines/template.yaml")
    for properties in resources(path, "AWS::Serverless::StateMachine").values()
}
each_machine = pytest.mark.parametrize("path", MACHINES, ids=lambda path: path.name.partition(".")[0])


def levels(machine: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The machine, and every machine inside its states."""
    yield machine
    for state in machine["States"].values():
        inner = [state[key] for key in ("ItemProcessor", "Iterator") if key in state] + state.get("Branches", [])
        for child in inner:
            yield from levels(child)


def tasks(path: Path) -> dict[str, dict[str, Any]]:
    """Every task state at any depth."""
    return {
        name: state
        for level in levels(definition(path))
        for name, state in level["States"].items()
        if state["Type"] == "Task"
    }


def targets(state: dict[str, Any]) -> set[str]:
    """States that may follow this one."""
    steps = [state, *state.get("Catch", []), *state.get("Choices", [])]
    return {step[key] for step in steps for key in ("Next", "Default") if key in step}


def reachable(level: dict[str, Any]) -> set[str]:
    """States that can be reached from the start."""
    found: set[str] = set()
    waiting = {level["StartAt"]}
    while waiting:
        found |= waiting
        waiting = {target for name in waiting for target in targets(level["States"][name])} - found
    return found


def test_every_machine_is_declared() -> None:
    assert {path.name for path in MACHINES} == set(DECLARED)


def test_machines_are_amazon_states_language(tmp_path: Path) -> None:
    role = "arn:aws:iam::123456789012:role/machine"
    machines = {
        f"Machine{number}": {
            "Type": "AWS::StepFunctions::StateMachine",
            "Properties": {"RoleArn": role, "Definition": definition(path)},
        }
        for number, path in enumerate(MACHINES)
    }
    assert machines
    inlined = tmp_path / "template.json"
    inlined.write_text(json.dumps({"AWSTemplateFormatVersion": "2010-09-09", "Resources": machines}))
    command = [Path(sys.executable).with_name("cfn-lint"), inlined]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (found.returncode, found.stdout) == (0, "")


@each_machine
def test_every_state_is_reached_and_leads_to_a_state(path: Path) -> None:
    for level in levels(definition(path)):
        assert reachable(level) == set(level["States"])


@each_machine
def test_a_machine_uses_what_its_template_substitutes(path: Path) -> None:
    used = set(re.findall(r"\$\{(\w+)\}", path.read_text()))
    assert used == set(DECLARED[path.name]["DefinitionSubstitutions"])


@each_machine
def test_every_task_ends_in_time_and_is_caught(path: Path) -> None:
    found = tasks(path)
    assert found
    assert {name for name, state in found.items() if {"TimeoutSeconds", "Retry", "Catch"} - set(state)} == set()


@each_machine
def test_every_task_catches_whatever_happens_and_is_tried_again_at_growing_intervals(path: Path) -> None:
    states = tasks(path)
    assert {name: [one["ErrorEquals"] for one in state["Catch"]] for name, state in states.items()} == {
        name: [["States.ALL"]] for name in states
    }
    rules = [rule for state in states.values() for rule in state["Retry"]]
    assert {rule["MaxAttempts"] >= 3 and rule["BackoffRate"] > 1 for rule in rules} == {True}
    passing = {"Busy", "Failed", "States.Timeout", "Lambda.Unknown"}
    assert {passing <= set(rule["ErrorEquals"]) or rule["ErrorEquals"] == ["States.ALL"] for rule in rules} == {True}
    assert definition(path)["TimeoutSeconds"] > 0


@each_machine
def test_only_errors_that_may_pass_are_tried_again(path: Path) -> None:
    """What clears up after a failure is exempt: it tries again whatever happens."""
    caught = {catcher["Next"] for state in tasks(path).values() for catcher in state["Catch"]}
    steps = [state for name, state in tasks(path).items() if name not in caught]
    retried = {error for state in steps for rule in state["Retry"] for error in rule["ErrorEquals"]}
    assert retried & {"States.ALL", "States.TaskFailed", "Invalid", "Conflict", "NotFound", "NotAllowed"} == set()
