"""What the steps of CONTRIBUTING.md leave for each operation, and the two of them that need no thought.

`python -m tests.repository.steps`: what lacks, of every operation. `python -m tests.repository.steps hub listGrants GET
/grants`: writes the function's block and a recorded invocation of it, and says what is to be done next.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from tests.repository.tree import DIALECTS, ROOT, functions, operation_id, snake

_BLOCK = """  {logical}:
    Type: AWS::Serverless::Function
    Properties:
      Handler: {door}.operations.{module}.handler
      Role: !GetAtt {role}.Arn
      Events:
        Http: {{Type: HttpApi, Properties: {{ApiId: !Ref Api, Method: {method}, Path: "{path}"}}}}

"""
_LAST = "  # Every path that no operation above serves\n"
_UNDESCRIBED = frozenset({"unknownPath"})


class Step(NamedTuple):
    """One thing that every operation has: where, and whether it is there."""

    number: int
    what: str
    done: Callable[[str, str], bool]


def _text(pattern: str) -> str:
    return "".join(path.read_text(encoding="utf-8") for path in sorted(ROOT.glob(pattern)))


def _names(pattern: str, word: str) -> bool:
    return re.search(rf"\b{word}\b", _text(pattern)) is not None


def _has_file(pattern: str) -> Callable[[str, str], bool]:
    return lambda door, name: (ROOT / pattern.format(door=door, module=snake(name))).exists()


def _is_described(door: str, name: str) -> bool:
    return name in _UNDESCRIBED or _names(f"functions/hub/openapi/{door}.json", name)


def _has_row(door: str, name: str) -> bool:
    from tests.authorisation.rows import ROWS

    return f"{door}/{snake(name)}" in ROWS


def _has_figures(door: str, name: str) -> bool:
    return f"{door}/{snake(name)}" in json.loads((ROOT / "benchmarks/capacity.json").read_text(encoding="utf-8"))


STEPS = [
    Step(2, "events/{door}/{module}.json: one recorded invocation", _has_file("events/{door}/{module}.json")),
    Step(3, "tests/authorisation/rows.py: who may call it (`{module}`), and docs/permissions.md", _has_row),
    Step(
        6,
        "functions/{door}/operations/{module}.py: the operation",
        _has_file("functions/{door}/operations/{module}.py"),
    ),
    Step(
        7,
        "functions/hub/openapi/{door}.json: declare `{name}` in local/openapi/declared/{door}.yaml, "
        "give it a place in tests/doors/stories.py, and `make openapi`",
        _is_described,
    ),
    Step(
        7,
        "docs/doors.md: a row for `{name}`",
        lambda door, name: name in _UNDESCRIBED or f"| {name} |" in _text("docs/doors.md"),
    ),
    Step(
        7,
        "benchmarks/capacity.json: a place in benchmarks/stories.py and tests/faults/story_{door}.py, "
        "then `python -m benchmarks.capacity`",
        _has_figures,
    ),
]


def missing(door: str, name: str) -> list[str]:
    """What an operation lacks, each with its step."""
    return [
        f"step {step.number}: {step.what.format(door=door, name=name, module=snake(name))}"
        for step in STEPS
        if not step.done(door, name)
    ]


def operations(door: str) -> list[str]:
    """The operationIds of a door's template."""
    return [operation_id(logical) for logical in functions(door)]


def write(door: str, name: str, method: str, path: str) -> None:
    """The function's block before the one of unknown paths, and an invocation by its route. Raises ValueError."""
    template = ROOT / f"functions/{door}/template.yaml"
    before, mark, after = template.read_text(encoding="utf-8").partition(_LAST)
    recorded = ROOT / f"events/{door}/{snake(name)}.json"
    if not mark or name in operations(door) or recorded.exists():
        raise ValueError(f"{door} has {name} already, or its template does not end as it should")
    block = _BLOCK.format(
        logical=name[0].upper() + name[1:] + "Function",
        door=door,
        module=snake(name),
        role="ReaderRole" if method == "GET" else "WriterRole",
        method=method,
        path=path,
    )
    template.write_text(before + block + mark + after, encoding="utf-8")
    recorded.write_text(json.dumps(_invocation(door, method, path), indent=2) + "\n", encoding="utf-8")


def _invocation(door: str, method: str, path: str) -> dict[str, Any]:
    """As the door's recording of an unknown path, with the values that recordings of like paths have for its names."""
    others = [json.loads(one.read_text(encoding="utf-8")) for one in sorted((ROOT / f"events/{door}").glob("*.json"))]
    names = re.findall(r"\{(\w+)\+?\}", path)
    known = {
        name: one["pathParameters"][name]
        for name in names
        for one in others
        if path[: path.index(f"{{{name}") + 1 + len(name)] in one["routeKey"]
    }
    filled = re.sub(r"\{(\w+)\+?\}", lambda found: str(known.get(found[1], found[1])), path)
    event: dict[str, Any] = json.loads((ROOT / f"events/{door}/unknown_path.json").read_text(encoding="utf-8"))
    event |= {"routeKey": f"{method} {path}", "rawPath": filled}
    event["requestContext"] |= {"routeKey": f"{method} {path}"}
    event["requestContext"]["http"] |= {"method": method, "path": filled}
    if names:
        event["pathParameters"] = {name: known.get(name, name) for name in names}
    if method in {"POST", "PUT", "PATCH"}:
        event["headers"]["content-type"] = "application/json"
        event["body"] = "{}"
    return event


def _told(door: str, name: str) -> Iterator[str]:
    yield from (f"{door} {name}: {lack}" for lack in missing(door, name))


def main(arguments: list[str]) -> int:
    """Write what can be written, and say what lacks. 1 if anything does."""
    if arguments:
        door, name, method, path = arguments
        write(door, name, method, path)
        lacks = list(_told(door, name))
    else:
        lacks = [lack for door in DIALECTS for name in operations(door) for lack in _told(door, name)]
    print("\n".join(lacks) or "every operation has gone all the steps of CONTRIBUTING.md")
    return 1 if lacks else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
