"""Contract templates (contract section 6, `{B}/contract_templates`)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dpx.catalogs import allow_container, demand_container
from dpx.lens.content import DIALECT
from dpx.lens.template import read_template, show_template
from dpx.paths import demand_catalog
from souk import patch
from souk.contracts import templates
from souk.edge.call import Call
from souk.edge.request import Request
from souk.errors import Invalid
from souk.ids import record_key
from souk.store.port import Record

Wire = dict[str, Any]
_FIXED = ("container", "id", "creator_id", "created_at")


def template_keys(request: Request) -> Iterable[str]:
    """The record of the template in the path."""
    return (record_key(templates.KIND, request.path_parameters.get("contract_template_id", "")),)


def list_templates(call: Call) -> Wire:
    """Templates, by name and by domains if the query says so (R16). Raises NotFound."""
    allow_container(call.request)
    name = call.request.query_one("contract_template.name") or None
    named = (text.split(",") for text in call.request.query_all("domain.ids"))
    domains = {one.strip() for ids in named for one in ids} - {""}
    found = templates.find_templates(call.work, name=name, domains=domains)
    return {"contract_templates": [show_template(one) for one in found]}


def create_template(call: Call, sent: Wire) -> Wire:
    """Make a template. Raises NotFound, NotAllowed, Conflict."""
    demand_catalog(sent["container"]["id"])
    made = templates.create_template(call.work, sent.get("id"), read_template(sent), call.principal, DIALECT)
    return show_template(made)


def template_answer(call: Call) -> Wire:
    """The template in the path; assistants do not name the one catalog. Raises NotFound."""
    allow_container(call.request)
    return show_template(_template(call))


def patch_template(call: Call) -> Wire:
    """Change name or terms by a JSON Patch. Raises NotFound, NotAllowed, Conflict, Invalid."""
    from dpx.schemas.terms import new_template

    demand_container(call.request)
    template = _template(call)
    before = show_template(template)
    after = new_template(patch.apply(before, call.request.json, optional={"contract_terms"}))
    fixed = [name for name in _FIXED if before[name] != after.get(name)]
    others = sorted(after.keys() - {*_FIXED, "name", "contract_terms"})
    if fixed or others:
        raise Invalid(f"{', '.join([*fixed, *others])}: cannot be changed")
    return show_template(templates.change_template(call.work, template, read_template(after), call.principal, DIALECT))


def delete_template(call: Call) -> None:
    """Delete the template in the path. Raises NotFound, NotAllowed, Invalid."""
    demand_container(call.request)
    templates.delete_template(call.work, _template(call), call.principal)


def _template(call: Call) -> Record:
    return call.work.get(templates.KIND, call.path["contract_template_id"])
