"""Who may write with a person's token: makers, owner teams, domain managers, governance (docs/permissions.md)."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from souk.store.port import Store
from tests.dpx.driver import BASE, Api
from tests.dpx.elsewhere import document
from tests.dpx.hub import CATALOG, DOMAIN, DOWNLOAD, OPEN_URL, PRODUCTS, Hub, documents, drafts, part, releases
from tests.dpx.machines import Machines
from tests.identity import mint
from tests.nndm.driver import Api as NndmApi

Person = Callable[..., Api]
RENAME = {"op": "replace", "path": "/name", "value": "Mine now"}


@pytest.fixture
def person(api: Api, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Person:
    """A client with a token that holds these claims."""
    published = tmp_path / "jwks.json"
    published.write_text(json.dumps({"keys": [mint.jwk(mint.rsa_key(), "rsa-1")]}))
    monkeypatch.setenv("SOUK_ISSUER", mint.ISSUER)
    monkeypatch.setenv("SOUK_AUDIENCE", mint.AUDIENCE)
    monkeypatch.setenv("SOUK_JWKS_URL", published.as_uri())
    return lambda **claims: Api(
        store, mint.token(**({"sub": None, "preferred_username": "stranger@example.com"} | claims))
    )


def test_whoever_makes_a_product_may_change_it_and_a_stranger_may_read(person: Person) -> None:
    maker, stranger = person(preferred_username="maker@example.com"), person()
    draft = Hub(maker).product()
    assert draft["created_by"] == "maker@example.com"
    link = {"type": "sla", "name": "x", "url": "https://example.com"}
    document = Hub(maker).document(draft, **link)
    stranger.get(drafts(draft)).expect(200)
    for refused in (
        stranger.patch(drafts(draft), RENAME),
        stranger.delete(drafts(draft)),
        stranger.post(f"{drafts(draft)}/publish"),
        stranger.post(f"{drafts(draft)}/publish?async=true"),
        stranger.post(f"{PRODUCTS}/{draft['data_product']['id']}/drafts", {"container": CATALOG}),
        stranger.post(documents(draft), link),
        stranger.patch(documents(draft, document), RENAME),
        stranger.delete(documents(draft, document)),
    ):
        refused.refused(403, "not_authorized")
    assert maker.get(drafts(draft)).expect(200)["name"] == "Batches"
    release = Hub(maker).publish(draft).expect(200)
    stranger.patch(releases(release), RENAME).refused(403, "not_authorized")
    stranger.post(f"{releases(release)}/retire?revoke_access=true").refused(403, "not_authorized")
    maker.patch(releases(release), RENAME).expect(200)
    maker.post(f"{releases(release)}/retire").expect(200)


@pytest.mark.parametrize(
    "claims", [{"souk_domains": [DOMAIN["id"]]}, {"roles": ["governance"]}, {"groups": ["owners"]}]
)
def test_managers_governance_and_the_owner_team_may(person: Person, nndm: NndmApi, claims: dict[str, object]) -> None:
    product = "7a6f0e55-5b8c-4a0e-9a59-8a2a38f7d6a1"
    nndm.made("dataproducts", document(product, domain=DOMAIN["id"]))
    place = f"{PRODUCTS}/{product}/releases/{product}@{CATALOG['id']}"
    person().patch(place, RENAME).refused(403, "not_authorized")
    person(**claims).patch(place, RENAME).expect(200)
    assert nndm.shown("dataproducts", product)["info"]["title"] == "Mine now"


def test_setting_up_takes_more_than_an_ordinary_person(person: Person) -> None:
    for place in (f"{BASE}/configuration/initialize", f"{BASE}/configuration/rotate_credentials"):
        person().post(place).refused(403, "not_authorized")
        assert person(souk_domains=[DOMAIN["id"]]).post(place).status in {202, 204}


def test_a_token_that_is_over_is_refused(person: Person) -> None:
    person(exp=1).get(PRODUCTS).refused(401, "not_authenticated")


def test_a_card_under_the_id_of_a_draft_gives_no_right_to_the_draft(person: Person, nndm: NndmApi) -> None:
    maker, squatter = person(preferred_username="maker@example.com"), person(groups=["owners"])
    draft = Hub(maker).product()
    product = draft["data_product"]["id"]
    nndm.made("dataproducts", document(product))
    squatter.patch(drafts(draft), RENAME).refused(403, "not_authorized")
    squatter.post(f"{drafts(draft)}/publish").refused(403, "not_authorized")
    maker.patch(drafts(draft), RENAME).expect(200)


def test_a_draft_gives_no_right_to_a_card_under_its_id(person: Person, nndm: NndmApi) -> None:
    maker, both = person(preferred_username="maker@example.com"), person(roles=["governance"])
    draft = Hub(maker).product()
    product = draft["data_product"]["id"]
    nndm.made("dataproducts", document(product))
    maker.post(f"{drafts(draft)}/publish").refused(403, "not_authorized")
    maker.post(f"{PRODUCTS}/{product}/drafts", {"container": CATALOG}).refused(403, "not_authorized")
    shown = f"{PRODUCTS}/{product}/releases/{product}@{CATALOG['id']}"
    maker.patch(shown, RENAME).refused(403, "not_authorized")
    maker.post(f"{shown}/retire").refused(403, "not_authorized")
    assert nndm.shown("dataproducts", product)["info"]["title"] == "Stock"
    Hub(both).publish(draft).expect(200)
    assert nndm.shown("dataproducts", product)["info"]["title"] == "Batches"
    versions = both.get(f"{PRODUCTS}/{product}/releases").expect(200)["releases"]
    assert sorted(version["name"] for version in versions) == ["Batches", "Stock"]


def test_a_card_that_comes_in_between_stops_a_publish(api: Api, machines: Machines, nndm: NndmApi) -> None:
    hub = Hub(api)
    draft = hub.product()
    product = draft["data_product"]["id"]
    machines.before["publish_commit"] = partial(nndm.put, "dataproducts", document(product))
    (message,) = hub.publish(draft).refused(400)
    assert "another door" in message
    machines.before.clear()
    hub.publish(draft).expect(200)


def test_nobody_offers_files_that_are_anothers(person: Person, api: Api) -> None:
    """A product of one's own would else open the files of every other product to its maker."""
    kept = {"metadata": {"name": "stock", "asset_type": "data_asset", "rov": {"mode": 0}}, "entity": {"data_asset": {}}}
    kept["attachments"] = [{"object_key": "data/stock.csv"}]
    place = f"/v2/assets?catalog_id={CATALOG['id']}"
    stranger, governor = person(), person(roles=["governance"])
    stranger.post(place, kept).refused(403, "not_authorized")
    asset = api.post(place, kept).expect(201)["asset_id"]
    parts = [part(asset, DOWNLOAD)]
    draft = Hub(stranger).product(parts_out=parts)
    stranger.post(f"{drafts(draft)}/publish").refused(403, "not_authorized")
    release = Hub(stranger).publish(Hub(stranger).product()).expect(200)
    stranger.patch(releases(release), {"op": "add", "path": "/parts_out", "value": parts}).refused(
        403, "not_authorized"
    )
    Hub(governor).publish(draft).expect(200)


def test_a_page_is_offered_by_anybody(person: Person) -> None:
    page = {"metadata": {"name": "page", "asset_type": "ibm_url_definition", "rov": {"mode": 0}}}
    page["entity"] = {"ibm_url_definition": {"url": "https://example.com/page"}}
    stranger = person()
    asset = stranger.post(f"/v2/assets?catalog_id={CATALOG['id']}", page).expect(201)["asset_id"]
    draft = Hub(stranger).product(parts_out=[part(asset, OPEN_URL)])
    Hub(stranger).publish(draft).expect(200)
