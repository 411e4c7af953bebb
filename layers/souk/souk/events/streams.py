"""Stream events of the outbox and log tables, as functions get them, and the same made from what the store holds."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from souk.store import codec
from souk.store.port import LogBatch, OutboxItem

_EVENT, _NOTICE, _LOG = "event", "notice", "log"


def waiting_events(stream_event: dict[str, Any]) -> list[OutboxItem]:
    """The outbox items whose events wait for their place, in the stream's order. Notices are left out."""
    return [OutboxItem(i["sk"]["S"], _events(i)) for i in _inserted(stream_event, _EVENT)]


def waiting_notices(stream_event: dict[str, Any]) -> list[OutboxItem]:
    """The outbox items that hold notices, in the stream's order."""
    return [OutboxItem(i["sk"]["S"], _events(i), notice=True) for i in _inserted(stream_event, _NOTICE)]


def log_batches(stream_event: dict[str, Any]) -> list[LogBatch]:
    """The log batches of a stream event, in its order."""
    return [LogBatch(int(i["sk"]["N"]), _events(i)) for i in _inserted(stream_event, _LOG)]


def as_stream_event(items: Sequence[OutboxItem | LogBatch]) -> dict[str, Any]:
    """The stream event that the tables would send for these items, in the form that functions get."""
    return {"Records": [_insert(item) for item in items]}


def _inserted(stream_event: dict[str, Any], partition: str) -> Iterator[dict[str, Any]]:
    records: Iterable[dict[str, Any]] = stream_event.get("Records", ())
    for record in records:
        image = record["dynamodb"].get("NewImage")
        if record.get("eventName") == "INSERT" and image and image["pk"]["S"] == partition:
            yield image


def _events(image: dict[str, Any]) -> list[dict[str, Any]]:
    body = image["b"]["B"]
    return codec.decode_events(b64decode(body) if isinstance(body, str) else bytes(body))


def _insert(item: OutboxItem | LogBatch) -> dict[str, Any]:
    if isinstance(item, LogBatch):
        keys, place = {"pk": {"S": _LOG}, "sk": {"N": str(item.number)}}, str(item.number)
    else:
        partition = _NOTICE if item.notice else _EVENT
        keys, place = {"pk": {"S": partition}, "sk": {"S": item.id}}, item.id
    body = b64encode(codec.encode_for_now(item.events)).decode()
    return {
        "eventID": f"{keys['pk']['S']}-{place}",
        "eventName": "INSERT",
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "dynamodb": {
            "Keys": keys,
            "NewImage": {**keys, "b": {"B": body}},
            "SequenceNumber": place,
            "StreamViewType": "NEW_IMAGE",
        },
    }
