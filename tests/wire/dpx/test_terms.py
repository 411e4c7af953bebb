"""Contract terms as a whole: read, replaced, patched, exported (contract section 6)."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tests.wire.dpx.agreed import BROKEN, EXPORT, FULL, LINK, OVERVIEW, YAML, at, contract, exported, put
from tests.wire.dpx.hub import PATCH, Hub, place, refused, some_id, terms
from tests.wire.raw import Doc


def test_new_terms_are_empty(hub: Hub) -> None:
    draft = hub.draft()
    shown = hub.get(at(draft))
    assert shown == draft["contract_terms"][0]
    assert (shown["documents"], shown["asset"]["container"]) == ([], hub.container)


def test_terms_come_back_as_they_were_put(hub: Hub) -> None:
    draft = hub.draft()
    shown = put(hub, draft, FULL | {"unknown": {"kept": True}})
    assert {name: shown[name] for name in FULL} == FULL
    assert shown["unknown"] == {"kept": True}
    assert hub.get(at(draft)) == shown
    assert hub.get(place(draft))["contract_terms"] == [shown]


@pytest.mark.parametrize("field", sorted(FULL))
def test_each_field_stands_by_itself(hub: Hub, field: str) -> None:
    draft = hub.draft()
    put(hub, draft, FULL)
    shown = put(hub, draft, {field: FULL[field]})
    assert shown.keys() == {"id", "asset", "documents", field}
    assert shown[field] == FULL[field]


def test_what_is_not_put_is_gone_but_documents_and_ids_stay(hub: Hub) -> None:
    draft = hub.draft()
    document = hub.post(terms(draft), LINK, 201)
    put(hub, draft, FULL)
    shown = put(hub, draft, {"id": some_id(), "asset": {"id": some_id()}, "overview": None})
    assert shown == {**draft["contract_terms"][0], "documents": [document]}


def test_documents_are_replaced_when_they_are_put(hub: Hub) -> None:
    draft, chosen = hub.draft(), some_id()
    kept = hub.post(terms(draft), LINK, 201)
    hub.post(terms(draft), LINK | {"name": "Passing"}, 201)
    changed = kept | {"name": "Better", "url": "https://example.com/better"}
    shown = put(hub, draft, {"documents": [LINK | {"id": chosen, "name": "New"}, changed]})
    assert shown["documents"] == [LINK | {"id": chosen, "name": "New"}, changed]
    assert hub.get(f"{terms(draft)}/{kept['id']}")["url"] == "https://example.com/better"
    assert put(hub, draft, {"documents": []})["documents"] == []


def test_an_attachment_survives_a_replacement_by_its_id(hub: Hub) -> None:
    draft = hub.draft()
    made = hub.post(terms(draft), {"type": "sla", "name": "Upload"}, 201)
    shown = put(hub, draft, {"documents": hub.get(at(draft))["documents"]})
    assert shown["documents"] == [{"id": made["id"], "type": "sla", "name": "Upload", "attachment": made["attachment"]}]
    refused(hub.call("PUT", at(draft), {"documents": [{**LINK, "id": made["id"]}]}), 400)
    refused(hub.call("PUT", at(draft), {"documents": [{"type": "sla", "name": "Upload"}]}), 400)
    twice = [LINK | {"id": made["id"]}, LINK | {"id": some_id()}]
    refused(hub.call("PUT", at(draft), {"documents": [*twice, twice[1]]}), 400, 409)


def test_a_document_stays_while_another_names_it_as_its_attachment(hub: Hub) -> None:
    draft = hub.draft()
    kept = hub.post(terms(draft), LINK, 201)
    hub.post(terms(draft), LINK | {"name": "Passing"}, 201)
    other = LINK | {"id": some_id(), "name": "Other"}
    shown = put(hub, draft, {"documents": [other | {"attachment": {"id": kept["id"]}}]})
    assert shown["documents"] == [kept, other]
    assert hub.get(f"{terms(draft)}/{kept['id']}") == kept
    assert put(hub, draft, {"documents": [other | {"attachment": {"id": some_id()}}]})["documents"] == [other]
    refused(hub.call("PUT", at(draft), {"documents": [other | {"attachment": kept["id"]}]}), 400)


def test_a_document_stands_once(hub: Hub) -> None:
    draft, twice = hub.draft(), LINK | {"id": some_id()}
    assert refused(hub.call("PUT", at(draft), {"documents": [twice, twice]}), 409) == ["already_exists"]


@pytest.mark.parametrize("body", BROKEN, ids=str)
def test_terms_that_no_client_could_read_are_refused(hub: Hub, body: Doc) -> None:
    draft = hub.draft()
    before = put(hub, draft, FULL)
    refused(hub.call("PUT", at(draft), body), 400)
    refused(hub.call("POST", "/data_product_exchange/v1/data_products", _with_terms(hub, body)), 400)
    change = [{"op": "add", "path": f"/{name}", "value": value} for name, value in body.items()]
    refused(hub.call("PATCH", at(draft), change), 400)
    assert hub.get(at(draft)) == before


def _with_terms(hub: Hub, body: Doc) -> Doc:
    return {"drafts": [hub.prototype(contract_terms=[body])]}


def test_a_new_version_may_bring_its_terms(hub: Hub) -> None:
    draft = hub.draft(contract_terms=[FULL | {"documents": [LINK]}])
    shown = hub.get(at(draft))
    assert {name: shown[name] for name in FULL} == FULL
    assert [one["url"] for one in shown["documents"]] == [LINK["url"]]


def test_a_schema_without_an_asset_is_taken_and_readable(hub: Hub) -> None:
    draft = hub.draft()
    shown = put(hub, draft, {"overview": OVERVIEW, "schema": [{"name": "planned"}, {"connection_id": "c"}]})
    told = [
        {"asset_id": "", "connection_id": "", "name": "planned"},
        {"asset_id": "", "connection_id": "c"},
    ]
    assert shown["schema"] == told
    assert put(hub, draft, shown) == shown
    added = hub.patch(at(draft), {"op": "add", "path": "/schema/-", "value": {"asset_id": "a"}})
    assert added["schema"] == [*told, {"asset_id": "a", "connection_id": ""}]
    assert [one["name"] for one in contract(hub, draft)["schema"]] == ["planned", "schema_2", "a"]


def test_terms_are_patched(hub: Hub) -> None:
    draft = hub.draft()
    shown = hub.patch(
        at(draft),
        {"op": "replace", "path": "/overview", "value": OVERVIEW},
        {"op": "replace", "path": "/overview/version", "value": "3.0.0"},
        {"op": "add", "path": "/roles", "value": []},
        {"op": "add", "path": "/roles/-", "value": {"role": "barista"}},
        {"op": "add", "path": "/documents/-", "value": LINK},
    )
    assert shown["overview"] == OVERVIEW | {"version": "3.0.0"}
    assert (shown["roles"], shown["documents"][0]["name"]) == ([{"role": "barista"}], "Promise")
    assert hub.get(at(draft)) == shown
    less = hub.patch(at(draft), {"op": "remove", "path": "/overview"}, {"op": "remove", "path": "/documents/0"})
    assert ("overview" in less, less["documents"]) == (False, [])


@pytest.mark.parametrize(
    ("operation", "status"),
    [
        ({"op": "replace", "path": "/id", "value": "x"}, 400),
        ({"op": "remove", "path": "/id"}, 400),
        ({"op": "replace", "path": "/asset/id", "value": "x"}, 400),
        ({"op": "remove", "path": "/price"}, 400),
        ({"op": "test", "path": "/documents", "value": [1]}, 409),
        ({"op": "grow", "path": "/price"}, 400),
        ({"op": "replace", "path": "/documents", "value": "x"}, 400),
    ],
)
def test_a_patch_that_cannot_be_changes_nothing(hub: Hub, operation: Doc, status: int) -> None:
    draft = hub.draft()
    refused(hub.call("PATCH", at(draft), [operation]), status)
    assert hub.get(at(draft)) == draft["contract_terms"][0]


def test_bodies_that_are_no_terms(hub: Hub) -> None:
    target, patch = at(hub.draft()), {"content-type": PATCH}
    for text in (b"", b"[]", b"null", b"{", b"1"):
        refused(hub.send("PUT", target, text, hub.headers | {"content-type": "application/json"}), 400)
    for text in (b"", b"{}", b"null", b"[", b"1"):
        refused(hub.send("PATCH", target, text, hub.headers | patch), 400)


def test_documents_may_be_left_out(hub: Hub) -> None:
    draft = hub.draft()
    hub.post(terms(draft), LINK, 201)
    assert hub.get(at(draft, "?include_contract_documents=false").replace("/?", "?"))["documents"] == []
    assert len(hub.get(f"{at(draft)}?include_contract_documents=true")["documents"]) == 1
    refused(hub.call("GET", f"{at(draft)}?include_contract_documents=no"), 400)


def test_servers_follow_from_where_the_parts_lie(hub: Hub) -> None:
    page, other = hub.page("https://example.com/one"), hub.page("https://example.com/two")
    draft = hub.draft(parts_out=[hub.part(page), hub.part(other)])
    assert "servers" not in hub.get(at(draft))
    ask = f"{at(draft)}?autopopulate_server_information=true"
    found = hub.get(ask)["servers"]
    assert [(one["asset"]["id"], one["type"], one["location"]) for one in found] == [
        (page, "api", "https://example.com/one"),
        (other, "api", "https://example.com/two"),
    ]
    assert [one["asset"]["id"] for one in hub.get(f"{ask}&server_asset_id={other}")["servers"]] == [other]
    refused(hub.call("GET", f"{ask}&server_asset_id={some_id()}"), 404)
    refused(hub.call("GET", f"{at(draft)}?autopopulate_server_information=x"), 400)
    own = {"server": "mine", "asset": {"id": page}}
    put(hub, draft, {"servers": [own]})
    filled = hub.get(ask)["servers"]
    assert (filled[0], [one["asset"]["id"] for one in filled[1:]]) == (own, [other])
    assert hub.get(at(draft))["servers"] == [own]


def test_a_release_keeps_its_terms(hub: Hub) -> None:
    draft = hub.draft(contract_terms=[FULL])
    before = hub.get(at(draft))
    release = hub.post(f"{place(draft)}/publish")
    assert hub.get(at(release, kind="releases")) == before
    assert hub.get(f"{at(release, kind='releases')}?include_contract_documents=false")["documents"] == []
    for method, body in (("PUT", {}), ("PATCH", [{"op": "add", "path": "/roles", "value": []}])):
        assert refused(hub.call(method, at(draft), body), 404, 409)
        refused(hub.call(method, at(release, kind="releases"), body), 404, 405)


def test_terms_that_are_not_there(hub: Hub) -> None:
    draft, other, release = hub.draft(), hub.draft(), hub.release()
    foreign = {**draft, "contract_terms": other["contract_terms"]}
    for method, target, body in (
        ("GET", at(foreign), None),
        ("GET", at(foreign, EXPORT), None),
        ("PUT", at(foreign), {}),
        ("PATCH", at(foreign), [{"op": "add", "path": "/roles", "value": []}]),
        ("GET", at({**release, "contract_terms": other["contract_terms"]}, kind="releases"), None),
        ("GET", at({**draft, "id": f"{some_id()}@{hub.catalog}"}), None),
        ("GET", at({**draft, "data_product": other["data_product"]}), None),
        ("GET", at(draft, kind="releases"), None),
    ):
        assert refused(hub.call(method, target, body), 404) == ["does_not_exist"]
    refused(hub.call("GET", f"{place(draft)}/contract_terms/x"), 400)
    anywhere = {**draft, "data_product": {"id": "-"}}
    assert hub.get(at(anywhere)) == draft["contract_terms"][0]
    assert hub.get(quote(at(draft), safe="/-")) == draft["contract_terms"][0]


def test_only_the_side_of_the_product_writes_terms(hub: Hub, buyer: Hub) -> None:
    draft = hub.draft()
    assert buyer.get(at(draft)) == draft["contract_terms"][0]
    exported(buyer.call("GET", at(draft, EXPORT), accept=YAML))
    change = [{"op": "add", "path": "/roles", "value": []}]
    for method, body in (("PUT", {}), ("PATCH", change)):
        assert refused(buyer.call(method, at(draft), body), 403) == ["not_authorized"]
        refused(hub.send(method, at(draft), b"{}", {}), 401)
    for target in (at(draft), at(draft, EXPORT)):
        refused(hub.send("GET", target, None, {}), 401)
    mine = buyer.draft()
    assert put(buyer, mine, {"roles": [{"role": "x"}]})["roles"] == [{"role": "x"}]
