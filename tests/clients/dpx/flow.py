"""The calls of the library's own integration test, in its order, with another product.

`python flow.py <module>`, in the library's environment. Prints as JSON the methods in the order in which they were
called with their statuses, and what they left. Bodies are plain objects here, not the library's models. The last calls
are those that the vendor leaves out.
"""

from __future__ import annotations

import importlib
import io
import json
import os
import sys
import time
from typing import Any

from ibm_cloud_sdk_core.authenticators import IAMAuthenticator  # type: ignore[import-not-found]

library: Any = importlib.import_module(sys.argv[1])
url = os.environ["DPX_URL"]
dph = library.DphV1(authenticator=IAMAuthenticator(os.environ["DPX_API_KEY"], url=url))
dph.set_service_url(url)
dph.enable_retries()
told: list[list[Any]] = []
noted: dict[str, Any] = {}
EVERYTHING = [
    "delivery_methods",
    "domains_multi_industry",
    "data_product_samples",
    "workflows",
    "project",
    "catalog_configurations",
]
DOMAIN = {"id": "b38df608-d34b-4d58-8136-ed25e6c6684e", "name": "Roasting"}
LINK = {"type": "terms_and_conditions", "url": "https://example.com/terms"}
OVERVIEW = {"api_version": "v3.0.1", "kind": "DataContract", "name": "Roasts", "version": "0.1.0", "domain": DOMAIN}
MORE = {
    "description": {
        "purpose": "To know every batch",
        "limitations": "No names",
        "usage": "Planning",
        "more_info": [{"type": "privacy-statement", "url": "https://example.com/privacy"}],
        "custom_properties": '{"reviewed": "yes"}',
    },
    "organization": [{"user_id": "IBMid-1", "role": "owner"}],
    "roles": [{"role": "barista"}],
    "price": {"amount": "9.50", "currency": "NOK", "unit": "month"},
    "sla": [{"default_element": "batches", "properties": [{"property": "frequency", "value": "1d"}]}],
    "support_and_communication": [{"channel": "#roasts", "url": "https://example.com/chat"}],
    "custom_properties": [{"key": "season", "value": "winter"}],
}
WORDS: tuple[str, ...] = (
    "description",
    "environment",
    "account",
    "catalog",
    "database",
    "dataset",
    "delimiter",
    "endpoint_url",
)
WORDS += ("format", "host", "location", "path", "port", "project", "region", "region_name", "schema", "service_name")
WORDS += ("staging_dir", "stream", "warehouse", "type", "connection_id")
SERVER = dict.fromkeys(WORDS, "some") | {"server": "mill", "asset": {"id": "batches"}, "roles": ["barista"]}
COLUMN = {"name": "kilos", "type": dict.fromkeys(("type", "length", "scale", "nullable", "signed", "native_type"), "x")}
BOUNDS = ("must_be_less_than", "must_be_greater_or_equal_to", "must_be", "must_not_be", "rule", "query", "unit", "name")
RULE = dict.fromkeys(BOUNDS, "1") | {"type": "sql", "must_be_between": ["1"], "must_not_be_between": ["2"]}
TABLE = {"name": "batches", "description": "All", "physical_type": "table", "properties": [COLUMN]}


def call(method: str, **named: Any) -> Any:
    """What a method answers."""
    answer = getattr(dph, method)(**named)
    told.append([method, answer.get_status_code()])
    return answer.get_result()


def paged(pager: Any, **named: Any) -> list[str]:
    """What a pager finds page by page, which is what it finds at once."""
    found, one = [], pager(client=dph, limit=10, **named)
    while one.has_next():
        found += [entry["id"] for entry in one.get_next()]
    assert found == [entry["id"] for entry in pager(client=dph, limit=10, **named).get_all()]
    return found


def change(path: str, value: Any, op: str = "replace") -> list[Any]:
    return [{"op": op, "path": path, "value": value}]


def until_done(container: str) -> None:
    """The catalog is initialized."""
    end = time.monotonic() + 60
    while (state := dph.get_initialize_status(container_id=container).get_result()["status"]) == "in_progress":
        assert time.monotonic() < end
        time.sleep(0.1)
    assert state == "succeeded", state


def configured() -> dict[str, str]:
    """The catalog, and its credentials directly afterwards."""
    place = {"id": os.environ["DPX_CATALOG"], "type": "catalog"}
    assert call("initialize", container=place, include=EVERYTHING)["container"] == place
    call("get_initialize_status", container_id=place["id"])
    noted["credentials"] = sorted(call("get_service_id_credentials"))
    call("manage_api_keys")
    until_done(place["id"])
    return place


def drafted(place: dict[str, str], asset: str) -> tuple[dict[str, str], str]:
    """A product whose draft says everything that a draft can say."""
    agreed = MORE | {
        "asset": {"id": asset, "name": "batches", "container": place},
        "overview": OVERVIEW | {"domain": DOMAIN | {"container": place}, "more_info": "Links"},
        "servers": [SERVER],
        "schema": [TABLE | {"asset_id": asset, "connection_id": "c", "connection_path": "/b", "quality": [RULE]}],
    }
    prototype = {
        "version": "1.0.0",
        "state": "draft",
        "name": "Roasts of winter",
        "description": "Every batch",
        "types": ["data"],
        "contract_terms": [agreed],
        "domain": DOMAIN | {"container": place},
        "parts_out": [
            {
                "asset": {"id": asset, "name": "batches", "container": place, "type": "data_asset"},
                "delivery_methods": [{"id": "1fdcb2d8-fe28-4467-b9cd-9655af8a8f0c", "container": place}],
            }
        ],
        "dataview_enabled": False,
        "comments": "First pick",
        "access_control": {"owner": "IBMid-2"},
        "sub_container": {"id": place["id"]},
        "is_restricted": False,
        "asset": {"id": "2c1f9be7-40f2-4d7f-9a6b-5f0a4a9f3f11", "container": {"id": place["id"]}},
    }
    made = call("create_data_product", drafts=[prototype])
    draft = made["drafts"][0]
    ids = {"data_product_id": made["id"], "draft_id": draft["id"]}
    call("get_data_product", data_product_id=made["id"])
    call("list_data_products", limit=200)
    assert made["id"] in paged(library.DataProductsPager)
    call("get_data_product_draft", **ids)
    call("update_data_product_draft", **(ids | {"data_product_id": "-"}), json_patch_instructions=change("/name", "W"))
    return ids, draft["contract_terms"][0]["id"]


def agreed(ids: dict[str, str], terms: str) -> str:
    """Documents and terms. The document that the release is to show."""
    at = ids | {"contract_terms_id": terms}
    document: str = call("create_draft_contract_terms_document", **at, **LINK, name="Terms")["id"]
    call("get_draft_contract_terms_document", **at, document_id=document)
    renamed = change("/name", "Better terms", "add")
    call("update_draft_contract_terms_document", **at, document_id=document, json_patch_instructions=renamed)
    kind = "application/json"
    call("get_data_product_draft_contract_terms", **at, accept=kind, include_contract_documents=True)
    other = LINK | {"name": "Other", "id": "7e0b7a62-9a5c-4a1c-8f0e-0f7a0c5c2d10", "attachment": {"id": document}}
    replaced = call("replace_data_product_draft_contract_terms", **at, documents=[other], overview=OVERVIEW, **MORE)
    noted["documents"] = [one["name"] for one in replaced["documents"]]
    short = {"name": "Roasts", "version": "v0.2", "domain": DOMAIN, "more_info": "Links"}
    call("update_data_product_draft_contract_terms", **at, json_patch_instructions=change("/overview", short))
    wanted = {"format": "odcs", "format_version": "3", "accept": "application/odcs+yaml"}
    call("get_contract_terms_in_specified_format", **at, **wanted)
    return document


def released(place: dict[str, str], ids: dict[str, str], terms: str, document: str) -> dict[str, str]:
    """The draft published, read, changed, listed, retired."""
    release = call("publish_data_product_draft", **ids)["id"]
    at = {"data_product_id": ids["data_product_id"], "release_id": release}
    yaml = {"accept": "application/odcs+yaml", "include_contract_documents": True}
    call("get_published_data_product_draft_contract_terms", **at, contract_terms_id=terms, **yaml)
    call("get_data_product_release", **at, check_caller_approval=False)
    call("update_data_product_release", **at, json_patch_instructions=change("/description", "Sold out"))
    shown = call("get_release_contract_terms_document", **at, contract_terms_id=terms, document_id=document)
    noted["document"] = shown["name"]
    wanted = {"data_product_id": ids["data_product_id"], "asset_container_id": place["id"], "state": ["available"]}
    call("list_data_product_releases", **wanted, limit=200)
    assert paged(library.DataProductReleasesPager, **wanted) == [release]
    noted["retired"] = call("retire_data_product_release", **at, revoke_access=False)["state"]
    return at


def drawn(place: dict[str, str], asset: str) -> None:
    """Visualizations, which nothing here draws."""
    reference = {"id": asset, "name": "batches", "container": place}
    wanted = {"visualization": {"id": "v", "name": "v"}, "asset": reference, "related_asset": reference}
    for method in ("create_data_asset_visualization", "reinitiate_data_asset_visualization"):
        noted[method] = call(method, assets=[wanted])["results"][0]["error"]["code"]


def templated(place: dict[str, str]) -> None:
    """A template whose schema is of no asset yet."""
    tested = {"status": "pass", "last_tested_time": "2026-01-01T00:00:00Z", "message": "All well"}
    terms = MORE | {"overview": OVERVIEW | {"more_info": "Links"}, "contract_test": tested, "schema": [TABLE]}
    query = {"container_id": place["id"], "contract_template_name": "Rules of winter"}
    made = call("create_contract_template", container=place, name="Rules of winter", contract_terms=terms, **query)
    at = {"contract_template_id": made["id"], "container_id": place["id"]}
    noted["schema"] = call("get_contract_template", **at)["contract_terms"]["schema"][0]["name"]
    call("update_data_product_contract_template", **at, json_patch_instructions=change("/name", "Rules"))
    call("list_data_product_contract_template", **query)
    call("delete_data_product_contract_template", **at)


def passing(place: dict[str, str], product: str) -> str:
    """A draft that is to be deleted, with a document that comes and goes."""
    asset = {"id": "2c1f9be7-40f2-4d7f-9a6b-5f0a4a9f3f11", "container": {"id": place["id"]}}
    fields = {"version": "2.0.0", "state": "draft", "name": "Passing", "description": "Soon gone", "types": ["data"]}
    draft = call("create_data_product", drafts=[fields | {"asset": asset}])["drafts"][0]
    wanted = {"data_product_id": product, "asset_container_id": place["id"]}
    call("list_data_product_drafts", **wanted, limit=200)
    assert paged(library.DataProductDraftsPager, **wanted) == []
    at = {"data_product_id": "-", "draft_id": draft["id"], "contract_terms_id": draft["contract_terms"][0]["id"]}
    made = call("create_draft_contract_terms_document", **at, **LINK, name="Terms")
    call("delete_draft_contract_terms_document", **at, document_id=made["id"])
    gone: str = draft["id"]
    return gone


def divided(place: dict[str, str]) -> None:
    """A domain with one below it, deleted as a whole."""
    call("list_data_product_domains", container_id=place["id"])
    made = call("create_data_product_domain", container=place, name="Cold brew", description="Of summer")["id"]
    below = {"name": "Nitro", "description": "With bubbles"}
    call("create_data_product_subdomain", domain_id=made, container_id=place["id"], **below)
    call("get_domain", domain_id=made)
    at = {"domain_id": made, "container_id": place["id"]}
    noted["domain"] = call("update_data_product_domain", **at, json_patch_instructions=change("/name", "Iced"))["name"]
    noted["within"] = call("get_data_product_by_domain", **at)["data_product_versions"]
    call("delete_domain", domain_id=made)


def beyond(release: dict[str, str]) -> None:
    """What the vendor's own test leaves out: buckets, and access that is taken away."""
    bucket = call("create_s3_bucket", is_shared=True)["bucket_name"]
    call("get_s3_bucket_validation", bucket_name=bucket)
    call("create_revoke_access_process", **release, body=io.BytesIO(b"{}"), content_type="application/json")
    release_id = release["release_id"]
    noted["runs"] = call("get_revoke_access_process_state", release_id=release_id, limit=200)["total_count"]


place = configured()
asset = os.environ["DPX_ASSET"]
ids, terms = drafted(place, asset)
release = released(place, ids, terms, agreed(ids, terms))
drawn(place, asset)
templated(place)
gone = passing(place, ids["data_product_id"])
divided(place)
beyond(release)
call("delete_data_product_draft", data_product_id="-", draft_id=gone)
print(json.dumps({"told": told, "noted": noted}))
