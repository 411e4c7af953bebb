"""Figures that only the code knows, for alarms: printed as CloudWatch's embedded metric format (Powertools)."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any


def _metrics() -> Any:
    """Made anew each time: who is told once a minute spares nothing by keeping it."""
    from aws_lambda_powertools.metrics import Metrics

    return Metrics(namespace=os.environ.get("POWERTOOLS_METRICS_NAMESPACE") or "Souk")


def tell(counts: Mapping[str, float], seconds: Mapping[str, float]) -> None:
    """Print the figures by name. Their dimensions are the service and the stack, whose name the bus bears."""
    metrics = _metrics()
    metrics.add_dimension(name="stack", value=os.environ.get("SOUK_BUS") or "-")
    for unit, figures in (("Count", counts), ("Seconds", seconds)):
        for name, value in figures.items():
            metrics.add_metric(name=name, unit=unit, value=value)
    metrics.flush_metrics()
