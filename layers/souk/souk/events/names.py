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
