"""Conditions on versions, and how the index answers them: ranked by text, filtered by facts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, cast

from souk import jsontext
from souk.errors import Invalid
from souk.search.index import COLUMNS, WEIGHTS, Found, Index

MAX_WORDS = 32
MAX_TEXTS = 20
"""The database joins 64 tables at most, and each text is one."""
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Fixed:
    """Always true, or never."""

    value: bool


@dataclass(frozen=True, slots=True)
class OneOf:
    """A field has one of these values, exactly."""

    field: str
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Between:
    """A field has a value within bounds: (operator, value), the operator one of < <= > >=."""

    field: str
    bounds: tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Text:
    """Words that the columns hold. `every`: all of them; `begins`: words may go on."""

    text: str
    columns: tuple[str, ...] = COLUMNS
    every: bool = False
    begins: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """At least `least` of these hold (None: all)."""

    parts: tuple[Condition, ...]
    least: int | None = None


@dataclass(frozen=True, slots=True)
class Without:
    """This does not hold."""

    part: Condition


Condition = Fixed | OneOf | Between | Text | Group | Without


class Answer(NamedTuple):
    """One page, how many match in all, and for each counted field its most frequent values."""

    found: list[Found]
    total: int
    counts: dict[str, list[tuple[Any, int]]]


def search(
    index: Index, condition: Condition, *, size: int, offset: int = 0, counted: Sequence[tuple[str, str, int]] = ()
) -> Answer:
    """Versions that match, the best first, then the latest. `counted`: name, field, how many values."""
    made = _Compiled(index)
    where = made.of(condition)
    source = f"FROM versions v{made.joins} WHERE {where}"
    values = made.joined + made.values
    order = "ORDER BY " + (f"{made.score}, " if made.score else "") + "v.updated DESC, v.number"
    rows = index.rows(f"SELECT v.body {source} {order} LIMIT ? OFFSET ?", [*values, size, offset])
    total = index.rows(f"SELECT count(*) {source}", values)[0][0]
    counts = {
        name: [
            (value, number)
            for value, number in index.rows(
                "SELECT f.value, count(*) AS many FROM facts f WHERE f.field = ? "  # noqa: S608 - values are bound
                f"AND f.version IN (SELECT v.number {source}) GROUP BY f.value ORDER BY many DESC, f.value LIMIT ?",
                [fact, *values, most],
            )
        ]
        for name, fact, most in counted
    }
    return Answer([cast(Found, jsontext.load(row[0])) for row in rows], total, counts)


@dataclass
class _Compiled:
    """A condition on its way to SQL. Values are always bound, never written into the text."""

    index: Index
    joins: str = ""
    score: str = ""
    joined: list[Any] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)

    def of(self, condition: Condition) -> str:
        """The SQL of the condition, its values noted in order."""
        if isinstance(condition, Fixed):
            return "1" if condition.value else "0"
        if isinstance(condition, OneOf):
            marks = ", ".join("?" * len(condition.values)) or "NULL"
            self.values += [condition.field, *condition.values]
            return f"v.number IN (SELECT version FROM facts WHERE field = ? AND value IN ({marks}))"  # noqa: S608 - as many marks as values
        if isinstance(condition, Between):
            self.values.append(condition.field)
            self.values += [value for _, value in condition.bounds]
            bounds = "".join(f" AND value {sign} ?" for sign, _ in condition.bounds)
            return f"v.number IN (SELECT version FROM facts WHERE field = ?{bounds})"  # noqa: S608 - signs of a closed list
        if isinstance(condition, Text):
            return self._text(condition)
        if isinstance(condition, Without):
            return f"NOT ({self.of(condition.part)})"
        return self._group(condition)

    def _group(self, group: Group) -> str:
        parts = [f"({self.of(part)})" for part in group.parts]
        if group.least is None:
            return " AND ".join(parts) or "1"
        if group.least <= 0:
            # The parts stay in the text, since their values are bound, and since they rank.
            return " OR ".join([*parts, "1"])
        return f"({' + '.join(parts) or '0'}) >= {group.least}"

    def _text(self, wanted: Text) -> str:
        """Joins the rows that hold the words, with their rank: a smaller number is a better match."""
        phrase = self._phrase(wanted)
        if phrase is None:
            return "1"
        if len(self.joined) == MAX_TEXTS:
            raise Invalid(f"a search may look for {MAX_TEXTS} texts at most")
        name = f"t{len(self.joined)}"
        weights = ", ".join(map(str, WEIGHTS))
        self.joins += (
            f" LEFT JOIN (SELECT rowid AS number, bm25(words, {weights}) AS rank FROM words WHERE words MATCH ?)"  # noqa: S608 - constants
            f" {name} ON {name}.number = v.number"
        )
        self.joined.append(phrase)
        ranked = f"coalesce({name}.rank, 0)"
        self.score = f"{self.score} + {ranked}" if self.score else ranked
        return f"{name}.number IS NOT NULL"

    def _phrase(self, wanted: Text) -> str | None:
        """The words in FTS5's own language, each quoted; None when there are none."""
        words = [f'"{word}"' + ("*" if wanted.begins else "") for word in _WORD.findall(wanted.text)[:MAX_WORDS]]
        if not words:
            return None if not wanted.text.strip(" *") else '""'
        columns = "" if wanted.columns == COLUMNS else "{" + " ".join(wanted.columns) + "} : "
        if wanted.every:
            phrase = f"{columns}({' AND '.join(words)})"
            if not wanted.begins or len(words) == 1 or self._matches(phrase):
                return phrase
        return f"{columns}({' OR '.join(words)})"

    def _matches(self, phrase: str) -> bool:
        """Whether anything holds all the words; if nothing does, some of them are better than no answer."""
        return bool(self.index.rows("SELECT 1 FROM words WHERE words MATCH ? LIMIT 1", [phrase]))
