"""What NAV's clients send, checked in the order and words of the contract (sections 4, 6 and 7).

Plain functions, not pydantic models: the contract fixes one message per fault and which fault is named first.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from nav.door import UNREADABLE
from souk.errors import Invalid, Unreadable

ZERO_TIME = "0001-01-01T00:00:00Z"
MAX_TEXT = 10_000
_REQUIRED_KEYS = {"bucket": ("project_id", "bucket_id"), "bigquery": ("dataset_id", "project_id", "resource_id")}
_SUBJECT_TYPES = ("user", "serviceAccount")
_TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,30}))?(Z|[+-]\d\d:\d\d)\Z", re.ASCII | re.IGNORECASE)
_ZERO = datetime(1, 1, 1, tzinfo=UTC)
# An offset may carry a written time out of the years that a datetime knows.
_BEFORE_ALL = _ZERO + timedelta(microseconds=1)
_AFTER_ALL = datetime.max.replace(tzinfo=UTC)


class ProductFields(NamedTuple):
    """What a POST or PUT gives; None where a field is omitted, empty or null."""

    name: str | None
    description: str | None
    team: str | None
    datastore: dict[str, Any] | None


class AccessSubject(NamedTuple):
    """Whom a grant or revocation is about. `expires` None means for ever."""

    subject: str
    type: str
    expires: datetime | None


def new_product(document: dict[str, Any]) -> ProductFields:
    """The fields of a POST. Raises Unreadable for wrong types, Invalid for what is missing or bad."""
    fields = changed_product(document)
    for name in ("name", "description", "team"):
        if getattr(fields, name) is None:
            raise Invalid(f"Validation failed: missing required field: {name}")
    return fields


def changed_product(document: dict[str, Any]) -> ProductFields:
    """The fields of a PUT; the empty string and the empty list count as omitted (ruling R2)."""
    texts = {name: _text(document, name) for name in ("name", "description", "team")}
    return ProductFields(**texts, datastore=_datastore(document.get("datastore")))


def access_subject(document: dict[str, Any], now: datetime) -> AccessSubject:
    """The body of a grant, checked in NAV's order: types, presence, expiry, subject type."""
    subject, kind, expires = (_string_or_none(document.get(k)) for k in ("subject", "type", "expires"))
    end = _expiry(expires)
    if not subject or not kind or len(subject) > 256:
        raise Invalid("unable to validate request document")
    if end is not None and end <= now:
        raise Invalid("invalid AccessSubject.Expires")
    return AccessSubject(subject, _subject_type(kind), end)


def revoked_subject(document: dict[str, Any]) -> AccessSubject:
    """The body of a revocation: type first, then the subject."""
    subject, kind = (_string_or_none(document.get(k)) for k in ("subject", "type"))
    checked = _subject_type(kind or "")
    if not subject:
        raise Invalid("unable to validate request document")
    return AccessSubject(subject, checked, None)


def _subject_type(kind: str) -> str:
    if kind not in _SUBJECT_TYPES:
        raise Invalid("invalid AccessSubject.Type")
    return kind


def _text(document: dict[str, Any], name: str) -> str | None:
    value = _string_or_none(document.get(name))
    if value is not None and len(value) > MAX_TEXT:
        raise Invalid(f"Validation failed: {name} is longer than {MAX_TEXT} characters")
    return value if value and value.strip() else None


def _string_or_none(value: Any) -> str | None:
    if value is not None and not isinstance(value, str):
        raise Unreadable(UNREADABLE)
    return value


def _datastore(value: Any) -> dict[str, Any] | None:
    if value is None or value == []:
        return None
    if not isinstance(value, list) or not all(isinstance(store, dict) for store in value):
        raise Unreadable(UNREADABLE)
    if len(value) > 1:
        raise Invalid("Validation failed: a dataproduct has at most one datastore")
    store: dict[str, Any] = value[0]
    if not all(isinstance(text, str) for text in store.values()):
        raise Unreadable(UNREADABLE)
    kind = store.get("type", "")
    if not kind:
        raise Invalid("Validation failed: no type defined")
    if kind not in _REQUIRED_KEYS:
        raise Invalid(f"Validation failed: unknown datastore type: {kind[:80]}")
    for key in _REQUIRED_KEYS[kind]:
        if not store.get(key):
            raise Invalid(f"Validation failed: missing key: {key}")
    return store


def _expiry(value: str | None) -> datetime | None:
    """None for an absent, null or zero time: access for ever."""
    if value is None:
        return None
    found = _TIME.match(value)
    if found is None:
        raise Unreadable(UNREADABLE)
    whole, fraction, offset = found.groups(default="")
    try:
        # Python reads six digits of a fraction; more are more than anybody's clock tells.
        instant = datetime.fromisoformat(f"{whole}.{fraction[:6].ljust(6, '0')}{offset}".upper())
    except ValueError:
        raise Unreadable(UNREADABLE) from None
    try:
        end = instant.astimezone(UTC)
    except OverflowError:
        return _BEFORE_ALL if instant.year == 1 else _AFTER_ALL
    return None if end == _ZERO else end
