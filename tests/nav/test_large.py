"""Lists without pages: what is larger than a function may answer goes out packed, whoever asks."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

import pytest

from souk.edge.response import MAX_ANSWER, Response
from souk.store.sqlite import SqliteStore
from souk.work import Work, run
from tests.nav.driver import Client

LAMBDA_BYTES = 6_291_556
LINES = 32_000


def size(answer: dict[str, Any]) -> int:
    """Bytes of the answer as a function hands it over."""
    return len(json.dumps(answer).encode())


@pytest.mark.parametrize("accepts", [True, False])
def test_an_answer_beyond_the_limit_is_packed(accepts: bool) -> None:
    body = b'[{"a":1}]' * (MAX_ANSWER // 9 + 1)
    answer = Response(200, body).as_gateway(accepts_gzip=accepts)
    assert answer["headers"]["content-encoding"] == "gzip"
    assert gzip.decompress(base64.b64decode(answer["body"])) == body
    assert size(answer) < LAMBDA_BYTES


def test_a_smaller_answer_is_packed_for_whoever_takes_it() -> None:
    plain = Response(200, b"x" * 600_000).as_gateway(accepts_gzip=False)
    assert (plain["isBase64Encoded"], "content-encoding" in plain["headers"]) == (False, False)


def test_a_log_of_many_lines_is_answered(store: SqliteStore) -> None:
    client = Client(store)
    product = client.register()
    line = json.dumps({"action": "grant", "kind": "user", "subject": "a@nav.no", "author": "b@nav.no", "access": "x"})

    def write(work: Work) -> None:
        for _ in range(80):
            work.line(f"access-log/{product}", line)

    for _ in range(LINES // 80):
        run(store, write)
    answer = client.answer("get_access_log", product)
    assert (answer["statusCode"], size(answer) < LAMBDA_BYTES) == (200, True)
    assert len(json.loads(gzip.decompress(base64.b64decode(answer["body"])))) == LINES
