"""`souk domains|users|teams|sources|forms`: what governance brings along comes in from files, again and again."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.running import ROOT

DOMAIN = "b0a5c7de-3f1e-4d52-9c86-5a0c8e6f1d27"


def souk(state: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "local", *words, "--state", str(state)]
    environment = os.environ | {"COLUMNS": "300"}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)


def imported(state: Path, kind: str, path: Path) -> list[str]:
    done = souk(state, kind, "import", str(path))
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


def test_everything_comes_in_by_command(state: Path, tmp_path: Path) -> None:
    domain, people = tmp_path / "domain.yaml", tmp_path / "people.json"
    domain.write_text(f"id: {DOMAIN}\nname: Roastery\n")
    people.write_text(
        '[{"email": "A@nav.no", "name": "Ann", "permissions": ["governance"], "attributes": {"site": "oslo"}},'
        ' {"email": "b@nav.no"}]'
    )
    team = tmp_path / "team.yaml"
    team.write_text("{id: t, name: Tee, type: Domain Team, members: [{email: a@nav.no}, {emailAddress: b@nav.no}]}")
    assert imported(state, "teams", team) == ["t"]
    assert imported(state, "domains", domain) == [DOMAIN]
    assert len(imported(state, "users", people)) == 2
    sources = imported(state, "sources", ROOT / "local/samples/datasources")
    assert imported(state, "sources", ROOT / "local/samples/datasources") == sources
    forms = imported(state, "forms", ROOT / "local/samples/requestforms")
    assert imported(state, "forms", ROOT / "local/samples/requestforms") == forms
    listed = {kind: souk(state, kind, "list").stdout for kind in ("users", "domains", "teams", "sources", "forms")}
    assert "a@nav.no" in listed["users"]
    assert "governance" in listed["users"]
    assert '{"site": ["oslo"]}' in listed["users"]
    assert "a@nav.no, b@nav.no" in listed["teams"]
    assert "Roastery" in listed["domains"]
    assert [listed["sources"].count(source) for source in sources] == [1] * len(sources)
    assert [listed["forms"].count(form) for form in forms] == [1, 1]


@pytest.mark.parametrize(
    ("kind", "text", "words"),
    [
        ("users", "name: nobody", "e-mail"),
        ("users", "{email: a@b, permissions: [king]}", "unknown permissions"),
        ("users", "{email: a@b, attributes: {site: 7}}", "attribute"),
        ("teams", "{id: t}", "an id and a name"),
        ("teams", "{id: t, name: T, boss: me}", "no boss"),
        ("teams", "{id: t, name: T, members: [{role: cook}]}", "email"),
        ("sources", "{id: a, name: A, technology: T, domain: nowhere}", "no domain"),
        ("sources", "{id: a}", "id, name and technology"),
        ("forms", "{name: F, policy: {default: {type: perhaps}}}", "an event is"),
        ("domains", "- 1", "no document"),
    ],
)
def test_what_is_wrong_is_said(state: Path, tmp_path: Path, kind: str, text: str, words: str) -> None:
    path = tmp_path / "document.yaml"
    path.write_text(text)
    done = souk(state, kind, "import", str(path))
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
