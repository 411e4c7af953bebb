"""One invocation tried at every point where AWS may fail it, against what it does when nothing fails."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from souk.store.dynamodb_items import Tables
from tests.faults.cloud import Cloud, Moment
from tests.faults.line import KINDS, Call, Fault, Line, applies
from tests.faults.shape import Holding, Shape


class Outcome(NamedTuple):
    """How an invocation ended. A reaction or a step has only a status: 200, or 500 for an error that it raised."""

    status: int
    headers: dict[str, str]
    body: str
    complaint: str = ""
    """What is wrong with the wording of a refusal."""


Act = Callable[[], Outcome]
_REVISION = re.compile(r" r\d+ ")


@dataclass
class Report:
    """What the trial of one invocation showed."""

    calls: list[Call] = field(default_factory=list)
    points: int = 0
    """How many were reached: what an invocation asks for may depend on the time that has passed."""
    failures: list[str] = field(default_factory=list)

    def add(self, other: Report) -> None:
        """The same invocation was tried once more, in another state."""
        self.calls += other.calls
        self.points += other.points
        self.failures += other.failures


@dataclass
class Manner:
    """What an invocation may do that most may not."""

    rests: bool = False
    """A lifecycle: between two commits it may rest in a state of its own, which a repeat or the sweep ends."""
    heals: Act | None = None
    """What goes on besides, once everything works again: the sweep, a stream's next delivery."""
    renews: bool = False
    """A repeat writes the same once more: a record may be a revision further."""
    compares: tuple[str, ...] = ()
    """What is compared in the end, by the first word of a shape's lines; by default everything."""


Forget = Callable[[bool], None]
"""Has the process forget what the state of its deployment made it remember; or everything, as a new one."""


class Examiner:
    """Tries invocations. `thorough`: every point, in a process that knows the caller and in a new one.

    Else each kind once, at calls that move on.
    """

    def __init__(self, cloud: Cloud, line: Line, tables: Tables, forget: Forget, *, thorough: bool) -> None:
        self._cloud, self._line, self._tables = cloud, line, tables
        self._forget, self._thorough = forget, thorough
        self._new = False
        self._turn = self._reached = 0

    def examine(self, act: Act, manner: Manner, *, by_caller: bool) -> tuple[Outcome, Report]:
        """The outcome when nothing fails, in whose state everything is left; and the report."""
        report = Report()
        start = self._cloud.moment()
        before = self._holding().shape()
        clean, after = self._undisturbed(act, manner)
        report.calls = list(self._line.calls)
        end = self._cloud.moment()
        for new in (False, True) if self._thorough and by_caller else (False,):
            self._new = new
            self._back(start)
            for point in self._points(self._counted(act)):
                self._back(start)
                found = self._try(point, act, manner, clean, (before, after))
                report.failures += [f"{point}: {text}" for text in found]
        self._new = False
        report.points, self._reached = self._reached, 0
        self._back(end)
        return clean, report

    def _counted(self, act: Act) -> list[Call]:
        self._line.calls.clear()
        act()
        return list(self._line.calls)

    def _undisturbed(self, act: Act, manner: Manner) -> tuple[Outcome, Shape]:
        self._line.calls.clear()
        clean = act()
        calls = list(self._line.calls)
        with self._line.aside():
            self._healed(manner)
        self._line.calls = calls
        return clean, self._holding().shape()

    def _points(self, calls: list[Call]) -> Iterator[Fault]:
        for kind in KINDS:
            places = [place for place, call in enumerate(calls) if applies(kind, call)]
            if self._thorough:
                yield from (Fault(place, kind, lasting) for place in places for lasting in (False, True))
            elif places:
                self._turn += 1
                # The last call is mostly the one that writes: every other turn is its.
                place = places[-1] if self._turn % 2 else places[self._turn // 2 % len(places)]
                yield Fault(place, kind, lasting=self._turn % 3 > 0)

    def _try(
        self, point: Fault, act: Act, manner: Manner, clean: Outcome, shapes: tuple[Shape, Shape]
    ) -> Iterator[str]:
        self._line.calls.clear()
        self._line.fault = point
        outcome = act()
        self._line.fault = None
        self._reached += len(self._line.calls) > point.place
        yield from self._after_the_fault(point, outcome, manner, clean, shapes)
        if outcome.status != clean.status:
            again = act()
            if again.status != clean.status:
                yield f"sent again it was answered {again.status} {again.body[:200]}, not {clean.status}"
        self._healed(manner)
        holding = self._holding()
        yield from (
            f"in the end {text}"
            for text in [*holding.broken(), *differences(*(aged(one, manner) for one in (holding.shape(), shapes[1])))]
        )

    def _after_the_fault(
        self, point: Fault, outcome: Outcome, manner: Manner, clean: Outcome, shapes: tuple[Shape, Shape]
    ) -> Iterator[str]:
        holding = self._holding()
        yield from (f"left {text}" for text in holding.broken())
        shape = holding.shape()
        if outcome.status == clean.status:
            if manner.heals is None:
                yield from (f"though it was answered {text}" for text in differences(shape, shapes[1]))
        elif not point.lasting:
            yield f"one fault was not made up for: {outcome.status} {outcome.body[:200]}"
        elif outcome.complaint:
            yield f"refused as {outcome.status} {outcome.body[:200]}: {outcome.complaint}"
        elif not manner.rests and shape not in shapes:
            nearest = min(shapes, key=lambda one: len(differences(shape, one)))
            yield from (f"half was left: {text}" for text in differences(shape, nearest))

    def _healed(self, manner: Manner) -> None:
        if manner.heals is not None:
            manner.heals()

    def _holding(self) -> Holding:
        return Holding(self._cloud, self._tables)

    def _back(self, moment: Moment) -> None:
        self._cloud.back_to(moment)
        self._forget(self._new)


def aged(shape: Shape, manner: Manner) -> Shape:
    """The part of the shape that must agree, without revisions where they may differ."""
    found: Shape = Counter()
    for what, count in shape.items():
        if not manner.compares or what.startswith(manner.compares):
            found[_REVISION.sub(" ", what) if manner.renews else what] += count
    return found


def differences(found: Shape, wanted: Shape) -> list[str]:
    """What there is too much of, and what lacks."""
    more = [f"{count} more: {what[:300]}" for what, count in (found - wanted).items()]
    return more + [f"{count} fewer: {what[:300]}" for what, count in (wanted - found).items()]


def unwelcome(status: int, headers: dict[str, str]) -> str:
    """What is wrong with a refusal for every door."""
    if status not in {429, 503}:
        return "not a status after which clients send again"
    return "" if headers.get("retry-after", "").isdecimal() else "no Retry-After"


def ended(handler: Any, event: dict[str, Any]) -> Outcome:
    """A reaction's or step's end."""
    try:
        handler(event, None)
    except Exception as error:  # noqa: BLE001 - Lambda reports it, and whoever called tries again
        return Outcome(500, {}, f"{type(error).__name__}: {error}", _unforeseen(error))
    return Outcome(200, {}, "")


def _unforeseen(error: Exception) -> str:
    return "" if type(error).__name__ in {"Busy", "Failed"} else "not an error that machines and streams try again"
