"""Histories that a model and its door once told differently, kept so that they never do again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.models.immuta import ImmutaHistory
from tests.models.nav import NavHistory

pytestmark = pytest.mark.usefixtures("surroundings")


@pytest.fixture
def nav(surroundings: None) -> Iterator[NavHistory]:
    history = NavHistory()
    history.begin("roasting")
    yield history
    history.teardown()


@pytest.fixture
def immuta(surroundings: None) -> Iterator[ImmutaHistory]:
    history = ImmutaHistory()
    history.begin(opened=False)
    yield history
    history.teardown()


def test_what_is_ended_after_its_end_is_counted_as_expired(immuta: ImmutaHistory) -> None:
    (product,) = immuta.products
    immuta.request("manager", "owner", product, exception=False)
    (exact,) = immuta.accesses
    immuta.determine("manager", exact, approved=True, duration=(5, "HOURS"))
    immuta.time_passes(timedelta(days=1), swept=False)
    immuta.act_on_the_agreement(exact, "cancel")
    assert immuta.status(immuta.accesses[exact]) == "EXPIRED"
    immuta.products_come_back()
    immuta.requests_come_back()


def test_the_log_spells_a_subject_as_each_request_does(nav: NavHistory) -> None:
    (exact,) = nav.products
    for name in ("other@nav.no", "Other@nav.no"):
        nav.grant("owner", exact, ("user", name), None)
        nav.logs_come_back()
    nav.revoke("owner", exact, ("user", "OTHER@nav.no"))
    nav.logs_come_back()
    assert [line[2] for line in nav.logs[exact]] == ["other@nav.no", "Other@nav.no", "OTHER@nav.no"]
