"""What the templates let the role of each function do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from tests.faults.rows import recordings
from tests.posture.calls import ELSEWHERE, Use
from tests.repository.tree import ROOT, operation_id, resources, snake

FOLDERS = ("nndm", "nav", "dpx", "immuta", "hub", "streams", "schedules", "bus", "commands", "steps")
_REACTIONS = ("streams", "schedules", "bus", "commands")
_NAMED = re.compile(r"(table/\$\{\w+\}|\$\{Bucket\}(?:/[\w-]+)?|event-bus/\$\{Bus\})")


class Function(NamedTuple):
    """A function's template and the policies that it runs under."""

    template: Path
    policies: tuple[str, ...]


def template_of(folder: str) -> Path:
    """Where the functions of these recordings are declared."""
    if folder == "steps":
        return ROOT / "statemachines/template.yaml"
    return ROOT / "functions" / ("reactions" if folder in _REACTIONS else folder) / "template.yaml"


def _functions(folder: str) -> dict[str, Function]:
    path = template_of(folder)
    roles = resources(path, "AWS::IAM::Role")
    found = {}
    for name, function in resources(path, "AWS::Serverless::Function").items():
        role = function["Role"].removesuffix(".Arn")
        found[snake(operation_id(name))] = Function(path, (role, *roles[role].get("ManagedPolicyArns", ())))
    return found


FUNCTIONS = {name: _functions(folder)[name.partition("/")[2]] for folder in FOLDERS for name in recordings(folder)}


def uses_in(template: Path, policy: str) -> set[Use]:
    """Pairs of an action and a resource that a role itself, or a managed policy, allows."""
    document = resources(template, "AWS::IAM::Role") | resources(template, "AWS::IAM::ManagedPolicy")
    return {
        (action, _word(resource))
        for statement in _statements(document[policy])
        for action in _listed(statement["Action"])
        for resource in _listed(statement.get("Resource", ELSEWHERE))
    }


def _statements(node: Any) -> Iterator[dict[str, Any]]:
    """Every statement that allows something, also such that names what it does not hold for."""
    if isinstance(node, list):
        for child in node:
            yield from _statements(child)
    elif isinstance(node, dict) and node.get("Effect") == "Allow" and {"Resource", "NotResource"} & node.keys():
        yield node
    elif isinstance(node, dict):
        yield from _statements(list(node.values()))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _word(resource: Any) -> str:
    found = _NAMED.search(str(resource))
    return found[1] if found else str(resource)
