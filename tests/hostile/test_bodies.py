"""Every operation that takes a body, against every body that is none, and every value that hurts."""

from __future__ import annotations

import json
from typing import Any

import pytest

from souk import jsontext
from souk.edge import request
from tests.authorisation.estate import Scene
from tests.authorisation.people import Person
from tests.hostile.corpus import KEYS, MB, UNREADABLE, VALUES
from tests.hostile.sending import TAKING, good, objects, places, replaced, send, sender, worded

JSON = sorted(set(TAKING) - {"hub/exchange_token"})
PATCHES = sorted(name for name in JSON if name.startswith("dpx/update_"))


@pytest.mark.parametrize("name", TAKING)
def test_a_body_that_is_none_is_refused_in_the_doors_words_and_nothing_is_stored(
    scene: Scene, mighty: dict[str, Person], name: str
) -> None:
    target, _ = good(scene, name)
    who = sender(name, mighty)
    wrong: dict[Any, Any] = {}
    for label, (body, headers) in UNREADABLE.items():
        answer = send(who, name, target, body, label, **{"content_type": "application/json", **_named(headers)})
        fine = 400 <= answer.status < 500 and worded(name, answer) and scene.committed() == scene.commits
        wrong |= {} if fine else {label: (answer.status, answer.body[:200])}
        scene.restore()
    assert wrong == {}


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {key.replace("-", "_"): value for key, value in headers.items()}


@pytest.mark.parametrize("name", JSON)
def test_a_value_that_hurts_never_becomes_a_defect_nor_half_a_write(
    scene: Scene, mighty: dict[str, Person], name: str, no_network: list[Any]
) -> None:
    target, document = good(scene, name)
    who = sender(name, mighty)
    wrong: dict[Any, Any] = {}
    for place in places(document):
        for label, value in VALUES.items():
            body = json.dumps(replaced(document, place, value)).encode()
            answer = send(who, name, target, body, f"{place} {label}", content_type="application/json")
            whole = answer.status < 400 or (worded(name, answer) and scene.committed() == scene.commits)
            wrong |= {} if answer.status < 500 and whole else {(place, label): (answer.status, answer.body[:200])}
            scene.restore()
    assert wrong == {}
    assert no_network == []


@pytest.mark.parametrize("name", JSON)
def test_a_field_that_nobody_knows_never_becomes_a_defect(scene: Scene, mighty: dict[str, Person], name: str) -> None:
    target, document = good(scene, name)
    where = document[0] if isinstance(document, list) else document
    statuses = {}
    for label, value in VALUES.items():
        where["x-unknown"] = value
        body = json.dumps(document).encode()
        statuses[label] = send(sender(name, mighty), name, target, body, label, content_type="application/json").status
        scene.restore()
    assert {label: status for label, status in statuses.items() if status >= 500} == {}


@pytest.mark.parametrize("name", JSON)
def test_a_name_that_hurts_never_becomes_a_defect_nor_half_a_write(
    scene: Scene, mighty: dict[str, Person], name: str
) -> None:
    target, document = good(scene, name)
    who = sender(name, mighty)
    wrong: dict[Any, Any] = {}
    for place, found in objects(document):
        for key in KEYS:
            body = json.dumps(replaced(document, place, {**found, key: "a"})).encode()
            answer = send(who, name, target, body, f"{place} {key[:40]!r}", content_type="application/json")
            whole = answer.status < 400 or (worded(name, answer) and scene.committed() == scene.commits)
            wrong |= {} if answer.status < 500 and whole else {(place, key[:40]): (answer.status, answer.body[:200])}
            scene.restore()
    assert wrong == {}


def _doubling(copies: int) -> list[dict[str, str]]:
    return [{"op": "copy", "from": "", "path": f"/x{n}"} for n in range(copies)]


BOMBS: dict[str, Any] = {
    "24 copies of the whole": _doubling(24),
    "200 copies of the whole": _doubling(200),
    "5,000 operations": [{"op": "test", "path": "/name", "value": "x"}] * 5000,
    "a list that is copied into itself": [
        {"op": "add", "path": "/x", "value": ["a" * 1000]},
        *([{"op": "copy", "from": "/x", "path": "/x/0"}] * 60),
    ],
    "a place of a million": [{"op": "add", "path": "/x", "value": []}, {"op": "add", "path": "/x/1000000", "value": 1}],
    "a place of 400 digits": [
        {"op": "add", "path": "/x", "value": []},
        {"op": "add", "path": f"/x/{'9' * 400}", "value": 1},
    ],
    "a place behind zeros": [{"op": "add", "path": "/x", "value": [1]}, {"op": "remove", "path": "/x/00"}],
    "a long path": [{"op": "add", "path": "/a" * 5000, "value": 1}],
    "a path of dunders": [{"op": "add", "path": "/__class__/__init__", "value": 1}],
    "a strange escape": [{"op": "add", "path": "/a~2b", "value": 1}],
    "no path": [{"op": "add", "value": 1}],
    "no operation": [{"op": "run", "path": "/a", "value": 1}],
    "an operation that is none": [{"op": ["add"], "path": "/name", "value": 1}],
    "a move into itself": [{"op": "move", "from": "", "path": "/x"}],
    "the whole away": [{"op": "remove", "path": ""}],
    "the whole replaced": [{"op": "replace", "path": "", "value": 1}],
    "90 levels below 90": [
        {"op": "add", "path": "/x", "value": json.loads("[" * 60 + "]" * 60)},
        {"op": "add", "path": "/x" + "/0" * 59 + "/0", "value": json.loads("[" * 60 + "]" * 60)},
    ],
}


@pytest.mark.parametrize("name", PATCHES)
def test_a_patch_that_would_grow_is_refused_before_it_grows(scene: Scene, mighty: dict[str, Person], name: str) -> None:
    target, _ = good(scene, name)
    wrong: dict[Any, Any] = {}
    for label, bomb in BOMBS.items():
        body = json.dumps(bomb).encode()
        answer = send(sender(name, mighty), name, target, body, label, content_type="application/json-patch+json")
        fine = 400 <= answer.status < 500 and worded(name, answer) and scene.committed() == scene.commits
        wrong |= {} if fine else {label: (answer.status, answer.body[:200])}
        scene.restore()
    assert wrong == {}


@pytest.mark.parametrize("name", TAKING)
def test_what_is_too_large_is_refused_before_it_is_read(
    scene: Scene, mighty: dict[str, Person], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed: list[int] = []
    monkeypatch.setattr(jsontext, "parse", lambda data: parsed.append(len(data)))
    target, _ = good(scene, name)
    bodies = [body for body, headers in UNREADABLE.values() if len(body) > request.MAX_BODY and not headers]
    assert len(bodies) >= 3
    statuses = {send(sender(name, mighty), name, target, body, "too large").status for body in bodies}
    assert statuses <= {400, 413}
    assert parsed == []


def test_a_gzip_bomb_is_unpacked_no_further_than_a_body_may_be_long() -> None:
    bomb, _ = UNREADABLE["a gzip bomb"]
    assert len(request._gunzip(bomb)) == request.MAX_BODY + 1
    assert len(bomb) < MB
