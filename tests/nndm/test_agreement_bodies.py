"""Data usage agreements as documents: what is accepted, kept and referred to (rules 4.2, A1, D2, D6, G9, R3)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.nndm.agreements import KIND, Agreements, agreement, dated, day
from tests.nndm.samples import product


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
