"""Records and events as bytes: one JSON value, compressed once it is big enough to gain by it.

A zlib stream begins with a byte whose lower half is 8, and plain JSON with `{` or `[`, so the first byte says which
it is. A value with integers beyond 64 bits is marked with `!`, and read by the slower parser that keeps them exact.
"""

from __future__ import annotations

import json
import zlib
from typing import Any

import orjson

from souk import jsontext
from souk.errors import Invalid, TooLarge
from souk.store.limits import MAX_BODY, MAX_EVENTS
from souk.store.port import Entry, Record

_COMPRESS_FROM = 256
_SMALL = 8192
_EXACT = b"!"


def encode_record(record: Record) -> bytes:
    """The record without its key and revision, which stand beside it. Raises errors.TooLarge and errors.Invalid."""
    data, size = _encode(_envelope(record))
    if size > MAX_BODY:
        raise TooLarge(f"a record may have {MAX_BODY} bytes as JSON; this one has {size}")
    return data


def json_size(record: Record) -> int:
    """Bytes of the record before compression."""
    return len(_dump(_envelope(record))[0])


def decode_record(key: str, revision: int, data: bytes) -> Record:
    """The record that `encode_record` wrote."""
    envelope = _decode(data)
    entries = envelope.get("e")
    return Record(
        kind=envelope["k"],
        id=envelope["i"],
        key=key,
        revision=revision,
        created=envelope["c"],
        updated=envelope["u"],
        body=envelope["b"],
        entries=tuple(Entry(*entry) for entry in entries) if entries else (),
        references=tuple(envelope.get("r", ())),
        deleted="d" in envelope,
        expires=envelope.get("x"),
    )


def encode_events(events: list[dict[str, Any]]) -> bytes:
    """Events or notices. Raises errors.TooLarge above MAX_EVENTS, errors.Invalid for what is not JSON."""
    data, _ = _encode(events)
    if len(data) > MAX_EVENTS:
        raise TooLarge(f"the events of one write may have {MAX_EVENTS} bytes compressed; these have {len(data)}")
    return data


def encode_batch(events: list[dict[str, Any]]) -> bytes:
    """The events of a log batch. The sequencer keeps batches small."""
    return _encode(events)[0]


def encode_for_now(events: list[dict[str, Any]]) -> bytes:
    """The same, not compressed, for what is read at once on the same machine."""
    text, mark = _dump(events)
    return mark + text


def decode_events(data: bytes) -> list[dict[str, Any]]:
    """The events that one of these wrote."""
    events: list[dict[str, Any]] = _decode(data)
    return events


def _envelope(record: Record) -> dict[str, Any]:
    envelope: dict[str, Any] = {
        "k": record.kind,
        "i": record.id,
        "c": record.created,
        "u": record.updated,
        "b": record.body,
    }
    if record.entries:
        envelope["e"] = [tuple(entry) for entry in record.entries]
    if record.references:
        envelope["r"] = record.references
    if record.deleted:
        envelope["d"] = 1
    if record.expires is not None:
        envelope["x"] = record.expires
    return envelope


def _encode(value: Any) -> tuple[bytes, int]:
    text, mark = _dump(value)
    return mark + (_compress(text) if len(text) >= _COMPRESS_FROM else text), len(text)


def _compress(text: bytes) -> bytes:
    if len(text) > _SMALL:
        return zlib.compress(text, 1)
    compressor = zlib.compressobj(1, zlib.DEFLATED, 12, 5)  # small tables: a third of the time for a small text
    return compressor.compress(text) + compressor.flush()


def _dump(value: Any) -> tuple[bytes, bytes]:
    try:
        return orjson.dumps(value), b""
    except TypeError:
        return _dump_exactly(value), _EXACT


def _dump_exactly(value: Any) -> bytes:
    try:
        return jsontext.dump(value)
    except UnicodeEncodeError:
        raise Invalid("the document holds half of a surrogate pair, which is not text") from None


def _decode(data: bytes) -> Any:
    if data[:1] == _EXACT:
        return json.loads(_unpack(data[1:]))
    return orjson.loads(_unpack(data))


def _unpack(data: bytes) -> bytes:
    return zlib.decompress(data) if data[0] & 0xF == zlib.DEFLATED else data
