"""The stories, each told once for all tests of a module."""

from __future__ import annotations

from importlib import import_module

import pytest

from tests.faults.stage import Stage, staged
from tests.faults.trial import Report


def told(name: str, *, thorough: bool, kind: type[Stage] = Stage) -> dict[str, Report]:
    """The reports of a whole story, by function."""
    story = import_module(f"tests.faults.story_{name}")
    with staged(thorough=thorough, kind=kind) as stage:
        stage.worded(name, getattr(story, "wording", lambda _: ""))
        story.story(stage)
        return stage.reports


@pytest.fixture(scope="module")
def reports(request: pytest.FixtureRequest) -> dict[str, Report]:
    """A selection of the fault points of a module's story."""
    return told(request.module.STORY, thorough=False)
