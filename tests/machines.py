"""The state machines as AWS would get them: `python -m tests.machines FOLDER` writes each there for a validator."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import yaml

from tests.repository.tree import ROOT

MACHINES = sorted((ROOT / "statemachines").glob("*.asl.yaml"))
STEP = "arn:aws:lambda:eu-central-1:123456789012:function:step"


def definition(path: Path) -> dict[str, Any]:
    """The machine, every substitution filled with some function."""
    content: dict[str, Any] = yaml.safe_load(re.sub(r"\$\{\w+\}", STEP, path.read_text()))
    return content


def write(folder: Path) -> None:
    """One JSON file per machine, and no others."""
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob("*.json"):
        left.unlink()
    for path in MACHINES:
        (folder / path.name).with_suffix(".json").write_text(json.dumps(definition(path)))


if __name__ == "__main__":
    write(Path(sys.argv[1]))
