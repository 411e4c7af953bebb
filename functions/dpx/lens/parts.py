"""Parts of a data product <-> ports of a card (one part is one port, with the asset that it is)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from dpx.lens.catalog import container
from souk.products.card import Port
from souk.releases.seeing import part_uuid
from souk.setup.methods import DEFAULT

Wire = dict[str, Any]
DATA_ASSET = "data_asset"


def show_parts(product: str, ports: list[Port], sent: Mapping[str, Wire]) -> list[Wire]:
    """Every port as a part. `sent`: by port id, the part as a client sent it."""
    return [_show(product, port, sent.get(port["id"], {})) for port in ports]


def read_parts(
    product: str, parts: list[Wire], before: list[Port], *, auto_approve: bool
) -> tuple[list[Port], dict[str, Wire]]:
    """The ports that these parts are, and the parts as sent, by port id.

    A part of an asset that a port has keeps that port, with everything that only other doors know of it.
    """
    standing: dict[str, list[Port]] = {}
    for port in reversed(before):
        standing.setdefault(part_uuid(product, port), []).append(port)
    taken = {port["id"] for port in before}
    ports: list[Port] = []
    sent: dict[str, Wire] = {}
    for part in parts:
        known = standing.get(part["asset"]["id"])
        new = _changed(known.pop(), part) if known else _new(part, {*sent, *taken}, auto_approve)
        ports.append(new)
        sent[new["id"]] = part
    return ports, sent


def _show(product: str, port: Port, sent: Wire) -> Wire:
    asset = part_uuid(product, port)
    reference: Wire = {**sent.get("asset", {"type": DATA_ASSET}), "id": asset}
    if "name" in reference or port["name"] != port.get("asset"):
        reference["name"] = port["name"]
    reference["container"] = {**container(), **reference.get("container", {})}
    methods = _methods(port.get("delivery_methods"), sent.get("delivery_methods", []))
    return {**sent, "asset": reference, "delivery_methods": methods}


def _methods(ids: list[str] | None, sent: list[Wire]) -> list[Wire]:
    shown = {one["id"]: one for one in sent}
    return [
        {**shown.get(one, {}), "id": one, "container": {**container(), **shown.get(one, {}).get("container", {})}}
        for one in (DEFAULT if ids is None else ids)
    ]


def _changed(port: Port, part: Wire) -> Port:
    changed = cast(Port, dict(port))
    changed["name"] = part["asset"].get("name") or port["name"]
    methods = _ids(part)
    if "delivery_methods" in port or methods != list(DEFAULT):
        changed["delivery_methods"] = methods
    return changed


def _new(part: Wire, taken: set[str], auto_approve: bool) -> Port:
    asset = part["asset"]["id"]
    port_id = next(one for one in (asset, *(f"{asset}-{n}" for n in range(2, len(taken) + 3))) if one not in taken)
    return Port(
        id=port_id,
        name=part["asset"].get("name") or asset,
        asset=asset,
        delivery_methods=_ids(part),
        auto_approve=auto_approve,
    )


def _ids(part: Wire) -> list[str]:
    return [method["id"] for method in part.get("delivery_methods", [])]
