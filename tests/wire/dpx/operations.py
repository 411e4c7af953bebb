"""Every operation of the contract's sections 3 and 4 as a request that could be sent: method, target, body."""

from __future__ import annotations

from typing import Any, NamedTuple

from tests.wire.dpx.hub import LISTS, PRODUCTS, B, some_id

NOWHERE = "9b1a3c5e-0000-4000-8000-0123456789ab"
"""An id that nothing has."""
PATCHED = [{"op": "replace", "path": "/name", "value": "x"}]
LINK = {"type": "sla", "name": "Levels", "url": "https://example.com/levels"}


class Operation(NamedTuple):
    """A request. `{product}`, `{version}`, `{terms}`, `{document}`, `{catalog}` in its target are to be filled."""

    method: str
    target: str
    body: Any = None


_DRAFT = f"{PRODUCTS}/{{product}}/drafts/{{version}}"
_RELEASE = f"{PRODUCTS}/{{product}}/releases/{{version}}"
_TERMS = "/contract_terms/{terms}/documents"

DRAFT_READS = [Operation("GET", _DRAFT)]
DRAFT_WRITES = [
    Operation("DELETE", _DRAFT),
    Operation("PATCH", _DRAFT, PATCHED),
    Operation("POST", f"{_DRAFT}/publish"),
]
DOCUMENTS = [
    Operation("GET", f"{_DRAFT}{_TERMS}/{{document}}"),
    Operation("PATCH", f"{_DRAFT}{_TERMS}/{{document}}", PATCHED),
    Operation("DELETE", f"{_DRAFT}{_TERMS}/{{document}}"),
    Operation("POST", f"{_DRAFT}{_TERMS}/{{document}}/complete"),
]
OF_DRAFT = [*DRAFT_READS, *DRAFT_WRITES, Operation("POST", f"{_DRAFT}{_TERMS}", LINK), *DOCUMENTS]
OF_RELEASE = [
    Operation("GET", _RELEASE),
    Operation("PATCH", _RELEASE, PATCHED),
    Operation("POST", f"{_RELEASE}/retire"),
    Operation("GET", f"{_RELEASE}{_TERMS}/{{document}}"),
]
LISTINGS = [
    Operation("GET", PRODUCTS),
    Operation("GET", f"{PRODUCTS}/-/drafts"),
    Operation("GET", f"{PRODUCTS}/-/releases"),
]
OF_PRODUCT = [
    Operation("GET", f"{PRODUCTS}/{{product}}"),
    Operation("GET", f"{PRODUCTS}/{{product}}/drafts"),
    Operation("POST", f"{PRODUCTS}/{{product}}/drafts", {"asset": {"container": {"id": "{catalog}"}}}),
    Operation("GET", f"{PRODUCTS}/{{product}}/releases"),
]
OF_ORDER = [
    Operation("GET", f"{LISTS}/{{document}}"),
    Operation("GET", f"{LISTS}/{{document}}/items"),
    Operation("PATCH", f"{LISTS}/{{document}}", PATCHED),
    Operation("PATCH", f"{B}/subscriptions/{{document}}/items/{{document}}", PATCHED),
]
OTHERS = [
    Operation("POST", PRODUCTS, {}),
    Operation("GET", f"{B}/configuration/initialize/status"),
    Operation("POST", f"{B}/configuration/initialize", {}),
    Operation("POST", f"{B}/configuration/rotate_credentials"),
    Operation("GET", "/v2/catalogs/ibm-default-hub"),
    Operation("POST", "/v2/asset_types/data_asset/search?catalog_id={catalog}", {"query": "*:*"}),
    Operation("POST", "/v2/assets?catalog_id={catalog}", {}),
    Operation("GET", "/v2/assets/{document}?catalog_id={catalog}"),
    Operation("POST", "/v3/search", {"query": {}}),
    Operation("GET", LISTS),
    Operation("POST", LISTS, {}),
]
EVERY = [*OF_DRAFT, *OF_RELEASE, *LISTINGS, *OF_PRODUCT, *OF_ORDER, *OTHERS]
WITH_BODY = [one for one in EVERY if one.body is not None]


def name_of(operation: object) -> str:
    """How a case is called in reports."""
    if not isinstance(operation, Operation):
        return repr(operation)[:30]
    return f"{operation.method} {operation.target.rpartition('/v1/')[2]}"


def filled(operation: Operation, catalog: str, **ids: str) -> str:
    """The target with these ids; what is not given is nowhere."""
    version = f"{some_id()}@{catalog}"
    known = {"product": NOWHERE, "version": version, "terms": version, "document": NOWHERE, "catalog": catalog} | ids
    return operation.target.format(**known)
