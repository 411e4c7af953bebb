"""The state machines of publish and initialize on the emulator: each state fails once, and each failure is told.

Retries are cut to one, after a second; all else is as it is deployed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from local.engine import Engine
from souk import workflows
from souk.errors import Busy
from souk.store.port import Store
from tests.dpx.driver import BASE, Api
from tests.dpx.emulated import at_the_emulator, emulator
from tests.dpx.hub import Hub
from tests.running import eventually

PUBLISH = ["publish_check", "publish_freeze", "publish_commit", "publish_announce"]
COMMANDS = {
    "publish_check": "check",
    "publish_freeze": "freeze_documents",
    "publish_commit": "commit_release",
    "publish_announce": "announce",
    "publish_give_up": "give_up",
    "initialize_install": "install",
    "initialize_finish": "finish_setup",
    "initialize_give_up": "fail_setup",
}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with emulator(tmp_path_factory.mktemp("machines"), "PublishMachine", "InitializeMachine") as running:
        yield running


@pytest.fixture
def store(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    workflows.use(None)
    with at_the_emulator(engine, monkeypatch) as opened:
        yield opened


@pytest.fixture
def api(store: Store) -> Api:
    return Api(store)


@pytest.fixture
def ended(engine: Engine) -> Callable[[str], list[str]]:
    """Waits for the newest execution of a machine; its status, error, and the states that it entered."""
    client = engine.client("stepfunctions")

    def look(machine: str) -> list[str]:
        arn = next(
            one["stateMachineArn"]
            for one in client.list_state_machines()["stateMachines"]
            if one["name"].endswith(f"{machine}Machine")
        )
        newest = max(client.list_executions(stateMachineArn=arn)["executions"], key=lambda one: one["startDate"])
        execution = newest["executionArn"]
        eventually(lambda: client.describe_execution(executionArn=execution)["status"] != "RUNNING")
        told = client.describe_execution(executionArn=execution)
        history = client.get_execution_history(executionArn=execution, maxResults=1000)["events"]
        entered = [
            event["stateEnteredEventDetails"]["name"] for event in history if "stateEnteredEventDetails" in event
        ]
        return [told["status"], told.get("error", ""), *entered]

    return look


def spoil(monkeypatch: pytest.MonkeyPatch, step: str, error: Exception, times: int = 1000) -> list[str]:
    """Make a step fail so many times. The list grows with every call."""
    target = f"steps.{step}.{COMMANDS[step]}"
    module = __import__(f"steps.{step}", fromlist=[COMMANDS[step]])
    real = getattr(module, COMMANDS[step])
    calls: list[str] = []

    def fail(*given: Any, **named: Any) -> Any:
        calls.append(step)
        if len(calls) <= times:
            raise error
        return real(*given, **named)

    monkeypatch.setattr(target, fail)
    return calls


def test_a_publish_passes_every_state(api: Api, ended: Callable[[str], list[str]]) -> None:
    hub = Hub(api)
    assert hub.publish(hub.product()).expect(200)["state"] == "available"
    assert ended("Publish") == ["SUCCEEDED", "", "Check", "FreezeDocuments", "Commit", "Announce"]


@pytest.mark.parametrize("step", PUBLISH)
def test_an_error_that_may_pass_is_tried_again(api: Api, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    calls = spoil(monkeypatch, step, Busy("too many writers"), times=1)
    hub = Hub(api)
    release = hub.publish(hub.product()).expect(200)
    eventually(lambda: len(calls) == 2)
    assert hub.shown(release)["state"] == "available"


@pytest.mark.parametrize("step", PUBLISH[:3])
def test_every_failure_before_the_release_leaves_a_draft_that_says_why(
    api: Api, ended: Callable[[str], list[str]], monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    calls = spoil(monkeypatch, step, ValueError("a defect"))
    hub = Hub(api)
    draft = hub.product()
    (message,) = hub.publish(draft).refused(503, "dependent_service_error")
    assert message == "the publish was interrupted (ValueError); try again"
    assert hub.shown(draft)["publish_errors"][0]["message"] == message
    assert calls == [step]
    told = ended("Publish")
    assert (told[:2], told[-2:]) == (["FAILED", "NotPublished"], ["GiveUp", "NotPublished"])
    monkeypatch.undo()


def test_a_failure_after_the_release_leaves_the_release(
    api: Api, ended: Callable[[str], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil(monkeypatch, "publish_announce", ValueError("a defect"))
    hub = Hub(api)
    release = hub.publish(hub.product()).expect(200)
    assert ended("Publish")[-2:] == ["GiveUp", "NotPublished"]
    assert hub.shown(release)["state"] == "available"


def test_a_failure_that_cannot_be_told_is_left_to_the_sweep(
    api: Api, ended: Callable[[str], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil(monkeypatch, "publish_check", ValueError("a defect"))
    calls = spoil(monkeypatch, "publish_give_up", ValueError("another"))
    monkeypatch.setattr("souk.releases.waiting.wait_for_publish.__defaults__", (0.1,))
    hub = Hub(api)
    draft = hub.product()
    hub.publish(draft).expect(202)
    assert ended("Publish")[-1] == "LeftToTheSweep"
    assert len(calls) == 2
    assert hub.shown(draft)["state"] == "draft"


def initialized(api: Api) -> dict[str, Any]:
    shown: dict[str, Any] = api.get(f"{BASE}/configuration/initialize/status").expect(200)
    return shown


def test_an_initialization_passes_every_state(api: Api, ended: Callable[[str], list[str]]) -> None:
    api.post(f"{BASE}/configuration/initialize", {"include": ["data_product_samples"]}).expect(202)
    told = ended("Initialize")
    assert told[:2] == ["SUCCEEDED", ""]
    assert {"InstallEach", "Finish"} <= set(told)
    done = initialized(api)
    assert done["status"] == "succeeded"
    assert len(done["initialized_options"]) == 3


@pytest.mark.parametrize("step", ["initialize_install", "initialize_finish"])
def test_every_failure_of_an_initialization_is_told(
    api: Api, ended: Callable[[str], list[str]], monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    spoil(monkeypatch, step, ValueError("a defect"))
    api.post(f"{BASE}/configuration/initialize").expect(202)
    assert ended("Initialize")[-2:] == ["GiveUp", "NotInitialized"]
    failed = initialized(api)
    assert failed["status"] == "failed"
    message = "the initialization was interrupted (ValueError); try again"
    assert failed["errors"] == [{"code": "unable_to_perform", "message": message}]


def test_an_initialization_whose_failure_cannot_be_told_is_left_to_the_sweep(
    api: Api, ended: Callable[[str], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil(monkeypatch, "initialize_install", Busy("too many writers"))
    spoil(monkeypatch, "initialize_give_up", ValueError("a defect"))
    api.post(f"{BASE}/configuration/initialize").expect(202)
    assert ended("Initialize")[-1] == "LeftToTheSweep"
    assert initialized(api)["status"] == "in_progress"


def test_no_state_holds_more_than_ids(engine: Engine, api: Api, ended: Callable[[str], list[str]]) -> None:
    hub = Hub(api)
    hub.publish(hub.product(description="Something long that has no business there")).expect(200)
    ended("Publish")
    client = engine.client("stepfunctions")
    for machine in client.list_state_machines()["stateMachines"]:
        for execution in client.list_executions(stateMachineArn=machine["stateMachineArn"])["executions"]:
            told = client.describe_execution(executionArn=execution["executionArn"])
            assert json.loads(told["input"]).keys() <= {"release", "attempt", "options"}
            assert len(told["input"]) < 300
