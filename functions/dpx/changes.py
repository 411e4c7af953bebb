"""Changes of versions and documents that take more than one command."""

from __future__ import annotations

from typing import Any

from dpx.answers import domain_names, version_answer, with_link
from dpx.lens.content import DIALECT
from dpx.publishing import publish
from dpx.query import flag, instant
from dpx.revoking import revoke
from souk.documents import objects
from souk.edge.call import Call
from souk.edge.response import Response
from souk.releases.changing import change_release, retire
from souk.releases.documents import (
    change_document,
    complete_document,
    demand_attachment,
    demand_editor,
    find_document,
)
from souk.releases.drafts import change_draft, writable
from souk.releases.model import Version

Wire = dict[str, Any]


def patch_draft(call: Call, draft: Version) -> Response:
    """Change the draft, and publish it in the same commit if the patch makes it available."""
    from dpx.patching import Patched

    writable(draft)
    patched = Patched(draft, call.request.json, domain_names(call.work, [draft]))
    changed = change_draft(call.work, draft, patched.shape, call.principal)
    return publish(call, changed) if patched.publishes else call.json(version_answer(call.work, changed))


def patch_release(call: Call, release: Version) -> Wire:
    """Change the release, and the card that it mirrors."""
    from dpx.patching import Patched

    patched = Patched(release, call.request.json, domain_names(call.work, [release]))
    return version_answer(call.work, change_release(call.work, release, patched.shape, call.principal, DIALECT))


def retire_release(call: Call, release: Version) -> Wire:
    """Retire the release; `revoke_access` takes the data away from all subscribers, at `start_at` or now."""
    start = instant(call.request, "start_at")
    revokes = flag(call.request, "revoke_access")
    retired = retire(call.work, release, call.principal, DIALECT)
    if revokes:
        revoke(call, release, start, requests=True)
    return version_answer(call.work, retired)


def patch_document(call: Call, draft: Version, terms: str, document_id: str) -> Wire:
    """Change type, name or url of a document."""
    from dpx.patching import patched_document

    document = find_document(draft, terms, document_id)
    fields = patched_document(document, call.request.json)
    return with_link(change_document(call.work, draft, document, fields, call.principal))


def complete(call: Call, draft: Version, terms: str, document_id: str) -> Wire:
    """Record what was uploaded for an attachment."""
    document = find_document(draft, terms, document_id)
    demand_editor(call.work, draft, call.principal)
    attachment = demand_attachment(document)
    writable(draft)
    upload = objects.head(attachment["key"])
    return with_link(complete_document(call.work, draft, document, upload, call.principal))
