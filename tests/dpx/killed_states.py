"""Every task of the state machines on the emulator, killed before or after what it does, and driven again by the sweep.

A killed execution is stopped, and its functions answer nothing more. The definitions are those that are deployed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from local.engine import Engine
from local.executor import Executor, Outcome
from local.state import State
from local.templates import Application, Function, read_application
from reactions import sweep_due
from souk import clock, workflows
from souk.documents import lake
from souk.events.sequencer import drain
from souk.setup.methods import COPY_TO_BUCKET, DOWNLOAD, LAKE_GRANT
from souk.store import clients
from souk.store.connect import use
from souk.store.port import Store
from souk.store.sqlite import SqliteStore
from tests.dpx.driver import BASE, Api, Wire
from tests.dpx.hub import Hub, documents, drafts, part
from tests.dpx.machines import Machines
from tests.dpx.ordering import LISTS, Shop, asset, file_asset, order_of
from tests.machines import MACHINES
from tests.repository.tree import ROOT
from tests.running import eventually

KILLED = Outcome(None, {"errorType": "Killed", "errorMessage": "nobody answers"})
WHEN = ("before", "after")
PUBLISH = ("PublishCheck", "PublishFreeze", "PublishCommit", "PublishAnnounce")
INITIALIZE = ("InitializeInstall", "InitializeFinish")
WAYS = {"DeliverItem": DOWNLOAD, "DeliverCopy": COPY_TO_BUCKET, "DeliverGrant": LAKE_GRANT}
DELIVER = ("DeliverPrepare", "DeliverFinish", *WAYS)
GIVING_UP = {"PublishGiveUp": "PublishCheck", "InitializeGiveUp": "InitializeInstall", "DeliverFail": "DeliverItem"}
"""What is entered when something else fails."""
TAKING_BACK = ("DeliverUndo",)
GIVEN = {
    COPY_TO_BUCKET: {"bucket": "bucket-of-theirs"},
    LAKE_GRANT: {"principal": "arn:aws:iam::123456789012:role/analysts"},
}


class Mortal(Executor):
    """Runs functions until the one that is to die; from then on nobody answers, until `revive`."""

    stop_execution: Callable[[], None]

    def __init__(self, functions: list[Function]) -> None:
        super().__init__(functions)
        self._victim, self._after, self._fails = "", False, ""
        self.dead = False

    def will_die(self, step: str, when: str) -> None:
        self._victim, self._after = f"{step}Function", when == "after"

    def will_fail(self, step: str) -> None:
        """This step fails for good."""
        self._fails = f"{step}Function"

    def revive(self) -> None:
        self._victim, self._fails, self.dead = "", "", False

    def invoke(self, function: Function, event: Any) -> Outcome:
        if not self.dead and function.logical == self._victim:
            if self._after:
                super().invoke(function, event)
            self.dead = True
            self.stop_execution()
        if self.dead or function.logical == self._fails:
            return KILLED
        return super().invoke(function, event)


@pytest.fixture(scope="module")
def executor() -> Iterator[Mortal]:
    made = Mortal([replace(one, rules=(), streams=()) for one in read_application(ROOT / "template.yaml").functions])
    yield made
    made.stop()


@pytest.fixture(scope="module")
def engine(executor: Mortal, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    whole = read_application(ROOT / "template.yaml")
    functions = tuple(replace(one, rules=(), streams=()) for one in whole.functions)
    machines = tuple(replace(machine, rules=()) for machine in whole.machines)
    application = Application(functions, machines, (), whole.buckets, (), ())
    engine = Engine(State(tmp_path_factory.mktemp("machines")), application, executor, tables=False)
    engine.start()
    engine.client("s3").create_bucket(
        Bucket="bucket-of-theirs", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
    )
    yield engine
    engine.stop()


@pytest.fixture
def store(engine: Engine, executor: Mortal, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "local")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", engine.endpoint)
    monkeypatch.setenv("SOUK_BUCKET", "souk-bucket")
    for machine in engine.client("stepfunctions").list_state_machines()["stateMachines"]:
        name = re.sub("(?<=[a-z])(?=[A-Z])", "_", machine["name"].rsplit("-", 1)[-1].removesuffix("Machine"))
        monkeypatch.setenv(f"SOUK_STATE_MACHINE_{name.upper()}", machine["stateMachineArn"])
    clients.forget()
    opened = SqliteStore(":memory:")
    use(opened)
    executor.revive()
    yield opened
    use(None)
    opened.close()
    clients.forget()


@pytest.fixture
def hub(store: Store) -> Hub:
    return Hub(Api(store))


class Executions:
    """The executions of a machine, newest last."""

    def __init__(self, engine: Engine, executor: Mortal) -> None:
        self._client, self._executor = engine.client("stepfunctions"), executor
        executor.stop_execution = self._stop

    def _running(self) -> list[str]:
        machines = self._client.list_state_machines()["stateMachines"]
        return [
            execution["executionArn"]
            for machine in machines
            for execution in self._client.list_executions(
                stateMachineArn=machine["stateMachineArn"], statusFilter="RUNNING"
            )["executions"]
        ]

    def _stop(self) -> None:
        for execution in self._running():
            self._client.stop_execution(executionArn=execution)

    def ended(self) -> None:
        """Wait until none runs."""
        eventually(lambda: not self._running(), seconds=60)

    def killed(self) -> None:
        """Wait until the one that was to die has died."""
        eventually(lambda: self._executor.dead, seconds=60)
        self.ended()


@pytest.fixture
def executions(engine: Engine, executor: Mortal, store: Store) -> Executions:
    return Executions(engine, executor)


@pytest.fixture
def redriven(executor: Mortal, executions: Executions, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """After the kill: functions answer again, a quarter of an hour passes, and the sweep starts what stands still."""

    def go_on() -> None:
        executions.killed()
        executor.revive()
        later = clock.now() + timedelta(minutes=15)
        monkeypatch.setattr(clock, "now", lambda: later)
        sweep_due.handler({})
        executions.ended()
        monkeypatch.setattr(clock, "now", lambda: later + timedelta(minutes=15))
        sweep_due.handler({})
        executions.ended()
        monkeypatch.setattr(clock, "now", lambda: later + timedelta(minutes=30))
        assert sweep_due.handler({})["settled"] == 0

    return go_on


def happened(store: Store) -> Counter[str]:
    """Every event of the log, and every notice of a release, with what it is about."""
    drain(store)
    told = [event for batch in store.read_log(0, 1000) for event in batch.events]
    notices = [notice for item in store.pending_notices(1000) for notice in item.events]
    return Counter(
        [" ".join([one["kind"], one["verb"], one["subject"], *map(str, one["data"].values())]) for one in told]
        + [f"{one['name']} {one['data'].get('id', '')}" for one in notices if one["name"].startswith("release.")]
    )


def told_twice(store: Store) -> set[str]:
    return {what for what, count in happened(store).items() if count > 1}


# -- publish -----------------------------------------------------------------------------------------------------------


def with_document(hub: Hub) -> Wire:
    """The draft of a product, with an attachment that publishing freezes."""
    draft = hub.product()
    made = hub.document(draft)
    bucket, _, key = made["upload_url"].split("?")[0].split("/", 3)[3].partition("/")
    clients.client("s3").put_object(Bucket=bucket, Key=key, Body=b"No coffee, no work.")
    hub.api.post(f"{documents(draft, made)}/complete").expect(200)
    return draft


def publish(hub: Hub, draft: Wire) -> None:
    hub.api.post(f"{drafts(draft)}/publish?async=true").expect(202)


@pytest.mark.parametrize("when", WHEN)
@pytest.mark.parametrize("step", PUBLISH)
def test_a_publish_that_is_killed_is_published_once(
    step: str, when: str, hub: Hub, store: Store, executor: Mortal, redriven: Callable[[], None]
) -> None:
    draft = with_document(hub)
    executor.will_die(step, when)
    publish(hub, draft)
    redriven()
    release = hub.shown({**draft, "state": "available"})
    assert (release["state"], release["version"]) == ("available", draft["version"])
    told = happened(store)
    assert told_twice(store) == set()
    assert sum(what.startswith("product created") for what in told) == 1
    assert told[f"release.published {draft['id'].partition('@')[0]}"] == 1


@pytest.mark.parametrize("when", WHEN)
def test_a_publish_that_is_killed_while_it_is_given_up_ends(
    when: str, hub: Hub, store: Store, executor: Mortal, redriven: Callable[[], None]
) -> None:
    draft = hub.product()
    executor.will_fail("PublishCheck")
    executor.will_die("PublishGiveUp", when)
    publish(hub, draft)
    redriven()
    state = {"before": "available", "after": "draft"}[when]
    assert hub.shown({**draft, "state": state})["state"] == state
    assert told_twice(store) == set()


# -- initialize --------------------------------------------------------------------------------------------------------


def initialized(hub: Hub) -> Wire:
    shown: Wire = hub.api.get(f"{BASE}/configuration/initialize/status").expect(200)
    return shown


@pytest.mark.parametrize("when", WHEN)
@pytest.mark.parametrize("step", INITIALIZE)
def test_an_initialization_that_is_killed_is_finished_once(
    step: str, when: str, hub: Hub, store: Store, executor: Mortal, redriven: Callable[[], None]
) -> None:
    executor.will_die(step, when)
    hub.api.post(f"{BASE}/configuration/initialize", {"include": ["data_product_samples"]}).expect(202)
    redriven()
    done = initialized(hub)
    assert (done["status"], len(done["initialized_options"])) == ("succeeded", 3)
    assert told_twice(store) == set()


@pytest.mark.parametrize("when", WHEN)
def test_an_initialization_that_is_killed_while_it_is_given_up_ends(
    when: str, hub: Hub, executor: Mortal, redriven: Callable[[], None]
) -> None:
    executor.will_fail("InitializeInstall")
    executor.will_die("InitializeGiveUp", when)
    hub.api.post(f"{BASE}/configuration/initialize", {"include": ["delivery_methods"]}).expect(202)
    redriven()
    assert initialized(hub)["status"] == {"before": "succeeded", "after": "failed"}[when]


# -- orders ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def granted(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """To whom tables were granted."""
    found: set[str] = set()
    monkeypatch.setattr(lake, "grant", lambda principal, *_, **__: found.add(principal))
    return found


@pytest.fixture
def shop(hub: Hub, store: Store, granted: set[str]) -> Iterator[Shop]:
    """Products are published by the stand-in, orders delivered by the emulator."""
    machines = Machines()
    yield Shop(hub, store, machines)
    machines.stop()


def ordered(shop: Shop, method: str) -> Wire:
    """An order of one part, which is delivered this way."""
    table = {"attachments": [{"asset_type": "data_asset", "object_key": "glue://sales/orders"}]}
    wanted = asset(shop.hub, **table) if method == LAKE_GRANT else file_asset(shop.hub)
    workflows.use(shop.machines.start)
    release = shop.hub.release(parts_out=[part(wanted, method)])
    workflows.use(None)
    placed: Wire = shop.buyer.post(LISTS, order_of(release, (wanted, method), **GIVEN.get(method, {}))).expect(201)
    return placed


@pytest.mark.parametrize("when", WHEN)
@pytest.mark.parametrize("step", DELIVER)
def test_a_delivery_that_is_killed_is_delivered_once(
    step: str,
    when: str,
    shop: Shop,
    executor: Mortal,
    redriven: Callable[[], None],
    engine: Engine,
    granted: set[str],
) -> None:
    method = WAYS.get(step, COPY_TO_BUCKET)
    executor.will_die(step, when)
    order = ordered(shop, method)
    redriven()
    assert (shop.shown(order)["state"], shop.states(order)) == ("succeeded", ["delivered"])
    copies = engine.client("s3").list_objects_v2(Bucket="bucket-of-theirs", Prefix=order["id"]).get("Contents", [])
    assert (len(copies), len(granted), len(shop.outputs(order))) == (method == COPY_TO_BUCKET, method == LAKE_GRANT, 1)
    assert told_twice(shop.store) == set()


@pytest.mark.parametrize("when", WHEN)
def test_a_delivery_that_is_killed_while_it_tells_of_a_failure_ends(
    when: str, shop: Shop, executor: Mortal, redriven: Callable[[], None]
) -> None:
    executor.will_fail("DeliverItem")
    executor.will_die("DeliverFail", when)
    order = ordered(shop, DOWNLOAD)
    redriven()
    ends = {"before": ("succeeded", ["delivered"]), "after": ("failed", ["failed"])}
    assert (shop.shown(order)["state"], shop.states(order)) == ends[when]


@pytest.mark.parametrize("when", WHEN)
@pytest.mark.parametrize("step", TAKING_BACK)
def test_a_return_that_is_killed_is_taken_back(
    step: str, when: str, shop: Shop, executor: Mortal, redriven: Callable[[], None], executions: Executions
) -> None:
    order = ordered(shop, COPY_TO_BUCKET)
    executions.ended()
    executor.will_die(step, when)
    change = {"op": "replace", "path": "/state", "value": "revoked"}
    shop.hub.api.patch(f"{LISTS}/{order['id']}", change).expect(200)
    redriven()
    assert (shop.shown(order)["state"], shop.states(order), shop.outputs(order)) == ("revoked", ["revoked"], [])
    found = clients.client("s3").list_objects_v2(Bucket="bucket-of-theirs", Prefix=order["id"])
    assert found["KeyCount"] == 0


def test_every_task_of_every_machine_was_killed() -> None:
    tasks = {name for path in MACHINES for name in re.findall(r"Resource: \$\{(\w+)\}", path.read_text())}
    assert tasks == {*PUBLISH, *INITIALIZE, *DELIVER, *GIVING_UP, *TAKING_BACK}
