"""`souk` commands on a deployed stack: the first key, people, the version of the data."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from local.deployed import resources
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
    "words",
    ["keys create x", "keys list", "users list", "grants list", "migrate", "doctor", "redrive", "reindex"],
    ids=str,
)
def test_a_stack_that_there_is_not_is_named(stack: str, words: str) -> None:
    done = souk(*words.split(), "--stack", "elsewhere")
    assert done.exit_code in {1, 2}
    assert "elsewhere does not exist" in done.output
    assert "Traceback" not in done.output


@pytest.fixture
def queue(stack: str) -> str:
    """The URL of a queue of a stack that lies in another, as the reactions do."""
    s3: Any = boto3.client("s3")
    s3.create_bucket(Bucket="templates", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    inner = {"Resources": {"EventsDeadLetters": {"Type": "AWS::SQS::Queue"}}}
    s3.put_object(Bucket="templates", Key="inner", Body=json.dumps(inner).encode())
    outer = {
        "Type": "AWS::CloudFormation::Stack",
        "Properties": {"TemplateURL": "https://s3.amazonaws.com/templates/inner"},
    }
    formation: Any = boto3.client("cloudformation")
    formation.create_stack(StackName="outer", TemplateBody=json.dumps({"Resources": {"Reactions": outer}}))
    (url,) = resources("outer", "AWS::SQS::Queue").values()
    return url


def test_dead_letters_of_a_stack_are_found_by_its_name(queue: str) -> None:
    assert souk("redrive", "--stack", "outer").stdout.startswith("0 dead letters were delivered, 0 stay")
    boto3.client("sqs").send_message(QueueUrl=queue, MessageBody=json.dumps({"nothing": "known"}))
    left = souk("redrive", "--stack", "outer")
    assert (left.exit_code, "1 stay" in left.stdout, "no dead letter" in left.output) == (1, True, True)


def test_an_index_is_made_by_the_function_of_the_stack(queue: str) -> None:
    refused = souk("reindex", "--stack", "outer")
    assert (refused.exit_code, "outer has no UpdateSearchFunction" in refused.output) == (2, True)


def test_data_of_a_later_version_is_told_and_left_alone(stack: str) -> None:
    assert "the data has version 1" in souk("migrate", "--stack", stack).stdout
    run(store_of(stack), lambda work: keep_version(work, 99))
    refused = souk("migrate", "--stack", stack)
    assert (refused.exit_code, "the data has version 99" in refused.output) == (2, True)
    told = souk("doctor", "--stack", stack)
    assert (told.exit_code, "this code is older than the data" in told.stdout) == (1, True)
