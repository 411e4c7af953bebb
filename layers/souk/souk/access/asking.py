"""Requests that come in by a product's form: for anybody, under the form as it is today."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from souk.access import forms, policy
from souk.access.forms import FormCard
from souk.access.model import KIND, Card, Column, Form, Subject, Type, user_key
from souk.access.requests import Asked, request_access, request_masking_exception
from souk.access.standing import form_of
from souk.errors import Invalid, NotFound
from souk.identity import users
from souk.identity.people import People
from souk.identity.principal import Principal
from souk.ids import is_uuid, record_key
from souk.products.card import Card as ProductCard
from souk.products.sources import source_id, sources_of
from souk.store.port import Record
from souk.work import Work

STAND_IN: FormCard = {
    "form": "2f1c6a3e-94b7-4d0a-8c52-7e9b1d4f6a08",
    "name": "Access request",
    "fields": [],
    "policy": policy.DEFAULT,
    "terms": [],
    "strict": False,
    "version": "d7b3e1f9-5a26-4c84-9e0d-3b8f2a6c1e75",
    "created_by": "",
    "updated_by": "",
}
"""The form of products that were made without one, and of requests that came in without one."""


class Submission(NamedTuple):
    """What a client sent: for whom (a user's id), the answers if any, the columns of a masking exception.

    `columns` None asks for the data. `view` is what the door wants to see again; the ids of the two `people` are added.
    """

    user: str
    view: dict[str, Any]
    dialect: str
    answers: Any = None
    answered: bool = False
    columns: list[Column] | None = None


def _ahead(product: ProductCard, access_type: Type, sent: Submission) -> list[str]:
    """What a request looks at whoever asks: the form, the user, and for columns the data sources."""
    form = product.get("forms", {}).get(access_type)
    sources = [source_id(port) for port in product["ports"]] if sent.columns is not None else []
    named = [(forms.FORM, form)] if form else []
    named += [("asset", source) for source in sources] + ([(users.KIND, sent.user)] if is_uuid(sent.user) else [])
    return [record_key(*one) for one in named]


def form_card(work: Work, product: ProductCard, access_type: Type) -> FormCard:
    """The form that requests of this type fill in now."""
    found = form_of(work, product, access_type)
    card: FormCard = found.body["card"] if found else STAND_IN
    return card


def submit(work: Work, product: Record, sent: Submission, by: Principal) -> Record:
    """A request through the product's form. Raises Invalid (user, columns, answers), Conflict (one stands)."""
    users.ensure_user(work, by)
    card: ProductCard = product.body["card"]
    access_type: Type = "data" if sent.columns is None else "masking_exception"
    work.fetch(_ahead(card, access_type, sent))
    form = form_card(work, card, access_type)
    forms.check_answers(form, sent.answers)
    filled: Form = {"id": form["form"], "version": form["version"]}
    if sent.answered:
        filled["answers"] = sent.answers
    subject = _subject(work, sent.user, by)
    people = {subject["user"]: sent.user} | ({by.label: by.id} if by.kind == "user" else {})
    asked = Asked(
        subject,
        {"product": product.id},
        sent.dialect,
        view={**sent.view, "people": people},
        start_on_approval=True,
        form=filled,
        form_policy=None if form is STAND_IN else form["policy"],
        for_anybody=True,
        duration=_duration(form, sent.answers),
    )
    if sent.columns is None:
        return request_access(work, asked, by)
    _check_columns(work, card, sent.columns)
    return request_masking_exception(work, asked, sent.columns, by)


def get_access(work: Work, key: str | None) -> Record:
    """The access at this key. Raises NotFound."""
    found = work.at(key) if key else None
    if found is None or found.kind != KIND:
        raise NotFound("this access request does not exist", kind=KIND)
    return found


def of_product(found: Record, product: str) -> Record:
    """The access, if it is to this product. Raises NotFound."""
    card: Card = found.body["card"]
    if card["object"]["product"] != product:
        raise NotFound("this access request does not exist", kind=KIND)
    return found


def _subject(work: Work, user_id: str, by: Principal) -> Subject:
    person = People(work, by).find(user_id) if is_uuid(user_id) else None
    if person is None:
        raise Invalid(f"user '{user_id[:80]}' does not exist")
    return {"user": user_key(person.label)}


def _check_columns(work: Work, product: ProductCard, columns: list[Column]) -> None:
    known = {source.id for source in sources_of(work, product)}
    strange = sorted({column["source"] for column in columns} - known)
    if strange:
        raise Invalid(
            "a column is not of this data product",
            [f"the data source '{s}' is not of this data product" for s in strange],
        )


def _duration(form: FormCard, answers: Any) -> tuple[int, str] | None:
    """The answer to the form's question for how long, if it has one that can be read."""
    for field in form["fields"]:
        answer = _answer(field["id"], field["label"], answers) if field["type"] == "access_duration" else None
        if isinstance(answer, Mapping):
            number, unit = answer.get("duration"), str(answer.get("durationUnit", "DAYS")).lower()
            if isinstance(number, int) and not isinstance(number, bool) and number >= 1 and unit in policy.UNITS:
                return number, unit
    return None


def _answer(field_id: str, label: str, answers: Any) -> Any:
    if isinstance(answers, Mapping):
        found = answers.get(field_id, answers.get(label))
        return found.get("value", found) if isinstance(found, Mapping) else found
    for entry in answers if isinstance(answers, list) else ():
        if isinstance(entry, Mapping) and field_id in (entry.get("id"), entry.get("fieldId")):
            return entry.get("value", entry.get("answer"))
    return None
