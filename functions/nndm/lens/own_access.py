"""The caller's own access at an output port, as the assistants of later versions ask for it (contract section 9)."""

from __future__ import annotations

from datetime import datetime

from nndm.lens.fields import DIALECT
from souk.access import lifecycle
from souk.access.model import Object, Subject, user_key
from souk.access.requests import Asked
from souk.catalogue import Document
from souk.edge.call import Call
from souk.products.card import Port
from souk.store.port import Record

_LIFE = {"approved": "upcoming", "revoked": "expired", "canceled": "expired"}
"""Where an access stands, in that version's words; the others are the same."""
_NOBODY = "An organisation's key has no person behind it: use a user's token"


def own(call: Call, purpose: str | None = None) -> Asked:
    """What the caller would ask for at this port."""
    wanted: Object = {"product": call.path["id"], "port": call.path["portId"]}
    who: Subject = {"user": user_key(call.principal.label)}
    return Asked(who, wanted, DIALECT, purpose=purpose, start_on_approval=True)


def requested(found: Record, now: datetime) -> Document:
    """The answer to a request."""
    return {"accessId": found.id, "status": _life(found, now)}


def status(call: Call, port: Port, found: Record | None) -> Document:
    """What the caller has at this port, and may ask for."""
    person, now = call.principal.kind == "user", call.work.now
    free = found is None or lifecycle.is_over(found.body["card"], now)
    shown: Document = {
        "dataProductId": call.path["id"],
        "outputPortId": port["id"],
        "dataContractId": port.get("contract"),
        "outputPortType": port.get("type"),
        "canGetInstantAccess": person and free and port.get("auto_approve", False),
        "accessId": found.id if found else None,
        "accessStatus": found.body["card"]["status"] if found else None,
        "accessLifecycleStatus": _life(found, now) if found else None,
        "canRequestAccess": person and free,
        "canRequestAccessReason": None if person else _NOBODY,
    }
    return {name: value for name, value in shown.items() if value is not None}


def _life(found: Record, now: datetime) -> str:
    state = lifecycle.state(found.body["card"], now)
    return _LIFE.get(state, state)
