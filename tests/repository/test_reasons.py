"""Every budget that is missed has its reason beside it, and no reason stands where none is missed any more."""

from __future__ import annotations

import pytest

from benchmarks import cost, operations, reasons
from benchmarks.functions import Ratio
from benchmarks.table import Row

OVER = operations.over_in_table(cost.table())
NAMED = [(one["budget"], name, one) for one in reasons.read()["operations"] for name in one.get("operations", ())]


def test_what_the_capacity_table_misses_has_a_reason() -> None:
    assert reasons.unexplained(cost.rows(), OVER) == []


@pytest.mark.parametrize("budget", ["P3", "P4"])
def test_each_operation_that_is_over_is_named_once_and_no_other(budget: str) -> None:
    assert sorted(name for of, name, _ in NAMED if of == budget) == sorted(OVER[budget])


def test_what_has_no_reason_is_told() -> None:
    missed = [Row("P9", "a new budget", "2", "<= 1", False)]
    assert reasons.unexplained(missed, {"P3": {"nndm/get_team": "2"}}) == ["a new budget", "P3 nndm/get_team"]


def test_reasons_are_told_beside_what_was_measured() -> None:
    missed = [Row("P8", "request access, 8 clients", "150/s", ">= 200/s", False)]
    slow = [Ratio("nndm/get_team", "read", 3.0, 2.0)]
    text = reasons.told(missed, {"P1": {"nndm/get_team": "1.50x"}, "P3": {"nndm/delete_cost": "3"}}, slow)
    assert ["| P8 | request access, 8 clients |" in text, "`nndm/get_team` 1.50x" in text] == [True, True]
    assert ["`nndm/delete_cost` 3" in text, text.count("\n")] == [True, 4]


def test_every_operation_has_a_row() -> None:
    text = operations.listing(cost.table(), [], [])
    answered = [name for name, row in cost.table().items() if row["calls"] and row["status"] < 400]
    assert [name for name in answered if f"| `{name}` |" not in text] == []
