"""Approval policies as data: rules tried in order, else a default; what is decided follows from policy and facts alone.

A policy: {"rules": [{"name"?, "conditions", "event"}], "default": event, "version"?}
An event: {"type": "approve", "comment"?, "duration"?, "unit"?} | {"type": "deny", "comment"?}
  | {"type": "review", "stages": [{"any": [approver]} | {"all": [approver]}]}
  | {"type": "delegate"} (to the product's policy)
Conditions: {"all": [...]} | {"any": [...]} | {"not": condition} | {"fact", "operator", "value"}
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from souk.errors import Invalid
from souk.identity.principal import PERMISSIONS

Policy = Mapping[str, Any]
Facts = Mapping[str, Any]

MAX_RULES = 100
MAX_APPROVERS = 40
"""Approvers in all stages together, so that a request and its approval records fit into one commit."""
MAX_DEPTH = 20
UNITS = ("hours", "days", "weeks", "months", "years")
APPROVER_NEEDS: Mapping[str, tuple[str, ...]] = {
    "user": ("id",),
    "group": ("name",),
    "permission": ("permission",),
    "domain_permission": ("permission",),
    "attribute": ("key", "value"),
    "owner": (),
    "catalog_permission": (),
}
"""Types of approvers, and the texts that each must hold."""
DOMAIN_PERMISSIONS = {"manage_data_products", "manage_policies", "audit_activity", "manage_identifiers"}
_PERMISSIONS = {"permission": PERMISSIONS, "domain_permission": DOMAIN_PERMISSIONS}

DEFAULT: Policy = {
    "rules": [],
    "default": {
        "type": "review",
        "stages": [
            {
                "any": [
                    {"type": "permission", "permission": "governance"},
                    {"type": "domain_permission", "permission": "manage_data_products"},
                    {"type": "owner"},
                ]
            }
        ],
    },
}
"""Manual, and one approval suffices."""
APPROVE: Policy = {"rules": [], "default": {"type": "approve"}}
"""Approves by default: what a port's automatic approval means."""


class Outcome(NamedTuple):
    """What a policy says: `event` as it stands in the policy, `rule` the name or number of the rule, or `default`."""

    event: Mapping[str, Any]
    rule: str
    version: str | None


def evaluate(policy: Policy, facts: Facts) -> Outcome:
    """The first rule whose conditions hold, else the default."""
    version = policy.get("version")
    for number, rule in enumerate(policy.get("rules", ()), 1):
        if holds(rule["conditions"], facts):
            return Outcome(rule["event"], str(rule.get("name", number)), version)
    return Outcome(policy["default"], "default", version)


def holds(condition: Mapping[str, Any], facts: Facts) -> bool:
    """Whether a condition is true of the facts. A fact that is unknown makes its comparison false."""
    if "all" in condition:
        return all(holds(part, facts) for part in condition["all"])
    if "any" in condition:
        return any(holds(part, facts) for part in condition["any"])
    if "not" in condition:
        return not holds(condition["not"], facts)
    value = _fact(facts, condition["fact"])
    try:
        return value is not None and OPERATORS[condition["operator"]](value, condition["value"])
    except TypeError:  # compared a text with a number, say
        return False


def _fact(facts: Facts, name: str) -> Any:
    """A fact, or by dots a field of one."""
    value: Any = facts
    for part in name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "equal": lambda fact, value: bool(fact == value),
    "notEqual": lambda fact, value: bool(fact != value),
    "in": lambda fact, value: fact in value,
    "notIn": lambda fact, value: fact not in value,
    "contains": lambda fact, value: value in fact,
    "doesNotContain": lambda fact, value: value not in fact,
    "lessThan": lambda fact, value: bool(fact < value),
    "lessThanInclusive": lambda fact, value: bool(fact <= value),
    "greaterThan": lambda fact, value: bool(fact > value),
    "greaterThanInclusive": lambda fact, value: bool(fact >= value),
}


def after(now: datetime, duration: int, unit: str) -> datetime:
    """The instant so many hours, days, weeks, months or years later. Raises Invalid."""
    if unit not in UNITS or isinstance(duration, bool) or duration < 1:
        raise Invalid(f"a duration is a whole number from 1 in {', '.join(UNITS)}")
    try:
        if unit in {"hours", "days", "weeks"}:
            return now + timedelta(**{unit: duration})
        months = now.month - 1 + duration * (12 if unit == "years" else 1)
        year, month = now.year + months // 12, months % 12 + 1
        return now.replace(year=year, month=month, day=min(now.day, monthrange(year, month)[1]))
    except (OverflowError, ValueError):
        raise Invalid(f"{duration} {unit} is beyond the calendar") from None


def end_of(event: Mapping[str, Any], now: datetime) -> datetime | None:
    """When access ends that this event approves at `now`; None: it does not."""
    return after(now, event["duration"], event.get("unit", "days")) if "duration" in event else None


def check(policy: Any) -> list[str]:
    """Every problem of a policy that somebody wants to set; an empty list if there is none."""
    if not isinstance(policy, Mapping) or not isinstance(policy.get("rules", []), list):
        return ["a policy is an object with a list of rules"]
    problems = _check_event(policy.get("default"), "default")
    rules = policy.get("rules", [])
    if len(rules) > MAX_RULES:
        return [f"a policy has at most {MAX_RULES} rules"]
    for number, rule in enumerate(rules, 1):
        if not isinstance(rule, Mapping):
            problems.append(f"rule {number} is not an object")
            continue
        problems += _check_event(rule.get("event"), f"rule {number}")
        problems += [f"rule {number}: {p}" for p in _check_condition(rule.get("conditions"), MAX_DEPTH)]
    return problems


def _check_condition(condition: Any, depth: int) -> list[str]:
    if not isinstance(condition, Mapping):
        return ["a condition is an object"]
    if depth == 0:
        return [f"conditions are nested deeper than {MAX_DEPTH}"]
    for word in ("all", "any"):
        if word in condition:
            parts = condition[word]
            if not isinstance(parts, list):
                return [f"`{word}` holds a list of conditions"]
            return [problem for part in parts for problem in _check_condition(part, depth - 1)]
    if "not" in condition:
        return _check_condition(condition["not"], depth - 1)
    if not isinstance(condition.get("fact"), str) or "value" not in condition:
        return ["a condition is all, any, not, or fact, operator and value"]
    operator = condition.get("operator")
    known = isinstance(operator, str) and operator in OPERATORS
    return [] if known else [f"unknown operator {operator!r}"]


def _check_event(event: Any, where: str) -> list[str]:
    if not isinstance(event, Mapping) or event.get("type") not in ("approve", "deny", "review", "delegate"):
        return [f"{where}: an event is approve, deny, review or delegate"]
    if event["type"] == "review":
        return [f"{where}: {problem}" for problem in _check_stages(event.get("stages"))]
    if not isinstance(event.get("comment", ""), str):
        return [f"{where}: a comment is a text"]
    if "duration" in event:
        duration, unit = event["duration"], event.get("unit", "days")
        if not isinstance(duration, int) or isinstance(duration, bool) or duration < 1 or unit not in UNITS:
            return [f"{where}: a duration is a whole number from 1 in {', '.join(UNITS)}"]
    return []


def _check_stages(stages: Any) -> list[str]:
    if not isinstance(stages, list) or not stages:
        return ["a review has at least one stage"]
    total = 0
    for stage in stages:
        words = [word for word in ("any", "all") if isinstance(stage, Mapping) and isinstance(stage.get(word), list)]
        if len(words) != 1 or not stage[words[0]]:
            return ["a stage holds a list of approvers under either `any` or `all`"]
        approvers = stage[words[0]]
        total += len(approvers)
        problems = [problem for approver in approvers for problem in _check_approver(approver)]
        if problems:
            return problems
    return [f"a review has at most {MAX_APPROVERS} approvers"] if total > MAX_APPROVERS else []


def _check_approver(approver: Any) -> list[str]:
    kind = approver.get("type") if isinstance(approver, Mapping) else None
    if not isinstance(kind, str) or kind not in APPROVER_NEEDS:
        return ["an approver is a " + ", ".join(sorted(APPROVER_NEEDS))]
    missing = [need for need in APPROVER_NEEDS[kind] if not isinstance(approver.get(need), str) or not approver[need]]
    if missing:
        return [f"an approver of type {kind} needs the text {need!r}" for need in missing]
    if not isinstance(approver.get("domain", ""), str):
        return ["the domain of an approver is a text"]
    known = _PERMISSIONS.get(kind)
    if known is not None and approver["permission"] not in known:
        return [f"unknown permission of an approver; there are {', '.join(sorted(known))}"]
    return []
