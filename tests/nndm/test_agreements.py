"""Data usage agreements through the door: rules A1 to A9, 4.2, 4.3, D2, D6, G9, R1, R3 of the contract."""

from __future__ import annotations

from typing import Any

import pytest

from souk import clock as souk_clock
from souk.access.due import settle_due
from souk.identity import keys
from souk.work import run
from tests.nndm.agreements import ACTIVE, APPROVED, KIND, NEW, Agreements, Clock, agreement, dated, day, unexpected
from tests.nndm.driver import Api, at_once
from tests.nndm.samples import port, product, team

CANCELED = ["Updated", "Canceled"]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    stands = Clock()
    monkeypatch.setattr(souk_clock, "now", stands.now)
    return stands


@pytest.fixture
def agreements(api: Api, clock: Clock) -> Agreements:
    api.made("teams", team("analysts"))
    api.made("dataproducts", product("orders", port("out"), port("open", autoApprove=True)))
    api.made("dataproducts", product("reports", owner="analysts"))
    return Agreements(api, clock)


def test_a2_a_new_agreement_is_requested(agreements: Agreements) -> None:
    agreements.make(**dated(0))
    assert agreements.state() == ("requested", False)
    assert agreements.news() == NEW


@pytest.mark.parametrize(
    ("part", "name"),
    [
        ("provider", "dataProductId"),
        ("provider", "outputPortId"),
        ("consumer", "dataProductId"),
        ("consumer", "teamId"),
    ],
)
def test_a1_what_is_named_must_exist_in_new_and_changed_agreements(
    agreements: Agreements, part: str, name: str
) -> None:
    wrong = agreement()
    wrong[part] = wrong[part] | {name: "absent"}
    refused = agreements.put(wrong)
    assert refused.status == 422
    assert "'absent'" in refused.detail
    assert agreements.api.get(KIND, "a1").status == 404
    agreements.make()
    before = agreements.api.shown(KIND, "a1")
    agreements.news()
    assert agreements.put(wrong).status == 422
    assert agreements.api.shown(KIND, "a1") == before
    assert agreements.news() == []


def test_a1_users_contracts_and_the_providers_team_are_free_text(agreements: Agreements) -> None:
    document = agreement()
    document["consumer"] = {"userId": "Some One"}
    document["provider"] |= {"teamId": "who knows", "dataContractId": "none"}
    agreements.api.made(KIND, document)
    shown = agreements.api.shown(KIND, "a1")
    assert (shown["consumer"], shown["provider"]) == (document["consumer"], document["provider"])


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


@pytest.mark.parametrize("actions", [[], ["approve"], ["reject"], ["approve", "cancel"]])
def test_42_the_whole_body_put_back_emits_one_updated_and_changes_nothing(
    agreements: Agreements, actions: list[str]
) -> None:
    agreements.make(*actions, **dated(-2))
    read = agreements.api.shown(KIND, "a1")
    sent = read | {"tags": ["granted"], "custom": {"role": "arn"}}
    agreements.news()
    for _ in range(2):
        assert agreements.put(sent).status == 200
        assert agreements.api.shown(KIND, "a1") == sent
        assert agreements.news() == ["Updated"]


def test_42_a_put_neither_sets_nor_needs_the_status(agreements: Agreements) -> None:
    agreements.make("approve", **dated(-2))
    for claim in ({}, {"status": "rejected", "active": False}, {"status": 7}, {"status": None, "active": None}):
        assert agreements.put(agreement(**dated(-2), **claim)).status == 200
        assert agreements.state() == ("approved", True)
    assert agreements.put(agreement("new", **dated(-2), status="approved", active=True)).status == 200
    assert agreements.state("new") == ("requested", False)


def test_r3_dates_that_cancelling_left_come_back_unchanged(agreements: Agreements) -> None:
    agreements.make("approve", "cancel", **dated(5))
    read = agreements.api.shown(KIND, "a1")
    assert (read["info"]["startDate"], read["info"]["endDate"]) == (day(5), day(0))
    assert agreements.put(read).status == 200
    assert agreements.put(agreement(startDate=day(6), endDate=day(0))).status == 422
    assert agreements.put(agreement("b", startDate=day(1), endDate=day(0))).status == 422


def test_g9_explicit_nulls_are_not_sent(agreements: Agreements) -> None:
    document = agreement(startDate=day(-1), endDate=None, individualAgreements=None, nextReassessmentDate=None)
    document |= {"tags": None, "links": None, "custom": None, "dataUsageAgreementSpecification": None}
    document["consumer"] |= {"dataProductId": None, "userId": None}
    document["provider"] |= {"teamId": None, "dataContractId": None}
    agreements.api.made(KIND, document)
    assert agreements.act("approve").status == 200
    shown = agreements.api.shown(KIND, "a1")
    assert shown["info"]["active"] is True
    assert shown["info"].get("endDate") is None
    assert shown["dataUsageAgreementSpecification"] == "0.0.1"


BAD: list[tuple[tuple[str, ...], Any]] = [
    (("info",), None),
    (("info", "purpose"), None),
    (("info", "purpose"), " "),
    (("info", "startDate"), "2031-02-30"),
    (("info", "startDate"), "20310301"),
    (("info", "endDate"), "2031-3-1"),
    (("info", "endDate"), 20310301),
    (("info", "nextReassessmentDate"), "soon"),
    (("provider",), "orders"),
    (("provider", "dataProductId"), ""),
    (("provider", "outputPortId"), None),
    (("consumer",), {}),
    (("consumer",), {"teamId": None, "userId": " "}),
    (("consumer", "teamId"), 7),
    (("tags",), "x"),
    (("links",), []),
    (("custom",), "x"),
    (("id",), "other"),
    (("id",), 1),
]


@pytest.mark.parametrize(("path", "value"), BAD)
def test_33_bodies_that_are_not_valid(agreements: Agreements, path: tuple[str, ...], value: Any) -> None:
    document = agreement(**dated(0, 5))
    part = document
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value
    answer = agreements.api.put(KIND, document, "a1")
    assert answer.status == 422
    assert path[-1] in answer.detail
    assert agreements.news() == []


def test_33_a_body_without_an_id_takes_the_one_of_the_path(agreements: Agreements) -> None:
    document = agreement()
    del document["id"]
    assert agreements.api.put(KIND, document, "a1").status == 200
    shown = agreements.api.shown(KIND, "a1")
    assert (shown["id"], shown["info"]["id"]) == ("a1", "a1")


@pytest.mark.parametrize("product_id", ["orders", "reports"])
def test_d2_a_product_is_kept_while_an_agreement_in_any_state_names_it(agreements: Agreements, product_id: str) -> None:
    document = agreement()
    document["consumer"]["dataProductId"] = "reports"
    agreements.api.made(KIND, document)
    for action in ("approve", "cancel"):
        refused = agreements.api.delete("dataproducts", product_id)
        assert refused.status == 422
        assert product_id in refused.detail
        agreements.act(action)
    agreements.api.removed(KIND, "a1")
    agreements.api.removed("dataproducts", product_id)


def test_d6_a_removed_port_stays_named(agreements: Agreements) -> None:
    agreements.make("approve", **dated(-1))
    agreements.api.made("dataproducts", product("orders"))
    assert agreements.state() == ("approved", True)
    assert agreements.put(agreements.api.shown(KIND, "a1")).status == 200
    assert agreements.api.shown(KIND, "a1")["provider"]["outputPortId"] == "out"


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
