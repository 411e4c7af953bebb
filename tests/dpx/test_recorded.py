"""The recorded invocations play, as a story on what the first of them makes: ids in recordings are the server's."""

from __future__ import annotations

import importlib
import json
from typing import Any

import pytest

from souk.identity import keys
from souk.store.port import Store
from souk.work import run
from tests.dpx.driver import Wire
from tests.dpx.hub import DOWNLOAD, Hub, part
from tests.dpx.machines import Machines
from tests.dpx.ordering import Shop, file_asset
from tests.dpx.recorded import RECORDED
from tests.repository.tree import ROOT, resources

SETUP = {
    "initialize": 202,
    "get_initialize_status": 200,
    "manage_api_keys": 204,
    "get_service_id_credentials": 200,
    "create_s3_bucket": 201,
    "get_s3_bucket_validation": 200,
    "create_data_asset_visualization": 201,
    "reinitiate_data_asset_visualization": 200,
    "get_catalog": 200,
    "search_assets": 200,
    "create_asset": 201,
    "get_asset": 200,
    "search_catalog": 200,
    "unknown_path": 404,
}
DRAFT = {
    "list_data_products": 200,
    "get_data_product": 200,
    "create_data_product_draft": 201,
    "list_data_product_drafts": 200,
    "get_data_product_draft": 200,
    "update_data_product_draft": 200,
    "create_draft_contract_terms_document": 201,
    "get_draft_contract_terms_document": 200,
    "update_draft_contract_terms_document": 200,
    "complete_draft_contract_terms_document": 400,  # the document is a link
    "get_data_product_draft_contract_terms": 200,
    "replace_data_product_draft_contract_terms": 200,
    "update_data_product_draft_contract_terms": 200,
    "get_contract_terms_in_specified_format": 200,
    "publish_data_product_draft": 200,
}
RELEASE = {
    "list_data_product_releases": 200,
    "get_data_product_release": 200,
    "get_release_contract_terms_document": 200,
    "get_published_data_product_draft_contract_terms": 200,
    "update_data_product_release": 200,
    "list_asset_lists": 200,
    "get_asset_list": 200,
    "list_asset_list_items": 200,
    "update_subscription_item": 409,  # the item is delivered by Souk itself
    "update_asset_list": 409,  # what is delivered is not canceled any more
    "create_revoke_access_process": 202,
    "get_revoke_access_process_state": 200,
    "retire_data_product_release": 200,
}
DOMAINS = {
    "list_data_product_domains": 200,
    "create_data_product_subdomain": 201,
    "get_domain": 200,
    "update_data_product_domain": 200,
    "get_data_product_by_domain": 200,
    "delete_domain": 204,
}
TEMPLATES = {
    "list_data_product_contract_template": 200,
    "get_contract_template": 200,
    "update_data_product_contract_template": 200,
    "delete_data_product_contract_template": 204,
}


class Player:
    """Plays recordings with the ids that were made."""

    def __init__(self, store: Store) -> None:
        self.made = {"$SOUK_API_KEY": run(store, lambda work: keys.create(work, "recorded")).secret}

    def knows(self, **ids: str) -> None:
        self.made |= {RECORDED[name]: id.partition("@")[0] for name, id in ids.items()}

    def play(self, name: str) -> tuple[int, Any]:
        text = (ROOT / f"events/dpx/{name}.json").read_text()
        for recorded, made in self.made.items():
            text = text.replace(recorded, made)
        answer = importlib.import_module(f"dpx.operations.{name}").handler(json.loads(text), None)
        kind = answer["headers"].get("content-type", "application/json")
        return answer["statusCode"], json.loads(answer["body"] or "null") if kind == "application/json" else answer[
            "body"
        ]

    def made_by(self, name: str) -> Wire:
        status, body = self.play(name)
        assert status == 201, body
        made: Wire = body
        return made

    def statuses(self, story: dict[str, int]) -> dict[str, int]:
        return {name: self.play(name)[0] for name in story}


@pytest.fixture
def player(store: Store, machines: Machines, bucket: str) -> Player:
    return Player(store)


def test_the_catalogue_is_set_up(player: Player) -> None:
    player.knows(asset=player.made_by("create_asset")["asset_id"])
    assert player.statuses(SETUP) == SETUP


def test_a_draft_becomes_a_release(player: Player) -> None:
    player.knows(asset=player.made_by("create_asset")["asset_id"])
    draft = player.made_by("create_data_product")["drafts"][0]
    terms = draft["contract_terms"][0]["id"]
    player.knows(product=draft["data_product"]["id"], draft=draft["id"], terms=terms)
    player.knows(document=player.made_by("create_draft_contract_terms_document")["id"])
    assert player.statuses(DRAFT) == DRAFT


def test_documents_and_drafts_go(player: Player) -> None:
    draft = player.made_by("create_data_product")["drafts"][0]
    player.knows(product=draft["data_product"]["id"], draft=draft["id"], terms=draft["contract_terms"][0]["id"])
    player.knows(document=player.made_by("create_draft_contract_terms_document")["id"])
    for name in ("delete_draft_contract_terms_document", "delete_data_product_draft"):
        assert player.play(name)[0] == 204


def test_a_release_is_ordered(player: Player, hub: Hub, store: Store, machines: Machines) -> None:
    asset = file_asset(hub)
    draft = hub.product(parts_out=[part(asset, DOWNLOAD)])
    document = hub.document(draft, url="https://roastery.example/terms")
    release = hub.publish(draft).expect(200)
    player.knows(product=release["data_product"]["id"], release=release["id"], asset=asset)
    player.knows(terms=release["contract_terms"][0]["id"], document=document["id"])
    order = player.made_by("create_asset_list")
    machines.finish()
    player.knows(order=order["id"], item=Shop(hub, store, machines).items(order)[0]["id"])
    assert player.statuses(RELEASE) == RELEASE


def test_domains_are_tended(player: Player) -> None:
    player.knows(domain=player.made_by("create_data_product_domain")["id"])
    assert player.statuses(DOMAINS) == DOMAINS


def test_contract_templates_are_tended(player: Player) -> None:
    player.knows(template=player.made_by("create_contract_template")["id"])
    assert player.statuses(TEMPLATES) == TEMPLATES


def test_every_recorded_invocation_is_played() -> None:
    played = {*SETUP, *DRAFT, *RELEASE, *DOMAINS, *TEMPLATES, "create_data_product", "create_asset_list"}
    played |= {"create_data_product_domain", "create_contract_template"}
    played |= {"delete_draft_contract_terms_document", "delete_data_product_draft"}
    assert {path.stem for path in (ROOT / "events/dpx").glob("*.json")} == played


def test_every_step_has_a_recorded_invocation() -> None:
    steps = resources(ROOT / "statemachines/template.yaml", "AWS::Serverless::Function").values()
    handlers = {step["Handler"].split(".")[1] for step in steps}
    assert {path.stem for path in (ROOT / "events/steps").glob("*.json")} == handlers
