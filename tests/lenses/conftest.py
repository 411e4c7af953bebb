"""One store in memory for a whole module: every generated example makes a product of its own."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator

import pytest

from souk import workflows
from souk.store.connect import use
from souk.store.port import Store
from souk.store.sqlite import SqliteStore
from tests.doors.products import Door, Nav, Nndm
from tests.doors.published import Dpx, Immuta
from tests.lenses.catalogue import Catalogue
from tests.lenses.doors import AtOnce, InProcess, seeded

collect_ignore = [] if os.environ.get("SOUK_EXAMPLES") else ["test_examples.py"]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = SqliteStore(":memory:")
    machines = AtOnce()
    logging.disable(logging.CRITICAL)  # thousands of calls, each with its line
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOUK_SIGNING_KEY", f"file:{tmp_path_factory.mktemp('signing') / 'key.pem'}")
        use(opened)
        workflows.use(machines.start)
        yield opened
    workflows.use(None)
    machines.stop()
    logging.disable(logging.NOTSET)
    use(None)
    opened.close()


@pytest.fixture(scope="module")
def env(store: Store) -> dict[str, str]:
    return seeded(store)


@pytest.fixture(scope="module")
def doors(env: dict[str, str]) -> dict[str, Door]:
    key = InProcess(env["SOUK_API_KEY"])  # which may do everything, and costs no signature
    every: list[Door] = [Nndm(key, env), Dpx(key, env), Immuta(key, env), Nav(key, env)]
    return {door.name: door for door in every}


@pytest.fixture(scope="module")
def catalogue(store: Store, doors: dict[str, Door], env: dict[str, str]) -> Catalogue:
    return Catalogue(store, doors, env)
