"""The alarms of the sequencer ring as the template has them while the log cannot be written; then all goes on."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from reactions import sweep_due
from souk import clock
from souk.errors import Failed
from souk.store.connect import use
from souk.store.sqlite import SqliteStore
from tests.events.test_sequencer import Faulty, write
from tests.repository.tree import ROOT, resources

TEMPLATE = ROOT / "functions/reactions/template.yaml"
ALARMS = resources(TEMPLATE, "AWS::CloudWatch::Alarm")
STATISTICS: dict[str, Callable[[list[float]], float]] = {"Maximum": max, "Minimum": min, "Sum": sum}
EVENTS = [f"e{number:03d}" for number in range(95)]


class Stopped(Faulty):
    """The log cannot be written while it is `down`."""

    down = True

    def append(self, *given: Any) -> None:
        if self.down:
            raise Failed("the log cannot be written")
        super().append(*given)


@pytest.fixture
def stopped(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stopped]:
    for name, value in {"METRICS_NAMESPACE": "Souk", "SERVICE_NAME": "reactions"}.items():
        monkeypatch.setenv(f"POWERTOOLS_{name}", value)
    monkeypatch.setenv("SOUK_BUS", "souk")
    opened = SqliteStore(":memory:")
    made = Stopped(opened)
    use(made)
    yield made
    use(None)
    opened.close()


class Minutes:
    """What the sweep of every minute tells, and which alarms that makes ring."""

    def __init__(self, told: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch) -> None:
        self._told, self._patch, self._begin = told, patch, clock.now()
        self._figures: list[dict[str, Any]] = []

    def passes(self) -> set[str]:
        """One minute more; the alarms that ring at its end."""
        at = self._begin + timedelta(minutes=len(self._figures) + 1)
        self._patch.setattr(clock, "now", lambda: at)
        with suppress(Failed):
            sweep_due.handler({})
        self._figures.append(json.loads(self._told.readouterr().out.splitlines()[-1]))
        return {name for name, alarm in ALARMS.items() if alarm.get("Namespace") == "Souk" and self._rings(alarm)}

    def _rings(self, alarm: dict[str, Any]) -> bool:
        """As CloudWatch decides it: the threshold is exceeded in as many periods in a row."""
        wanted = {one["Name"]: one["Value"] for one in alarm["Dimensions"]} | {"stack": "souk"}
        latest = self._figures[-alarm["EvaluationPeriods"] :]
        found = [one[alarm["MetricName"]] for one in latest if all(one[n] == v for n, v in wanted.items())]
        over = [STATISTICS[alarm["Statistic"]](values) > alarm["Threshold"] for values in found]
        return len(over) == alarm["EvaluationPeriods"] and all(over)


@pytest.fixture
def minutes(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Minutes:
    return Minutes(capsys, monkeypatch)


def test_a_stopped_sequencer_rings_and_goes_on_when_it_is_mended(stopped: Stopped, minutes: Minutes) -> None:
    write(stopped._store, *EVENTS)
    rung = [minutes.passes() for _ in range(6)]
    # Older than two minutes three times in a row: at the third, fourth and fifth minute. Full for five minutes.
    old, full = {"OutboxOldAlarm"}, {"OutboxFullAlarm"}
    assert rung == [set(), set(), set(), set(), old | full, old | full]
    assert stopped._store.read_log(0, 10) == []
    stopped.down = False
    rung = [minutes.passes() for _ in range(2)]
    assert rung[-1] == set()
    assert [one["subject"] for batch in stopped._store.read_log(0, 10) for one in batch.events] == EVENTS
    assert stopped._store.pending(1) == []


def test_a_quiet_outbox_and_one_that_is_emptied_in_time_ring_nothing(stopped: Stopped, minutes: Minutes) -> None:
    stopped.down = False
    for name in EVENTS[:8]:
        write(stopped._store, name)
        assert minutes.passes() == set()


def test_the_stream_of_the_sequencer_is_never_given_up_and_has_an_alarm_of_its_own() -> None:
    stream = resources(TEMPLATE, "AWS::Serverless::Function")["SequenceEventsFunction"]["Events"]["Outbox"][
        "Properties"
    ]
    assert (stream["MaximumRetryAttempts"], stream["ParallelizationFactor"]) == (-1, 1)
    assert {"DestinationConfig", "MaximumRecordAgeInSeconds", "BisectBatchOnFunctionError"} & stream.keys() == set()
    alarm = ALARMS["SequencerBehindAlarm"]
    assert (alarm["Namespace"], alarm["MetricName"], alarm["Statistic"]) == ("AWS/Lambda", "IteratorAge", "Maximum")
    assert alarm["Dimensions"] == [{"Name": "FunctionName", "Value": "SequenceEventsFunction"}]
    assert alarm["Threshold"] == 60_000
    assert alarm["AlarmActions"]
