"""Bodies that come packed."""

from __future__ import annotations

import base64
import gzip

import pytest

from souk.edge.request import Request
from souk.errors import Unreadable


def packed(data: bytes) -> Request:
    body = base64.b64encode(data).decode()
    return Request({"body": body, "isBase64Encoded": True, "headers": {"content-encoding": "gzip"}})


def test_a_packed_body_is_unpacked() -> None:
    assert packed(gzip.compress(b'{"a":1}')).json == {"a": 1}


@pytest.mark.parametrize("cut", [1, 8, 12])
def test_a_packed_body_that_was_cut_is_refused(cut: int) -> None:
    with pytest.raises(Unreadable):
        _ = packed(gzip.compress(b'{"a":1}')[:-cut]).body
