"""The caller's own access at an output port: what dataproduct-mcp asks for (contract section 9)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.identity import mint
from tests.nndm.driver import Api, Document
from tests.nndm.samples import port, product

PORT = "/api/dataproducts/orders/outputports/{}/{}"


@pytest.fixture
def user(api: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Api:
    """Somebody of no team, where a product has a port that asks and one that approves by itself."""
    keys = tmp_path / "jwks.json"
    keys.write_text(json.dumps({"keys": [mint.jwk(mint.rsa_key(), "rsa-1")]}))
    monkeypatch.setenv("SOUK_ISSUER", mint.ISSUER)
    monkeypatch.setenv("SOUK_AUDIENCE", mint.AUDIENCE)
    monkeypatch.setenv("SOUK_JWKS_URL", keys.as_uri())
    api.made("dataproducts", product("orders", port("out"), port("open", autoApprove=True)))
    return Api(api.store, mint.token())


def status(client: Api, port: str = "out") -> Document:
    shown: Document = client.call("GET", PORT.format(port, "access-status")).json()
    return shown


def request(client: Api, port: str = "out") -> tuple[int, str]:
    answer = client.call("POST", PORT.format(port, "request-access"), {"purpose": "Reports"})
    return answer.status, answer.json().get("status")


def test_a_person_asks_waits_and_gets_access(api: Api, user: Api) -> None:
    assert status(user) == {
        "dataProductId": "orders",
        "outputPortId": "out",
        "canGetInstantAccess": False,
        "canRequestAccess": True,
    }
    assert request(user) == (200, "requested")
    shown = status(user)
    assert (shown["accessStatus"], shown["accessLifecycleStatus"], shown["canRequestAccess"]) == (
        "requested",
        "requested",
        False,
    )
    id = shown["accessId"]
    document = api.shown("access", id)
    assert document["info"]["purpose"] == "Reports"
    assert document["consumer"] == {"userId": "ada@company.example"}
    assert document["provider"] == {"dataProductId": "orders", "outputPortId": "out"}
    assert api.call("POST", f"/api/access/{id}/approve").status == 200
    assert status(user)["accessLifecycleStatus"] == "active"
    assert request(user)[0] == 422
    assert api.call("POST", f"/api/access/{id}/cancel").status == 200
    assert (status(user)["accessLifecycleStatus"], status(user)["canRequestAccess"]) == ("expired", True)
    assert request(user) == (200, "requested")
    assert status(user)["accessId"] != id


def test_ports_are_asked_for_one_by_one(user: Api) -> None:
    assert status(user, "open")["canGetInstantAccess"] is True
    assert request(user, "open") == (200, "active")
    assert request(user, "out") == (200, "requested")
    assert [status(user, port)["accessLifecycleStatus"] for port in ("open", "out")] == ["active", "requested"]


@pytest.mark.usefixtures("user")
def test_a_key_sees_the_port_and_asks_for_nobody(api: Api) -> None:
    assert status(api)["canRequestAccess"] is False
    assert request(api)[0] == 403


def test_what_is_not_there(user: Api) -> None:
    for client, operation, method in ((user, "access-status", "GET"), (user, "request-access", "POST")):
        body = {"purpose": "p"}
        assert (
            client.call(method, PORT.format("none", operation), body).detail
            == "Could not find output port by id 'none'"
        )
        other = PORT.replace("orders", "none").format("out", operation)
        assert client.call(method, other, body).detail == "Could not find data product by id 'none'"
    assert user.call("POST", PORT.format("out", "request-access"), {"purpose": " "}).status == 422
