"""Stacks of Souk in an account that is simulated in this process, and the `souk` command beside them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import pytest
import yaml
from moto import mock_aws
from typer.testing import CliRunner, Result

from local.cli import app
from local.deployed import environment_of, output
from souk.store import clients, connect
from souk.store.dynamodb import DynamoStore
from tests.repository.tree import ROOT, template

_KEPT = {"Entities": "EntitiesTable", "Outbox": "OutboxTable", "Log": "LogTable", "Bucket": "BucketName"}
_SOUK = ("STORE", "ENTITIES_TABLE", "OUTBOX_TABLE", "LOG_TABLE", "BUCKET", "BUS")
_AWS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_DEFAULT_REGION": "eu-west-1"}


@contextmanager
def account() -> Iterator[None]:
    """An AWS account of its own. What a command puts into the environment is gone afterwards."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("AWS_ENDPOINT_URL", raising=False)
        for name, value in _AWS.items():
            patch.setenv(name, value)
        for name in _SOUK:
            patch.setenv(f"SOUK_{name}", "")
            patch.delenv(f"SOUK_{name}")
        with mock_aws():
            clients.forget()
            connect.use(None)
            yield
        clients.forget()
        connect.use(None)


def deploy(name: str) -> None:
    """A stack with the tables and the bucket of the template, and its outputs."""
    declared = template(ROOT / "template.yaml")["Resources"]
    kept = {logical: {**declared[logical], "DeletionPolicy": "Delete"} for logical in _KEPT}
    for one in kept.values():
        one.pop("UpdateReplacePolicy")
        one["Properties"].pop("DeletionProtectionEnabled", None)
    outputs: dict[str, Any] = {output: {"Value": {"Ref": logical}} for logical, output in _KEPT.items()}
    told = {"BusName": name, "HubUrl": "http://127.0.0.1:9"}
    outputs |= {output: {"Value": value} for output, value in told.items()}
    text = yaml.safe_dump({"Resources": kept, "Outputs": outputs})
    formation: Any = boto3.client("cloudformation")
    formation.create_stack(StackName=name, TemplateBody=text)
    # The simulation leaves it out.
    versioning = kept["Bucket"]["Properties"]["VersioningConfiguration"]
    bucket = output(name, _KEPT["Bucket"])
    boto3.client("s3").put_bucket_versioning(Bucket=bucket, VersioningConfiguration=versioning)


def store_of(stack: str) -> DynamoStore:
    """The store of a stack, which the doors of this process use from here on."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment_of(stack).items():
            patch.setenv(name, value)
        store = DynamoStore.from_environment()
    connect.use(store)
    return store


def souk(*words: str) -> Result:
    """The command, run in this process by its own environment."""
    connect.use(None)
    clients.forget()
    return CliRunner().invoke(app, list(words))
