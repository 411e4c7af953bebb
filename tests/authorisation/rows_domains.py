"""Rows of domains and of revocations (docs/permissions.md, the DPX door)."""

from __future__ import annotations

from souk.setup.catalogue import CATALOGUE
from tests.authorisation import rules
from tests.authorisation.rules import Row

_V = "/data_product_exchange/v1/data_products"
_D = "/data_product_exchange/v1/domains"
_IN = f"container.id={CATALOGUE}"
_NEW = {"container": {"id": CATALOGUE}, "name": "New", "description": "d"}
_PATCH = [{"op": "replace", "path": "/description", "value": "Mine now"}]

DOMAINS: dict[str, Row] = {
    "list_data_product_domains": Row(_D, rules.everybody, gone=200),
    "create_data_product_domain": Row(_D, rules.administrators, _NEW, ok=201, gone=201, gone_first=False),
    "create_data_product_subdomain": Row(
        f"{_D}/<area>/subdomains?{_IN}", rules.domain_keepers, {"name": "New", "description": "d"}, ok=201
    ),
    "get_domain": Row(f"{_D}/<area>", rules.everybody),
    "delete_domain": Row(f"{_D}/<bare>", rules.administrators, ok=204),
    "update_data_product_domain": Row(f"{_D}/<area>?{_IN}", rules.domain_keepers, _PATCH),
    "get_data_product_by_domain": Row(f"{_D}/<area>/data_products?{_IN}", rules.everybody),
    "create_revoke_access_process": Row(f"{_V}/<rproduct>/releases/<rrelease>/revoke_access", rules.makers, ok=202),
    "get_revoke_access_process_state": Row(
        "/data_product_exchange/v1/data_product_revoke_access/job_runs?release_id=<rrelease>", rules.everybody
    ),
}
