"""API keys: made, listed, rotated, revoked; only hashes are stored."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from souk import jsontext
from souk.errors import Invalid, NotFound, Unauthenticated
from souk.identity import keys
from souk.store.port import Store
from souk.work import Work
from souk.work import run as run_work


def later(store: Store, by: timedelta) -> Work:
    return Work(store, now=datetime.now(UTC) + by)


def test_a_new_key_has_a_recognisable_secret_of_256_random_bits(run: Any) -> None:
    new = run(lambda work: keys.create(work, "pipeline"))
    assert re.fullmatch(r"souk_[0-9A-Za-z]{49}", new.secret)
    assert 62**43 >= 2**256
    assert keys.well_formed(new.secret)


def test_secrets_differ(run: Any) -> None:
    made = {run(lambda work: keys.create(work, "same name")).secret for _ in range(50)}
    assert len(made) == 50


def test_the_secret_says_who_holds_it(run: Any, store: Store) -> None:
    new = run(lambda work: keys.create(work, "pipeline", scopes=["write", "read"]))
    who = keys.principal_of(new.secret, Work(store))
    assert (who.kind, who.id, who.name, who.scopes) == ("key", new.id, "pipeline", frozenset({"read", "write"}))


def test_nothing_stored_holds_the_secret(run: Any, store: Store) -> None:
    new = run(lambda work: keys.create(work, "pipeline"))
    record = Work(store).at(keys.key_of(new.secret))
    assert record is not None
    stored = jsontext.dump({"id": record.id, "key": record.key, "body": record.body, "lists": list(record.entries)})
    notices = jsontext.dump([item.events for item in store.pending_notices(10)])
    assert new.secret[5:20].encode() not in stored + notices


def test_neither_key_nor_credential_shows_its_secret_in_a_repr(run: Any) -> None:
    new = run(lambda work: keys.create(work, "pipeline"))
    assert new.secret not in repr(new)


@pytest.mark.parametrize("position", [0, 4, 5, 25, 47, 48, 53])
def test_a_mistyped_secret_is_no_key_and_costs_no_read(run: Any, position: int) -> None:
    secret = run(lambda work: keys.create(work, "pipeline")).secret
    other = "a" if secret[position] != "a" else "b"
    assert not keys.well_formed(secret[:position] + other + secret[position + 1 :])


@pytest.mark.parametrize("text", ["", "souk_", "souk_" + "a" * 49, "x" * 54, "souk_" + "é" * 49, "souk_" + "a" * 500])
def test_other_text_is_no_key(text: str, store: Store) -> None:
    assert not keys.well_formed(text)
    with pytest.raises(Unauthenticated):
        keys.principal_of(text, Work(store))


def test_an_unknown_key_is_refused(run: Any, store: Store) -> None:
    new = run(lambda work: keys.create(work, "pipeline"))
    run(lambda work: keys.revoke(work, new.id))
    with pytest.raises(Unauthenticated):
        keys.principal_of(new.secret, Work(store))


def test_the_list_shows_keys_oldest_first_without_secrets(run: Any, store: Store) -> None:
    first = run(lambda work: keys.create(work, "first", scopes=["read", "door:front"]))
    second = run(lambda work: keys.create(work, "second"))
    shown = keys.list_keys(Work(store))
    assert [(info.id, info.name, info.scopes) for info in shown] == [
        (first.id, "first", ("door:front", "read")),
        (second.id, "second", None),
    ]
    assert first.secret not in repr(shown)


@pytest.mark.parametrize("scopes", [["raed"], ["nndm"], ["door:"], ["door:NNDM"], ["door:front"], []])
def test_scopes_that_mean_nothing_are_refused(scopes: list[str], store: Store) -> None:
    with pytest.raises(Invalid):
        keys.create(Work(store), "pipeline", scopes=scopes)


@pytest.mark.parametrize("name", ["", "  ", "x" * 201])
def test_a_key_needs_a_name(name: str, store: Store) -> None:
    with pytest.raises(Invalid):
        keys.create(Work(store), name)


def test_a_key_that_would_be_expired_at_once_is_refused(store: Store) -> None:
    work = Work(store)
    with pytest.raises(Invalid):
        keys.create(work, "late", expires=work.now)


def test_an_expired_key_is_refused_from_the_second_on(run: Any, store: Store) -> None:
    end = datetime.now(UTC) + timedelta(hours=1)
    new = run(lambda work: keys.create(work, "short", expires=end))
    assert keys.principal_of(new.secret, later(store, timedelta(minutes=59))).id == new.id
    with pytest.raises(Unauthenticated):
        keys.principal_of(new.secret, later(store, timedelta(hours=1)))


def test_rotation_without_grace_ends_the_old_secret_at_once(run: Any, store: Store) -> None:
    old = run(lambda work: keys.create(work, "pipeline", scopes=["read"]))
    new = run(lambda work: keys.rotate(work, old.id))
    assert new.id == old.id
    assert keys.principal_of(new.secret, Work(store)).scopes == frozenset({"read"})
    with pytest.raises(Unauthenticated):
        keys.principal_of(old.secret, Work(store))


def test_rotation_with_grace_lets_both_secrets_in_until_it_ends(run: Any, store: Store) -> None:
    old = run(lambda work: keys.create(work, "pipeline"))
    new = run(lambda work: keys.rotate(work, old.id, grace=timedelta(hours=2)))
    during, after = later(store, timedelta(hours=1)), later(store, timedelta(hours=3))
    assert keys.principal_of(old.secret, during).id == keys.principal_of(new.secret, during).id == old.id
    assert keys.principal_of(new.secret, after).id == old.id
    with pytest.raises(Unauthenticated):
        keys.principal_of(old.secret, after)


def test_a_key_in_grace_shows_both_secrets_the_current_one_first(run: Any, store: Store) -> None:
    old = run(lambda work: keys.create(work, "pipeline"))
    run(lambda work: keys.rotate(work, old.id, grace=timedelta(hours=2)))
    shown = keys.list_keys(Work(store))
    assert [(info.id, info.superseded, info.expires is None) for info in shown] == [
        (old.id, False, True),
        (old.id, True, False),
    ]


def test_a_second_rotation_without_grace_ends_every_former_secret(run: Any, store: Store) -> None:
    first = run(lambda work: keys.create(work, "pipeline"))
    second = run(lambda work: keys.rotate(work, first.id, grace=timedelta(hours=2)))
    third = run(lambda work: keys.rotate(work, first.id))
    alive = [Work(store).at(keys.key_of(key.secret)) is not None for key in (first, second, third)]
    assert alive == [False, False, True]


def test_grace_never_outlives_the_keys_own_end(run: Any, store: Store) -> None:
    end = datetime.now(UTC) + timedelta(hours=1)
    old = run(lambda work: keys.create(work, "short", expires=end))
    new = run(lambda work: keys.rotate(work, old.id, grace=timedelta(days=30)))
    assert keys.principal_of(old.secret, later(store, timedelta(minutes=59))).id == old.id
    for key in (old, new):
        with pytest.raises(Unauthenticated):
            keys.principal_of(key.secret, later(store, timedelta(minutes=61)))


def test_revoking_ends_every_secret_of_the_key_and_no_other(run: Any, store: Store) -> None:
    old = run(lambda work: keys.create(work, "pipeline"))
    new = run(lambda work: keys.rotate(work, old.id, grace=timedelta(hours=2)))
    other = run(lambda work: keys.create(work, "another"))
    run(lambda work: keys.revoke(work, old.id))
    assert [Work(store).at(keys.key_of(key.secret)) for key in (old, new)] == [None, None]
    assert [info.id for info in keys.list_keys(Work(store))] == [other.id]


@pytest.mark.parametrize("command", [keys.rotate, keys.revoke])
def test_an_unknown_id_is_not_found(command: Any, store: Store) -> None:
    with pytest.raises(NotFound):
        command(Work(store), "no such key")


def test_of_two_rotations_at_once_one_secret_stays(run: Any, store: Store) -> None:
    key = run(lambda work: keys.create(work, "pipeline"))
    rival: list[keys.NewKey] = []

    def slow(work: Work) -> keys.NewKey:
        new = keys.rotate(work, key.id)
        rival.extend([run_work(store, lambda inner: keys.rotate(inner, key.id))] if not rival else [])
        return new

    last = run(slow)
    assert Work(store).at(keys.key_of(last.secret)) is not None
    assert Work(store).at(keys.key_of(rival[0].secret)) is None
    assert len(keys.list_keys(Work(store))) == 1


def test_what_is_done_with_keys_is_announced(run: Any, store: Store) -> None:
    key = run(lambda work: keys.create(work, "pipeline"))
    run(lambda work: keys.rotate(work, key.id))
    run(lambda work: keys.revoke(work, key.id))
    told = [notice for item in store.pending_notices(10) for notice in item.events]
    assert [(notice["name"], notice["data"]["id"]) for notice in told] == [
        ("api_key.created", key.id),
        ("api_key.rotated", key.id),
        ("api_key.revoked", key.id),
    ]
