"""What becomes of a function's answer, and what the gateway itself answers."""

from __future__ import annotations

import http.client
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest

from local.executor import Executor
from local.front import Front
from local.templates import Application
from tests.local.conftest import Wire

FAILED = (500, {"message": "Internal Server Error"})


def test_answer_without_a_status_becomes_json(wire: Wire) -> None:
    answer = wire.get("/api/answers/bare")
    assert (answer.status, answer.json, answer.header("content-type")) == (200, {"hello": "world"}, "application/json")
    assert wire.get("/api/answers/text").json == "hello"
    assert wire.get("/api/answers/nothing").json is None


def test_body_without_a_content_type_is_plain_text(wire: Wire) -> None:
    answer = wire.get("/api/answers/untyped")
    assert (answer.body, answer.header("content-type")) == (b"plain", "text/plain;charset=UTF-8")


def test_no_content(wire: Wire) -> None:
    answer = wire.get("/api/answers/empty")
    assert (answer.status, answer.body) == (204, b"")


def test_each_cookie_is_a_header_and_other_values_become_text(wire: Wire) -> None:
    answer = wire.get("/api/answers/cookies")
    assert [value for name, value in answer.headers if name == "set-cookie"] == ["a=1; Path=/", "b=2"]
    assert answer.header("x-number") == "7"
    assert answer.header("x-flag") == "true"


def test_base64_answers_are_decoded(wire: Wire) -> None:
    answer = wire.get("/api/answers/binary")
    assert (answer.body, answer.header("content-type")) == (b"\x00\x01\x02\xff", "image/png")


def test_text_is_utf8(wire: Wire) -> None:
    assert wire.get("/api/answers/unicode").body.decode() == "é—🚀"


@pytest.mark.parametrize("kind", ["badBase64", "badStatus", "badBody", "splitHeader", "large", "raise"])
def test_answer_that_the_gateway_cannot_read_is_a_500(wire: Wire, kind: str) -> None:
    answer = wire.get(f"/api/answers/{kind}")
    assert (answer.status, answer.json) == FAILED


def test_function_that_cannot_be_imported_is_a_500(wire: Wire) -> None:
    answer = wire.get("/api/missing")
    assert (answer.status, answer.json) == FAILED


def test_answer_just_within_the_limit_arrives_whole(wire: Wire) -> None:
    assert len(wire.get("/api/answers/justRight").body) == 6_000_000


def test_function_that_is_too_slow_is_a_503(wire: Wire) -> None:
    answer = wire.get("/api/answers/slow")
    assert (answer.status, answer.json) == (503, {"message": "Service Unavailable"})


def test_head_has_headers_and_no_body(wire: Wire) -> None:
    answer = wire.send("HEAD", "/api/answers/untyped")
    assert (answer.status, answer.body) == (200, b"")


def test_every_answer_names_its_request(wire: Wire) -> None:
    ids = {wire.get("/api/answers/empty").header("apigw-requestid") for _ in range(3)}
    assert len(ids) == 3


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"GET /api/things/\xc3\xa9 HTTP/1.1\r\nhost: x\r\n\r\n",
        b"GET /a b HTTP/1.1\r\n\r\n",
        b"nonsense\r\n\r\n",
        b"POST /api/things HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\nshort",
        b"POST /api/things HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n",
        b"POST /api/things HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_broken_requests_do_not_hurt_the_server(wire: Wire, request_bytes: bytes) -> None:
    with socket.create_connection(("127.0.0.1", wire.port), timeout=10) as client:
        client.sendall(request_bytes)
        client.shutdown(socket.SHUT_WR)
        answer = client.recv(65536)
    assert answer[:12] in {b"", b"HTTP/1.1 400"}
    assert wire.get("/api/things/1").status == 200


def test_connection_is_kept(wire: Wire) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", wire.port, timeout=10)
    sockets = set()
    for target in ("/api/things/1", "/api/answers/raise", "/nowhere", "/api/things/2"):
        connection.request("GET", target)
        connection.getresponse().read()
        assert connection.sock is not None
        sockets.add(connection.sock.getsockname())
    connection.close()
    assert len(sockets) == 1


def test_many_clients_get_their_own_answers(wire: Wire) -> None:
    with ThreadPoolExecutor(16) as pool:
        answers = pool.map(lambda n: wire.get(f"/api/things/{n}").event["pathParameters"]["id"], range(200))
    assert list(answers) == [str(n) for n in range(200)]


def test_nothing_is_served_before_the_run_is_open_and_health_not_before_it_is_ready(
    application: Application, executor: Executor
) -> None:
    import asyncio

    from local.gateway import Incoming

    front = Front(application, executor)

    def status(target: bytes) -> int:
        return asyncio.run(front.answer(Incoming("GET", target, b"", [], b"", "127.0.0.1"))).status

    assert (status(b"/api/things/1"), status(b"/health")) == (503, 503)
    front.open = True
    assert (status(b"/api/things/1"), status(b"/health")) == (200, 503)
    front.ready = True
    assert (status(b"/api/things/1"), status(b"/health")) == (200, 200)
