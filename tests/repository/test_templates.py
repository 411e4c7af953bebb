"""The templates fit together, also where `sam validate` does not look."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from souk.bus.eventbridge import SOURCE
from souk.identity.newcomers import SEEN
from tests.repository.tree import DIALECTS, NESTED, ROOT, TEMPLATES, grants, resources, template

TABLES = resources(ROOT / "template.yaml", "AWS::DynamoDB::Table")
APPLICATIONS = resources(ROOT / "template.yaml", "AWS::Serverless::Application")
UNLIMITED = {
    "['xray:PutTelemetryRecords', 'xray:PutTraceSegments']",
    "dynamodb:ListStreams",
    "lakeformation:GrantPermissions",
    "lakeformation:ListPermissions",
    "lakeformation:RevokePermissions",
}
"""Actions that IAM cannot limit to a resource."""
POLICY_TYPES = ("AWS::IAM::Role", "AWS::IAM::ManagedPolicy")


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_the_root_nests_every_template() -> None:
    assert {application["Location"] for application in APPLICATIONS.values()} == {relative(path) for path in NESTED}


@pytest.mark.parametrize("name", APPLICATIONS)
def test_the_root_gives_each_nested_stack_the_parameters_that_it_declares(name: str) -> None:
    application = APPLICATIONS[name]
    assert set(application["Parameters"]) == set(template(ROOT / application["Location"])["Parameters"])


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_every_declared_parameter_is_used(path: Path) -> None:
    text = path.read_text()
    unused = [name for name in template(path)["Parameters"] if not re.search(rf"!Ref {name}\b|\$\{{{name}\}}", text)]
    assert unused == []


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_no_template_uses_yaml_aliases_which_cloudformation_does_not_know(path: Path) -> None:
    assert re.findall(r": [&*]\w+$", path.read_text(), re.MULTILINE) == []


@pytest.mark.parametrize("name", TABLES)
def test_every_table_costs_nothing_while_idle_and_can_be_restored(name: str) -> None:
    table = TABLES[name]
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["SSESpecification"] == {"SSEEnabled": True}
    assert table["DeletionProtectionEnabled"] == "DeletionProtection"


def test_only_outbox_and_log_have_streams() -> None:
    streams = {name: table.get("StreamSpecification") for name, table in TABLES.items()}
    new_image = {"StreamViewType": "NEW_IMAGE"}
    assert streams == {"Entities": None, "Outbox": new_image, "Log": new_image}


def test_the_log_is_numbered() -> None:
    assert {"AttributeName": "sk", "AttributeType": "N"} in TABLES["Log"]["AttributeDefinitions"]


def test_data_outlives_its_stack() -> None:
    kept = {
        name
        for name, resource in template(ROOT / "template.yaml")["Resources"].items()
        if resource.get("DeletionPolicy") == resource.get("UpdateReplacePolicy") == "Retain"
    }
    assert kept == {"Entities", "Outbox", "Log", "Bucket"}


def test_the_sequencer_neither_skips_nor_splits_nor_runs_beside_itself() -> None:
    sequencer = resources(ROOT / "functions/reactions/template.yaml", "AWS::Serverless::Function")[
        "SequenceEventsFunction"
    ]
    mapping = sequencer["Events"]["Outbox"]["Properties"]
    assert (mapping["MaximumRetryAttempts"], mapping["ParallelizationFactor"]) == (-1, 1)
    assert mapping["BatchSize"] <= 90
    assert not {"BisectBatchOnFunctionError", "DestinationConfig", "MaximumRecordAgeInSeconds"} & set(mapping)


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_roles_name_what_they_may_do_and_on_what(path: Path) -> None:
    granted = [grant for kind in POLICY_TYPES for grant in grants(list(resources(path, kind).values()))]
    assert [grant for grant in granted if "*" in str(grant["Action"])] == []
    unlimited = {str(grant["Action"]) for grant in granted if grant["Resource"] == "*"}
    assert unlimited <= UNLIMITED


@pytest.mark.parametrize("dialect", DIALECTS)
def test_doors_tell_the_bus_of_newcomers_and_of_nothing_else(dialect: str) -> None:
    path = ROOT / "functions" / dialect / "template.yaml"
    granted = [grant for kind in POLICY_TYPES for grant in grants(list(resources(path, kind).values()))]
    to_the_bus = [grant for grant in granted if grant["Action"] == "events:PutEvents"]
    assert [grant["Condition"] for grant in to_the_bus] == [
        {"StringEquals": {"events:source": SOURCE, "events:detail-type": SEEN}}
    ]


def test_roles_are_found_at_all() -> None:
    path = ROOT / "functions/nndm/template.yaml"
    assert len(grants(list(resources(path, "AWS::IAM::ManagedPolicy").values()))) == 10


@pytest.mark.parametrize("dialect", DIALECTS)
def test_no_api_leaves_open_who_checks_credentials(dialect: str) -> None:
    """Else `sam deploy --guided` asks of each of some 180 functions whether it may do without; Enter means no."""
    (api,) = resources(ROOT / "functions" / dialect / "template.yaml", "AWS::Serverless::HttpApi").values()
    assert api["Auth"] == {"EnableIamAuthorizer": False}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_pages_may_send_and_read_every_header_of_the_document(dialect: str) -> None:
    (api,) = resources(ROOT / "functions" / dialect / "template.yaml", "AWS::Serverless::HttpApi").values()
    document = json.loads((ROOT / f"functions/hub/openapi/{dialect}.json").read_text())
    told = [one for methods in document["paths"].values() for one in methods.values()]
    answers = [answer for one in told for answer in one["responses"].values()] + list(
        document["components"]["responses"].values()
    )
    given = {name.lower() for answer in answers for name in answer.get("headers", {})}
    taken = {one["name"] for one in document["components"]["parameters"].values() if one["in"] == "header"}
    assert given - set(api["CorsConfiguration"]["ExposeHeaders"]) == set()
    assert taken - set(api["CorsConfiguration"]["AllowHeaders"]) == set()
    assert "x-request-id" in given
