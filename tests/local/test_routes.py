"""Which function answers which request."""

from __future__ import annotations

import pytest

from local.doors import door_of
from local.routes import Router
from local.templates import Application
from tests.local.conftest import Wire

ALL = {"nndm", "immuta", "nav", "dpx", "hub"}


@pytest.mark.parametrize(
    ("method", "path", "key"),
    [
        ("GET", "/api/things/special", "GET /api/things/special"),
        ("GET", "/api/things/other", "GET /api/things/{id}"),
        ("PUT", "/api/things/special", "PUT /api/things/{id}"),
        ("GET", "/api/things/a/parts/b", "GET /api/things/{id}/parts/{part}"),
        ("DELETE", "/api/things/a", "$default"),
        ("POST", "/api/things", "POST /api/things"),
        ("POST", "/api/things/", "$default"),
        ("GET", "/api/things/", "$default"),
        ("PATCH", "/api/files/a", "ANY /api/files/{rest+}"),
        ("GET", "/api/files/a/b/c", "ANY /api/files/{rest+}"),
        ("GET", "/api/files", "$default"),
        ("GET", "/api/files/", "$default"),
        ("OPTIONS", "/api/answers/x", "ANY /api/answers/{kind}"),
        ("GET", "/api/nothing", "$default"),
    ],
)
def test_the_most_specific_route_answers(application: Application, method: str, path: str, key: str) -> None:
    router = Router(f for f in application.functions if f.dialect == "nndm")
    match = router.match(method, path)
    assert match is not None
    assert match.key == key


def test_default_route_gets_the_path_and_no_parameters(wire: Wire) -> None:
    answer = wire.get("/api/nothing/here")
    assert (answer.status, answer.body) == (404, b"$default /api/nothing/here False")


def test_door_without_a_default_route_answers_as_the_gateway(wire: Wire) -> None:
    answer = wire.get("/nowhere")
    assert (answer.status, answer.json) == (404, {"message": "Not Found"})


@pytest.mark.parametrize(
    ("path", "door"),
    [
        ("/api/teams", "nndm"),
        ("/api/dataproducts/1", "nndm"),
        ("/api", "nndm"),
        ("/api/data-product/1", "immuta"),
        ("/api/data-products", "nndm"),
        ("/api/authors", "nndm"),
        ("/api/auth/me", "immuta"),
        ("/marketplace", "immuta"),
        ("/api/v1/dataproducts", "nav"),
        ("/data_product_exchange/v1/data_products", "dpx"),
        ("/v2/assets", "dpx"),
        ("/v3/search", "dpx"),
        ("/v20", "hub"),
        ("/health", "hub"),
        ("/", "hub"),
        ("", "hub"),
    ],
)
def test_paths_lead_to_their_doors(path: str, door: str) -> None:
    assert door_of(path or "/", ALL) == door


def test_paths_of_absent_doors_lead_to_nndm_or_hub() -> None:
    present = {"nndm", "hub"}
    assert door_of("/api/data-product/1", present) == "nndm"
    assert door_of("/v2/assets", present) == "hub"
    assert door_of("/v2/assets", {"nndm"}) is None
