"""Taking a product away from its subscribers, and the job runs that tell of it (contract 3.5 and section 6)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest

from tests.wire.dpx.hub import LISTS, PATTERN, RFC3339, B, Hub, eventually, ok, place, refused, some_id
from tests.wire.raw import Doc

RUNS = f"{B}/data_product_revoke_access/job_runs"
JOB = "ibm_data_product_revoke_access_job_run"


def ordered(hub: Hub, buyer: Hub, **fields: Any) -> tuple[Doc, Doc]:
    """A release of a page, and an order of it."""
    asset, method = hub.page(), hub.method("Open URL")
    release = hub.release(parts_out=[hub.part(asset, method)], **fields)
    return release, buyer.post(LISTS, hub.order(release, asset, method), 201)


def state(hub: Hub, order: Doc) -> str:
    """The state of an order now."""
    return str(hub.get(f"{LISTS}/{order['id']}")["state"])


def delivered(hub: Hub, order: Doc) -> None:
    """Waits until the order is done."""
    assert eventually(lambda: state(hub, order) == "succeeded")


def revoke(hub: Hub, release: Doc, body: Any = None) -> Any:
    """Ask for a revocation; its message."""
    return hub.post(f"{place(release, 'releases')}/revoke_access", body, 202)["message"]


def runs(hub: Hub, release: Doc, more: str = "") -> Any:
    """The job runs of a release."""
    return hub.get(f"{RUNS}?release_id={quote(release['id'], safe='')}{more}")


def later(**ago: float) -> str:
    """An instant to come, or with negative numbers one that is past."""
    return (datetime.now(UTC) + timedelta(**ago)).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_access_is_taken_away_at_once(hub: Hub, buyer: Hub) -> None:
    release, order = ordered(hub, buyer)
    delivered(hub, order)
    assert revoke(hub, release)
    assert eventually(lambda: state(hub, order) == "revoked")
    shown = runs(hub, release)
    assert (shown["total_count"], "next" in shown) == (1, False)
    run = shown["results"][0]
    entity = run["entity"][JOB]
    assert (entity["state"], entity["revoked"], entity["release_id"]) == ("succeeded", 1, release["id"])
    assert entity["data_product_id"] == release["data_product"]["id"]
    assert all(RFC3339.match(entity[name]) for name in ("start_at", "finished_at"))
    assert run["metadata"]["asset_type"] == JOB
    assert hub.get(place(release, "releases"))["state"] == "available"


def test_whoever_lost_access_may_order_again(hub: Hub, buyer: Hub) -> None:
    release, order = ordered(hub, buyer)
    delivered(hub, order)
    revoke(hub, release, {})
    again = buyer.post(LISTS, hub.order(release, *_what(release)), 201)
    delivered(hub, again)
    revoke(hub, release)
    assert eventually(lambda: state(hub, again) == "revoked")
    assert [one["entity"][JOB]["revoked"] for one in runs(hub, release)["results"]] == [1, 1]


def _what(release: Doc) -> tuple[str, str]:
    part = release["parts_out"][0]
    return part["asset"]["id"], part["delivery_methods"][0]["id"]


def test_access_is_taken_away_later(hub: Hub, buyer: Hub) -> None:
    release, order = ordered(hub, buyer)
    delivered(hub, order)
    start = later(days=30)
    assert start[:19] in revoke(hub, release, {"start_at": start})
    assert state(hub, order) == "succeeded"
    entity = runs(hub, release)["results"][0]["entity"][JOB]
    assert (entity["state"], entity["revoked"], "finished_at" in entity) == ("not_started", 0, False)
    assert entity["start_at"].startswith(start[:19])


@pytest.mark.parametrize("body", [None, {}, {"start_at": None}, {"start_at": later(days=-1)}, {"reason": "sold"}])
def test_without_an_instant_to_come_it_is_now(hub: Hub, body: Any) -> None:
    release = hub.release()
    revoke(hub, release, body)
    assert runs(hub, release)["results"][0]["entity"][JOB]["state"] == "succeeded"


def test_the_instant_may_stand_in_the_query(hub: Hub) -> None:
    release = hub.release()
    hub.post(f"{place(release, 'releases')}/revoke_access?start_at={later(days=1)}", None, 202)
    assert runs(hub, release)["results"][0]["entity"][JOB]["state"] == "not_started"


def test_a_request_that_waits_goes_on_waiting(hub: Hub, buyer: Hub) -> None:
    release, order = ordered(hub, buyer, is_restricted=True)
    revoke(hub, release)
    assert state(hub, order) == "received"
    assert runs(hub, release)["results"][0]["entity"][JOB]["revoked"] == 0
    ok(hub.call("PATCH", f"{LISTS}/{order['id']}", [{"op": "replace", "path": "/state", "value": "ready_to_deliver"}]))
    delivered(hub, order)


def test_a_retirement_that_takes_access_away_is_a_job_run(hub: Hub, buyer: Hub) -> None:
    release, order = ordered(hub, buyer)
    delivered(hub, order)
    kept, other = ordered(hub, buyer)
    delivered(hub, other)
    hub.post(f"{place(release, 'releases')}/retire?revoke_access=true")
    hub.post(f"{place(kept, 'releases')}/retire?revoke_access=false")
    assert eventually(lambda: state(hub, order) == "revoked")
    assert [one["entity"][JOB]["revoked"] for one in runs(hub, release)["results"]] == [1]
    assert (runs(hub, kept)["results"], state(hub, other)) == ([], "succeeded")


def test_a_retirement_may_take_access_away_later(hub: Hub) -> None:
    release = hub.release()
    hub.post(f"{place(release, 'releases')}/retire?revoke_access=true&start_at={later(days=2)}")
    assert runs(hub, release)["results"][0]["entity"][JOB]["state"] == "not_started"


def test_a_retired_release_may_be_taken_away(hub: Hub, buyer: Hub) -> None:
    release, order = ordered(hub, buyer)
    delivered(hub, order)
    hub.post(f"{place(release, 'releases')}/retire")
    revoke(hub, release)
    assert eventually(lambda: state(hub, order) == "revoked")


@pytest.mark.parametrize("start", ["tomorrow", "2026-13-01T00:00:00Z", "2026-01-01T00:00:00", "", 7, [], {"a": 1}])
def test_an_instant_that_is_none_is_refused(hub: Hub, start: Any) -> None:
    release = hub.release()
    target = f"{place(release, 'releases')}/revoke_access"
    assert refused(hub.call("POST", target, {"start_at": start}), 400) == ["invalid_parameter"]
    assert runs(hub, release)["results"] == []


def test_bodies_that_are_no_object_are_refused(hub: Hub) -> None:
    target = f"{place(hub.release(), 'releases')}/revoke_access"
    for text in (b"[]", b"{", b"1"):
        refused(hub.send("POST", target, text, hub.headers | {"content-type": "application/json"}), 400)


def test_only_what_is_published_is_taken_away(hub: Hub) -> None:
    draft, release = hub.draft(), hub.release()
    refused(hub.call("POST", f"{place(draft, 'releases')}/revoke_access"), 404)
    elsewhere = {**release, "data_product": {"id": some_id()}}
    refused(hub.call("POST", f"{place(elsewhere, 'releases')}/revoke_access"), 404)
    unknown = {**release, "id": f"{some_id()}@{hub.catalog}"}
    refused(hub.call("POST", f"{place(unknown, 'releases')}/revoke_access"), 404)
    refused(hub.call("POST", f"{place({**release, 'id': 'x'}, 'releases')}/revoke_access"), 400)
    anywhere = {**release, "data_product": {"id": "-"}}
    assert revoke(hub, anywhere)


def test_only_the_side_of_the_product_takes_it_away(hub: Hub, buyer: Hub) -> None:
    release, order = ordered(hub, buyer)
    delivered(hub, order)
    target = f"{place(release, 'releases')}/revoke_access"
    assert refused(buyer.call("POST", target), 403) == ["not_authorized"]
    assert refused(buyer.call("POST", target, {"start_at": later(days=1)}), 403) == ["not_authorized"]
    refused(hub.send("POST", target, None, {}), 401)
    refused(hub.send("GET", f"{RUNS}?release_id={quote(release['id'])}", None, {}), 401)
    assert (runs(buyer, release)["results"], state(hub, order)) == ([], "succeeded")


def test_job_runs_come_in_pages(hub: Hub) -> None:
    release = hub.release()
    messages = [revoke(hub, release, {"start_at": later(days=number)}) for number in range(1, 6)]
    found: list[str] = []
    page = runs(hub, release, "&limit=2")
    while "next" in page:
        assert (len(page["results"]), page["next"]["limit"], page["total_count"]) == (2, 2, 5)
        assert PATTERN.match(page["next"]["bookmark"])
        found += [one["metadata"]["asset_id"] for one in page["results"]]
        page = runs(hub, release, f"&limit=2&start={page['next']['bookmark']}")
    found += [one["metadata"]["asset_id"] for one in page["results"]]
    assert [message.rpartition(" ")[2].strip(")") for message in reversed(messages)] == found


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=x", "start=x"])
def test_pages_that_cannot_be_are_refused(hub: Hub, query: str) -> None:
    target = f"{RUNS}?release_id={quote(hub.release()['id'], safe='')}&{query}"
    refused(hub.call("GET", target), 400)


def test_job_runs_are_those_of_a_release(hub: Hub) -> None:
    assert refused(hub.call("GET", RUNS), 400) == ["missing_required_value"]
    refused(hub.call("GET", f"{RUNS}?release_id=x"), 400)
    refused(hub.call("GET", f"{RUNS}?release_id={some_id()}%40{hub.catalog}"), 404)
    refused(hub.call("GET", f"{RUNS}?release_id={quote(hub.draft()['id'], safe='')}"), 404)
    assert runs(hub, hub.release()) == {"results": [], "total_count": 0}
