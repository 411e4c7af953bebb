"""Every method of a newer Python library, each called once or more, in the library's own environment.

`python every.py <module>`. Prints as JSON, for each public method, the status and the model that read the answer.
"""

from __future__ import annotations

import importlib
import inspect
import io
import json
import os
import sys
import time
from typing import Any
from urllib.request import Request, urlopen
from uuid import uuid4

from ibm_cloud_sdk_core import ApiException  # type: ignore[import-not-found]
from ibm_cloud_sdk_core.authenticators import IAMAuthenticator  # type: ignore[import-not-found]

library: Any = importlib.import_module(sys.argv[1])
told: dict[str, str] = {}
noted: dict[str, Any] = {}
METHODS = sorted(name for name, one in vars(library.DphV1).items() if inspect.isfunction(one) and name[0] != "_")


def service() -> Any:
    """The service, only its URLs changed."""
    url = os.environ["DPX_URL"]
    made = library.DphV1(authenticator=IAMAuthenticator(os.environ["DPX_API_KEY"], url=url))
    made.set_service_url(url)
    return made


dph = service()


def call(method: str, model: str = "", *arguments: Any, **named: Any) -> Any:
    """What a method answers, read by the library's model."""
    answer = getattr(dph, method)(*arguments, **named)
    result = answer.get_result()
    if model:
        getattr(library, model).from_dict(result)
    told[method] = f"{answer.get_status_code()} {model}".strip()
    return result


def change(path: str, value: Any, op: str = "replace") -> Any:
    """A patch of one operation, in the library's words."""
    return [library.JsonPatchOperation(op=op, path=path, value=value)]


def configured() -> Any:
    """The catalog, its credentials and a bucket."""
    container = call("initialize", "InitializeResource", include=["delivery_methods", "domains_multi_industry"])
    place = container["container"]
    until = time.monotonic() + 30
    while call("get_initialize_status", "InitializeResource", container_id=place["id"])["status"] == "in_progress":
        assert time.monotonic() < until
        time.sleep(0.1)
    call("manage_api_keys")
    call("get_service_id_credentials", "ServiceIdCredentials")
    bucket = call("create_s3_bucket", "BucketResponse", True)
    noted["bucket"] = call("get_s3_bucket_validation", "BucketValidationResponse", bucket["bucket_name"])
    return library.ContainerReference(id=place["id"], type="catalog")


def divided(catalog: Any) -> Any:
    """A domain with others below it."""
    below = library.InitializeSubDomain(name="Cupping", description="Of samples")
    roles = library.MemberRolesSchema(user_iam_id="IBMid-1", roles=["admin"])
    made = call(
        "create_data_product_domain",
        "DataProductDomain",
        catalog,
        name="Roasting",
        description="To the cup",
        sub_domains=[below],
        member_roles=roles,
        properties=library.PropertiesSchema(value="v"),
    )
    call("create_data_product_subdomain", "InitializeSubDomain", made["id"], catalog.id, name="Packing")
    call("get_domain", "DataProductDomain", made["id"])
    call("list_data_product_domains", "DataProductDomainCollection", include_subdomains=True)
    named = change("/name", "Roasts")
    noted["domain"] = call("update_data_product_domain", "DataProductDomain", made["id"], catalog.id, named)["name"]
    passing = call("create_data_product_domain", "DataProductDomain", catalog, name="Passing")
    call("delete_domain", "", passing["id"])
    return library.Domain(id=made["id"], name="Roasts", container=catalog)


def terms(domain: Any) -> dict[str, Any]:
    """Contract terms in the library's models."""
    quality = library.ContractQualityRule(type="library", rule="rowCount", must_be_greater_than="1")
    column = library.ContractSchemaProperty(
        name="id", type=library.ContractSchemaPropertyType(type="varchar", nullable="false"), quality=[quality]
    )
    return {
        "overview": library.Overview(version="1.0.0", domain=domain, name="Batches"),
        "description": library.Description(
            purpose="To know", more_info=[library.ContractTermsMoreInfo(type="tutorial", url="https://example.com")]
        ),
        "organization": [library.ContractTemplateOrganization(user_id="kari", role="owner")],
        "roles": [library.Roles(role="barista")],
        "price": library.Pricing(amount="1", currency="NOK", unit="month"),
        "sla": [
            library.ContractTemplateSLA(
                default_element="id", properties=[library.ContractTemplateSLAProperty(property="frequency", value="1d")]
            )
        ],
        "support_and_communication": [
            library.ContractTemplateSupportAndCommunication(channel="#b", url="https://example.com")
        ],
        "custom_properties": [library.ContractTemplateCustomProperty(key="k", value="v")],
        "contract_test": library.ContractTest(status="pass", last_tested_time="2026-01-01T00:00:00Z"),
        "servers": [library.ContractServer(server="lake", type="s3", location="s3://b/k")],
        "schema": [library.ContractSchema(asset_id="a", connection_id="c", name="batches", properties=[column])],
    }


def templated(catalog: Any, domain: Any) -> None:
    """A contract template comes and goes."""
    made = call(
        "create_contract_template",
        "DataProductContractTemplate",
        catalog,
        name="Rules",
        contract_terms=library.ContractTerms(**terms(domain)),
    )
    call("get_contract_template", "DataProductContractTemplate", made["id"], catalog.id)
    listed = call(
        "list_data_product_contract_template",
        "DataProductContractTemplateCollection",
        container_id=catalog.id,
        contract_template_name="Rules",
        domain_ids=domain.id,
    )
    noted["templates"] = len(listed["contract_templates"])
    renamed = change("/name", "Other rules")
    call("update_data_product_contract_template", "DataProductContractTemplate", made["id"], catalog.id, renamed)
    call("delete_data_product_contract_template", "", made["id"], catalog.id)


def drafted(catalog: Any, domain: Any) -> dict[str, Any]:
    """A product, its draft patched, a second draft deleted."""
    asset = library.AssetPrototype(container=catalog)
    first = library.DataProductDraftPrototype(asset=asset, name="Batches", domain=domain, types=["data"])
    product = call("create_data_product", "DataProduct", [first])
    draft = product["drafts"][0]
    call("get_data_product_draft", "DataProductDraft", product["id"], draft["id"])
    call("update_data_product_draft", "DataProductDraft", product["id"], draft["id"], change("/description", "All"))
    second = call("create_data_product_draft", "DataProductDraft", product["id"], asset, version="1.1.0")
    call("list_data_product_drafts", "DataProductDraftCollection", product["id"], limit=1)
    call("delete_data_product_draft", "", product["id"], second["id"])
    return {"product": product["id"], "version": draft["id"], "terms": draft["contract_terms"][0]["id"]}


def agreed(made: dict[str, Any], domain: Any) -> str:
    """Documents and terms of the draft. The document that stays."""
    place = (made["product"], made["version"], made["terms"])
    link = call(
        "create_draft_contract_terms_document", "ContractTermsDocument", *place, "sla", "P", url="https://e.com"
    )
    upload = call("create_draft_contract_terms_document", "ContractTermsDocument", *place, "sla", "Upload")
    urlopen(Request(upload["upload_url"], data=b"Be kind.", method="PUT")).close()
    call("complete_draft_contract_terms_document", "ContractTermsDocument", *place, upload["id"])
    call("get_draft_contract_terms_document", "ContractTermsDocument", *place, link["id"])
    renamed = change("/name", "Promise")
    call("update_draft_contract_terms_document", "ContractTermsDocument", *place, link["id"], renamed)
    call("delete_draft_contract_terms_document", "", *place, upload["id"])
    call("replace_data_product_draft_contract_terms", "ContractTerms", *place, **terms(domain))
    roles = change("/roles", [{"role": "reader"}])
    call("update_data_product_draft_contract_terms", "ContractTerms", *place, roles)
    shown = call("get_data_product_draft_contract_terms", "ContractTerms", *place, autopopulate_server_information=True)
    noted["roles"] = shown["roles"]
    exported = call("get_contract_terms_in_specified_format", "", *place, "odcs", "3", accept="application/odcs+yaml")
    noted["odcs"] = exported.content.decode() if hasattr(exported, "content") else str(exported)
    document: str = link["id"]
    return document


def released(made: dict[str, Any], document: str, catalog: Any, domain: Any) -> None:
    """The draft as a release, found everywhere, taken away, retired."""
    place = (made["product"], made["version"])
    call("publish_data_product_draft", "DataProductRelease", *place)
    call("get_data_product_release", "DataProductRelease", *place, check_caller_approval=False)
    call("update_data_product_release", "DataProductRelease", *place, change("/description", "Final"))
    call("list_data_product_releases", "DataProductReleaseCollection", made["product"], state=["available"])
    call("get_data_product", "DataProduct", made["product"])
    call("list_data_products", "DataProductCollection", limit=1)
    call("get_release_contract_terms_document", "ContractTermsDocument", *place, made["terms"], document)
    kind = "application/json"
    call("get_published_data_product_draft_contract_terms", "ContractTerms", *place, made["terms"], accept=kind)
    found = call("get_data_product_by_domain", "DataProductVersionCollection", domain.id, catalog.id)
    noted["found"] = [one["id"] for one in found["data_product_versions"]] == [made["version"]]
    body = io.BytesIO(json.dumps({"start_at": "2035-01-01T00:00:00Z"}).encode())
    call("create_revoke_access_process", "RevokeAccessResponse", *place, body=body, content_type=kind)
    runs = call("get_revoke_access_process_state", "RevokeAccessStateResponse", made["version"], limit=10)
    noted["runs"] = runs["total_count"]
    call("retire_data_product_release", "DataProductRelease", *place, revoke_access=True)


def drawn(catalog: Any) -> None:
    """Visualizations, which are refused asset by asset."""
    asset = library.AssetReference(id=str(uuid4()), container=catalog)
    wanted = [library.DataAssetRelationship(asset=asset, related_asset=asset)]
    for method in ("create_data_asset_visualization", "reinitiate_data_asset_visualization"):
        shown = call(method, "DataAssetVisualizationRes", assets=wanted)
        noted[method] = shown["results"][0]["error"]["code"]


catalog = configured()
domain = divided(catalog)
templated(catalog, domain)
made = drafted(catalog, domain)
released(made, agreed(made, domain), catalog, domain)
drawn(catalog)
try:
    dph.get_domain(str(uuid4()))
except ApiException as error:
    noted["refused"] = [error.code, error.message]
print(json.dumps({"methods": METHODS, "told": told, "noted": noted}))
