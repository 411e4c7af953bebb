"""Accesses made through any door, at any instant: all doors agree, and a document that comes back moves nothing."""

from __future__ import annotations

import copy
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from souk import clock
from souk.access import lifecycle
from souk.access.model import Card, stop
from souk.ids import as_uuid, key_as_cuid, record_key
from souk.store.port import Store
from souk.work import Work
from tests.doors.callers import Caller, Doc, fresh
from tests.lenses.doors import InProcess
from tests.models.accesses import SHOWN

SPANS = st.timedeltas(timedelta(microseconds=1), timedelta(days=400))
VERBS = st.sampled_from(["back", "back", "approve", "reject", "cancel", "revoke", "withdraw"])
HISTORIES = given(
    maker=st.sampled_from(["agreement", "request", "grant"]),
    span=st.none() | SPANS,
    days=st.tuples(st.integers(-3, 3), st.none() | st.integers(3, 40)),
    steps=st.lists(st.tuples(st.just(timedelta(0)) | SPANS, VERBS), max_size=5),
)


class Clock:
    """The time that everything sees; it passes when it is told to."""

    def __init__(self) -> None:
        self.at = datetime.now(UTC)

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def timer(monkeypatch: pytest.MonkeyPatch) -> Clock:
    standing = Clock()
    monkeypatch.setattr(clock, "now", standing.now)
    return standing


class Scene:
    """One access to a product of its own, and the verbs that doors have for it. All by a key, which never ends."""

    def __init__(self, store: Store, env: dict[str, str]) -> None:
        self.store, self.env = store, env
        self.caller: Caller = InProcess(env["SOUK_API_KEY"])
        self.product = fresh("dp")
        self.exact = self.product
        port = {
            "id": "out",
            "name": "Out",
            "type": "bigquery",
            "server": {"project": "p", "dataset": "d", "table": "t"},
        }
        document = {"id": self.product, "info": {"title": self.product, "owner": "roasting"}, "outputPorts": [port]}
        self.caller.done(200, "PUT", f"/api/dataproducts/{self.product}", document)
        self.governed = f"/api/data-product/{as_uuid('product', self.product)}"
        self.whom = {"subject": env["SOUK_OTHER_EMAIL"], "type": "user"}

    def agreement(self, now: datetime, _: Any, days: tuple[int, int | None]) -> None:
        """A document with days."""
        dates = {"startDate": days[0]} | ({} if days[1] is None else {"endDate": days[1]})
        info = {name: (now + timedelta(days=day)).date().isoformat() for name, day in dates.items()}
        document = {
            "id": self.exact,
            "info": info | {"purpose": "p"},
            "provider": {"dataProductId": self.product, "outputPortId": "out"},
            "consumer": {"userId": self.env["SOUK_OTHER_EMAIL"]},
        }
        self.caller.done(200, "PUT", f"/api/datausageagreements/{self.exact}", document)

    def request(self, *_: Any) -> None:
        """A request, without dates."""
        self.caller.done(201, "POST", f"{self.governed}/request", {"user": self.env["SOUK_OTHER_ID"]})
        self._find()

    def grant(self, now: datetime, span: timedelta | None, _: Any) -> None:
        """A grant from this instant on."""
        until = {} if span is None else {"expires": (now + span).isoformat()}
        self.caller.done(204, "POST", f"/api/v1/access/{self.product}", self.whom | until)
        self._find()

    def _find(self) -> None:
        (found,) = self.caller.done(200, "GET", f"{self.governed}/request")["data"]
        key = found["id"][1:]
        record = Work(self.store).at(key)
        assert record is not None
        self.exact = record.id

    @property
    def card(self) -> Card:
        """The record."""
        found: Card = copy.deepcopy(Work(self.store).get("access", self.exact).body["card"])
        return found

    def act(self, verb: str) -> int:
        """The status of a verb's answer. `back`: the agreement comes back with a tag, as integrations do it."""
        shown = self.agreements()
        tagged = shown | {"tags": ["provisioned"], "custom": {"policy": "1"}}
        request = f"{self.governed}/request/{key_as_cuid(record_key('access', self.exact))}"
        place = f"/api/datausageagreements/{self.exact}"
        method, target, body = {
            "back": ("PUT", place, tagged),
            "revoke": ("DELETE", request, None),
            "withdraw": ("DELETE", f"/api/v1/access/{self.product}", self.whom),
        }.get(verb, ("POST", f"{place}/{verb}", None))
        return self.caller.call(method, target, body).status

    def agreements(self) -> Doc:
        """The access as an agreement."""
        found: Doc = self.caller.done(200, "GET", f"/api/datausageagreements/{self.exact}")
        return found

    def agree(self, now: datetime) -> str:
        """Hold what every door shows against the record. Its state."""
        card, info = self.card, self.agreements()["info"]
        state = lifecycle.state(card, now)
        request = self.caller.done(200, "GET", f"/api/access-request/{key_as_cuid(record_key('access', self.exact))}")
        product = self.caller.done(200, "GET", f"/api/v1/dataproducts/{self.product}")["data_product"]
        held = {who: until for who, until in product["access"].items() if not who.startswith("group:")}
        end = (stop(card) or "0001-01-01T00:00:00.").rstrip("Z").rstrip("0").rstrip(".") + "Z"
        assert (info["status"], request["status"]) == SHOWN[state]
        assert info["active"] is (state == "active")
        assert held == ({f"user:{self.env['SOUK_OTHER_EMAIL']}": end} if state == "active" else {})
        assert request.get("expiration", "")[:19] == card.get("end", "")[:19]
        return state


def hold(scene: Scene, timer: Clock, maker: str, span: Any, days: Any, steps: list[tuple[timedelta, str]]) -> None:
    """Make an access, let time pass and doors act; what is over stays over."""
    getattr(scene, maker)(timer.now(), span, days)
    states = [scene.agree(timer.now())]
    for wait, verb in steps:
        timer.at += wait
        states.append(scene.agree(timer.now()))
        before = scene.card
        status = scene.act(verb)
        assert status in {200, 204, 400, 409, 422}
        after = scene.card
        moved = {
            name
            for name in ("start", "end", "ended", "status", "subject", "object")
            if before.get(name) != after.get(name)
        }
        assert not (verb == "back" and moved)
        states.append(scene.agree(timer.now()))
    over = [state in lifecycle.ENDINGS for state in states]
    assert over == sorted(over)


@settings(max_examples=100)
@HISTORIES
def test_all_doors_agree(
    store: Store,
    env: dict[str, str],
    timer: Clock,
    **history: Any,
) -> None:
    timer.at = datetime.now(UTC)
    hold(Scene(store, env), timer, **history)


@pytest.mark.heavy
@settings(max_examples=10_000, derandomize=False)
@HISTORIES
def test_all_doors_agree_at_length(
    store: Store,
    env: dict[str, str],
    timer: Clock,
    **history: Any,
) -> None:
    timer.at = datetime.now(UTC)
    hold(Scene(store, env), timer, **history)
