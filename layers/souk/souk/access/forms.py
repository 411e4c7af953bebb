"""Request forms and data use agreements. Each edit makes a version; requests keep the one they were made with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal, NotRequired, TypedDict

from souk.access import policy
from souk.access.policy import Policy
from souk.catalogue import facet
from souk.errors import Conflict, Invalid
from souk.identity.principal import Principal
from souk.ids import record_key
from souk.store.port import Record
from souk.work import Work

FORM, VERSION, TERMS = "form", "form_version", "use_agreement"
FieldType = Literal["short_answer", "dropdown", "checkboxes", "access_duration"]
FIELD_TYPES = ("short_answer", "dropdown", "checkboxes", "access_duration")
_CHOICES = {"dropdown", "checkboxes"}

_NAME = "form_name"


class Field(TypedDict):
    """One question of a form."""

    id: str
    type: FieldType
    label: str
    required: bool
    options: NotRequired[list[str]]


class FormCard(TypedDict):
    """A form, or a version of it. `terms` are ids of data use agreements; `version` is new on each edit."""

    form: str
    name: str
    fields: list[Field]
    policy: Policy
    terms: list[str]
    strict: bool
    """Answers that miss a required field are refused."""
    version: str
    created_by: str
    updated_by: str


def make_form(
    work: Work,
    name: str,
    fields: Sequence[Field],
    by: Principal,
    *,
    form_policy: Policy = policy.DEFAULT,
    terms: Iterable[str] = (),
    strict: bool = False,
    form_id: str | None = None,
) -> Record:
    """A new form. Raises Invalid, Conflict (name or id in use)."""
    exact_id = form_id or work.new_id(FORM)
    if work.find(FORM, exact_id) is not None:
        raise Conflict(f"a form with the id '{exact_id}' exists already")
    card: FormCard = {
        "form": exact_id,
        "name": name,
        "fields": list(fields),
        "policy": form_policy,
        "terms": list(terms),
        "strict": strict,
        "version": "",
        "created_by": by.label,
        "updated_by": by.label,
    }
    return _save(work, exact_id, card, by)


def change_form(work: Work, form_id: str, by: Principal, **changes: Any) -> Record:
    """Replace given parts (name, fields, policy, terms, strict) of a form. Raises NotFound, Invalid, Conflict."""
    found = work.get(FORM, form_id)
    _check_changes(changes)
    card: FormCard = {**found.body["card"], **changes}  # type: ignore[typeddict-item]
    return _save(work, form_id, card, by)


def remove_form(work: Work, form_id: str) -> None:
    """Delete a form. Its versions stay for the requests that were made with them. Raises NotFound."""
    found = work.get(FORM, form_id)
    _release_name(work, found.body["card"]["name"])
    work.remove(found)


def get_version(work: Work, version: str) -> FormCard:
    """The form as it was in this version. Raises NotFound."""
    card: FormCard = work.get(VERSION, version).body["card"]
    return card


def check_answers(card: FormCard, answers: Any) -> None:
    """Of a strict form, every required field has an answer, under its id or label. Raises Invalid."""
    if not card["strict"]:
        return
    given = answers if isinstance(answers, dict) else {}
    without = [
        field["label"]
        for field in card["fields"]
        if field["required"] and not (given.get(field["id"]) or given.get(field["label"]))
    ]
    if without:
        raise Invalid("the form is not complete", [f"'{label}' has no answer" for label in without])


def put_terms(work: Work, name: str, text: str, terms_id: str | None = None) -> Record:
    """A data use agreement, new or changed. Raises Invalid."""
    if not name.strip():
        raise Invalid("a data use agreement needs a name")
    return work.save(TERMS, terms_id or work.new_id(TERMS), {"card": {"name": name, "body": text}})


def remove_terms(work: Work, terms_id: str) -> None:
    """Delete a data use agreement that no form shows. Raises NotFound; Referenced comes with the commit."""
    work.remove(work.get(TERMS, terms_id), guarded=True)


def _save(work: Work, form_id: str, card: FormCard, by: Principal) -> Record:
    problems = [*_check_fields(card["fields"]), *policy.check(card["policy"])]
    if not card["name"].strip():
        problems.append("a form needs a name")
    work.fetch(record_key(TERMS, term) for term in card["terms"])
    problems += [f"there is no data use agreement '{t}'" for t in card["terms"] if work.find(TERMS, t) is None]
    if problems:
        raise Invalid("the form is not valid", problems)
    before = work.find(FORM, form_id)
    _claim_name(work, card["name"], form_id, before)
    card["version"], card["updated_by"] = work.new_id(VERSION), by.label
    work.save(VERSION, card["version"], {"card": dict(card)}, listed=False, lists=[facet(f"{FORM}/versions", form_id)])
    return work.save(FORM, form_id, {"card": card}, references=[(TERMS, term) for term in card["terms"]])


def name_key(name: str) -> str:
    """The key of the record that holds a form's name."""
    return record_key(_NAME, name)


def _claim_name(work: Work, name: str, form_id: str, before: Record | None) -> None:
    """Names are unique: each is a record of its own, so that of two simultaneous claims one is stale."""
    held = work.find(_NAME, name)
    if held is not None and held.body["form"] != form_id:
        raise Conflict(f"the name '{name}' is in use")
    former = before.body["card"]["name"] if before else name
    if former != name:
        _release_name(work, former)
    if held is None:
        work.save(_NAME, name, {"form": form_id}, listed=False)


def _release_name(work: Work, name: str) -> None:
    held = work.find(_NAME, name)
    if held is not None:
        work.remove(held)


def _check_changes(changes: dict[str, Any]) -> None:
    strange = set(changes) - {"name", "fields", "policy", "terms", "strict"}
    if strange:
        raise Invalid(f"a form has no {', '.join(sorted(strange))}")


def _check_fields(fields: Sequence[Field]) -> list[str]:
    problems = []
    for number, field in enumerate(fields, 1):
        if field["type"] not in FIELD_TYPES:
            problems.append(f"field {number}: there is no type '{field['type']}'")
        elif field["type"] in _CHOICES and not field.get("options"):
            problems.append(f"field {number}: a choice needs options")
        if not field["label"].strip():
            problems.append(f"field {number}: a label is missing")
    return problems
