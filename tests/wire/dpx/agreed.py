"""Contract terms with every field that the newer clients know, and how a test reads and writes them."""

from __future__ import annotations

from typing import Any

import yaml
from open_data_contract_standard.model import OpenDataContractStandard

from tests.wire.dpx.hub import Hub, ok, terms
from tests.wire.raw import Answer, Doc

OVERVIEW: Doc = {
    "api_version": "v3.0.2",
    "kind": "DataContract",
    "name": "Roast batches",
    "version": "2.1.0",
    "domain": {"id": "b38df608-d34b-4d58-8136-ed25e6c6684e", "name": "Roasting"},
    "more_info": "https://example.com/contract",
}
DESCRIPTION: Doc = {
    "purpose": "To know every batch",
    "limitations": "No names of people",
    "usage": "Planning",
    "more_info": [{"type": "tutorial", "url": "https://example.com/how"}],
    "custom_properties": "reviewed",
}
SERVER: Doc = {
    "server": "warehouse",
    "asset": {"id": "60d3f1b8-2a97-4c5e-8b04-7e19a2c6d055", "name": "batches"},
    "connection_id": "c-1",
    "type": "postgres",
    "description": "Where it lies",
    "environment": "prod",
    "host": "db.example.com",
    "port": "5432",
    "database": "roasting",
    "schema": "public",
    "roles": ["reader"],
    "custom_properties": [{"key": "pool", "value": "5"}],
}
RULES: list[Doc] = [
    {"type": "library", "rule": "rowCount", "must_be_greater_than": "100", "name": "enough", "unit": "rows"},
    {"type": "sql", "query": "select 1", "must_be_between": ["0", "1.5"]},
    {"type": "custom", "engine": "soda", "implementation": "checks: []"},
    {"type": "library", "rule": "freshness", "must_be": "1d", "description": "Of today"},
    {"type": "text", "description": "Looks right"},
]
TABLE: Doc = {
    "asset_id": "60d3f1b8-2a97-4c5e-8b04-7e19a2c6d055",
    "connection_id": "c-1",
    "name": "batches",
    "description": "One row a batch",
    "connection_path": "/public/batches",
    "physical_type": "table",
    "properties": [
        {"name": "id", "type": {"type": "varchar", "length": "36", "nullable": "false", "native_type": "VARCHAR(36)"}},
        {"name": "kilos", "type": {"type": "decimal", "scale": "2", "signed": "true"}, "quality": [RULES[4]]},
        {"name": "shape", "type": {"type": "geometry"}},
        {"name": "bare"},
    ],
    "quality": RULES,
}
FULL: Doc = {
    "error_msg": "none",
    "overview": OVERVIEW,
    "description": DESCRIPTION,
    "organization": [{"user_id": "kari@example.com", "role": "owner"}],
    "roles": [{"role": "barista"}],
    "price": {"amount": "9.50", "currency": "NOK", "unit": "month"},
    "sla": [{"default_element": "batches.roasted_at", "properties": [{"property": "frequency", "value": "1d"}]}],
    "support_and_communication": [{"channel": "#batches", "url": "https://example.com/chat"}],
    "custom_properties": [{"key": "dataOwner", "value": "Kari"}],
    "contract_test": {"status": "pass", "last_tested_time": "2026-01-01T00:00:00Z", "message": "All well"},
    "servers": [SERVER],
    "schema": [TABLE],
}
BROKEN: list[Doc] = [
    {"overview": {"domain": {"id": "x"}}},
    {"overview": {"version": "1.0.0"}},
    {"overview": {"version": "1.0.0", "domain": {"name": "x"}}},
    {"overview": []},
    {"description": "text"},
    {"description": {"more_info": [{"type": "x"}]}},
    {"organization": [{"user_id": "x"}]},
    {"organization": {"user_id": "x", "role": "y"}},
    {"roles": ["x"]},
    {"price": {"amount": []}},
    {"price": {"currency": 1}},
    {"sla": [{"properties": [{"property": "x"}]}]},
    {"sla": {}},
    {"support_and_communication": [{"channel": "x"}]},
    {"custom_properties": [{"key": "x"}]},
    {"custom_properties": [{"property": "x", "value": "y"}]},
    {"contract_test": {"status": "maybe", "last_tested_time": "x"}},
    {"contract_test": {"status": "pass"}},
    {"servers": [{"type": "s3"}]},
    {"servers": [{"server": ""}]},
    {"schema": [{"asset_id": 1}]},
    {"schema": [{"asset_id": "x", "connection_id": "y", "properties": [{}]}]},
    {"schema": [{"asset_id": "x", "connection_id": "y", "quality": [{"rule": "x"}]}]},
    {"schema": {}},
    {"documents": [{"name": "x", "type": "sla", "url": "nowhere"}]},
    {"documents": [{"name": "x", "type": "contract", "url": "https://example.com"}]},
    {"documents": {}},
]
"""What is wrong with each breaks a typed client that reads it."""
YAML = "application/odcs+yaml"
LINK = {"type": "sla", "name": "Promise", "url": "https://example.com/promise"}
EXPORT = "format?format=odcs&format_version=3"


def at(version: Doc, rest: str = "", kind: str = "drafts") -> str:
    """A path of the version's terms."""
    return terms(version, kind).removesuffix("/documents") + (f"/{rest}" if rest else "")


def put(hub: Hub, draft: Doc, body: Any) -> Any:
    """The terms after a replacement that succeeds."""
    return ok(hub.call("PUT", at(draft), body))


def exported(answer: Answer) -> Any:
    """The data contract of a YAML answer, which its standard's model reads."""
    assert answer.status == 200, answer
    assert answer.kind == YAML
    OpenDataContractStandard.from_string(answer.body.decode())
    return yaml.safe_load(answer.body)


def contract(hub: Hub, draft: Doc) -> Any:
    """The terms of a draft as a data contract."""
    return contract_by(hub, draft, YAML)


def contract_by(hub: Hub, draft: Doc, accept: str) -> Any:
    """The data contract when the caller accepts this."""
    return exported(hub.call("GET", at(draft, EXPORT), accept=accept))
