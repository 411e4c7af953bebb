"""What clients do to connections: requests that are cut, slow, doubled or too large, and many that say nothing."""

from __future__ import annotations

import json
import re
import socket
from contextlib import ExitStack

import pytest

from local import connections
from tests.local.conftest import Wire

PLACE = b"POST /api/things HTTP/1.1\r\nhost: x\r\n"
READ = b"GET /api/things/1 HTTP/1.1\r\nhost: x\r\n"
_STATUS = re.compile(rb"HTTP/1\.1 (\d{3}) ")


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests must arrive soon."""
    monkeypatch.setattr(connections, "MAX_SECONDS", 0.2)


def opened(wire: Wire) -> socket.socket:
    return socket.create_connection(("127.0.0.1", wire.port), timeout=20)


def until_closed(client: socket.socket) -> bytes:
    """All that comes until the server closes. Raises TimeoutError where it hangs."""
    whole = b""
    try:
        while got := client.recv(65536):
            whole += got
    except ConnectionResetError:  # it closed while there was more to read
        pass
    return whole


def sent(wire: Wire, *parts: bytes) -> list[int]:
    """The statuses of everything that is answered to these bytes until the server closes the connection."""
    with opened(wire) as client:
        try:
            for part in parts:
                client.sendall(part)
        except (BrokenPipeError, ConnectionResetError):  # it has heard enough
            pass
        return [int(status) for status in _STATUS.findall(until_closed(client))]


def still_served(wire: Wire) -> bool:
    return wire.get("/api/things/1").status == 200


AMBIGUOUS = {
    "a length and pieces": PLACE + b"content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    "pieces and a length": PLACE + b"transfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n0\r\n\r\n",
    "two lengths": PLACE + b"content-length: 5\r\ncontent-length: 6\r\n\r\nhello!",
    "two lengths in one": PLACE + b"content-length: 5, 5\r\n\r\nhello",
    "a length with a sign": PLACE + b"content-length: +5\r\n\r\nhello",
    "a length in other digits": PLACE + b"content-length: 0x5\r\n\r\nhello",
    "a length beyond all": PLACE + b"content-length: 99999999999999999999999\r\n\r\nhello",
    "pieces under another name": PLACE + b"transfer-encoding: xchunked\r\n\r\n0\r\n\r\n",
    "pieces, packed": PLACE + b"transfer-encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
    "a piece of a strange size": PLACE + b"transfer-encoding: chunked\r\n\r\n-1\r\nhello\r\n0\r\n\r\n",
    "a piece beyond all": PLACE + b"transfer-encoding: chunked\r\n\r\nfffffffffffffffff\r\nhello",
    "a piece longer than it says": PLACE + b"transfer-encoding: chunked\r\n\r\n2\r\nhello\r\n0\r\n\r\n",
    "a blank before the colon": PLACE + b"content-length : 5\r\n\r\nhello",
    "a header that goes on": READ + b"a: b\r\n c: d\r\n\r\n",
    "a NUL in a header": READ + b"a: b\0c\r\n\r\n",
    "a line break in a header": READ + b"a: b\rc: d\r\n\r\n",
    "no name": READ + b": a\r\n\r\n",
    "another protocol": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(64)),
}


@pytest.mark.parametrize("request_bytes", AMBIGUOUS.values(), ids=AMBIGUOUS)
def test_what_can_be_read_in_two_ways_is_read_in_none(wire: Wire, writes: list[float], request_bytes: bytes) -> None:
    before = len(writes)
    assert sent(wire, request_bytes) == [400]
    assert len(writes) == before
    assert still_served(wire)


def test_a_body_longer_than_its_length_is_no_second_request(wire: Wire) -> None:
    with opened(wire) as client:
        client.sendall(PLACE + b"content-length: 2\r\n\r\n{}DELETE everything\r\n\r\n")
        statuses = [int(status) for status in _STATUS.findall(until_closed(client))]
    assert statuses in ([400], [200, 400])
    assert still_served(wire)


def test_a_body_shorter_than_its_length_is_never_carried_out(wire: Wire, writes: list[float]) -> None:
    before = len(writes)
    with opened(wire) as client:
        client.sendall(PLACE + b"content-length: 50\r\n\r\n{}")
        client.shutdown(socket.SHUT_WR)
        assert until_closed(client) == b""
    assert len(writes) == before


def test_a_body_in_pieces_arrives_whole(wire: Wire) -> None:
    with opened(wire) as client:
        client.sendall(PLACE + b"transfer-encoding: chunked\r\nconnection: close\r\n\r\n")
        for letter in b"pieces":
            client.sendall(b"1;a=b\r\n" + bytes([letter]) + b"\r\n")
        client.sendall(b"0\r\nafter: all\r\n\r\n")
        head, _, body = until_closed(client).partition(b"\r\n\r\n")
    assert _STATUS.findall(head) == [b"200"]
    assert json.loads(body)["event"]["body"] == "pieces"


def test_a_body_in_pieces_is_counted(wire: Wire) -> None:
    piece = b"100000\r\n" + b"a" * 0x100000 + b"\r\n"
    assert sent(wire, PLACE + b"transfer-encoding: chunked\r\nconnection: close\r\n\r\n", *[piece] * 11) == [413]
    assert still_served(wire)


LARGE = {
    "one header": [READ + b"a: " + b"b" * connections.MAX_HEAD + b"\r\n\r\n"],
    "a header that never ends": [READ + b"a: ", *[b"b" * 65536] * 20],
    "a name that never ends": [READ, *[b"b" * 65536] * 20],
    "many headers": [READ + b"a: b\r\n" * 40_000 + b"\r\n"],
    "a long target": [b"GET /api/things/" + b"a" * connections.MAX_HEAD + b" HTTP/1.1\r\nhost: x\r\n\r\n"],
    "a target that never ends": [b"GET /", *[b"a" * 65536] * 20],
    "much behind the pieces": [PLACE + b"transfer-encoding: chunked\r\n\r\n0\r\n" + b"a: b\r\n" * 40_000 + b"\r\n"],
}


@pytest.mark.parametrize("parts", LARGE.values(), ids=LARGE)
def test_a_head_is_held_up_to_a_bound(wire: Wire, writes: list[float], parts: list[bytes]) -> None:
    before = len(writes)
    assert sent(wire, *parts) == [431]
    assert len(writes) == before
    assert still_served(wire)


SLOW = {
    "a head": READ + b"a: b\r\n",
    "a target": b"GET /api/thi",
    "a body": PLACE + b"content-length: 50\r\n\r\n{",
    "a body in pieces": PLACE + b"transfer-encoding: chunked\r\n\r\n5\r\nhe",
    "nothing at all": b"",
}


@pytest.mark.parametrize("begun", SLOW.values(), ids=SLOW)
def test_whoever_does_not_go_on_is_not_waited_for(wire: Wire, writes: list[float], hurried: None, begun: bytes) -> None:
    before = len(writes)
    assert sent(wire, begun) == [408]
    assert len(writes) == before
    assert still_served(wire)


def dripped(client: socket.socket) -> bytes:
    """What comes while a byte is sent now and then."""
    client.settimeout(0.02)
    while True:
        client.sendall(b"a")
        try:
            return client.recv(65536)
        except TimeoutError:
            continue


def test_a_drip_is_no_progress(wire: Wire, hurried: None) -> None:
    """A byte now and then does not keep a request alive: its time runs from its first byte."""
    with opened(wire) as client:
        client.sendall(READ)
        assert dripped(client).startswith(b"HTTP/1.1 408 ")


def test_others_are_served_while_many_say_nothing_or_half_of_something(wire: Wire) -> None:
    with ExitStack() as stack:
        clients = [stack.enter_context(opened(wire)) for _ in range(200)]
        for client in clients[:100]:
            client.sendall(PLACE + b"content-length: 50\r\n\r\n{")
        assert [wire.get(f"/api/things/{number}").status for number in range(20)] == [200] * 20
        clients[0].sendall(b"}" * 49)
        assert clients[0].recv(65536).startswith(b"HTTP/1.1 200 ")


def test_requests_that_come_at_once_are_answered_in_their_order(wire: Wire) -> None:
    asked = [b"GET /api/things/%d HTTP/1.1\r\nhost: x\r\n\r\n" % number for number in range(50)]
    last = b"GET /api/things/50 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"
    with opened(wire) as client:
        client.sendall(b"".join(asked) + last)
        told = until_closed(client)
    assert _STATUS.findall(told) == [b"200"] * 51
    assert re.findall(rb'"pathParameters": ?\{"id": ?"(\d+)"', told) == [b"%d" % number for number in range(51)]


def test_a_large_body_is_refused_before_it_comes(wire: Wire) -> None:
    with opened(wire) as client:
        client.sendall(PLACE + b"content-length: 99999999999\r\nexpect: 100-continue\r\n\r\n")
        assert client.recv(65536).startswith(b"HTTP/1.1 413 ")
    assert still_served(wire)


def test_a_request_to_speak_something_else_is_answered_or_closed(wire: Wire, hurried: None) -> None:
    upgrade = b"connection: upgrade, close\r\nupgrade: websocket\r\n"
    assert sent(wire, READ + upgrade + b"\r\n") in ([200], [400])
    assert sent(wire, PLACE + upgrade + b"content-length: 5\r\n\r\nhello") in ([200], [400], [408])
    assert still_served(wire)
