"""What a commit may hold. Both stores refuse the same, so that what works on one works on the other.

The bounds are those of DynamoDB (100 items and 4 MB a transaction, 400 KB an item, 1024 bytes a sort key).
"""

from __future__ import annotations

from collections.abc import Sequence

from souk.errors import Invalid, TooLarge
from souk.store.port import MAX_CHANGES, MAX_PAGE, Commit, Record

MAX_ID = 256
"""Characters of an exact id."""
MAX_LIST = 2000
"""Bytes of a list's name in UTF-8."""
MAX_SORT = 1000
"""Bytes of a sort text and a key together, in UTF-8."""
MAX_VIEW = 16_384
"""Bytes of an entry's or a line's view in UTF-8."""
MAX_BODY = 4 * 1024 * 1024
"""Bytes of a record as JSON, before compression."""
MAX_EVENTS = 300_000
"""Bytes of one commit's events (or notices) after compression. Some 5,000 ordinary events."""
MAX_SEQUENCED = 90
"""Outbox items that one log batch may take."""


def check(commit: Commit) -> None:
    """Refuse a commit that breaks a limit, before anything is written.

    Raises errors.TooLarge (too many changes, texts too long), errors.Invalid (text that cannot be stored), and
    ValueError for a commit that contradicts itself.
    """
    size = commit.size()
    if size > MAX_CHANGES:
        raise TooLarge(f"one request may change {MAX_CHANGES} items at most; this one changes {size}")
    keys = [put.record.key for put in commit.puts]
    if len(set(keys)) != len(keys):
        raise ValueError("a commit may put each record once")
    for put in commit.puts:
        check_record(put.record)
    for line in commit.lines:
        _check_place(line.list, line.sort, line.key, line.view)


def check_record(record: Record) -> None:
    """Refuse a record whose id, entries or references cannot be stored."""
    if len(record.id) > MAX_ID:
        raise TooLarge(f"an id may have {MAX_ID} characters; this one has {len(record.id)}")
    _utf8("id", record.id)
    if record.expires is not None and record.references:
        raise ValueError("a record that expires may hold no references")
    if record.deleted and (record.entries or record.references):
        raise ValueError("a deleted record has no entries and no references")
    for entry in record.entries:
        _check_place(entry.list, entry.sort, record.key, entry.view)


def check_page(limit: int) -> None:
    """Refuse a page size that no page can have. Raises ValueError."""
    if not 1 <= limit <= MAX_PAGE:
        raise ValueError(f"a page holds 1 to {MAX_PAGE} entries, not {limit}")


def check_range(list_name: str, low: str, high: str | None) -> None:
    """Refuse a list or bounds that no entry can have. Raises errors.TooLarge and errors.Invalid."""
    _check_place(list_name, low, "", "")
    _check_place(list_name, high or "", "", "")


def check_sequenced(ids: Sequence[str]) -> None:
    """Refuse more outbox items than one log batch may take. Raises ValueError."""
    if len(ids) > MAX_SEQUENCED or len(set(ids)) != len(ids):
        raise ValueError(f"a log batch takes {MAX_SEQUENCED} different outbox items at most")


def _check_place(list_name: str, sort: str, key: str, view: str) -> None:
    if len(_utf8("list name", list_name)) > MAX_LIST:
        raise TooLarge(f"the name of a list may have {MAX_LIST} bytes")
    if len(_utf8("sort text", sort)) + len(_utf8("key", key)) > MAX_SORT:
        raise TooLarge(f"a sort text and its key may have {MAX_SORT} bytes together")
    if len(_utf8("view", view)) > MAX_VIEW:
        raise TooLarge(f"the view of an entry may have {MAX_VIEW} bytes")
    if "\0" in sort:
        raise Invalid("a sort text may not hold the character NUL")


def _utf8(what: str, value: str) -> bytes:
    try:
        return value.encode()
    except UnicodeEncodeError:
        raise Invalid(f"the {what} holds half of a surrogate pair, which is not text") from None
