"""Every recorded invocation, replayed through what `sam build` made: `python -m tests.built_replay`.

Doors are told their stories, one recording after the other on one store; functions that answer streams, schedules,
the bus, commands and state machines get their recordings as they are.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from local.templates import Function, read_application
from tests import in_process
from tests.doors import stories
from tests.repository.tree import ROOT, snake

BUILT = ROOT / ".aws-sam/build"
STORIES = {"nndm": stories.NNDM, "immuta": stories.IMMUTA, "nav": stories.NAV, "hub": stories.HUB, "dpx": stories.DPX}
REST = ("bus", "commands", "schedules", "steps", "streams")
STACKS = {"nndm": "Nndm", "immuta": "Immuta", "nav": "Nav", "hub": "Hub", "dpx": "Dpx"}


class Replay:
    """Sends events to the worker, and keeps what went wrong."""

    def __init__(self, worker: subprocess.Popen[str]) -> None:
        self._worker, self.wrong, self.played = worker, list[str](), set[str]()

    def ask(self, handler: str, event: Any) -> dict[str, Any]:
        assert self._worker.stdin
        assert self._worker.stdout
        self._worker.stdin.write(json.dumps({"handler": handler, "event": event}) + "\n")
        self._worker.stdin.flush()
        line = self._worker.stdout.readline()
        answer: dict[str, Any] = json.loads(line) if line else {"error": f"the worker ended at {handler}"}
        return answer

    def invoke(self, function: Function, event: dict[str, Any]) -> Any:
        """The answer of a door's function. A defect is a status 500, a failure here one of 599."""
        found = self.ask(function.handler, event)
        return found.get("answer") or {"statusCode": 599, "body": found["error"], "headers": {}}


@contextmanager
def worker(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """The process that runs built code, on a store of its own."""
    code = BUILT / "Nndm/GetTeamsFunction"
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "SOUK_"))},
        "PYTHONPATH": os.pathsep.join(map(str, (code, BUILT / "SoukLayer/python", ROOT))),
        "BUILT": str(BUILT),
        "SOUK_STORE": "sqlite",
        "SOUK_DATABASE": str(folder / "souk.db"),
        "SOUK_SIGNING_KEY": f"file:{folder / 'signing.pem'}",
        "SOUK_BUCKET": "souk",
        "SOUK_BUS": "souk",
        "SOUK_EMAIL_DOMAIN": "nav.no",
        "POWERTOOLS_METRICS_DISABLED": "true",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "eu-central-1",
    }
    program = [sys.executable, str(ROOT / "tests/built_worker.py")]
    with (
        (folder / "worker.log").open("w") as log,
        subprocess.Popen(
            program, env=environment, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
        ) as process,
    ):
        yield process
        assert process.stdin
        process.stdin.close()


def prepared(folder: Path) -> str:
    """People, a domain and the samples that recordings name, in the worker's store; an API key."""
    from local.governance import seed
    from local.identities import DOMAIN, FURTHER
    from souk.identity import keys, users
    from souk.organisation import domains
    from souk.store.sqlite import SqliteStore
    from souk.work import Work, run

    def people(work: Work) -> str:
        domains.put_domain(work, DOMAIN, {"name": "Roastery"})
        for person in FURTHER:
            users.put_user(work, name=person.name, email=person.email)
        return keys.create(work, "recorded").secret

    store = SqliteStore(str(folder / "souk.db"))
    secret = run(store, people)
    run(store, seed)
    store.close()
    return secret


def tell(replay: Replay, door: str, secret: str) -> None:
    """The story of a door. Steps that wait for state machines, which do not run here, are not waited for."""
    story = [step._replace(then=None) for step in STORIES[door]]
    with in_process.client(replay.invoke) as client:
        for one in stories.tell(door, client, {"$SOUK_API_KEY": secret}, [*story, *stories.untold(door, story)]):
            replay.played.add(f"{door}/{snake(one.operation)}")
            told = one.answer.status_code
            if told in {500, 599} or (door != "dpx" and one.expected not in {0, told}):
                replay.wrong.append(f"{door} {one.operation} {told}: {one.answer.text[:200]}")


def give_rest(replay: Replay) -> None:
    """Recordings of what is no door. Ids in them are made up: what is not found is a proper end."""
    handlers = {
        one.handler.split(".")[1]: one.handler
        for one in read_application(ROOT / "template.yaml").functions
        if one.handler.split(".")[0] in {"reactions", "steps"}
    }
    for folder in REST:
        for path in sorted((ROOT / "events" / folder).glob("*.json")):
            found = replay.ask(handlers[path.stem], json.loads(path.read_text()))
            replay.played.add(f"{folder}/{path.stem}")
            if "error" in found and "souk.errors.SoukError" not in found.get("kinds", ()):
                replay.wrong.append(f"{folder}/{path.stem}: {found['error'][:200]}")


def unknown(replay: Replay, secret: str) -> None:
    """The recordings of paths that nobody serves."""
    for door in STORIES:
        event = json.loads((ROOT / f"events/{door}/unknown_path.json").read_text().replace("$SOUK_API_KEY", secret))
        status = replay.ask(f"{door}.operations.unknown_path.handler", event).get("answer", {}).get("statusCode")
        replay.played.add(f"{door}/unknown_path")
        replay.wrong += [] if status == 404 else [f"{door}/unknown_path: {status}"]


def incomplete() -> list[str]:
    """Functions whose own folder of the build lacks their handler."""
    application = read_application(ROOT / "template.yaml")
    return [
        f"{one.dialect}/{one.logical}: no {one.handler}"
        for one in application.functions
        if one.dialect in STACKS
        and not (
            BUILT / STACKS[one.dialect] / one.logical / f"{one.handler.rpartition('.')[0].replace('.', '/')}.py"
        ).exists()
    ]


def main() -> int:
    """Replay everything; 1 when something is wrong or was not played."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        secret = prepared(folder)
        with worker(folder) as process:
            replay = Replay(process)
            for door in STORIES:
                tell(replay, door, secret)
            unknown(replay, secret)
            give_rest(replay)
    recorded = {f"{path.parent.name}/{path.stem}" for path in (ROOT / "events").glob("*/*.json")}
    wrong = [*replay.wrong, *incomplete(), *(f"{name}: not played" for name in sorted(recorded - replay.played))]
    print(
        *wrong, f"{len(replay.played)} recorded invocations replayed through the build, {len(wrong)} faults", sep="\n"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
