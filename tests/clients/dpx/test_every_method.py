"""Every method of the libraries with 46, unmodified: called, and its answer read by the library's own model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from open_data_contract_standard.model import OpenDataContractStandard

from tests.clients.dpx.test_libraries import LIBRARIES
from tests.clients.programs import Desk
from tests.running import Running

pytestmark = pytest.mark.clients

EVERY = Path(__file__).with_name("every.py")
METHODS = 46
NO_MODEL = {
    "manage_api_keys": "204",
    "delete_domain": "204",
    "delete_data_product_contract_template": "204",
    "delete_data_product_draft": "204",
    "delete_draft_contract_terms_document": "204",
    "get_contract_terms_in_specified_format": "200",
}
"""Answers without a body, and one that is a file."""


@pytest.fixture(params=["data-intelligence-sdk", "dph-services"])
def told(request: pytest.FixtureRequest, desk: Desk, souk: Running) -> Any:
    """What the library says of every method."""
    venv, module, _ = LIBRARIES[request.param]
    environment = {"DPX_URL": desk.url, "DPX_API_KEY": souk.env["SOUK_API_KEY"], "NO_PROXY": "127.0.0.1"}
    finished = desk.run(venv / "bin" / "python", EVERY, module, **environment)
    assert finished.code == 0, finished.text
    return finished.json()


def test_every_method_is_answered_as_its_model_wants(told: Any, desk: Desk) -> None:
    assert len(told["methods"]) == METHODS
    assert sorted(told["told"]) == told["methods"]
    bare = {name: answer for name, answer in told["told"].items() if " " not in answer}
    assert bare == NO_MODEL
    noted = told["noted"]
    assert (noted["bucket"], noted["domain"], noted["templates"]) == ({"bucket_exists": True}, "Roasts", 1)
    assert (noted["roles"], noted["found"], noted["runs"]) == ([{"role": "reader"}], True, 1)
    assert noted["create_data_asset_visualization"] == "does_not_exist"
    assert noted["reinitiate_data_asset_visualization"] == "does_not_exist"
    assert (noted["refused"][0], "does not exist" in noted["refused"][1]) == (404, True)
    contract = OpenDataContractStandard.from_string(noted["odcs"])
    assert (contract.name, contract.status) == ("Batches", "draft")
    assert yaml.safe_load(noted["odcs"])["apiVersion"] == "v3.1.0"
    assert {exchange.status for exchange in desk.relay.exchanges} <= {200, 201, 202, 204, 404}
