"""What the templates let a role do."""

from __future__ import annotations

import re
from typing import Any

from tests.repository.tree import ROOT, grants, resources

_NAMED = re.compile(r"(table/\$\{\w+\}|\$\{Bucket\}(?:/[\w-]+)?|event-bus/\$\{Bus\})")


def statements(door: str, role: str) -> list[dict[str, Any]]:
    """What a role is allowed, its managed policies included."""
    path = ROOT / "functions" / door / "template.yaml"
    own = resources(path, "AWS::IAM::Role")[role]
    policies = resources(path, "AWS::IAM::ManagedPolicy")
    return grants([own, *(policies[name] for name in own["ManagedPolicyArns"])])


def allowed_uses(door: str, role: str) -> set[tuple[str, str]]:
    """Pairs of an action and a resource, as `calls` words them."""
    return {
        (action, resource)
        for statement in statements(door, role)
        for action in _listed(statement["Action"])
        for resource in map(_word, _listed(statement["Resource"]))
    }


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _word(resource: Any) -> str:
    found = _NAMED.search(str(resource))
    return found[1] if found else str(resource)
