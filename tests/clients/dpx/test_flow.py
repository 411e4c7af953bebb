"""The sequence of calls that the newer library's own integration test makes, one building on the other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.clients.dpx.test_libraries import LIBRARIES
from tests.clients.programs import Desk
from tests.running import Running, eventually

pytestmark = pytest.mark.clients

FLOW = Path(__file__).with_name("flow.py")
CREATED = {
    "create_data_product",
    "create_draft_contract_terms_document",
    "create_data_asset_visualization",
    "create_contract_template",
    "create_data_product_domain",
    "create_data_product_subdomain",
    "create_s3_bucket",
}
EMPTY = {
    "manage_api_keys",
    "delete_data_product_contract_template",
    "delete_draft_contract_terms_document",
    "delete_domain",
    "delete_data_product_draft",
}
STATUS = dict.fromkeys(CREATED, 201) | dict.fromkeys(EMPTY, 204)
STATUS |= {"initialize": 202, "create_revoke_access_process": 202}


METHODS = 44
"""40 that the vendor runs, and four that it leaves out."""
SETUP = "/data_product_exchange/v1/configuration/initialize"
ASSET = {"metadata": {"name": "batches", "asset_type": "data_asset", "rov": {"mode": 0}}, "entity": {"data_asset": {}}}


@pytest.fixture
def catalog(souk: Running) -> dict[str, str]:
    """The catalog, initialized once before, and an asset in it."""
    with souk.client(authorization=f"Bearer {souk.env['SOUK_API_KEY']}") as client:
        id = client.post(SETUP, json={}).raise_for_status().json()["container"]["id"]
        eventually(lambda: client.get(f"{SETUP}/status").json()["status"] == "succeeded")
        asset = client.post(f"/v2/assets?catalog_id={id}", json=ASSET).raise_for_status().json()["asset_id"]
    return {"DPX_CATALOG": id, "DPX_ASSET": asset}


def told(desk: Desk, souk: Running, catalog: dict[str, str], library: str) -> Any:
    venv, module, _ = LIBRARIES[library]
    environment = {"DPX_URL": desk.url, "DPX_API_KEY": souk.env["SOUK_API_KEY"], "NO_PROXY": "127.0.0.1"}
    finished = desk.run(venv / "bin" / "python", FLOW, module, **catalog, **environment)
    assert finished.code == 0, finished.text
    return finished.json()


@pytest.mark.parametrize("library", ["data-intelligence-sdk", "dph-services"])
def test_the_flow_runs_through(desk: Desk, souk: Running, catalog: dict[str, str], library: str) -> None:
    said = told(desk, souk, catalog, library)
    assert [status for _, status in said["told"]] == [STATUS.get(method, 200) for method, _ in said["told"]]
    assert len({method for method, _ in said["told"]}) == METHODS
    noted = said["noted"]
    assert noted["credentials"] == ["created_at", "name"]
    assert (noted["documents"], noted["document"]) == (["Better terms", "Other"], "Better terms")
    assert (noted["retired"], noted["schema"], noted["runs"]) == ("retired", "batches", 1)
    assert (noted["domain"], noted["within"]) == ("Iced", [])
    assert noted["create_data_asset_visualization"] == noted["reinitiate_data_asset_visualization"]
    failed = [line for line in desk.relay.lines() if int(line.split(" ")[-1]) >= 400]
    assert failed == []
