"""Kinds of fields, and how a document is held against a model of them.

A model names what the contract names; anything else passes (G10). Null is "not sent" in optional fields (G9).
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainValidator, ValidationError, WithJsonSchema
from pydantic.alias_generators import to_camel

from souk.catalogue import MAX_ID, Document
from souk.edge.call import Call
from souk.errors import Invalid

_MAX_PROBLEMS = 50


class Shape(BaseModel):
    """Base of every model: JSON types are taken strictly, unknown fields pass."""

    model_config = ConfigDict(strict=True, extra="ignore", alias_generator=to_camel)


def _not_blank(value: str) -> str:
    if not value.strip():
        raise ValueError("must not be blank")
    return value


def _number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError("must be a number")
    return value


Text = Annotated[str, AfterValidator(_not_blank), WithJsonSchema({"type": "string", "pattern": r"\S"})]
"""A required string."""
Id = Annotated[
    Text, Field(max_length=MAX_ID), WithJsonSchema({"type": "string", "pattern": r"\S", "maxLength": MAX_ID})
]
"""The id of something that the client names."""
Number = Annotated[Any, PlainValidator(_number), WithJsonSchema({"type": "number"})]
Tags = list[str] | None
Links = dict[str, str | None] | None
Object = dict[str, Any] | None


class Common(Shape):
    """`tags`, `links`, `custom` (end of contract section 1). Values of `custom` may be anything."""

    tags: Tags = None
    links: Links = None
    custom: Object = None


def checked(
    model: type[BaseModel] | tuple[type[BaseModel], ...],
    call: Call,
    *,
    id_required: bool = True,
    slashes: bool = False,
) -> Document:
    """The body, held against the model, or several, and the id in the path (G13, G14), with its id.

    `slashes`: an id may hold them (X4). Raises Invalid with every fault found, Unreadable, TooLarge.
    """
    document = call.document
    models = model if isinstance(model, tuple) else (model,)
    found = dict.fromkeys(fault for one in models for fault in faults(one, document))
    refuse([*found, *_id_faults(call.path["id"], document.get("id"), slashes)])
    if id_required or document.get("id") is not None:
        return document
    return {"id": call.path["id"]} | document | {"id": call.path["id"]}


def held_against(model: type[BaseModel], document: Document) -> Document:
    """The document, held against the model. Raises Invalid with every fault found."""
    refuse(faults(model, document))
    return document


def faults(model: type[BaseModel], document: Document) -> list[str]:
    """What is wrong, one line for each fault, as `path: words`. Unknown fields are no fault, whatever a model says."""
    try:
        model.model_validate(document)
    except ValidationError as error:
        known = [fault for fault in error.errors(include_url=False) if fault["type"] != "extra_forbidden"]
        return [f"{_path(fault['loc'])}: {_words(fault)}" for fault in known]
    return []


def refuse(problems: list[str]) -> None:
    """Raises Invalid if there are problems."""
    more = len(problems) - _MAX_PROBLEMS
    if problems:
        raise Invalid(problems[0], problems[:_MAX_PROBLEMS] + ([f"and {more} more"] if more > 0 else []))


def _id_faults(path_id: str, body_id: Any, slashes: bool) -> list[str]:
    if not path_id.strip() or len(path_id) > MAX_ID or ("/" in path_id and not slashes):
        return [f"id: must be 1 to {MAX_ID} characters long" + ("" if slashes else " and hold no '/'")]
    if isinstance(body_id, str) and body_id.strip() and body_id != path_id:
        return [f"id: must equal the id in the path, '{path_id}', and is '{body_id[:MAX_ID]}'"]
    return []


_WORDS = {
    "missing": "is required",
    "string_too_long": f"must be at most {MAX_ID} characters long",
    "string_type": "must be a string",
    "bool_type": "must be true or false",
    "list_type": "must be an array",
    "dict_type": "must be an object",
    "model_type": "must be an object",
}


def _words(fault: Any) -> str:
    if fault["type"] == "value_error":
        return str(fault["ctx"]["error"])
    if fault["input"] is None:
        return "is required"
    if fault["type"] == "literal_error":
        return f"must be one of {fault['ctx']['expected']}"
    return _WORDS.get(fault["type"], str(fault["msg"]))


def _path(steps: tuple[int | str, ...]) -> str:
    path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return path.removeprefix(".") or "the document"
