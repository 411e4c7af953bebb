"""A row for every operation of every door: the request, and who may send it (docs/permissions.md)."""

from __future__ import annotations

from typing import Any

from souk.setup.catalogue import CATALOGUE
from tests.authorisation import rules
from tests.authorisation.rows_domains import DOMAINS
from tests.authorisation.rows_terms import TERMS
from tests.authorisation.rules import Row

_HUB = "/data_product_exchange/v1"
_V = f"{_HUB}/data_products"
_RENAME = [{"op": "replace", "path": "/name", "value": "Mine now"}]
_CONTAINER = {"id": CATALOGUE, "type": "catalog"}
_INFO = {"owner": "<team>", "title": "t", "version": "1.0.0"}
_PRODUCT = {"id": "<product>", "info": {**_INFO, "domain": "<domain>"}, "outputPorts": []}
_ASKED = {"purpose": "p", "startDate": "2026-01-01", "status": "requested", "active": False}
_AGREEMENT: dict[str, Any] = {"info": _ASKED, "consumer": {"userId": "reader@souk.example"}}
_AGREEMENT |= {"provider": {"dataProductId": "<product>", "outputPortId": "out"}}
_RUN = {"id": "<run>", "dataContractId": "<contract>", "dataContractVersion": "1.0.0", "server": "production"}
_RUN |= {"timestampStart": "2026-03-01T10:00:00Z", "timestampEnd": "2026-03-01T10:00:07Z", "result": "passed"}
_RUN |= {"checks": [], "logs": []}  # type: ignore[dict-item]


def _read(target: str, **more: Any) -> Row:
    return Row(target, rules.everybody, **more)


def _put(target: str, rule: rules.Rule, body: Any, **more: Any) -> Row:
    """A PUT that makes what is not there, for whoever may have it."""
    return Row(target, rule, body, gone=200, gone_first=False, **more)


NNDM: dict[str, Row] = {
    "get_data_products": _read("/api/dataproducts", gone=200),
    "add_data_product": _put("/api/dataproducts/<product>", rules.side_of, _PRODUCT),
    "get_data_product": _read("/api/dataproducts/<product>"),
    "delete_data_product": Row("/api/dataproducts/<lone>", rules.side_of),
    "get_data_contracts": _read("/api/datacontracts", gone=200),
    "add_data_contract": _put(
        "/api/datacontracts/<contract>",
        rules.owner,
        {"id": "<contract>", "dataContractSpecification": "0.9.3", "info": _INFO},
    ),
    "get_data_contract": _read("/api/datacontracts/<contract>"),
    "delete_data_contract": Row("/api/datacontracts/<contract>", rules.owner),
    "get_data_contract_yaml": _read("/api/datacontracts/<contract>/datacontract.yaml"),
    "get_data_usage_agreements": _read("/api/datausageagreements", gone=200),
    "add_data_usage_agreement": Row("/api/datausageagreements/<agreement>", rules.either_side, _AGREEMENT, gone=422),
    "get_data_usage_agreement": _read("/api/datausageagreements/<agreement>"),
    "delete_data_usage_agreement": Row("/api/datausageagreements/<agreement>", rules.either_side),
    "approve_data_usage_agreement": Row("/api/datausageagreements/<agreement>/approve", rules.side_of),
    "reject_data_usage_agreement": Row("/api/datausageagreements/<agreement>/reject", rules.side_of),
    "cancel_data_usage_agreement": Row("/api/datausageagreements/<agreed>/cancel", rules.either_side),
    "get_access_status": _read("/api/dataproducts/<product>/outputports/out/access-status"),
    "request_access": Row(
        "/api/dataproducts/<lone>/outputports/out/request-access",
        rules.people_only,
        {"purpose": "p"},
        gone_first=False,
    ),
    "get_teams": _read("/api/teams", gone=200),
    "add_team": Row(
        "/api/teams/<team>",
        rules.administrators,
        {"id": "<team>", "name": "n", "type": "Domain Team"},
        gone=200,
        gone_first=False,
    ),
    "get_team": _read("/api/teams/<team>", gone=200),
    "delete_team": Row("/api/teams/<team>", rules.administrators, gone=200, gone_first=False),
    "get_source_systems": _read("/api/sourcesystems", gone=200),
    "add_source_system": _put(
        "/api/sourcesystems/<system>", rules.owner, {"id": "<system>", "name": "n", "owner": "<team>"}
    ),
    "get_source_system": _read("/api/sourcesystems/<system>"),
    "delete_source_system": Row("/api/sourcesystems/<system>", rules.owner),
    "get_definitions": _read("/api/definitions", gone=200),
    "add_definition": _put(
        "/api/definitions/<definition>",
        rules.owner,
        {"id": "<definition>", "name": "n", "title": "t", "type": "string", "domain": "d", "owner": "<team>"},
    ),
    "get_definition": _read("/api/definitions/<definition>"),
    "delete_definition": Row("/api/definitions/<definition>", rules.owner),
    "get_assets": _read("/api/assets", gone=200),
    "add_asset": _put(
        "/api/assets/<asset>",
        rules.owner,
        {"id": "<asset>", "info": {"name": "n", "source": "s", "owner": "<team>"}},
    ),
    "get_asset": _read("/api/assets/<asset>"),
    "delete_asset": Row("/api/assets/<asset>", rules.owner),
    "get_costs": _read("/api/costs?dataProductId=<product>", gone=200),
    "add_cost": Row(
        "/api/costs",
        rules.side_of,
        {"dataProductId": "<product>", "name": "n", "amount": 1, "currency": "EUR"},
        gone=422,
    ),
    "delete_cost": Row("/api/costs/<cost>", rules.side_of),
    "post_test_results": Row("/api/test-results", rules.owner, _RUN, gone=422),
    "list_test_results": _read("/api/test-results", gone=200),
    "get_test_results": _read("/api/test-results/<run>"),
    "delete_test_results": Row("/api/test-results/<run>", rules.owner),
    "get_connectors": _read("/api/connectors", gone=200),
    "add_connector": _put("/api/connectors/<connector>", rules.organisation, {"id": "<connector>", "name": "n"}),
    "get_connector": _read("/api/connectors/<connector>"),
    "delete_connector": Row("/api/connectors/<connector>", rules.organisation, gone_first=False),
    "poll_events": _read("/api/events", gone=200),
    "unknown_path": _read("/api/nothing/here", ok=404, public=404),
}

NAV: dict[str, Row] = {
    "get_dataproducts": _read("/api/v1/dataproducts", gone=200, public=200),
    "create_dataproduct": Row(
        "/api/v1/dataproducts", rules.everybody, {"name": "n", "description": "d", "team": "<team>"}, ok=201, gone=201
    ),
    "get_dataproduct": _read("/api/v1/dataproducts/<shared>"),
    "update_dataproduct": Row(
        "/api/v1/dataproducts/<shared>", rules.owner, {"name": "n", "description": "d", "team": "<team>"}, ok=204
    ),
    "delete_dataproduct": Row("/api/v1/dataproducts/<shared>", rules.owner, ok=204),
    "get_access_log": _read("/api/v1/access/<shared>", gone=200, public=200),
    "grant_access": Row(
        "/api/v1/access/<product>", rules.side_of, {"subject": "x@souk.example", "type": "user"}, ok=204
    ),
    "revoke_access": Row(
        "/api/v1/access/<shared>",
        lambda who, side: rules.owner(who, side) or who.consumer,
        {"subject": "reader@souk.example", "type": "user"},
        ok=204,
    ),
    "get_user_info": _read("/api/v1/userinfo", gone=200),
    "unknown_path": _read("/api/v1/nothing", ok=404, public=404),
}

IMMUTA: dict[str, Row] = {
    "search_data_products": _read("/api/data-product", gone=200),
    "create_data_product": Row(
        "/api/data-product",
        rules.managers,
        {"name": "New", "metadata": None, "domains": ["<domain>"], "requestFormId": "<form>"},
        ok=201,
        gone=400,
        gone_first=False,
    ),
    "get_data_product_by_id": _read("/api/data-product/<governed>"),
    "update_data_product": Row("/api/data-product/<governed>", rules.managers, {"description": "Mine"}),
    "delete_data_product": Row("/api/data-product/<governed>", rules.managers),
    "get_data_product_by_name": _read("/api/data-product/<named>/byName"),
    "search_data_sources": _read("/api/data-product/<governed>/datasources"),
    "update_data_sources": Row("/api/data-product/<governed>/datasources", rules.managers, {"dataSources": []}),
    "get_all_data_sources": _read("/api/data-product/<governed>/datasources/all"),
    "search_data_product_columns": _read("/api/data-product/<governed>/columns"),
    "search_data_product_access_requests": _read("/api/data-product/<governed>/request"),
    "request_access": Row("/api/data-product/<governed>/request", rules.everybody, {"user": "<outsider>"}, ok=201),
    "request_masking_exception": Row(
        "/api/data-product/<governed>/request/masking-exception",
        rules.everybody,
        {"user": "<outsider>", "columns": [{"sourceId": "<source>", "columnName": "mail"}]},
        ok=201,
    ),
    "revoke_access": Row("/api/data-product/<governed>/request/<standing>", rules.approvers, ok=204),
    "search_data_product_members": _read("/api/data-product/<governed>/members"),
    "recent_determinations": _read("/api/data-product/<governed>/recent-determinations"),
    "get_request_forms": _read("/api/data-product/<governed>/request-forms"),
    "search_access_requests": _read("/api/access-request", gone=200),
    "get_access_request": _read("/api/access-request/<request>"),
    "cancel_access_request": Row("/api/access-request/<request>", rules.withdrawers, ok=204),
    "get_approval_records": _read("/api/access-request/<request>/records"),
    "get_masking_exception_columns": _read("/api/access-request/<standing>/masking-exception-columns"),
    "get_approved_masking_exception_columns": _read(
        "/api/access-request/approved-masking-exception-columns?userId=<user>", gone=200
    ),
    "get_risk_assessment": _read("/api/access-request/<request>/risk-assessment"),
    "update_approval_record": Row("/api/approval-record/<record>", rules.approvers, {"status": "APPROVED"}),
    "search_request_forms": _read("/api/request-form", gone=200),
    "create_request_form": Row(
        "/api/request-form", rules.organisation, {"name": "n", "fields": []}, ok=201, gone=201, gone_first=False
    ),
    "get_request_form": _read("/api/request-form/<form>"),
    "update_request_form": Row(
        "/api/request-form/<form>", rules.organisation, {"name": "n", "fields": []}, ok=201, gone_first=False
    ),
    "delete_request_form": Row("/api/request-form/<form>", rules.organisation, ok=204, gone_first=False),
    "get_request_form_version": _read("/api/request-form/version/<version>"),
    "search_data_use_agreements": _read("/api/data-use-agreement", gone=200),
    "create_data_use_agreement": Row(
        "/api/data-use-agreement",
        rules.organisation,
        {"name": "n", "body": "b"},
        ok=201,
        gone=201,
        gone_first=False,
    ),
    "get_data_use_agreement": _read("/api/data-use-agreement/<terms>"),
    "update_data_use_agreement": Row(
        "/api/data-use-agreement/<terms>", rules.organisation, {"name": "n", "body": "b"}, gone_first=False
    ),
    "delete_data_use_agreement": Row("/api/data-use-agreement/<terms>", rules.organisation, ok=204, gone_first=False),
    "get_current_user": _read("/api/auth/user", gone=200),
    "unknown_path": _read("/api/auth/nothing", ok=404, public=404),
}

_DRAFT = f"{_V}/<dproduct>/drafts/<draft>"
_DOCUMENTS = f"{_DRAFT}/contract_terms/<dterms>/documents"
_LINK = {"type": "sla", "name": "n", "url": "https://pages.souk.example/n"}
_SEARCH = {"query": "*:*"}
DPX: dict[str, Row] = {
    "unknown_path": _read("/v2/nothing", ok=404, public=404),
    "get_initialize_status": _read(f"{_HUB}/configuration/initialize/status", gone=200),
    "initialize": Row(f"{_HUB}/configuration/initialize", rules.some_manager, ok=202, gone=202, gone_first=False),
    "manage_api_keys": Row(
        f"{_HUB}/configuration/rotate_credentials", rules.some_manager, ok=204, gone=204, gone_first=False
    ),
    "list_data_products": _read(_V, gone=200),
    "create_data_product": Row(
        _V, rules.everybody, {"drafts": [{"name": "n", "asset": {"container": _CONTAINER}}]}, ok=201, gone=201
    ),
    "get_data_product": _read(f"{_V}/<rproduct>"),
    "list_data_product_drafts": _read(f"{_V}/<dproduct>/drafts"),
    "create_data_product_draft": Row(
        f"{_V}/<dproduct>/drafts", rules.makers, {"asset": {"container": _CONTAINER}, "version": "7.0.0"}, ok=201
    ),
    "get_data_product_draft": _read(_DRAFT),
    "delete_data_product_draft": Row(_DRAFT, rules.makers, ok=204),
    "update_data_product_draft": Row(_DRAFT, rules.makers, _RENAME),
    "publish_data_product_draft": Row(f"{_DRAFT}/publish", rules.makers),
    "create_draft_contract_terms_document": Row(_DOCUMENTS, rules.makers, _LINK, ok=201),
    "get_draft_contract_terms_document": _read(f"{_DOCUMENTS}/<document>"),
    "update_draft_contract_terms_document": Row(f"{_DOCUMENTS}/<document>", rules.makers, _RENAME),
    "delete_draft_contract_terms_document": Row(f"{_DOCUMENTS}/<document>", rules.makers, ok=204),
    "complete_draft_contract_terms_document": Row(f"{_DOCUMENTS}/<document>/complete", rules.makers, ok=400),
    "get_release_contract_terms_document": _read(
        f"{_V}/<rproduct>/releases/<rrelease>/contract_terms/<rterms>/documents/<rdocument>"
    ),
    "list_data_product_releases": _read(f"{_V}/<rproduct>/releases"),
    "get_data_product_release": _read(f"{_V}/<rproduct>/releases/<rrelease>"),
    "update_data_product_release": Row(f"{_V}/<rproduct>/releases/<rrelease>", rules.makers, _RENAME),
    "retire_data_product_release": Row(f"{_V}/<rproduct>/releases/<rrelease>/retire", rules.makers),
    "get_catalog": _read(f"/v2/catalogs/{CATALOGUE}", gone=200),
    "search_assets": Row(
        f"/v2/asset_types/ibm_data_product_version/search?catalog_id={CATALOGUE}",
        rules.everybody,
        _SEARCH,
        gone=200,
        scope="read",
    ),
    "create_asset": Row(
        f"/v2/assets?catalog_id={CATALOGUE}",
        rules.everybody,
        {"metadata": {"name": "n", "asset_type": "data_asset", "rov": {"mode": 0}}, "entity": {"data_asset": {}}},
        ok=201,
        gone=201,
    ),
    "get_asset": Row(f"/v2/assets/<output>?catalog_id={CATALOGUE}", rules.consumer, seen=rules.consumer),
    "search_catalog": Row("/v3/search", rules.everybody, {"query": {}}, gone=200, scope="read"),
    "create_asset_list": Row("/v2/asset_lists", rules.everybody, "<whole order>", ok=201, gone=201),
    "list_asset_lists": _read("/v2/asset_lists", gone=200),
    "get_asset_list": Row("/v2/asset_lists/<order>", rules.readers_of_orders, seen=rules.readers_of_orders),
    "update_asset_list": Row("/v2/asset_lists/<order>", rules.consumer, _RENAME, seen=rules.readers_of_orders),
    "list_asset_list_items": Row(
        "/v2/asset_lists/<order>/items", rules.readers_of_orders, seen=rules.readers_of_orders
    ),
    "update_subscription_item": Row(
        f"{_HUB}/subscriptions/<order>/items/<order_item>",
        rules.makers_side,
        [{"op": "replace", "path": "/data_product_delivery_state", "value": "delivered"}],
        ok=409,
        seen=rules.readers_of_orders,
    ),
}

_FORM = "grant_type=urn%3Aibm%3Aparams%3Aoauth%3Agrant-type%3Aapikey&apikey=wrong"
HUB: dict[str, Row] = {
    "get_health": _read("/health", gone=200, public=200),
    "exchange_token": Row("/identity/token", rules.everybody, _FORM.encode(), ok=400, gone=400, public=400),
    "get_key_set": _read("/identity/jwks", gone=200, public=200),
    "list_grants": _read("/grants", gone=200),
    "get_grant": _read("/grants/<granted>"),
    "post_grant_result": Row(
        "/grants/<granted>/result",
        rules.reporters,
        {"attempt": 1, "result": "granted"},
        ok=204,
        scope="grants",
        gone_first=False,
    ),
    "get_open_api": _read("/openapi/hub.json", gone=200, public=200),
    "get_async_api": _read("/asyncapi.json", gone=200, public=200),
    "get_docs": _read("/docs", gone=200, public=200),
    "unknown_path": _read("/nothing", ok=404, public=404),
}

_DOORS = {"nndm": NNDM, "nav": NAV, "immuta": IMMUTA, "dpx": {**DPX, **DOMAINS, **TERMS}, "hub": HUB}
ROWS: dict[str, Row] = {f"{door}/{name}": row for door, rows in _DOORS.items() for name, row in rows.items()}
