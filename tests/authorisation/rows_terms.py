"""Rows of contract terms, contract templates, and what else newer DPX clients set up (docs/permissions.md)."""

from __future__ import annotations

from typing import Any

from souk.setup.catalogue import CATALOGUE
from tests.authorisation import rules
from tests.authorisation.rules import Row

_HUB = "/data_product_exchange/v1"
_TERMS = f"{_HUB}/data_products/<dproduct>/drafts/<draft>/contract_terms/<dterms>"
_RELEASED = f"{_HUB}/data_products/<rproduct>/releases/<rrelease>/contract_terms/<rterms>"
_TEMPLATE = f"{_HUB}/contract_templates/<template>?container.id={CATALOGUE}"
_ASSETS = {"assets": [{"asset": {"id": "<page>"}, "related_asset": {"id": "<page>"}}]}


def of_domain(domain: str) -> dict[str, Any]:
    """Contract terms that name a domain."""
    return {"overview": {"version": "1.0.0", "domain": {"id": domain}}}


TERMS: dict[str, Row] = {
    "get_data_product_draft_contract_terms": Row(_TERMS, rules.everybody),
    "replace_data_product_draft_contract_terms": Row(_TERMS, rules.makers, {"roles": [{"role": "mine"}]}),
    "update_data_product_draft_contract_terms": Row(
        _TERMS, rules.makers, [{"op": "add", "path": "/roles", "value": [{"role": "mine"}]}]
    ),
    "get_contract_terms_in_specified_format": Row(f"{_TERMS}/format?format=odcs&format_version=3", rules.everybody),
    "get_published_data_product_draft_contract_terms": Row(_RELEASED, rules.everybody),
    "list_data_product_contract_template": Row(f"{_HUB}/contract_templates", rules.everybody, gone=200),
    "create_contract_template": Row(
        f"{_HUB}/contract_templates",
        rules.managers,
        {"container": {"id": CATALOGUE}, "name": "New", "contract_terms": of_domain("<domain>")},
        ok=201,
        gone=201,
        gone_first=False,
    ),
    "get_contract_template": Row(_TEMPLATE, rules.everybody),
    "update_data_product_contract_template": Row(
        _TEMPLATE, rules.managers, [{"op": "replace", "path": "/name", "value": "Mine now"}]
    ),
    "delete_data_product_contract_template": Row(_TEMPLATE, rules.managers, ok=204),
    "get_service_id_credentials": Row(
        f"{_HUB}/configuration/credentials", rules.some_manager, gone=200, gone_first=False
    ),
    "create_s3_bucket": Row(f"{_HUB}/bucket?is_shared=true", rules.some_manager, ok=201, gone=201, gone_first=False),
    "get_s3_bucket_validation": Row(f"{_HUB}/bucket/validate/nobody-has-this", rules.everybody, gone=200),
    "create_data_asset_visualization": Row(
        f"{_HUB}/data_asset/visualization", rules.everybody, _ASSETS, ok=201, gone=201
    ),
    "reinitiate_data_asset_visualization": Row(
        f"{_HUB}/data_asset/visualization/reinitiate", rules.everybody, _ASSETS, gone=200
    ),
}
