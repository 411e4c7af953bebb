"""`souk export`, `plan` and `apply` against running Souks, `souk seed`, `souk doctor`; a backup of a state folder."""

from __future__ import annotations

import filecmp
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.catalogue import Catalogue, Change, Refused, plan, read, write
from tests.running import ROOT, Running, eventually, free_port, start_souk

AGREEMENT = {"id": "a", "info": {"purpose": "p", "status": "approved", "active": False}, "consumer": {"teamId": "t"}}
TEAM = {"id": "t", "name": "T", "type": "Domain Team"}


def souk_command(state: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a user would."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SOUK_")}
    return subprocess.run(
        [sys.executable, "-m", "local", *arguments],
        cwd=ROOT,
        env=environment | {"SOUK_STATE": str(state), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A Souk without samples."""
    running = start_souk(tmp_path_factory.mktemp("empty") / "state", SOUK_SAMPLES="false")
    yield running
    running.stop()


@pytest.fixture(scope="module")
def exported(empty: Running, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample catalogue as files, by way of the Souk that it was put into."""
    folder = tmp_path_factory.mktemp("catalogue")
    assert souk_command(empty.state, "seed").returncode == 0
    done = souk_command(empty.state, "export", str(folder))
    assert (done.returncode, done.stderr) == (0, "")
    return folder


def files(folder: Path) -> list[Path]:
    return sorted(path.relative_to(folder) for path in folder.rglob("*.yaml"))


def test_a_catalogue_goes_from_one_souk_into_another(exported: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = start_souk(tmp_path_factory.mktemp("other") / "state", SOUK_SAMPLES="false")
    try:
        planned = souk_command(other.state, "plan", str(exported)).stdout
        done = souk_command(other.state, "apply", str(exported))
        again = tmp_path_factory.mktemp("again")
        souk_command(other.state, "export", str(again))
        second = souk_command(other.state, "plan", "--prune", str(exported)).stdout
    finally:
        other.stop()
    assert "+ create teams/roasting" in planned
    assert (done.returncode, done.stderr) == (0, "")
    assert files(again) == files(exported)
    assert filecmp.cmpfiles(exported, again, map(str, files(exported)), shallow=False)[1:] == ([], [])
    assert second == "0 to create, 0 to update, 0 to decide, 0 to delete\n"


def test_what_the_folder_lacks_goes_only_when_asked(exported: Path, empty: Running) -> None:
    with empty.client() as client:
        assert (
            client.put("/api/teams/passing", json={"id": "passing", "name": "P", "type": "Domain Team"}).status_code
            == 200
        )
        assert "passing" not in souk_command(empty.state, "plan", str(exported)).stdout
        assert "- delete teams/passing" in souk_command(empty.state, "plan", "--prune", str(exported)).stdout
        assert client.get("/api/teams/passing").status_code == 200
        assert souk_command(empty.state, "apply", "--prune", str(exported)).returncode == 0
        assert client.get("/api/teams/passing").status_code == 404


def test_a_refusal_names_the_request_and_ends_the_command(exported: Path, empty: Running, tmp_path: Path) -> None:
    write({("dataproducts", "stray"): {"id": "stray", "info": {"title": "Stray", "owner": "nobody"}}}, tmp_path)
    done = souk_command(empty.state, "apply", str(tmp_path))
    assert done.returncode == 2
    assert "PUT /api/dataproducts/stray answered 422" in done.stderr


@pytest.mark.parametrize("text", ["id: other\n", "- no record\n", "id: [\n"])
def test_a_file_that_holds_no_record_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "nndm/teams/one.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    with pytest.raises(Refused, match=r"one\.yaml"):
        read(tmp_path)


def test_an_agreement_is_decided_after_it_is_made_and_not_again() -> None:
    wanted = {("datausageagreements", "a"): AGREEMENT}
    assert [change.verb for change in plan(wanted, {})] == ["create", "decide"]
    assert plan(wanted, wanted) == []


def test_what_refers_to_others_is_deleted_before_them() -> None:
    there: Catalogue = {("teams", "t"): TEAM, ("datausageagreements", "a"): AGREEMENT}
    assert plan({("teams", "u"): {**TEAM, "id": "u"}}, there, prune=True)[1:] == [
        Change("delete", "datausageagreements", "a", AGREEMENT),
        Change("delete", "teams", "t", TEAM),
    ]


def test_doctor_finds_a_running_souk_well(empty: Running) -> None:
    done = souk_command(empty.state, "doctor")
    assert (done.returncode, "ok Data: version 1" in done.stdout) == (0, True)
    assert f"ok Souk: {empty.url} answers 200" in done.stdout


def test_doctor_says_what_to_do_about_a_souk_that_does_not_answer(tmp_path: Path) -> None:
    done = souk_command(tmp_path / "none", "doctor", "--url", f"http://127.0.0.1:{free_port()}")
    assert (done.returncode, "does not answer" in done.stdout) == (1, True)
    assert "is the address right" in done.stdout


def test_a_copy_of_the_state_taken_while_souk_runs_is_a_backup(
    empty: Running, tmp_path_factory: pytest.TempPathFactory
) -> None:
    copy = tmp_path_factory.mktemp("backup") / "state"
    with empty.client() as client:
        client.put("/api/teams/kept", json={"id": "kept", "name": "K", "type": "Domain Team"}).raise_for_status()
        done = souk_command(empty.state, "backup", str(copy))
        assert (done.returncode, done.stderr) == (0, "")
        client.delete("/api/teams/kept").raise_for_status()
    restored = start_souk(copy, SOUK_SAMPLES="false")
    try:
        with restored.client() as client:
            assert client.get("/api/teams/kept").status_code == 200
            client.put("/api/teams/later", json={"id": "later", "name": "L", "type": "Domain Team"}).raise_for_status()
            eventually(lambda: "later" in [event["subject"] for event in client.get("/api/events").json()])
        assert restored.env["SOUK_API_KEY"] == empty.env["SOUK_API_KEY"]
    finally:
        restored.stop()
