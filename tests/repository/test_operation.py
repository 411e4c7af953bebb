"""What operators have: alarms, each with its page in the runbook, and a dashboard."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from reactions import sweep_due
from souk.store import connect
from souk.store.sqlite import SqliteStore
from tests.repository.tree import ROOT, TEMPLATES, resources

ALARM = "AWS::CloudWatch::Alarm"
ALARMS = {(path, name): alarm for path in TEMPLATES for name, alarm in resources(path, ALARM).items()}
RUNBOOK = (ROOT / "docs/runbook.md").read_text()


def figures(alarm: dict[str, Any]) -> list[dict[str, Any]]:
    """The metrics that an alarm looks at."""
    several = [one["MetricStat"]["Metric"] for one in alarm.get("Metrics", []) if "MetricStat" in one]
    return several or [alarm]


def test_every_alarm_has_its_section_in_the_runbook_and_no_section_is_left_over() -> None:
    sections = re.findall(r"^## (\w+)$", RUNBOOK, re.MULTILINE)
    assert sorted({name for _, name in ALARMS}) == sorted(sections)
    assert len(sections) > 10


def test_every_alarm_tells_somebody_and_says_what_is_wrong() -> None:
    mute = [name for (_, name), alarm in ALARMS.items() if not alarm["AlarmActions"] or not alarm["AlarmDescription"]]
    assert mute == []


def test_the_sweep_tells_the_figures_that_alarms_look_at(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "Souk")
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "reactions")
    monkeypatch.setenv("SOUK_BUS", "stack")
    connect.use(SqliteStore(":memory:"))
    sweep_due.handler({})
    connect.use(None)
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    wanted = {one["MetricName"] for alarm in ALARMS.values() for one in figures(alarm) if one["Namespace"] == "Souk"}
    assert {name: told[name] for name in wanted} == {name: [0.0] for name in wanted}
    metrics = told["_aws"]["CloudWatchMetrics"][0]
    assert (metrics["Namespace"], sorted(metrics["Dimensions"][0])) == ("Souk", ["service", "stack"])
    assert (told["service"], told["stack"]) == ("reactions", "stack")
    assert wanted == {"OutboxAge", "OutboxWaiting", "DueLag", "DueFailed"}


def test_the_dashboard_is_json_and_shows_what_alarms_look_at() -> None:
    (dashboard,) = resources(ROOT / "template.yaml", "AWS::CloudWatch::Dashboard").values()
    widgets = json.loads(dashboard["DashboardBody"])["widgets"]
    shown = " ".join(expression["expression"] for w in widgets for (expression,) in w["properties"]["metrics"])
    lacking = {
        one["MetricName"] for alarm in ALARMS.values() for one in figures(alarm) if one["MetricName"] not in shown
    }
    assert lacking == set()
    assert len({(w["x"], w["y"]) for w in widgets}) == len(widgets)
