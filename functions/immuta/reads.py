"""Which records a path means: products under their own id or the form that this door shows, requests under cuids."""

from __future__ import annotations

from collections.abc import Iterable

from souk.access import forms, judging
from souk.access.approvals import KIND as APPROVAL
from souk.access.approvals import first_key
from souk.edge.call import Call
from souk.edge.request import Request
from souk.errors import NotFound, SoukError
from souk.ids import key_from_cuid, key_from_uuid, keys_for_uuid, record_key
from souk.products.card import KIND
from souk.store.port import Record
from souk.work import Work

_NO_SUBJECT = ""
"""Read first, it leaves an answer without ETag."""


def product_reads(request: Request) -> Iterable[str]:
    """The product that the path names, its policies, and the request, if it names one too."""
    shown, asked = request.path_parameters.get("id", ""), request.path_parameters.get("requestId", "")
    keys = keys_for_uuid(KIND, shown)
    yield _NO_SUBJECT if asked else _subject(request, keys[0])
    yield from (*keys, judging.policy_key(shown), key_from_cuid(asked) or "")


def request_reads(request: Request) -> Iterable[str]:
    """The request or the approval that the path names."""
    yield from _one(request, key_from_cuid(request.path_parameters.get("id", "")) or "")


def review_reads(request: Request) -> Iterable[str]:
    """The request that the path names, and the first approval of its review: most have one."""
    key = key_from_cuid(request.path_parameters.get("id", "")) or ""
    yield from (*_one(request, key), first_key(key) if key else "")


def form_reads(request: Request) -> Iterable[str]:
    """The form that the path names."""
    yield from _one(request, record_key(forms.FORM, request.path_parameters.get("id", "")))


def form_and_name_reads(request: Request) -> Iterable[str]:
    """The form that the path names, if it names one, and what holds the name that the body gives."""
    yield from form_reads(request) if "id" in request.path_parameters else (_NO_SUBJECT,)
    try:
        name = request.json_object.get("name")
    except SoukError:
        return  # the operation says what is wrong with it
    if isinstance(name, str):
        yield forms.name_key(name)


def terms_reads(request: Request) -> Iterable[str]:
    """The data use agreement that the path names."""
    yield from _one(request, record_key(forms.TERMS, request.path_parameters.get("id", "")))


def _one(request: Request, key: str) -> Iterable[str]:
    return _subject(request, key), key


def _subject(request: Request, key: str) -> str:
    """What a write speaks of. What is read here changes with the caller, the clock and other records as well, so that a
    record's revision does not tell whether an answer is still the same.
    """
    return key if request.method in {"PUT", "DELETE"} else _NO_SUBJECT


def tag_of(found: Record) -> str:
    """The ETag of a record, for a later write under `If-Match`."""
    return f'"{found.revision}"'


def find_shown(work: Work, shown: str) -> Record | None:
    """The product that is shown under this id, or None."""
    keys = keys_for_uuid(KIND, shown) if len(shown) <= 256 else []
    work.fetch(keys)
    return next((found for key in keys if (found := work.at(key)) and found.kind == KIND), None)


def product_at(call: Call) -> Record:
    """The product that the path names. Raises NotFound."""
    found = find_shown(call.work, call.path["id"])
    if found is None:
        raise NotFound(f"data product {call.path['id']!r} does not exist", kind=KIND, id=call.path["id"])
    return found


def access_key(call: Call, parameter: str = "id") -> str | None:
    """The key of the request that the path names."""
    return key_from_cuid(call.path[parameter])


def approval_key(call: Call) -> str:
    """The key of the approval that the path names. Raises NotFound."""
    key = key_from_cuid(call.path["id"])
    if key is None:
        raise NotFound("this approval record does not exist", kind=APPROVAL)
    return key


def exact_id(kind: str, shown: str, work: Work) -> str:
    """The exact id behind one that `as_uuid` may have rendered."""
    rendered = key_from_uuid(shown)
    found = work.at(rendered) if rendered and work.find(kind, shown) is None else None
    return found.id if found and found.kind == kind else shown
