"""Pages of other origins, against API Gateway's HTTP API with a CorsConfiguration."""

from __future__ import annotations

import pytest

from local.cors import Cors
from local.templates import Application, read_application
from tests.local.conftest import Answer, Wire
from tests.repository.tree import ROOT

PAGE = ("Origin", "https://page.example")
ASKS = ("Access-Control-Request-Method", "PUT")
ALLOWED = {
    "access-control-allow-origin": "https://page.example",
    "access-control-allow-credentials": "true",
}
PREFLIGHT = ALLOWED | {
    "access-control-allow-methods": "GET,PUT",
    "access-control-allow-headers": "content-type,x-api-key",
    "access-control-max-age": "300",
}


def cors_headers(answer: Answer) -> dict[str, str]:
    return {name: value for name, value in answer.headers if name.startswith("access-control-")}


@pytest.mark.parametrize("target", ["/api/things/1", "/api/answers/text", "/api/nowhere"])
def test_preflight_is_answered_without_a_function(wire: Wire, target: str) -> None:
    answer = wire.send("OPTIONS", target, headers=[PAGE, ASKS, ("Access-Control-Request-Headers", "x-api-key")])
    assert (answer.status, answer.body) == (204, b"")
    assert cors_headers(answer) == PREFLIGHT


def test_options_without_a_question_is_a_request_like_others(wire: Wire) -> None:
    answer = wire.send("OPTIONS", "/api/answers/text", headers=[PAGE])
    assert (answer.status, answer.body) == (200, b'"hello"')
    assert cors_headers(answer) == ALLOWED | {"access-control-expose-headers": "etag,x-request-id"}


@pytest.mark.parametrize(
    ("target", "status"), [("/api/things/1", 200), ("/api/nowhere", 404), ("/api/answers/raise", 500)]
)
def test_every_answer_may_be_read_by_the_page(wire: Wire, target: str, status: int) -> None:
    answer = wire.get(target, PAGE)
    assert answer.status == status
    assert cors_headers(answer) == ALLOWED | {"access-control-expose-headers": "etag,x-request-id"}


def test_request_without_an_origin_is_answered_without_them(wire: Wire) -> None:
    assert cors_headers(wire.get("/api/things/1")) == {}


@pytest.mark.parametrize(
    "origin", ["http://page.example", "null", "ftp://page.example", "http://localhost:3001", "HTTPS://page.example"]
)
def test_origin_that_is_not_named_is_not_let_in(wire: Wire, origin: str) -> None:
    answer = wire.get("/api/things/1", ("Origin", origin))
    assert (answer.status, cors_headers(answer)) == (200, {})
    preflight = wire.send("OPTIONS", "/api/things/1", headers=[("Origin", origin), ASKS])
    assert (preflight.status, cors_headers(preflight)) == (204, {})


def test_origin_that_is_named_in_full_is_let_in(wire: Wire) -> None:
    answer = wire.get("/api/things/1", ("Origin", "http://localhost:3000"))
    assert answer.header("access-control-allow-origin") == "http://localhost:3000"


def test_headers_of_the_function_are_put_aside(wire: Wire) -> None:
    assert cors_headers(wire.get("/api/answers/ownCors")) == {}
    answer = wire.get("/api/answers/ownCors", PAGE)
    assert answer.header("access-control-allow-origin") == "https://page.example"
    assert answer.header("x-a") == "1"


def test_api_that_says_nothing_leaves_it_to_its_functions(wire: Wire) -> None:
    assert cors_headers(wire.get("/health", PAGE)) == {}
    assert wire.send("OPTIONS", "/health", headers=[PAGE, ASKS]).status != 204


def test_any_origin_is_answered_with_a_star() -> None:
    cors = Cors(("*",), exposed=("etag",))
    asked = [(b"origin", b"null")]
    assert cors.mark(asked, []) == [(b"access-control-allow-origin", b"*"), (b"access-control-expose-headers", b"etag")]


def test_configuration_is_read_from_the_templates(application: Application) -> None:
    assert set(application.cors) == {"nndm"}
    assert application.cors["nndm"].max_age == 300


def test_the_nav_door_lets_any_page_in_with_credentials() -> None:
    allowed = read_application(ROOT / "template.yaml").cors["nav"]
    assert allowed.origins == ("http://*", "https://*")
    assert allowed.methods == ("GET", "POST", "PUT", "DELETE", "OPTIONS")
    assert allowed.credentials
