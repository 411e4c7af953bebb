"""The `souk` command as a whole: each part of it shows examples that can be typed, and says in words what is wrong."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from local.cli import app
from local.cli.examples import EXAMPLES, with_examples
from tests.running import ROOT

NOWHERE = "--url http://127.0.0.1:1 --key x"
RESTORE = "--at 2026-01-01 --entities a --outbox b --log c --bucket d"
WRONG = {
    "up": ("up --port 99999", "less than or equal to 65535"),
    "run": ("run --state {file}", "{file}: File exists"),
    "reset": ("reset --state {file}", "{file}: File exists"),
    "backup": ("backup {folder}", "no such state"),
    "invoke": ("invoke GetTeamsFunction -e {file}", "{file} holds no JSON"),
    "export": (f"export {{folder}} {NOWHERE}", "127.0.0.1:1 does not answer"),
    "plan": (f"plan {{folder}} {NOWHERE}", "holds no catalogue"),
    "apply": ("apply {folder} --url bogus --key x", "'bogus' is no http or https address"),
    "import": (f"import {{folder}} --door window {NOWHERE}", "nothing to be carried through 'window'"),
    "seed": ("seed", "start one with `souk up`"),
    "doctor": ("doctor --state {file}", "{file} is no folder"),
    "migrate": ("migrate --state {file}", "{file}: File exists"),
    "redrive": ("redrive --queue https://sqs.eu-west-1.amazonaws.com/1/q", "Unable to locate credentials"),
    "reindex": ("reindex --state {file}", "{file}: File exists"),
    "restore": (f"restore --stack x {RESTORE}", "Unable to locate credentials"),
    "token": ("token ada@nav.no --permission king", "there is no permission 'king'"),
    "keys create": ("keys create x --scope bogus", "unknown scopes: bogus"),
    "keys list": ("keys list --stack x", "Unable to locate credentials"),
    "keys rotate": ("keys rotate nope", "API key 'nope' does not exist"),
    "keys revoke": ("keys revoke nope", "API key 'nope' does not exist"),
    **{f"{kind} import": (f"{kind} import {{file}}", "{file}") for kind in ("users", "domains", "teams", "forms")},
    "sources import": ("sources import nowhere", "'nowhere' does not exist"),
    **{
        f"{kind} list": (f"{kind} list --state {{file}}", "{file}: File exists")
        for kind in ("users", "domains", "teams", "sources", "forms")
    },
    "events tail": ("events tail --url bogus --key x", "bogus does not answer"),
    "grants list": ("grants list --only bogus", "a grant is one of pending"),
    "grants apply": ("grants apply", "say --access ID or --all"),
}


def commands(command: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Every command by its words."""
    below = getattr(command, "commands", {})
    yield from ((name, one) for one in [command] if not below)
    for word, one in below.items():
        yield from commands(one, f"{name} {word}".strip())


ALL = dict(commands(with_examples(typer.main.get_command(app))))


def souk(text: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the command without credentials, on a state of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SOUK_", "AWS_"))}
    own = {"SOUK_STATE": str(folder / "state"), "COLUMNS": "300", "NO_COLOR": "1", "HOME": str(folder)}
    return subprocess.run(
        [sys.executable, "-m", "local", *shlex.split(text)],
        cwd=ROOT,
        env=kept | own | {"AWS_EC2_METADATA_DISABLED": "true", "AWS_DEFAULT_REGION": "eu-west-1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_commands_that_people_look_for_are_there() -> None:
    assert {"up", "invoke", "keys create", "token", "seed", "import", "export", "plan", "apply"} <= set(ALL)
    assert {"events tail", "reindex", "redrive", "grants apply", "doctor", "migrate", "restore"} <= set(ALL)
    assert {"backup", "seed"} <= set(ALL)
    assert set(EXAMPLES) == set(WRONG) == set(ALL)


@pytest.mark.parametrize("name", ALL)
def test_every_option_and_example_is_explained(name: str) -> None:
    command = ALL[name]
    told = command.epilog.split("\n\n")
    assert command.help
    assert [one.name for one in command.params if not getattr(one, "help", "")] == []
    assert told[0] == "Examples:"
    assert [line for line in told[1:] if not line.startswith(f"souk {name}")] == []


@pytest.mark.parametrize("example", [line for lines in EXAMPLES.values() for line in lines])
def test_every_example_can_be_typed(example: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    name = next(name for name in sorted(ALL, key=len, reverse=True) if f"{example} ".startswith(f"souk {name} "))
    files = {
        "people.yaml": "docs/provisioning.md",
        "./people": "docs",
        "domains.yaml": "docs/access.md",
        "./teams": "docs",
    }
    words = [files.get(word, word) for word in shlex.split(example)[1 + len(name.split()) :]]
    context = ALL[name].make_context(name, words)
    assert context.args == []


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_a_sentence_and_a_code(name: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("{ [")
    (tmp_path / "folder").mkdir()
    places = {"file": str(tmp_path / "file"), "folder": str(tmp_path / "folder")}
    text, words = WRONG[name]
    done = souk(text.format(**places), tmp_path)
    assert done.returncode in {1, 2}
    assert words.format(**places) in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
