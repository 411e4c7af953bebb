"""A publish that is not finished after 20 seconds is answered with a link to the draft (contract R9)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.running import ROOT, Running, start_souk
from tests.threads import at_once
from tests.wire.dpx.hub import B, Hub, eventually, ok, place, refused

STALLED = '''
import importlib.util, os, sys, threading
from pathlib import Path

class Stall:
    """The first step of a publish waits for a file."""

    def find_spec(self, name, path=None, target=None):
        if name != "steps.publish_check":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        load = spec.loader.exec_module
        def loaded(module):
            load(module)
            check, gate = module.check, Path(os.environ["SOUK_TESTS_GATE"])
            def wait(*given):
                while not gate.exists():
                    threading.Event().wait(0.05)
                return check(*given)
            module.check = wait
        spec.loader.exec_module = loaded
        return spec

sys.meta_path.insert(0, Stall())
'''
"""Loaded by the interpreter of the run before anything else."""


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As soon as this file is there, publishes go on."""
    return tmp_path_factory.mktemp("gate") / "open"


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory, gate: Path) -> Iterator[Running]:
    """A run of its own whose publishes stand still."""
    folder = tmp_path_factory.mktemp("stalled")
    (folder / "sitecustomize.py").write_text(STALLED)
    roots = [folder, ROOT / "layers/souk", ROOT / "functions", ROOT]
    path = ":".join(map(str, roots))
    running = start_souk(folder / "state", PYTHONPATH=path, SOUK_TESTS_GATE=str(gate))
    yield running
    gate.touch()
    running.stop()


@pytest.fixture(scope="module")
def still(slow: Running) -> Hub:
    hub = Hub(slow.url, slow.env["SOUK_API_KEY"])
    begun = ok(hub.call("POST", f"{B}/configuration/initialize", {"include": ["delivery_methods"]}), 202)
    hub.catalog = begun["container"]["id"]
    return hub


def test_a_publish_that_takes_long_is_answered_with_a_link(still: Hub, gate: Path) -> None:
    publishes: list[Any] = [{"op": "replace", "path": "/state", "value": "available"}]
    one, other = still.draft(), still.draft()
    answers = at_once(
        lambda: still.call("POST", f"{place(one)}/publish"), lambda: still.call("PATCH", place(other), publishes)
    )
    paths = [urlsplit(ok(answer, 202)["href"]).path for answer in answers]
    assert paths == [place(one), place(other)]
    assert [still.get(path)["state"] for path in paths] == ["draft", "draft"]
    refused(still.call("POST", f"{place(one)}/publish"), 409)
    refused(still.call("DELETE", place(one)), 409)
    gate.touch()
    eventually(lambda: [still.get(path)["state"] for path in paths] == ["available", "available"])
