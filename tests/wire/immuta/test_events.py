"""Names of events on the bus (contract section 9)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
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
        self.heard: list[tuple[str, Doc]] = []

    def listen(self) -> None:
        found = self.sqs.receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10).get("Messages", [])
        bodies = [json.loads(one["Body"]) for one in found]
        self.heard += [(body["detail-type"], body["detail"]) for body in bodies]
        for one in found:
            self.sqs.delete_message(QueueUrl=self.queue, ReceiptHandle=one["ReceiptHandle"])

    def names(self, *ids: str) -> set[str]:
        """Names of the events heard so far that are about one of these ids."""
        self.listen()
        return {name for name, detail in self.heard if detail["subject"] in ids}

    def data(self, name: str, id: str) -> Doc:
        """What the event of this name says of this id."""
        (found,) = {
            json.dumps(detail["data"]) for heard, detail in self.heard if (heard, detail["subject"]) == (name, id)
        }
        told: Doc = json.loads(found)
        return told

    def close(self) -> None:
        self.events.remove_targets(Rule=self.rule, EventBusName="souk", Ids=["queue"])
        self.events.delete_rule(Name=self.rule, EventBusName="souk")
        self.sqs.delete_queue(QueueUrl=self.queue)


@pytest.fixture(scope="module")
def bus(souk: Any) -> Iterator[Bus]:
    bus = Bus(souk.state)
    yield bus
    bus.close()


def heard(bus: Bus, id: str, *names: str) -> None:
    eventually(lambda: set(names) <= bus.names(id))


def told(request: Doc, status: str) -> Doc:
    """What events say of a request beside the time."""
    about = {"id": request["id"], "type": request["type"], "status": status}
    return about | {"dataProduct": {"id": request["dataProduct"]["id"]}}


def said(bus: Bus, name: str, id: str) -> Doc:
    """The data of an event without its time, which every event has."""
    data = bus.data(name, id)
    assert datetime.fromisoformat(data.pop("timestamp")).tzinfo is not None
    return data


def test_a_product_comes_and_goes(bus: Bus, place: Marketplace, other: Caller) -> None:
    product, manager = place.product(), place.caller("MANAGER")
    manager.ok("PUT", path_of(product, "datasources"), {"dataSources": place.attached()})
    heard(bus, product["id"], STATE + "created", SOURCES)
    assert said(bus, STATE + "created", product["id"]) == {"id": product["id"]}
    assert said(bus, SOURCES, product["id"]) == {"id": product["id"], "dataSources": place.attached()}
    request = place.request(product, other)
    heard(bus, request["id"], ASKED + "created")
    manager.ok("DELETE", path_of(product))
    heard(bus, product["id"], STATE + "deleted")
    heard(bus, request["id"], ASKED + "deleted")
    assert said(bus, ASKED + "deleted", request["id"]) == told(request, "CANCELED")


@pytest.mark.parametrize("asking", ["request", "masking"])
@pytest.mark.parametrize("status", ["APPROVED", "DENIED"])
def test_a_determination(bus: Bus, place: Marketplace, other: Caller, status: str, asking: str) -> None:
    product = place.product(dataSources=place.attached())
    request = getattr(place, asking)(product, other)
    place.determine(request, status)
    heard(bus, request["id"], ASKED + "created", ASKED + "consumer.updated")
    assert said(bus, ASKED + "created", request["id"]) == told(request, "PENDING")
    assert said(bus, ASKED + "consumer.updated", request["id"]) == told(request, status)
    assert ASKED + "revoked" not in bus.names(request["id"])


@pytest.mark.parametrize("asking", ["request", "masking"])
def test_a_withdrawal(bus: Bus, place: Marketplace, other: Caller, asking: str) -> None:
    product = place.product(dataSources=place.attached())
    request = getattr(place, asking)(product, other)
    other.ok("DELETE", request_path(request), status=204)
    heard(bus, request["id"], ASKED + "canceled")
    assert said(bus, ASKED + "canceled", request["id"]) == told(request, "CANCELED")
    assert ASKED + "consumer.updated" not in bus.names(request["id"])


@pytest.mark.parametrize("asking", ["request", "masking"])
def test_a_revocation(bus: Bus, place: Marketplace, other: Caller, asking: str) -> None:
    product = place.product(requestFormId=place.open_form, dataSources=place.attached())
    request = getattr(place, asking)(product, other)
    place.caller("MANAGER").ok("DELETE", path_of(product, "request", request["id"]), status=204)
    heard(bus, request["id"], ASKED + "revoked")
    assert said(bus, ASKED + "revoked", request["id"]) == told(request, "REVOKED")
    assert ASKED + "canceled" not in bus.names(request["id"])


def test_an_end(bus: Bus, place: Marketplace, other: Caller) -> None:
    product = place.product()
    request = place.request(product, other)
    place.determine(request, duration=1, durationUnit="HOURS")
    heard(bus, request["id"], ASKED + "consumer.updated")
    end = other.get(request_path(request))["expiration"]
    assert said(bus, ASKED + "consumer.updated", request["id"]) == told(request, "APPROVED") | {"expiration": end}
