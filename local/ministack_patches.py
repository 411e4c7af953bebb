"""Every touch on ministack's private names, in one place. It is pinned; tests/local holds that the pin has not moved.

* Lambda targets of state machines and rules run through our executor.
* It looks for no Docker, starts none of its listeners beside HTTP, and prints nothing.
* Events may be put on its bus without HTTP, and it keeps the last of them only.
* DynamoDB's tables are saved and loaded on our word; everything else is made anew at each start.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any

from local.cloudformation import ACCOUNT, REGION
from local.delivery import DeadLetter, tell
from local.executor import Executor, Outcome

PINNED = "1.5.33"
SERVICES = "s3,sqs,sns,events,states,dynamodb,dynamodbstreams,sts"
PATCHED = {
    "ministack.app": ("_docker_socket_present", "_stop_docker_containers", "_run_init_scripts"),
    "ministack.core.container_reaper": ("start",),
    "ministack.services.stepfunctions": ("_call_lambda", "_ExecutionError"),
    "ministack.services.eventbridge": ("_dispatch_to_lambda", "_put_events", "_events_log"),
    "ministack.services.s3": ("DATA_DIR", "S3_PERSIST"),
    "ministack.services.dynamodb": ("get_state", "load_persisted_state"),
    "ministack.core.responses": ("set_request_region",),
    "ministack.core.persistence": ("save_state", "load_state", "PERSIST_STATE", "STATE_DIR"),
}
"""Names that this module replaces or calls."""
EVENTS_KEPT = 100
_PUT_SECONDS = 10


def _settings(data: Path, port: int) -> None:
    """ministack takes its settings from the environment, some while it is imported and some while it serves."""
    os.environ.update(
        BIND_HOST="127.0.0.1",
        GATEWAY_PORT=str(port),
        MINISTACK_HOST="127.0.0.1",
        MINISTACK_REGION=REGION,
        MINISTACK_ACCOUNT_ID=ACCOUNT,
        S3_PERSIST="1",
        S3_DATA_DIR=str(data / "s3"),
        PERSIST_STATE="0",
        IOT_MTLS_ENABLED="0",
        SFTP_ENABLED="0",
        SERVICES=SERVICES,
    )


@contextmanager
def _quiet() -> Iterator[None]:
    """While it is imported it sets up logging for the whole process by LOG_LEVEL, which is the functions' own."""
    before = os.environ.get("LOG_LEVEL")
    os.environ["LOG_LEVEL"] = "ERROR"
    try:
        yield
    finally:
        os.environ.pop("LOG_LEVEL")
        if before is not None:
            os.environ["LOG_LEVEL"] = before


def load(data: Path, port: int, executor: Executor, dead_letter: DeadLetter) -> Any:
    """Import ministack with our settings and hooks. The ASGI application to serve."""
    _settings(data, port)
    with _quiet():
        from ministack import app
        from ministack.core import container_reaper
        from ministack.services import dynamodb, eventbridge, s3, stepfunctions

    assert dynamodb is not None
    s3.DATA_DIR, s3.S3_PERSIST = str(data / "s3"), True
    logging.getLogger().setLevel(logging.WARNING)
    app._docker_socket_present = lambda: False
    app._stop_docker_containers = lambda *_, **__: None
    app._run_init_scripts = lambda: None
    container_reaper.start = lambda *_, **__: None
    stepfunctions._call_lambda = _task(executor, stepfunctions._ExecutionError)
    eventbridge._dispatch_to_lambda = _target(executor, dead_letter)
    return app.app


def _task(executor: Executor, error_type: Callable[[str, str], Exception]) -> Callable[[str, Any], Any]:
    def call(reference: str, event: Any) -> Any:
        function = executor.by_arn(reference)
        if function is None:
            raise error_type("Lambda.ResourceNotFoundException", f"Function not found: {reference}")
        outcome: Outcome = executor.invoke(function, event)
        if outcome.error:
            raise error_type(outcome.error["errorType"], json.dumps(outcome.error))
        return outcome.value

    return call


def _target(executor: Executor, dead_letter: DeadLetter) -> Callable[[str, str], None]:
    def dispatch(arn: str, payload: str) -> None:
        function = executor.by_arn(arn)
        if function is None:
            logging.getLogger("local.engine").error("a rule names a function that is not there: %s", arn)
            return
        told = (executor, function, json.loads(payload), dead_letter)
        threading.Thread(target=tell, args=told, daemon=True).start()

    return dispatch


def put_events(loop: asyncio.AbstractEventLoop, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
    """What a client's `put_events` does, done on the emulator's own loop. Raises Failed where that is late."""
    from ministack.core import responses
    from ministack.services import eventbridge

    from souk.errors import Failed

    async def put() -> Any:
        responses.set_request_region(REGION)  # of this task alone
        if "entries" not in eventbridge._events_log:
            eventbridge._events_log["entries"] = deque(maxlen=EVENTS_KEPT)  # else it keeps all
        return eventbridge._put_events({"Entries": Entries})

    try:
        status, _headers, body = asyncio.run_coroutine_threadsafe(put(), loop).result(_PUT_SECONDS)
    except (TimeoutError, RuntimeError) as error:
        raise Failed("the emulated bus does not answer") from error
    if status != HTTPStatus.OK:
        raise Failed("the emulated bus refused the events")
    answer: dict[str, Any] = json.loads(body)
    return answer


def save_tables(data: Path) -> None:
    """Write DynamoDB's tables to disk, replacing the earlier snapshot whole."""
    from ministack.core import persistence
    from ministack.services import dynamodb

    _persist_to(data)
    persistence.save_state("dynamodb", dynamodb.get_state())


def load_tables(data: Path) -> None:
    """Bring back the tables of the last snapshot, if there is one."""
    from ministack.core import persistence
    from ministack.services import dynamodb

    _persist_to(data)
    kept = persistence.load_state("dynamodb")
    if kept:
        dynamodb.load_persisted_state(kept)


def _persist_to(data: Path) -> None:
    from ministack.core import persistence

    persistence.PERSIST_STATE = True
    persistence.STATE_DIR = str(data / "tables")
