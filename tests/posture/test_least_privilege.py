"""Every function on DynamoDB: what it calls is what its role may, and no role may what nobody calls."""

from __future__ import annotations

from importlib import import_module

import pytest

from souk.store import dynamodb_commit
from tests.faults.stage import staged
from tests.posture.calls import Rehearsal, Use
from tests.posture.granted import FUNCTIONS, uses_in
from tests.posture.kept import BY_THE_SERVICE, KEPT, NEVER_LARGE, NOT_GRANTED, OF_STREAMS
from tests.repository.tree import ROOT, TEMPLATES, resources

DOORS = ("hub", "nav", "immuta", "nndm", "dpx")
STORIES = (*(f"tests.faults.story_{name}" for name in ("reactions", *DOORS)), "tests.posture.story_commands")
SILENT = {f"hub/{name}" for name in ("get_async_api", "get_docs", "get_open_api", "unknown_path")} | {
    "immuta/unknown_path",
    "nav/unknown_path",
}
"""Functions that answer out of themselves."""
Heard = dict[str, set[Use]]


def heard_in(*stories: str) -> Heard:
    """What every function asked of AWS, each story told once."""
    heard: Heard = {}
    for name in stories:
        story = import_module(name)
        with staged(thorough=False, kind=Rehearsal) as stage:
            assert isinstance(stage, Rehearsal)
            stage.worded(name.rpartition("_")[2], lambda _: "")
            story.story(stage)
            heard |= stage.uses
    return heard


@pytest.fixture(scope="module")
def heard() -> Heard:
    return heard_in(*STORIES)


def outside(heard: Heard, known: dict[str, set[Use]]) -> dict[str, set[Use]]:
    """What functions asked for beyond what their policies allow and what is known."""
    asked = {
        name: heard[name]
        - {use for policy in FUNCTIONS[name].policies for use in uses_in(FUNCTIONS[name].template, policy)}
        - known.get(name, set())
        for name in heard
    }
    return {name: uses for name, uses in asked.items() if uses}


def test_every_function_is_heard(heard: Heard) -> None:
    declared = {(path, name) for path in TEMPLATES for name in resources(path, "AWS::Serverless::Function")}
    assert len(declared) == len(FUNCTIONS)
    assert heard.keys() == FUNCTIONS.keys()
    assert {name for name, uses in heard.items() if not uses} == SILENT


def test_no_function_calls_what_its_role_may_not(heard: Heard) -> None:
    assert outside(heard, NOT_GRANTED) == {}


@pytest.mark.heavy
def test_neither_when_every_body_is_a_large_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dynamodb_commit, "SPILL_FROM", 64)
    monkeypatch.setattr(dynamodb_commit, "_SUSPECT", 0)
    assert outside(heard_in(*STORIES[1:-1]), {**NOT_GRANTED, **NEVER_LARGE}) == {}


def test_no_policy_allows_what_nothing_asks_for_and_nothing_needs(heard: Heard) -> None:
    asked: dict[tuple[str, str], set[Use]] = {}
    allowed: dict[tuple[str, str], set[Use]] = {}
    for name, function in FUNCTIONS.items():
        for policy in function.policies:
            label = (function.template.parent.name, policy)
            asked.setdefault(label, set()).update(heard[name])
            allowed[label] = uses_in(function.template, policy)
    left = {
        " ".join(label): {use for use in uses - asked[label] if not _is_the_services(use)}
        for label, uses in allowed.items()
    }
    assert {label: sorted(uses) for label, uses in left.items() if uses} == {
        label: sorted(uses) for label, uses in KEPT.items()
    }


def test_machines_may_call_the_functions_that_they_name_and_no_others() -> None:
    path = ROOT / "statemachines/template.yaml"
    machines = resources(path, "AWS::Serverless::StateMachine").values()
    named = {function for machine in machines for function in machine["DefinitionSubstitutions"].values()}
    assert {machine["Role"] for machine in machines} == {"MachineRole.Arn"}
    assert uses_in(path, "MachineRole") == {("lambda:InvokeFunction", function) for function in named}


def _is_the_services(use: Use) -> bool:
    """By Lambda; and that a missing object is told from a forbidden one takes the right to list, but no call."""
    return use[0].startswith(BY_THE_SERVICE) or use[0] in OF_STREAMS or use == ("s3:ListBucket", "${Bucket}")
