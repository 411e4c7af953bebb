"""Users: one record a person, made by a command or by the first valid token."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from souk.errors import Invalid, NotFound
from souk.identity import tokens, users
from souk.identity.principal import ANONYMOUS, Principal
from souk.store.port import Store
from souk.work import Work
from tests.identity import mint

ADA = "ada@company.example"


def test_a_user_made_by_email_gets_the_id_of_the_email(run: Any, store: Store) -> None:
    made = run(lambda work: users.put_user(work, name="Ada", email=" Ada@Company.example "))
    assert made.id == users.id_for_email(ADA)
    assert made.body["card"]["email"] == ADA


def test_ids_of_emails_never_change() -> None:
    assert users.id_for_email("ADA@company.example") == "fc4be315-185e-5419-bf68-be1135930ffb"


def test_putting_a_user_again_replaces_what_is_granted(run: Any, store: Store) -> None:
    run(lambda work: users.put_user(work, name="Ada", email=ADA, permissions=["audit"], teams=["a"]))
    made = run(lambda work: users.put_user(work, name="Ada L.", email=ADA, managed_domains=["d"]))
    card = made.body["card"]
    assert (card["permissions"], card["teams"], card["managed_domains"]) == ([], [], ["d"])
    assert [record.id for record in users.list_users(Work(store))] == [made.id]


@pytest.mark.parametrize(
    "wrong",
    [{"email": "ada"}, {"email": ""}, {"permissions": ["god"]}, {"id": "ada"}, {"id": mint.USER_ID.upper()}],
)
def test_wrong_users_are_refused(store: Store, wrong: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        users.put_user(Work(store), **{"name": "Ada", "email": ADA, **wrong})


def test_users_are_found_by_id_and_by_email_in_any_case(run: Any, store: Store) -> None:
    made = run(lambda work: users.put_user(work, id=mint.USER_ID, name="Ada", email=ADA))
    work = Work(store)
    assert users.find_user(work, mint.USER_ID) == users.by_email(work, "ADA@Company.example") == made
    assert users.by_email(work, "eve@company.example") is None
    assert users.find_user(work, "unknown") is None


def test_a_changed_email_is_found_under_the_new_one_only(run: Any, store: Store) -> None:
    run(lambda work: users.put_user(work, id=mint.USER_ID, name="Ada", email=ADA))
    run(lambda work: users.put_user(work, id=mint.USER_ID, name="Ada", email="ada@new.example"))
    assert users.by_email(Work(store), ADA) is None
    found = users.by_email(Work(store), "ada@new.example")
    assert found is not None
    assert found.id == mint.USER_ID


def test_a_user_exists_from_the_first_valid_token_on(run: Any, store: Store, company: Path) -> None:
    def first_call(work: Work) -> None:
        users.ensure_user(work, tokens.principal_of(mint.token(), work))

    run(first_call)
    record = users.find_user(Work(store), mint.USER_ID)
    assert record is not None
    assert (record.body["card"]["name"], record.body["card"]["email"]) == ("Ada Lovelace", ADA)


def test_what_a_token_grants_is_not_kept(run: Any, store: Store) -> None:
    user = Principal("user", mint.USER_ID, "Ada", ADA, permissions=frozenset({"governance"}), teams=frozenset({"t"}))
    record = run(lambda work: users.ensure_user(work, user))
    assert (record.body["card"]["permissions"], record.body["card"]["teams"]) == ([], [])


def test_a_known_user_is_not_written_again(run: Any, store: Store) -> None:
    user = Principal("user", mint.USER_ID, "Ada", ADA)
    revisions = [run(lambda work: users.ensure_user(work, user)).revision for _ in range(3)]
    assert revisions == [1, 1, 1]


def test_a_new_name_is_taken_over_and_grants_stay(run: Any, store: Store) -> None:
    run(lambda work: users.put_user(work, id=mint.USER_ID, name="Ada", email=ADA, permissions=["audit"]))
    user = Principal("user", mint.USER_ID, "Ada King", ADA)
    card = run(lambda work: users.ensure_user(work, user)).body["card"]
    assert (card["name"], card["permissions"]) == ("Ada King", ["audit"])


@pytest.mark.parametrize("caller", [ANONYMOUS, Principal("key", "k1", "pipeline")])
def test_keys_and_strangers_are_no_users(store: Store, caller: Principal) -> None:
    assert users.ensure_user(Work(store), caller) is None
    assert list(users.list_users(Work(store))) == []


def test_of_several_records_with_one_email_the_one_a_token_named_is_found(run: Any, store: Store) -> None:
    run(lambda work: users.put_user(work, name="Ada", email=ADA))
    run(lambda work: users.put_user(work, id=mint.USER_ID, name="Ada", email=ADA))
    found = users.by_email(Work(store), ADA)
    assert found is not None
    assert found.id == mint.USER_ID


def test_a_removed_user_grants_nothing_any_more(run: Any, store: Store, company: Path) -> None:
    run(lambda work: users.put_user(work, id=mint.USER_ID, name="Ada", email=ADA, permissions=["governance"]))
    run(lambda work: users.remove_user(work, mint.USER_ID))
    assert tokens.principal_of(mint.token(), Work(store)).permissions == frozenset()
    with pytest.raises(NotFound):
        users.remove_user(Work(store), mint.USER_ID)
