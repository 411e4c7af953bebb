"""What a token's claims and the stored record say about its user."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jwt
import pytest

from souk.errors import Invalid
from souk.identity import keys, tokens, users
from souk.store.port import Store
from tests.identity import mint
from tests.identity.refusing import refusal, who

OTHER_ID = "9e107d9d-372b-4b6d-8f3c-1a2b3c4d5e6f"


def test_the_uuid_claim_is_the_id(store: Store, company: Path) -> None:
    assert who(store, oid=OTHER_ID).id == OTHER_ID
    assert who(store, oid="not a uuid").id == mint.USER_ID
    assert who(store, sub="pairwise-subject", oid=OTHER_ID).id == OTHER_ID


def test_without_a_uuid_the_id_comes_from_the_lower_cased_email(store: Store, company: Path) -> None:
    ids = {who(store, sub="ada", preferred_username=text).id for text in ("Ada@Company.example", "ada@company.EXAMPLE")}
    assert ids == {users.id_for_email("ada@company.example")}


def test_an_upper_case_uuid_is_not_folded_into_another_users_id(store: Store, company: Path) -> None:
    assert who(store, sub=mint.USER_ID.upper()).id == users.id_for_email("ada@company.example")


@pytest.mark.parametrize(
    ("changes", "email"),
    [
        ({"preferred_username": "A@x.example", "email": "b@x.example"}, "a@x.example"),
        ({"preferred_username": None, "email": "B@x.example"}, "b@x.example"),
        ({"preferred_username": "ada", "upn": "c@x.example"}, "c@x.example"),
        ({"preferred_username": None}, ""),
        ({"preferred_username": ["a@x.example"]}, ""),
        ({"email_verified": False}, ""),
        ({"email_verified": True}, "ada@company.example"),
    ],
)
def test_the_email_is_the_first_claim_that_is_one(
    store: Store, company: Path, changes: dict[str, Any], email: str
) -> None:
    assert who(store, **changes).email == email


@pytest.mark.parametrize(
    ("groups", "teams"),
    [
        (["checkout", "6f1c"], {"checkout", "6f1c"}),
        ("checkout", {"checkout"}),
        ([1, None, "a"], {"a"}),
        ({"a": 1}, set()),
    ],
)
def test_groups_are_teams(store: Store, company: Path, groups: Any, teams: set[str]) -> None:
    assert who(store, groups=groups).teams == teams


def test_permissions_come_from_roles_and_only_known_ones_count(store: Store, company: Path) -> None:
    user = who(store, roles=["GOVERNANCE", "User.Read"], souk_permissions="audit")
    assert user.permissions == {"governance", "audit"}


def test_claim_names_are_settings(store: Store, company: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOUK_GROUPS_CLAIM", "team_names")
    monkeypatch.setenv("SOUK_PERMISSIONS_CLAIM", "https://souk.example/permissions")
    monkeypatch.setenv("SOUK_DOMAINS_CLAIM", "domains")
    changes = {
        "groups": ["no"],
        "roles": ["governance"],
        "team_names": ["yes"],
        "https://souk.example/permissions": ["audit"],
        "domains": ["sales"],
    }
    user = who(store, **changes)
    assert user.teams == {"yes"}
    assert user.permissions == {"audit"}
    assert user.managed_domains == {"sales"}


def test_the_stored_record_adds_to_the_claims(store: Store, company: Path, run: Any) -> None:
    grants: dict[str, Any] = {"permissions": ["audit"], "managed_domains": ["d1"], "teams": ["t1"]}
    run(lambda work: users.put_user(work, id=mint.USER_ID, name="Ada", email="ada@company.example", **grants))
    user = who(store, roles=["governance"], souk_domains=["d2"], groups=["t2"])
    assert user.permissions == {"audit", "governance"}
    assert user.managed_domains == {"d1", "d2"}
    assert user.teams == {"t1", "t2"}


def test_attributes_come_from_claims_and_from_the_record(
    store: Store, company: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOUK_ATTRIBUTES_CLAIM", "souk_attributes, department")
    known: dict[str, Any] = {"attributes": {"site": "oslo", "level": ["2", "1"]}}
    run(lambda work: users.put_user(work, id=mint.USER_ID, name="Ada", email="ada@company.example", **known))
    said = {"souk_attributes": {"site": ["bergen"], "level": "3", "odd": 7}, "department": ["sales"]}
    pairs = {("site", "oslo"), ("level", "1"), ("level", "2"), ("site", "bergen"), ("level", "3")}
    assert who(store, **said).attributes == pairs | {("department", "sales")}
    assert who(store).attributes == {("site", "oslo"), ("level", "1"), ("level", "2")}


@pytest.mark.parametrize("value", [7, {"a": 1}, [1], None])
def test_an_attribute_is_a_text_or_a_list_of_texts(store: Store, run: Any, value: Any) -> None:
    with pytest.raises(Invalid):
        run(lambda work: users.put_user(work, name="Ada", email="ada@company.example", attributes={"a": value}))


def test_a_record_made_by_email_grants_to_the_token_with_its_own_id(store: Store, company: Path, run: Any) -> None:
    run(lambda work: users.put_user(work, name="Ada", email="ADA@company.example", permissions=["governance"]))
    assert who(store).permissions == {"governance"}
    assert who(store, email_verified=False).permissions == frozenset()


def test_a_claim_that_only_souk_may_make_is_ignored_in_the_companys_tokens(
    store: Store, company: Path, run: Any
) -> None:
    new = run(lambda work: keys.create(work, "pipeline"))
    assert who(store, souk_key=keys.key_of(new.secret)).kind == "user"


def test_unverified_claims_only_choose_what_is_read(store: Store, company: Path, run: Any) -> None:
    run(lambda work: users.put_user(work, id=OTHER_ID, name="Eve", email="eve@x.example", permissions=["governance"]))
    header, _, signature = mint.token().split(".")
    forged = f"{header}.{mint.part(mint.claims(sub=OTHER_ID))}.{signature}"
    assert len(tokens.keys_of(forged)) == 2
    assert "not valid" in refusal(store, forged)


@pytest.mark.parametrize(
    "text", ["a.b.c", "..", f"{mint.part({})}.{mint.part([])}.x", f"{mint.part(1)}.{mint.part(2)}.x"]
)
def test_what_is_no_token_asks_for_no_record(text: str) -> None:
    assert tokens.keys_of(text) == []


@pytest.mark.parametrize("source", ["", "x" * 5000, "UPPER", "a" * 25, 7])
def test_a_made_up_record_key_is_not_read(source: Any) -> None:
    payload = mint.part({"iss": "souk", "souk_key": source})
    assert source not in tokens.keys_of(f"{mint.part({})}.{payload}.x")


@pytest.mark.parametrize("number", ["1e999", "-1e999", "1" * 400, "NaN"])
def test_infinite_and_huge_instants_are_refused(store: Store, company: Path, number: str) -> None:
    text = json.dumps(mint.claims(exp=0)).replace('"exp": 0', f'"exp": {number}')
    message = f"{mint.part({'alg': 'RS256', 'kid': 'rsa-1'})}.{mint.text(text.encode())}"
    signer = jwt.algorithms.RSAAlgorithm(jwt.algorithms.RSAAlgorithm.SHA256)
    assert refusal(store, f"{message}.{mint.text(signer.sign(message.encode(), mint.rsa_key()))}")
