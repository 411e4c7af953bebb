"""The state machine of orders on the emulator: each way, each failure, each Catch.

Retries are cut to one, after a second; all else is as it is deployed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from local.engine import Engine
from souk import workflows
from souk.errors import Busy
from souk.setup.methods import COPY_TO_BUCKET, DOWNLOAD, LAKE_GRANT, OPEN_URL
from souk.store.port import Store
from souk.work import Work
from tests.dpx.driver import Api, Wire
from tests.dpx.emulated import at_the_emulator, emulator
from tests.dpx.hub import Hub
from tests.dpx.machines import Machines
from tests.dpx.ordering import LISTS, Shop, file_asset, order_of, page_asset
from tests.running import eventually

Ended = Callable[[], list[str]]
COMMANDS = {
    "deliver_prepare": "prepare",
    "deliver_item": "deliver_item",
    "deliver_copy": "deliver_item",
    "deliver_grant": "deliver_item",
    "deliver_fail": "fail_item",
    "deliver_finish": "finish",
    "deliver_undo": "take_back",
}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with emulator(tmp_path_factory.mktemp("machines"), "DeliverOrderMachine") as running:
        yield running


@pytest.fixture
def store(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    with at_the_emulator(engine, monkeypatch) as opened:
        yield opened


@pytest.fixture
def shop(store: Store) -> Iterator[Shop]:
    """A shop whose products are published by the stand-in, and whose orders are delivered by the emulator."""
    machines = Machines()
    workflows.use(machines.start)
    yield Shop(Hub(Api(store)), store, machines)
    workflows.use(None)
    machines.stop()


@pytest.fixture
def ended(engine: Engine) -> Ended:
    """Waits for the newest execution; its status, error, and the states that it entered."""
    client = engine.client("stepfunctions")
    (machine,) = client.list_state_machines()["stateMachines"]

    def look() -> list[str]:
        listed = client.list_executions(stateMachineArn=machine["stateMachineArn"])["executions"]
        execution = max(listed, key=lambda one: one["startDate"])["executionArn"]
        eventually(lambda: client.describe_execution(executionArn=execution)["status"] != "RUNNING")
        told = client.describe_execution(executionArn=execution)
        history = client.get_execution_history(executionArn=execution, maxResults=1000)["events"]
        entered = [one["stateEnteredEventDetails"]["name"] for one in history if "stateEnteredEventDetails" in one]
        return [told["status"], told.get("error", ""), *entered]

    return look


def ordered(shop: Shop, asset: str, method: str, **given: Any) -> Wire:
    """An order whose delivery runs on the emulator."""
    release = shop.release((asset, method))
    workflows.use(None)
    placed: Wire = shop.buyer.post(LISTS, order_of(release, (asset, method), **given)).expect(201)
    return placed


def spoil(monkeypatch: pytest.MonkeyPatch, step: str, error: Exception, times: int = 1000) -> list[str]:
    """Make a step fail so many times. The list grows with every call."""
    module = __import__(f"steps.{step}", fromlist=[COMMANDS[step]])
    real = getattr(module, COMMANDS[step])
    calls: list[str] = []

    def fail(*given: Any) -> Any:
        calls.append(step)
        if len(calls) <= times:
            raise error
        return real(*given)

    monkeypatch.setattr(module, COMMANDS[step], fail)
    return calls


def test_a_delivery_passes_every_state(shop: Shop, ended: Ended) -> None:
    order = ordered(shop, file_asset(shop.hub), DOWNLOAD)
    told = ended()
    assert told[:2] == ["SUCCEEDED", ""]
    assert {"Direction", "Prepare", "DeliverEach", "Finish"} <= set(told)
    assert (shop.shown(order)["state"], shop.states(order)) == ("succeeded", ["delivered"])


def test_a_copy_and_its_return(shop: Shop, ended: Ended, engine: Engine) -> None:
    s3 = engine.client("s3")
    s3.create_bucket(Bucket="bucket-of-theirs", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    order = ordered(shop, file_asset(shop.hub), COPY_TO_BUCKET, bucket="bucket-of-theirs")
    assert ended()[0] == "SUCCEEDED"
    (copied,) = s3.list_objects_v2(Bucket="bucket-of-theirs")["Contents"]
    assert copied["Key"].startswith(order["id"])
    change = {"op": "replace", "path": "/state", "value": "revoked"}
    shop.hub.api.patch(f"{LISTS}/{order['id']}", change).expect(200)
    told = ended()
    assert (told[:2], told[-1]) == (["SUCCEEDED", ""], "TakeBack")
    assert s3.list_objects_v2(Bucket="bucket-of-theirs").get("Contents", []) == []
    assert shop.states(order) == ["revoked"]


@pytest.mark.parametrize("step", ["deliver_prepare", "deliver_item", "deliver_finish"])
def test_an_error_that_may_pass_is_tried_again(
    shop: Shop, ended: Ended, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    calls = spoil(monkeypatch, step, Busy("too many writers"), times=1)
    order = ordered(shop, page_asset(shop.hub), OPEN_URL)
    assert ended()[0] == "SUCCEEDED"
    assert calls == [step, step]
    assert shop.shown(order)["state"] == "succeeded"


@pytest.mark.parametrize(
    ("step", "method"),
    [("deliver_item", OPEN_URL), ("deliver_copy", COPY_TO_BUCKET), ("deliver_grant", LAKE_GRANT)],
)
def test_an_item_that_fails_says_why(
    shop: Shop, ended: Ended, monkeypatch: pytest.MonkeyPatch, step: str, method: str
) -> None:
    spoil(monkeypatch, step, ValueError("a defect"))
    order = ordered(shop, page_asset(shop.hub), method)
    assert ended()[0] == "SUCCEEDED"
    (item,) = shop.items(order)
    message = "the delivery was interrupted (ValueError); try again"
    assert item["properties"]["data_product_delivery_message"] == message
    assert shop.shown(order)["state"] == "failed"


@pytest.mark.parametrize("step", ["deliver_prepare", "deliver_finish"])
def test_a_failure_of_the_whole_is_left_to_the_sweep(
    shop: Shop, ended: Ended, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    spoil(monkeypatch, step, ValueError("a defect"))
    order = ordered(shop, page_asset(shop.hub), OPEN_URL)
    told = ended()
    assert (told[:2], told[-1]) == (["FAILED", "LeftToTheSweep"], "LeftToTheSweep")
    assert shop.shown(order)["state"] in {"received", "ready_to_deliver"}
    assert "due" in Work(shop.store).get("order", order["id"]).body["card"]


def test_an_item_whose_failure_cannot_be_told_is_left_to_the_sweep(
    shop: Shop, ended: Ended, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil(monkeypatch, "deliver_item", ValueError("a defect"))
    spoil(monkeypatch, "deliver_fail", ValueError("another"))
    order = ordered(shop, page_asset(shop.hub), OPEN_URL)
    assert ended()[:2] == ["FAILED", "LeftToTheSweep"]
    assert "due" in Work(shop.store).get("order", order["id"]).body["card"]


def test_a_return_that_fails_is_left_to_the_sweep(shop: Shop, ended: Ended, monkeypatch: pytest.MonkeyPatch) -> None:
    order = ordered(shop, page_asset(shop.hub), OPEN_URL)
    assert ended()[0] == "SUCCEEDED"
    spoil(monkeypatch, "deliver_undo", ValueError("a defect"))
    change = {"op": "replace", "path": "/state", "value": "revoked"}
    shop.hub.api.patch(f"{LISTS}/{order['id']}", change).expect(200)
    assert ended()[:2] == ["FAILED", "LeftToTheSweep"]
    assert "due" in Work(shop.store).get("order", order["id"]).body["card"]
