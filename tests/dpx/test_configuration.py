"""Initialization, its status, rotation of the service key (contract 3.1, R1, R2)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reactions import sweep_due
from souk import clock
from souk.errors import Failed
from souk.identity import keys
from souk.work import Work
from tests.dpx.driver import BASE, Api, Wire
from tests.dpx.hub import CATALOG, CATALOGUE, PRODUCTS, Hub, releases, some_id
from tests.dpx.machines import Machines
from tests.threads import at_once

INITIALIZE = f"{BASE}/configuration/initialize"
STATUS = f"{INITIALIZE}/status"
ALL = ["delivery_methods", "domains_multi_industry", "workflows", "data_product_samples"]


def status(api: Api) -> Wire:
    shown: Wire = api.get(STATUS).expect(200)
    return shown


def installed(api: Api) -> dict[str, int]:
    return {option["name"]: option["version"] for option in status(api)["initialized_options"]}


def test_before_the_first_initialization_there_is_no_catalog(api: Api) -> None:
    api.get(STATUS).refused(404, "does_not_exist")
    api.get("/v2/catalogs/ibm-default-hub").refused(404, "does_not_exist")


def test_initialization_runs_in_the_background(api: Api, machines: Machines) -> None:
    machines.hold = True
    begun = api.post(INITIALIZE, {}).expect(202)
    assert begun["container"] == CATALOG
    assert begun["status"] == "in_progress"
    assert begun["href"] == f"https://souk.example{STATUS}?container.id={CATALOGUE}"
    assert "last_finished_at" not in begun
    assert status(api) == begun
    machines.go_on()
    done = status(api)
    assert done["status"] == "succeeded"
    assert done["last_finished_at"] >= done["last_started_at"] == begun["last_started_at"]
    assert api.get(f"{STATUS}?container.id={CATALOGUE}").expect(200) == done


@pytest.mark.parametrize("body", [{}, None, {"container": None, "include": None}])
def test_without_a_choice_methods_and_domains_are_installed(api: Api, machines: Machines, body: Wire | None) -> None:
    api.post(INITIALIZE, body).expect(202)
    machines.finish()
    assert installed(api) == {"delivery_methods": 1, "domains_multi_industry": 1}


def test_an_option_brings_what_it_depends_on(api: Api, machines: Machines, bucket: str) -> None:
    api.post(INITIALIZE, {"include": ["data_product_samples"]}).expect(202)
    machines.finish()
    assert installed(api) == {"delivery_methods": 1, "domains_multi_industry": 1, "data_product_samples": 1}


def test_renewing_doubles_nothing(api: Api, hub: Hub, machines: Machines, bucket: str) -> None:
    def counts() -> list[int]:
        search = {"query": "*:*"}
        types = ("ibm_data_product_domain", "ibm_data_product_delivery_method", "data_asset")
        places = [f"/v2/asset_types/{type}/search?catalog_id={CATALOGUE}" for type in types]
        found = [api.post(place, search).expect(200)["total_rows"] for place in places]
        return [*found, len(api.get(PRODUCTS).expect(200)["data_products"])]

    api.post(INITIALIZE, {"include": ALL}).expect(202)
    machines.finish()
    before = counts()
    samples = api.get(f"{PRODUCTS}/-/releases").expect(200)["releases"]
    api.patch(releases(samples[0]), {"op": "replace", "path": "/name", "value": "Ours now"}).expect(200)
    api.post(INITIALIZE, {"container": {"id": CATALOGUE}, "include": ALL}).expect(202)
    machines.finish()
    assert counts() == before
    assert hub.shown(samples[0])["name"] == "Ours now"
    assert installed(api) == dict.fromkeys(ALL, 2)
    assert status(api)["workflows"]["data_access"]["definition"]["id"]


def test_samples_are_whole_products(api: Api, machines: Machines, bucket: str) -> None:
    api.post(INITIALIZE, {"include": ALL}).expect(202)
    machines.finish()
    samples = api.get(f"{PRODUCTS}/-/releases?state=available").expect(200)["releases"]
    assert len(samples) >= 3
    for sample in samples:
        assert sample["domain"]["name"]
        assert {part["asset"]["type"] for part in sample["parts_out"]} == {"data_asset"}
        for part in sample["parts_out"]:
            asset = api.get(f"/v2/assets/{part['asset']['id']}?catalog_id={CATALOGUE}").expect(200)
            assert asset["metadata"]["name"] == part["asset"]["name"]
            assert len(part["delivery_methods"]) == 1


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"include": ["everything"]}, 400, "invalid_parameter"),
        ({"include": []}, 400, "invalid_parameter"),
        ({"include": ["delivery_methods"] * 7}, 400, "invalid_parameter"),
        ({"include": "workflows"}, 400, "invalid_parameter"),
        ({"include": [""]}, 400, "invalid_parameter"),
        ({"container": {}}, 400, "missing_required_value"),
        ({"container": {"id": "short"}}, 400, "invalid_parameter"),
        ({"container": {"id": CATALOGUE[:-1] + "7"}}, 400, "invalid_parameter"),
    ],
)
def test_an_initialization_that_breaks_a_rule_is_refused(api: Api, body: Wire, status: int, code: str) -> None:
    api.post(INITIALIZE, body).refused(status, code)
    api.get(STATUS).refused(404)


def test_options_of_newer_clients_are_taken(api: Api, machines: Machines) -> None:
    api.post(INITIALIZE, {"include": ["project", "catalog_configurations"]}).expect(202)
    machines.finish()
    assert installed(api) == {"project": 1, "catalog_configurations": 1}


def test_a_second_initialization_waits_for_the_first(api: Api, machines: Machines) -> None:
    machines.hold = True
    answers = at_once(*[lambda: api.post(INITIALIZE)] * 5)
    assert sorted(answer.status for answer in answers) == [202, 409, 409, 409, 409]
    machines.go_on()
    machines.hold = False
    api.post(INITIALIZE).expect(202)


def test_the_status_of_another_catalog_is_not_found(api: Api, machines: Machines) -> None:
    api.post(INITIALIZE).expect(202)
    api.get(f"{STATUS}?container.id={some_id()}").refused(404, "does_not_exist")


def test_a_failure_is_told_and_may_be_repeated(api: Api, machines: Machines, monkeypatch: pytest.MonkeyPatch) -> None:
    # No bucket: the files of the samples cannot be written.
    monkeypatch.setenv("SOUK_BUCKET", "nowhere")
    monkeypatch.setattr("souk.documents.objects.write", _burn)
    api.post(INITIALIZE, {"include": ["data_product_samples"]}).expect(202)
    machines.finish()
    failed = status(api)
    assert failed["status"] == "failed"
    assert failed["trace"]
    assert [error["code"] for error in failed["errors"]] == ["unable_to_perform"]
    assert installed(api) == {"delivery_methods": 1, "domains_multi_industry": 1}
    monkeypatch.setattr("souk.documents.objects.write", lambda *_: None)
    api.post(INITIALIZE, {"include": ["data_product_samples"]}).expect(202)
    machines.finish()
    assert status(api)["status"] == "succeeded"


def test_a_machine_that_cannot_be_started_is_told(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("souk.workflows.starting._starter", _burn)
    api.post(INITIALIZE).refused(503, "dependent_service_error")
    assert status(api)["status"] == "failed"


def test_an_interrupted_initialization_is_healed_by_the_sweep(
    api: Api, machines: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    machines.hold = True
    api.post(INITIALIZE).expect(202)
    machines._held.clear()
    machines.hold = False
    assert sweep_due.handler({})["settled"] == 0
    later = clock.now() + timedelta(minutes=4)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert sweep_due.handler({})["settled"] == 1
    machines.finish()
    assert status(api)["status"] == "succeeded"


def test_initialization_makes_the_service_key_once(api: Api, machines: Machines) -> None:
    credentials = f"{BASE}/configuration/credentials"
    machines.hold = True
    api.get(credentials).refused(404, "does_not_exist")
    begun = api.post(INITIALIZE)
    made = api.get(credentials).expect(200)
    assert made.keys() == {"name", "created_at"}
    assert keys.PREFIX not in begun.body.decode()
    machines.go_on()
    machines.finish()
    api.post(INITIALIZE).expect(202)
    assert api.get(credentials).expect(200) == made
    assert [info.name for info in keys.list_keys(Work(api.store))].count("catalogue service") == 1


def test_rotation_renews_the_service_key_alone(api: Api) -> None:
    def known() -> dict[str, str | None]:
        return {info.name: info.rotated for info in keys.list_keys(Work(api.store))}

    for _ in range(2):
        answer = api.post(f"{BASE}/configuration/rotate_credentials", {"rotate": ["data_product_admin_service_id"]})
        assert (answer.status, answer.body) == (204, b"")
    assert known().keys() == {"tests", "catalogue service"}
    assert known()["tests"] is None
    assert known()["catalogue service"] is not None
    api.get(PRODUCTS).expect(200)


def _burn(*_: object) -> None:
    raise Failed("no service")
