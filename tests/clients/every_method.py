"""Every method of the entropy-data SDK, called in its own environment.

`python every_method.py <file>`: it holds JSON, `{"calls": [[method, arguments, named], ...]}`. Prints the names of
all methods, what each call raised (null: nothing), and what each of the other methods raised with something for all
that it requires.
"""

import inspect
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from entropy_data_sdk.client import EntropyDataClient  # type: ignore[import-not-found]
from entropy_data_sdk.errors import ApiError  # type: ignore[import-not-found]

client: Any = EntropyDataClient(api_key=os.environ["ENTROPY_DATA_API_KEY"], host=os.environ["ENTROPY_DATA_HOST"])


def methods(group: Any, name: str) -> Iterator[tuple[str, Any]]:
    """Names of the public methods of a group and of the groups in it, with the methods."""
    for word, one in inspect.getmembers(group, inspect.ismethod):
        if not word.startswith("_"):
            yield f"{name}.{word}", one
    for word, one in vars(group).items():
        if not word.startswith("_") and word != "http" and type(one).__module__.startswith("entropy_data_sdk.api"):
            yield from methods(one, f"{name}.{word}" if name else word)


def raised(call: Any, arguments: list[Any], named: dict[str, Any]) -> Any:
    """The status that the method was refused with, the name of another error, or nothing."""
    try:
        call(*arguments, **named)
    except ApiError as error:
        return error.status_code
    except Exception as error:  # noqa: BLE001 - told to the test
        return f"{type(error).__name__}: {error}"[:200]
    return None


def guessed(call: Any) -> tuple[list[Any], dict[str, Any]]:
    """Something for all that the method requires: a word for a text, a small document for a model."""
    wanted = [one for one in inspect.signature(call).parameters.values() if one.default is one.empty]
    values = {one.name: "x" if str(one.annotation).strip("'").startswith("str") else {"id": "x"} for one in wanted}
    placed = [values[one.name] for one in wanted if one.kind is not one.KEYWORD_ONLY]
    return placed, {one.name: values[one.name] for one in wanted if one.kind is one.KEYWORD_ONLY}


known = {name: one for name, one in methods(client, "") if not name.startswith(".")}
given = json.loads(Path(sys.argv[1]).read_text())
told = [[name, raised(known[name], arguments, named)] for name, arguments, named in given["calls"]]
others = {name: raised(one, *guessed(one)) for name, one in known.items() if name not in {call[0] for call in told}}
print(json.dumps({"methods": sorted(known), "told": told, "others": others}))
