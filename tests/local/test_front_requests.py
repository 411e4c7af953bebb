"""What a function gets of a request, against API Gateway's HTTP API with payload format 2.0."""

from __future__ import annotations

import base64

import pytest

from tests.local.conftest import Wire


def test_event_has_the_fields_of_payload_format_two(wire: Wire) -> None:
    event = wire.get("/api/things/7?a=1", ("User-Agent", "test/1"), ("X-Api-Key", "secret")).event
    context = event["requestContext"]
    assert event["version"] == "2.0"
    assert event["routeKey"] == context["routeKey"] == "GET /api/things/{id}"
    assert event["rawPath"] == context["http"]["path"] == "/api/things/7"
    assert event["rawQueryString"] == "a=1"
    assert event["pathParameters"] == {"id": "7"}
    assert event["headers"]["x-api-key"] == "secret"
    assert event["isBase64Encoded"] is False
    assert context["http"]["method"] == "GET"
    assert context["http"]["protocol"] == "HTTP/1.1"
    assert context["http"]["sourceIp"] == "127.0.0.1"
    assert context["http"]["userAgent"] == "test/1"
    assert context["stage"] == "$default"
    assert len(context["requestId"]) > 10
    assert context["timeEpoch"] > 1_700_000_000_000


def test_what_is_absent_is_left_out(wire: Wire) -> None:
    event = wire.send("POST", "/api/things").event
    assert {"body", "cookies", "queryStringParameters", "pathParameters"}.isdisjoint(event)


@pytest.mark.parametrize(
    ("sent", "arrives"),
    [
        ("urn%3Aproduct%3Aa", "urn:product:a"),
        ("urn:product:a", "urn:product:a"),
        ("a%20b", "a b"),
        ("a+b", "a+b"),
        ("%C3%A9", "é"),
        ("100%25", "100%"),
        ("%2525", "%25"),
        ("a%40b.no", "a@b.no"),
        ("a%23b", "a#b"),
        ("a%3Bb", "a;b"),
    ],
)
def test_path_is_decoded_once_before_routes_are_matched(wire: Wire, sent: str, arrives: str) -> None:
    event = wire.get(f"/api/things/{sent}").event
    assert event["pathParameters"] == {"id": arrives}
    assert event["rawPath"] == f"/api/things/{arrives}"


def test_encoded_slash_separates_segments(wire: Wire) -> None:
    assert wire.get("/api/things/a%2Fb").body == b"$default /api/things/a/b False"
    assert wire.get("/api/things/a%2Fparts%2Fb").event["pathParameters"] == {"id": "a", "part": "b"}
    assert wire.get("/api/files/a%2Fb/c").event["pathParameters"] == {"rest": "a/b/c"}


def test_decoded_question_mark_ends_the_path(wire: Wire) -> None:
    event = wire.get("/api/things/a%3Fb?c=1").event
    assert event["pathParameters"] == {"id": "a"}
    assert event["rawQueryString"] == "c=1"


@pytest.mark.parametrize("target", ["/api/things/%FF", "/api/things/%C3"])
def test_path_that_is_not_utf8_is_refused(wire: Wire, target: str) -> None:
    answer = wire.get(target)
    assert (answer.status, answer.json) == (400, {"message": "Bad Request"})


def test_query_string_stays_as_sent_and_repeated_keys_are_joined(wire: Wire) -> None:
    event = wire.get("/api/things/1?b=2&a=%20x&b=3%2C4&empty=&a=+y").event
    assert event["rawQueryString"] == "b=2&a=%20x&b=3%2C4&empty=&a=+y"
    assert event["queryStringParameters"] == {"b": "2,3,4", "a": " x, y", "empty": ""}


def test_header_names_are_lower_case_and_repeated_ones_joined(wire: Wire) -> None:
    event = wire.get("/api/things/1", ("X-Many", "one"), ("x-many", "two"), ("Accept", "*/*")).event
    assert event["headers"]["x-many"] == "one,two"
    assert event["headers"]["accept"] == "*/*"


def test_gateway_says_where_the_request_came_from(wire: Wire) -> None:
    sent = (("X-Forwarded-For", "10.0.0.9"), ("X-Forwarded-Proto", "gopher"))
    headers = wire.get("/api/things/1", *sent).event["headers"]
    assert headers["x-forwarded-for"] == "10.0.0.9, 127.0.0.1"
    assert headers["x-forwarded-proto"] == "http"
    assert headers["x-forwarded-port"] == str(wire.port)
    assert headers["host"] == f"127.0.0.1:{wire.port}"
    context = wire.get("/api/things/1", ("X-Forwarded-For", "10.0.0.9")).event["requestContext"]
    assert context["http"]["sourceIp"] == "127.0.0.1"


def test_cookies_stand_apart_from_headers(wire: Wire) -> None:
    event = wire.get("/api/things/1", ("Cookie", "a=1; b=x=y"), ("cookie", "c=3")).event
    assert event["cookies"] == ["a=1", "b=x=y", "c=3"]
    assert "cookie" not in event["headers"]


@pytest.mark.parametrize(
    "kind",
    [
        "application/json",
        "application/json; charset=utf-8",
        "text/plain",
        "application/problem+json",
        "application/xml",
    ],
)
def test_text_bodies_come_as_text(wire: Wire, kind: str) -> None:
    event = wire.send("POST", "/api/things", "{é🚀}".encode(), [("Content-Type", kind)]).event
    assert (event["body"], event["isBase64Encoded"]) == ("{é🚀}", False)


@pytest.mark.parametrize(
    ("kind", "extra", "body"),
    [
        ("application/octet-stream", [], b"\x00\xff"),
        ("application/x-www-form-urlencoded", [], b"a=1"),
        ("image/png", [], b"\x89PNG"),
        ("application/json", [("content-encoding", "gzip")], b"\x1f\x8b"),
        ("application/json", [], b"\xff\xfe"),
    ],
)
def test_other_bodies_come_as_base64(wire: Wire, kind: str, extra: list[tuple[str, str]], body: bytes) -> None:
    event = wire.send("POST", "/api/things", body, [("content-type", kind), *extra]).event
    assert event["isBase64Encoded"] is True
    assert base64.b64decode(event["body"]) == body


def test_body_over_the_gateway_limit_is_refused(wire: Wire) -> None:
    answer = wire.send("POST", "/api/things", b"x" * (10 * 1024 * 1024 + 1), [("content-type", "text/plain")])
    assert (answer.status, answer.json) == (413, {"message": "Request Entity Too Large"})


def test_body_over_the_function_limit_is_refused(wire: Wire) -> None:
    answer = wire.send("POST", "/api/things", b"\x00" * 5_000_000, [("content-type", "image/png")])
    assert answer.status == 413


def test_large_body_within_the_limits_arrives_whole(wire: Wire) -> None:
    body = b"x" * 2_500_000
    event = wire.send("POST", "/api/things", body, [("content-type", "text/plain")]).event
    assert len(event["body"]) == len(body)


def test_function_sees_its_time_and_name(wire: Wire) -> None:
    facts = wire.get("/api/things/1").json
    assert facts["function"] == "souk-Nndm-EchoFunction"
    assert 0 < facts["left"] <= 2000


def test_only_requests_that_may_write_are_reported(wire: Wire, writes: list[float]) -> None:
    before = len(writes)
    wire.get("/api/things/1")
    assert len(writes) == before
    wire.send("PUT", "/api/things/1", b"{}")
    assert len(writes) == before + 1
