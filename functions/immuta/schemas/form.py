"""Bodies of request forms and data use agreements (contract section 6)."""

from __future__ import annotations

from typing import Any, Literal
from uuid import uuid4

from pydantic import Field

from immuta.lens.policy import as_core, fields_as_core
from immuta.schemas.fields import Object, Shape, Text, checked
from souk.access import policy
from souk.edge.call import Call


class Option(Shape):
    """One choice."""

    value: str


class FormField(Shape):
    """One question."""

    id: str | None = None
    type: Literal["SHORT_ANSWER", "DROPDOWN", "CHECKBOXES", "ACCESS_DURATION"]
    label: str | None = None
    required: bool = True
    options: list[Option] | None = None


class Form(Shape):
    """A form as it comes in. Agreements are named by id, or as objects with one."""

    name: Text
    fields: list[FormField] = Field(default=[], max_length=100)
    policy: Object | None = None
    dataUseAgreements: list[Any] = Field(default_factory=list)  # noqa: N815 - the wire's name
    strict: bool = False


class ChangedForm(Form):
    """The body of an update: what is omitted stays."""

    name: Text = ""


class Terms(Shape):
    """A data use agreement."""

    name: Text
    body: str = ""


def new_form(call: Call) -> dict[str, Any]:
    """The parts of a new form in the core's words."""
    parts = _parts(checked(Form, call))
    chosen = parts.pop("policy", policy.DEFAULT)
    return {"fields": [], **parts, "form_policy": chosen}


def changed_form(call: Call) -> dict[str, Any]:
    """The parts of a form that an update gives."""
    return _parts(checked(ChangedForm, call))


def new_terms(call: Call) -> dict[str, Any]:
    """A checked data use agreement."""
    body = checked(Terms, call)
    return {"name": body["name"], "text": body.get("body", "")}


def _parts(body: dict[str, Any]) -> dict[str, Any]:
    parts: dict[str, Any] = {name: body[name] for name in ("name", "strict") if name in body}
    if "fields" in body:
        parts["fields"] = fields_as_core(body["fields"], lambda: str(uuid4()))
    if "policy" in body:
        parts["policy"] = policy.DEFAULT if body["policy"] is None else as_core(body["policy"])
    if "dataUseAgreements" in body:
        named = [one.get("id", "") if isinstance(one, dict) else one for one in body["dataUseAgreements"]]
        parts["terms"] = [str(term) for term in named]
    return parts
