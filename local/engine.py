"""The emulated part of AWS: S3, SQS, EventBridge and Step Functions, and DynamoDB for ENGINE=aws.

It runs in this process on a port of its own, on 127.0.0.1 only. In our process, because then tasks and targets run
through the executor directly: a separate process took 50 ms and more for each invocation.
"""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import threading
import time
from typing import TYPE_CHECKING, Any

from local import ministack_patches
from local.cloudformation import REGION
from local.delivery import to_queue
from local.executor import Executor
from local.state import State
from local.templates import Application, BusRule

if TYPE_CHECKING:
    import uvicorn

_log = logging.getLogger("local.engine")
_START_SECONDS = 20
_EXISTS = {
    "BucketAlreadyOwnedByYou",
    "BucketAlreadyExists",
    "ResourceAlreadyExistsException",
    "ResourceInUseException",
    "StateMachineAlreadyExists",
    "QueueAlreadyExists",
    "QueueNameExists",
}


class EngineFailed(Exception):
    """The emulator did not start."""


class Engine:
    """Runs the emulator and creates in it what the templates declare."""

    def __init__(self, state: State, application: Application, executor: Executor, *, tables: bool) -> None:
        self._state, self._application, self._executor, self._tables = state, application, executor, tables
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._making = threading.Lock()
        self._session: Any = None
        self.endpoint = ""
        self.data = state.engine_data

    def start(self) -> None:
        """Serve, and create what is missing. Raises EngineFailed."""
        listener = _listener(self._state.fact("engine_port"))
        port = listener.getsockname()[1]
        self._state.remember("engine_port", port)
        self.endpoint = f"http://127.0.0.1:{port}"
        self.data.mkdir(parents=True, exist_ok=True)
        served = ministack_patches.load(self.data, port, self._executor, to_queue(self.client))
        if self._tables:
            ministack_patches.load_tables(self.data)
        self._serve(served, listener)
        self._create()

    def stop(self) -> None:
        """Save the tables and stop serving."""
        if self._server is None or self._thread is None:
            return
        self.save()
        self._server.should_exit = True
        self._thread.join(10)

    def save(self) -> None:
        """Snapshot the tables. Without them nothing needs saving: objects are on disk already."""
        if self._tables:
            ministack_patches.save_tables(self.data)

    def client(self, service: str) -> Any:
        """A boto3 client of the emulator; all of one session, since each would read the list of endpoints anew."""
        import boto3
        from botocore.config import Config

        with self._making:
            if self._session is None:
                self._session = boto3.session.Session()
            return self._session.client(
                service,
                endpoint_url=self.endpoint,
                region_name=REGION,
                aws_access_key_id="local",
                aws_secret_access_key="local",  # noqa: S106 - the emulator takes any
                config=Config(retries={"total_max_attempts": 2}, connect_timeout=5, read_timeout=60),
            )

    def put_events(self, **arguments: Any) -> dict[str, Any]:
        """What a client's `put_events` does, without a way over HTTP from this process to itself. Raises Failed."""
        assert self._loop is not None
        return ministack_patches.put_events(self._loop, **arguments)

    def _serve(self, served: Any, listener: socket.socket) -> None:
        import uvicorn

        async def noting(scope: Any, receive: Any, send: Any) -> None:
            self._loop = asyncio.get_running_loop()
            await served(scope, receive, send)

        config = uvicorn.Config(
            noting,
            lifespan="on",
            access_log=False,
            log_config=None,
            timeout_graceful_shutdown=3,
            ws="none",
            proxy_headers=False,
        )
        self._server = server = uvicorn.Server(config)
        self._thread = threading.Thread(target=server.run, args=([listener],), name="engine", daemon=True)
        self._thread.start()
        until = time.monotonic() + _START_SECONDS
        while not server.started:
            if time.monotonic() > until or not self._thread.is_alive():
                raise EngineFailed("the emulator of AWS services did not start")
            time.sleep(0.005)

    def _create(self) -> None:
        application = self._application
        if application.buckets:
            s3 = self.client("s3")
            place = {"LocationConstraint": REGION}
            for bucket in application.buckets:
                _once(s3.create_bucket, Bucket=bucket["BucketName"], CreateBucketConfiguration=place)
        if application.queues:
            sqs = self.client("sqs")
            for queue in application.queues:
                _once(sqs.create_queue, QueueName=queue["QueueName"])
        if application.machines:
            self._create_machines()
        if application.buses or self._rules():
            self._create_rules()
        if self._tables:
            self._create_tables()

    def _create_machines(self) -> None:
        client = self.client("stepfunctions")
        role = "arn:aws:iam::000000000000:role/local"
        for machine in self._application.machines:
            definition = json.dumps(machine.definition)
            _once(
                client.create_state_machine, name=machine.name, definition=definition, roleArn=role, type=machine.kind
            )

    def _rules(self) -> list[tuple[BusRule, str]]:
        functions = [(rule, function.arn) for function in self._application.functions for rule in function.rules]
        return functions + [(rule, machine.arn) for machine in self._application.machines for rule in machine.rules]

    def _create_rules(self) -> None:
        client = self.client("events")
        for bus in self._application.buses:
            _once(client.create_event_bus, Name=bus)
        for rule, arn in self._rules():
            client.put_rule(Name=rule.name, EventBusName=rule.bus, EventPattern=json.dumps(rule.pattern))
            target = {"Id": "target", "Arn": arn} | ({"Input": rule.input} if rule.input else {})
            client.put_targets(Rule=rule.name, EventBusName=rule.bus, Targets=[target])

    def _create_tables(self) -> None:
        client = self.client("dynamodb")
        for table in self._application.tables:
            _once(client.create_table, **_table(table))
            expiry = table.get("TimeToLiveSpecification")
            if expiry:
                client.update_time_to_live(TableName=table["TableName"], TimeToLiveSpecification=expiry)


def _table(properties: dict[str, Any]) -> dict[str, Any]:
    """CreateTable's parameters for a table of the template."""
    taken = (
        "TableName",
        "AttributeDefinitions",
        "KeySchema",
        "BillingMode",
        "ProvisionedThroughput",
        "GlobalSecondaryIndexes",
        "LocalSecondaryIndexes",
    )
    result = {name: properties[name] for name in taken if name in properties}
    stream = properties.get("StreamSpecification")
    return result | ({"StreamSpecification": {"StreamEnabled": True, **stream}} if stream else {})


def _once(create: Any, **parameters: Any) -> None:
    """Create, or leave what is there already."""
    from botocore.exceptions import ClientError

    try:
        create(**parameters)
    except ClientError as error:
        if error.response["Error"]["Code"] not in _EXISTS:
            raise


def _listener(preferred: int | None) -> socket.socket:
    """A socket on the port of the last time, or on any free one."""
    for port in dict.fromkeys((preferred or 0, 0)):
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            listener.close()
            continue
        listener.listen(128)
        return listener
    raise EngineFailed("there is no free port on 127.0.0.1")
