"""How kinds and facts of events are called outside. Data only; what is not listed is written in camel case."""

from __future__ import annotations

DEFAULT_PREFIX = "com.datamesh-manager.events."
DEFAULT_SOURCE = "https://souk.local"

KINDS = {
    "product": "DataProduct",
    "port": "OutputPort",
    "contract": "DataContract",
    "access": "DataUsageAgreement",
    "team": "Team",
    "source_system": "SourceSystem",
    "definition": "Definition",
    "asset": "Asset",
    "test_run": "TestResults",
}
"""Kind of an event in the core's words: the first part of its name."""

FACTS = {"port": {"port": "outputPortId"}}
"""By kind: which facts of an event are shown beside its subject and time, and as what."""
