"""`souk redrive`: dead letters of streams and of the bus, delivered again."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from local.cli.options import DEFAULT_STATE, Stack, StateFolder, refuse
from local.deployed import NotThere, resources
from local.state import InUse, State

Queues = Annotated[
    list[str] | None,
    typer.Option("--queue", help="URL of a queue of a deployment on AWS, by your own credentials. Repeatable."),
]


def redrive(queue: Queues = None, stack: Stack = "", state: StateFolder = DEFAULT_STATE) -> None:
    """Deliver again what streams and the bus gave up on, once its cause is removed. By itself: in the local run.

    Ends with 1 when letters stay in their queues; it then says why.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    from local.redriving import Redriven

    try:
        queues = [*(queue or []), *(resources(stack, "AWS::SQS::Queue").values() if stack else [])]
        done = _on_aws(queues) if queues or stack else _here(State(state))
    except (InUse, NotThere, OSError, ValueError, BotoCoreError, ClientError) as error:
        refuse(error)
    whole = Redriven(sum(one.delivered for one in done), [text for one in done for text in one.left])
    typer.echo(f"{whole.delivered} dead letters were delivered, {len(whole.left)} stay in their queues")
    for text in whole.left:
        typer.echo(f"  {text}", err=True)
    raise typer.Exit(1 if whole.left else 0)


def _on_aws(queues: list[str]) -> list[Any]:
    import boto3

    from local import redriving

    functions = boto3.client("lambda")

    def invoke(arn: str, event: dict[str, Any]) -> str:
        answer = functions.invoke(FunctionName=arn, Payload=json.dumps(event).encode())
        return str(answer.get("FunctionError", ""))

    held = redriving.InStream(boto3.client("dynamodbstreams"))
    return [redriving.redrive(boto3.client("sqs"), one, held, invoke) for one in queues]


def _here(state: State) -> list[Any]:
    import os

    import boto3

    from local import redriving
    from local.workbench import open_workbench

    with open_workbench(state) as bench:

        def invoke(arn: str, event: dict[str, Any]) -> str:
            function = bench.executor.by_arn(arn)
            outcome = bench.executor.invoke(function, event) if function else None
            error = (outcome.error or {}) if outcome else {"errorType": "there is no such function"}
            return str(error.get("errorType", ""))

        from souk.store.connect import connect

        embedded = os.environ.get("SOUK_STORE") == "sqlite"
        held: redriving.Held = (
            redriving.InStore(connect()) if embedded else redriving.InStream(boto3.client("dynamodbstreams"))
        )
        sqs = boto3.client("sqs")
        urls = [sqs.get_queue_url(QueueName=one["QueueName"])["QueueUrl"] for one in bench.application.queues]
        return [redriving.redrive(sqs, url, held, invoke) for url in urls]
