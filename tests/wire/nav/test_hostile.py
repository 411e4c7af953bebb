"""Bodies that no client should send are refused in NAV's words, and change nothing."""

from __future__ import annotations

import gzip

import pytest

from tests.wire.nav.door import JSON_TYPE, UNREADABLE, Door, done, refused

OPERATIONS = [
    ("POST", "dataproducts"),
    ("PUT", "dataproducts/{id}"),
    ("POST", "access/{id}"),
    ("DELETE", "access/{id}"),
]
BODIES = {
    "nothing": b"",
    "blank": b" \n",
    "array": b'[{"name": "n"}]',
    "text": b'"name"',
    "number": b"7",
    "null": b"null",
    "cut": b'{"name": "n"',
    "more": b'{"name": "n"} {}',
    "nan": b'{"name": NaN}',
    "infinity": b'{"name": "n", "x": -Infinity}',
    "huge number": b'{"name": "n", "x": 1e999}',
    "twice": b'{"name": "n", "name": "m", "subject": "a", "subject": "b"}',
    "latin-1": b'{"name": "\xe9"}',
    "half a pair": b'{"name": "\\ud800", "subject": "\\ud800", "type": "user"}',
    "deep": b'{"name": ' + b"[" * 200 + b"]" * 200 + b"}",
    "very deep": b'{"name": ' + b"[" * 200_000 + b"]" * 200_000 + b"}",
    "5 MB": b'{"name": "' + b"x" * 5_000_000 + b'"}',
    "BOM": b'\xef\xbb\xbf{"name": "n"}',
}


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_unreadable_bodies(owner: Door, product: str, method: str, path: str, body: bytes) -> None:
    before = owner.shown(product)
    refused(owner.raw(method, path.format(id=product), body), 400, UNREADABLE)
    assert owner.shown(product) == before
    assert owner.log(product) == []


def test_gzip_that_unpacks_to_more_than_is_taken(owner: Door, product: str) -> None:
    bomb = gzip.compress(b'{"name": "' + b"x" * 50_000_000 + b'"}')
    headers = owner.headers | JSON_TYPE | {"content-encoding": "gzip"}
    refused(owner.send("PUT", f"/api/v1/dataproducts/{product}", bomb, headers), 400, UNREADABLE)


@pytest.mark.parametrize("id", ["%00", "..%2f..", "a" * 2000, "%F0%9F%98%80", "'; drop table", "{}", "-"])
def test_strange_ids_are_not_found(owner: Door, id: str) -> None:
    answer = owner.call("GET", f"dataproducts/{id.replace(' ', '%20')}")
    assert answer.status == 404
    assert answer.kind == "text/plain"


def test_body_without_a_content_type_is_read(owner: Door, product: str) -> None:
    done(owner.send("PUT", f"/api/v1/dataproducts/{product}", b'{"name": "plain"}', owner.headers))
    assert owner.shown(product)["data_product"]["name"] == "plain"


def test_key_of_a_map_stays_a_key(owner: Door, product: str) -> None:
    subject = '"}, "user:x": "'
    done(owner.grant(product, subject))
    assert f"user:{subject}" in owner.access(product)
    assert owner.log(product)[0]["subject"] == subject
