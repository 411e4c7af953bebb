"""Starting executions of state machines by Step Functions."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from typing import Any

from souk import jsontext
from souk.errors import Failed

Starter = Callable[[str, str, dict[str, Any]], None]
_CONNECT_SECONDS = 2
_READ_SECONDS = 5
_ATTEMPTS = 3

_starter: Starter | None = None


def start(machine: str, name: str, given: dict[str, Any]) -> None:
    """Start `machine` (publish, initialize, ...) with `given` as its input; a repeat of the same name does nothing.

    The machine's ARN is in the environment as `SOUK_STATE_MACHINE_<NAME>`. Raises Failed.
    """
    (_starter or _start_execution)(machine, name, given)


def use(starter: Starter | None) -> None:
    """Start machines by this function from now on; None: by Step Functions again."""
    global _starter  # noqa: PLW0603 - one way per process is the point
    _starter = starter


def _start_execution(machine: str, name: str, given: dict[str, Any]) -> None:
    from botocore.exceptions import BotoCoreError, ClientError

    arn = os.environ.get(f"SOUK_STATE_MACHINE_{machine.upper().replace('-', '_')}", "")
    if not arn:
        raise Failed(f"there is no state machine {machine!r} here")
    try:
        _client().start_execution(stateMachineArn=arn, name=name, input=jsontext.dump(given).decode())
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") != "ExecutionAlreadyExists":
            raise Failed(f"the state machine {machine!r} could not be started") from error
    except BotoCoreError as error:
        raise Failed(f"the state machine {machine!r} could not be started") from error


@cache
def _client() -> Any:
    import boto3
    from botocore.config import Config

    config = Config(
        connect_timeout=_CONNECT_SECONDS,
        read_timeout=_READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": _ATTEMPTS},
    )
    return boto3.client("stepfunctions", config=config)
