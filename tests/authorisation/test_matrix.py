"""Who x what x whose: every operation of every door, by everybody, on objects of two owners and on none.

An operation without a row fails; so does a row without an operation.
"""

from __future__ import annotations

import pytest

from tests.authorisation.estate import CANARY, HIDDEN, Scene
from tests.authorisation.knocking import METHODS, SIDES, expected, knock, names_of, told, without_ids, without_reason
from tests.authorisation.people import OWN, Person
from tests.authorisation.rows import ROWS

EVERY = sorted(ROWS)


def test_every_operation_of_every_template_has_its_row() -> None:
    assert set(ROWS) == set(METHODS)
    assert len(METHODS) >= 137


def test_the_matrix_is_large(people: list[Person], strangers: list[Person]) -> None:
    assert len(EVERY) * (len(people) * len(SIDES) + len(strangers) * 2) > 20_000


@pytest.mark.parametrize("name", EVERY)
def test_everybody_may_what_the_rules_say_and_nothing_else(scene: Scene, people: list[Person], name: str) -> None:
    found, changed = {}, []
    for who in people:
        for side in SIDES:
            answer = knock(scene, name, side, who.headers)
            found[who.name, side] = answer.status
            changed += [(who.name, side)] * (answer.status >= 400 and scene.committed() != scene.commits)
            scene.restore()
    assert found == {(who.name, side): expected(name, who, side) for who in people for side in SIDES}
    assert changed == []


@pytest.mark.parametrize("name", EVERY)
def test_whoever_brings_nothing_that_counts_learns_nothing(scene: Scene, strangers: list[Person], name: str) -> None:
    """All of them are answered alike, and, but for public operations, alike whether the object exists or not."""
    seen, statuses = {}, {}
    for who in strangers:
        answers = [(knock(scene, name, side, who.headers), names_of(scene, side)) for side in (OWN, "missing")]
        statuses[who.name] = [answer.status for answer, _ in answers]
        seen[who.name] = tuple(without_reason(*pair) for pair in answers)
        assert not any(HIDDEN in told(answer) for answer, _ in answers), who.name
        assert scene.committed() == scene.commits, who.name
    assert statuses == {who.name: [expected(name, who, side) for side in (OWN, "missing")] for who in strangers}
    assert seen == dict.fromkeys(seen, seen["anonymous"])
    assert ROWS[name].public or seen["anonymous"][0] == seen["anonymous"][1]


@pytest.mark.parametrize("name", EVERY)
def test_a_refusal_tells_nothing_of_the_object(scene: Scene, people: list[Person], name: str) -> None:
    """Neither in its words nor in its headers; what is hidden is told as what does not exist."""
    refused = [who for who in people if expected(name, who, OWN) >= 400]
    answers = {
        who.name: (knock(scene, name, OWN, who.headers), knock(scene, name, "missing", who.headers)) for who in refused
    }
    scene.restore()
    assert [who for who, (one, _) in answers.items() if CANARY in told(one)] == []
    assert [who for who, (one, _) in answers.items() if one.headers.get("etag")] == []
    hidden = {who: pair for who, pair in answers.items() if pair[0].status == 404}
    told_alike = {
        who: without_ids(one, names_of(scene, OWN)) == without_ids(other, names_of(scene, "missing"))
        for who, (one, other) in hidden.items()
    }
    assert told_alike == dict.fromkeys(hidden, True)
