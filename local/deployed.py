"""A Souk that is deployed: what its stack says of itself."""

from __future__ import annotations

from typing import Any

_OUTPUTS = {
    "SOUK_ENTITIES_TABLE": "EntitiesTable",
    "SOUK_OUTBOX_TABLE": "OutboxTable",
    "SOUK_LOG_TABLE": "LogTable",
    "SOUK_BUCKET": "BucketName",
    "SOUK_BUS": "BusName",
}


class NotThere(Exception):
    """There is no such stack, or it is none of Souk's, or AWS refuses; the text says which."""


def outputs(stack: str) -> dict[str, str]:
    """What the stack puts out, by name. Raises NotThere."""
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        found: Any = boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    except (BotoCoreError, ClientError) as error:
        raise NotThere(str(error)) from None
    return {one["OutputKey"]: one["OutputValue"] for one in found.get("Outputs", [])}


def output(stack: str, name: str) -> str:
    """One of them. Raises NotThere."""
    found = outputs(stack)
    if name not in found:
        raise NotThere(f"the stack {stack} has no output {name}")
    return found[name]


def resources(stack: str, kind: str) -> dict[str, str]:
    """Physical ids of a stack's resources of one type by logical id, of the stacks in it too. Raises NotThere."""
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    found: dict[str, str] = {}
    try:
        pages: Any = boto3.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=stack)
        listed = [one for page in pages for one in page["StackResourceSummaries"] if "PhysicalResourceId" in one]
    except (BotoCoreError, ClientError) as error:
        raise NotThere(str(error)) from None
    for one in listed:
        if one["ResourceType"] == "AWS::CloudFormation::Stack":
            found |= resources(one["PhysicalResourceId"], kind)
        elif one["ResourceType"] == kind:
            found[one["LogicalResourceId"]] = one["PhysicalResourceId"]
    return found


def environment_of(stack: str) -> dict[str, str]:
    """The environment in which the core works on the stack's tables, with one's own credentials. Raises NotThere."""
    found = outputs(stack)
    lacking = [name for name in _OUTPUTS.values() if name not in found]
    if lacking:
        raise NotThere(f"the stack {stack} has no output {lacking[0]}")
    return {"SOUK_STORE": "dynamodb"} | {variable: found[name] for variable, name in _OUTPUTS.items()}
