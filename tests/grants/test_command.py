"""`souk grants` by its function: on the store, and in a deployed stack by the calls that AWS knows."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, unquote

import pytest

from reactions import apply_grants, manage_grants
from souk.access.regranting import ask_for_all
from souk.errors import Unreadable
from souk.store.sqlite import SqliteStore
from tests.access.acting import end
from tests.access.world import World
from tests.grants.system import ALICE, System, applied, key_of, notices, state
from tests.running import ROOT

OPEN = (ALICE, "orders/open")


def deliver(world: World) -> None:
    """The bus hands on what was asked for."""
    for told in notices(world, "grant.due"):
        apply_grants.handler({"detail-type": "grant.due", "detail": {"data": told}})


def test_one_is_made_again_now(world: World, system: System) -> None:
    access = world.ask(port="open")
    applied(world, access)
    system.held.clear()
    answer = manage_grants.handler({"apply": access})
    assert (answer["grant"]["state"], answer["grant"]["attempt"]) == ("granted", 2)
    assert manage_grants.handler({"apply": key_of(access)})["grant"]["attempt"] == 3
    assert system.held == {OPEN}


def test_all_are_asked_for_and_made_by_the_bus(world: World, system: System) -> None:
    accesses = [world.ask(port="open", subject={"user": f"u{n}@nav.no"}) for n in range(3)]
    applied(world, *accesses[:2])
    end(world, accesses[1])
    system.held.clear()
    assert manage_grants.handler({"apply": True}) == {"grants": 3, "next": None}
    deliver(world)
    assert system.held == {("user:u0@nav.no", "orders/open"), ("user:u2@nav.no", "orders/open")}
    assert [state(world, access) for access in accesses] == ["granted", "none", "granted"]


def test_many_are_asked_for_a_part_at_a_time(world: World, system: System) -> None:
    accesses = [world.ask(port="open", subject={"user": f"u{n}@nav.no"}) for n in range(230)]
    start: str | None = ""
    parts = []
    while start is not None:
        asked, start = ask_for_all(world.store, start, seconds=-1)
        parts.append(asked)
    assert parts == [100, 100, 30, 0]
    assert {told["id"] for told in notices(world, "grant.due")} == set(accesses)


def test_without_a_grantor_nothing_is_asked_for(world: World) -> None:
    world.ask(port="open")
    assert manage_grants.handler({"apply": True}) == {"grants": 0, "next": None}


def test_grants_are_shown_by_state(world: World, system: System) -> None:
    granted, pending = world.ask(port="open"), world.ask(port="open", subject={"user": "bob@nav.no"})
    applied(world, granted)
    shown = manage_grants.handler({"show": "granted"})
    assert ([card["access"] for card in shown["grants"]], shown["next"]) == ([granted], None)
    applied(world, pending)
    assert len(manage_grants.handler({"show": ""})["grants"]) == 2
    assert manage_grants.handler({"show": "failed"})["grants"] == []


@pytest.mark.parametrize("event", [{}, {"apply": None}, {"apply": "unknown"}, {"show": 1}, {"show": "", "from": "x"}])
def test_what_is_wrong_is_said(world: World, event: dict[str, Any]) -> None:
    assert list(manage_grants.handler(event)) == ["refused"]


def test_a_place_that_was_not_given_out_is_refused(world: World, system: System) -> None:
    with pytest.raises(Unreadable):
        ask_for_all(world.store, "live:x")


class Cloud(BaseHTTPRequestHandler):
    """Lambda and CloudFormation, as far as the command asks them. The function is the real one."""

    asked: ClassVar[list[str]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.path.startswith("/2015-03-31/functions/"):
            Cloud.asked.append(unquote(self.path.split("/")[3]))
            self._answer(json.dumps(manage_grants.handler(json.loads(body))).encode(), "application/json")
            return
        (name,) = parse_qs(body.decode())["StackName"]
        output = "<member><OutputKey>ManageGrantsFunction</OutputKey><OutputValue>the-function</OutputValue></member>"
        stack = f"<member><StackName>{name}</StackName><Outputs>{output if name == 'souk' else ''}</Outputs></member>"
        result = f"<DescribeStacksResult><Stacks>{stack}</Stacks></DescribeStacksResult>"
        self._answer(f"<DescribeStacksResponse>{result}</DescribeStacksResponse>".encode(), "text/xml")

    def _answer(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Tests print nothing."""


@pytest.fixture
def cloud(store: SqliteStore) -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Cloud)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    Cloud.asked = []
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def command(cloud: str, *words: str) -> subprocess.CompletedProcess[str]:
    named = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "AWS_DEFAULT_REGION": "eu-west-1"}
    environment = os.environ | named | {"AWS_ENDPOINT_URL": cloud, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
    line = [sys.executable, "-m", "local", "grants", *words]
    return subprocess.run(line, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_the_command_works_on_a_deployed_stack(world: World, system: System, cloud: str) -> None:
    access = world.ask(port="open")
    one = command(cloud, "apply", "--access", access, "--stack", "souk")
    assert (one.returncode, one.stdout) == (0, "granted, attempt 1\n"), one.stderr
    every = command(cloud, "apply", "--all", "--function", "by-name")
    assert (every.returncode, every.stdout) == (0, "1 grants are made again\n"), every.stderr
    listed = command(cloud, "list", "--stack", "souk")
    assert (listed.returncode, "granted" in listed.stdout) == (0, True), listed.stderr
    assert Cloud.asked == ["the-function", "by-name", "the-function"]


@pytest.mark.parametrize(
    "words", [["apply", "--access", "unknown", "--function", "f"], ["list", "--stack", "another"]], ids=repr
)
def test_the_command_says_what_is_wrong_there(world: World, cloud: str, words: list[str]) -> None:
    outcome = command(cloud, *words)
    assert (outcome.returncode, outcome.stdout) == (2, "")
    assert outcome.stderr.startswith("souk: ")
