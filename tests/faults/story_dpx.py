"""The DPX door's story, with the steps of its state machines: the catalogue, a draft, its release, orders of it."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any
from urllib.parse import unquote, urlsplit

from souk.setup.methods import COPY_TO_BUCKET, DOWNLOAD, EXTERNAL, LAKE_GRANT, OPEN_URL
from souk.store import clients
from steps import deliver_item, deliver_prepare
from tests.dpx.codes import CODES
from tests.dpx.driver import BASE, Api, Wire
from tests.dpx.hub import Hub, documents, part
from tests.dpx.ordering import LISTS, asset, file_asset, order_of, page_asset
from tests.dpx.recorded import RECORDED
from tests.faults.healing import swept
from tests.faults.stage import Stage
from tests.faults.trial import Manner, Outcome

DOOR = "dpx"
SET_UP = {
    "get_initialize_status": 200,
    "get_catalog": 200,
    "search_assets": 200,
    "get_asset": 200,
    "get_service_id_credentials": 200,
    "create_s3_bucket": 201,
    "get_s3_bucket_validation": 200,
    "create_data_asset_visualization": 201,
    "reinitiate_data_asset_visualization": 200,
    "search_catalog": 200,
    "unknown_path": 404,
}
READ = {
    "list_data_products": 200,
    "get_data_product": 200,
    "create_data_product_draft": 201,
    "list_data_product_drafts": 200,
    "get_data_product_draft": 200,
    "update_data_product_draft": 200,
    "get_data_product_draft_contract_terms": 200,
    "replace_data_product_draft_contract_terms": 200,
    "update_data_product_draft_contract_terms": 200,
    "get_contract_terms_in_specified_format": 200,
}
TEMPLATES = {
    "list_data_product_contract_template": 200,
    "get_contract_template": 200,
    "update_data_product_contract_template": 200,
    "delete_data_product_contract_template": 204,
}
RELEASED = {
    "list_data_product_releases": 200,
    "get_data_product_release": 200,
    "get_release_contract_terms_document": 200,
    "get_published_data_product_draft_contract_terms": 200,
    "update_data_product_release": 200,
}
DOMAINS = {
    "list_data_product_domains": 200,
    "create_data_product_subdomain": 201,
    "get_domain": 200,
    "update_data_product_domain": 200,
    "get_data_product_by_domain": 200,
    "delete_domain": 204,
}
ORDERED = {"list_asset_lists": 200, "get_asset_list": 200, "list_asset_list_items": 200}


def wording(refusal: Outcome) -> str:
    body = json.loads(refusal.body)
    right = body["trace"] and all(error["code"] in CODES and error["message"] for error in body["errors"])
    return "" if right else "not in the door's words"


def knows(stage: Stage, **ids: str) -> None:
    stage.knows(**{RECORDED[name]: made.partition("@")[0] for name, made in ids.items()})


def plays(stage: Stage, story: dict[str, int]) -> None:
    for name, status in story.items():
        stage.play(f"dpx/{name}", status)


def story(stage: Stage) -> None:
    lifecycle = Manner(rests=True, heals=lambda: swept(stage))
    hub = Hub(Api(stage.store, stage.secret))
    knows(stage, asset=stage.play("dpx/create_asset", 201)["asset_id"])
    stage.play("dpx/initialize", 202, lifecycle)
    stage.play("dpx/manage_api_keys", 204)
    plays(stage, SET_UP)
    drafted(stage, hub)
    stage.play("dpx/publish_data_product_draft", 200, lifecycle)
    steps_of_publish(stage, hub)
    released(stage, hub)
    ordered(stage, hub, lifecycle)
    tended(stage)
    stage.play("dpx/create_revoke_access_process", 202)
    stage.play("dpx/get_revoke_access_process_state", 200)
    stage.play("dpx/retire_data_product_release", 200)
    steps_of_delivery(stage, hub)
    steps_of_set_up(stage, hub)


def tended(stage: Stage) -> None:
    """Contract templates; domains, and the domains below them."""
    knows(stage, template=stage.play("dpx/create_contract_template", 201)["id"])
    plays(stage, TEMPLATES)
    knows(stage, domain=stage.play("dpx/create_data_product_domain", 201)["id"])
    plays(stage, DOMAINS)


def drafted(stage: Stage, hub: Hub) -> None:
    draft = stage.play("dpx/create_data_product", 201)["drafts"][0]
    terms = draft["contract_terms"][0]["id"]
    knows(stage, product=draft["data_product"]["id"], draft=draft["id"], terms=terms)
    plays(stage, READ)
    knows(stage, document=stage.play("dpx/create_draft_contract_terms_document", 201)["id"])
    plays(stage, {f"{verb}_draft_contract_terms_document": 200 for verb in ("get", "update")})
    uploaded = attached(hub, draft)
    stage.play("dpx/complete_draft_contract_terms_document", 200, instead={RECORDED["document"]: uploaded})
    stage.play("dpx/delete_draft_contract_terms_document", 204)
    other = hub.draft(draft["data_product"]["id"], version="9.0.0")
    gone = {RECORDED["draft"]: other["id"].partition("@")[0]}
    stage.play("dpx/delete_data_product_draft", 204, instead=gone)


def attached(hub: Hub, draft: Wire) -> str:
    """A document of the draft whose bytes were put where they belong."""
    made = hub.document(draft)
    bucket, _, key = urlsplit(made["upload_url"]).path.removeprefix("/").partition("/")
    clients.client("s3").put_object(Bucket=bucket, Key=unquote(key), Body=b"No coffee, no work.")
    return str(made["id"])


def steps_of_publish(stage: Stage, hub: Hub) -> None:
    """Each step on a draft that is being published and has come so far."""
    for ending in ("publish_announce", "publish_give_up"):
        draft = hub.product()
        document = attached(hub, draft)
        hub.api.post(f"{documents(draft)}/{document}/complete").expect(200)
        with stage.nobody_runs() as started:
            hub.publish(draft)
        (given,) = started
        path = ["publish_check", "publish_freeze", "publish_commit"] if ending == "publish_announce" else []
        for step in (*path, ending):
            # Bytes are copied before the draft says so: to where nobody looks until it does.
            manner = Manner(rests=step == "publish_freeze")
            stage.react(f"steps/{step}", stage.recorded(f"steps/{step}") | given, manner)


def released(stage: Stage, hub: Hub) -> None:
    file = file_asset(hub)
    draft = hub.product(parts_out=[part(file, DOWNLOAD)])
    document = hub.document(draft, url="https://roastery.example/terms")
    release: Wire = hub.publish(draft).expect(200)
    knows(stage, product=release["data_product"]["id"], release=release["id"], asset=file)
    knows(stage, terms=release["contract_terms"][0]["id"], document=document["id"])
    plays(stage, RELEASED)


def ordered(stage: Stage, hub: Hub, lifecycle: Manner) -> None:
    order = stage.play("dpx/create_asset_list", 201, lifecycle)
    items = hub.api.get(f"{LISTS}/{order['id']}/items").expect(200)["items"]
    knows(stage, order=order["id"], item=items[0]["id"])
    plays(stage, ORDERED)
    page = page_asset(hub)
    waiting = placed(stage, hub, hub.release(parts_out=[part(page, EXTERNAL)]), page, EXTERNAL)
    knows(stage, **waiting)
    given = {"order": waiting["order"], "undo": False}
    deliver_prepare.handler(given)
    deliver_item.handler(given | {"item": waiting["item"]})
    stage.play("dpx/update_subscription_item", 200)
    knows(stage, order=order["id"], item=items[0]["id"])
    stage.play("dpx/update_asset_list", 409)


def placed(stage: Stage, hub: Hub, release: Wire, asset: str, method: str, **given: Any) -> dict[str, str]:
    """An order that nobody delivers yet."""
    with stage.nobody_runs():
        order = hub.api.post(LISTS, order_of(release, (asset, method), **given)).expect(201)
    (item,) = hub.api.get(f"{LISTS}/{order['id']}/items").expect(200)["items"]
    return {"order": order["id"], "item": item["id"]}


def table_asset(hub: Hub) -> str:
    """An asset that is a table of the data catalog."""
    return asset(hub, attachments=[{"asset_type": "data_asset", "object_key": "glue://sales/orders"}])


def steps_of_delivery(stage: Stage, hub: Hub) -> None:
    """Each way of a delivery, to its end and back."""
    rests = Manner(rests=True, renews=True)
    s3 = clients.client("s3")
    with suppress(s3.exceptions.BucketAlreadyOwnedByYou):  # the emulator's, when the story was told before
        s3.create_bucket(Bucket="bucket-of-theirs", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    ways = {
        "deliver_item": (file_asset(hub), DOWNLOAD, {}),
        "deliver_copy": (file_asset(hub), COPY_TO_BUCKET, {"bucket": "bucket-of-theirs"}),
        "deliver_grant": (table_asset(hub), LAKE_GRANT, {"principal": "arn:aws:iam::123456789012:role/analysts"}),
    }
    for step, (one, method, wanted) in ways.items():
        given = placed(stage, hub, hub.release(parts_out=[part(one, method)]), one, method, **wanted)
        for name in ("deliver_prepare", step, "deliver_finish"):
            stage.react(f"steps/{name}", given, rests)
        with stage.nobody_runs():
            change = {"op": "replace", "path": "/state", "value": "revoked"}
            hub.api.patch(f"{LISTS}/{given['order']}", change).expect(200)
        stage.react("steps/deliver_undo", given, rests)
    page = page_asset(hub)
    given = placed(stage, hub, hub.release(parts_out=[part(page, OPEN_URL)]), page, OPEN_URL)
    deliver_prepare.handler(given)
    stage.react("steps/deliver_fail", stage.recorded("steps/deliver_fail") | given)


def steps_of_set_up(stage: Stage, hub: Hub) -> None:
    for ending in ("initialize_finish", "initialize_give_up"):
        with stage.nobody_runs() as started:
            hub.api.post(f"{BASE}/configuration/initialize", {"include": ["delivery_methods"]}).expect(202)
        (given,) = started
        for option in given["options"]:
            install = {"attempt": given["attempt"], "option": option}
            stage.react("steps/initialize_install", install, Manner(rests=True, renews=True))
        stage.react(f"steps/{ending}", stage.recorded(f"steps/{ending}") | {"attempt": given["attempt"]})
