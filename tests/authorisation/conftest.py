"""The scene, made once for all tests of this folder, and everybody who enters it."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from souk import workflows
from souk.grantors import connect as grantors
from souk.grantors.port import Bystander
from souk.search import snapshot
from souk.store.connect import use
from souk.store.sqlite import SqliteStore
from tests.alone import aws_in_memory
from tests.authorisation.estate import Scene
from tests.authorisation.people import Person, everybody, nobody, trust_the_company
from tests.lenses.doors import AtOnce


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    logging.disable(logging.CRITICAL)  # tens of thousands of calls, each with its line
    opened, machines = SqliteStore(":memory:"), AtOnce()
    with pytest.MonkeyPatch.context() as patch, aws_in_memory(patch):
        trust_the_company(tmp_path_factory.mktemp("issuer"), patch)
        use(opened)
        workflows.use(machines.start)
        grantors.use(Bystander("external", reports=True))
        made = Scene(opened)
        yield made
        made.close()
    grantors.use(None)
    workflows.use(None)
    machines.stop()
    snapshot.forget()
    use(None)
    opened.close()
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="module")
def strangers(scene: Scene) -> list[Person]:
    """Whoever has no credential that counts."""
    found = nobody(scene.store)
    scene.keep()
    return found


@pytest.fixture(scope="module")
def people(scene: Scene) -> list[Person]:
    """Whoever has one."""
    found = everybody(scene.store)
    scene.keep()
    return found
