"""The one way to run a function here: for requests, streams, schedules, bus targets and state machine tasks alike.

Handlers run in this process. What Lambda would report of a failure is reported the same way, with the error type's
own name, because Retry and Catch match on it.
"""

from __future__ import annotations

import importlib
import json
import logging
import sys
import time
import traceback
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotInTime
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import getrandbits
from typing import Any, NamedTuple
from uuid import UUID

from local.templates import Function
from local.workers import Workers

_log = logging.getLogger("local.executor")
Handler = Callable[[dict[str, Any], Any], Any]


class Outcome(NamedTuple):
    """What a function returned, or Lambda's description of its failure (errorType, errorMessage, stackTrace)."""

    value: Any
    error: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """Lambda's context object."""

    function_name: str
    memory_limit_in_mb: int
    invoked_function_arn: str
    log_group_name: str
    deadline: float
    aws_request_id: str = field(default_factory=lambda: str(UUID(int=getrandbits(128), version=4)))
    function_version: str = "$LATEST"
    log_stream_name: str = "local"
    identity: None = None
    client_context: None = None

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the function's timeout, zero when it is over."""
        return max(0, int((self.deadline - time.monotonic()) * 1000))


class Executor:
    """Imports handlers, keeps them, and runs them on threads.

    Requests and reactions have threads of their own: a request that waits for a state machine must not keep the
    machine's tasks from running.
    """

    def __init__(self, functions: Iterable[Function], layers: Iterable[Path] = (), request_threads: int = 48) -> None:
        self._handlers: dict[str, Handler] = {}
        self._requests: Workers[Outcome] = Workers(request_threads, "request")
        self._reactions = ThreadPoolExecutor(64, "reaction")
        self._functions = {function.name: function for function in functions}
        for path in dict.fromkeys([*layers, *(function.code for function in self._functions.values())]):
            if str(path) not in sys.path:
                sys.path.insert(0, str(path))

    def by_arn(self, arn: str) -> Function | None:
        """The function with this ARN (a version or alias after it does not matter) or full name."""
        name = arn.rsplit(":function:", maxsplit=1)[-1].partition(":")[0]
        return self._functions.get(name)

    def warm(self) -> None:
        """Import every handler now. What cannot be imported is reported when it is called."""
        for function in self._functions.values():
            self._load(function)

    async def answer(self, function: Function, event: dict[str, Any], seconds: float) -> Outcome:
        """Run the function for a request, on a request thread. Raises TimeoutError after so many seconds."""
        return await self._requests.run(partial(self.run, function, event), seconds)

    def invoke(self, function: Function, event: Any) -> Outcome:
        """Run the function for anything but a request: event and answer pass through JSON, the timeout is kept."""
        future = self._reactions.submit(self.run, function, json.loads(json.dumps(event)))
        try:
            outcome = future.result(function.timeout)
        except NotInTime:
            return timed_out(function)
        if outcome.error:
            return outcome
        try:
            return Outcome(json.loads(json.dumps(outcome.value)))
        except (TypeError, ValueError) as error:
            return Outcome(None, _failure("Runtime.MarshalError", f"Unable to marshal response: {error}"))

    def run(self, function: Function, event: Any) -> Outcome:
        """Run the function on this thread, without a timeout. Never raises."""
        handler = self._handlers.get(function.name) or self._load(function)
        if isinstance(handler, Outcome):
            return handler
        context = Context(
            function.name,
            function.memory,
            function.arn,
            f"/aws/lambda/{function.name}",
            time.monotonic() + function.timeout,
        )
        try:
            return Outcome(handler(event, context))
        except Exception as error:  # noqa: BLE001 - whatever a handler raises is its function's failure
            _log_failure(function, error)
            return Outcome(None, failure_of(error))
        except SystemExit as error:
            _log_failure(function, error)
            return Outcome(None, _failure("Runtime.ExitError", f"the function ended its process: {error.code}"))

    def stop(self) -> None:
        """Take no more work; what runs may finish."""
        self._requests.stop()
        self._reactions.shutdown(wait=False, cancel_futures=True)

    def _load(self, function: Function) -> Handler | Outcome:
        name, _, attribute = function.handler.replace("/", ".").rpartition(".")
        try:
            handler: Handler = getattr(importlib.import_module(name), attribute)
        except SyntaxError as error:
            return _not_loaded(function, "Runtime.UserCodeSyntaxError", f"Syntax error in module {name!r}: {error}")
        except ImportError as error:
            return _not_loaded(function, "Runtime.ImportModuleError", f"Unable to import module {name!r}: {error}")
        except AttributeError:
            return _not_loaded(function, "Runtime.HandlerNotFound", f"Handler {attribute!r} missing on module {name!r}")
        except Exception as error:  # noqa: BLE001 - a module may raise anything while it is imported
            _log_failure(function, error)
            return Outcome(None, failure_of(error))
        self._handlers[function.name] = handler
        return handler


def timed_out(function: Function) -> Outcome:
    """What Lambda reports of a function that did not end in time."""
    return Outcome(None, _failure("Sandbox.Timedout", f"Task timed out after {function.timeout}.00 seconds"))


def failure_of(error: Exception) -> dict[str, Any]:
    """What Lambda reports of an exception: the name of its type, its text, the places it passed."""
    trace = traceback.format_list(traceback.extract_tb(error.__traceback__)[1:])
    return _failure(type(error).__name__, str(error), trace)


def _failure(kind: str, text: str, trace: list[str] | None = None) -> dict[str, Any]:
    return {"errorType": kind, "errorMessage": text, "stackTrace": trace or []}


def _not_loaded(function: Function, kind: str, text: str) -> Outcome:
    _log.error("%s cannot be loaded: %s", function.name, text)
    return Outcome(None, _failure(kind, text))


def _log_failure(function: Function, error: BaseException) -> None:
    """The type and the places only: an exception's text may quote a payload."""
    places = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]
    _log.error("%s raised %s at %s", function.name, type(error).__name__, " < ".join(reversed(places[-6:])))
