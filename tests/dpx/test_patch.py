"""JSON Patch: what it does, and what it refuses to do."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from souk import jsontext, patch
from souk.errors import Conflict, Invalid, SoukError

BATCHES: dict[str, Any] = {"name": "Batches", "tags": ["a", "b"], "domain": {"id": "1"}, "is_restricted": False}


def test_operations_apply_in_order_and_leave_the_source_alone() -> None:
    before = copy.deepcopy(BATCHES)
    result = patch.apply(
        BATCHES,
        [
            {"op": "replace", "path": "/name", "value": "Roasts"},
            {"op": "add", "path": "/tags/-", "value": "c"},
            {"op": "remove", "path": "/tags/0"},
            {"op": "copy", "from": "/name", "path": "/domain/name"},
            {"op": "move", "from": "/tags/0", "path": "/tags/1"},
            {"op": "test", "path": "/tags", "value": ["c", "b"]},
        ],
    )
    expected = {"name": "Roasts", "tags": ["c", "b"], "domain": {"id": "1", "name": "Roasts"}, "is_restricted": False}
    assert result == expected
    assert before == BATCHES


def test_operations_may_be_applied_twice() -> None:
    operations = [
        {"op": "add", "path": "/use_cases", "value": []},
        {"op": "add", "path": "/use_cases/-", "value": {"id": "1"}},
    ]
    assert patch.apply(BATCHES, operations) == patch.apply(BATCHES, operations)


def test_nothing_changes_when_a_later_operation_fails() -> None:
    before = copy.deepcopy(BATCHES)
    with pytest.raises(Invalid):
        patch.apply(BATCHES, [{"op": "remove", "path": "/tags/0"}, {"op": "remove", "path": "/nothing"}])
    assert before == BATCHES


def test_replace_sets_an_absent_field_only_where_that_is_allowed() -> None:
    operation = [{"op": "replace", "path": "/workflows", "value": {"x": 1}}]
    assert patch.apply(BATCHES, operation, optional={"workflows"})["workflows"] == {"x": 1}
    with pytest.raises(Invalid, match="not possible at '/workflows'"):
        patch.apply(BATCHES, operation)


@pytest.mark.parametrize(
    "operations",
    [
        {"op": "add", "path": "/name", "value": 1},
        "add",
        [1],
        [{}],
        [{"op": "grow", "path": "/name"}],
        [{"op": "add", "path": "/name"}],
        [{"op": "replace", "path": "/name"}],
        [{"op": "test", "path": "/name"}],
        [{"op": "add", "value": 1}],
        [{"op": "remove", "path": None}],
        [{"op": "remove", "path": "name"}],
        [{"op": "move", "path": "/name"}],
        [{"op": "copy", "path": "/name", "from": 7}],
        [{"op": ["add"], "path": "/name", "value": 1}],
        [{"op": "remove", "path": ""}],
        [{"op": "replace", "path": "", "value": []}],
        [{"op": "add", "path": "/nowhere/deep", "value": 1}],
        [{"op": "add", "path": "/tags/7", "value": 1}],
        [{"op": "add", "path": "/tags/-1", "value": 1}],
        [{"op": "add", "path": "/tags/01", "value": 1}],
        [{"op": "add", "path": "/tags/" + "9" * 900, "value": 1}],
        [{"op": "add", "path": "/name/0", "value": 1}],
        [{"op": "remove", "path": "/tags/-"}],
        [{"op": "replace", "path": "/tags/-", "value": 1}],
        [{"op": "copy", "path": "/name", "from": "/tags/-"}],
        [{"op": "move", "from": "/domain", "path": "/domain/inner"}],
        [{"op": "add", "path": "/~2", "value": 1}],
        [{"op": "add", "path": "/" + "x" * patch.MAX_PATH, "value": 1}],
        [{"op": "add", "path": "/tags/-", "value": 1}] * (patch.MAX_OPERATIONS + 1),
    ],
)
def test_what_is_malformed_or_not_there_is_invalid(operations: Any) -> None:
    with pytest.raises(Invalid) as refused:
        patch.apply(BATCHES, operations)
    assert refused.value.facts["code"] == "patch"


@pytest.mark.parametrize(
    ("path", "value"),
    [("/name", "Other"), ("/nothing", 1), ("/is_restricted", 0), ("/tags", ["a"]), ("/domain", {"id": "2"})],
)
def test_a_test_that_fails_is_a_conflict(path: str, value: Any) -> None:
    with pytest.raises(Conflict):
        patch.apply(BATCHES, [{"op": "test", "path": path, "value": value}])


def test_copies_that_double_are_stopped_before_they_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    applied = patch._applied

    def counted(*given: Any) -> Any:
        result = applied(*given)
        made.append(len(jsontext.dump(result)))
        return result

    monkeypatch.setattr(patch, "_applied", counted)
    operations = [{"op": "copy", "from": "", "path": f"/copy{number}"} for number in range(60)]
    with pytest.raises(Invalid, match="adds more than"):
        patch.apply(BATCHES, operations)
    assert len(made) < 20
    assert max(made) <= 2 * patch.MAX_GROWTH


def test_a_copy_chain_cannot_nest_deeper_than_the_bound() -> None:
    operations = [{"op": "copy", "from": "", "path": "/domain"} for _ in range(150)]
    with pytest.raises(Invalid):
        patch.apply({"domain": {}}, operations)


_KEYS = st.sampled_from(["name", "tags", "domain", "id", "0", "1", "-", "a~0b", "new"])
_POINTERS = st.lists(_KEYS, max_size=4).map(lambda parts: "".join("/" + part for part in parts))
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=3),
    max_leaves=8,
)
_OPERATIONS = st.fixed_dictionaries(
    {"op": st.sampled_from(["add", "remove", "replace", "move", "copy", "test"]), "path": _POINTERS},
    optional={"value": _VALUES, "from": _POINTERS},
)


@settings(max_examples=300)
@given(st.lists(_OPERATIONS, max_size=12))
def test_any_patch_gives_a_bounded_object_or_a_refusal(operations: list[dict[str, Any]]) -> None:
    before, asked = copy.deepcopy(BATCHES), copy.deepcopy(operations)
    result = _outcome(operations)
    assert (before, asked) == (BATCHES, operations)
    assert len(jsontext.dump(result)) <= patch.MAX_GROWTH + len(jsontext.dump(BATCHES)) + 100 * len(operations)


def _outcome(operations: list[dict[str, Any]]) -> dict[str, Any]:
    try:
        return patch.apply(BATCHES, operations)
    except SoukError as error:
        return {"refused": type(error).__name__}
