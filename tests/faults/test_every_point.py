"""Every fault point of every function: each call that it makes x each kind of fault, once and lasting."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.faults.conftest import told

POINTS = {"nndm": 2800, "dpx": 4600, "immuta": 2300, "nav": 750, "hub": 250, "reactions": 1000}
"""At least so many points each story has; fewer would mean that it shrank unnoticed."""


@pytest.mark.heavy
@pytest.mark.parametrize("story", POINTS)
def test_no_fault_leaves_anything_half_done(story: str) -> None:
    reports = told(story, thorough=True)
    counted = Counter[str]()
    for name, report in reports.items():
        counted[name.partition("/")[0]] += report.points
    points = counted.total()
    print(f"{story}: {points} fault points of {len(reports)} functions, {dict(counted)}")
    assert {name: report.failures for name, report in reports.items() if report.failures} == {}
    assert points >= POINTS[story]
