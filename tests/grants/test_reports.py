"""An external system is told by a notice what to do, and reports what became of it."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest

from hub.operations import get_grant, list_grants, post_grant_result
from souk import clock
from souk.access import changes
from souk.access.grant_reports import report_grant
from souk.errors import NotAllowed
from souk.grantors import connect
from souk.identity import keys
from souk.identity.principal import Principal
from souk.work import run
from tests.access.acting import end
from tests.access.world import GOVERNOR, KEY, OWNER, World, sweep
from tests.grants.system import applied, grant, key_of, notices, state

pytestmark = pytest.mark.usefixtures("outside")


def secret(world: World, *scopes: str) -> str:
    return run(world.store, lambda work: keys.create(work, "connector", scopes=scopes or None)).secret


def call(handler: Any, world: World, access: str, document: Any = None, key: str = "") -> tuple[int, Any]:
    event = {
        "rawPath": "/grants",
        "headers": {"x-api-key": key or secret(world)},
        "requestContext": {"http": {"method": "GET" if document is None else "POST", "path": "/grants"}},
        "pathParameters": {"id": access},
        "body": json.dumps(document) if document is not None else "",
    }
    answer = handler(event, None)
    return answer["statusCode"], json.loads(answer["body"] or "null")


def report(world: World, access: str, result: str, attempt: int = 1, **more: Any) -> int:
    document = {"attempt": attempt, "result": result} | more
    return call(post_grant_result.handler, world, access, document)[0]


@pytest.fixture
def access(world: World) -> str:
    """An active access that the external system was told of."""
    made = world.ask(port="open", end=clock.text(world.time.now().replace(year=2031)))
    applied(world, made)
    return made


def test_notice_says_what_to_do(world: World, access: str) -> None:
    (told,) = notices(world, "grant.requested")
    assert told.pop("end").startswith("2031-05-15T12:00:00")
    assert told == {
        "id": access,
        "key": key_of(access),
        "attempt": 1,
        "product": "orders",
        "subject": {"user": "alice@nav.no"},
        "action": "grant",
    }
    assert state(world, access) == "pending"


def test_result_of_a_grant_and_of_taking_it_back(world: World, access: str) -> None:
    assert report(world, access, "granted") == 204
    assert state(world, access) == "granted"
    end(world, access)
    applied(world, access)
    assert [told["action"] for told in notices(world, "grant.requested")] == ["grant", "revoke"]
    assert report(world, key_of(access), "revoked", attempt=2) == 204
    assert state(world, access) == "none"


def test_repeated_report_changes_nothing(world: World, access: str) -> None:
    assert [report(world, access, "granted") for _ in range(3)] == [204] * 3
    card = grant(world.store, access)
    assert card is not None
    assert (card["state"], card["attempt"]) == ("granted", 1)


def test_repeated_events_ask_once(world: World, access: str) -> None:
    applied(world, access, access)
    report(world, access, "granted")
    applied(world, access, access)
    assert len(notices(world, "grant.requested")) == 1


def test_new_end_is_asked_for(world: World, access: str) -> None:
    report(world, access, "granted")
    world.run(lambda work: changes.extend(work, access, world.time.now().replace(year=2032), KEY))
    applied(world, access)
    assert [told["end"][:4] for told in notices(world, "grant.requested")] == ["2031", "2032"]


def test_failure_is_asked_for_again_later(world: World, access: str) -> None:
    assert report(world, access, "failed", reason="no such role") == 204
    card = grant(world.store, access)
    assert card is not None
    assert (card["state"], card["reason"]) == ("failed", "no such role")
    world.time.forward(minutes=1)
    sweep(world.store)
    applied(world, access, anew=True)
    assert [told["attempt"] for told in notices(world, "grant.requested")] == [1, 2]


def test_silence_is_asked_again(world: World, access: str) -> None:
    world.time.forward(minutes=29)
    sweep(world.store)
    assert notices(world, "grant.due") == []
    world.time.forward(minutes=2)
    sweep(world.store)
    assert len(notices(world, "grant.due")) == 1


def test_drift_is_recorded_and_asked_for_at_once(world: World, access: str) -> None:
    assert report(world, access, "drifted") == 409
    report(world, access, "granted")
    assert report(world, access, "drifted", reason="removed by hand") == 204
    assert state(world, access) == "drifted"
    sweep(world.store)
    assert len(notices(world, "grant.due")) == 1


@pytest.mark.parametrize(
    ("document", "status"),
    [
        ({"attempt": 2, "result": "granted"}, 409),
        ({"attempt": 1, "result": "revoked"}, 409),
        ({"attempt": 1, "result": "done"}, 400),
        ({"attempt": "1", "result": "granted"}, 400),
        ({"attempt": True, "result": "granted"}, 400),
        ({"result": "granted"}, 400),
        ({"attempt": 1, "result": 1}, 400),
        ({"attempt": 1, "result": "failed", "reason": []}, 400),
        ([], 400),
    ],
)
def test_reports_that_are_none(world: World, access: str, document: Any, status: int) -> None:
    assert call(post_grant_result.handler, world, access, document)[0] == status
    assert state(world, access) == "pending"


def test_only_a_key_with_the_scope_reports(world: World, access: str) -> None:
    document = {"attempt": 1, "result": "granted"}
    refused = secret(world, "read", "write", "decide")
    assert call(post_grant_result.handler, world, access, document, refused)[0] == 403
    assert call(post_grant_result.handler, world, access, document, "souk_unknown")[0] == 401
    assert state(world, access) == "pending"
    assert call(post_grant_result.handler, world, access, document, secret(world, "grants"))[0] == 204


def test_key_that_reports_does_nothing_else(world: World, access: str) -> None:
    assert call(get_grant.handler, world, access, key=secret(world, "grants"))[0] == 403


def test_person_reports_only_with_governance(world: World, access: str) -> None:
    def told(by: Principal) -> None:
        world.run(lambda work: report_grant(work, access, 1, "granted", "", by), by)

    with pytest.raises(NotAllowed):
        told(OWNER)
    told(GOVERNOR)
    assert state(world, access) == "granted"


def test_how_it_stands_is_shown(world: World, access: str) -> None:
    status, shown = call(get_grant.handler, world, access)
    assert status == 200
    assert (shown["access"], shown["state"], shown["wanted"], shown["attempt"]) == (access, "pending", True, 1)
    assert "held" not in shown
    report(world, access, "failed", reason="why")
    assert call(get_grant.handler, world, key_of(access))[1]["reason"] == "why"
    assert call(get_grant.handler, world, "unknown")[0] == 404


def listed(world: World, **query: str) -> dict[str, Any]:
    """The answer to `GET /grants`."""
    event = {
        "rawPath": "/grants",
        "rawQueryString": urlencode(query),
        "headers": {"x-api-key": secret(world)},
        "requestContext": {"http": {"method": "GET", "path": "/grants"}},
    }
    return list_grants.handler(event, None)


def test_all_are_listed_by_state(world: World, access: str) -> None:
    other = world.ask(port="open", subject={"user": "bob@nav.no"})
    applied(world, other)
    report(world, other, "failed", reason="no such role")
    assert {one["access"] for one in json.loads(listed(world)["body"])} == {access, other}
    (failed,) = json.loads(listed(world, state="failed")["body"])
    assert (failed["access"], failed["reason"], "held" in failed) == (other, "no such role", False)
    assert [listed(world, **wrong)["statusCode"] for wrong in ({"state": "over"}, {"start": "no place"})] == [400, 400]


def test_many_are_listed_a_page_at_a_time(world: World, access: str) -> None:
    more = [world.ask(port="open", subject={"user": f"u{n}@nav.no"}) for n in range(110)]
    applied(world, *more)
    first = listed(world, state="pending")
    link = re.fullmatch(r'</grants\?([^>]+)>; rel="next"', first["headers"]["link"])
    assert link is not None
    last = listed(world, **dict(parse_qsl(link[1])))
    shown = [one["access"] for page in (first, last) for one in json.loads(page["body"])]
    assert (len(json.loads(first["body"])), sorted(shown)) == (100, sorted([access, *more]))
    assert "link" not in last["headers"]


def test_access_without_a_grant_is_shown_too(world: World) -> None:
    made = world.ask(port="open")
    assert call(get_grant.handler, world, made)[1]["state"] == "pending"
    connect.use(None)
    assert call(get_grant.handler, world, made)[1]["state"] == "granted"
    assert report(world, made, "granted") == 404
    end(world, made)
    assert call(get_grant.handler, world, made)[1]["state"] == "none"
