"""Pictures of the state machines, drawn from their definitions.

`python -m tests.repository.pictures` rewrites the page.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/lifecycles.md"
HEAD = """# Lifecycles

The state machines, drawn from `statemachines/*.asl.yaml` by `python -m tests.repository.pictures`. Every Task is
repeated on errors that may pass, has a time limit, and may run twice with one effect; only ids are in the state. What
a machine leaves unfinished is due again, and the sweep of every minute starts it anew.
"""


def page() -> str:
    """The whole page: a chapter with a picture for each machine."""
    definitions = sorted((ROOT / "statemachines").glob("*.asl.yaml"))
    return HEAD + "".join(_chapter(path) for path in definitions)


def _chapter(path: Path) -> str:
    machine = yaml.safe_load(path.read_text())
    lines = "\n".join(["stateDiagram-v2", *_states(machine, "  ")])
    name = path.name.removesuffix(".asl.yaml").replace("_", "-")
    return f"\n## {name}\n{machine['Comment']}\n\n```mermaid\n{lines}\n```\n"


def _states(machine: dict[str, Any], indent: str) -> Iterator[str]:
    yield f"{indent}[*] --> {machine['StartAt']}"
    for name, state in machine["States"].items():
        inner = state.get("ItemProcessor")
        if inner:
            yield f"{indent}state {name} {{"
            yield from _states(inner, indent + "  ")
            yield f"{indent}}}"
        for target, label in _ways(state):
            yield f"{indent}{name} --> {target}" + (f": {label}" if label else "")


def _ways(state: dict[str, Any]) -> Iterator[tuple[str, str]]:
    ends = state.get("End") or state["Type"] in {"Succeed", "Fail"}
    yield from [("[*]", "fails" if state["Type"] == "Fail" else "")] if ends else []
    yield from [(state["Next"], "")] if "Next" in state else []
    yield from ((choice["Next"], "if") for choice in state.get("Choices", []))
    yield from [(state["Default"], "else")] if "Default" in state else []
    yield from ((catch["Next"], "error") for catch in state.get("Catch", []))


if __name__ == "__main__":
    PAGE.write_text(page())
