from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from reactions import collect_orphans, relay_events, relay_notices, sequence_events
from souk.bus import connect as bus_connect
from souk.bus.eventbridge import EventBridge
from souk.bus.port import MAX_DETAIL, Message
from souk.errors import Busy
from souk.events.feed import read_feed
from souk.events.ids import event_id
from souk.events.relay import relay_batches
from souk.events.sequencer import drain
from souk.events.streams import as_stream_event, log_batches, waiting_events, waiting_notices
from souk.ids import as_uuid, key_as_cuid, record_key
from souk.store import connect as store_connect
from souk.store.clients import client
from souk.store.port import LogBatch, OutboxItem, Store
from tests.engines import aws_at
from tests.store.making import commit, event

NOTICE = {"name": "draft.created", "time": "2024-01-01T00:00:00.000000Z", "data": {"id": "d"}}


class Recorder:
    """A bus that keeps what is put on it."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    def put(self, messages: Sequence[Message]) -> None:
        self.messages += messages


@pytest.fixture
def bus() -> Iterator[Recorder]:
    recorder = Recorder()
    bus_connect.use(recorder)
    yield recorder
    bus_connect.use(None)


@pytest.fixture
def connected(store: Store) -> Iterator[Store]:
    before = store_connect._store
    store_connect.use(store)
    yield store
    store_connect.use(before)


def through_json(stream_event: dict[str, Any]) -> dict[str, Any]:
    """As a function gets it."""
    value: dict[str, Any] = json.loads(json.dumps(stream_event))
    return value


def test_from_the_outbox_over_the_log_to_the_bus(connected: Store, bus: Recorder) -> None:
    for subject in "abc":
        connected.commit(commit(events=[event(subject, "created"), event(subject)]))
    sequence_events.handler(through_json(as_stream_event(connected.pending(10))), None)
    relay_events.handler(through_json(as_stream_event(connected.read_log(0, 10))), None)
    messages = [message for message in bus.messages if message.name.endswith("Event")]
    details = [json.loads(message.detail) for message in messages]
    feed = read_feed(connected, None)
    assert [d["id"] for d in details] == [event_id(*position) for position, _ in feed]
    assert [d["subject"] for d in details] == list("aabbcc")
    assert [m.name for m in messages[:2]] == ["DataProductCreatedEvent", "DataProductUpdatedEvent"]
    assert [d["time"] for d in details] == [e["logged"] for _, e in feed]


def test_some_events_have_a_second_name_on_the_bus(connected: Store, bus: Recorder) -> None:
    ended = {**event("b", "canceled"), "kind": "access", "data": {"status": "revoked", "product": "p"}}
    withdrawn = {**event("c", "canceled"), "kind": "access", "data": {"status": "canceled", "product": "p"}}
    connected.commit(commit(events=[event("a", "created"), ended, withdrawn]))
    drain(connected)
    relay_events.handler(as_stream_event(connected.read_log(0, 10)), None)
    second = {m.name: json.loads(m.detail) for m in bus.messages if not m.name.endswith("Event")}
    assert {name: (detail["type"], detail["subject"]) for name, detail in second.items()} == {
        "marketplace.data_product.state.created": (
            "marketplace.data_product.state.created",
            as_uuid("product", "a"),
        ),
        "marketplace.data_product.access_requests.canceled": (
            "marketplace.data_product.access_requests.canceled",
            key_as_cuid(record_key("access", "c")),
        ),
    }


def test_an_access_event_without_facts_as_earlier_versions_logged_it_reaches_the_bus(
    connected: Store, bus: Recorder
) -> None:
    connected.commit(commit(events=[{**event("b", "approved"), "kind": "access"}]))
    drain(connected)
    relay_events.handler(as_stream_event(connected.read_log(0, 10)), None)
    second = [json.loads(m.detail)["data"] for m in bus.messages if not m.name.endswith("Event")]
    assert [(data["status"], "dataProduct" in data) for data in second] == [("APPROVED", False)]


def test_a_repeated_delivery_has_the_same_ids(connected: Store, bus: Recorder) -> None:
    connected.commit(commit(events=[event("a")]))
    drain(connected)
    for _ in range(2):
        relay_events.handler(as_stream_event(connected.read_log(0, 10)), None)
    first, second = bus.messages
    assert first == second


def test_notices_go_to_the_bus_and_are_forgotten(connected: Store, bus: Recorder) -> None:
    connected.commit(commit(notices=[NOTICE, NOTICE], events=[event("a")]))
    stream = through_json(as_stream_event([*connected.pending_notices(10), *connected.pending(10)]))
    relay_notices.handler(stream, None)
    assert [m.name for m in bus.messages] == ["draft.created"] * 2
    assert len({json.loads(m.detail)["id"] for m in bus.messages}) == 2
    assert connected.pending_notices(10) == []
    assert len(connected.pending(10)) == 1


def test_notices_stay_when_the_bus_fails(connected: Store) -> None:
    class Broken:
        def put(self, messages: Sequence[Message]) -> None:
            raise Busy("no")

    bus_connect.use(Broken())
    connected.commit(commit(notices=[NOTICE]))
    stream = as_stream_event(connected.pending_notices(10))
    with pytest.raises(Busy):
        relay_notices.handler(stream, None)
    bus_connect.use(None)
    assert len(connected.pending_notices(10)) == 1


def test_nothing_is_collected_where_nothing_was_left(connected: Store) -> None:
    assert collect_orphans.handler({}, None) == {"deleted": 0}


def test_stream_events_there_and_back() -> None:
    items = [OutboxItem("1", [event("a", text="é" * 400)]), OutboxItem("2", [NOTICE], notice=True)]
    batch = LogBatch(12345678901234, [event("b")])
    stream = through_json(as_stream_event([*items, batch]))
    assert waiting_events(stream) == items[:1]
    assert waiting_notices(stream) == items[1:]
    assert log_batches(stream) == [batch]


def test_removals_and_bytes_from_the_streams_api() -> None:
    from base64 import b64decode

    stream = as_stream_event([OutboxItem("1", [event("a")]), OutboxItem("2", [event("b")])])
    first, second = stream["Records"]
    first["eventName"] = "REMOVE"
    second["dynamodb"]["NewImage"]["b"]["B"] = b64decode(second["dynamodb"]["NewImage"]["b"]["B"])
    assert [item.id for item in waiting_events(stream)] == ["2"]


def test_an_event_too_large_for_the_bus_goes_without_its_data() -> None:
    recorder = Recorder()
    large = {"name": "n", "time": "2024-01-01T00:00:00.000000Z", "data": {"id": "d", "text": "x" * MAX_DETAIL}}
    relay_batches(recorder, [LogBatch(1, [large])])
    [message] = recorder.messages
    assert json.loads(message.detail)["data"] == {"id": "d", "timestamp": large["time"], "shortened": True}


class PutEvents:
    """Answers PutEvents calls; an entry is refused as often as its name says."""

    def __init__(self) -> None:
        self.calls: list[list[dict[str, Any]]] = []
        self._seen: dict[str, int] = {}

    def __call__(self, params: dict[str, Any], **_: Any) -> None:
        self.calls.append(params["Entries"])

    def results(self, entries: list[dict[str, Any]]) -> dict[str, Any]:
        answers = [self._result(entry["DetailType"]) for entry in entries]
        return {"FailedEntryCount": sum("ErrorCode" in a for a in answers), "Entries": answers}

    def _result(self, name: str) -> dict[str, str]:
        self._seen[name] = self._seen.get(name, 0) + 1
        refused = self._seen[name] <= int(name.partition("-")[2])
        return {"ErrorCode": "InternalFailure"} if refused else {"EventId": "e"}


@pytest.fixture
def put_events(monkeypatch: pytest.MonkeyPatch) -> Iterator[PutEvents]:
    record = PutEvents()

    def put(Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803 - the client's own name
        record(params={"Entries": Entries})
        return record.results(Entries)

    with aws_at("http://127.0.0.1:9"):
        monkeypatch.setattr(client("events"), "put_events", put)
        monkeypatch.setattr("souk.bus.eventbridge.pause", lambda _: None)
        yield record


def sent(put_events: PutEvents) -> list[list[str]]:
    return [[entry["DetailType"] for entry in call] for call in put_events.calls]


def test_ten_entries_at_a_time(put_events: PutEvents) -> None:
    EventBridge("the-bus").put([Message(f"{n}-0", "{}") for n in range(23)])
    assert [len(call) for call in put_events.calls] == [10, 10, 3]
    assert put_events.calls[0][0] == {
        "Source": "souk",
        "DetailType": "0-0",
        "Detail": "{}",
        "EventBusName": "the-bus",
    }


def test_256_kb_at_a_time(put_events: PutEvents) -> None:
    EventBridge("b").put([Message(f"{n}-0", "é" * 50_000) for n in range(5)])
    assert [len(call) for call in put_events.calls] == [2, 2, 1]


def test_only_what_was_refused_is_sent_again(put_events: PutEvents) -> None:
    EventBridge("b").put([Message("a-0", "{}"), Message("b-2", "{}"), Message("c-1", "{}")])
    assert sent(put_events) == [["a-0", "b-2", "c-1"], ["b-2", "c-1"], ["b-2"]]


def test_a_bus_that_keeps_refusing_is_busy(put_events: PutEvents) -> None:
    with pytest.raises(Busy):
        EventBridge("b").put([Message("a-99", "{}")])
    assert len(put_events.calls) == 6


def test_the_real_call_is_taken_by_the_emulator(aws: None) -> None:
    client("events").create_event_bus(Name="souk-test")
    EventBridge("souk-test").put([Message("a", '{"id": "1"}')] * 12)
    with pytest.raises(KeyError):
        EventBridge.from_environment()
