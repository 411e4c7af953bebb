"""Publishing over HTTP: answered when the state machine is done, or with a link after 20 seconds (R9)."""

from __future__ import annotations

from dpx.answers import version_answer
from dpx.lens.catalog import version_id
from dpx.pages import link_to
from souk.edge.call import Call
from souk.edge.response import Response
from souk.errors import Failed, Invalid
from souk.ids import as_uuid
from souk.releases.model import DRAFT, Version
from souk.releases.publishing import ask_to_publish
from souk.releases.reading import get_version
from souk.releases.waiting import start_publish, wait_for_publish
from souk.work import Work

BASE = "/data_product_exchange/v1"


def publish(call: Call, draft: Version, *, in_background: bool = False) -> Response:
    """Publish the draft: 200 with the release, or 202 with a link to the draft.

    Raises NotAllowed, Conflict, Invalid with every obstacle, and Failed when the draft is not at fault.
    """
    publishing = draft.publishing if call.begun else None
    if call.begun and draft.state != DRAFT:
        return _published(call, draft.id, draft.product)
    if publishing is None:
        publishing = ask_to_publish(call.work, draft, call.principal)
        call.begin()
    start_publish(call.work.store, draft.id, publishing)
    if in_background or not wait_for_publish(call.work.store, draft.id):
        return call.json({"href": _link(call, draft)}, 202)
    return _published(call, draft.id, draft.product)


def _published(call: Call, asset: str, product: str) -> Response:
    work = Work(call.work.store)
    version = get_version(work, asset, as_uuid("product", product))
    if version.state == DRAFT:
        problems = list(version.problems) or ["the draft was changed meanwhile; publish it again"]
        raise Failed(problems[0]) if version.broken else Invalid(problems[0], problems)
    # This call's own work read the draft before it was published.
    tag = f'"{version.record.revision}"' if version.record else ""
    return call.json(version_answer(work, version), etag=tag)


def _link(call: Call, draft: Version) -> str:
    product = as_uuid("product", draft.product)
    prefix = call.request.path.partition(BASE)[0]
    return link_to(call.request, f"{prefix}{BASE}/data_products/{product}/drafts/{version_id(draft.id)}")
