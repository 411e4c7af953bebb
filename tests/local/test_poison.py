"""Poison: what a reaction cannot take goes to its queue, all else goes on, and `souk redrive` brings it back.

Every reaction that a stream or the bus feeds, as the templates have it: its retries, its bisecting, its queue.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import pytest

from local.delivery import Delivery, tell, to_queue
from local.executor import Executor
from local.redriving import InStore, Redriven, redrive
from local.run import LAYER
from local.streams import as_records
from local.templates import Application, read_application
from souk import clock, workflows
from souk.bus import connect as buses
from souk.bus.port import Message
from souk.errors import Failed
from souk.events.sequencer import drain
from souk.grantors import connect as grantors
from souk.identity import keys
from souk.ids import record_key
from souk.setup.methods import OPEN_URL
from souk.store.connect import use
from souk.store.port import Commit, Record
from souk.store.sqlite import SqliteStore
from souk.work import Work, run
from tests.dpx.driver import Api as Dpx
from tests.dpx.hub import Hub, part
from tests.dpx.machines import Machines
from tests.dpx.ordering import LISTS, order_of, page_asset
from tests.grants.system import System
from tests.nndm.driver import Api
from tests.nndm.samples import port, product, team
from tests.repository.tree import ROOT
from tests.store.making import commit, event

REACTIONS = ["RelayEvents", "RelayNotices", "StartDeliveries", "ApplyGrants", "RememberUser"]
GOOD, BAD = "good", "bad"
BEGAN = {"detail-type": "DataUsageAgreementActivatedEvent"}


class Spoilt(SqliteStore):
    """Cannot give out one record."""

    poison = ""

    def get_many(self, keys: Any) -> dict[str, Record]:
        wanted = list(keys)
        if self.poison in wanted:
            raise Failed("the record cannot be read")
        return super().get_many(wanted)


class Bus:
    """Refuses messages that hold one text. `told`: the subjects or names of all others."""

    poison = ""

    def __init__(self) -> None:
        self.told: list[str] = []

    def put(self, messages: Sequence[Message]) -> None:
        if any(self.poison in message.detail for message in messages if self.poison):
            raise Failed("the bus does not take this")
        self.told += [message.detail for message in messages]


class Case(NamedTuple):
    """What feeds a function: records of a stream or events of the bus, one of which is poison.

    `spoil` makes it so, and `mend` no longer; `effects` tells which of `GOOD` and `BAD` were answered.
    """

    fed: list[dict[str, Any]]
    spoil: Callable[[], None]
    mend: Callable[[], None]
    effects: Callable[[], set[str]]


@pytest.fixture(scope="module")
def stack() -> Application:
    return read_application(ROOT / "template.yaml")


@pytest.fixture(scope="module")
def executor(stack: Application) -> Iterator[Executor]:
    made = Executor(stack.functions, [LAYER])
    yield made
    made.stop()


@pytest.fixture
def store() -> Iterator[Spoilt]:
    opened = Spoilt(":memory:")
    use(opened)
    yield opened
    use(None)
    opened.close()


@pytest.fixture
def bus() -> Iterator[Bus]:
    made = Bus()
    buses.use(made)
    yield made
    buses.use(None)


@pytest.fixture
def machines() -> Iterator[Machines]:
    made = Machines()
    workflows.use(made.start)
    yield made
    workflows.use(None)
    made.stop()


@pytest.fixture
def system() -> Iterator[System]:
    made = System()
    grantors.use(made)
    yield made
    grantors.use(None)


# -- what each of them is fed ------------------------------------------------------------------------------------------


def relayed(store: Spoilt, bus: Bus, records: list[dict[str, Any]]) -> Case:
    def mend() -> None:
        bus.poison = ""

    def spoil() -> None:
        bus.poison = BAD

    return Case(records, spoil, mend, lambda: {name for name in (GOOD, BAD) for one in bus.told if name in one})


@pytest.fixture
def relay_events(store: Spoilt, bus: Bus) -> Case:
    for name in [*[GOOD] * 4, BAD, *[GOOD] * 4]:
        store.commit(commit(events=[event(name)]))
        drain(store)
    return relayed(store, bus, as_records(store.read_log(0, 10)))


@pytest.fixture
def relay_notices(store: Spoilt, bus: Bus) -> Case:
    for number, name in enumerate([GOOD, BAD, GOOD]):
        notice = {"name": name, "time": clock.text(clock.now()), "data": {}}
        store.commit(Commit(id=f"5b4f1f58-0000-4000-8000-00000000000{number}", notices=[notice]))
    return relayed(store, bus, as_records(store.pending_notices(10)))


def spoilt(store: Spoilt, key: str, fed: list[dict[str, Any]], effects: Callable[[], set[str]]) -> Case:
    def spoil() -> None:
        store.poison = key

    def mend() -> None:
        store.poison = ""

    return Case(fed, spoil, mend, effects)


@pytest.fixture
def start_deliveries(store: Spoilt, machines: Machines) -> Case:
    secret = run(store, lambda work: keys.create(work, "tests")).secret
    hub = Hub(Dpx(store, secret))
    page = page_asset(hub)
    release = hub.release(parts_out=[part(page, OPEN_URL)], is_restricted=True)
    orders = {name: ordered(store, hub, order_of(release, (page, OPEN_URL)), name) for name in (GOOD, BAD)}
    accesses = {name: Work(store).get("order", order).body["card"]["access"] for name, order in orders.items()}
    for access in accesses.values():
        assert Api(store, secret).call("POST", f"/api/datausageagreements/{access}/approve").status == 200
    fed = [
        {"detail-type": "DataUsageAgreementActivatedEvent", "detail": {"data": {"id": one}}}
        for one in accesses.values()
    ]

    def effects() -> set[str]:
        machines.finish()
        return {name for name, order in orders.items() if f"deliver-{order}" in machines.started}

    return spoilt(store, record_key("order", orders[BAD]), fed, effects)


def ordered(store: Spoilt, hub: Hub, order: dict[str, Any], name: str) -> str:
    buyer = Dpx(store, run(store, lambda work: keys.create(work, name)).secret)
    return str(buyer.post(LISTS, order).expect(201)["id"])


@pytest.fixture
def apply_grants(store: Spoilt, system: System) -> Case:
    api = Api(store, run(store, lambda work: keys.create(work, "tests")).secret)
    for name in ("owners", GOOD, BAD):
        api.made("teams", team(name))
    api.made("dataproducts", product("orders", port("out", autoApprove=True)))
    today = clock.now().date().isoformat()
    for name in (GOOD, BAD):
        provider = {"dataProductId": "orders", "outputPortId": "out"}
        wanted = {"id": name, "provider": provider, "consumer": {"teamId": name}}
        api.made("datausageagreements", wanted | {"info": {"purpose": "Planning", "startDate": today}})
    fed = [BEGAN | {"detail": {"subject": name}} for name in (GOOD, BAD)]
    return spoilt(store, record_key("access", BAD), fed, lambda: {who.removeprefix("team:") for who, _ in system.held})


@pytest.fixture
def remember_user(store: Spoilt) -> Case:
    recorded = json.loads((ROOT / "events/bus/remember_user.json").read_text())
    people = {GOOD: "5b0a64f1-7c1e-4d0b-9c27-4f3f0b8f6a10", BAD: "9e2f7a44-0d3b-4c58-8a16-2b7d5e90c311"}
    seen = {name: recorded["detail"]["data"] | {"id": one} for name, one in people.items()}
    fed = [recorded | {"detail": recorded["detail"] | {"data": data}} for data in seen.values()]

    def effects() -> set[str]:
        return {name for name, one in people.items() if Work(store).find("user", one)}

    return spoilt(store, record_key("user", people[BAD]), fed, effects)


# -- the same for all --------------------------------------------------------------------------------------------------


class Hurried(threading.Event):
    """A run that is not stopped, and that nobody waits for."""

    def wait(self, timeout: float | None = None) -> bool:
        return False


class Post:
    """Feeds a function as the stack does, and drives its queue again."""

    def __init__(self, stack: Application, executor: Executor, sqs: Any, name: str) -> None:
        self._function = stack.function(f"{name}Function")
        self._executor, self._sqs = executor, sqs
        arns = [*(one.on_failure for one in self._function.streams), self._function.on_failure]
        (arn,) = filter(None, arns)
        self._queue: str = sqs.create_queue(QueueName=arn.rsplit(":", 1)[-1])["QueueUrl"]

    def feed(self, fed: list[dict[str, Any]]) -> None:
        letters = to_queue(lambda _: self._sqs)
        for mapping in self._function.streams:
            Delivery(self._executor, self._function, mapping, letters, Hurried()).deliver(fed)
        for one in fed * bool(self._function.rules):
            tell(self._executor, self._function, one, letters)

    @property
    def waiting(self) -> int:
        asked = self._sqs.get_queue_attributes(QueueUrl=self._queue, AttributeNames=["All"])["Attributes"]
        return int(asked["ApproximateNumberOfMessages"]) + int(asked["ApproximateNumberOfMessagesNotVisible"])

    def redrive(self, store: Spoilt) -> Redriven:
        return redrive(self._sqs, self._queue, InStore(store), self._invoke)

    def _invoke(self, arn: str, event: dict[str, Any]) -> str:
        function = self._executor.by_arn(arn)
        assert function is not None
        return str((self._executor.invoke(function, event).error or {}).get("errorType", ""))


@pytest.fixture
def case(request: pytest.FixtureRequest, name: str) -> Case:
    found: Case = request.getfixturevalue("".join(f"_{c.lower()}" if c.isupper() else c for c in name)[1:])
    return found


@pytest.mark.parametrize("name", REACTIONS)
def test_poison_waits_in_a_queue_alone_and_comes_back(
    name: str, stack: Application, executor: Executor, sqs: Any, store: Spoilt, case: Case
) -> None:
    post = Post(stack, executor, sqs, name)
    case.spoil()
    post.feed(case.fed)
    case.mend()
    assert (case.effects(), post.waiting) == ({GOOD}, 1)
    assert (post.redrive(store), post.waiting) == (Redriven(1, []), 0)
    assert case.effects() == {GOOD, BAD}


def test_every_reaction_but_the_sequencer_was_given_poison(stack: Application) -> None:
    fed = {one.logical.removesuffix("Function") for one in stack.functions if one.streams or one.rules}
    assert fed == {*REACTIONS, "SequenceEvents"}
    assert [one.on_failure for one in stack.function("SequenceEventsFunction").streams] == [""]
