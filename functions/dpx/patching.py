"""JSON Patch on versions and documents as clients see them (contract 1.5, 3.3 to 3.5)."""

from __future__ import annotations

from typing import Any

from dpx.lens.content import OWN, Wire, content_of
from dpx.lens.documents import show_listed
from dpx.lens.version import OPTIONAL, Names, show_version
from dpx.schemas.document import DocumentPrototype
from dpx.schemas.fields import checked, without_nulls
from dpx.schemas.version import MAX_PARTS_PATCHED, Fields
from souk import patch
from souk.errors import Invalid
from souk.releases.model import AVAILABLE, DRAFT, Content, Document, Version

_OF_TERMS = ("id", "asset", "documents")


class Patched:
    """A version as a patch leaves it. Raises Invalid, and Conflict for a test that fails."""

    def __init__(self, version: Version, operations: Any, names: Names) -> None:
        before = show_version(version, names)
        after = without_nulls(patch.apply(before, operations, optional=OPTIONAL))
        self.publishes = version.state == DRAFT and after.get("state") == AVAILABLE
        self._changes = _changes(version, before, after)

    def shape(self, version: Version | None) -> Content:
        """The content of the version after the patch."""
        return content_of(self._changes, version)


def patched_document(document: Document, operations: Any) -> Wire:
    """The fields of the document after the patch. Raises Invalid, Conflict (a failed test)."""
    before = show_listed(document)
    after = without_nulls(patch.apply(before, operations, optional={"url"}))
    if any(before.get(name) != after.get(name) for name in ("id", "attachment")):
        raise Invalid("id and attachment of a document cannot be changed")
    fields: Wire = checked(DocumentPrototype, after)
    return {key: fields[key] for key in ("type", "name", "url") if key in fields}


def _changes(version: Version, before: Wire, after: Wire) -> Wire:
    """The fields that the patch changes; None where it takes one away. Only these are checked again."""
    names = sorted(before.keys() | after.keys())
    changed = {name: after.get(name) for name in names if not patch.equal(before.get(name), after.get(name))}
    fixed = sorted((OWN & changed.keys()) - {"state"})
    if fixed:
        raise Invalid(f"{', '.join(fixed)}: cannot be changed")
    _check_state(version, changed.pop("state", version.state))
    checked(Fields, changed)
    _check_required(changed)
    if len(changed.get("parts_out") or []) > MAX_PARTS_PATCHED:
        raise Invalid(f"parts_out: a patched version may have {MAX_PARTS_PATCHED} parts at most")
    if "contract_terms" in changed:
        _check_terms(before["contract_terms"], changed["contract_terms"])
    return changed


def _check_state(version: Version, state: Any) -> None:
    allowed = {version.state, AVAILABLE} if version.state == DRAFT else {version.state}
    if state not in allowed:
        raise Invalid(f"state: cannot become {state!r} by a patch")


def _check_required(changed: Wire) -> None:
    missing = [name for name in ("name", "version") if name in changed and changed[name] is None]
    if missing:
        raise Invalid(f"{missing[0]}: is required", code="missing")


def _check_terms(before: list[Wire], after: list[Wire] | None) -> None:
    """Terms keep their id; documents have operations of their own."""
    if not after or len(after) != 1 or any(before[0].get(name) != after[0].get(name) for name in _OF_TERMS):
        raise Invalid("contract_terms: a version keeps its terms, and documents have operations of their own")
