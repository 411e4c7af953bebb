"""Revocations as job runs (contract section 6, "revoke access")."""

from __future__ import annotations

from typing import Any

from dpx.lens.catalog import version_id
from souk.ids import as_uuid
from souk.products import card as cards
from souk.releases.revoking import revocation_card
from souk.setup.catalogue import CATALOGUE
from souk.store.port import Record

Wire = dict[str, Any]
JOB_RUN = "ibm_data_product_revoke_access_job_run"


def show_run(record: Record) -> Wire:
    """A revocation as an asset: who asked for it, when it begins, how far it has come."""
    card = revocation_card(record)
    metadata = {
        "asset_id": record.id,
        "name": f"Revocation from {card['starts']}",
        "asset_type": JOB_RUN,
        "catalog_id": CATALOGUE,
        "created_at": record.created,
        "creator_id": card["by"],
        "usage": {"last_updated_at": record.updated},
    }
    entity: Wire = {
        "data_product_id": as_uuid(cards.KIND, card["product"]),
        "release_id": version_id(card["release"]),
        "state": card["state"],
        "start_at": card["starts"],
        "revoked": card["ended"],
    }
    entity |= {"finished_at": card["finished"]} if "finished" in card else {}
    return {"metadata": metadata, "entity": {JOB_RUN: entity}}
