"""Histories that a model and its door once told differently, kept so that they never do again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.models.nav import NavHistory

pytestmark = pytest.mark.usefixtures("surroundings")


@pytest.fixture
def nav(surroundings: None) -> Iterator[NavHistory]:
    history = NavHistory()
    history.begin("roasting")
    yield history
    history.teardown()


def test_the_log_spells_a_subject_as_each_request_does(nav: NavHistory) -> None:
    (exact,) = nav.products
    for name in ("other@nav.no", "Other@nav.no"):
        nav.grant("owner", exact, ("user", name), None)
        nav.logs_come_back()
    nav.revoke("owner", exact, ("user", "OTHER@nav.no"))
    nav.logs_come_back()
    assert [line[2] for line in nav.logs[exact]] == ["other@nav.no", "Other@nav.no", "OTHER@nav.no"]
