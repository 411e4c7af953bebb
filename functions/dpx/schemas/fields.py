"""Kinds of fields, and how a value is held against a model of them. Null is an absent field (contract 1.1)."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, WithJsonSchema

from souk.errors import Invalid

_PATTERN = re.compile(r'[\w.,:$&()\s\-^"]+\Z')
_VERSION = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+\Z")
_URL = re.compile(r"https?://[^\s<>]+\Z")
_MAX_PROBLEMS = 50


class Shape(BaseModel):
    """Base of every model: JSON types are taken strictly, unknown fields pass."""

    model_config = ConfigDict(strict=True, extra="ignore")


def _plain(value: str) -> str:
    if not _PATTERN.match(value):
        raise ValueError('may hold letters, digits, spaces and . , : $ & ( ) - _ ^ " only')
    return value


def _plain_or_empty(value: str) -> str:
    return _plain(value) if value else value


def _not_blank(value: str) -> str:
    if not value.strip():
        raise ValueError("must not be blank")
    return value


def _number(value: str) -> str:
    if not _VERSION.match(value):
        raise ValueError("must be three numbers with dots between them, such as 1.0.0")
    return value


def _url(value: str) -> str:
    if not _URL.match(value):
        raise ValueError("must be an http or https address")
    return value


_PLAIN_TEXT = r'^[\w.,:$&()\s\-^"]+$'


def _told(low: int, high: int, pattern: str) -> Any:
    """What a validator checks, in the words of JSON Schema."""
    return WithJsonSchema({"type": "string", "minLength": low, "maxLength": high, "pattern": pattern})


Plain = Annotated[str, Field(min_length=1, max_length=256), AfterValidator(_plain), _told(1, 256, _PLAIN_TEXT)]
Name = Annotated[
    Plain, AfterValidator(_not_blank), _told(1, 256, r"^[\w.,:$&()\s\-^\"]*[\w.,:$&()\-^\"][\w.,:$&()\s\-^\"]*$")
]
Id = Annotated[str, Field(min_length=36, max_length=36), AfterValidator(_plain), _told(36, 36, _PLAIN_TEXT)]
AnyId = Annotated[str, Field(min_length=1, max_length=256)]
"""The id of something that may exist elsewhere only."""
VersionNumber = Annotated[
    str, Field(min_length=5, max_length=36), AfterValidator(_number), _told(5, 36, r"^[0-9]+\.[0-9]+\.[0-9]+$")
]
Url = Annotated[str, Field(min_length=1, max_length=1000), AfterValidator(_url), _told(1, 1000, r"^https?://[^\s<>]+$")]
LongText = Annotated[str, Field(max_length=4000), AfterValidator(_plain_or_empty), _told(0, 4000, _PLAIN_TEXT)]
"""A description. An empty one is none: answers show it so, and what was read may be sent back."""


def without_nulls(value: Any) -> Any:
    """The value without fields that are null."""
    if isinstance(value, dict):
        return {key: without_nulls(one) for key, one in value.items() if one is not None}
    if isinstance(value, list):
        return [without_nulls(one) for one in value]
    return value


def checked(model: type[BaseModel], value: Any) -> Any:
    """The value without nulls, held against the model. Raises Invalid with every fault found."""
    plain = without_nulls(value)
    try:
        model.model_validate(plain)
    except ValidationError as error:
        faults = error.errors(include_url=False)[:_MAX_PROBLEMS]
        problems = [f"{_path(fault['loc'])}: {_words(fault)}" for fault in faults]
        codes = ["missing" if fault["type"] == "missing" else "invalid_parameter" for fault in faults]
        raise Invalid(problems[0], problems, codes=codes) from None
    return plain


_WORDS = {
    "missing": "is required",
    "string_type": "must be a string",
    "bool_type": "must be true or false",
    "list_type": "must be an array",
    "dict_type": "must be an object",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
}


def _words(fault: Any) -> str:
    if fault["type"] == "value_error":
        return str(fault["ctx"]["error"])
    if fault["type"] == "literal_error":
        return f"must be one of {fault['ctx']['expected']}"
    return _WORDS.get(fault["type"], str(fault["msg"]))


def _path(steps: tuple[int | str, ...]) -> str:
    path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return path.removeprefix(".") or "body"
