"""The four doors of the session's run, each with a client that may do everything there."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from tests.doors.accesses import World
from tests.doors.callers import Caller
from tests.doors.products import Door, Nav, Nndm
from tests.doors.published import Dpx, Immuta
from tests.running import ROOT, Running

Doors = dict[str, Door]


@pytest.fixture(scope="session")
def doors(souk: Running) -> Doors:
    key, manager = souk.env["SOUK_API_KEY"], souk.env["SOUK_MANAGER_TOKEN"]
    credentials: dict[type[Door], str] = {Nndm: key, Dpx: manager, Immuta: manager, Nav: manager}
    return {kind.name: kind(Caller(souk.url, held), souk.env) for kind, held in credentials.items()}


@pytest.fixture(scope="session")
def world(souk: Running) -> World:
    return World(souk)


@pytest.fixture(scope="session")
def clerk(souk: Running) -> Caller:
    """A key that writes but does not decide."""
    command = [sys.executable, "-m", "local", "keys", "create", "clerk", "--scope", "read", "--scope", "write"]
    environment = os.environ | {"SOUK_STATE": str(souk.state), "ENGINE": souk.engine, "COLUMNS": "200"}
    made = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True, timeout=60)
    found = re.search(r"souk_\w+", made.stdout)
    assert found, made.stdout
    return Caller(souk.url, found[0])
