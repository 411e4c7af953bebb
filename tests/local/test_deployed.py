"""`souk` commands on a deployed stack: the first key, people, the version of the data."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from souk.identity import keys
from souk.setup.version import keep_version
from souk.work import Work, run
from tests.local.stacks import account, deploy, souk, store_of
from tests.nndm.driver import Api
from tests.nndm.samples import team


@pytest.fixture
def stack() -> Iterator[str]:
    with account():
        deploy("souk")
        yield "souk"


def test_the_first_key_opens_the_doors_of_the_stack(stack: str) -> None:
    made = souk("keys", "create", "first", "--stack", stack)
    assert made.exit_code == 0, made.output
    api = Api(store_of(stack), made.stdout.strip().splitlines()[-1])
    assert api.call("PUT", "/api/teams/owners", team("owners")).status == 200
    assert [key.name for key in keys.list_keys(Work(store_of(stack)))] == ["first"]
    assert "first" in souk("keys", "list", "--stack", stack).stdout


def test_people_come_in_by_files(stack: str, tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text("email: a@nav.no\nname: Ann\n")
    assert souk("users", "import", str(tmp_path), "--stack", stack).exit_code == 0
    assert "a@nav.no" in souk("users", "list", "--stack", stack).stdout


@pytest.mark.parametrize(
    "words", ["keys create x", "keys list", "users list", "grants list", "migrate", "doctor"], ids=str
)
def test_a_stack_that_there_is_not_is_named(stack: str, words: str) -> None:
    done = souk(*words.split(), "--stack", "elsewhere")
    assert done.exit_code in {1, 2}
    assert "elsewhere does not exist" in done.output
    assert "Traceback" not in done.output


def test_data_of_a_later_version_is_told_and_left_alone(stack: str) -> None:
    assert "the data has version 1" in souk("migrate", "--stack", stack).stdout
    run(store_of(stack), lambda work: keep_version(work, 99))
    refused = souk("migrate", "--stack", stack)
    assert (refused.exit_code, "the data has version 99" in refused.output) == (2, True)
    told = souk("doctor", "--stack", stack)
    assert (told.exit_code, "this code is older than the data" in told.stdout) == (1, True)
