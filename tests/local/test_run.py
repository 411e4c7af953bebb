"""A whole run as a process: start, stop, kill, start again, and the `souk` command beside it."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from tests.running import ROOT, NotStarted, Running, eventually, start_souk

PERSON = ("TOKEN", "ID", "EMAIL", "TEAM")
NAMES = {
    "SOUK_URL",
    "SOUK_API_KEY",
    *(f"SOUK_MANAGER_{what}" for what in PERSON[:3]),
    *(f"SOUK_OWNER_{what}" for what in PERSON),
    *(f"SOUK_OTHER_{what}" for what in PERSON),
    "SOUK_USER_IDS",
    "SOUK_DOMAIN_ID",
    "SOUK_FORM_ID",
    "SOUK_AUTO_FORM_ID",
    "SOUK_SOURCE_IDS",
    "SOUK_COLUMN",
}
TEAM = {"id": "t", "name": "Team", "type": "Domain Team"}
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")


def command(state: Path, *arguments: str, given: str = "", **env: str) -> subprocess.CompletedProcess[str]:
    """The `souk` command, run to its end."""
    return subprocess.run(
        [sys.executable, "-m", "local", *arguments],
        cwd=ROOT,
        env=os.environ | {"SOUK_STATE": str(state)} | env,
        input=given,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def own(tmp_path: Path, engine: str) -> Iterator[Running]:
    """A run that a test may stop and kill."""
    running = start_souk(tmp_path / "a state", engine, SOUK_SAMPLES="false")
    yield running
    running.stop()


def event_ids(running: Running) -> list[str]:
    """The ids of what happened since the data sources were seeded, in order."""
    return [event["id"] for event in events(running)]


def events(running: Running) -> list[dict[str, Any]]:
    seeded = running.env["SOUK_SOURCE_IDS"].split(",")
    with running.client() as client:
        return [event for event in client.get("/api/events").json() if event["subject"] not in seeded]


def put_team(client: httpx.Client, name: str) -> int:
    return client.put(f"/api/teams/{name}", json=TEAM | {"id": name}).status_code


def test_dev_env_has_exactly_the_promised_names_in_shell_syntax(souk: Running) -> None:
    file = shlex.quote(str(souk.state / "dev.env"))
    script = (
        f"set -a; . {file}; {shlex.quote(sys.executable)} -c 'import os, json; print(json.dumps(dict(os.environ)))'"
    )
    shell = subprocess.run(["/bin/sh", "-c", script], env={}, capture_output=True, text=True, check=True)
    variables = json.loads(shell.stdout)
    assert {name for name in variables if name.startswith("SOUK_")} == NAMES
    assert {name: variables[name] for name in NAMES} == souk.env
    assert variables["SOUK_URL"] == souk.url


def test_ids_are_uuids_and_people_are_at_nav(souk: Running) -> None:
    ids = [souk.env[f"SOUK_{who}_ID"] for who in ("MANAGER", "OWNER", "OTHER")] + souk.env["SOUK_USER_IDS"].split(",")
    assert len(ids) >= 9
    assert len(set(ids)) == len(ids)
    assert all(UUID.match(id) for id in [*ids, souk.env["SOUK_DOMAIN_ID"]])
    assert all(souk.env[f"SOUK_{who}_EMAIL"].endswith("@nav.no") for who in ("MANAGER", "OWNER", "OTHER"))


def test_dev_env_is_only_for_its_owner(souk: Running) -> None:
    assert (souk.state / "dev.env").stat().st_mode & 0o777 == 0o600


def test_seeded_key_opens_the_door_and_samples_are_there(souk: Running) -> None:
    with souk.client() as client:
        assert {"green-bean-stock", "cafe-sales"} <= {
            product["id"] for product in client.get("/api/dataproducts").json()
        }
        agreement = client.get("/api/datausageagreements/roast-plan-reads-sales").json()
        assert agreement["info"]["status"] == "approved"
        assert client.get("/api/teams", headers={"x-api-key": "wrong"}).status_code == 403


def test_run_listens_on_this_machine_only(souk: Running) -> None:
    """A port that is taken on every address cannot be taken on 127.0.0.2 once more."""
    endpoint = json.loads((souk.state / "running.json").read_text())["endpoint"]
    for url in (souk.url, endpoint):
        with socket.create_server(("127.0.0.2", urlsplit(url).port or 0)) as beside:
            assert beside.getsockname()[0] == "127.0.0.2"


def test_state_outlasts_stop_and_start(own: Running) -> None:
    with own.client() as client:
        assert put_team(client, "kept") == 200
    eventually(lambda: len(event_ids(own)) == 1)
    before, key = event_ids(own), own.env["SOUK_API_KEY"]
    assert own.stop() == 0
    own.start()
    assert own.env["SOUK_API_KEY"] == key
    assert event_ids(own) == before
    with own.client() as client:
        assert client.get("/api/teams/kept").json()["name"] == "Team"
        assert put_team(client, "new") == 200
    eventually(lambda: len(event_ids(own)) == 2)
    assert event_ids(own)[:1] == before


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Running]:
    """A run on the store that outlasts being killed."""
    running = start_souk(tmp_path / "state", "embedded", SOUK_SAMPLES="false")
    yield running
    running.kill()


def test_kill_in_the_middle_of_writing_loses_nothing_that_was_acknowledged(embedded: Running) -> None:
    own = embedded
    acknowledged: list[str] = []
    for round_number in range(2):
        with ThreadPoolExecutor(4) as pool:
            futures = [pool.submit(write_until_killed, own, f"{round_number}-{n}", acknowledged) for n in range(4)]
            goal = len(acknowledged) + 40
            eventually(lambda goal=goal: len(acknowledged) >= goal)  # type: ignore[misc]
            own.kill()
            assert [future.result() for future in futures] == [None] * 4
        own.start()
    with own.client() as client:
        teams = {team["id"] for team in client.get("/api/teams").json()} - {"unassigned"}
        assert set(acknowledged) <= teams
        eventually(lambda: len(event_ids(own)) >= len(teams))
    subjects = [event["subject"] for event in events(own)]
    assert sorted(subjects) == sorted(teams)


def write_until_killed(own: Running, writer: str, acknowledged: list[str]) -> None:
    with own.client() as client, suppress(httpx.TransportError):
        for number in count():
            name = f"{writer}-{number}"
            assert put_team(client, name) == 200
            acknowledged.append(name)


def test_end_by_sigterm_is_clean(own: Running) -> None:
    os.kill(own.pid, signal.SIGTERM)
    assert own.stop() == 0
    assert "Souk has stopped." in own.output


def test_second_start_on_the_same_state_is_refused(souk: Running) -> None:
    second = command(souk.state, "up", "--port", "0")
    assert second.returncode == 2
    assert str(souk.pid) in second.stderr
    assert souk.url in second.stderr
    with souk.client() as client:
        assert client.get("/health").status_code == 200


def test_reset_is_refused_while_it_runs_and_forgets_everything_afterwards(own: Running) -> None:
    assert command(own.state, "reset").returncode == 2
    with own.client() as client:
        put_team(client, "gone")
    own.stop()
    done = command(own.state, "reset")
    assert (done.returncode, "empty" in done.stdout) == (0, True)
    own.start()
    with own.client() as client:
        assert client.get("/api/teams/gone").status_code == 404


def test_other_engine_on_the_same_state_is_refused(own: Running, engine: str) -> None:
    own.stop()
    other = {"embedded": "aws", "aws": "embedded"}[engine]
    refused = command(own.state, "up", "--engine", other, "--port", "0")
    assert refused.returncode == 2
    assert f"ENGINE={engine}" in refused.stderr


def test_taken_port_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = command(tmp_path / "state", "up", "--port", str(port))
    assert refused.returncode == 2
    assert str(port) in refused.stderr
    assert "SOUK_PORT" in refused.stderr


def test_start_that_fails_says_why(tmp_path: Path) -> None:
    with pytest.raises(NotStarted, match=r"nowhere\.yaml"):
        start_souk(tmp_path / "state", SOUK_TEMPLATE=str(tmp_path / "nowhere.yaml"))


def http_event(method: str, path: str, key: str, **parameters: str) -> str:
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": f"{method} {path}",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"x-api-key": key},
        "requestContext": {"http": {"method": method, "path": path}, "requestId": "by-hand"},
        "pathParameters": parameters,
        "isBase64Encoded": False,
    }
    return json.dumps(event)


def test_invoke_works_beside_a_run_and_without_one(own: Running) -> None:
    with own.client() as client:
        put_team(client, "seen")
    event = http_event("GET", "/api/teams/seen", "$SOUK_API_KEY", id="seen")
    beside = command(own.state, "invoke", "GetTeamFunction", "-e", "-", given=event)
    own.stop()
    alone = command(own.state, "invoke", "nndm/GetTeamFunction", "-e", "-", given=event)
    for done in (beside, alone):
        answer = json.loads(done.stdout)
        assert (done.returncode, answer["statusCode"]) == (0, 200)
        assert json.loads(answer["body"])["id"] == "seen"


def test_invoke_names_what_is_wrong(souk: Running, tmp_path: Path) -> None:
    unknown = command(souk.state, "invoke", "NoSuchFunction")
    assert (unknown.returncode, "NoSuchFunction" in unknown.stderr) == (2, True)
    no_file = command(souk.state, "invoke", "GetTeamFunction", "-e", str(tmp_path / "absent.json"))
    assert (no_file.returncode, "absent.json" in no_file.stderr) == (2, True)


def test_keys_are_made_listed_rotated_and_revoked(souk: Running) -> None:
    def status(key: str) -> int:
        return httpx.get(f"{souk.url}/api/teams", headers={"x-api-key": key}, trust_env=False).status_code

    made = command(souk.state, "keys", "create", "for a test", "--scope", "read")
    secret, id = made.stdout.strip(), re.findall(r"id: (\S+)", made.stderr)[0]
    assert status(secret) == 200
    files = [path for path in souk.state.rglob("*") if path.is_file()]
    assert not any(secret.encode() in path.read_bytes() for path in files)
    listed = command(souk.state, "keys", "list", COLUMNS="250").stdout
    assert id in listed
    assert secret not in listed
    rotated = command(souk.state, "keys", "rotate", id).stdout.strip()
    assert (status(secret), status(rotated)) == (403, 200)
    assert command(souk.state, "keys", "revoke", id).returncode == 0
    assert status(rotated) == 403
    assert command(souk.state, "keys", "revoke", id).returncode == 2


def test_token_is_accepted_where_people_come_in(souk: Running) -> None:
    token = command(souk.state, "token", "new.person@nav.no", "--team", "roasting").stdout.strip()
    header, _claims, _signature = token.split(".")
    assert header
    with httpx.Client(base_url=souk.url, trust_env=False) as client:
        assert client.get("/api/teams", headers={"authorization": f"Bearer {token}"}).status_code == 200
        assert client.get("/api/teams", headers={"authorization": f"Bearer {token}x"}).status_code == 403


def test_events_are_shown_as_they_came(souk: Running, tmp_path: Path) -> None:
    lines = command(souk.state, "events", "tail", "--all", "--count", "7").stdout.splitlines()
    sources = [["AssetCreatedEvent", source] for source in souk.env["SOUK_SOURCE_IDS"].split(",")]
    teams = [["TeamCreatedEvent", team] for team in ("cafes", "coffee-words", "data-platform")]
    assert [line.split("  ")[1:] for line in lines] == sources + teams
    nowhere = command(tmp_path / "empty", "events", "tail")
    assert (nowhere.returncode, "souk up" in nowhere.stderr) == (2, True)
