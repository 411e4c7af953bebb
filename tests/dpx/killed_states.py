"""Every task of the state machines on the emulator, killed before or after what it does, and driven again by the sweep.

A killed execution is stopped, and its functions answer nothing more.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from local.engine import Engine
from local.templates import Function
from reactions import sweep_due
from souk import clock, workflows
from souk.documents import lake
from souk.events.sequencer import drain
from souk.setup.methods import COPY_TO_BUCKET, DOWNLOAD, LAKE_GRANT
from souk.store import clients
from souk.store.port import Store
from tests.dpx.driver import BASE, Api, Wire
from tests.dpx.emulated import at_the_emulator, emulator
from tests.dpx.hub import Hub, documents, drafts, part
from tests.dpx.machines import Machines
from tests.dpx.mortal import Executions, Mortal
from tests.dpx.ordering import LISTS, Shop, asset, file_asset, order_of
from tests.machines import MACHINES

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


@pytest.fixture(scope="module")
def executors() -> list[Mortal]:
    return []


@pytest.fixture(scope="module")
def engine(executors: list[Mortal], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    def mortal(functions: list[Function]) -> Mortal:
        executors.append(Mortal(functions))
        return executors[-1]

    names = ("PublishMachine", "InitializeMachine", "DeliverOrderMachine")
    with emulator(tmp_path_factory.mktemp("machines"), *names, runs=mortal) as running:
        place = {"LocationConstraint": "eu-central-1"}
        running.client("s3").create_bucket(Bucket="bucket-of-theirs", CreateBucketConfiguration=place)
        yield running


@pytest.fixture
def executor(engine: Engine, executors: list[Mortal]) -> Mortal:
    (made,) = executors
    made.revive()
    return made


@pytest.fixture
def store(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    workflows.use(None)
    with at_the_emulator(engine, monkeypatch) as opened:
        yield opened


@pytest.fixture
def hub(store: Store) -> Hub:
    return Hub(Api(store))


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
