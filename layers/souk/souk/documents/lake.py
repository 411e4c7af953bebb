"""Grants on tables of the data catalog, by Lake Formation."""

from __future__ import annotations

from typing import Any

from souk.errors import Failed, Invalid
from souk.store import clients

_REFUSED = frozenset({"EntityNotFoundException", "InvalidInputException", "AccessDeniedException"})
_GONE = frozenset({"EntityNotFoundException", "InvalidInputException"})
_PERMISSIONS = ["SELECT", "DESCRIBE"]


def grant(principal: str, database: str, table: str) -> None:
    """Let the principal read the table; a repeat changes nothing. Raises Invalid (no such table), Failed."""
    try:
        _call("grant_permissions", principal, database, table, Permissions=_PERMISSIONS)
    except Refused as refused:
        raise Invalid(f"the table could not be granted: {refused}") from None


def revoke(principal: str, database: str, table: str) -> None:
    """Take the grant back; one that is not there is no error. Raises Failed."""
    try:
        _call("revoke_permissions", principal, database, table, Permissions=_PERMISSIONS)
    except Refused as refused:
        if refused.code not in _GONE:
            raise Failed(f"the grant could not be taken back: {refused}") from None


def holds(principal: str, database: str, table: str) -> bool:
    """Whether the principal may read the table. One on all columns is listed as one on the table, or on its columns.

    Raises Failed.
    """
    held: set[str] = set()
    asked: dict[str, Any] = {}
    while True:
        try:
            page = _call("list_permissions", principal, database, table, **asked)
        except Refused as refused:
            if refused.code == "EntityNotFoundException":
                return False
            raise Failed(f"the grants could not be read: {refused}") from None
        held.update(right for entry in page["PrincipalResourcePermissions"] for right in entry["Permissions"])
        if not page.get("NextToken"):
            return held.issuperset(_PERMISSIONS)
        asked = {"NextToken": page["NextToken"]}


class Refused(Exception):
    """What the service does not do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def _call(action: str, principal: str, database: str, table: str, **more: Any) -> Any:
    from botocore.exceptions import BotoCoreError, ClientError

    parameters = {
        "Principal": {"DataLakePrincipalIdentifier": principal},
        "Resource": {"Table": {"DatabaseName": database, "Name": table}},
        **more,
    }
    try:
        return getattr(clients.client("lakeformation"), action)(**parameters)
    except ClientError as error:
        told = error.response.get("Error", {})
        if told.get("Code") in _REFUSED:
            raise Refused(str(told.get("Code")), str(told.get("Message", ""))) from None
        raise Failed("the data catalog did not answer") from error
    except BotoCoreError as error:
        raise Failed("the data catalog did not answer") from error
