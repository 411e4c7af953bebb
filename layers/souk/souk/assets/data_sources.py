"""Data sources: assets that governance registers with their place, domain, columns, tags and masks."""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict, cast

from souk.assets.assets import KIND
from souk.catalogue import View, keep
from souk.errors import Invalid
from souk.store.port import Record
from souk.work import Work

MAX_COLUMNS = 10_000
_TEXTS = ("name", "technology", "domain", "host", "database", "schema", "table", "prefix", "owner", "description")


class Column(TypedDict):
    """One column. `mask` is the kind of mask that a policy for all sources sets, `local_mask` one of its own."""

    name: str
    type: NotRequired[str]
    description: NotRequired[str]
    tags: NotRequired[list[str]]
    mask: NotRequired[str]
    local_mask: NotRequired[str]


class DataSource(TypedDict):
    """A data source. `domain` is a domain's id; `only_for` names e-mails and teams that may ever have access."""

    id: str
    name: str
    technology: str
    domain: NotRequired[str]
    host: NotRequired[str]
    database: NotRequired[str]
    schema: NotRequired[str]
    table: NotRequired[str]
    prefix: NotRequired[str]
    owner: NotRequired[str]
    description: NotRequired[str]
    columns: NotRequired[list[Column]]
    only_for: NotRequired[list[str]]


def put_data_source(work: Work, source: DataSource) -> Record:
    """Register a data source, or replace what is known of it; what other doors keep of it stays. Raises Invalid."""
    problems = _problems(work, source)
    if problems:
        raise Invalid("the data source is not valid", problems)
    before = work.find(KIND, source["id"])
    kept = dict(before.body["card"]) if before else {}
    for name in (*_TEXTS, "columns", "only_for"):
        kept.pop(name, None)
    card: dict[str, Any] = {**kept, **{name: value for name, value in source.items() if name != "id"}}
    record = keep(work, KIND, source["id"], card, View("souk", None))
    work.event(KIND, "updated" if before else "created", source["id"])
    return record


def checked(document: Any) -> DataSource:
    """A document from outside as a data source. Raises Invalid for one of another shape."""
    if not isinstance(document, dict) or not all(
        isinstance(document.get(n), str) for n in ("id", "name", "technology")
    ):
        raise Invalid("a data source is an object with id, name and technology")
    wrong = [name for name in _TEXTS if not isinstance(document.get(name, ""), str)]
    columns = document.get("columns", [])
    if not isinstance(columns, list) or not all(
        isinstance(c, dict) and isinstance(c.get("name"), str) for c in columns
    ):
        wrong.append("columns")
    if wrong:
        raise Invalid(f"data source '{document['id']}': bad {', '.join(wrong)}")
    strange = sorted(set(document) - {*_TEXTS, "id", "columns", "only_for"})
    if strange:
        raise Invalid(f"data source '{document['id']}': unknown {', '.join(strange)}")
    return cast(DataSource, document)


def _problems(work: Work, source: DataSource) -> list[str]:
    problems = [f"a data source needs {name}" for name in ("id", "name", "technology") if not source.get(name)]
    names = [column["name"] for column in source.get("columns", [])]
    if len(names) > MAX_COLUMNS:
        problems.append(f"a data source has at most {MAX_COLUMNS} columns")
    problems += sorted({f"the column '{name}' stands twice" for name in names if names.count(name) > 1})[:10]
    domain = source.get("domain")
    if domain and work.find("domain", domain) is None:
        problems.append(f"there is no domain with the id '{domain}'")
    return problems
