"""The state of the catalogue's initialization as clients read it (contract section 2 "InitializeResource")."""

from __future__ import annotations

from typing import Any

from dpx.lens.catalog import container
from souk.setup.catalogue import FAILED, NOT_STARTED, CatalogueCard
from souk.setup.workflows import DATA_ACCESS, NEW_PRODUCT

Wire = dict[str, Any]
STATUS_PATH = "/data_product_exchange/v1/configuration/initialize/status"


def show_setup(card: CatalogueCard, href: str) -> Wire:
    """The last or present run, and everything installed so far."""
    shown: Wire = {"container": container(), "href": href, "status": card["status"]}
    shown["initialized_options"] = [{"name": name, "version": number} for name, number in card["installed"].items()]
    if "workflows" in card["installed"]:
        shown["workflows"] = {
            "data_access": {"definition": {"id": DATA_ACCESS}},
            "request_new_product": {"definition": {"id": NEW_PRODUCT}},
        }
    run = card.get("run")
    if run is None or card["status"] == NOT_STARTED:
        return shown
    shown["last_started_at"] = run["started"]
    if "finished" in run:
        shown["last_finished_at"] = run["finished"]
    if card["status"] == FAILED:
        shown["trace"] = run["attempt"]
        shown["errors"] = [{"code": "unable_to_perform", "message": text} for text in run.get("problems", [])]
    return shown
