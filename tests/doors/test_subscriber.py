"""The example subscriber of docs/events.md: its rule, on a bus with its queue, hears of what a running Souk tells."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import boto3
import httpx
import pytest
import yaml
from moto import mock_aws

from souk.bus.eventbridge import EventBridge
from souk.bus.port import Message
from souk.store import clients
from tests.repository.tree import ROOT, template

EXAMPLE = ROOT / "docs/examples/subscriber.yaml"


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The URL of the example's queue, deployed as its template says, on the bus `souk`."""
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    with mock_aws():
        clients.forget()
        boto3.client("events").create_event_bus(Name="souk")
        formation: Any = boto3.client("cloudformation")
        formation.create_stack(
            StackName="subscriber",
            TemplateBody=EXAMPLE.read_text(),
            Parameters=[{"ParameterKey": "BusName", "ParameterValue": "souk"}],
        )
        (output,) = formation.describe_stacks(StackName="subscriber")["Stacks"][0]["Outputs"]
        yield output["OutputValue"]
    clients.forget()


def received(queue: str) -> list[dict[str, Any]]:
    answer: Any = boto3.client("sqs").receive_message(QueueUrl=queue, MaxNumberOfMessages=10)
    return [json.loads(message["Body"])["detail"] for message in answer.get("Messages", [])]


@pytest.mark.filterwarnings("ignore:Tried to parse AWS..SQS..QueuePolicy")  # moto knows no policies of queues
def test_the_queue_gets_what_its_rule_names_and_nothing_else(client: httpx.Client, queue: str) -> None:
    of_each = {event["type"]: event for event in client.get("/api/events").json()}  # a queue gives out ten at a time
    events = list(of_each.values())
    names = {event["type"].rpartition(".")[2] for event in events}
    EventBridge("souk").put([Message(event["type"].rpartition(".")[2], json.dumps(event)) for event in events])
    wanted = template(EXAMPLE)["Resources"]["Rule"]["Properties"]["EventPattern"]["detail-type"]
    heard = received(queue)
    assert {event["type"].rpartition(".")[2] for event in heard} <= set(wanted) < names | set(wanted)
    assert [event["id"] for event in heard] == [e["id"] for e in events if e["type"].rpartition(".")[2] in wanted]
    assert heard


def test_the_rule_names_messages_that_there_are() -> None:
    document = json.loads((ROOT / "functions/hub/asyncapi.json").read_text())
    rule = yaml.safe_dump(template(EXAMPLE)["Resources"]["Rule"]["Properties"]["EventPattern"])
    named = [name for name in document["channels"]["bus"]["messages"] if name in rule]
    assert {"DataUsageAgreementActivatedEvent", "DataUsageAgreementDeactivatedEvent"} <= set(named)
