"""`souk export`, `plan` and `apply` through further doors: from one Souk into an empty one."""

from __future__ import annotations

import filecmp
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from tests.local.test_catalogue_command import files, souk_command
from tests.running import Running, eventually, start_souk

NOTHING = "0 to create, 0 to update, 0 to decide, 0 to delete\n"
BASE = "/data_product_exchange/v1"
PRODUCTS = f"{BASE}/data_products"
LINK = {"type": "terms_and_conditions", "name": "Terms", "url": "https://example.com/terms"}
doors = pytest.mark.parametrize("door", ["dpx", "immuta", "nav"])


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = start_souk(tmp_path_factory.mktemp("empty") / "state", SOUK_SAMPLES="false")
    yield running
    running.stop()


def done(answer: httpx.Response) -> httpx.Response:
    assert answer.status_code < 300, answer.text
    return answer


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A Souk with what the doors carry."""
    running = start_souk(tmp_path_factory.mktemp("filled") / "state", SOUK_SAMPLES="false")
    with running.client(authorization=f"Bearer {running.env['SOUK_API_KEY']}") as client:
        terms = done(client.post("/api/data-use-agreement", json={"name": "Rules", "body": "No names."})).json()
        fields = [{"type": "SHORT_ANSWER", "label": "What for?"}]
        form = {"name": "Tasters' form", "fields": fields, "dataUseAgreements": [{"id": terms["id"]}]}
        made = done(client.post("/api/request-form", json=form)).json()
        sources = [{"sourceId": source} for source in running.env["SOUK_SOURCE_IDS"].split(",")[:2]]
        product = {"name": "Cups", "description": "d", "domains": [running.env["SOUK_DOMAIN_ID"]], "metadata": None}
        done(client.post("/api/data-product", json=product | {"requestFormId": made["id"], "dataSources": sources}))
        store = [{"type": "bucket", "project_id": "p", "bucket_id": "b"}]
        stock = {"name": "Stock", "description": "s", "team": "roasting", "datastore": store}
        id = done(client.post("/api/v1/dataproducts", json=stock)).text
        for who in ({"expires": "2099-12-31T23:00:00Z", "subject": "ada.moen@nav.no"}, {"subject": "bo.dahl@nav.no"}):
            done(client.post(f"/api/v1/access/{id}", json={"type": "user", **who}))
        fill_releases(client)
    yield running
    running.stop()


def fill_releases(client: httpx.Client) -> None:
    """A tree of domains, a template, and a release with a part, a link and an attachment."""
    place = done(client.post(f"{BASE}/configuration/initialize", json={"include": ["delivery_methods"]})).json()
    container = {"id": place["container"]["id"], "type": "catalog"}
    eventually(lambda: client.get(f"{BASE}/configuration/initialize/status").json()["status"] == "succeeded")
    tree = {"name": "Brewing", "sub_domains": [{"name": "Cold"}, {"name": "Hot", "description": "Steam"}]}
    roles = {"member_roles": {"user_iam_id": "ada", "roles": ["admin"]}}
    domain = done(client.post(f"{BASE}/domains", json=tree | roles | {"container": container})).json()
    below = f"{BASE}/domains/{domain['sub_domains'][0]['id']}/subdomains?container.id={container['id']}"
    done(client.post(below, json={"name": "Nitro"}))
    terms: dict[str, Any] = {
        "roles": [{"role": "barista"}],
        "overview": {"version": "1", "domain": {"id": domain["id"]}},
    }
    template = {"container": container, "name": "Rules", "contract_terms": terms}
    done(client.post(f"{BASE}/contract_templates", json=template))
    source = {"metadata": {"name": "batches", "asset_type": "ibm_url_definition", "rov": {"mode": 0}}}
    source |= {"entity": {"ibm_url_definition": {"url": "https://example.com/batches"}}}
    asset = done(client.post(f"/v2/assets?catalog_id={container['id']}", json=source)).json()["asset_id"]
    part = {"asset": {"id": asset, "name": "batches", "container": container}, "delivery_methods": []}
    draft: dict[str, Any] = {
        "name": "Brews",
        "version": "2.1.0",
        "domain": {"id": domain["id"], "name": "Brewing"},
        "tags": ["hot"],
    }
    draft |= {"parts_out": [part], "contract_terms": [terms | {"documents": [LINK]}], "comments": "Kept"}
    made = done(client.post(PRODUCTS, json={"drafts": [draft | {"asset": {"container": container}}]})).json()
    path = f"{PRODUCTS}/-/drafts/{made['drafts'][0]['id']}"
    documents = f"{path}/contract_terms/{made['drafts'][0]['contract_terms'][0]['id']}/documents"
    upload = done(client.post(documents, json={"type": "sla", "name": "Promise"})).json()
    done(httpx.put(upload["upload_url"], content=b"Be kind.", trust_env=False))
    done(client.post(f"{documents}/{upload['id']}/complete"))
    done(client.post(f"{path}/publish"))


@doors
def test_what_a_door_holds_goes_into_an_empty_souk(door: str, filled: Running, empty: Running, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    out = souk_command(filled.state, "export", "--door", door, str(first))
    assert (out.returncode, out.stderr) == (0, "")
    planned = souk_command(empty.state, "plan", "--door", door, "--prune", str(first)).stdout
    assert "+ create" in planned
    applied = souk_command(empty.state, "apply", "--door", door, "--prune", str(first))
    assert applied.stderr == ""
    souk_command(empty.state, "export", "--door", door, str(second))
    assert files(second) == files(first)
    assert filecmp.cmpfiles(first, second, map(str, files(first)), shallow=False)[1:] == ([], [])
    assert souk_command(empty.state, "plan", "--door", door, "--prune", str(first)).stdout == NOTHING


def test_grants_that_the_folder_lacks_are_taken_back(filled: Running, tmp_path: Path) -> None:
    souk_command(filled.state, "export", "--door", "nav", str(tmp_path))
    path = tmp_path / "nav/dataproducts/Stock.yaml"
    path.write_text(path.read_text().replace("bo.dahl", "eli.haugen").replace("description: s", "description: t"))
    assert "~ update dataproducts/Stock" in souk_command(filled.state, "plan", "--door", "nav", str(tmp_path)).stdout
    assert souk_command(filled.state, "apply", "--door", "nav", str(tmp_path)).returncode == 0
    text = path.read_text()
    souk_command(filled.state, "export", "--door", "nav", str(tmp_path))
    assert path.read_text() == text
    assert "eli.haugen" in text


def releases(running: Running, **query: str) -> list[dict[str, Any]]:
    with running.client(authorization=f"Bearer {running.env['SOUK_API_KEY']}") as client:
        found = done(client.get(f"{PRODUCTS}/-/releases", params=query)).json()["releases"]
    return [one for one in found if one["name"] == "Brews"]


def test_a_release_is_changed_succeeded_and_retired(filled: Running, tmp_path: Path) -> None:
    souk_command(filled.state, "export", "--door", "dpx", str(tmp_path))
    path = tmp_path / "dpx/data_products/Brews.yaml"
    path.write_text(path.read_text().replace("- hot", "- iced").replace("role: barista", "role: brewer"))
    assert "~ update data_products/Brews" in souk_command(filled.state, "plan", "--door", "dpx", str(tmp_path)).stdout
    applied = souk_command(filled.state, "apply", "--door", "dpx", str(tmp_path))
    assert (applied.returncode, applied.stderr) == (0, "")
    assert [(one["version"], one["tags"]) for one in releases(filled)] == [("2.1.0", ["iced"])]
    text = path.read_text()
    path.write_text(text.replace("Promise", "Vow"))
    refused = souk_command(filled.state, "apply", "--door", "dpx", str(tmp_path))
    assert (refused.returncode, "another version" in refused.stderr) == (2, True)
    path.write_text(text.replace("Promise", "Vow").replace("2.1.0", "2.2.0"))
    assert souk_command(filled.state, "apply", "--door", "dpx", str(tmp_path)).returncode == 0
    assert {one["version"] for one in releases(filled, state="available")} == {"2.1.0", "2.2.0"}
    assert souk_command(filled.state, "plan", "--door", "dpx", "--prune", str(tmp_path)).stdout == NOTHING
    path.unlink()
    planned = souk_command(filled.state, "plan", "--door", "dpx", "--prune", str(tmp_path)).stdout
    assert planned == "- delete data_products/Brews\n0 to create, 0 to update, 0 to decide, 1 to delete\n"
    assert souk_command(filled.state, "apply", "--door", "dpx", "--prune", str(tmp_path)).returncode == 0
    assert {one["state"] for one in releases(filled)} == {"retired"}


def test_trees_of_domains_and_templates_are_brought_in_line(filled: Running, tmp_path: Path) -> None:
    souk_command(filled.state, "export", "--door", "dpx", str(tmp_path))
    domain, template = tmp_path / "dpx/domains/Brewing.yaml", tmp_path / "dpx/contract_templates/Rules.yaml"
    tree = yaml.safe_load(domain.read_text())
    names = {one["name"]: one for one in tree["sub_domains"]}
    tree["sub_domains"] = [names["Hot"] | {"description": "Boiling"}, {"name": "Drip", "description": "Slow"}]
    domain.write_text(yaml.safe_dump(tree | {"description": "All that is drunk"}))
    template.write_text(template.read_text().replace("barista", "brewer"))
    applied = souk_command(filled.state, "apply", "--door", "dpx", str(tmp_path))
    assert (applied.returncode, applied.stderr) == (0, "")
    souk_command(filled.state, "export", "--door", "dpx", str(tmp_path))
    found = yaml.safe_load(domain.read_text())
    below = sorted((one["name"], one.get("description")) for one in found["sub_domains"])
    assert (found["description"], below) == ("All that is drunk", [("Drip", "Slow"), ("Hot", "Boiling")])
    assert "brewer" in template.read_text()
    (tmp_path / "dpx/contract_templates/Rules.yaml").unlink()
    pruned = souk_command(filled.state, "apply", "--door", "dpx", "--prune", str(tmp_path))
    assert (pruned.returncode, "- delete contract_templates/Rules" in pruned.stdout) == (0, True)


def test_what_is_written_by_hand_says_no_more_than_it_must(filled: Running, tmp_path: Path) -> None:
    souk_command(filled.state, "export", "--door", "dpx", str(tmp_path))
    domain = yaml.safe_load((tmp_path / "dpx/domains/Brewing.yaml").read_text())["id"]
    path = tmp_path / "dpx/data_products/Drips.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"name: Drips\nversion: 1.0.0\ndomain: {{id: {domain}, name: Brewing}}\n")
    command = ("--door", "dpx", str(tmp_path))
    assert souk_command(filled.state, "apply", *command).returncode == 0
    assert souk_command(filled.state, "plan", *command).stdout == NOTHING
    path.write_text(path.read_text() + "is_restricted: true\n")
    assert souk_command(filled.state, "apply", *command).returncode == 0
    assert souk_command(filled.state, "plan", *command).stdout == NOTHING
    path.write_text(path.read_text().replace("is_restricted: true\n", ""))
    assert souk_command(filled.state, "apply", *command).returncode == 0
    assert souk_command(filled.state, "plan", *command).stdout == NOTHING


def test_a_product_of_another_door_is_not_made_again(filled: Running, tmp_path: Path) -> None:
    path = tmp_path / "dpx/data_products/Stock.yaml"
    path.parent.mkdir(parents=True)
    path.write_text("name: Stock\nversion: 1.0.0\n")
    applied = souk_command(filled.state, "apply", "--door", "dpx", str(tmp_path))
    assert (applied.returncode, "made through another door" in applied.stderr) == (2, True)


def test_a_draft_that_cannot_be_published_does_not_stay(filled: Running, tmp_path: Path) -> None:
    path = tmp_path / "dpx/data_products/Loose.yaml"
    path.parent.mkdir(parents=True)
    path.write_text("name: Loose\nversion: 1.0.0\n")
    applied = souk_command(filled.state, "apply", "--door", "dpx", str(tmp_path))
    assert (applied.returncode, "domain" in applied.stderr) == (2, True)
    with filled.client(authorization=f"Bearer {filled.env['SOUK_API_KEY']}") as client:
        assert client.get(f"{PRODUCTS}/-/drafts").json()["drafts"] == []


def test_a_door_that_carries_nothing_is_refused(empty: Running, tmp_path: Path) -> None:
    out = souk_command(empty.state, "export", "--door", "side", str(tmp_path))
    assert (out.returncode, "'side'" in out.stderr) == (2, True)
