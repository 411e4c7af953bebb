"""Accesses made elsewhere, seen through this door: they show as agreements, and written back they do not change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nndm.lens import agreement as lens
from souk import clock
from souk.access import days, self_service
from souk.access.model import Card, Subject
from souk.access.queries import Known
from souk.access.requests import Asked, request_access, request_masking_exception
from souk.identity.principal import Principal
from souk.store.port import Record
from souk.work import run
from tests.nndm.agreements import KIND
from tests.nndm.driver import Api
from tests.nndm.samples import port, product, team

ALICE = Principal(kind="user", id="u1", email="alice@nav.no")
NOW = datetime(2031, 3, 10, 12, tzinfo=UTC)
INSTANTS = st.none() | st.datetimes(datetime(1, 1, 2), datetime.max, timezones=st.just(UTC)).map(clock.text)  # noqa: DTZ001, DTZ901
NAMES = st.text(min_size=1, max_size=20)
SUBJECTS = st.dictionaries(st.sampled_from(["user", "service", "team", "group", "product"]), NAMES, min_size=1)
STATUSES = st.sampled_from(["requested", "approved", "rejected", "canceled", "revoked"])


@st.composite
def accesses(draw: st.DrawFn) -> Known:
    """Any access that another door may have made, and its product."""
    optional = {name: draw(INSTANTS) for name in ("start", "end", "ended")} | {"purpose": draw(st.none() | NAMES)}
    wanted = {"product": "orders"} | draw(st.sampled_from([{}, {"port": "out"}, {"port": "gone"}]))
    card: Any = {
        "type": "data",
        "subject": draw(SUBJECTS),
        "object": wanted,
        "requester": "r",
        "status": draw(STATUSES),
        "origin": "elsewhere",
        "announced": False,
        "settled": clock.text(NOW),
        **{name: value for name, value in optional.items() if value is not None},
    }
    ports = draw(st.sampled_from([[], [{"id": "first", "name": "First"}, {"id": "out", "name": "Out"}]]))
    owned = draw(st.sampled_from([{}, {"owner": "shop"}]))
    whole: Any = {"title": "Orders", "ports": ports, "origin": "elsewhere"} | owned
    record = Record("access", "id-1", "key", 1, clock.text(NOW), clock.text(NOW), {"card": card})
    return Known(record, whole)


@given(accesses(), st.datetimes(datetime(2030, 1, 1), datetime(2032, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_what_is_shown_means_the_same_when_it_is_written_back(known: Known, now: datetime) -> None:
    card: Card = known.record.body["card"]
    shown = lens.show(known, now)
    asked = lens.asked(shown, known)
    assert (asked.subject, asked.object) == (card["subject"], card["object"])
    assert asked.purpose == card.get("purpose")
    assert shown["info"]["purpose"].strip()
    assert asked.days is not None
    assert days.meant(card, *asked.days) == (card.get("start"), card.get("end"))


@given(accesses())
def test_what_was_written_back_shows_the_same(known: Known) -> None:
    shown = lens.show(known, NOW)
    body = {**known.record.body, "views": {"nndm": shown}, "shaped": "nndm"}
    kept = Known(known.record.__class__(**{**_fields(known.record), "body": body}), known.product)
    assert lens.show(kept, NOW) == shown


def _fields(record: Record) -> dict[str, Any]:
    return {name: getattr(record, name) for name in Record.__slots__}


@pytest.fixture
def world(api: Api) -> Api:
    api.made("teams", team("analysts"))
    api.made("dataproducts", product("orders", port("out"), port("second")))
    return api


def asked(subject: Subject) -> Asked:
    return Asked(subject, {"product": "orders"}, "elsewhere", start_on_approval=True)


def test_a_request_from_elsewhere_is_an_agreement_that_this_door_approves(world: Api) -> None:
    made = run(world.store, lambda work: request_access(work, asked({"user": "alice@nav.no"}), ALICE)).id
    shown = world.shown(KIND, made)
    assert shown["info"] == {"purpose": "Not stated", "status": "requested", "active": False, "id": made}
    assert shown["provider"] == {"teamId": "owners", "dataProductId": "orders", "outputPortId": "out"}
    assert shown["consumer"] == {"userId": "alice@nav.no"}
    assert world.listed(KIND) == [shown]
    assert world.call("POST", f"/api/{KIND}/{made}/approve").status == 200
    approved = world.shown(KIND, made)
    assert (approved["info"]["status"], approved["info"]["active"]) == ("approved", True)
    assert approved["info"]["startDate"] == datetime.now(UTC).date().isoformat()
    news = world.news(lambda: world.made(KIND, approved | {"tags": ["granted"]}))
    assert news == [f"DataUsageAgreementUpdated {made}"]
    assert world.shown(KIND, made) == approved | {"tags": ["granted"]}


def test_a_grant_for_part_of_a_day_is_shown_in_days_and_keeps_its_instants(world: Api) -> None:
    until = datetime.now(UTC) + timedelta(days=3, hours=1)
    by = Principal(kind="key", id="k")
    grant = self_service.grant
    made = run(world.store, lambda work: grant(work, "orders", {"service": "robot@x"}, until, by, "elsewhere"))
    shown = world.shown(KIND, made.id)
    assert shown["info"]["endDate"] == clock.first_day_after(until).isoformat()
    world.made(KIND, shown)
    kept = run(world.store, lambda work: work.get("access", made.id)).body["card"]
    assert (kept["start"], kept["end"]) == (made.body["card"]["start"], clock.text(until))
    assert kept["subject"] == {"service": "robot@x"}
    assert kept["object"] == {"product": "orders"}


def test_masking_exceptions_are_no_agreements(world: Api) -> None:
    columns: Any = [{"source": "s", "column": "c"}]
    made = run(
        world.store, lambda work: request_masking_exception(work, asked({"user": "alice@nav.no"}), columns, ALICE)
    ).id
    assert world.listed(KIND) == []
    assert world.get(KIND, made).status == 404
    for action in ("approve", "reject", "cancel"):
        assert world.call("POST", f"/api/{KIND}/{made}/{action}").status == 404
    assert world.delete(KIND, made).status == 404
    agreement = {"id": made, "info": {"purpose": "p"}, "consumer": {"userId": "x"}}
    assert world.put(KIND, agreement | {"provider": {"dataProductId": "orders", "outputPortId": "out"}}).status == 422
