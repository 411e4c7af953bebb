"""Life of data usage agreements through the door: rules A2 to A9, G18, R1 of the contract."""

from __future__ import annotations

from typing import Any

import pytest

from souk.access.due import settle_due
from souk.identity import keys
from souk.work import run
from tests.nndm.agreements import ACTIVE, APPROVED, KIND, NEW, Agreements, agreement, dated, day, unexpected
from tests.nndm.driver import Api
from tests.threads import at_once

CANCELED = ["Updated", "Canceled"]


def test_a2_a_new_agreement_is_requested(agreements: Agreements) -> None:
    agreements.make(**dated(0))
    assert agreements.state() == ("requested", False)
    assert agreements.news() == NEW


@pytest.mark.parametrize(("start", "events", "active"), [(0, ["Activated"], True), (1, [], False), (None, [], False)])
def test_a3_an_auto_approved_port_approves_at_once(
    agreements: Agreements, start: int | None, events: list[str], active: bool
) -> None:
    agreements.make(port="open", **dated(start))
    assert agreements.state() == ("approved", active)
    assert agreements.news() == [*NEW, "Approved", *events]


def test_a3_so_does_a_consumer_team_that_owns_the_provider(agreements: Agreements) -> None:
    agreements.api.made(KIND, agreement() | {"consumer": {"teamId": "owners", "dataProductId": "reports"}})
    assert agreements.state()[0] == "approved"


@pytest.mark.parametrize(
    ("start", "end", "active"),
    [
        *[(None, None, False), (None, 5, False), (-1, None, True), (0, None, True), (1, None, False), (-5, 1, True)],
        *[(-5, 0, False), (0, 0, False), (0, 1, True), (-5, -1, False), (-900, 900, True)],
    ],
)
def test_a7_activity_follows_from_days(
    agreements: Agreements, start: int | None, end: int | None, active: bool
) -> None:
    agreements.make("approve", **dated(start, end))
    assert agreements.state() == ("approved", active)
    assert agreements.news() == [*NEW, *APPROVED, *["Activated"] * active]
    listed = agreements.api.listed(KIND)
    assert [entry["info"]["active"] for entry in listed] == [active]


@pytest.mark.parametrize(
    ("actions", "then", "status", "events"),
    [
        (["approve"], "approve", 200, ACTIVE),
        (["reject"], "reject", 200, ["Updated", "Rejected"]),
        (["reject"], "approve", 422, ["Updated", "Rejected"]),
        (["approve"], "reject", 422, ACTIVE),
        ([], "cancel", 422, []),
        (["reject"], "cancel", 422, ["Updated", "Rejected"]),
        (["approve", "cancel"], "cancel", 200, [*ACTIVE, *CANCELED, "Deactivated"]),
        (["approve", "cancel"], "approve", 200, [*ACTIVE, *CANCELED, "Deactivated"]),
        (["approve", "cancel"], "reject", 422, [*ACTIVE, *CANCELED, "Deactivated"]),
    ],
)
def test_a4_a5_a6_which_actions_a_state_allows(
    agreements: Agreements, actions: list[str], then: str, status: int, events: list[str]
) -> None:
    agreements.make(*actions, **dated(0))
    before = agreements.api.shown(KIND, "a1")
    answer = agreements.act(then)
    assert answer.status == status
    assert agreements.api.shown(KIND, "a1") == before
    assert agreements.news() == [*NEW, *events]


@pytest.mark.parametrize("action", ["approve", "reject", "cancel"])
def test_actions_on_unknown_agreements_answer_404(agreements: Agreements, action: str) -> None:
    answer = agreements.act(action, "nothing")
    assert answer.status == 404
    assert answer.detail == "Could not find data usage agreement by id 'nothing'"


@pytest.mark.parametrize(
    ("start", "end", "last", "events"),
    [
        (-3, None, 0, [*ACTIVE, *CANCELED, "Deactivated"]),
        (-3, 9, 0, [*ACTIVE, *CANCELED, "Deactivated"]),
        (3, None, 0, [*APPROVED, *CANCELED]),
        (None, None, 0, [*APPROVED, *CANCELED]),
        (-9, -4, -4, [*APPROVED, *CANCELED]),
    ],
)
def test_a6_cancelling_ends_an_agreement_today(
    agreements: Agreements, start: int | None, end: int | None, last: int, events: list[str]
) -> None:
    agreements.make("approve", "cancel", **dated(start, end))
    info = agreements.info()
    assert (info["status"], info["active"], info["endDate"]) == ("approved", False, day(last))
    assert agreements.news() == [*NEW, *events]


def test_a8_r1_the_calendar_activates_and_deactivates_at_midnight_utc(agreements: Agreements) -> None:
    agreements.make("approve", **dated(2, 4))
    agreements.raw_news()
    seen = []
    for _ in range(16):
        agreements.clock.pass_days(0.25)
        assert agreements.state()[1] is (day(2) <= agreements.clock.at.date().isoformat() < day(4))
        settle_due(agreements.api.store, unexpected)
        seen += agreements.raw_news()
    assert [(event["type"].rsplit(".", 1)[1], event["data"]["timestamp"]) for event in seen] == [
        ("DataUsageAgreementActivatedEvent", f"{day(2)}T00:00:00.000000Z"),
        ("DataUsageAgreementDeactivatedEvent", f"{day(4)}T00:00:00.000000Z"),
    ]
    times = [event["time"] for event in agreements.api.feed()]
    assert times == sorted(times)


MOVES: list[tuple[dict[str, Any], dict[str, Any], list[str]]] = [
    (dated(5), dated(0), ["Activated"]),
    (dated(-5), dated(2), ["Deactivated"]),
    ({}, dated(-1), ["Activated"]),
    (dated(-5), dated(-5, 0), ["Deactivated"]),
    (dated(-5), {}, ["Deactivated"]),
    (dated(-5), dated(-4, 7), []),
    (dated(5), dated(6), []),
    (dated(-5, -1), dated(-5, 3), ["Activated"]),
]


@pytest.mark.parametrize(("first", "second", "change"), MOVES)
def test_a8_a_put_that_moves_the_dates(
    agreements: Agreements, first: dict[str, Any], second: dict[str, Any], change: list[str]
) -> None:
    agreements.make("approve", **first)
    agreements.news()
    assert agreements.put(agreement(**second)).status == 200
    assert agreements.news() == ["Updated", *change]
    shown = agreements.info()
    assert {name: shown.get(name) for name in ("startDate", "endDate")} == {"startDate": None, "endDate": None} | second


def test_ruling_11_an_agreement_that_ended_stays_ended_against_new_dates(agreements: Agreements) -> None:
    agreements.make("approve", **dated(-5, 1))
    agreements.clock.pass_days(1)
    agreements.news()
    assert agreements.put(agreement(**dated(-5, 30))).status == 200
    assert agreements.news() == ["Deactivated", "Updated"]
    assert agreements.state() == ("approved", False)
    assert agreements.info()["endDate"] == day(1)


@pytest.mark.parametrize(
    ("actions", "events"),
    [
        ([], []),
        (["approve"], ["Deactivated"]),
        (["reject"], []),
        (["approve", "cancel"], []),
    ],
)
def test_a9_d7_an_agreement_is_deleted_in_every_state_and_its_id_is_free(
    agreements: Agreements, actions: list[str], events: list[str]
) -> None:
    agreements.make(*actions, **dated(-1))
    agreements.news()
    agreements.api.removed(KIND, "a1")
    assert agreements.news() == [*events, "Deleted"]
    assert agreements.api.get(KIND, "a1").status == 404
    assert agreements.api.delete(KIND, "a1").status == 404
    agreements.make()
    assert agreements.news() == NEW
    assert agreements.state() == ("requested", False)


def test_g18_the_same_action_at_once_takes_effect_once(agreements: Agreements) -> None:
    answers = at_once(*[lambda: agreements.put(agreement(**dated(-1)))] * 6)
    assert {answer.status for answer in answers} == {200}
    assert sorted(agreements.news()) == sorted([*NEW, *["Updated"] * 5])
    at_once(*[lambda: agreements.act("approve")] * 8)
    assert agreements.news() == ACTIVE
    at_once(*[lambda: agreements.act("cancel")] * 8)
    assert agreements.news() == [*CANCELED, "Deactivated"]


def test_a_limited_key_reads_but_does_not_write_or_decide_what_is_reviewed(agreements: Agreements) -> None:
    store = agreements.api.store
    reader = Api(store, run(store, lambda work: keys.create(work, "reader", scopes=["read"])).secret)
    agreements.make()
    assert reader.get(KIND, "a1").status == 200
    assert reader.call("POST", f"/api/{KIND}/a1/approve").status == 403
    assert agreements.state() == ("requested", False)


def test_an_unsettled_end_is_not_hidden_by_an_etag(agreements: Agreements) -> None:
    agreements.make("approve", **dated(-1, 1))
    tag = agreements.api.get(KIND, "a1").headers["etag"]
    assert agreements.api.get(KIND, "a1", if_none_match=tag).status == 304
    agreements.clock.pass_days(1)
    answer = agreements.api.get(KIND, "a1", if_none_match=tag)
    assert answer.status == 200
    assert answer.json()["info"]["active"] is False
