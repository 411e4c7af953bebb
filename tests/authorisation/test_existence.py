"""Whether something exists is told by nothing: no status, no words (test_matrix), and not by how much is read.

Where two requests are refused alike, one for what exists and one for what does not, the store is asked the same.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.authorisation.estate import Scene
from tests.authorisation.knocking import expected, knock
from tests.authorisation.people import OWN, Person
from tests.authorisation.rows import ROWS

READING = ("get_many", "page", "count", "pending", "read_log")


@pytest.fixture
def asked(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Every question to the store, and how many keys it held."""
    heard: list[tuple[str, int]] = []

    def listened(name: str) -> Any:
        held = getattr(scene.store, name)

        def question(*given: Any, **more: Any) -> Any:
            keys = list(given[0]) if name == "get_many" else []
            heard.append((name, len(keys)))
            return held(*([keys] if keys else given), **more)

        return question

    for name in READING:
        monkeypatch.setattr(scene.store, name, listened(name))
    return heard


def questions(scene: Scene, asked: list[tuple[str, int]], name: str, side: str, who: Person) -> list[tuple[str, int]]:
    """What the store was asked for this request, once the caller is known."""
    knock(scene, name, side, who.headers)
    asked.clear()
    knock(scene, name, side, who.headers)
    return list(asked)


@pytest.mark.parametrize("name", sorted(ROWS))
def test_what_is_refused_alike_asks_the_store_alike(
    scene: Scene, people: list[Person], strangers: list[Person], asked: list[tuple[str, int]], name: str
) -> None:
    alike = [who for who in [*people, *strangers] if expected(name, who, OWN) == expected(name, who, "missing") >= 400]
    chosen = [who for who in alike if expected(name, who, OWN) != 409]
    told = {
        who.name: (questions(scene, asked, name, OWN, who), questions(scene, asked, name, "missing", who))
        for who in chosen
    }
    assert {who: pair for who, pair in told.items() if pair[0] != pair[1]} == {}
