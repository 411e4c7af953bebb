"""What every answer holds, field by field, for clients of both generations (contract sections 1.4, 2, 3.1 and 4)."""

from __future__ import annotations

from typing import Any

from tests.wire.dpx.hub import PATTERN, RFC3339
from tests.wire.raw import Doc

ITEM_STATES = {"received", "in_progress", "delivered", "failed", "revoked"}
ORDER_STATES = {
    "received",
    "ready_to_deliver",
    "succeeded",
    "failed",
    "partially_delivered",
    "rejected",
    "canceled",
    "revoked",
}


def check_id(value: Any) -> None:
    """36 characters of the pattern."""
    assert isinstance(value, str)
    assert len(value) == 36
    assert PATTERN.match(value)


def check_version_id(value: Any) -> None:
    """Two ids with an @ between them."""
    asset, _, container = value.partition("@")
    check_id(asset)
    check_id(container)


def check_container(value: Any) -> None:
    """ContainerReference."""
    check_id(value["id"])
    assert value["type"] == "catalog"


def check_reference(value: Any) -> None:
    """An asset, or a product, by its id and container."""
    check_id(value["id"])
    check_container(value["container"])


def check_document(document: Doc) -> None:
    """Document, inside its terms or by itself."""
    check_id(document["id"])
    assert document["type"] in {"terms_and_conditions", "sla"}
    assert 1 <= len(document["name"]) <= 256
    assert document.keys() <= {"id", "type", "name", "url", "attachment", "upload_url"}
    assert all(isinstance(document[name], str) for name in {"url", "upload_url"} & document.keys())
    assert ("url" in document) or document["attachment"]["id"]


def check_part(part: Doc) -> None:
    """Part."""
    check_id(part["asset"]["id"])
    check_container(part["asset"]["container"])
    for method in part["delivery_methods"]:
        check_id(method["id"])
        check_container(method["container"])


def check_version(version: Doc) -> None:
    """DataProductVersion, DataProductDraft and DataProductRelease at once."""
    check_version_id(version["id"])
    assert version["id"] == f"{version['asset']['id']}@{version['asset']['container']['id']}"
    check_reference(version["asset"])
    check_reference(version["data_product"])
    assert version["state"] in {"draft", "available", "retired"}
    for name in ("version", "name", "created_by", "created_at"):
        assert isinstance(version[name], str), name
        assert version[name], name
    assert isinstance(version["description"], str)
    assert isinstance(version["is_restricted"], bool)
    assert set(version["types"]) <= {"data", "code"}
    assert all(isinstance(tag, str) for tag in version["tags"])
    assert all(use_case["id"] for use_case in version.get("use_cases", []))
    assert {"id", "name", "container"} <= version["domain"].keys()
    check_container(version["domain"]["container"])
    for part in version["parts_out"]:
        check_part(part)
    (terms,) = version["contract_terms"]
    check_version_id(terms["id"])
    check_reference(terms["asset"])
    for document in terms["documents"]:
        check_document(document)
    assert RFC3339.match(version["created_at"])
    published = [name for name in ("published_by", "published_at") if version.get(name)]
    assert len(published) == (0 if version["state"] == "draft" else 2)
    assert all(RFC3339.match(version[name]) for name in {"published_at", "last_updated_at"} & version.keys())


def check_summary(product: Doc) -> None:
    """DataProductSummary."""
    check_reference(product)
    assert product["name"]


def check_product(product: Doc) -> None:
    """DataProduct, with its drafts and its latest release."""
    check_summary(product)
    for draft in product["drafts"]:
        check_version(draft)
        assert draft["state"] == "draft"
    for release in [product[name] for name in ["latest_release"] if name in product]:
        check_version(release)
        assert release["state"] == "available"


def check_page(page: Doc, name: str, limit: int = 200) -> list[Doc]:
    """A page of a list; its items."""
    assert page["limit"] == limit
    assert page["first"]["href"]
    assert "start=" not in page["first"]["href"]
    for following in [page[key] for key in ["next"] if key in page]:
        assert PATTERN.match(following["start"])
        assert len(following["start"]) <= 256
        assert f"start={following['start']}" in following["href"]
    assert len(page[name]) <= limit
    found: list[Doc] = page[name]
    return found


def check_setup(setup: Doc) -> None:
    """InitializeResource."""
    check_container(setup["container"])
    assert "/configuration/initialize/status" in setup["href"]
    assert setup["status"] in {"not_started", "in_progress", "succeeded", "failed"}
    for option in setup["initialized_options"]:
        assert isinstance(option["name"], str)
        assert isinstance(option["version"], int)
    for name in {"last_started_at", "last_finished_at"} & setup.keys():
        assert RFC3339.match(setup[name])


def check_order(order: Doc) -> None:
    """An asset list of type order."""
    check_id(order["id"])
    assert order["type"] == "order"
    assert order["state"] in ORDER_STATES
    assert order["name"]
    assert isinstance(order["description"], str)
    assert order["access_control"]["owner"]
    assert order["asset"]["asset"]["metadata"]["type"] == "ibm_data_product_version"
    check_reference(order["asset"]["asset"]["metadata"])
    assert RFC3339.match(order["created_at"])
    assert RFC3339.match(order["last_updated_at"])
    check_id(order["properties"]["data_product_id"])
    assert order["properties"]["data_product_delivery_state"]


def check_item(item: Doc) -> None:
    """One item of an order."""
    for name in ("id", "created_at", "last_updated_at", "last_updated_by"):
        assert item[name], name
    assert item["access_control"]["owner"]
    check_reference(item["asset"]["metadata"])
    assert item["asset"]["metadata"]["type"]
    properties = item["properties"]
    check_id(properties["data_product_id"])
    assert properties["data_product_delivery_state"] in ITEM_STATES
    assert properties["data_product_delivery_state_modified"].isdigit()
    assert len(properties["data_product_delivery_state_modified"]) == 13
    for output in properties["assets_out"]:
        check_id(output["asset_id"])
        check_id(output["catalog_id"])
    for method in [properties[name] for name in ["delivery_method"] if name in properties]:
        check_id(method["asset_id"])
        check_id(method["catalog_id"])


def check_asset(asset: Doc) -> None:
    """An asset of the catalog."""
    check_id(asset["asset_id"])
    assert asset["metadata"]["asset_id"] == asset["asset_id"]
    assert asset["metadata"]["name"]
    assert asset["metadata"]["asset_type"]
    assert isinstance(asset["entity"], dict)


def check_row(row: Doc) -> None:
    """One row of a search."""
    assert row["tenant_id"]
    check_id(row["artifact_id"])
    assert isinstance(row["last_updated_at"], int)
    metadata, version = row["metadata"], row["entity"]["data_product_version"]
    assert metadata["artifact_type"] == "ibm_data_product_version"
    assert {"name", "description", "tags", "modified_on", "modified_by", "created_on"} <= metadata.keys()
    check_id(version["product_id"])
    assert {"version", "state", "domain", "domain_id", "domain_name", "parts_out", "id"} <= version.keys()
    check_id(row["entity"]["assets"]["catalog_id"])
