"""The whole way on this machine: a grant in one door, a notice on the bus, a report through the hub, the command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator

import httpx
import pytest

from tests.running import ROOT, Running, eventually, start_souk
from tests.wire.nav.door import Door, done


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, engine: str) -> Iterator[Running]:
    made = start_souk(tmp_path_factory.mktemp("grants") / "state", engine, SOUK_GRANTOR="external")
    yield made
    made.stop()


@pytest.fixture(scope="module")
def client(running: Running) -> Iterator[httpx.Client]:
    with running.client() as made:
        yield made


def command(running: Running, *words: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"SOUK_STATE": str(running.state), "SOUK_GRANTOR": "external"}
    line = [sys.executable, "-m", "local", "grants", *words]
    return subprocess.run(line, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def access_of(client: httpx.Client, product: str) -> str:
    """The id of the one access to a product, as the NNDM door lists it."""
    found = [one["id"] for one in client.get("/api/datausageagreements").json() if product in json.dumps(one)]
    assert len(found) == 1
    return str(found[0])


def test_grant_is_asked_for_reported_and_applied_again(running: Running, client: httpx.Client) -> None:
    door = Door(running.url, running.env["SOUK_API_KEY"])
    product = door.register(team="t")
    done(door.grant(product, "a@nav.no"))
    access = access_of(client, product)

    def shown() -> dict[str, object]:
        found: dict[str, object] = client.get(f"/grants/{access}").json()
        return found

    eventually(lambda: shown()["attempt"] == 1)
    assert shown()["state"] == "pending"
    told = client.post(f"/grants/{access}/result", json={"attempt": 1, "result": "granted"})
    assert (told.status_code, shown()["state"]) == (204, "granted")

    listed = command(running, "list", "--only", "granted")
    assert (listed.returncode, "granted" in listed.stdout) == (0, True), listed.stderr
    again = command(running, "apply", "--access", access)
    assert again.returncode == 0, again.stderr
    assert again.stdout == "pending, attempt 2\n"
    assert shown()["attempt"] == 2
    every = command(running, "apply", "--all")
    assert (every.returncode, every.stdout) == (0, "2 grants are made again\n"), every.stderr
    eventually(lambda: shown()["attempt"] == 3)  # the samples hold another access

    done(door.revoke(product, "a@nav.no"))
    eventually(lambda: shown()["wanted"] is False)
    attempt = shown()["attempt"]
    assert client.post(f"/grants/{access}/result", json={"attempt": attempt, "result": "revoked"}).status_code == 204
    assert shown()["state"] == "none"


@pytest.mark.parametrize("words", [["apply"], ["apply", "--all", "--access", "x"], ["apply", "--access", "unknown"]])
def test_command_says_what_is_wrong(running: Running, words: list[str]) -> None:
    outcome = command(running, *words)
    assert (outcome.returncode, outcome.stdout) == (2, "")
    assert outcome.stderr.startswith("souk: ")
