"""The AsyncAPI document: generated, whole, and of every event that the code tells."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from typing import Any

from local.asyncapi.__main__ import FILE, text
from local.asyncapi.document import declared, messages
from souk.events.names import ALSO
from souk.identity.newcomers import SEEN
from tests.openapi_checks import schema_at
from tests.repository.tree import sources

DOCUMENT: dict[str, Any] = json.loads(FILE.read_text())


def references(node: Any) -> Iterator[str]:
    """Every `$ref` at any depth."""
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    if isinstance(node, dict) and "$ref" in node:
        yield node["$ref"]
    for child in children:
        yield from references(child)


def told(method: str) -> Iterator[list[ast.expr]]:
    """Arguments of every call of `work.<method>` in the core."""
    for path in sources("layers/souk"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == method:
                yield node.args


def words(node: ast.expr) -> list[str]:
    """The texts that an expression may be, as far as it says; `*` stands for what is filled in."""
    if isinstance(node, ast.IfExp):
        return words(node.body) + words(node.orelse)
    if isinstance(node, ast.JoinedStr):
        return ["".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in node.values)]
    return [str(node.value)] if isinstance(node, ast.Constant) else []


def put_at_once() -> Iterator[str]:
    """Names of messages that the core puts on the bus past the outbox, as constants of their modules."""
    for path in sources("layers/souk"):
        tree = ast.parse(path.read_text())
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        first = {ast.unparse(call.args[0]) for call in calls if ast.unparse(call.func) == "Message" and call.args}
        assigned = [node for node in tree.body if isinstance(node, ast.Assign)]
        yield from (ast.literal_eval(one.value) for one in assigned if ast.unparse(one.targets[0]) in first)


def test_the_document_is_what_make_openapi_writes() -> None:
    assert FILE.read_text() == text(), "run: make openapi"


def test_every_reference_leads_somewhere() -> None:
    found = list(references(DOCUMENT))
    assert found
    assert [one for one in found if not schema_at(DOCUMENT, one)] == []


def test_every_notice_that_the_core_tells_is_declared() -> None:
    at_once = set(put_at_once())
    names = at_once | {name for args in told("notice") for name in words(args[0])}
    known = set(declared()["notices"])
    patterns = {name: re.compile(re.escape(name).replace(r"\*", r"[\w.]+")) for name in names}
    assert {name for name, pattern in patterns.items() if not any(pattern.fullmatch(one) for one in known)} == set()
    assert len(names) > 10
    assert at_once == {SEEN}


def test_every_verb_that_the_core_tells_is_declared() -> None:
    verbs = {verb for args in told("event") if len(args) > 1 for verb in words(args[1])}
    assert verbs <= {verb for known in declared()["log"].values() for verb in known}
    assert verbs >= {"created", "updated", "deleted"}


def test_second_names_are_told() -> None:
    assert set(ALSO.values()) <= {one.name for one in messages()}


def test_feed_and_bus_tell_what_is_described() -> None:
    feed = {one.name for one in messages() if one.feed}
    channels = DOCUMENT["channels"]
    assert set(channels["feed"]["messages"]) == feed
    assert len(channels["bus"]["messages"]) == len(messages()) > len(feed)
