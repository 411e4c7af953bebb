"""A whole deployment in this process, and the recorded invocations played on it, each tried at every fault point."""

from __future__ import annotations

import base64
import importlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from souk import workflows
from souk.bus import connect as buses
from souk.edge import known
from souk.identity import keys, newcomers
from souk.search import snapshot
from souk.signing import connect as signers
from souk.store import clients
from souk.store.connect import use
from souk.store.dynamodb import DynamoStore
from souk.store.dynamodb_items import Tables
from souk.work import run
from tests.dpx.machines import Machines
from tests.engines import aws_at, dynamo_store
from tests.faults.cloud import Cloud
from tests.faults.line import NOWHERE, Line
from tests.faults.trial import Act, Examiner, Manner, Outcome, Report, ended, unwelcome
from tests.repository.tree import ROOT

ACCOUNT = "arn:aws:states:eu-west-1:000000000000:stateMachine"
Ids = dict[str, str]
Wording = Callable[[Outcome], str]


class Stage:
    """Plays invocations. `reports` are by name: `<folder>/<file>` of the recording."""

    def __init__(self, store: DynamoStore, cloud: Cloud, line: Line, tables: Tables, *, thorough: bool) -> None:
        self.store, self.cloud, self.line = store, cloud, line
        self.reports: dict[str, Report] = defaultdict(Report)
        self.secret = run(store, lambda work: keys.create(work, "recorded")).secret
        self.known = {"$SOUK_API_KEY": self.secret}
        self.machines = Machines()
        self.machines.hold = True
        self._examiner = Examiner(cloud, line, tables, _forget, thorough=thorough)
        self._wordings: dict[str, Wording] = {}
        self._held: list[dict[str, Any]] | None = None

    def knows(self, **recorded: str) -> None:
        """Ids in recordings, and what stands for them from here on."""
        self.known |= recorded

    def worded(self, door: str, wording: Wording) -> None:
        """How this door words that it must be asked again."""
        self._wordings[door] = wording

    def play(self, name: str, status: int, manner: Manner | None = None, instead: Ids | None = None) -> Any:
        """Try a recorded request of a door, which is answered so when nothing fails. What the answer holds.

        `instead`: ids in this one recording, and what stands for them.
        """
        event = self.recorded(name, instead)
        outcome = self._examined(name, self._request(name, event), manner or Manner())
        assert outcome.status == status, (name, outcome.status, outcome.body)
        return json.loads(outcome.body) if outcome.body[:1] in {"{", "["} else outcome.body

    def grown(self, name: str, status: int, more: dict[str, Any], instead: Ids) -> None:
        """Like `play`, with more in the body than was recorded."""
        event = self.recorded(name, instead)
        event["body"] = json.dumps(json.loads(event["body"]) | more)
        outcome = self._examined(name, self._request(name, event), Manner())
        assert outcome.status == status, (name, outcome.status, outcome.body)

    def react(self, name: str, event: dict[str, Any], manner: Manner | None = None) -> None:
        """Try a reaction or a step with this event."""
        module = module_of(name)
        outcome = self._examined(name, lambda: ended(module.handler, event), manner or Manner(), by_caller=False)
        assert outcome.status == 200, (name, outcome.body)

    def recorded(self, name: str, instead: Ids | None = None) -> dict[str, Any]:
        """The recording, with what is known in place of what was."""
        text = (ROOT / f"events/{name}.json").read_text()
        for old, new in (self.known | (instead or {})).items():
            text = text.replace(old, new)
        event: dict[str, Any] = json.loads(text)
        if event.get("isBase64Encoded"):
            body = base64.b64decode(event["body"]).replace(b"%24SOUK_API_KEY", self.secret.encode())
            event["body"] = base64.b64encode(body).decode()
        return event

    def _examined(self, name: str, act: Act, manner: Manner, *, by_caller: bool = True) -> Outcome:
        outcome, report = self._examiner.examine(act, manner, by_caller=by_caller)
        self.reports[name].add(report)
        return outcome

    def _request(self, name: str, event: dict[str, Any]) -> Act:
        handler = module_of(name).handler
        headers = {**event["headers"], "idempotency-key": f"{name} {len(self.reports[name].calls)}"}
        wording = self._wordings[name.split("/", maxsplit=1)[0]]

        def act() -> Outcome:
            answer = handler({**event, "headers": headers}, None)
            plain = Outcome(answer["statusCode"], answer["headers"], answer["body"])
            return plain._replace(complaint=unwelcome(plain.status, plain.headers) or wording(plain))

        return act

    def run_machines(self, machine: str, name: str, given: dict[str, Any]) -> None:
        """A machine that was started runs elsewhere, where nothing fails."""
        if self._held is not None:
            self._held.append(given)
            return
        with self.line.aside():
            self.machines.start(machine, name, given)
            self.machines.go_on()
            self.machines.started.clear()

    @contextmanager
    def nobody_runs(self) -> Iterator[list[dict[str, Any]]]:
        """Machines are started, and nothing more happens; what they were given."""
        self._held = []
        yield self._held
        self._held = None


def module_of(name: str) -> ModuleType:
    """The function that a recording is of."""
    folder, function = name.split("/")
    reactions = dict.fromkeys(("streams", "bus", "schedules", "commands"), "reactions")
    package = {**reactions, "steps": "steps"}.get(folder)
    return importlib.import_module(f"{package}.{function}" if package else f"{folder}.operations.{function}")


def _forget(everything: bool) -> None:
    """What a process remembers of its deployment; and, as a new process, whom it knows."""
    snapshot.forget()
    if everything:
        known._known.clear()
        newcomers.forget()


@contextmanager
def staged(*, thorough: bool, kind: type[Stage] = Stage) -> Iterator[Stage]:
    """A new deployment, and a stage of this kind on it."""
    with pytest.MonkeyPatch.context() as patch, aws_at(NOWHERE):
        for waiting in ("botocore.endpoint", "souk.store.calls", "souk.work"):
            patch.setattr(f"{waiting}.time", SimpleNamespace(sleep=lambda _: None))
        patch.setattr("souk.releases.waiting.wait_for_publish.__defaults__", (0.0,))
        # A client that failed hundreds of times retries no more for a while; here every trial has a fresh one's right.
        patch.setattr("botocore.retries.quota.RetryQuota.acquire", lambda _, amount: True)
        patch.setattr("boto3.DEFAULT_SESSION", None)
        patch.setattr("souk.store.dynamodb_commit._last_stamp", "")  # stories look ahead
        for machine in ("publish", "initialize", "deliver-order"):
            patch.setenv(f"SOUK_STATE_MACHINE_{machine.upper().replace('-', '_')}", f"{ACCOUNT}:{machine}")
        patch.setenv("SOUK_BUS", "souk")
        newcomers.forget()
        cloud = Cloud()
        line = Line(cloud)
        with line.connected(), cloud.in_memory():
            store = dynamo_store()
            assert isinstance(store, DynamoStore)
            tables = store._tables
            cloud.keeps([tables.entities, tables.outbox, tables.log], tables.bucket)
            patch.setenv("SOUK_BUCKET", tables.bucket)
            key = clients.client("kms").create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")
            patch.setenv("SOUK_SIGNING_KEY", key["KeyMetadata"]["KeyId"])
            use(store)
            buses.use(None)
            workflows.use(None)
            signers._signer.cache_clear()
            stage = kind(store, cloud, line, tables, thorough=thorough)
            cloud.on_start = stage.run_machines
            yield stage
            use(None)
            stage.machines.stop()
            signers._signer.cache_clear()
            buses.use(None)
            cloud.end()
