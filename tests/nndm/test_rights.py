"""Who may write through the door with a person's token (docs/permissions.md)."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from souk.store.port import Store
from tests.identity import mint
from tests.nndm.driver import Api
from tests.nndm.samples import asset, contract, cost, definition, port, product, run_of, source_system, team

Person = Callable[..., Api]
OWNED = [
    ("dataproducts", product("x")),
    ("datacontracts", contract("x")),
    ("sourcesystems", source_system("x")),
    ("definitions", definition("x")),
    ("assets", asset("x", info={"owner": "owners"})),
]


@pytest.fixture
def person(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Person:
    """A client with a token that holds these claims."""
    keys = tmp_path / "jwks.json"
    keys.write_text(json.dumps({"keys": [mint.jwk(mint.rsa_key(), "rsa-1")]}))
    monkeypatch.setenv("SOUK_ISSUER", mint.ISSUER)
    monkeypatch.setenv("SOUK_AUDIENCE", mint.AUDIENCE)
    monkeypatch.setenv("SOUK_JWKS_URL", keys.as_uri())
    return lambda **claims: Api(store, mint.token(**claims))


@pytest.mark.parametrize(("kind", "document"), OWNED)
def test_members_of_the_owning_team_write_and_others_do_not(
    api: Api, person: Person, kind: str, document: dict[str, Any]
) -> None:
    api.made("teams", team("others"))
    owner, stranger = person(groups=["owners"]), person(groups=["others"], sub=None, email="s@example.com")
    assert stranger.put(kind, document).status == 403
    assert api.get(kind, "x").status == 404
    owner.made(kind, document)
    changed = document | {"tags": ["stolen"]}
    refused = stranger.put(kind, changed)
    assert refused.status == 403
    assert "only members of team 'owners' may do this" in refused.detail.lower()
    assert stranger.delete(kind, "x").status == 403
    assert stranger.shown(kind, "x") == document
    owner.made(kind, changed)
    owner.removed(kind, "x")


@pytest.mark.parametrize(("kind", "document"), OWNED)
def test_nobody_takes_a_record_by_naming_their_own_team(
    api: Api, person: Person, kind: str, document: dict[str, Any]
) -> None:
    api.made("teams", team("others"))
    api.made(kind, document)
    info = {"title": "t", "version": "1", "owner": "others"}
    taken = document | ({"info": info} if "info" in document else {"owner": "others"})
    assert person(groups=["others"]).put(kind, taken).status == 403
    assert api.shown(kind, "x") == document
    person(groups=["owners"]).made(kind, taken)
    assert person(groups=["owners"]).put(kind, document).status == 403


def test_membership_by_the_team_record_counts(api: Api, person: Person) -> None:
    member = person(preferred_username="Ada@Company.example")
    assert member.put("dataproducts", product("p")).status == 403
    api.made("teams", team("owners", members=[{"emailAddress": "ada@COMPANY.example"}]))
    member.made("dataproducts", product("p"))


def test_only_administrators_change_teams(api: Api, person: Person) -> None:
    assert person(groups=["owners"]).put("teams", team("owners", name="x")).status == 403
    assert person(groups=["owners"]).delete("teams", "owners").status == 403
    assert person(roles=["user_admin"]).put("teams", team("new")).status == 200
    assert person(roles=["governance"]).delete("teams", "new").status == 200


def test_governance_writes_everything_and_what_has_no_owner_is_theirs(api: Api, person: Person) -> None:
    governor, member = person(roles=["governance"]), person(groups=["owners"])
    orphan = contract("o", info={"title": "t", "version": "1"})
    assert member.put("datacontracts", orphan).status == 403
    governor.made("datacontracts", orphan)
    assert member.delete("datacontracts", "o").status == 403
    governor.made("dataproducts", product("p"))


def test_managers_of_a_domain_write_its_products_but_not_definitions_that_name_it(api: Api, person: Person) -> None:
    manager = person(souk_domains=["sales"])
    document = product("p")
    document["info"]["domain"] = "sales"
    manager.made("dataproducts", document)
    manager.removed("dataproducts", "p")
    assert manager.put("dataproducts", product("q")).status == 403
    assert manager.put("definitions", definition("d", domain="sales")).status == 403


def test_costs_and_test_results_are_the_owners_to_send(api: Api, person: Person) -> None:
    api.made("dataproducts", product("orders", port("o")))
    api.made("datacontracts", contract("orders-v1", "production"))
    owner, stranger = person(groups=["owners"]), person(groups=["others"])
    assert stranger.call("POST", "/api/costs", cost()).status == 403
    made = owner.call("POST", "/api/costs", cost())
    assert made.status == 200
    assert stranger.delete("costs", made.json()["id"]).status == 403
    assert owner.delete("costs", made.json()["id"]).status == 200
    assert stranger.call("POST", "/api/test-results", run_of()).status == 403
    assert owner.call("POST", "/api/test-results", run_of()).status == 200


def test_everybody_reads_and_unknown_ids_stay_404(api: Api, person: Person) -> None:
    reader = person()
    assert [reader.call("GET", f"/api/{kind}").status for kind, _ in OWNED] == [200] * 5
    assert reader.call("GET", "/api/events").status == 200
    assert [reader.delete(kind, "nobody").status for kind, _ in OWNED] == [404] * 5
    assert reader.delete("costs", "nobody").status == 404
