"""Starting executions of state machines by Step Functions."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from souk import jsontext
from souk.errors import Failed
from souk.store import clients

Starter = Callable[[str, str, dict[str, Any]], None]

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
    text = jsontext.dump(given).decode()
    try:
        clients.client("stepfunctions").start_execution(stateMachineArn=arn, name=name, input=text)
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") != "ExecutionAlreadyExists":
            raise Failed(f"the state machine {machine!r} could not be started") from error
    except BotoCoreError as error:
        raise Failed(f"the state machine {machine!r} could not be started") from error
