"""Contract templates (contract section 6, R16)."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from tests.wire.dpx.agreed import BROKEN, FULL
from tests.wire.dpx.hub import RFC3339, B, Hub, fresh, ok, refused, some_id
from tests.wire.raw import Doc

TEMPLATES = f"{B}/contract_templates"
LINK = {"type": "sla", "name": "Promise", "url": "https://example.com/promise"}


def made(hub: Hub, **fields: Any) -> Doc:
    """A new template."""
    template: Doc = hub.post(TEMPLATES, {"container": hub.container, "name": fresh("Rules")} | fields, 201)
    return template


def at(hub: Hub, template: Doc, container: str = "") -> str:
    """The path of a template, with the catalog in the query."""
    return f"{TEMPLATES}/{quote(template['id'], safe='')}?container.id={container or hub.catalog}"


def of_domain(domain: str) -> Doc:
    """Terms that name a domain."""
    return {"overview": {"version": "1.0.0", "domain": {"id": domain, "name": "Roasting"}}}


def listed(hub: Hub, query: str) -> list[str]:
    """Ids of the templates in a list."""
    return [one["id"] for one in hub.get(f"{TEMPLATES}?{query}")["contract_templates"]]


def test_a_template_is_made_and_read(hub: Hub) -> None:
    template = made(hub, contract_terms=FULL, creator_id="nobody", created_at="1999-01-01T00:00:00Z")
    assert (template["container"], template["contract_terms"]) == (hub.container, FULL)
    assert template["creator_id"] != "nobody"
    assert RFC3339.match(template["created_at"])
    assert not template["created_at"].startswith("1999")
    assert hub.get(at(hub, template)) == template


def test_a_template_may_be_bare_and_have_an_id_of_its_maker(hub: Hub) -> None:
    chosen = some_id()
    template = made(hub, id=chosen)
    assert (template["id"], "contract_terms" in template) == (chosen, False)
    body = {"container": hub.container, "name": "x", "id": chosen}
    assert refused(hub.call("POST", TEMPLATES, body), 409) == ["already_exists"]


def test_documents_of_a_template_have_ids(hub: Hub) -> None:
    template = made(hub, contract_terms={"documents": [LINK, LINK | {"id": some_id()}]})
    documents = template["contract_terms"]["documents"]
    assert len({one["id"] for one in documents}) == 2
    assert hub.get(at(hub, template))["contract_terms"]["documents"] == documents


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"name": None}, "missing_required_value"),
        ({"name": ""}, "invalid_parameter"),
        ({"name": "  "}, "invalid_parameter"),
        ({"name": 1}, "invalid_parameter"),
        ({"name": "a" * 257}, "invalid_parameter"),
        ({"container": None}, "missing_required_value"),
        ({"container": {}}, "missing_required_value"),
        ({"id": ""}, "invalid_parameter"),
        ({"id": "a/b"}, "invalid_parameter"),
        ({"contract_terms": []}, "invalid_parameter"),
    ],
)
def test_a_template_that_is_none_is_refused(hub: Hub, changed: Doc, code: str) -> None:
    body = {"container": hub.container, "name": "Rules"} | changed
    assert refused(hub.call("POST", TEMPLATES, body), 400)[0] == code


@pytest.mark.parametrize("terms", BROKEN, ids=str)
def test_terms_that_no_client_could_read_are_refused(hub: Hub, terms: Doc) -> None:
    refused(hub.call("POST", TEMPLATES, {"container": hub.container, "name": "x", "contract_terms": terms}), 400)


def test_a_template_may_hold_schemas_without_assets(hub: Hub) -> None:
    planned = {"name": "planned", "properties": [{"name": "id", "type": {"type": "varchar"}}]}
    template = made(hub, contract_terms={"schema": [planned]})
    assert template["contract_terms"] == {"schema": [{"asset_id": "", "connection_id": "", **planned}]}
    assert hub.get(at(hub, template)) == template


def test_templates_are_found_by_name_and_domain(hub: Hub) -> None:
    name, here, there = fresh("Rules"), some_id(), some_id()
    bare = made(hub, name=name)["id"]
    first = made(hub, name=name, contract_terms=of_domain(here))["id"]
    second = made(hub, contract_terms=of_domain(there))["id"]
    named = f"contract_template.name={quote(name)}"
    assert listed(hub, named) == [bare, first]
    assert listed(hub, f"domain.ids={here}") == [first]
    assert listed(hub, f"domain.ids={here}%2C{there}") == listed(hub, f"domain.ids={here}&domain.ids={there}")
    assert listed(hub, f"domain.ids={here},{there}") == [first, second]
    assert listed(hub, f"{named}&domain.ids={there}") == []
    assert {bare, first, second} <= set(listed(hub, f"container.id={hub.catalog}"))
    assert listed(hub, f"{named}&domain.ids=") == [bare, first]
    refused(hub.call("GET", f"{TEMPLATES}?container.id={some_id()}"), 404)


def test_a_template_is_patched(hub: Hub) -> None:
    template, domain = made(hub), some_id()
    changed = hub.patch(
        at(hub, template),
        {"op": "replace", "path": "/name", "value": "Other rules"},
        {"op": "replace", "path": "/contract_terms", "value": of_domain(domain)},
        {"op": "add", "path": "/contract_terms/roles", "value": [{"role": "barista"}]},
    )
    assert changed == template | {
        "name": "Other rules",
        "contract_terms": of_domain(domain) | {"roles": [{"role": "barista"}]},
    }
    assert hub.get(at(hub, template)) == changed
    assert listed(hub, f"domain.ids={domain}") == [template["id"]]
    assert "contract_terms" not in hub.patch(at(hub, template), {"op": "remove", "path": "/contract_terms"})


@pytest.mark.parametrize(
    ("operation", "status"),
    [
        ({"op": "replace", "path": "/id", "value": "x"}, 400),
        ({"op": "replace", "path": "/container/id", "value": "8d1c7a52"}, 400),
        ({"op": "replace", "path": "/creator_id", "value": "x"}, 400),
        ({"op": "remove", "path": "/created_at"}, 400),
        ({"op": "remove", "path": "/name"}, 400),
        ({"op": "replace", "path": "/name", "value": ""}, 400),
        ({"op": "add", "path": "/colour", "value": "red"}, 400),
        ({"op": "add", "path": "/contract_terms", "value": {"roles": "x"}}, 400),
        ({"op": "test", "path": "/name", "value": "x"}, 409),
        ({"op": "remove", "path": "/nothing"}, 400),
    ],
)
def test_a_patch_that_cannot_be_changes_nothing(hub: Hub, operation: Doc, status: int) -> None:
    template = made(hub)
    refused(hub.call("PATCH", at(hub, template), [operation]), status)
    assert hub.get(at(hub, template)) == template


def test_a_template_goes(hub: Hub) -> None:
    template = made(hub)
    ok(hub.call("DELETE", at(hub, template)), 204)
    assert refused(hub.call("GET", at(hub, template)), 404) == ["does_not_exist"]
    refused(hub.call("DELETE", at(hub, template)), 404)
    refused(hub.call("PATCH", at(hub, template), [{"op": "replace", "path": "/name", "value": "x"}]), 404)
    assert template["id"] not in listed(hub, "")


def test_a_template_is_of_a_catalog(hub: Hub) -> None:
    template, change = made(hub), [{"op": "replace", "path": "/name", "value": "x"}]
    refused(hub.call("POST", TEMPLATES, {"container": {"id": some_id()}, "name": "x"}), 404)
    bare = f"{TEMPLATES}/{template['id']}"
    for method, body in (("PATCH", change), ("DELETE", None)):
        assert refused(hub.call(method, bare, body), 400) == ["missing_required_value"]
        refused(hub.call(method, at(hub, template, some_id()), body), 404)
    refused(hub.call("GET", at(hub, template, some_id())), 404)
    assert hub.get(at(hub, template)) == hub.get(bare) == template


def test_writers_that_lost_a_race_are_told(hub: Hub) -> None:
    template, change = made(hub), [{"op": "replace", "path": "/name", "value": "x"}]
    tag = hub.call("GET", at(hub, template)).headers["etag"]
    ok(hub.call("PATCH", at(hub, template), change, if_match=tag))
    refused(hub.call("PATCH", at(hub, template), change, if_match=tag), 412)


def test_people_without_a_domain_read_only(hub: Hub, buyer: Hub) -> None:
    template = made(hub, contract_terms=of_domain(some_id()))
    assert buyer.get(at(hub, template)) == template
    assert template["id"] in listed(buyer, "")
    for method, target, body in (
        ("POST", TEMPLATES, {"container": hub.container, "name": "x"}),
        ("PATCH", at(hub, template), [{"op": "replace", "path": "/name", "value": "x"}]),
        ("DELETE", at(hub, template), None),
    ):
        assert refused(buyer.call(method, target, body), 403) == ["not_authorized"]
        refused(hub.send(method, target, None, {}), 401)
    assert hub.get(at(hub, template)) == template
