"""One life of a data product, told in the words of a client library. Runs in the library's own environment.

`python story.py <library>`: a module and the name of its service class. Prints what happened as JSON.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import time
from typing import Any
from urllib.request import Request, urlopen
from uuid import uuid4

from ibm_cloud_sdk_core import ApiException  # type: ignore[import-not-found]
from ibm_cloud_sdk_core.authenticators import IAMAuthenticator  # type: ignore[import-not-found]

LIBRARY, CLASS = sys.argv[1], sys.argv[2]
module: Any = importlib.import_module(LIBRARY)
OLD = not hasattr(module, "DataProductDraft")
told: dict[str, Any] = {"models": 0}
DOMAIN = {"id": "b38df608-d34b-4d58-8136-ed25e6c6684e", "name": "Roasting", "container": None}


def client() -> Any:
    """The service with IBM's own authenticator: only its URLs differ."""
    url = os.environ["DPX_URL"]
    service = getattr(module, CLASS)(authenticator=IAMAuthenticator(os.environ["DPX_API_KEY"], url=url))
    service.set_service_url(url)
    return service


def typed(name: str, document: dict[str, Any]) -> Any:
    """The document as the library's model: a required field that is missing raises."""
    told["models"] += 1
    return getattr(module, name).from_dict(document)


def version(document: dict[str, Any]) -> dict[str, Any]:
    """A draft or release, checked by the models of this generation."""
    if OLD:
        typed("DataProductVersion", document)
    else:
        typed("DataProductDraft" if document["state"] == "draft" else "DataProductRelease", document)
    return document


def prepared(service: Any) -> str:
    """The catalog, initialized."""
    started = service.initialize(include=["delivery_methods", "domains_multi_industry"]).get_result()
    typed("InitializeResource", started)
    container: str = started["container"]["id"]
    state = started
    until = time.monotonic() + 30
    while state["status"] not in {"succeeded", "failed"} and time.monotonic() < until:
        state = service.get_initialize_status(container_id=container).get_result()
        time.sleep(0.1)
    typed("InitializeResource", state)
    told["initialized"] = state["status"]
    return container


def drafted(service: Any, container: str) -> dict[str, Any]:
    """A product with its first draft."""
    reference = {"id": container, "type": "catalog"}
    prototype = {
        "name": "Roast batches",
        "description": "Every batch",
        "version": "1.0.0",
        "asset": {"id": str(uuid4()), "container": reference},
        "domain": {**DOMAIN, "container": reference},
        "types": ["data"],
        "tags": ["coffee"],
    }
    made = service.create_data_product(drafts=[prototype])
    told["created"] = made.get_status_code()
    product = made.get_result()
    typed("DataProduct", product)
    return version(service.get_data_product_draft(product["id"], product["drafts"][0]["id"]).get_result())


def documented(service: Any, draft: dict[str, Any]) -> list[str]:
    """A document by link, changed, and one by upload; one more comes and goes. Ids of those that stay."""
    place = (draft["data_product"]["id"], draft["id"], draft["contract_terms"][0]["id"])

    def made(**fields: Any) -> dict[str, Any]:
        own = {"id": str(uuid4())} if OLD else {}
        answer: dict[str, Any] = service.create_draft_contract_terms_document(*place, **own, **fields).get_result()
        typed("ContractTermsDocument", answer)
        return answer

    link = made(type="sla", name="Promise", url="https://example.com/promise")
    change = [{"op": "replace", "path": "/url", "value": "https://example.com/better"}]
    service.update_draft_contract_terms_document(*place, link["id"], json_patch_instructions=change)
    told["document"] = service.get_draft_contract_terms_document(*place, link["id"]).get_result()["url"]
    upload = made(type="terms_and_conditions", name="Terms")
    with urlopen(Request(upload["upload_url"], data=b"Be kind.", method="PUT")) as answer:
        told["uploaded"] = answer.status
    typed("ContractTermsDocument", service.complete_draft_contract_terms_document(*place, upload["id"]).get_result())
    passing = made(type="sla", name="Passing", url="https://example.com/passing")
    told["document_deleted"] = service.delete_draft_contract_terms_document(*place, passing["id"]).get_status_code()
    return [link["id"], upload["id"]]


def published(service: Any, draft: dict[str, Any], documents: list[str]) -> dict[str, Any]:
    """The draft as a release, patched, with its documents readable."""
    product = draft["data_product"]["id"]
    change = [{"op": "replace", "path": "/description", "value": "Every batch that was roasted"}]
    version(service.update_data_product_draft(product, draft["id"], json_patch_instructions=change).get_result())
    release = version(service.publish_data_product_draft(product, draft["id"]).get_result())
    told["published"] = release["state"]
    terms = release["contract_terms"][0]["id"]
    read = [service.get_release_contract_terms_document(product, release["id"], terms, one) for one in documents]
    with urlopen(read[1].get_result()["url"]) as answer:
        told["downloaded"] = answer.read().decode()
    change = [{"op": "replace", "path": "/description", "value": "Final words"}]
    service.update_data_product_release(product, release["id"], json_patch_instructions=change)
    told["described"] = version(service.get_data_product_release("-", release["id"]).get_result())["description"]
    return release


def succeeded(service: Any, container: str, release: dict[str, Any]) -> None:
    """A second draft that is deleted, a third that is published, the first retired."""
    product = release["data_product"]["id"]
    asset = {"container": {"id": container, "type": "catalog"}}
    second = version(service.create_data_product_draft(product, asset, version="1.1.0").get_result())
    told["deleted"] = service.delete_data_product_draft(product, second["id"]).get_status_code()
    third = service.create_data_product_draft(product, asset, version="2.0.0").get_result()
    version(service.publish_data_product_draft(product, third["id"]).get_result())
    retired = version(service.retire_data_product_release(product, release["id"]).get_result())
    shown = service.get_data_product(product).get_result()
    typed("DataProduct", shown)
    told["retired"], told["latest"] = retired["state"], shown["latest_release"]["version"]


def listed(service: Any, container: str, product: str) -> None:
    """Every list, through the library's pagers, a page at a time."""
    product_pager = module.DataProductsPager(client=service, limit=2)
    told["products"] = product in [one["id"] for one in product_pager.get_all()]
    releases = module.DataProductReleasesPager(
        client=service,
        data_product_id=product,
        asset_container_id=container,
        state=["available", "retired"],
        limit=1,
    )
    told["releases"] = [one["version"] for one in releases.get_all()]
    drafts = module.DataProductDraftsPager(client=service, data_product_id="-", limit=1)
    told["drafts"] = [one["state"] for one in drafts.get_all()]
    typed("DataProductReleaseCollection", service.list_data_product_releases("-").get_result())
    typed("DataProductDraftCollection", service.list_data_product_drafts("-").get_result())
    pages = "DataProductSummaryCollection" if OLD else "DataProductCollection"
    typed(pages, service.list_data_products(limit=1).get_result())


def refused(service: Any, release: dict[str, Any]) -> None:
    """What the library says of an error: the message that its user sees."""
    try:
        service.get_data_product(str(uuid4()))
    except ApiException as error:
        told["refused"] = [error.code, error.message]
    told["rotated"] = service.manage_api_keys().get_status_code()


service = client()
catalog = prepared(service)
first = drafted(service, catalog)
open_draft = drafted(service, catalog)
release = published(service, first, documented(service, first))
succeeded(service, catalog, release)
listed(service, catalog, release["data_product"]["id"])
refused(service, release)
print(json.dumps(told))
