"""The contract terms of a draft as a whole: what they say, and which documents belong to them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from souk.errors import Conflict, Invalid
from souk.identity.principal import Principal
from souk.releases.documents import CHANGEABLE, MAX_DOCUMENTS, demand_terms, new_document
from souk.releases.drafts import writable
from souk.releases.keeping import keep_version, shown, stored
from souk.releases.leftovers import leave
from souk.releases.model import Document, Version
from souk.releases.product import product_with_id
from souk.releases.rights import demand_writer
from souk.work import Work


def write_terms(
    work: Work,
    draft: Version,
    terms_id: str,
    documents: Sequence[dict[str, Any]] | None,
    views: dict[str, Any],
    principal: Principal,
) -> Version:
    """Replace what the terms say: `views` by dialect, and the documents; None: those stay as they are.

    A document with an id that is there is changed, one with a url and another id or none is added, and what is not
    named goes, with its bytes. Raises NotFound, NotAllowed, Conflict (no draft, an id twice) and Invalid.
    """
    demand_terms(draft, terms_id)
    demand_writer(work, principal, product_with_id(work, draft.product), draft)
    record = writable(draft)
    card = stored(record)
    if documents is not None:
        written = _written(draft, documents)
        stay = {one["id"] for one in written}
        leave(work, [one for one in draft.terms["documents"] if one["id"] not in stay])
        card["terms"] = {**card["terms"], "documents": written}
    card.pop("problems", None)
    return shown(work, keep_version(work, record.id, card, {**record.body["views"], **views}))


def _written(draft: Version, wanted: Sequence[dict[str, Any]]) -> list[Document]:
    if len(wanted) > MAX_DOCUMENTS:
        raise Invalid(f"a version may have {MAX_DOCUMENTS} documents at most")
    standing = {one["id"]: one for one in draft.terms["documents"]}
    written = [_document(draft, standing.get(fields.get("id", "")), fields) for fields in wanted]
    if len({one["id"] for one in written}) < len(written):
        raise Conflict("two documents have the same id", code="already_exists")
    return written


def _document(draft: Version, before: Document | None, fields: dict[str, Any]) -> Document:
    if before is None:
        if "url" not in fields:
            raise Invalid("documents: one without a url is made by an operation of its own, which says where to put it")
        return new_document(draft.id, fields)
    if "attachment" in before and "url" in fields:
        raise Invalid("a document with an attachment has no url of its own")
    if "attachment" not in before and "url" not in fields:
        raise Invalid("a document needs a url or an attachment")
    return cast(Document, {**before, **{key: fields[key] for key in CHANGEABLE if key in fields}})
