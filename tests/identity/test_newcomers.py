"""A person is known from the first valid token on, also when the request changed nothing or was refused."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from reactions import remember_user
from souk.bus import connect as bus_connect
from souk.bus.port import Message
from souk.edge.call import Call
from souk.edge.response import Response
from souk.errors import Busy, NotAllowed
from souk.identity import newcomers, users
from souk.store.port import Store
from souk.work import Work
from tests.identity import mint
from tests.identity.doorway import Door, ask, bearer, whoami


class Bus:
    """Keeps what it is given, and hands it to the reaction."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def put(self, messages: Sequence[Message]) -> None:
        for message in messages:
            self.names.append(message.name)
            remember_user.handler({"detail-type": message.name, "detail": json.loads(message.detail)})


@pytest.fixture
def bus(store: Store, company: Path) -> Iterator[Bus]:
    made = Bus()
    newcomers.forget()
    bus_connect.use(made)
    yield made
    bus_connect.use(None)
    newcomers.forget()


def known(store: Store) -> dict[str, Any] | None:
    found = users.find_user(Work(store), mint.USER_ID)
    return found.body["card"] if found else None


def test_whoever_only_reads_is_remembered_and_told_of_once(store: Store, bus: Bus) -> None:
    for _ in range(3):
        assert ask(whoami(Door()), headers=bearer(mint.token()))[0] == 200
    assert bus.names == ["user.seen"]
    card = known(store)
    assert card is not None
    assert (card["email"], card["permissions"]) == ("ada@company.example", [])


def test_whoever_is_refused_is_remembered(store: Store, bus: Bus) -> None:
    @Door().operation("refuses")
    def refuses(call: Call) -> Response:
        raise NotAllowed("no")

    assert ask(refuses, method="POST", headers=bearer(mint.token()))[0] == 403
    assert known(store) is not None


def test_claims_are_not_written_into_the_record(store: Store, bus: Bus) -> None:
    ask(whoami(Door()), headers=bearer(mint.token(roles=["governance"], groups=["t"])))
    card = known(store)
    assert card is not None
    assert (card["permissions"], card["teams"]) == ([], [])


def test_whoever_is_known_is_not_told_of(store: Store, bus: Bus, run: Any) -> None:
    run(lambda work: users.put_user(work, id=mint.USER_ID, name="Ada", email="ada@company.example", teams=["t"]))
    ask(whoami(Door()), headers=bearer(mint.token()))
    assert bus.names == []


def test_a_bad_token_makes_nobody_known(store: Store, bus: Bus) -> None:
    assert ask(whoami(Door()), headers=bearer(mint.token(exp=1)))[0] == 401
    assert (bus.names, known(store)) == ([], None)


def test_a_bus_that_fails_fails_no_request_and_is_not_asked_every_time(store: Store, company: Path) -> None:
    class Broken:
        calls = 0

        def put(self, messages: Sequence[Message]) -> None:
            self.calls += 1
            raise Busy("no")

    broken = Broken()
    newcomers.forget()
    bus_connect.use(broken)
    for _ in range(3):
        assert ask(whoami(Door()), headers=bearer(mint.token()))[0] == 200
    bus_connect.use(None)
    newcomers.forget()
    assert broken.calls == 1


def test_without_a_bus_nobody_is_told(store: Store, company: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOUK_BUS", raising=False)
    newcomers.forget()
    assert ask(whoami(Door()), headers=bearer(mint.token()))[0] == 200
    assert known(store) is None


@pytest.mark.parametrize("seen", [{}, {"id": "x"}, {"id": mint.USER_ID.upper(), "email": "a@b.c"}])
def test_what_is_no_user_is_passed_over(store: Store, run: Any, seen: dict[str, Any]) -> None:
    run(lambda work: newcomers.remember(work, seen))
    assert list(users.list_users(Work(store))) == []


def test_a_late_message_changes_nothing(store: Store, run: Any) -> None:
    run(lambda work: users.put_user(work, id=mint.USER_ID, name="Ada", email="ada@company.example", teams=["t"]))
    before = known(store)
    run(lambda work: newcomers.remember(work, {"id": mint.USER_ID, "name": "Old", "email": "old@x.y"}))
    assert known(store) == before
