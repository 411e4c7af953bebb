"""What is read from templates."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from local.cloudformation import Stack, TemplateError
from local.machines import fill
from local.templates import Application, Route, merge, read_application
from tests.local.conftest import SAMPLE

ROOT = Path(__file__).resolve().parents[2]


def test_nested_templates_are_followed_and_conditions_kept(application: Application) -> None:
    assert {f.dialect for f in application.functions} == {"nndm", "hub", "reactions"}
    with pytest.raises(TemplateError, match=r"absent/template\.yaml"):
        read_application(SAMPLE / "template.yaml", {"WithExtra": "true"})


def test_globals_are_merged_into_functions(application: Application) -> None:
    echo, answer = application.function("EchoFunction"), application.function("AnswerFunction")
    assert (echo.timeout, echo.memory, echo.code) == (2, 256, SAMPLE / "code")
    assert echo.environment == {"SAMPLE_BUS": "sample-bus", "SAMPLE_SHARED": "own", "SAMPLE_LEVEL": "5"}
    assert answer.environment["SAMPLE_SHARED"] == "from-globals"


def test_globals_follow_sams_rule() -> None:
    assert merge({"a": {"b": 1, "c": 2}, "l": [1], "t": 3}, {"a": {"c": 4}, "l": [2], "t": 5}) == {
        "a": {"b": 1, "c": 4},
        "l": [1, 2],
        "t": 5,
    }


def test_routes(application: Application) -> None:
    echo = application.function("EchoFunction").routes
    assert Route("souk-Nndm-Api", "GET", "/api/things/{id}") in echo
    assert Route("souk-Nndm-Api", "ANY", "/api/files/{rest+}") in echo
    assert application.function("nndm/UnknownPathFunction").routes == (Route("souk-Nndm-Api", "ANY", "$default"),)


def test_streams(application: Application) -> None:
    (mapping,) = application.function("SpoilFunction").streams
    assert mapping.table == "souk-Outbox"
    assert (mapping.batch_size, mapping.retries, mapping.bisect, mapping.window_seconds) == (4, 1, True, 1.0)
    assert mapping.patterns == ({"dynamodb": {"Keys": {"pk": {"S": ["event"]}}}},)
    assert mapping.on_failure == "arn:aws:sqs:eu-central-1:000000000000:souk-Reactions-Letters"


def test_rules_schedules_and_other_resources(application: Application) -> None:
    (rule,) = application.function("RecordFunction").rules
    assert (rule.bus, rule.pattern) == ("sample-bus", {"source": ["sample"]})
    assert application.function("TickFunction").schedules == ("rate(5 minutes)",)
    assert [table["TableName"] for table in application.tables] == ["souk-Outbox"]
    assert [bucket["BucketName"] for bucket in application.buckets] == ["souk-bucket"]
    assert application.buses == ("sample-bus",)


def test_machine_has_its_substitutions(application: Application) -> None:
    (machine,) = application.machines
    state = machine.definition["States"]["Record"]
    assert state["Parameters"]["FunctionName"].endswith(":function:souk-Reactions-RecordFunction")
    assert state["Retry"][0]["MaxAttempts"] == 2
    with pytest.raises(TemplateError, match="Missing"):
        fill({"Resource": "a ${Missing} b"}, {})


def test_function_names(application: Application) -> None:
    assert application.function("souk-Hub-GetHealthFunction").logical == "GetHealthFunction"
    with pytest.raises(TemplateError, match="no template has"):
        application.function("NoSuchFunction")


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("!Ref Name", "given"),
        ("!Sub '${Name}-${!literal}-${AWS::Region}'", "given-${literal}-eu-central-1"),
        ("!Sub ['${a}/${Name}', {a: !Ref Name}]", "given/given"),
        ("!Join ['-', [a, !Ref Name]]", "a-given"),
        ("!Select [1, !Split [',', 'a,b']]", "b"),
        ("!If [IsGiven, yes-it-is, no]", "yes-it-is"),
        ("!If [IsNot, 1, !Ref AWS::NoValue]", None),
        ("!GetAtt Queue.Arn", "arn:aws:sqs:eu-central-1:000000000000:souk-Queue"),
        ("!Ref Queue", "souk-Queue"),
        ("!GetAtt Bucket.Arn", "arn:aws:s3:::souk-bucket"),
        ("!FindInMap [M, a, b]", 7),
        ("2012-10-17", "2012-10-17"),
    ],
)
def test_expressions(tmp_path: Path, expression: str, value: Any) -> None:
    path = tmp_path / "template.yaml"
    path.write_text(
        "Parameters: {Name: {Type: String, Default: given}}\n"
        "Conditions:\n"
        "  IsGiven: !And [!Equals [!Ref Name, given], !Not [!Equals [!Ref Name, '']]]\n"
        "  IsNot: !Not [{Condition: IsGiven}]\n"
        "Mappings: {M: {a: {b: 7}}}\n"
        "Resources: {Queue: {Type: AWS::SQS::Queue}, Bucket: {Type: AWS::S3::Bucket}}\n"
        f"Metadata: {{value: {expression}}}\n"
    )
    stack = Stack(path)
    assert stack.resolve(stack.template["Metadata"]).get("value") == value


def test_unknown_names_and_functions_are_reported(tmp_path: Path) -> None:
    path = tmp_path / "template.yaml"
    path.write_text("Resources: {}\n")
    stack = Stack(path)
    with pytest.raises(TemplateError, match="Nobody"):
        stack.resolve({"Ref": "Nobody"})
    with pytest.raises(TemplateError, match="Fn::Transform"):
        stack.resolve({"Fn::Transform": {}})
    path.write_text("a: [\n")
    with pytest.raises(TemplateError, match=r"template\.yaml"):
        Stack(path)


def test_souks_own_templates_can_be_run() -> None:
    application = read_application(ROOT / "template.yaml")
    assert {"nndm", "hub"} <= application.dialects()
    streams = {f.logical: {m.table for m in f.streams} for f in application.functions if f.streams}
    assert len(streams) == 3
    assert {table["TableName"] for table in application.tables} >= set.union(*streams.values())
    doors = [f for f in application.functions if f.routes]
    assert all(f.handler and f.code.is_dir() for f in doors)


def test_souks_functions_agree_on_their_environment() -> None:
    """The local run gives all functions one environment, so that no two may want different values."""
    values: dict[str, set[str]] = {}
    for function in read_application(ROOT / "template.yaml").functions:
        for name, value in function.environment.items():
            values.setdefault(name, set()).add(value)
    assert {name for name, found in values.items() if len(found) > 1} <= {"POWERTOOLS_SERVICE_NAME"}
