"""Calls to AWS: their failures in the core's words, and bounded retries of transactions."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from souk.errors import Busy, Failed, SoukError, TooLarge

_TRANSIENT = frozenset({"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"})
_THROTTLED = frozenset(
    {
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "SlowDown",
        "ThrottlingException",
        "TransactionInProgressException",
    }
)
_CONFLICT = "TransactionConflictException"
# What the service itself said names accounts, roles and hosts: it stays in the log.
_SILENT = "a service that Souk depends on does not answer; send the request again"
_REFUSED = "a service that Souk depends on refused; send the request again"
_CONTENDED = "too many writers change the same records at once; send the request again"
_ATTEMPTS = 12
_LONGEST_PAUSE = 0.4
"""Seconds. Twelve attempts wait two seconds in all, on average."""

Reasons = Sequence[str]
"""What DynamoDB said of each item of a cancelled transaction, by its index: `None` where nothing was wrong."""


class Cancelled(Exception):
    """A transaction's condition did not hold. `reasons` are by item index."""

    def __init__(self, reasons: Reasons) -> None:
        super().__init__(", ".join(reasons))
        self.reasons = reasons

    def failed(self) -> list[int]:
        """The indexes of the items whose condition did not hold."""
        return [index for index, reason in enumerate(self.reasons) if reason == "ConditionalCheckFailed"]


def call(method: Callable[..., Any], **arguments: Any) -> Any:
    """The method's answer. Raises errors.Busy (throttled) and errors.Failed (no answer, or a refusal).

    A single write that meets somebody's transaction is tried again.
    """
    for attempt in range(_ATTEMPTS):
        try:
            return method(**arguments)
        except ClientError as error:
            if _code(error) != _CONFLICT:
                raise _in_our_words(error) from error
        except BotoCoreError as error:
            raise Failed(_SILENT) from error
        pause(attempt)
    raise Busy(_CONTENDED)


def call_if(method: Callable[..., Any], **arguments: Any) -> bool:
    """Make a write that has a condition; False when that does not hold. Raises what `call` raises."""
    try:
        call(method, **arguments)
    except Failed as failed:
        cause = failed.__cause__
        if isinstance(cause, ClientError) and _code(cause) == "ConditionalCheckFailedException":
            return False
        raise
    return True


def transact(client: Any, items: list[dict[str, Any]], token: str) -> None:
    """Carry out the transaction once, however often it is tried. `token` (36 characters at most) names it.

    Conflicts and throttling are tried again under the same token. Raises Cancelled when a condition does not
    hold, errors.Busy when conflicts do not end, errors.Failed without an answer.
    """
    for attempt in range(_ATTEMPTS):
        try:
            client.transact_write_items(TransactItems=items, ClientRequestToken=token)
        except ClientError as error:
            _give_up_unless_transient(error)
        except BotoCoreError as error:
            raise Failed(_SILENT) from error
        else:
            return
        pause(attempt)
    raise Busy(_CONTENDED)


def pause(attempt: int) -> None:
    """Wait a random moment, longer with every attempt."""
    time.sleep(random.uniform(0, min(0.01 * 2**attempt, _LONGEST_PAUSE)))  # noqa: S311 - jitter, no secret


def _give_up_unless_transient(error: ClientError) -> None:
    code = _code(error)
    if code == "TransactionInProgressException":
        return
    if code != "TransactionCanceledException":
        raise _in_our_words(error) from error
    reasons = [str(r.get("Code") or "None") for r in error.response.get("CancellationReasons", [])]
    if any(reason in _TRANSIENT for reason in reasons) and "ConditionalCheckFailed" not in reasons:
        return
    if "ConditionalCheckFailed" in reasons:
        raise Cancelled(reasons)
    raise Failed(_REFUSED) from error


def _in_our_words(error: ClientError) -> SoukError | ValueError:
    code = _code(error)
    if code in _THROTTLED:
        return Busy("a service that Souk depends on is busy; send the request again")
    if code == "IdempotentParameterMismatchException":
        return ValueError("a commit with this id and another content was written before")
    if code == "ValidationException" and "size" in str(error).lower():
        return TooLarge("the request is larger than the database takes at once")
    return Failed(_REFUSED)


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))
