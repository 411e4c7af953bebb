"""A caller whom a process knows is checked along with what they ask for; whatever has changed counts at once."""

from __future__ import annotations

from typing import Any

import pytest

from souk.edge import known
from souk.edge.call import Call
from souk.edge.dialect import Handler
from souk.edge.response import Response
from souk.errors import NotAllowed
from souk.identity import keys, users
from souk.identity.credentials import Credential
from souk.identity.principal import ANONYMOUS
from souk.store.connect import use
from souk.store.port import Store
from tests.identity import mint
from tests.identity.doorway import Door, ask, bearer
from tests.identity.test_credentials import Counting


@pytest.fixture(autouse=True)
def unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known, "_known", {})


@pytest.fixture
def counting(store: Store) -> Counting:
    """The store, which tells what is read."""
    counted = Counting(store)
    use(counted)
    return counted


@pytest.fixture
def things(run: Any) -> None:
    run(lambda work: [work.save("thing", name, {"card": name}) for name in ("a", "b")])


def listing(door: Door, *, reader: str | None = None) -> Handler:
    """An operation that lists, and refuses whoever is not the one reader, if there is one."""

    @door.operation("list")
    def handler(call: Call) -> Response:
        names = [record.id for record in call.work.records("thing")]
        if reader is not None and call.principal.name != reader:
            raise NotAllowed("not for you")
        return call.json({"who": call.principal.name, "teams": sorted(call.principal.teams), "names": names})

    return handler


def writing(door: Door) -> Handler:
    @door.operation("write")
    def handler(call: Call) -> Response:
        names = [record.id for record in call.work.records("thing")]
        return call.json(names)

    return handler


def make(run: Any, **what: Any) -> Any:
    return run(lambda work: keys.create(work, "pipeline", **what))


def test_a_known_key_is_read_with_the_records_of_the_list(things: None, run: Any, counting: Counting) -> None:
    secret, handler = make(run).secret, listing(Door())
    first = ask(handler, headers=bearer(secret))
    assert [len(batch) for batch in counting.batches] == [1, 2]
    counting.batches.clear()
    assert ask(handler, headers=bearer(secret)) == first == (200, {"who": "pipeline", "teams": [], "names": ["a", "b"]})
    assert [len(batch) for batch in counting.batches] == [3]
    assert keys.key_of(secret) in counting.batches[0]


def test_a_known_key_is_read_even_if_nothing_else_is(run: Any, counting: Counting) -> None:
    secret, handler = make(run).secret, listing(Door())
    for _ in range(3):
        counting.batches.clear()
        assert ask(handler, headers=bearer(secret))[0] == 200
        assert counting.batches == [[keys.key_of(secret)]]


def test_a_revoked_key_ends_at_once(things: None, run: Any) -> None:
    key, handler = make(run), listing(Door())
    assert ask(handler, headers=bearer(key.secret))[0] == 200
    run(lambda work: keys.revoke(work, key.id))
    assert ask(handler, headers=bearer(key.secret)) == (401, {"message": "this API key is not valid"})


def test_whoever_may_not_come_in_any_more_does_not_hear_what_else_is_wrong(things: None, run: Any) -> None:
    key, handler = make(run), listing(Door(), reader="somebody else")
    assert ask(handler, headers=bearer(key.secret))[0] == 403
    run(lambda work: keys.revoke(work, key.id))
    assert ask(handler, headers=bearer(key.secret))[0] == 401


def test_an_unknown_caller_makes_the_store_read_nothing_else(things: None, run: Any, counting: Counting) -> None:
    key, handler = make(run), listing(Door())
    run(lambda work: keys.revoke(work, key.id))
    for _ in range(2):
        counting.batches.clear()
        assert ask(handler, headers=bearer(key.secret))[0] == 401
        assert counting.batches == [[keys.key_of(key.secret)]]


def test_what_has_changed_about_a_user_counts_at_once(things: None, store: Store, run: Any, company: Any) -> None:
    handler, token = listing(Door()), mint.token()
    assert ask(handler, headers=bearer(token))[1]["teams"] == []
    run(lambda work: users.put_user(work, name="Ada", email="ada@company.example", id=mint.USER_ID, teams=["roastery"]))
    assert ask(handler, headers=bearer(token))[1]["teams"] == ["roastery"]


def test_a_write_checks_its_caller_first(things: None, run: Any, counting: Counting) -> None:
    secret = make(run).secret
    assert ask(listing(Door()), headers=bearer(secret))[0] == 200
    counting.batches.clear()
    assert ask(writing(Door()), method="POST", headers=bearer(secret))[0] == 200
    assert counting.batches[0] == [keys.key_of(secret)]


def test_a_key_that_a_door_does_not_admit_is_not_known_there(things: None, run: Any) -> None:
    secret = make(run, scopes=["read", "door:front"]).secret
    assert ask(listing(Door()), headers=bearer(secret))[0] == 200
    assert ask(listing(Door(name="other")), headers=bearer(secret))[0] == 403


def test_a_public_operation_lets_a_revoked_key_in_as_nobody(things: None, run: Any) -> None:
    key, handler = make(run), listing(Door(public_operations=frozenset({"list"})))
    assert ask(handler, headers=bearer(key.secret))[1]["who"] == "pipeline"
    run(lambda work: keys.revoke(work, key.id))
    assert ask(handler, headers=bearer(key.secret))[1] == {"who": "", "teams": [], "names": ["a", "b"]}


def test_callers_are_known_for_a_minute(things: None, run: Any, counting: Counting, monkeypatch: Any) -> None:
    secret, handler = make(run).secret, listing(Door())
    ask(handler, headers=bearer(secret))
    monkeypatch.setattr(known, "LIFE_SECONDS", 0.0)
    counting.batches.clear()
    assert ask(handler, headers=bearer(secret))[0] == 200
    assert [len(batch) for batch in counting.batches] == [1, 2]


def test_all_can_be_forgotten(run: Any) -> None:
    credential = Credential("nndm", ("secret",))
    known.remember(credential, ANONYMOUS)
    known.forget_all()
    assert known.find(credential) is None


def test_no_more_than_so_many_callers_are_known(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known, "MAX_KNOWN", 2)
    for _ in range(5):
        assert ask(listing(Door()), headers=bearer(make(run).secret))[0] == 200
    assert len(known._known) <= 2
