"""IBM's own client libraries of three generations, unmodified: a product's whole life, models and pagers included."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.clients.programs import Desk, environment
from tests.running import Running

pytestmark = pytest.mark.clients

STORY = Path(__file__).with_name("story.py")
LIBRARIES = {
    "dph-services": (environment("SOUK_CLIENTS_DPH_VENV", ".venv-clients-dph"), "dph_services.dph_v1", "DphV1"),
    "data-intelligence-sdk": (
        environment("SOUK_CLIENTS_WXDI_VENV", ".venv-clients-wxdi"),
        "wxdi.dph_services.dph_v1",
        "DphV1",
    ),
    "ibm-dpx-services": (
        environment("SOUK_CLIENTS_DPX_VENV", ".venv-clients-dpx"),
        "ibm_dpx_services.dpx_v1",
        "DpxV1",
    ),
}
OPERATIONS_OF_THE_DOCUMENT = 22


def line_of(exchange: str) -> tuple[str, str]:
    """Method and path of an exchange, ids left out."""
    method, target, _ = exchange.split(" ")
    path = target.partition("?")[0]
    return method, "/".join("*" if len(step) >= 36 or step == "-" else step for step in path.split("/"))


@pytest.fixture(params=sorted(LIBRARIES))
def told(request: pytest.FixtureRequest, desk: Desk, souk: Running) -> Any:
    """What the story with this library says."""
    venv, module, name = LIBRARIES[request.param]
    environment = {"DPX_URL": desk.url, "DPX_API_KEY": souk.env["SOUK_API_KEY"], "NO_PROXY": "127.0.0.1"}
    finished = desk.run(venv / "bin" / "python", STORY, module, name, **environment)
    assert finished.code == 0, finished.text
    return finished.json()


def test_a_product_lives_its_life(told: Any, desk: Desk) -> None:
    assert told["initialized"] == "succeeded"
    assert (told["created"], told["published"], told["retired"], told["latest"]) == (
        201,
        "available",
        "retired",
        "2.0.0",
    )
    assert told["document"] == "https://example.com/better"
    assert (told["uploaded"], told["downloaded"], told["document_deleted"]) == (200, "Be kind.", 204)
    assert (told["described"], told["deleted"], told["rotated"]) == ("Final words", 204, 204)
    assert told["products"]
    assert sorted(told["releases"]) == ["1.0.0", "2.0.0"]
    assert set(told["drafts"]) == {"draft"}
    assert told["refused"][0] == 404
    assert "does not exist" in told["refused"][1]
    assert told["models"] >= 20
    called = {line_of(line) for line in desk.relay.lines()}
    assert ("POST", "/identity/token") in called
    assert len(called - {("POST", "/identity/token")}) == OPERATIONS_OF_THE_DOCUMENT
