"""The query language of asset lists: a bounded subset of CEL (contract 4.3, decision record 0010).

Comparisons (`== != < <= > >= in`) of a field with a text, number, boolean or list, joined by `&&`, `||`, `!` and
brackets. Nothing is called, nothing is looped over, so a query costs what its length says.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from souk import clock
from souk.errors import Invalid

MAX_LENGTH = 4000
MAX_DEPTH = 20
FIELDS = frozenset(
    {"type", "state", "name", "description", "id", "asset.id", "created_at", "last_updated_at", "access_control.owner"}
)
TIMES = frozenset({"created_at", "last_updated_at"})
Facts = Mapping[str, Any]
Matches = Callable[[Facts], bool]
_TOKEN = re.compile(
    r"""\s*(?:(?P<op>&&|\|\||==|!=|<=|>=|[<>!()\[\],])"""
    r"""|(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
    r"""|(?P<number>-?[0-9]{1,15}(?:\.[0-9]{1,15})?)"""
    r"""|(?P<word>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*))"""
)
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}


class Query(NamedTuple):
    """What matches. `required`: fields that must equal one value for anything to match; they choose the list."""

    matches: Matches
    required: dict[str, Any]
    fields: frozenset[str]


def parse(text: str) -> Query:
    """The query that the text says. Raises Invalid."""
    if not text.strip() or len(text) > MAX_LENGTH:
        raise Invalid(f"query: must have 1 to {MAX_LENGTH} characters")
    parser = _Parser(text)
    node = parser.either(0)
    if parser.peek().kind != "end":
        raise parser.fault()
    return Query(node.matches, node.required, frozenset(parser.fields))


class _Token(NamedTuple):
    kind: str
    text: str


class _Node(NamedTuple):
    matches: Matches
    required: dict[str, Any]


class _Operand(NamedTuple):
    """A field, or a value."""

    field: str | None
    value: Any = None


class _Parser:
    """Recursive descent; each method reads one level of the grammar."""

    def __init__(self, text: str) -> None:
        self._tokens = list(_tokens(text))
        self._at = 0
        self.fields: set[str] = set()

    def peek(self) -> _Token:
        return self._tokens[self._at]

    def fault(self) -> Invalid:
        token = self.peek()
        what = "ends too early" if token.kind == "end" else f"cannot be read at {token.text[:40]!r}"
        return Invalid(f"query: {what}")

    def either(self, depth: int) -> _Node:
        if depth > MAX_DEPTH:
            raise Invalid(f"query: is nested deeper than {MAX_DEPTH}")
        nodes = [self._both(depth)]
        while self._takes("||"):
            nodes.append(self._both(depth))
        return nodes[0] if len(nodes) == 1 else _Node(lambda facts: any(one.matches(facts) for one in nodes), {})

    def _both(self, depth: int) -> _Node:
        nodes = [self._single(depth)]
        while self._takes("&&"):
            nodes.append(self._single(depth))
        required = {field: value for one in nodes for field, value in one.required.items()}
        return _Node(lambda facts: all(one.matches(facts) for one in nodes), required)

    def _single(self, depth: int) -> _Node:
        if self._takes("!"):
            if depth > MAX_DEPTH:
                raise Invalid(f"query: is nested deeper than {MAX_DEPTH}")
            inner = self._single(depth + 1)
            return _Node(lambda facts: not inner.matches(facts), {})
        if self._takes("("):
            node = self.either(depth + 1)
            self._demand(")")
            return node
        return self._comparison()

    def _comparison(self) -> _Node:
        left = self._operand()
        token = self._next()
        if token == _Token("word", "in") and left.field:
            return self._one_of(left.field)
        if token.text not in _COMPARE or token.kind != "op":
            self._at -= 1
            raise self.fault()
        right = self._operand()
        if left.field and right.field is None:
            return _compared(left.field, token.text, right.value)
        if right.field and left.field is None:
            return _compared(right.field, _TURNED[token.text], left.value)
        raise Invalid("query: a comparison has a field on one side and a value on the other")

    def _one_of(self, field: str) -> _Node:
        self._demand("[")
        values = [self._value()]
        while self._takes(","):
            values.append(self._value())
        self._demand("]")
        nodes = [_compared(field, "==", value) for value in values]
        return _Node(lambda facts: any(one.matches(facts) for one in nodes), {})

    def _value(self) -> Any:
        operand = self._operand()
        if operand.field:
            raise Invalid("query: a list holds values")
        return operand.value

    def _operand(self) -> _Operand:
        token = self._next()
        if token.kind == "text":
            return _Operand(None, _unquoted(token.text))
        if token.kind == "number":
            return _Operand(None, float(token.text))
        if token.kind != "word":
            self._at -= 1
            raise self.fault()
        if token.text in {"true", "false"}:
            return _Operand(None, token.text == "true")
        if token.text == "timestamp" and self._takes("("):
            value = self._value()
            self._demand(")")
            return _Operand(None, value)
        if token.text not in FIELDS:
            raise Invalid(f"query: there is no field {token.text[:80]!r}")
        self.fields.add(token.text)
        return _Operand(token.text)

    def _takes(self, text: str) -> bool:
        token = self.peek()
        if token.kind != "op" or token.text != text:
            return False
        self._at += 1
        return True

    def _demand(self, text: str) -> None:
        if not self._takes(text):
            raise self.fault()

    def _next(self) -> _Token:
        token = self.peek()
        if token.kind == "end":
            raise self.fault()
        self._at += 1
        return token


def _tokens(text: str) -> list[_Token]:
    found, at = [], 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            raise Invalid(f"query: cannot be read at {text[at : at + 40]!r}")
        kind = str(match.lastgroup)
        found.append(_Token(kind, match[kind]))
        at = match.end()
    return [*found, _Token("end", "")]


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", lambda match: _ESCAPES.get(match[1], match[1]), text[1:-1])


def _compared(field: str, verb: str, value: Any) -> _Node:
    compare = _COMPARE[verb]
    if not isinstance(value, str):
        raise Invalid(f"query: {field} is a text")
    if field in TIMES:
        value = _instant(value)
    required = {field: value} if verb == "==" else {}
    return _Node(lambda facts: compare(facts[field], value), required)


def _instant(value: str) -> str:
    try:
        return clock.text(clock.parse(value))
    except (ValueError, OverflowError):
        raise Invalid(f"query: {value[:40]!r} is no date and time with its zone") from None
