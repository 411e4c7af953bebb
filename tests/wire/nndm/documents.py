"""Documents to send: for every kind the smallest that is valid and one that uses every field."""

from __future__ import annotations

import copy
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.wire.raw import Doc


def fresh(prefix: str = "x") -> str:
    """An id that nobody has used."""
    return f"{prefix}-{uuid.uuid4().hex[:16]}"


def day(offset: int) -> str:
    """The UTC day this many days from today, YYYY-MM-DD."""
    return (datetime.now(UTC) + timedelta(days=offset)).strftime("%Y-%m-%d")


@dataclass(frozen=True)
class World:
    """What other documents refer to: teams, a product with port `out` that asks for approval, a consumer's product."""

    team: str
    consumer_team: str
    provider: str
    consumer: str


def common(**more: Any) -> Doc:
    """The common optional fields, filled."""
    return {
        "tags": ["a", "b"],
        "links": {"home": "https://example.com/home"},
        "custom": {"slack-channel": "#x", "nested": {"any": [1, True, None, "v"]}},
    } | more


def team(id: str, type: str = "Domain Team") -> Doc:
    return {"id": id, "name": "Checkout", "type": type}


def full_team(id: str, world: World) -> Doc:
    members = [{"emailAddress": "alice@example.com", "role": "Data Product Owner"}, {"emailAddress": "b@example.com"}]
    return common(**team(id), description="Sells", members=members, parent=world.team)


def source_system(id: str, world: World) -> Doc:
    return {"id": id, "name": "Stock Service", "owner": world.team}


def full_source_system(id: str, world: World) -> Doc:
    return common(**source_system(id, world), description="Keeps stock")


def definition(id: str, world: World) -> Doc:
    return {"id": id, "owner": world.team, "domain": "checkout", "name": "order_id"}


def full_definition(id: str, world: World) -> Doc:
    limits = {"minLength": 1, "maxLength": 36, "minimum": 0.5, "maximum": 1e3, "exclusiveMinimum": -1}
    return {
        **definition(id, world),
        **limits,
        "exclusiveMaximum": 1234.45,
        "title": "Order id",
        "description": "What an order is called",
        "type": "string",
        "format": "uuid",
        "pattern": "^[a-z]+$",
        "example": "243c25e5",
        "classification": "internal",
        "enum": ["one", "two"],
        "tags": ["key"],
        "pii": True,
    }


def contract(id: str, world: World, servers: Doc | None = None) -> Doc:
    info = {"title": "Orders", "version": "1.0.0", "owner": world.team}
    return {"dataContractSpecification": "0.9.3", "id": id, "info": info} | (
        {} if servers is None else {"servers": servers}
    )


def full_contract(id: str, world: World) -> Doc:
    line = {"order_id": {"$ref": "#/definitions/order_id"}, "order.total": {"type": "long", "minimum": 1e-9}}
    contact = {"name": "Jane", "url": "https://example.com/j", "email": "j@example.com"}
    document = contract(id, world, {"production": {"type": "s3", "location": "s3://b/*.json", "delimiter": "new_line"}})
    document["info"] |= {"description": "All orders\nof today", "contact": contact, "status": "active"}
    return document | {
        "terms": {"usage": "Any", "limitations": "None", "billing": "5000 USD", "noticePeriod": "P3M"},
        "models": {"orders.v1": {"description": "One order", "type": "table", "fields": line}},
        "definitions": {"order_id": {"domain": "checkout", "title": "Order", "type": "text", "example": "0123"}},
        "schema": {"type": "dbt", "specification": {"version": 2, "models": []}},
        "examples": [{"type": "csv", "model": "orders", "data": "a,b\n1,2\n"}, {"type": "json", "data": [{"a": 1}]}],
        "quality": {"type": "SodaCL", "specification": "checks for orders:\n  - row_count >= 5\n"},
        "servicelevels": {"availability": {"percentage": "99.9%"}},
        "tags": ["orders"],
        "links": {"catalog": "https://example.com"},
    }


def port(id: str, **more: Any) -> Doc:
    return {"id": id, "name": f"Port {id}"} | more


def product(id: str, world: World, *ports: Doc) -> Doc:
    info = {"title": "Orders", "owner": world.team}
    return {"id": id, "info": info} | ({"outputPorts": list(ports)} if ports else {})


def full_product(id: str, world: World) -> Doc:
    described = {
        "description": "All",
        "domain": "checkout",
        "status": "whatever",
        "archetype": "raw",
        "maturity": "raw",
    }
    server = {"project": "p", "dataset": "d", "account": "ORDER_DB", "port": 5432}
    out = {
        "description": "Out",
        "type": "Looker Look",
        "status": "active",
        "location": "arn:aws:glue:1",
        "server": server,
    }
    document = product(id, world)
    document["info"] |= described
    return common(
        **document,
        dataProductSpecification="0.0.1",
        inputPorts=[
            common(id="in", name="In", sourceSystemId=f"{id}-dangling", description="I", type="Kafka", location="topic")
        ],
        outputPorts=[
            common(
                **port("out", **out), containsPii=True, autoApprove=False, dataContractId=f"{id}-dangling", assets=[]
            )
        ],
        assets=[],
    )


def agreement(id: str, world: World) -> Doc:
    return {
        "id": id,
        "info": {"purpose": "Training"},
        "provider": {"dataProductId": world.provider, "outputPortId": "out"},
        "consumer": {"teamId": world.consumer_team},
    }


def full_agreement(id: str, world: World) -> Doc:
    document = agreement(id, world)
    document["info"] |= {"individualAgreements": "None", "startDate": day(-10), "endDate": day(10)}
    document["info"] |= {"nextReassessmentDate": day(5)}
    document["provider"] |= {"teamId": world.team, "dataContractId": f"{id}-dangling"}
    document["consumer"] |= {"dataProductId": world.consumer, "userId": "demo.user@example.com"}
    return common(**document, dataUsageAgreementSpecification="0.0.1")


def asset(id: str, world: World) -> Doc:
    return {"id": id, "info": {"name": "ORDERS", "source": "snowflake"}}


def full_asset(id: str, world: World) -> Doc:
    described = {"sourceId": "1", "sourceUrl": "https://x", "type": "table", "qualifiedName": "a.b.C", "version": "1"}
    document = asset(id, world)
    document["info"] |= described | {"owner": world.team, "status": "active", "description": "A table"}
    return document | {
        "properties": {"text": "t", "deep": {"list": [1, 2.5, {"x": False}], "empty": {}}, "n": 3},
        "columns": [{"name": "ID", "type": "NUMBER", "description": "", "tags": ["k"], "links": {"a": "https://b"}}],
        "relationships": [{"relationshipType": "parent", "assetId": f"{id}-later"}],
        "tags": ["warehouse"],
        "links": {"src": "https://example.com"},
    }


def cost(product_id: str) -> Doc:
    return {"dataProductId": product_id, "name": "Storage", "currency": "EUR", "amount": 12.34}


def results(id: str, contract_id: str) -> Doc:
    return {
        "id": id,
        "dataContractId": contract_id,
        "dataContractVersion": "1.0.0",
        "server": "production",
        "timestampStart": "2024-05-01T10:00:00Z",
        "timestampEnd": "2024-05-01T10:00:02.123456Z",
        "result": "passed",
    }


@dataclass(frozen=True)
class Kind:
    """One kind of resource: the word in its path, the word in its events, its documents."""

    path: str
    event: str
    small: Callable[[str, World], Doc]
    full: Callable[[str, World], Doc]

    def __str__(self) -> str:
        return self.path


KINDS = [
    Kind("teams", "Team", lambda id, _: team(id), full_team),
    Kind("sourcesystems", "SourceSystem", source_system, full_source_system),
    Kind("definitions", "Definition", definition, full_definition),
    Kind("datacontracts", "DataContract", contract, full_contract),
    Kind("dataproducts", "DataProduct", product, full_product),
    Kind("datausageagreements", "DataUsageAgreement", agreement, full_agreement),
    Kind("assets", "Asset", asset, full_asset),
]
BY_PATH = {kind.path: kind for kind in KINDS}


class _Gone:
    """Stands for a field that is left out."""

    def __repr__(self) -> str:
        return "missing"


GONE: Any = _Gone()


def changed(document: Doc, path: str, value: Any) -> Doc:
    """A copy with the field at `path` ("info.owner", "outputPorts.0.id") set, or left out when it is GONE."""
    result = copy.deepcopy(document)
    *way, last = path.split(".")
    at: Any = result
    for step in way:
        at = at[int(step)] if isinstance(at, list) else at[step]
    key: Any = int(last) if isinstance(at, list) else last
    if value is GONE:
        del at[key]
    else:
        at[key] = value
    return result
