"""The smallest documents that are valid, and one of each kind with everything in it."""

from __future__ import annotations

from typing import Any

Document = dict[str, Any]


def team(id: str = "owners", type: str = "Domain Team", **more: Any) -> Document:
    return {"id": id, "name": f"Team {id}", "type": type} | more


def source_system(id: str = "erp", owner: str = "owners", **more: Any) -> Document:
    return {"id": id, "name": "ERP", "owner": owner} | more


def definition(id: str = "customer", owner: str = "owners", **more: Any) -> Document:
    return {"id": id, "name": "Customer", "owner": owner, "domain": "sales"} | more


def port(id: str = "out", **more: Any) -> Document:
    return {"id": id, "name": f"Port {id}"} | more


def product(id: str = "orders", *ports: Document, owner: str = "owners", **more: Any) -> Document:
    """Always with `outputPorts`: lists show them in any case (G17)."""
    return {"id": id, "info": {"title": f"Product {id}", "owner": owner}, "outputPorts": list(ports)} | more


def contract(id: str = "orders-v1", *servers: str, **more: Any) -> Document:
    document: Document = {
        "dataContractSpecification": "0.9.3",
        "id": id,
        "info": {"title": "Orders", "version": "1.0.0", "owner": "owners"},
    }
    return document | ({"servers": {name: {"type": "s3"} for name in servers}} if servers else {}) | more


def asset(id: str = "table", **more: Any) -> Document:
    return {"id": id, "info": {"name": "TABLE", "source": "snowflake"}} | more


def cost(product: str = "orders", **more: Any) -> Document:
    return {"dataProductId": product, "name": "Storage", "amount": 12.5, "currency": "EUR"} | more


def run_of(contract: str = "orders-v1", id: str = "run-1", **more: Any) -> Document:
    return {
        "id": id,
        "dataContractId": contract,
        "dataContractVersion": "1.0.0",
        "server": "production",
        "timestampStart": "2026-03-01T10:00:00Z",
        "timestampEnd": "2026-03-01T10:00:07.123456+02:00",
        "result": "passed",
        "checks": [{"type": "schema", "name": "Check", "result": "passed"}],
        "logs": [{"level": "info", "message": "done", "timestamp": "2026-03-01T10:00:01Z"}],
    } | more


FULL: dict[str, Document] = {
    "teams": team(
        "full",
        description="Line one\nline two",
        members=[{"emailAddress": "a@example.com", "role": "Owner"}, {"emailAddress": "b@example.com"}],
        parent="none-yet",
        tags=["a", "b"],
        links={"home": "https://example.com"},
        custom={"channel": "#full", "depth": {"any": [1, 1.0, None]}},
    ),
    "sourcesystems": source_system(
        "full", description="", tags=[], links={"docs": "https://example.com/ü"}, custom={"x": "1"}
    ),
    "definitions": definition(
        "full",
        title="Customer",
        description="Who buys",
        type="string",
        format="uuid",
        pattern="^[a-z]+$",
        example="abc",
        classification="internal",
        enum=["a", "b"],
        minLength=1,
        maxLength=10,
        minimum=0,
        maximum=1e-9,
        exclusiveMinimum=-1.5,
        exclusiveMaximum=12345678901234567,
        pii=True,
        tags=["t"],
    ),
    "dataproducts": {
        "dataProductSpecification": "0.0.1",
        "id": "full",
        "info": {
            "title": "Full",
            "owner": "owners",
            "description": "d",
            "domain": "sales",
            "status": "in development",
            "archetype": "raw",
            "maturity": "defined",
            "more": {"$ref": "x.y z"},
        },
        "inputPorts": [
            {
                "id": "in",
                "name": "In",
                "sourceSystemId": "not-there",
                "description": "d",
                "type": "Kafka",
                "location": "topic",
                "links": {"a": "b"},
                "custom": {"c": "d"},
                "tags": ["e"],
            }
        ],
        "outputPorts": [
            {
                "id": "out",
                "name": "Out",
                "description": "d",
                "type": "Looker Look",
                "status": "active",
                "location": "l",
                "server": {"account": "a", "database": "b", "deep": {"n": [1, 2.5]}},
                "containsPii": False,
                "autoApprove": True,
                "dataContractId": "dangling",
                "links": {"a": "b"},
                "custom": {"aws-role-name": "r"},
                "tags": ["x"],
                "assets": ["one", {"id": "two", "note": 1}, {"assetId": "three"}],
            }
        ],
        "assets": ["four"],
        "links": {},
        "custom": {"k": "v"},
        "tags": ["p"],
    },
    "datacontracts": {
        "dataContractSpecification": "1.1.0",
        "id": "full",
        "info": {
            "title": "Full",
            "version": "0.0.1",
            "owner": "owners",
            "description": "d",
            "contact": {"name": "n", "url": "u", "email": "e"},
            "extra": [1],
        },
        "servers": {"production": {"type": "s3", "location": "s3://b"}, "local": {"type": "local"}},
        "terms": {"usage": "u", "limitations": "l", "billing": "b", "noticePeriod": "P3M"},
        "models": {"my.model": {"fields": {"a": {"type": "variant", "minimum": 1e-9, "$ref": "#/definitions/x"}}}},
        "definitions": {"x": {"type": "string"}},
        "schema": {"type": "dbt", "specification": "version: 2\nmodels: []\n"},
        "examples": [{"type": "csv", "data": "a,b\n1,2"}, {"type": "json", "data": [{"a": 1}]}],
        "quality": {},
        "servicelevels": {"availability": {"percentage": "99.9%"}},
        "tags": ["t"],
        "links": {"a": "b"},
    },
    "assets": {
        "id": "full",
        "info": {
            "owner": "owners",
            "source": "snowflake",
            "sourceId": "1",
            "sourceUrl": "u",
            "type": "table",
            "name": "N",
            "qualifiedName": "a.b.N",
            "version": "1",
            "status": "active",
            "description": "d",
        },
        "properties": {"a": {"b": [1, "x", None, {"c": 2.5}]}, "s": "t"},
        "columns": [{"name": "c", "type": "int", "description": "d", "qualifiedName": "q", "tags": ["k"], "links": {}}],
        "relationships": [{"relationshipType": "parent", "assetId": "not-there"}],
        "tags": ["t"],
        "links": {"l": "m"},
    },
}
"""By path segment."""

MINIMAL: dict[str, Document] = {
    "teams": team("minimal"),
    "sourcesystems": source_system("minimal"),
    "definitions": definition("minimal"),
    "dataproducts": product("minimal"),
    "datacontracts": contract("minimal"),
    "assets": {"id": "minimal"},
}
EVENT_NAMES = {
    "teams": "Team",
    "sourcesystems": "SourceSystem",
    "definitions": "Definition",
    "dataproducts": "DataProduct",
    "datacontracts": "DataContract",
}
