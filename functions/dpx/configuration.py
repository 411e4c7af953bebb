"""The catalog's configuration (contract 3.1)."""

from __future__ import annotations

from typing import Any

from dpx.lens.setup import STATUS_PATH, show_setup
from dpx.pages import link_to
from dpx.paths import demand_catalog
from souk.edge.call import Call
from souk.edge.response import Response
from souk.setup.catalogue import CATALOGUE, FAILED, CatalogueCard, card_of, get_catalogue
from souk.setup.running import begin_setup, ensure_service_key, get_service_key, rotate_service_key, start_setup

Wire = dict[str, Any]
SERVICE_SCOPES = ("read", "write", "door:dpx")
"""What the catalog's own key may do."""


def status_answer(call: Call) -> Wire:
    """How far the initialization of the catalog is. Raises NotFound."""
    demand_catalog(call.request.query_one("container.id") or CATALOGUE)
    return _shown(call, card_of(get_catalogue(call.work)))


def initialize(call: Call, options: list[str] | None) -> Response:
    """Begin an initialization in the background, or go on with one. Raises NotAllowed, Invalid, Conflict, Failed."""
    card = _begun(call)
    if card is None:
        card = begin_setup(call.work, options, call.principal)
        ensure_service_key(call.work, call.principal, SERVICE_SCOPES)
        call.begin()
    start_setup(call.work.store, card["run"]["attempt"], card["run"]["options"])
    return call.json(_shown(call, card), 202)


def _begun(call: Call) -> CatalogueCard | None:
    """The run that this very request began before it was interrupted, unless it has failed."""
    card = card_of(get_catalogue(call.work)) if call.begun else None
    return card if card and card["status"] != FAILED else None


def rotate_credentials(call: Call) -> None:
    """Renew the catalog's own key (R2). Raises NotAllowed."""
    rotate_service_key(call.work, call.principal, SERVICE_SCOPES)


def credentials_answer(call: Call) -> Wire:
    """Name and age of the catalog's own key. Raises NotFound, NotAllowed."""
    key = get_service_key(call.work, call.principal)
    return {"name": key.name, "created_at": key.rotated or key.created}


def _shown(call: Call, card: CatalogueCard) -> Wire:
    prefix = call.request.path.partition("/data_product_exchange")[0]
    return show_setup(card, link_to(call.request, f"{prefix}{STATUS_PATH}?container.id={CATALOGUE}"))
