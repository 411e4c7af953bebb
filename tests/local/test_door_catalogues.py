"""`souk export`, `plan` and `apply` through further doors: from one Souk into an empty one."""

from __future__ import annotations

import filecmp
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.local.test_catalogue_command import files, souk_command
from tests.running import Running, start_souk

NOTHING = "0 to create, 0 to update, 0 to decide, 0 to delete\n"
doors = pytest.mark.parametrize("door", ["immuta", "nav"])


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = start_souk(tmp_path_factory.mktemp("empty") / "state", SOUK_SAMPLES="false")
    yield running
    running.stop()


def done(answer: httpx.Response) -> httpx.Response:
    assert answer.status_code < 300, answer.text
    return answer


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A Souk with what the doors carry."""
    running = start_souk(tmp_path_factory.mktemp("filled") / "state", SOUK_SAMPLES="false")
    with running.client(authorization=f"Bearer {running.env['SOUK_API_KEY']}") as client:
        terms = done(client.post("/api/data-use-agreement", json={"name": "Rules", "body": "No names."})).json()
        fields = [{"type": "SHORT_ANSWER", "label": "What for?"}]
        form = {"name": "Tasters' form", "fields": fields, "dataUseAgreements": [{"id": terms["id"]}]}
        made = done(client.post("/api/request-form", json=form)).json()
        sources = [{"sourceId": source} for source in running.env["SOUK_SOURCE_IDS"].split(",")[:2]]
        product = {"name": "Cups", "description": "d", "domains": [running.env["SOUK_DOMAIN_ID"]], "metadata": None}
        done(client.post("/api/data-product", json=product | {"requestFormId": made["id"], "dataSources": sources}))
        store = [{"type": "bucket", "project_id": "p", "bucket_id": "b"}]
        stock = {"name": "Stock", "description": "s", "team": "roasting", "datastore": store}
        id = done(client.post("/api/v1/dataproducts", json=stock)).text
        for who in ({"expires": "2099-12-31T23:00:00Z", "subject": "ada.moen@nav.no"}, {"subject": "bo.dahl@nav.no"}):
            done(client.post(f"/api/v1/access/{id}", json={"type": "user", **who}))
    yield running
    running.stop()


@doors
def test_what_a_door_holds_goes_into_an_empty_souk(door: str, filled: Running, empty: Running, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    out = souk_command(filled.state, "export", "--door", door, str(first))
    assert (out.returncode, out.stderr) == (0, "")
    planned = souk_command(empty.state, "plan", "--door", door, "--prune", str(first)).stdout
    assert "+ create" in planned
    applied = souk_command(empty.state, "apply", "--door", door, "--prune", str(first))
    assert applied.stderr == ""
    souk_command(empty.state, "export", "--door", door, str(second))
    assert files(second) == files(first)
    assert filecmp.cmpfiles(first, second, map(str, files(first)), shallow=False)[1:] == ([], [])
    assert souk_command(empty.state, "plan", "--door", door, "--prune", str(first)).stdout == NOTHING


def test_grants_that_the_folder_lacks_are_taken_back(filled: Running, tmp_path: Path) -> None:
    souk_command(filled.state, "export", "--door", "nav", str(tmp_path))
    path = tmp_path / "nav/dataproducts/Stock.yaml"
    path.write_text(path.read_text().replace("bo.dahl", "eli.haugen").replace("description: s", "description: t"))
    assert "~ update dataproducts/Stock" in souk_command(filled.state, "plan", "--door", "nav", str(tmp_path)).stdout
    assert souk_command(filled.state, "apply", "--door", "nav", str(tmp_path)).returncode == 0
    text = path.read_text()
    souk_command(filled.state, "export", "--door", "nav", str(tmp_path))
    assert path.read_text() == text
    assert "eli.haugen" in text


def test_a_door_that_carries_nothing_is_refused(empty: Running, tmp_path: Path) -> None:
    out = souk_command(empty.state, "export", "--door", "side", str(tmp_path))
    assert (out.returncode, "'side'" in out.stderr) == (2, True)
