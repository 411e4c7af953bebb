from __future__ import annotations

import pytest

from tests.faults.rows import recordings
from tests.faults.trial import Report

STORY = "dpx"


@pytest.mark.parametrize("name", recordings("dpx", "steps"))
def test_a_fault_leaves_nothing_half_done(reports: dict[str, Report], name: str) -> None:
    assert name in reports, "this function is not played: give it a place in the story"
    assert reports[name].failures == []
