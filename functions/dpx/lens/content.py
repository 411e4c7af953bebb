"""What a client says of a version -> the content of a draft or release."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast
from uuid import uuid4

from dpx.lens.parts import read_parts
from souk.errors import Conflict, Invalid
from souk.ids import as_uuid
from souk.products.card import Card, is_restricted
from souk.releases.model import Content, Document, Shape, Version

DIALECT = "dpx"
Wire = dict[str, Any]
OWN = frozenset(
    {
        "id", "asset", "container", "data_product", "state", "created_by", "created_at", "published_by", "published_at",
        "last_updated_at", "publish_errors",
    }
)  # fmt: skip
"""Fields that the server sets; a prototype's are not kept."""
_EMPTY_DOCUMENTS: tuple[Document, ...] = ()


def content_of(fields: Mapping[str, Any], base: Version | None) -> Content:
    """The content of `base` (None: of nothing) with these fields written into it; a field that is None is emptied."""
    draft = _Writing(base)
    for name, value in fields.items():
        if name not in OWN:
            _WRITERS.get(name, _keep)(draft, name, value)
    draft.settle_restriction(fields.get("is_restricted"))
    return Content(cast(Card, draft.card), {DIALECT: draft.view}, draft.number, draft.documents)


def shape_of(prototype: Mapping[str, Any]) -> Shape:
    """Makes the content of a new draft: what is not given comes from the version it builds on, but for its terms."""

    def shape(base: Version | None) -> Content:
        if base is None and "name" not in prototype:
            raise Invalid("name: is required", code="missing")
        return content_of({"contract_terms": [], **prototype}, base)

    return shape


class _Writing:
    """A content being written."""

    def __init__(self, base: Version | None) -> None:
        self.product = base.product if base else ""
        self.card: dict[str, Any] = dict(base.card) if base else {"title": "", "ports": [], "origin": DIALECT}
        self.view: dict[str, Any] = dict(base.views.get(DIALECT, {})) if base else {}
        self.restricted = is_restricted(base.card) if base else False
        self.number: str | None = None
        self.documents = _EMPTY_DOCUMENTS

    def settle_restriction(self, wanted: bool | None) -> None:
        """The flag holds unless every port approves by itself; a flag that comes back unchanged changes no port."""
        flag = self.restricted if wanted is None else wanted
        if flag != is_restricted(cast(Card, self.card)):
            self.card["restricted"] = flag
            self.card["ports"] = [{**port, "auto_approve": not flag} for port in self.card["ports"]]


def _text(name: str) -> Callable[[_Writing, str, Any], None]:
    def write(draft: _Writing, _: str, value: Any) -> None:
        if value:
            draft.card[name] = value
        else:
            draft.card.pop(name, None)

    return write


def _title(draft: _Writing, _: str, value: Any) -> None:
    draft.card["title"] = value


def _version(draft: _Writing, _: str, value: Any) -> None:
    draft.number = value


def _domain(draft: _Writing, _: str, value: Any) -> None:
    """An id that is how the domain shows already leaves it as it is: it may be a text of another door."""
    draft.view.pop("domain", None)
    if not value or not value["id"]:
        draft.card.pop("domain", None)
        return
    draft.view["domain"] = value
    standing = draft.card.get("domain")
    if standing is None or as_uuid("domain", standing) != value["id"]:
        draft.card["domain"] = value["id"]


def _parts(draft: _Writing, _: str, value: Any) -> None:
    ports, sent = read_parts(draft.product, value or [], draft.card["ports"], auto_approve=not draft.restricted)
    draft.card["ports"], draft.view["parts"] = ports, sent


def _terms(draft: _Writing, _: str, value: Any) -> None:
    """Documents that carry a url are created with the version; other fields of the terms are kept."""
    terms = value[0] if value else {}
    draft.documents = tuple(
        Document(id=one.get("id") or str(uuid4()), type=one["type"], name=one["name"], url=one["url"])
        for one in terms.get("documents", [])
        if "url" in one
    )
    if len({one["id"] for one in draft.documents}) < len(draft.documents):
        raise Conflict("contract_terms: two documents have the same id", code="already_exists")
    draft.view["terms"] = {key: one for key, one in terms.items() if key not in {"id", "asset", "documents"}}


def _restricted(draft: _Writing, _: str, value: Any) -> None:
    """Settled at the end, when the ports are known."""


def _keep(draft: _Writing, name: str, value: Any) -> None:
    others = dict(draft.view.get("others", {}))
    others.pop(name, None)
    if value is not None:
        others[name] = value
    draft.view["others"] = others


_WRITERS: dict[str, Callable[[_Writing, str, Any], None]] = {
    "name": _title,
    "description": _text("description"),
    "tags": _text("tags"),
    "types": _text("types"),
    "use_cases": _text("use_cases"),
    "version": _version,
    "domain": _domain,
    "parts_out": _parts,
    "contract_terms": _terms,
    "is_restricted": _restricted,
}
