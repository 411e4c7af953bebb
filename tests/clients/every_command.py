"""Every command of the entropy-data command line, run one behind the other in the program's own environment.

`python every_command.py <file>`: it holds JSON, `{"steps": [words, ...], "guessed": {command: more words, ...}}`.
A word `$name` stands for the id that the step named so has listed first: `{"words": [...], "name": ...}`. A guessed
command gets something for everything that it requires. Prints the names of all commands, and what each that was run
gave.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from entropy_data.cli import app  # type: ignore[import-not-found]
from typer.main import get_command
from typer.testing import CliRunner

WIDE = {"COLUMNS": "400"}
given = json.loads(Path(sys.argv[1]).read_text())
named: dict[str, str] = {}


def commands(command: Any, *words: str) -> Iterator[tuple[str, Any]]:
    """Names of all commands below this one, with the command."""
    below = getattr(command, "commands", None)
    if below is None:
        yield " ".join(words), command
    else:
        for name, one in sorted(below.items()):
            yield from commands(one, *words, name)


def run(words: list[str]) -> dict[str, Any]:
    """What a command gives; it is confirmed when it asks."""
    filled = [named.get(word[1:], word) if word.startswith("$") else word for word in words]
    result = CliRunner().invoke(app, filled, input="y\n", env=WIDE)
    unexpected = None if isinstance(result.exception, SystemExit | None) else repr(result.exception)
    return {"words": filled, "code": result.exit_code, "text": result.output, "raised": unexpected}


def value(parameter: Any) -> str:
    """Something that this parameter takes."""
    choices = getattr(parameter.type, "choices", None)
    if choices:
        return str(getattr(choices[0], "value", choices[0]))
    kind = type(parameter.type).__name__
    return {"Path": "document.json", "TyperPath": "document.json", "IntParamType": "1"}.get(kind, "x")


def guessed(name: str, command: Any, more: list[str]) -> list[str]:
    """Words for a command: all that it requires, and these."""
    words = name.split(" ")
    for one in command.params:
        if one.required and not set(one.opts) & set(more):
            words += ([one.opts[0]] if one.param_type_name == "option" else []) + [value(one)]
    return words + more


known = dict(commands(get_command(app)))
Path("document.json").write_text(json.dumps({"id": "x", "name": "x", "info": {"name": "x"}}))
told: list[dict[str, Any]] = []
for step in given["steps"]:
    words = step["words"] if isinstance(step, dict) else step
    told.append(run(words))
    if isinstance(step, dict):
        named[step["name"]] = json.loads(told[-1]["text"])[0]["id"]
refused = {name: run(guessed(name, known[name], more)) for name, more in given["guessed"].items()}
print(json.dumps({"commands": sorted(known), "told": told, "refused": refused}))
