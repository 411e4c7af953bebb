"""Names of events on the bus (contract section 9)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import boto3
import pytest

from tests.running import eventually
from tests.wire.immuta.door import Caller, Marketplace, path_of, request_path
from tests.wire.raw import Doc

ASKED = "marketplace.data_product.access_requests."
STATE = "marketplace.data_product.state."
SOURCES = "marketplace.data_product.data_sources.updated"


class Bus:
    """Whatever the bus says under names that begin with `marketplace.`"""

    def __init__(self, state: Path) -> None:
        endpoint = json.loads((state / "running.json").read_text())["endpoint"]
        named: Any = {"aws_access_key_id": "x", "aws_secret_access_key": "x", "region_name": "eu-central-1"}
        self.events = boto3.client("events", endpoint_url=endpoint, **named)
        self.sqs = boto3.client("sqs", endpoint_url=endpoint, **named)
        self.rule = f"listener-{uuid4().hex}"
        self.queue = self.sqs.create_queue(QueueName=self.rule)["QueueUrl"]
        arn = self.sqs.get_queue_attributes(QueueUrl=self.queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        pattern = json.dumps({"detail-type": [{"prefix": "marketplace."}]})
        self.events.put_rule(Name=self.rule, EventBusName="souk", EventPattern=pattern)
        self.events.put_targets(Rule=self.rule, EventBusName="souk", Targets=[{"Id": "queue", "Arn": arn}])
        self.heard: list[tuple[str, str]] = []

    def listen(self) -> None:
        found = self.sqs.receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10).get("Messages", [])
        self.heard += [(json.loads(one["Body"])["detail-type"], one["Body"]) for one in found]
        for one in found:
            self.sqs.delete_message(QueueUrl=self.queue, ReceiptHandle=one["ReceiptHandle"])

    def names(self, *ids: str) -> set[str]:
        """Names of the events heard so far that mention one of these ids."""
        self.listen()
        return {name for name, body in self.heard if any(id in body for id in ids)}

    def close(self) -> None:
        self.events.remove_targets(Rule=self.rule, EventBusName="souk", Ids=["queue"])
        self.events.delete_rule(Name=self.rule, EventBusName="souk")
        self.sqs.delete_queue(QueueUrl=self.queue)


@pytest.fixture(scope="module")
def bus(souk: Any) -> Iterator[Bus]:
    bus = Bus(souk.state)
    yield bus
    bus.close()


def ids_of(product: Doc, key: Caller) -> list[str]:
    """Under which ids events speak of a product and what was asked of it."""
    known = key.get("/api/datausageagreements")
    return [product["id"], *(one["id"] for one in known if one["provider"]["dataProductId"] == product["id"])]


def heard(bus: Bus, ids: list[str], *names: str) -> None:
    eventually(lambda: set(names) <= bus.names(*ids))


def test_a_product_comes_and_goes(bus: Bus, place: Marketplace, key: Caller, other: Caller) -> None:
    product, manager = place.product(), place.caller("MANAGER")
    manager.ok("PUT", path_of(product, "datasources"), {"dataSources": place.attached()})
    heard(bus, [product["id"]], STATE + "created", SOURCES)
    place.request(product, other)
    ids = ids_of(product, key)
    heard(bus, ids, ASKED + "created")
    manager.ok("DELETE", path_of(product))
    heard(bus, ids, STATE + "deleted", ASKED + "deleted")


@pytest.mark.parametrize("asking", ["request", "masking"])
@pytest.mark.parametrize("status", ["APPROVED", "DENIED"])
def test_a_determination(bus: Bus, place: Marketplace, key: Caller, other: Caller, status: str, asking: str) -> None:
    product = place.product(dataSources=place.attached())
    place.determine(getattr(place, asking)(product, other), status)
    ids = ids_of(product, key)
    heard(bus, ids, ASKED + "created", ASKED + "consumer.updated")
    assert ASKED + "revoked" not in bus.names(*ids)


@pytest.mark.parametrize("asking", ["request", "masking"])
def test_a_withdrawal(bus: Bus, place: Marketplace, key: Caller, other: Caller, asking: str) -> None:
    product = place.product(dataSources=place.attached())
    request = getattr(place, asking)(product, other)
    ids = ids_of(product, key)
    other.ok("DELETE", request_path(request), status=204)
    heard(bus, ids, ASKED + "canceled")
    assert ASKED + "consumer.updated" not in bus.names(*ids)


@pytest.mark.parametrize("asking", ["request", "masking"])
def test_a_revocation(bus: Bus, place: Marketplace, key: Caller, other: Caller, asking: str) -> None:
    product = place.product(requestFormId=place.open_form, dataSources=place.attached())
    request = getattr(place, asking)(product, other)
    ids = ids_of(product, key)
    place.caller("MANAGER").ok("DELETE", path_of(product, "request", request["id"]), status=204)
    heard(bus, ids, ASKED + "revoked")
    assert ASKED + "canceled" not in bus.names(*ids)
