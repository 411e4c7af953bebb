"""The definition of a state machine, with the template's substitutions filled in."""

from __future__ import annotations

import json
import re
from typing import Any

from local.cloudformation import Stack, TemplateError, load_yaml

_PLACEHOLDER = re.compile(r"\$\{([A-Za-z0-9_]+)\}")


def definition_of(stack: Stack, properties: dict[str, Any]) -> Any:
    """The Amazon States Language document of a machine. Raises TemplateError for a missing substitution."""
    inline = properties.get("Definition")
    document = inline if inline is not None else load_yaml(stack.path.parent / str(properties["DefinitionUri"]))
    return fill(document, stack.resolve(properties.get("DefinitionSubstitutions") or {}))


def fill(document: Any, values: dict[str, Any]) -> Any:
    """The document with every `${name}` replaced. A text that is only a placeholder takes the value's own type."""
    if isinstance(document, dict):
        return {key: fill(item, values) for key, item in document.items()}
    if isinstance(document, list):
        return [fill(item, values) for item in document]
    if not isinstance(document, str):
        return document
    whole = _PLACEHOLDER.fullmatch(document)
    if whole and whole[1] in values:
        return _number(values[whole[1]])
    return _PLACEHOLDER.sub(lambda match: _value(match[1], values), document)


def _value(name: str, values: dict[str, Any]) -> str:
    if name not in values:
        raise TemplateError(f"DefinitionSubstitutions lacks {name!r}")
    return str(values[name])


def _number(value: Any) -> Any:
    """A whole number is put into the text of the definition unquoted where a number stands alone."""
    try:
        return json.loads(value) if isinstance(value, str) and value.isdigit() else value
    except ValueError:
        return value
