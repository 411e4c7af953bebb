"""Every operation of every door, played once in an order in which each succeeds."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from benchmarks.stage import Perform, Stage
from local import governance
from local.identities import DOMAIN, FURTHER
from souk import workflows
from souk.documents import objects
from souk.identity import users
from souk.organisation import domains
from souk.setup.methods import DOWNLOAD, EXTERNAL
from souk.store import clients
from souk.store.connect import use
from souk.store.port import Store
from souk.work import Work, run
from tests.dpx import hub as hub_of_tests
from tests.dpx.machines import Machines

Around = Callable[[Callable[[], None]], None]
PERSON = "ada.bean@roastery.example"
_USAGE = "b7f2e1a4-3c59-4d0e-8f21-5a9c64d2e803"
_PRODUCT = "5b0a64f1-7c1e-4d0b-9c27-4f3f0b8f6a10"
_DRAFT = "9e2f7a44-0d3b-4c58-8a16-2b7d5e90c311"
_TERMS = "17b6c3d9-84ef-4a21-b5c0-d93e60f7a833"
_DOCUMENT = "f2a85b60-39c4-4e1d-97ab-0c6d41e8b944"
_RELEASE = "c41d8e05-6f92-4b77-9d30-8e1a7f24b622"
_ASSET = "60d3f1b8-2a97-4c5e-8b04-7e19a2c6d055"
_ORDER = "a94b7d20-51c8-4f36-9e0d-3b62c8f1e754"
_ITEM = "d5c0839e-17b2-4a6f-8c44-90ef2b7a6d13"
_DPX_DOMAIN = "7d0f2b96-41ce-4a83-9b57-e60c8d3f15a2"
_TEMPLATE = "3e81c0b7-9d24-4f6a-a150-7c2f94e6d381"
_REQUEST = "c1m4v8q2x7t0k5w9b3n6j8r2h"
_RECORD = "c3a7s9d1f2g4h6j8k0l1z3x5c"
_EXCEPTION = "c4e6b8n0m2v5c7x9z1a3s5d7f"
_VERSION = "c2v8n4x6z1q3w5e7r9t0y2u4i"
_FORM = "3c9e1f5a-7b24-4d68-a0c3-9e5d7b1f2a46"
_AGREEMENT = "0d4b8f2a-6c1e-4937-85d2-a9e3c7b1f560"
_IMMUTA_PRODUCT = "5b1f7c3e-9a42-4d86-b0e5-2c7d9f1a3b64"
_NAV_PRODUCT = "coffeeStock0123456Ab"


def tell(make: Callable[[], Store], perform: Perform, started: Callable[[str], None], aside: Around) -> list[str]:
    """Play all stories, each on a new store. The names of what was played, each once.

    `started` hears of every state machine that an operation starts; the machine itself runs within `aside`.
    """
    machines = Machines()
    machines.hold = True

    def start(machine: str, name: str, given: dict[str, object]) -> None:
        started(machine)
        machines.start(machine, name, given)
        aside(machines.go_on)

    workflows.use(start)
    played: list[str] = []
    try:
        for story in (nndm, dpx, immuta, nav, hub):
            store = make()
            use(store)
            stage = Stage(store, perform)
            story(stage)
            stage.rest(story.__name__)
            played += stage.played
    finally:
        workflows.use(None)
        use(None)
        machines.stop()
    return played


def nndm(stage: Stage) -> None:
    """Teams, assets, contracts, products, agreements and their end."""
    stage.all("nndm/add_team", "nndm/add_source_system", "nndm/add_definition", "nndm/add_asset")
    stage.all("nndm/add_data_contract", "nndm/add_data_product", "nndm/add_connector", "nndm/post_test_results")
    stage.made["0d9a1f3e-62b7-4b83-a2c5-7e1df0c4b956"] = stage.play("nndm/add_cost")["id"]
    stage.play("nndm/add_data_usage_agreement")
    for kind in ("asset", "connector", "data_contract", "data_product", "data_usage_agreement", "definition"):
        stage.all(f"nndm/get_{kind}", f"nndm/get_{kind}s")
    stage.all("nndm/get_source_system", "nndm/get_source_systems", "nndm/get_team", "nndm/get_teams")
    stage.all("nndm/get_test_results", "nndm/list_test_results", "nndm/get_costs", "nndm/get_data_contract_yaml")
    stage.play("nndm/poll_events")
    stage.play("nndm/approve_data_usage_agreement")
    stage.play("nndm/cancel_data_usage_agreement")
    stage.play("nndm/delete_data_usage_agreement")
    stage.aside("nndm/add_data_usage_agreement")
    stage.play("nndm/reject_data_usage_agreement")
    key, stage.made["$SOUK_API_KEY"] = stage.made["$SOUK_API_KEY"], stage.token(PERSON)
    made = stage.play("nndm/request_access")
    stage.play("nndm/get_access_status")
    stage.made["$SOUK_API_KEY"] = key
    stage.aside("nndm/delete_data_usage_agreement")
    stage.made[_USAGE] = made["accessId"]
    stage.aside("nndm/delete_data_usage_agreement")
    for kind in ("cost", "connector", "test_results", "data_product", "asset", "data_contract", "definition"):
        stage.play(f"nndm/delete_{kind}")
    stage.all("nndm/delete_source_system", "nndm/delete_team")
    stage.play("nndm/unknown_path", 404)


def dpx(stage: Stage) -> None:
    """A catalogue is set up, a product made, published, found, ordered and retired; domains, templates are tended."""
    stage.play("dpx/initialize")
    stage.all("dpx/get_initialize_status", "dpx/manage_api_keys", "dpx/get_catalog", "dpx/search_assets")
    stage.made[_ASSET] = stage.play("dpx/create_asset")["asset_id"]
    stage.play("dpx/get_asset")
    stage.all("dpx/create_data_asset_visualization", "dpx/reinitiate_data_asset_visualization")
    _dpx_templates(stage)
    _dpx_drafts(stage)
    _dpx_orders(stage)
    _dpx_ends(stage)
    stage.made[_DPX_DOMAIN] = stage.play("dpx/create_data_product_domain")["id"]
    stage.all("dpx/list_data_product_domains", "dpx/create_data_product_subdomain", "dpx/get_domain")
    stage.all("dpx/update_data_product_domain", "dpx/get_data_product_by_domain", "dpx/delete_domain")
    stage.play("dpx/unknown_path", 404)


def _dpx_templates(stage: Stage) -> None:
    stage.made[_TEMPLATE] = stage.play("dpx/create_contract_template")["id"]
    stage.all("dpx/list_data_product_contract_template", "dpx/get_contract_template")
    stage.all("dpx/update_data_product_contract_template", "dpx/delete_data_product_contract_template")


def _dpx_drafts(stage: Stage) -> None:
    draft = stage.play("dpx/create_data_product")["drafts"][0]
    stage.made |= {_PRODUCT: draft["data_product"]["id"], _DRAFT: draft["id"].partition("@")[0]}
    stage.made[_TERMS] = draft["contract_terms"][0]["id"].partition("@")[0]
    stage.all("dpx/list_data_products", "dpx/get_data_product", "dpx/list_data_product_drafts")
    stage.all("dpx/get_data_product_draft", "dpx/update_data_product_draft", "dpx/create_data_product_draft")
    stage.made[_DOCUMENT] = stage.play("dpx/create_draft_contract_terms_document")["id"]
    stage.all("dpx/get_draft_contract_terms_document", "dpx/update_draft_contract_terms_document")
    attached = stage.made[_DOCUMENT]
    upload = stage.aside("dpx/create_draft_contract_terms_document", url=None, type="sla")
    stage.made[_DOCUMENT] = upload["id"]
    _upload(upload["upload_url"])
    stage.play("dpx/complete_draft_contract_terms_document")
    stage.play("dpx/delete_draft_contract_terms_document")
    stage.made[_DOCUMENT] = attached
    stage.all("dpx/replace_data_product_draft_contract_terms", "dpx/update_data_product_draft_contract_terms")
    stage.all("dpx/get_data_product_draft_contract_terms", "dpx/get_contract_terms_in_specified_format")
    stage.made[_RELEASE] = stage.play("dpx/publish_data_product_draft")["id"].partition("@")[0]


def _upload(link: str) -> None:
    """Put a few bytes where a link to upload points to."""
    key = link.partition("?")[0].partition(os.environ["SOUK_BUCKET"])[2].partition("/")[2]
    clients.client("s3").put_object(Bucket=os.environ["SOUK_BUCKET"], Key=key, Body=b"No coffee, no work.")


def _dpx_orders(stage: Stage) -> None:
    stage.all("dpx/list_data_product_releases", "dpx/get_data_product_release")
    stage.all("dpx/get_release_contract_terms_document", "dpx/get_published_data_product_draft_contract_terms")
    stage.all("dpx/update_data_product_release", "dpx/search_catalog")
    _product_to_order(stage)
    order = stage.play("dpx/create_asset_list")
    stage.made[_ORDER] = order["id"]
    stage.all("dpx/list_asset_lists", "dpx/get_asset_list")
    stage.play("dpx/list_asset_list_items")
    stage.made[DOWNLOAD] = EXTERNAL  # an order that rests until somebody reports
    stage.made[_ORDER] = stage.aside("dpx/create_asset_list")["id"]
    stage.made[_ITEM] = stage.aside("dpx/list_asset_list_items")["items"][0]["id"]
    stage.play("dpx/update_subscription_item")
    stage.made[_ORDER] = stage.aside("dpx/create_asset_list")["id"]
    stage.play("dpx/update_asset_list")
    del stage.made[DOWNLOAD]


def _dpx_ends(stage: Stage) -> None:
    """Access to the release is taken away, the release retired, a draft deleted."""
    stage.all("dpx/create_revoke_access_process", "dpx/get_revoke_access_process_state")
    stage.play("dpx/retire_data_product_release")
    draft = stage.aside("dpx/create_data_product")["drafts"][0]
    stage.made |= {_PRODUCT: draft["data_product"]["id"], _DRAFT: draft["id"].partition("@")[0]}
    stage.play("dpx/delete_data_product_draft")


def _product_to_order(stage: Stage) -> None:
    """A published product whose only part is a file in the own bucket, to be downloaded or brought by somebody else."""
    objects.write("data/batches.csv", b"batch\n1\n", "text/csv")
    metadata = {"name": "batches.csv", "asset_type": "data_asset", "rov": {"mode": 0}}
    attachments = [{"asset_type": "data_asset", "object_key": "data/batches.csv"}]
    made = stage.aside("dpx/create_asset", metadata=metadata, entity=None, attachments=attachments)
    stage.made[_ASSET] = made["asset_id"]
    prototype = hub_of_tests.prototype(parts_out=[hub_of_tests.part(made["asset_id"], DOWNLOAD, EXTERNAL)])
    draft = stage.aside("dpx/create_data_product", drafts=[prototype])["drafts"][0]
    stage.made |= {_PRODUCT: draft["data_product"]["id"], _DRAFT: draft["id"].partition("@")[0]}
    stage.made[_TERMS] = draft["contract_terms"][0]["id"].partition("@")[0]
    stage.aside("dpx/create_draft_contract_terms_document")
    stage.made[_RELEASE] = stage.aside("dpx/publish_data_product_draft")["id"].partition("@")[0]


def immuta(stage: Stage) -> None:
    """A product is asked for, reviewed, granted and revoked; forms and agreements change."""
    run(stage.store, _people)
    run(stage.store, governance.seed)
    door = "immuta/"
    stage.play(door + "create_data_product")
    for name in ("search_data_products", "get_data_product_by_id", "get_data_product_by_name", "update_data_product"):
        stage.play(door + name)
    for name in ("update_data_sources", "search_data_sources", "get_all_data_sources", "search_data_product_columns"):
        stage.play(door + name)
    stage.play(door + "get_request_forms")
    asked = stage.play(door + "request_access")
    stage.made[_REQUEST] = asked["id"]
    for name in ("get_access_request", "get_risk_assessment", "search_access_requests"):
        stage.play(door + name)
    records = stage.play(door + "get_approval_records")["approvalRecords"]
    stage.made[_RECORD] = records[0]["id"]
    stage.play(door + "update_approval_record")
    for name in ("search_data_product_access_requests", "search_data_product_members", "recent_determinations"):
        stage.play(door + name)
    stage.play(door + "revoke_access")
    stage.made[_REQUEST] = stage.aside(door + "request_access")["id"]
    stage.play(door + "cancel_access_request")
    stage.made[_EXCEPTION] = stage.play(door + "request_masking_exception")["id"]
    stage.all(door + "get_masking_exception_columns", door + "get_approved_masking_exception_columns")
    _immuta_forms(stage)
    stage.play(door + "get_current_user")
    stage.play(door + "delete_data_product")
    stage.play(door + "unknown_path", 404)


def _immuta_forms(stage: Stage) -> None:
    door = "immuta/"
    made = stage.play(door + "create_request_form")
    stage.made[_FORM] = made["id"]
    stage.all(door + "search_request_forms", door + "get_request_form")
    stage.made[_VERSION] = str(stage.play(door + "update_request_form")["version"])
    stage.play(door + "get_request_form_version")
    stage.play(door + "delete_request_form")
    stage.made[_AGREEMENT] = stage.play(door + "create_data_use_agreement")["id"]
    for name in ("search", "get", "update", "delete"):
        stage.play(f"{door}{name}_data_use_agreement" + ("s" if name == "search" else ""))


def _people(work: Work) -> None:
    domains.put_domain(work, DOMAIN, {"name": "Roastery"})
    for person in FURTHER:
        users.put_user(work, name=person.name, email=person.email)


def nav(stage: Stage) -> None:
    """A product is made, granted, revoked and deleted."""
    stage.made[_NAV_PRODUCT] = stage.play("nav/create_dataproduct")
    stage.all("nav/get_user_info", "nav/get_dataproducts", "nav/get_dataproduct", "nav/update_dataproduct")
    stage.all("nav/grant_access", "nav/revoke_access", "nav/get_access_log", "nav/delete_dataproduct")
    stage.play("nav/unknown_path", 404)


def hub(stage: Stage) -> None:
    """Health, documents, tokens. No access is active in this story, so grants are not found."""
    stage.all("hub/get_health", "hub/get_docs", "hub/get_open_api", "hub/get_async_api")
    stage.all("hub/exchange_token", "hub/get_key_set")
    stage.play("hub/list_grants")
    stage.play("hub/get_grant", 404)
    stage.play("hub/post_grant_result", 404)
    stage.play("hub/unknown_path", 404)


def sources() -> list[Path]:
    """Every recording that a story must play."""
    doors = ("nndm", "dpx", "immuta", "nav", "hub")
    return [path for door in doors for path in sorted((Path(__file__).parent.parent / "events" / door).glob("*.json"))]
