"""The catalogue's own record: what was set up, by which run, with which result."""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict, cast

from souk.errors import NotFound
from souk.store.port import Entry, Record
from souk.work import Work

KIND = "catalogue"
CATALOGUE = "8d1c7a52-64f0-4b8e-9a37-c2e5b0f41d96"
"""Id of the one catalogue. It is the same everywhere, so that a reader need not look it up."""
NOT_STARTED = "not_started"
RUNNING = "in_progress"
SUCCEEDED = "succeeded"
FAILED = "failed"


class Run(TypedDict):
    """The last or present run. Instants are text."""

    attempt: str
    options: list[str]
    done: list[str]
    by: str
    started: str
    due: str
    """Instant at which the sweep takes it up again, should it still be unfinished."""
    finished: NotRequired[str]
    problems: NotRequired[list[str]]


class CatalogueCard(TypedDict):
    """`installed` counts, for every option, how often its content was renewed for good: its version."""

    name: str
    description: str
    created_by: str
    status: str
    installed: dict[str, int]
    run: NotRequired[Run]


def find_catalogue(work: Work) -> Record | None:
    """The catalogue's record, or None before it was ever set up."""
    return work.find(KIND, CATALOGUE)


def get_catalogue(work: Work) -> Record:
    """Like `find_catalogue`. Raises NotFound."""
    record = find_catalogue(work)
    if record is None:
        raise NotFound("the catalog does not exist yet: initialize it first", kind="catalog", id=CATALOGUE)
    return record


def card_of(record: Record) -> CatalogueCard:
    """A copy of the catalogue's card, to be changed and kept."""
    return cast(CatalogueCard, dict(record.body["card"]))


def keep_catalogue(work: Work, card: CatalogueCard) -> Record:
    """Stage the catalogue; one with a run under way is due for healing."""
    body: dict[str, Any] = {"card": card, "views": {}}
    run = card.get("run")
    due = [Entry("due", run["due"], KIND)] if run and card["status"] == RUNNING else []
    return work.save(KIND, CATALOGUE, body, lists=due)
