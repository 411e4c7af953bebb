"""Visualization of data assets (contract section 6): nothing here reads data, so each asset is told why not."""

from __future__ import annotations

from typing import Any

from souk.edge.call import Call
from souk.ids import keys_for_uuid
from souk.setup.catalogue import CATALOGUE

Wire = dict[str, Any]
_NOT_ENABLED = {
    "code": "feature_not_enabled",
    "message": "this server catalogues data and delivers it; it does not read, profile or draw it",
}


def results(call: Call, sent: list[Wire]) -> Wire:
    """Every relationship as it was sent, with the error that it ends in."""
    keys = [
        key for one in sent for role in ("asset", "related_asset") for key in keys_for_uuid("asset", one[role]["id"])
    ]
    call.work.fetch(keys)
    return {"results": [{**one, "error": _missing(call, one) or _NOT_ENABLED} for one in sent]}


def _missing(call: Call, sent: Wire) -> Wire | None:
    for role in ("asset", "related_asset"):
        container, wanted = sent[role].get("container", {"id": CATALOGUE})["id"], sent[role]["id"]
        if container != CATALOGUE:
            return {"code": "does_not_exist", "message": f"{role}: the catalog {container!r} does not exist"}
        if not any(call.work.at(key) for key in keys_for_uuid("asset", wanted)):
            return {"code": "does_not_exist", "message": f"{role}: the asset {wanted!r} does not exist"}
    return None
