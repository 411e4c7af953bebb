"""How kinds and facts of events are called outside, and which kinds are told. What is not listed is in camel case."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

DEFAULT_PREFIX = "com.datamesh-manager.events."
DEFAULT_SOURCE = "https://souk.local"

KINDS = {
    "product": "DataProduct",
    "port": "OutputPort",
    "contract": "DataContract",
    "access": "DataUsageAgreement",
    "access_renamed": "Access",
    "team": "Team",
    "source_system": "SourceSystem",
    "definition": "Definition",
    "asset": "Asset",
    "test_run": "TestResults",
}
"""Kind of an event in the core's words: the first part of its name."""

TWINS = {"access": "access_renamed"}
"""Kinds whose events stand in the log twice, one behind the other: readers of later versions know another name."""

LATER_EVENTS = "SOUK_LATER_EVENTS"
"""Environment variable: `true` where the feed and the bus tell the kinds of later versions too."""
_LATER = frozenset({*TWINS.values(), "asset", "test_run"})

FACTS = {"port": {"port": "outputPortId"}, "test_run": {"result": "status"}}
"""By kind: which facts of an event are shown beside its subject and time, and as what."""

_REQUESTS = "marketplace.data_product.access_requests."
ALSO = {
    "access.requested": _REQUESTS + "created",
    "access.approved": _REQUESTS + "consumer.updated",
    "access.rejected": _REQUESTS + "consumer.updated",
    "access.expiring": _REQUESTS + "expiring",
    "access.expired": _REQUESTS + "expired",
    "access.revoked": _REQUESTS + "revoked",
    "access.canceled": _REQUESTS + "canceled",
    "access.released": _REQUESTS + "deleted",
    "product.created": "marketplace.data_product.state.created",
    "product.deleted": "marketplace.data_product.state.deleted",
    "product.sources_updated": "marketplace.data_product.data_sources.updated",
}
"""Second names on the bus, for subscribers that know access requests: by `<kind>.<verb>`, or a notice's name."""


def is_told(event: Mapping[str, Any]) -> bool:
    """Whether readers see this event. What they do not see keeps its place in the log."""
    return event.get("kind") not in _LATER or os.environ.get(LATER_EVENTS, "").lower() == "true"
