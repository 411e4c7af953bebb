"""The tree as the tests about it see it: sources, templates, event files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
DIALECTS = sorted(path.parent.name for path in ROOT.glob("functions/*/operations"))
TEMPLATES = [
    ROOT / "template.yaml",
    *sorted(ROOT.glob("functions/*/template.yaml")),
    *ROOT.glob("statemachines/template.yaml"),
]
NESTED = TEMPLATES[1:]


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Reads `!Ref X` and its like as their plain value."""


def _plain(loader: _Loader, _suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_mapping(node, deep=True)


_Loader.add_multi_constructor("!", _plain)


@cache
def template(path: Path) -> dict[str, Any]:
    """The template, intrinsic functions reduced to their arguments."""
    content: dict[str, Any] = yaml.load(path.read_text(), _Loader)
    return content


def resources(path: Path, kind: str) -> dict[str, dict[str, Any]]:
    """The properties of the resources of one type, by logical name."""
    return {
        name: resource["Properties"]
        for name, resource in template(path)["Resources"].items()
        if resource["Type"] == kind
    }


def functions(dialect: str) -> dict[str, dict[str, Any]]:
    """The functions of a dialect's template."""
    return resources(ROOT / "functions" / dialect / "template.yaml", "AWS::Serverless::Function")


def routes(dialect: str) -> dict[str, tuple[str, str]]:
    """Method and path of each function, the first of several; `("", "$default")` for what answers all else."""
    found = {
        name: next(iter(function["Events"].values()))["Properties"] for name, function in functions(dialect).items()
    }
    return {name: (route.get("Method", ""), route.get("Path", "$default")) for name, route in found.items()}


def aliases(dialect: str) -> dict[str, list[tuple[str, str]]]:
    """Method and path of the routes that functions have beside their first."""
    found = {
        name: [event["Properties"] for event in list(function["Events"].values())[1:]]
        for name, function in functions(dialect).items()
    }
    return {name: [(route["Method"], route["Path"]) for route in further] for name, further in found.items() if further}


def grants(node: Any) -> list[dict[str, Any]]:
    """Every statement that allows something, at any depth; who may take on the role is another matter."""
    if isinstance(node, list):
        return [grant for child in node for grant in grants(child)]
    if not isinstance(node, dict):
        return []
    if node.get("Effect") == "Allow" and "Resource" in node:
        return [node]
    return grants(list(node.values()))


def allowed(dialect: str, role: str) -> set[str]:
    """Actions that a role of a dialect's template may take, its managed policies included."""
    path = ROOT / "functions" / dialect / "template.yaml"
    own = resources(path, "AWS::IAM::Role")[role]
    policies = resources(path, "AWS::IAM::ManagedPolicy")
    granted = grants([own, *(policies[name] for name in own["ManagedPolicyArns"])])
    return {
        action
        for grant in granted
        for action in ([grant["Action"]] if isinstance(grant["Action"], str) else grant["Action"])
    }


def operation_id(logical_name: str) -> str:
    """`GetTeamFunction` serves `getTeam`."""
    return logical_name[0].lower() + logical_name.removesuffix("Function")[1:]


def snake(name: str) -> str:
    """`getTeam` lives in `get_team`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def sources(*folders: str) -> Iterator[Path]:
    """Every Python file below these folders."""
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))
