"""What subscribers that know access requests are told: an event again, with the ids, words and fields of requests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from souk.ids import as_uuid, key_as_cuid, record_key

_STATUS = {
    "requested": "PENDING",
    "approved": "APPROVED",
    "rejected": "DENIED",
    "canceled": "CANCELED",
    "revoked": "REVOKED",
}
_TYPES = {"data": "DATA_ACCESS", "masking_exception": "MASKING_EXCEPTION"}


def retold(name: str, event: Mapping[str, Any], envelope: Mapping[str, Any]) -> dict[str, Any]:
    """The event's envelope under its second name. Its data are a part of the request, or of the product, that it
    is about: ids are those by which requests and products are read.
    """
    facts: dict[str, Any] = event.get("data") or {}
    exact_id = str(event.get("subject") or facts.get("id", ""))
    about_product = str(event.get("kind") or event["name"]).startswith("product")
    told = _product(exact_id, facts) if about_product else _request(exact_id, event, facts)
    told["timestamp"] = envelope["data"]["timestamp"]
    return {**envelope, "type": name, "subject": told["id"], "data": told}


def _product(exact_id: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {"id": as_uuid("product", exact_id)}
    if "sources" in facts:
        told["dataSources"] = [{"sourceId": source} for source in facts["sources"]]
    return told


def _request(exact_id: str, event: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {"id": key_as_cuid(record_key("access", exact_id))}
    told["type"] = _TYPES[facts.get("type", "data")]
    # An event that an earlier version logged may lack facts: the relay must never stand still at one.
    status = facts.get("status") or event.get("verb", "")
    told["status"] = "EXPIRED" if event.get("name") == "access.expired" else _STATUS.get(status, "PENDING")
    if "product" in facts:
        told["dataProduct"] = {"id": as_uuid("product", facts["product"])}
    if facts.get("end"):
        told["expiration"] = facts["end"][:23] + "Z"
    if "days" in facts:
        told["daysLeft"] = facts["days"]
    return told
