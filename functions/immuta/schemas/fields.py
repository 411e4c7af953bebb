"""Kinds of fields, and how a body is held against a model of them. Unknown keys pass, except where said."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError, WithJsonSchema

from souk.edge.call import Call
from souk.errors import Invalid

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z", re.IGNORECASE)
_CUID = re.compile(r"c[a-z0-9]{24}\Z")
_ALLOWED = frozenset(")(-_/\\")
MAX_NAME = 255
MAX_TEXT = 256
_MAX_PROBLEMS = 50


class Shape(BaseModel):
    """Base of every model: JSON types are taken strictly, unknown keys are ignored."""

    model_config = ConfigDict(strict=True, extra="ignore")


def _name(value: str) -> str:
    if not value.strip() or len(value) > MAX_NAME:
        raise ValueError(f"must be 1 to {MAX_NAME} characters long")
    if not all(c in _ALLOWED or c.isspace() or unicodedata.category(c)[0] in "LMN" for c in value):
        raise ValueError("may hold letters, digits, white space and )(-_/\\ only")
    return value.strip()


def _uuid(value: str) -> str:
    if not _UUID.match(value):
        raise ValueError("must be a UUID")
    return value.lower()


def _exact_uuid(value: str) -> str:
    if _uuid(value) != value:
        raise ValueError("must be a UUID in lower case")
    return value


def _cuid_or_uuid(value: str) -> str:
    if _CUID.match(value):
        return value
    if not _UUID.match(value):
        raise ValueError("must be a cuid or a UUID")
    return value.lower()


def _filled(value: str) -> str:
    if not value.strip() or len(value) > MAX_TEXT or "\0" in value:
        raise ValueError(f"must be 1 to {MAX_TEXT} characters of text")
    return value


_UUID_TEXT = "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"


def _told(**schema: Any) -> Any:
    """What a validator checks, in the words of JSON Schema."""
    return WithJsonSchema({"type": "string", **schema})


Name = Annotated[str, AfterValidator(_name), _told(maxLength=MAX_NAME, pattern=r"\S")]
"""The name of a data product."""
Uuid = Annotated[str, AfterValidator(_uuid), _told(format="uuid", pattern=f"^{_UUID_TEXT}$")]
ExactUuid = Annotated[
    str, AfterValidator(_exact_uuid), _told(format="uuid", pattern=f"^{_UUID_TEXT.replace('A-F', '')}$")
]
CuidOrUuid = Annotated[str, AfterValidator(_cuid_or_uuid), _told(pattern=f"^(c[a-z0-9]{{24}}|{_UUID_TEXT})$")]
Text = Annotated[str, AfterValidator(_filled), _told(maxLength=MAX_TEXT, pattern=r"\S")]
Object = dict[str, Any]


def checked(model: type[BaseModel], call: Call, without: Collection[str] = ()) -> dict[str, Any]:
    """The known keys that the body sends, with the values that the model makes of them. Raises Invalid, Unreadable."""
    document = {name: value for name, value in call.document.items() if name not in without}
    try:
        read = model.model_validate(document)
    except ValidationError as error:
        problems = [f"{_path(fault['loc'])} {_words(fault)}" for fault in error.errors(include_url=False)]
        raise Invalid("the body is not valid", problems[:_MAX_PROBLEMS]) from None
    return read.model_dump(exclude_unset=True)


_WORDS = {
    "missing": "is required",
    "string_type": "must be a string",
    "bool_type": "must be a boolean value",
    "int_type": "must be an integer number",
    "list_type": "must be an array",
    "dict_type": "must be an object",
    "model_type": "must be an object",
    "extra_forbidden": "should not exist",
}


def _words(fault: Any) -> str:
    if fault["type"] == "value_error":
        return str(fault["ctx"]["error"])
    return _WORDS.get(fault["type"], str(fault["msg"]))


def _path(steps: tuple[int | str, ...]) -> str:
    path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return path.removeprefix(".") or "the body"
