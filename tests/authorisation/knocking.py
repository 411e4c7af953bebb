"""Requests of the matrix: rows filled with the ids of a side, sent, and what must be answered."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from souk.identity.users import id_for_email
from tests.authorisation.estate import Scene
from tests.authorisation.people import FOREIGN, OWN, Person
from tests.authorisation.rows import ROWS
from tests.authorisation.rules import Row
from tests.gate import Guest, application
from tests.repository.tree import operation_id as camel
from tests.repository.tree import routes, snake
from tests.wire.raw import Answer

MISSING = "missing"
SIDES = (OWN, FOREIGN, MISSING)
NOBODY = {"nndm": 403, "nav": 403, "immuta": 401, "dpx": 401, "hub": 401}
"""Answers to whoever brings no credential that counts."""
NOT_ALLOWED = {"nndm": 403, "nav": 401, "immuta": 403, "dpx": 403, "hub": 403}


def methods() -> dict[str, str]:
    """The method of every operation that a template declares, by `door/module`."""
    doors = {one.dialect for one in application().functions if one.routes}
    found = {f"{door}/{snake(camel(name))}": method for door in doors for name, (method, _) in routes(door).items()}
    return {name: method or "GET" for name, method in found.items()}


METHODS = methods()


def names_of(scene: Scene, side: str) -> dict[str, str]:
    """The ids that a request for this side's objects holds."""
    names = scene.missing if side == MISSING else scene.names[side]
    return {**names, "outsider": id_for_email("outsider@souk.example")}


def filled(text: str, names: Mapping[str, str]) -> str:
    for word, exact in names.items():
        text = text.replace(f"<{word}>", exact)
    return text


def request_of(scene: Scene, name: str, side: str) -> tuple[str, str, bytes]:
    """Method, target and body."""
    row, names = ROWS[name], names_of(scene, side)
    if isinstance(row.body, bytes):
        body = row.body
    elif row.body == "<whole order>":
        body = json.dumps(scene.estates[OWN if side == MISSING else side].order()).encode()
    else:
        body = b"" if row.body is None else filled(json.dumps(row.body), names).encode()
    return METHODS[name], filled(row.target, names), body


def knock(scene: Scene, name: str, side: str, headers: Mapping[str, str]) -> Answer:
    """The answer. What the request changed stays."""
    method, target, body = request_of(scene, name, side)
    kind = "application/x-www-form-urlencoded" if isinstance(ROWS[name].body, bytes) else "application/json"
    extra = {"content-type": kind} if body else {}
    return Guest().send(method, target, body, {**headers, **extra})


def scope_of(name: str, row: Row) -> str:
    """What a limited key must hold."""
    return row.scope or ("read" if METHODS[name] == "GET" else "write")


def expected(name: str, who: Person, side: str) -> int:
    """The status that the row and the rules demand."""
    row, door = ROWS[name], name.split("/", maxsplit=1)[0]
    enters = who.kind != "none" and who.enters and (who.kind != "key" or scope_of(name, row) in who.scopes)
    if not enters:
        return row.public or (NOBODY if who.kind == "none" else NOT_ALLOWED)[door]
    return _inside(row, door, who, side)


def _inside(row: Row, door: str, who: Person, side: str) -> int:
    if side == MISSING and row.gone_first:
        return row.gone
    whose = OWN if side == MISSING else side
    if row.rule(who, whose):
        return row.gone if side == MISSING else row.ok
    knows = row.seen is None or row.seen(who, whose)
    return NOT_ALLOWED[door] if knows else 404


def told(answer: Answer) -> str:
    """Everything that an answer says."""
    return f"{answer.headers.items()} {answer.body.decode('utf-8', 'replace')}"


def without_ids(answer: Answer, names: Mapping[str, str]) -> tuple[Any, ...]:
    """An answer without the ids that the request named, and without what differs from answer to answer."""
    text = answer.body.decode()
    for exact in sorted({*names.values()}, key=len, reverse=True):
        text = text.replace(exact, "ID")
    kept = sorted((name, value) for name, value in answer.headers.items() if name not in _EACH)
    return answer.status, kept, _untraced(text, answer.headers.get("x-request-id") or "-")


_EACH = {"x-request-id", "x-global-transaction-id"}
_REASON = re.compile(r'(?<="detail":")[^"]+|(?<="message":")[^"]+')


def _untraced(text: str, request: str) -> str:
    return text.replace(request, "REQUEST")


def without_reason(answer: Answer, names: Mapping[str, str]) -> tuple[Any, ...]:
    """As `without_ids`, and without the sentence that says what is wrong with the credential."""
    status, headers, text = without_ids(answer, names)
    return status, headers, text if status < 400 else _REASON.sub("REASON", text)
