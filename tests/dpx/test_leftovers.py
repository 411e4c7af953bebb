"""Bytes that nothing points at any more are collected (contract 3.4)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from reactions import sweep_due
from souk import clock
from souk.documents import objects
from tests.dpx.driver import Api, Wire
from tests.dpx.hub import Hub, documents, drafts
from tests.dpx.ordering import contents

Act = Callable[[Api, Wire, Wire], object]


def uploaded(hub: Hub, draft: Wire, text: bytes) -> Wire:
    """A completed attachment; the bytes are put as whoever holds its link would."""
    made = hub.document(draft)
    key = f"documents/uploads/{draft['asset']['id']}/{made['attachment']['id']}"
    objects.write(key, text, "text/plain")
    hub.api.post(f"{documents(draft, made)}/complete").expect(200)
    return made


def later(monkeypatch: pytest.MonkeyPatch, **time: int) -> None:
    then = clock.now() + timedelta(**time)
    monkeypatch.setattr(clock, "now", lambda: then)
    assert sweep_due.handler({})["failed"] == 0


def the_document(api: Api, draft: Wire, document: Wire) -> object:
    return api.delete(documents(draft, document)).expect(204)


def the_draft(api: Api, draft: Wire, _: Wire) -> object:
    return api.delete(drafts(draft)).expect(204)


def the_terms(api: Api, draft: Wire, _: Wire) -> object:
    return api.call("PUT", documents(draft).removesuffix("/documents"), {"documents": []}).expect(200)


def the_place(api: Api, draft: Wire, _: Wire) -> object:
    change = {"op": "remove", "path": "/documents/0"}
    return api.patch(documents(draft).removesuffix("/documents"), change).expect(200)


@pytest.mark.parametrize("delete", [the_document, the_draft, the_terms, the_place])
def test_what_is_deleted_takes_its_bytes_along(
    hub: Hub, bucket: str, monkeypatch: pytest.MonkeyPatch, delete: Act
) -> None:
    draft, other = hub.product(), hub.product()
    document = uploaded(hub, draft, b"gone")
    uploaded(hub, other, b"stays")
    delete(hub.api, draft, document)
    later(monkeypatch, minutes=30)
    assert sorted(contents(bucket).values()) == [b"gone", b"stays"]
    later(monkeypatch, minutes=61)
    assert list(contents(bucket).values()) == [b"stays"]
    later(monkeypatch, minutes=61)
    assert list(contents(bucket).values()) == [b"stays"]


def test_a_release_keeps_its_bytes_once(hub: Hub, bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = hub.product()
    uploaded(hub, draft, b"kept")
    hub.publish(draft).expect(200)
    assert len(contents(bucket)) == 2
    later(monkeypatch, minutes=61)
    ((key, text),) = contents(bucket).items()
    assert key.startswith("documents/frozen/")
    assert text == b"kept"


def test_what_was_never_uploaded_is_no_trouble(hub: Hub, bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = hub.product()
    hub.document(draft)
    hub.api.delete(drafts(draft)).expect(204)
    later(monkeypatch, minutes=61)
    assert contents(bucket) == {}
