"""Sections 6 and 7: grants and revocations."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from tests.wire.nav.door import UNREADABLE, ZERO, Door, at, done, fresh, mail, moment, refused
from tests.wire.raw import Doc

NOT_YOURS = "you are unauthorized to make changes to this access rule"
NO_ENTRY = "requested subject does not have an access entry"
FAR = "2099-06-03T08:05:26Z"


def test_anybody_grants_to_anybody(other: Door, product: str) -> None:
    friend = mail()
    done(other.grant(product, friend, expires=FAR))
    assert other.access(product)[f"user:{friend}"] == FAR


def test_service_accounts_are_members_of_their_own_kind(other: Door, product: str) -> None:
    robot = "robot@p.iam.gserviceaccount.com"
    done(other.grant(product, robot, "serviceAccount"))
    done(other.grant(product, robot, "user", expires=FAR))
    found = other.access(product)
    assert (found[f"serviceAccount:{robot}"], found[f"user:{robot}"]) == (ZERO, FAR)


@pytest.mark.parametrize("end", [{}, {"expires": None}, {"expires": ZERO}])
def test_access_without_an_end_is_for_ever(other: Door, product: str, end: Doc) -> None:
    done(other.grant(product, "a@nav.no", **end))
    assert other.access(product)["user:a@nav.no"] == ZERO


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("2099-06-03T08:05:26Z", "2099-06-03T08:05:26Z"),
        ("2099-06-03T08:05:26.5Z", "2099-06-03T08:05:26.5Z"),
        ("2099-06-03T08:05:26.500000Z", "2099-06-03T08:05:26.5Z"),
        ("2099-06-03T08:05:26.123456789Z", "2099-06-03T08:05:26.123456Z"),
        ("2099-06-03T10:05:26+02:00", "2099-06-03T08:05:26Z"),
        ("2099-06-03T02:35:26-05:30", "2099-06-03T08:05:26Z"),
        ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"),
        ("9999-12-31T23:59:59-12:00", "9999-12-31T23:59:59.999999Z"),
    ],
)
def test_ends_are_instants(other: Door, product: str, sent: str, shown: str) -> None:
    done(other.grant(product, "a@nav.no", expires=sent))
    assert other.access(product)["user:a@nav.no"] == shown


def test_new_grant_replaces_the_end(other: Door, product: str) -> None:
    for sent, shown in ((FAR, FAR), (None, ZERO), ("2098-01-01T00:00:00Z", "2098-01-01T00:00:00Z")):
        done(other.grant(product, "a@nav.no", expires=sent))
        assert other.access(product)["user:a@nav.no"] == shown
    assert [entry["action"] for entry in other.log(product)] == ["grant"] * 3
    assert [entry["expires"] for entry in other.log(product)] == ["2098-01-01T00:00:00Z", ZERO, FAR]


PAST = [
    "2001-01-01T00:00:00Z",
    "0001-01-01T00:00:00.000001Z",
    "0001-06-01T00:00:00Z",
    "0001-01-01T00:00:00+14:00",
    pytest.param(moment(-1), id="a second ago"),
]


@pytest.mark.parametrize("end", PAST)
def test_access_cannot_end_in_the_past(other: Door, product: str, end: str) -> None:
    refused(other.grant(product, "a@nav.no", expires=end), 400, "invalid AccessSubject.Expires\n")


NO_TIMES: list[Any] = [
    *("", "tomorrow", "2099-06-03", "2099-06-03T08:05:26", "2099-06-03 08:05:26Z", "2099-06-03T08:05Z"),
    *("2099-13-03T08:05:26Z", "2099-02-30T08:05:26Z", "2099-06-03T24:05:26Z", "2099-06-03T08:05:26+99:00"),
    *("20990603T080526Z", "2099-W23-3T08:05:26Z", "2099-06-03T08:05:26,5Z", "２099-06-03T08:05:26Z"),
    *(4083000000, True, [], {}),
]


@pytest.mark.parametrize("end", NO_TIMES)
def test_ends_that_are_no_times_cannot_be_deserialized(other: Door, product: str, end: Any) -> None:
    refused(other.grant(product, "a@nav.no", expires=end), 400, UNREADABLE)


@pytest.mark.parametrize(
    "body", [{}, {"subject": "a"}, {"type": "user"}, {"subject": "", "type": "user"}, {"subject": "a", "type": None}]
)
def test_grant_names_subject_and_type(other: Door, product: str, body: Doc) -> None:
    answer = other.call("POST", f"access/{product}", body)
    refused(answer, 400, "unable to validate request document\n")


@pytest.mark.parametrize("kind", ["group", "User", "serviceaccount", "team"])
def test_there_are_two_types_of_subjects(owner: Door, product: str, kind: str) -> None:
    refused(owner.grant(product, "a@nav.no", kind), 400, "invalid AccessSubject.Type\n")
    refused(owner.revoke(product, "a@nav.no", kind), 400, "invalid AccessSubject.Type\n")


def test_grant_names_its_first_fault(owner: Door, product: str) -> None:
    bare = owner.register(name="bare", datastore=[])
    text = f"no datastore associated with dataproduct: {bare} (bare)\n"
    refused(owner.raw("POST", "access/unknown", b"{"), 404, "not found\n")
    refused(owner.raw("POST", f"access/{bare}", b"{"), 400, text)
    refused(owner.raw("POST", f"access/{product}", b"{"), 400, UNREADABLE)
    past = "2001-01-01T00:00:00Z"
    refused(
        owner.call("POST", f"access/{product}", {"type": "group", "expires": past}),
        400,
        "unable to validate request document\n",
    )
    refused(owner.grant(product, "a", "group", expires=past), 400, "invalid AccessSubject.Expires\n")


def test_owner_revokes_anyone(owner: Door, other: Door, product: str) -> None:
    friend = mail()
    done(other.grant(product, friend))
    done(owner.revoke(product, friend))
    assert owner.access(product) == {f"group:{owner.team}@nav.no": ZERO}


def test_others_revoke_only_themselves(other: Door, product: str) -> None:
    friend = mail()
    done(other.grant(product, friend))
    done(other.grant(product, other.email))
    refused(other.revoke(product, friend), 401, NOT_YOURS)
    done(other.revoke(product, other.email.upper()))
    assert f"user:{friend}" in other.access(product)
    assert f"user:{other.email}" not in other.access(product)


def test_service_account_of_the_same_name_is_somebody_else(owner: Door, other: Door, product: str) -> None:
    done(other.grant(product, other.email, "serviceAccount"))
    refused(other.revoke(product, other.email, "serviceAccount"), 401, NOT_YOURS)
    done(owner.revoke(product, other.email, "serviceAccount"))


def test_revocation_names_its_first_fault(owner: Door, other: Door, product: str) -> None:
    refused(other.raw("DELETE", "access/unknown", b"{"), 404, "not found\n")
    refused(other.raw("DELETE", f"access/{product}", b"{"), 400, UNREADABLE)
    refused(other.raw("DELETE", f"access/{product}", b""), 400, UNREADABLE)
    refused(other.revoke(product, mail(), "group"), 400, "invalid AccessSubject.Type\n")
    refused(other.revoke(product, mail()), 401, NOT_YOURS)
    refused(other.revoke(product, other.email), 400, NO_ENTRY)
    refused(owner.revoke(product, mail()), 400, NO_ENTRY)


def test_revoked_access_is_gone_until_it_is_granted_again(owner: Door, product: str) -> None:
    friend = mail()
    done(owner.grant(product, friend))
    done(owner.revoke(product, friend))
    refused(owner.revoke(product, friend), 400, NO_ENTRY)
    done(owner.grant(product, friend, expires=FAR))
    assert owner.access(product)[f"user:{friend}"] == FAR
    assert [entry["action"] for entry in owner.log(product)] == ["grant", "delete", "grant"]


def test_entry_of_the_team_cannot_be_revoked(owner: Door, product: str) -> None:
    for subject in (owner.team, f"group:{owner.team}@nav.no", f"{owner.team}@nav.no"):
        refused(owner.revoke(product, subject), 400, NO_ENTRY)
    assert f"group:{owner.team}@nav.no" in owner.access(product)


def test_spelling_of_an_email_does_not_make_another_person(owner: Door, product: str) -> None:
    name = fresh("Ola")
    done(owner.grant(product, f"{name}@NAV.no"))
    done(owner.grant(product, f"{name.lower()}@nav.no", expires=FAR))
    assert [key for key in owner.access(product) if name.lower() in key.lower()] == [f"user:{name.lower()}@nav.no"]
    done(owner.revoke(product, f"{name.upper()}@nav.no"))


def test_every_change_of_access_moves_updated_forward(owner: Door, product: str) -> None:
    seen = [owner.shown(product)]
    changes = (
        partial(owner.grant, product, "a@nav.no"),
        partial(owner.grant, product, "a@nav.no", expires=FAR),
        partial(owner.revoke, product, "a@nav.no"),
        partial(owner.call, "PUT", f"dataproducts/{product}", {"name": "n"}),
    )
    for change in changes:
        done(change())
        seen.append(owner.shown(product))
    moments = [at(one["updated"]) for one in seen]
    assert moments == sorted(set(moments))
    assert len({one["created"] for one in seen}) == 1


def test_subject_may_be_free_text_of_some_length(owner: Door, product: str) -> None:
    for subject in ("Mr. Æ", "a:b", "x" * 256):
        done(owner.grant(product, subject))
        assert f"user:{subject}" in owner.access(product)
        done(owner.revoke(product, subject))
    refused(owner.grant(product, "x" * 257), 400, "unable to validate request document\n")
