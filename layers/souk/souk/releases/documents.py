"""Documents of contract terms: links, and attachments whose bytes lie in the document store."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from souk.documents.objects import Stored
from souk.errors import Conflict, Invalid, NotFound
from souk.identity.principal import Principal
from souk.releases.drafts import writable
from souk.releases.keeping import keep_version, stored
from souk.releases.leftovers import leave
from souk.releases.model import Attachment, Document, Version
from souk.releases.product import product_with_id
from souk.releases.rights import demand_writer
from souk.work import Work

UPLOADS = "documents/uploads"
MAX_BYTES = 100 * 1024 * 1024
"""Of one attachment."""
MAX_DOCUMENTS = 200
"""Of one version."""
CHANGEABLE = ("type", "name", "url")
"""What may be changed in a document that is there."""


def find_document(version: Version, terms_id: str, document_id: str) -> Document:
    """A document of these terms of the version. Raises NotFound."""
    demand_terms(version, terms_id)
    for document in version.terms["documents"]:
        if document["id"] == document_id:
            return document
    raise NotFound(f"document {document_id!r} does not exist", kind="document", id=document_id)


def demand_terms(version: Version, terms_id: str) -> None:
    """Raises NotFound when these are not the terms of the version."""
    if version.terms["id"] != terms_id:
        raise NotFound(f"contract terms {terms_id!r} do not exist", kind="contract terms", id=terms_id)


def readable(document: Document) -> Document:
    """The document, if there is something to read. Raises Conflict while an attachment is not completed."""
    attachment = document.get("attachment")
    if attachment is not None and "etag" not in attachment:
        raise Conflict("the attachment is not complete: upload the file to upload_url, then complete the document")
    return document


def add_document(work: Work, draft: Version, terms_id: str, fields: dict[str, Any], principal: Principal) -> Document:
    """Add a document: a link when `fields` has a url, else an attachment to be uploaded.

    Raises NotFound, NotAllowed, Conflict (an id that is taken, no draft), Invalid (too many).
    """
    demand_terms(draft, terms_id)
    _demand_writable(work, draft, principal)
    documents = draft.terms["documents"]
    new = new_document(draft.id, fields)
    if any(document["id"] == new["id"] for document in documents):
        raise Conflict(f"document {new['id']!r} exists already", code="already_exists")
    if len(documents) >= MAX_DOCUMENTS:
        raise Invalid(f"a version may have {MAX_DOCUMENTS} documents at most")
    _keep_documents(work, draft, [*documents, new])
    return new


def change_document(
    work: Work, draft: Version, document: Document, fields: dict[str, Any], principal: Principal
) -> Document:
    """Give the document other fields. Raises NotAllowed, Conflict, and Invalid for a url beside an attachment."""
    _demand_writable(work, draft, principal)
    if "attachment" in document and "url" in fields:
        raise Invalid("a document with an attachment has no url of its own")
    changed: dict[str, Any] = {key: value for key, value in document.items() if key not in CHANGEABLE}
    changed |= {key: fields[key] for key in CHANGEABLE if key in fields}
    if "attachment" not in changed and "url" not in changed:
        raise Invalid("a document needs a url or an attachment")
    return _replace(work, draft, document, changed)


def remove_document(work: Work, draft: Version, document: Document, principal: Principal) -> None:
    """Take the document away. Raises NotAllowed, Conflict."""
    _demand_writable(work, draft, principal)
    rest = [one for one in draft.terms["documents"] if one["id"] != document["id"]]
    _keep_documents(work, draft, rest)
    leave(work, [document])


def demand_attachment(document: Document) -> Attachment:
    """The document's attachment. Raises Invalid for a link, which has nothing to complete."""
    attachment = document.get("attachment")
    if attachment is None:
        raise Invalid("only a document with an attachment can be completed; this one is a link")
    return attachment


def complete_document(
    work: Work, draft: Version, document: Document, upload: Stored | None, principal: Principal
) -> Document:
    """Record what was uploaded. Raises NotAllowed, Conflict (nothing there, no draft), Invalid (empty, too large)."""
    _demand_writable(work, draft, principal)
    attachment = demand_attachment(document)
    if upload is None:
        raise Conflict("nothing was uploaded yet: put the file to upload_url first")
    if not 0 < upload.size <= MAX_BYTES:
        raise Invalid(f"an attachment has between 1 and {MAX_BYTES} bytes; {upload.size} were uploaded")
    completed = {**attachment, "etag": upload.etag, "size": upload.size}
    return _replace(work, draft, document, {**document, "attachment": completed})


def new_document(version_id: str, fields: dict[str, Any]) -> Document:
    """A document of a version: a link when `fields` has a url, else an attachment to be uploaded."""
    document_id = fields.get("id") or str(uuid4())
    document = Document(id=document_id, type=fields["type"], name=fields["name"])
    if "url" in fields:
        document["url"] = fields["url"]
    else:
        nonce = str(uuid4())
        document["attachment"] = Attachment(id=nonce, key=f"{UPLOADS}/{version_id}/{nonce}")
    return document


def demand_editor(work: Work, draft: Version, principal: Principal) -> None:
    """The caller may change the documents of this version while it is a draft. Raises NotAllowed."""
    demand_writer(work, principal, product_with_id(work, draft.product), draft)


def _demand_writable(work: Work, draft: Version, principal: Principal) -> None:
    demand_editor(work, draft, principal)
    writable(draft)


def _replace(work: Work, draft: Version, document: Document, changed: Any) -> Document:
    documents = [changed if one["id"] == document["id"] else one for one in draft.terms["documents"]]
    _keep_documents(work, draft, documents)
    result: Document = changed
    return result


def _keep_documents(work: Work, draft: Version, documents: list[Document]) -> None:
    record = writable(draft)
    card = stored(record)
    card["terms"] = {**card["terms"], "documents": documents}
    card.pop("problems", None)
    keep_version(work, record.id, card, record.body["views"])
