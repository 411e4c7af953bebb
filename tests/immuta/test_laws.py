"""The laws of a lens, with generated documents: what was put comes back, and writing it back changes nothing."""

from __future__ import annotations

import string
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as some

from immuta.lens.policy import as_core, as_wire
from souk.access import policy
from souk.work import Work, run
from tests.immuta.conftest import ELSEWHERE, World

LETTERS = string.ascii_letters + string.digits + ")(-_/\\ "
WORDS = some.text(string.ascii_letters, min_size=1, max_size=8)
PERMISSIONS = some.sampled_from(["GOVERNANCE", "USER_ADMIN", "AUDIT"])
COMMENTS = some.fixed_dictionaries({}, optional={"comment": WORDS})
APPROVERS = some.one_of(
    some.builds(lambda id: {"type": "USER", "id": id}, WORDS),
    some.builds(lambda name: {"type": "GROUP", "name": name}, WORDS),
    some.sampled_from(["GOVERNANCE", "USER_ADMIN", "AUDIT"]).map(
        lambda word: {"type": "PERMISSION", "permission": word}
    ),
    some.builds(lambda id: {"type": "DOMAIN PERMISSION", "permission": "Manage Data Products", "domainId": id}, WORDS),
    some.builds(lambda key, value: {"type": "ATTRIBUTE", "key": key, "value": value}, WORDS, WORDS),
)
STAGES = some.lists(
    some.builds(
        lambda word, who: {word: who}, some.sampled_from(["any", "all"]), some.lists(APPROVERS, min_size=1, max_size=3)
    ),
    min_size=1,
    max_size=3,
)
UNITS = some.sampled_from(["HOURS", "DAYS", "WEEKS", "MONTHS", "YEARS"])
EVENTS = some.one_of(
    some.builds(
        lambda words: {"type": "deny", "params": words}, some.fixed_dictionaries({}, optional={"comment": WORDS})
    ),
    some.builds(
        lambda number, unit: {"type": "approve", "params": {"duration": number, "durationUnit": unit}},
        some.integers(1, 50),
        UNITS,
    ),
    STAGES.map(lambda stages: {"type": "review", "params": {"stages": stages}}),
    some.just({"type": "dataProductPolicy"}),
)
LEAVES = some.builds(
    lambda fact, value: {"fact": fact, "operator": "equal", "value": value},
    WORDS,
    some.integers() | some.text(max_size=5),
)
CONDITIONS = some.recursive(
    some.builds(lambda parts: {"all": parts}, some.lists(LEAVES, max_size=3)),
    lambda inner: some.one_of(some.lists(inner, max_size=2).map(lambda p: {"any": p}), inner.map(lambda p: {"not": p})),
    max_leaves=5,
)
RULES = some.builds(lambda when, event: {"conditions": when, "event": event}, CONDITIONS, EVENTS)
POLICIES = some.builds(
    lambda rules, event: {"rules": rules, "defaultEvent": event}, some.lists(RULES, max_size=3), EVENTS
)
NAMES = some.text(LETTERS, min_size=1, max_size=40).filter(lambda name: name.strip() == name)
PRODUCTS = some.fixed_dictionaries(
    {"name": NAMES},
    optional={
        "description": some.none() | some.text(some.characters(exclude_categories=["Cs"]), max_size=50),
        "dataSources": some.lists(some.sampled_from(["orders", "customers", "visits"]), unique=True).map(
            lambda ids: [{"sourceId": id} for id in ids]
        ),
        "dataAccessPolicy": POLICIES,
        "maskingExceptionPolicy": POLICIES,
    },
)
QUICK = settings(max_examples=40)


@given(POLICIES)
def test_a_policy_comes_back_as_it_was_sent(sent: Any) -> None:
    read = as_core(sent)
    assert policy.check(read) == []
    assert as_wire(read) == sent


@QUICK
@given(PRODUCTS)
def test_a_product_comes_back_and_writing_it_back_changes_nothing(world: World, fields: Any) -> None:
    made = world.product(**fields)
    shown = world.reader.get(f"/api/data-product/{made['id']}")
    kept = {name: fields[name] for name in fields.keys() - {"dataSources"}}
    assert {name: without_version(shown[name]) for name in kept} == kept
    card = Work(world.store).get("product", made["id"]).body["card"]
    policies = Work(world.store).find("policy", made["id"])
    world.manager.ok("PUT", f"/api/data-product/{made['id']}", shown)
    assert Work(world.store).get("product", made["id"]).body["card"] == card
    assert Work(world.store).find("policy", made["id"]) == policies
    world.manager.ok("DELETE", f"/api/data-product/{made['id']}")


@QUICK
@given(PRODUCTS)
def test_what_this_door_does_not_know_stays(world: World, fields: Any) -> None:
    made = world.product(domains=[ELSEWHERE])

    def extend(work: Work) -> None:
        body = work.get("product", made["id"]).body
        card = {**body["card"], "owner": "team", "tags": ["x"], "version": "3", "types": ["t"]}
        work.save("product", made["id"], {**body, "card": card, "views": {**body["views"], "door": {"own": 1}}})

    run(world.store, extend)
    rest = {name: value for name, value in fields.items() if name != "dataSources"}
    world.manager.ok("PUT", f"/api/data-product/{made['id']}", rest)
    body = Work(world.store).get("product", made["id"]).body
    assert {name: body["card"][name] for name in ("owner", "tags", "version", "types")} == {
        "owner": "team", "tags": ["x"], "version": "3", "types": ["t"]
    }  # fmt: skip
    assert body["views"]["door"] == {"own": 1}
    world.manager.ok("DELETE", f"/api/data-product/{made['id']}")


def without_version(shown: Any) -> Any:
    """A policy without the version that it got here."""
    return {name: value for name, value in shown.items() if name != "version"} if isinstance(shown, dict) else shown
