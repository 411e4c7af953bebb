"""Requests of the matrix with something bad in them, and what is asked of every answer."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from functools import reduce
from typing import Any

from tests.authorisation.estate import Scene
from tests.authorisation.knocking import METHODS, request_of
from tests.authorisation.people import OWN, Person
from tests.authorisation.rows import ROWS
from tests.gate import Guest
from tests.wire.raw import Answer

TAKING = sorted(name for name, row in ROWS.items() if row.body is not None)
"""Operations that read a body."""
KINDS = {
    "nndm": "application/problem+json",
    "nav": "text/plain",
    "immuta": "application/json",
    "dpx": "application/json",
    "hub": "application/json",
}
GATEWAY = {"message": "Request Entity Too Large"}
_SPENT: dict[str, float] = {}


def sender(name: str, mighty: dict[str, Person]) -> Person:
    """Who may send this: orders and requests of one's own are a person's."""
    return mighty["governance" if name == "nndm/request_access" else "key"]


def send(who: Person, name: str, target: str, body: bytes, label: str, **headers: str) -> Answer:
    """The answer; how much work it took is kept for `slowest`."""
    named = {key.replace("_", "-"): value for key, value in headers.items()}
    before = time.process_time()
    answer = Guest().send(METHODS[name], target, body, {**who.headers, **named})
    _SPENT[f"{name} {label}"] = time.process_time() - before
    return answer


def sent() -> int:
    """How many different requests were sent."""
    return len(_SPENT)


def slowest(number: int = 10) -> list[tuple[str, float]]:
    """The requests that took most, in milliseconds of CPU."""
    found = sorted(_SPENT.items(), key=lambda item: -item[1])[:number]
    return [(label, round(seconds * 1000, 1)) for label, seconds in found]


def worded(name: str, answer: Answer) -> bool:
    """Whether a refusal is in the words of its door, or the gateway's own for what is too large."""
    if answer.status == 413 and answer.kind == "application/json" and answer.json() == GATEWAY:
        return True
    return bool(answer.body) and answer.kind == KINDS[name.split("/", maxsplit=1)[0]]


def places(document: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The place of every value in a document."""
    if path:
        yield path
    children = (
        document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    )
    for key, child in children:
        yield from places(child, (*path, key))


def objects(document: Any) -> list[tuple[tuple[Any, ...], dict[str, Any]]]:
    """Every object in a document, with its place."""
    every = ((place, reduce(lambda found, key: found[key], place, document)) for place in [(), *places(document)])
    return [(place, found) for place, found in every if isinstance(found, dict)]


def replaced(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    """The document with another value at a place."""
    if not path:
        return value
    copy = dict(document) if isinstance(document, dict) else list(document)
    copy[path[0]] = replaced(copy[path[0]], path[1:], value)
    return copy


def good(scene: Scene, name: str) -> tuple[str, Any]:
    """Target and body of a request that would be carried out."""
    _, target, body = request_of(scene, name, OWN)
    return target, body if isinstance(ROWS[name].body, bytes) or not body else json.loads(body)
