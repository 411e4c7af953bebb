"""Publishing: obstacles, races, waiting, failures, healing (contract 3.3, 4.1, R7 to R9)."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from threading import Event

import pytest

from reactions import sweep_due
from souk import clock
from souk.errors import Failed
from souk.releases import waiting
from tests.dpx.driver import Api
from tests.dpx.hub import DOWNLOAD, PRODUCTS, Hub, drafts, part, releases, some_id
from tests.dpx.machines import Machines
from tests.threads import at_once


def test_a_draft_becomes_a_release_under_the_same_ids(api: Api, hub: Hub) -> None:
    draft = hub.product(parts_out=[part(hub.asset(), DOWNLOAD)])
    release = hub.publish(draft).expect(200)
    assert release["state"] == "available"
    assert release["published_by"] == draft["created_by"]
    assert release["published_at"] >= draft["created_at"]
    for name in ("id", "asset", "version", "contract_terms", "data_product", "created_at"):
        assert release[name] == draft[name]
    product = api.get(f"{PRODUCTS}/{draft['data_product']['id']}").expect(200)
    assert product["drafts"] == []
    assert product["latest_release"]["id"] == draft["id"]
    assert hub.shown(release)["state"] == "available"


def test_all_obstacles_are_told_at_once(hub: Hub, bucket: str) -> None:
    private, unknown = hub.asset(mode=16, name="secret.csv"), some_id()
    draft = hub.product(domain=None, parts_out=[part(private), part(unknown), part(hub.asset())])
    hub.document(draft, name="Promise")
    messages = hub.publish(draft).refused(400, *["invalid_parameter"] * 4)
    assert [
        word for word in ("domain", "Promise", private, unknown) if not any(word in text for text in messages)
    ] == []
    shown = hub.shown(draft)
    assert (shown["state"], shown["name"]) == ("draft", "Batches")


def test_no_part_and_no_delivery_method_are_no_obstacles(hub: Hub) -> None:
    assert hub.release()["parts_out"] == []
    assert hub.release(parts_out=[part(hub.asset())])["parts_out"][0]["delivery_methods"] == []


def test_the_latest_release_is_the_newest_available_one(api: Api, hub: Hub) -> None:
    first = hub.release()
    product = first["data_product"]["id"]
    second = hub.publish(hub.draft(product)).expect(200)
    assert api.get(f"{PRODUCTS}/{product}").expect(200)["latest_release"]["id"] == second["id"]
    api.post(f"{releases(second)}/retire").expect(200)
    assert api.get(f"{PRODUCTS}/{product}").expect(200)["latest_release"]["id"] == first["id"]
    api.post(f"{releases(first)}/retire").expect(200)
    assert "latest_release" not in api.get(f"{PRODUCTS}/{product}").expect(200)


def test_a_patch_of_the_state_publishes_with_the_rest_of_the_patch(api: Api, hub: Hub) -> None:
    draft = hub.product()
    name = {"op": "replace", "path": "/name", "value": "Renamed"}
    state = {"op": "replace", "path": "/state", "value": "available"}
    release = api.patch(drafts(draft), name, state).expect(200)
    assert (release["state"], release["name"]) == ("available", "Renamed")


def test_a_patch_that_cannot_publish_changes_nothing(api: Api, hub: Hub) -> None:
    draft = hub.product(domain=None)
    name = {"op": "replace", "path": "/name", "value": "Renamed"}
    state = {"op": "replace", "path": "/state", "value": "available"}
    api.patch(drafts(draft), name, state).refused(400, "invalid_parameter")
    assert hub.shown(draft) == draft


def test_in_the_background_the_request_is_checked_first(api: Api, hub: Hub, machines: Machines) -> None:
    api.post(f"{drafts(hub.product(domain=None))}/publish?async=true").refused(400, "invalid_parameter")
    draft = hub.product()
    answer = api.post(f"{drafts(draft)}/publish?async=true").expect(202)
    assert answer == {"href": f"https://souk.example{drafts(draft)}"}
    machines.finish()
    assert api.get(answer["href"].removeprefix("https://souk.example")).expect(200)["state"] == "available"
    api.post(f"{PRODUCTS}/-/drafts/{some_id()}@{draft['id'][37:]}/publish?async=true").refused(404, "does_not_exist")
    api.post(f"{drafts(hub.product())}/publish?async=perhaps").refused(400, "invalid_parameter")


def test_a_publish_that_takes_longer_is_answered_with_a_link(
    api: Api, hub: Hub, machines: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("souk.releases.waiting.wait_for_publish.__defaults__", (0.05,))
    machines.hold = True
    draft, patched = hub.product(), hub.product()
    assert hub.publish(draft).expect(202)["href"].endswith(drafts(draft))
    state = {"op": "replace", "path": "/state", "value": "available"}
    assert api.patch(drafts(patched), state).expect(202)["href"].endswith(drafts(patched))
    assert hub.shown(draft)["state"] == "draft"
    machines.go_on()
    assert [hub.shown(one)["state"] for one in (draft, patched)] == ["available", "available"]


def test_what_a_publish_answers_stays_as_it_is(hub: Hub, machines: Machines) -> None:
    machines.before["publish_announce"] = lambda: Event().wait(0.3)
    told = hub.publish(hub.product()).expect(200)
    machines.finish()
    assert hub.shown(told) == told


def test_an_announcement_that_is_late_keeps_nobody_waiting(
    hub: Hub, machines: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "SETTLE_SECONDS", 0.05)
    answered = Event()
    machines.before["publish_announce"] = lambda: answered.wait(20)
    assert hub.publish(hub.product()).expect(200)["state"] == "available"
    answered.set()
    machines.finish()


def test_patience_ends_before_the_gateway_does() -> None:
    assert waiting.PATIENCE_SECONDS == 20


def test_while_it_is_being_published_a_draft_stands_still(api: Api, hub: Hub, machines: Machines) -> None:
    machines.hold = True
    draft = hub.product()
    document = hub.document(draft, url="https://example.com")
    place = f"{drafts(draft)}/contract_terms/{draft['contract_terms'][0]['id']}/documents"
    api.post(f"{drafts(draft)}/publish?async=true").expect(202)
    rename = {"op": "replace", "path": "/name", "value": "x"}
    api.patch(drafts(draft), rename).refused(409, "conflict")
    api.delete(drafts(draft)).refused(409, "conflict")
    api.post(f"{drafts(draft)}/publish").refused(409, "conflict")
    api.post(place, {"type": "sla", "name": "x"}).refused(409, "conflict")
    api.delete(f"{place}/{document['id']}").refused(409, "conflict")
    machines.go_on()
    assert hub.shown(draft)["state"] == "available"


def test_of_simultaneous_publishes_one_wins(hub: Hub, machines: Machines) -> None:
    draft = hub.product()
    answers = at_once(*[lambda: hub.publish(draft)] * 8)
    assert sorted(answer.status for answer in answers) == [200, *[409] * 7]
    assert len(machines.started) == 1


def test_eight_publishers_of_one_product_all_come_through(api: Api, hub: Hub) -> None:
    first = hub.product()
    product = first["data_product"]["id"]
    versions = [first, *(hub.draft(product) for _ in range(7))]
    answers = at_once(*[partial(hub.publish, one) for one in versions])
    assert [answer.status for answer in answers] == [200] * 8
    page = api.get(f"{PRODUCTS}/{product}/releases?state=available").expect(200)
    assert {one["version"] for one in page["releases"]} == {one["version"] for one in versions}
    latest = api.get(f"{PRODUCTS}/{product}").expect(200)["latest_release"]
    assert latest["published_at"] == max(one["published_at"] for one in page["releases"])


@pytest.mark.parametrize("step", ["publish_check", "publish_freeze", "publish_commit"])
def test_a_failure_at_any_step_leaves_a_usable_draft_that_says_why(
    api: Api, hub: Hub, machines: Machines, step: str
) -> None:
    def fail() -> None:
        raise Failed("the table is on fire")

    machines.before[step] = fail
    draft = hub.product()
    (message,) = hub.publish(draft).refused(503, "dependent_service_error")
    assert "interrupted (Failed)" in message
    shown = hub.shown(draft)
    assert shown["publish_errors"] == [{"code": "unable_to_perform", "message": message}]
    machines.before.clear()
    assert "publish_errors" not in hub.publish(draft).expect(200)


def test_an_obstacle_that_came_in_between_is_told(api: Api, hub: Hub, machines: Machines) -> None:
    asset = hub.asset()
    draft = hub.product(parts_out=[part(asset)])
    machines.before["publish_check"] = lambda: _hide(api, asset)
    (message,) = hub.publish(draft).refused(400, "invalid_parameter")
    assert "not public" in message
    assert hub.shown(draft)["state"] == "draft"


def test_a_machine_that_cannot_be_started_leaves_a_draft(
    hub: Hub, machines: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(machine: str, name: str, given: object) -> None:
        raise Failed(f"{machine} {name} {given}")

    monkeypatch.setattr("souk.workflows.starting._starter", refuse)
    draft = hub.product()
    hub.publish(draft).refused(503, "dependent_service_error")
    assert "could not be started" in hub.shown(draft)["publish_errors"][0]["message"]
    monkeypatch.setattr("souk.workflows.starting._starter", machines.start)
    hub.publish(draft).expect(200)


def test_a_publish_that_was_interrupted_is_healed_by_the_sweep(
    api: Api, hub: Hub, machines: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    machines.hold = True
    draft = hub.product()
    api.post(f"{drafts(draft)}/publish?async=true").expect(202)
    machines._held.clear()
    machines.hold = False
    assert sweep_due.handler({})["settled"] == 0
    later = clock.now() + timedelta(minutes=4)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert sweep_due.handler({})["settled"] == 1
    machines.finish()
    assert hub.shown(draft)["state"] == "available"
    monkeypatch.setattr(clock, "now", lambda: later + timedelta(minutes=9))
    assert sweep_due.handler({})["settled"] == 0


def test_a_step_that_is_repeated_has_one_effect(api: Api, hub: Hub, machines: Machines) -> None:
    machines.hold = True
    draft = hub.product()
    api.post(f"{drafts(draft)}/publish?async=true").expect(202)
    machines._held *= 3
    machines.go_on()
    release = hub.shown(draft)
    assert release["state"] == "available"
    assert len(api.get(f"{PRODUCTS}/-/releases").expect(200)["releases"]) == 1


def _hide(api: Api, asset: str) -> None:
    from souk.work import run

    def hide(work: object) -> None:
        record = work.get("asset", asset)  # type: ignore[attr-defined]
        card = {**record.body["card"], "public": False}
        work.save("asset", asset, {**record.body, "card": card})  # type: ignore[attr-defined]

    run(api.store, hide)
