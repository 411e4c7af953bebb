"""What the stack is like on AWS: encrypted, private, restorable, and quiet after a while."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.repository.tree import NESTED, ROOT, TEMPLATES, resources, template

BUCKETS = resources(ROOT / "template.yaml", "AWS::S3::Bucket")
POLICIES = resources(ROOT / "template.yaml", "AWS::S3::BucketPolicy")


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def all_of(kind: str) -> dict[str, dict[str, Any]]:
    return {f"{relative(path)} {name}": one for path in TEMPLATES for name, one in resources(path, kind).items()}


def test_every_bucket_is_encrypted_private_and_versioned() -> None:
    assert BUCKETS
    for bucket in BUCKETS.values():
        assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
        (rule,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] in {"AES256", "aws:kms"}
        assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
        assert bucket["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}


def test_every_bucket_is_reached_over_tls_alone() -> None:
    denied = {policy["Bucket"]: policy["PolicyDocument"]["Statement"] for policy in POLICIES.values()}
    assert denied.keys() == BUCKETS.keys()
    for bucket, (statement,) in denied.items():
        assert statement["Resource"] == [f"{bucket}.Arn", f"${{{bucket}.Arn}}/*"]
        assert (statement["Effect"], statement["Principal"], statement["Action"]) == ("Deny", "*", "s3:*")
        assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_every_queue_is_encrypted() -> None:
    queues = all_of("AWS::SQS::Queue")
    assert queues
    assert {name for name, queue in queues.items() if queue.get("SqsManagedSseEnabled") is not True} == set()


def test_every_log_group_forgets_after_the_time_of_the_parameter() -> None:
    groups = all_of("AWS::Logs::LogGroup")
    assert len(groups) >= len(NESTED)
    assert {name for name, group in groups.items() if group["RetentionInDays"] != "LogRetentionDays"} == set()


def test_every_function_logs_to_a_group_of_the_stack() -> None:
    globals_of = {
        relative(path): template(path)["Globals"]["Function"] for path in NESTED if "Globals" in template(path)
    }
    assert {name: one["LoggingConfig"]["LogGroup"] for name, one in globals_of.items()} == dict.fromkeys(
        globals_of, "LogGroup"
    )


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_roles_are_taken_on_by_services_alone(path: Path) -> None:
    trusted = {
        str(statement["Principal"])
        for role in resources(path, "AWS::IAM::Role").values()
        for statement in role["AssumeRolePolicyDocument"]["Statement"]
    }
    assert trusted <= {"{'Service': 'lambda.amazonaws.com'}", "{'Service': 'states.amazonaws.com'}"}


def test_protection_from_deletion_is_a_parameter_that_is_on() -> None:
    assert template(ROOT / "template.yaml")["Parameters"]["DeletionProtection"]["Default"] == "true"


def test_no_template_holds_a_secret() -> None:
    """Functions are told names and addresses; keys lie in KMS and, hashed, in the table."""
    names = {
        name
        for path in NESTED
        for name in template(path).get("Globals", {}).get("Function", {}).get("Environment", {}).get("Variables", {})
    }
    assert names
    assert {name for name in names if "SECRET" in name or "PASSWORD" in name or "TOKEN" in name} == set()


def test_what_the_bus_could_not_deliver_goes_where_its_function_leaves_what_it_failed_at() -> None:
    path = ROOT / "functions/reactions/template.yaml"
    fed = {
        name: (function, event["Properties"])
        for name, function in resources(path, "AWS::Serverless::Function").items()
        for event in function.get("Events", {}).values()
        if event["Type"] == "EventBridgeRule"
    }
    assert fed
    for function, rule in fed.values():
        left = function["EventInvokeConfig"]["DestinationConfig"]["OnFailure"]["Destination"]
        assert left == rule["DeadLetterConfig"]["Arn"] == "ReactionsDeadLetters.Arn"
        role = resources(path, "AWS::IAM::Role")[function["Role"].removesuffix(".Arn")]
        assert "DeadLettersPolicy" in role["ManagedPolicyArns"]


def test_only_rules_of_the_bus_may_leave_letters() -> None:
    (policy,) = all_of("AWS::SQS::QueuePolicy").values()
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert (statement["Principal"], statement["Action"]) == ({"Service": "events.amazonaws.com"}, "sqs:SendMessage")
    assert "rule/${Bus}/*" in statement["Condition"]["ArnLike"]["aws:SourceArn"]


def test_every_check_that_is_left_out_has_its_reason() -> None:
    """A reason above it in checkov's settings, behind it in bandit's."""
    lines = (ROOT / ".checkov.yaml").read_text().partition("skip-check:\n")[2].splitlines()
    bare = [line for above, line in pairwise(["", *lines]) if "- CKV" in line and not above.startswith("  # ")]
    left_out = [line for line in lines if "- CKV" in line]
    told = (ROOT / "pyproject.toml").read_text().partition("[tool.bandit]")[2].partition("]")[0].splitlines()[2:]
    assert left_out
    assert told
    assert bare == [] == [line for line in told if '", # ' not in line]


def test_no_function_is_called_around_its_door() -> None:
    """No address of its own, and no permission for anybody who is not a service."""
    functions = all_of("AWS::Serverless::Function")
    assert {name for name, function in functions.items() if "FunctionUrlConfig" in function} == set()
    assert all_of("AWS::Lambda::Url") == {}
    callers = {str(one["Principal"]) for one in all_of("AWS::Lambda::Permission").values()}
    assert {caller for caller in callers if not caller.endswith(".amazonaws.com")} == set()
