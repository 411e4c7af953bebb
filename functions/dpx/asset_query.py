"""The query language of asset type searches, as far as clients use it (contract 4.1).

`*:*`, `field:value`, `field:(a OR b)`, `field LIKE "text"` (also `field: LIKE "text"`), joined by AND, OR, NOT and
brackets. A value may be quoted, and may hold `*`. A thing matches by its facts: the texts of each of its fields.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from souk.errors import Invalid

Facts = Mapping[str, Iterable[str]]
Matches = Callable[[Facts], bool]
MAX_LENGTH = 8000
MAX_DEPTH = 20
_TOKEN = re.compile(r'\s*(?:(\(|\))|"((?:[^"\\]|\\.)*)"|([^\s()":]+:)|([^\s()":]+))')
_PARTS_FIELD = "parts_out_asset_id"


class Query(NamedTuple):
    """What matches, and the assets that a version has to have a part of, if the query names any."""

    matches: Matches
    assets: tuple[str, ...]


def parse(text: str) -> Query:
    """The query that the text says. Raises Invalid."""
    if not text.strip() or len(text) > MAX_LENGTH:
        raise Invalid(f"query: must have 1 to {MAX_LENGTH} characters")
    parser = _Parser(text)
    matches = parser.either(0)
    if parser.peek() is not None:
        raise Invalid(f"query: cannot be read from {parser.rest()!r} on")
    return Query(matches, tuple(dict.fromkeys(parser.assets)))


class _Token(NamedTuple):
    kind: str
    text: str


class _Parser:
    """Recursive descent; `either`, `both` and `single` read one level of the grammar each."""

    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0
        self.assets: list[str] = []

    def peek(self) -> _Token | None:
        token, _ = self._read()
        return token

    def rest(self) -> str:
        return self._text[self._at : self._at + 40]

    def either(self, depth: int) -> Matches:
        if depth > MAX_DEPTH:
            raise Invalid(f"query: brackets are nested deeper than {MAX_DEPTH}")
        choices = [self._both(depth)]
        while self._takes("OR"):
            choices.append(self._both(depth))
        if len(choices) > 1:
            self.assets.clear()
        return choices[0] if len(choices) == 1 else lambda facts: any(choice(facts) for choice in choices)

    def _both(self, depth: int) -> Matches:
        conditions = [self._single(depth)]
        while self._takes("AND"):
            conditions.append(self._single(depth))
        return conditions[0] if len(conditions) == 1 else lambda facts: all(one(facts) for one in conditions)

    def _single(self, depth: int) -> Matches:
        if self._takes("NOT"):
            if depth > MAX_DEPTH:
                raise Invalid(f"query: is nested deeper than {MAX_DEPTH}")
            inner = self._single(depth + 1)
            self.assets.clear()
            return lambda facts: not inner(facts)
        token = self._next()
        if token == _Token("bracket", "("):
            inner = self.either(depth + 1)
            self._demand(")")
            return inner
        if token.kind == "field":
            return self._of_field(token.text[:-1])
        if token.kind == "word" and self._takes("LIKE"):
            return _like(token.text, self._value())
        raise Invalid(f"query: {token.text!r} is no condition; write field:value")

    def _of_field(self, field: str) -> Matches:
        if field == "*":
            self._value()
            return lambda _: True
        if self._takes("LIKE"):
            return _like(field, self._value())
        values = self._values()
        if field.endswith("." + _PARTS_FIELD):
            self.assets += values
        return _equals(field, values)

    def _values(self) -> list[str]:
        if not self._takes("("):
            return [self._value()]
        values = [self._value()]
        while not self._takes(")"):
            self._takes("OR")
            values.append(self._value())
        return values

    def _value(self) -> str:
        token = self._next()
        if token.kind not in {"word", "quoted"}:
            raise Invalid(f"query: {token.text!r} is no value")
        return token.text

    def _takes(self, text: str) -> bool:
        token, end = self._read()
        if token is None or token.text != text or token.kind == "quoted":
            return False
        self._at = end
        return True

    def _demand(self, text: str) -> None:
        if not self._takes(text):
            raise Invalid(f"query: {text!r} is missing before {self.rest()!r}")

    def _next(self) -> _Token:
        token, self._at = self._read()
        if token is None:
            raise Invalid("query: ends too early")
        return token

    def _read(self) -> tuple[_Token | None, int]:
        found = _TOKEN.match(self._text, self._at)
        if found is None:
            if self._text[self._at :].strip():
                raise Invalid(f"query: cannot be read from {self.rest()!r} on")
            return None, len(self._text)
        bracket, quoted, field, word = found.groups()
        if bracket:
            return _Token("bracket", bracket), found.end()
        if quoted is not None:
            return _Token("quoted", re.sub(r"\\(.)", r"\1", quoted)), found.end()
        return (_Token("field", field) if field else _Token("word", word)), found.end()


def _equals(field: str, values: list[str]) -> Matches:
    wanted = [value.casefold().split("*") for value in values]
    return lambda facts: any(_fits(text.casefold(), parts) for text in facts.get(field, ()) for parts in wanted)


def _like(field: str, value: str) -> Matches:
    wanted = value.casefold().strip("%*")
    return lambda facts: any(wanted in text.casefold() for text in facts.get(field, ()))


def _fits(text: str, parts: list[str]) -> bool:
    """Whether the text is these parts with anything in between. Linear: no backtracking."""
    if len(parts) == 1:
        return text == parts[0]
    first, *middle, last = parts
    if not text.startswith(first):
        return False
    at = len(first)
    for part in middle:
        found = text.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return len(text) - at >= len(last) and text.endswith(last)
