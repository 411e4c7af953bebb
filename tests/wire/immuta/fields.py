"""What the fields of a product take and what they do not (contract section 3)."""

from __future__ import annotations

from typing import Any

PERSON = "0b1a3c5e-0000-4000-8000-0123456789ab"
EXPERT = {"subjectMatterExpert": {"id": PERSON, "username": "ann", "name": "Ann"}}
GOVERNANCE = {"type": "PERMISSION", "permission": "GOVERNANCE"}
REVIEW = {"type": "review", "params": {"stages": [{"any": [GOVERNANCE]}]}}
POLICY = {"rules": [], "defaultEvent": REVIEW}


def stage(approver: Any) -> Any:
    return {"rules": [], "defaultEvent": {"type": "review", "params": {"stages": [{"any": [approver]}]}}}


def event(**event: Any) -> Any:
    return {"rules": [], "defaultEvent": event}


def plain(value: Any) -> Any:
    """A policy without the version that it got; anything else as it is."""
    return {name: part for name, part in value.items() if name != "version"} if isinstance(value, dict) else value


BAD_POLICIES: list[Any] = [
    1,
    "review",
    [],
    {"rules": "none", "defaultEvent": REVIEW},
    {"rules": [1], "defaultEvent": REVIEW},
    {"rules": [{"event": REVIEW}], "defaultEvent": REVIEW},
    {"rules": [{"conditions": {"all": []}}], "defaultEvent": REVIEW},
    {"rules": [{"conditions": {"some": []}, "event": REVIEW}], "defaultEvent": REVIEW},
    {"rules": [{"conditions": [], "event": REVIEW}], "defaultEvent": REVIEW},
    {"rules": []},
    {"rules": [], "defaultEvent": None},
    {"rules": [], "defaultEvent": "approve"},
    event(type="perhaps"),
    event(type="review"),
    event(type="review", params={}),
    event(type="review", params={"stages": "x"}),
    event(type="review", params={"stages": [{}]}),
    event(type="review", params={"stages": [{"any": []}]}),
    event(type="review", params={"stages": [{"none": [GOVERNANCE]}]}),
    event(type="approve", params={"duration": 0, "durationUnit": "DAYS"}),
    event(type="approve", params={"duration": -1, "durationUnit": "DAYS"}),
    event(type="approve", params={"duration": "1", "durationUnit": "DAYS"}),
    event(type="approve", params={"duration": 1, "durationUnit": "days"}),
    event(type="approve", params={"duration": 1, "durationUnit": "CENTURIES"}),
    event(type="approve", params={"comment": 1}),
    stage("GOVERNANCE"),
    stage({"type": "KING"}),
    stage({"type": "USER"}),
    stage({"type": "GROUP"}),
    stage({"type": "PERMISSION"}),
    stage({"type": "PERMISSION", "permission": "governance"}),
    stage({"type": "PERMISSION", "permission": "KING"}),
    stage({"type": "DOMAIN PERMISSION", "permission": "GOVERNANCE"}),
    stage({"type": "DOMAIN PERMISSION"}),
    stage({"type": "ATTRIBUTE", "key": "x"}),
]
NO_POLICIES = [(field, value) for field in ("dataAccessPolicy", "maskingExceptionPolicy") for value in BAD_POLICIES]

NAMES: list[Any] = [None, "", 1, True, [], {}, "x" * 256, ["x"]]
SCALARS: list[Any] = [1, "x", [], True]
EXPERTS: list[Any] = [1, "x", [], {}, {"name": "Ann"}]
EXPERT_IDS: list[Any] = [1, None, "", "ann", PERSON + "0"]
DOMAINS: list[Any] = [None, [], "x", 1, {}, [1], [None], [[]], [{}], True]
TEXTS: list[Any] = [1, True, [], {}, ["x"]]
FORM_IDS: list[Any] = [1, True, [], {}, "", "form", "x" * 300]
IDS: list[Any] = [1, True, [], {}, "", "mine", PERSON[:-1]]
BAD: list[tuple[str, Any]] = [
    *(("name", value) for value in NAMES),
    *(("name", f"no {sign}") for sign in "!.,&'\"<>:;@#%+=*?|[]{}~$^`"),
    ("name", "no \N{PILE OF POO}"),
    ("name", "no \x00"),
    *(("metadata", value) for value in SCALARS),
    *(("metadata", {"subjectMatterExpert": value}) for value in EXPERTS),
    *(("metadata", {"subjectMatterExpert": {"id": value}}) for value in EXPERT_IDS),
    ("metadata", {"subjectMatterExpert": {"id": PERSON, "username": 1}}),
    ("metadata", {"subjectMatterExpert": {"id": PERSON, "name": []}}),
    *(("domains", value) for value in DOMAINS),
    *(("description", value) for value in TEXTS),
    *(("requestFormId", value) for value in FORM_IDS),
    *(("id", value) for value in IDS),
]
"""Refused in a create body and in an update body alike."""

BAD_SOURCES: list[Any] = [
    None,
    "x",
    1,
    {},
    True,
    [1],
    [None],
    ["x"],
    [[]],
    [{}],
    [{"sourceId": 1}],
    [{"sourceId": None}],
    [{"sourceId": []}],
    [{"id": "x"}],
    [{"sourceId": "nowhere"}],
    [{"sourceId": ""}],
    [{"sourceId": "x" * 5000}],
]

GOOD_NAMES = [
    "{} plain",
    "{} 0123456789",
    "{} (parentheses)",
    "){}(",
    "{}-_-",
    "{}/slash",
    "/{}/",
    "{}//two",
    "{}\\back",
    "\\{}\\\\",
    "{} a  b",
    "{}\tb",
    "{}\nb",
    "{} / \\ ( ) - _",
    "{}/datasources/all",
    "{}/byName",
    "{}/request/masking-exception",
    "api/data-product/{}",
    "{}" + "x" * 223,
]
GOOD: list[tuple[str, Any]] = [
    *(
        ("description", value)
        for value in (None, "", "What was drunk", "Kaffe på norsk \N{HOT BEVERAGE}", "x" * 10_000)
    ),
    ("description", 'tabs\t, lines\n, "quotes" and \\'),
    ("metadata", None),
    ("metadata", {"subjectMatterExpert": {"id": PERSON}}),
    ("metadata", {"subjectMatterExpert": {"id": PERSON, "username": "ann"}}),
    ("metadata", EXPERT),
    ("dataAccessPolicy", POLICY),
    ("maskingExceptionPolicy", POLICY),
]
"""Field and value, shown as they came."""
