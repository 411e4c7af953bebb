"""Releases: patched, retired, listed (contract 3.5)."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

import pytest

from dpx.pages import token_of
from reactions import sweep_due
from souk import clock
from souk.access import queries
from souk.access.requests import Asked, request_access
from souk.identity.principal import Principal
from souk.releases.listing import Place
from souk.work import Work, run
from tests.dpx.driver import Api
from tests.dpx.hub import CATALOGUE, PRODUCTS, Hub, part, releases, some_id


def test_a_release_is_patched_but_for_its_state(api: Api, hub: Hub) -> None:
    release = hub.release()
    parts = [part(hub.asset())]
    patched = api.patch(
        releases(release),
        {"op": "replace", "path": "/description", "value": "Better"},
        {"op": "add", "path": "/parts_out", "value": parts},
        {"op": "add", "path": "/use_cases/-", "value": {"id": "1"}},
    ).expect(200)
    assert (patched["description"], patched["parts_out"], patched["use_cases"]) == ("Better", parts, [{"id": "1"}])
    assert hub.shown(release) == patched
    for state in ("retired", "draft"):
        api.patch(releases(release), {"op": "replace", "path": "/state", "value": state}).refused(400)
    api.patch(releases(release), {"op": "replace", "path": "/nothing", "value": 1}).refused(400, "patch_error")
    api.patch(releases(release), {"op": "test", "path": "/name", "value": "x"}).refused(409, "conflict")


def test_a_number_that_another_release_has_is_refused(api: Api, hub: Hub) -> None:
    first = hub.release()
    second = hub.publish(hub.draft(first["data_product"]["id"])).expect(200)
    change = {"op": "replace", "path": "/version", "value": "1.0.0"}
    api.patch(releases(second), change).refused(409, "already_exists")
    assert api.patch(releases(second), change | {"value": "7.0.0"}).expect(200)["version"] == "7.0.0"


def test_retiring_ignores_what_it_does_not_know(api: Api, hub: Hub) -> None:
    release = hub.release()
    api.post(f"{releases(release)}/retire?revoke_access=maybe").refused(400, "invalid_parameter")
    api.post(f"{releases(release)}/retire?start_at=soon").refused(400, "invalid_parameter")
    assert api.post(f"{releases(release)}/retire?anything=else").expect(200)["state"] == "retired"
    api.post(f"{releases(release)}/retire").refused(409, "conflict")


def test_a_draft_cannot_be_retired_and_nothing_is_not_found(api: Api, hub: Hub) -> None:
    api.post(f"{releases(hub.product())}/retire").refused(404, "does_not_exist")
    api.post(f"{PRODUCTS}/-/releases/{some_id()}@{CATALOGUE}/retire").refused(404, "does_not_exist")


def test_releases_are_listed_by_state_and_version(api: Api, hub: Hub) -> None:
    first = hub.release()
    product = first["data_product"]["id"]
    second = hub.publish(hub.draft(product)).expect(200)
    hub.draft(product)
    api.post(f"{releases(first)}/retire").expect(200)
    place = f"{PRODUCTS}/{product}/releases"
    for query, expected in [
        ("", [first, second]),
        ("?state=available", [second]),
        ("?state=retired", [first]),
        ("?state=available%2Cretired", [first, second]),
        ("?state=available&state=retired", [first, second]),
        ("?version=1.1.0", [second]),
        ("?version=1.1.0&state=retired", []),
        (f"?asset.container.id={CATALOGUE}", [first, second]),
        (f"?asset.container.id={some_id()}", []),
        ("?check_caller_approval=true", [first, second]),
    ]:
        page = api.get(place + query).expect(200)
        assert [one["id"] for one in page["releases"]] == [one["id"] for one in expected]
        everywhere = api.get(f"{PRODUCTS}/-/releases{query}").expect(200)
        assert everywhere["releases"] == page["releases"]
    for query in ("?state=draft", "?state=available,retired,available", "?limit=0"):
        api.get(place + query).refused(400, "invalid_parameter")


def test_links_of_a_page_keep_its_filters(api: Api, hub: Hub) -> None:
    product = hub.release()["data_product"]["id"]
    hub.publish(hub.draft(product)).expect(200)
    page = api.get(f"{PRODUCTS}/{product}/releases?state=available&limit=1").expect(200)
    follow = page["next"]["href"].removeprefix("https://souk.example")
    last = api.get(follow).expect(200)
    assert [page["releases"][0]["version"], last["releases"][0]["version"]] == ["1.0.0", "1.1.0"]
    assert "next" not in last


def test_tokens_keep_to_the_pattern_and_are_short(api: Api, hub: Hub) -> None:
    hub.product()
    hub.product()
    token = api.get(f"{PRODUCTS}?limit=1").expect(200)["next"]["start"]
    assert len(token) < 256
    assert set(token) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")


JO = Principal(kind="user", id="u-jo", email="jo@nav.no")


def subscribe(api: Api, product: str) -> None:
    asked = Asked(subject={"user": "jo@nav.no"}, object={"product": product}, dialect="tests", purpose="Tests")
    run(api.store, lambda work: request_access(work, asked, JO))


def states(api: Api, product: str) -> list[str]:
    return [record.body["card"]["status"] for record in queries.by_product(Work(api.store), product)]


def test_retiring_takes_the_data_away_when_asked_to(api: Api, hub: Hub) -> None:
    kept, revoked = hub.release(is_restricted=True), hub.release(is_restricted=True)
    for release in (kept, revoked):
        subscribe(api, release["data_product"]["id"])
    api.post(f"{releases(kept)}/retire").expect(200)
    assert api.post(f"{releases(revoked)}/retire?revoke_access=true").expect(200)["state"] == "retired"
    assert states(api, kept["data_product"]["id"]) == ["requested"]
    assert states(api, revoked["data_product"]["id"]) == ["canceled"]


def test_data_is_taken_away_later_when_asked_to(api: Api, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    release = hub.release(is_restricted=True)
    product = release["data_product"]["id"]
    subscribe(api, product)
    start = clock.now() + timedelta(hours=1)
    query = urlencode({"revoke_access": "true", "start_at": start.isoformat()})
    api.post(f"{releases(release)}/retire?{query}").expect(200)
    sweep_due.handler({})
    assert states(api, product) == ["requested"]
    monkeypatch.setattr(clock, "now", lambda: start + timedelta(seconds=1))
    sweep_due.handler({})
    assert states(api, product) == ["canceled"]


@pytest.mark.parametrize("place", [Place(-1, "a", "b"), Place(2, "a", "b"), Place(10**9, "", "")])
def test_a_token_that_no_list_gave_out_is_refused(api: Api, place: Place) -> None:
    api.get(f"{PRODUCTS}?start={token_of(place)}").refused(400, "invalid_parameter")
