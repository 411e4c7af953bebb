"""Running a function: its context, its errors as Lambda reports them, its time."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest

from local.executor import Executor
from local.templates import Application, Function


@pytest.fixture
def code(tmp_path: Path) -> Path:
    """A folder of handlers that go wrong in different ways."""
    (tmp_path / "going_wrong.py").write_text(
        "import threading\n"
        "class OutOfBeans(Exception): pass\n"
        "def raises(event, context): raise OutOfBeans('no beans for ' + event['who'])\n"
        "def sleeps(event, context): threading.Event().wait(1.5)\n"
        "def leaves(event, context): raise SystemExit(3)\n"
        "def returns_a_set(event, context): return {1, 2}\n"
        "def tells(event, context):\n"
        "    left = context.get_remaining_time_in_millis()\n"
        "    return [context.function_name, context.memory_limit_in_mb, context.invoked_function_arn,\n"
        "            context.log_group_name, len(context.aws_request_id), left]\n"
        "def changes(event, context):\n"
        "    event['list'].append(1)\n"
        "    return event\n"
    )
    (tmp_path / "not_python.py").write_text("def handler(:\n")
    (tmp_path / "needs_more.py").write_text("import no_such_module\n")
    (tmp_path / "fails_early.py").write_text("raise RuntimeError('no region')\n")
    return tmp_path


def function(code: Path, handler: str, timeout: int = 1) -> Function:
    arn = "arn:aws:lambda:eu-central-1:000000000000:function:souk-Test"
    return Function("Test", "souk-Test", "test", arn, handler, code, timeout, 512)


def invoke(code: Path, handler: str, event: Any = None) -> Any:
    tested = function(code, handler)
    executor = Executor([tested])
    outcome = executor.invoke(tested, event if event is not None else {})
    executor.stop()
    return outcome


def test_context_says_what_lambda_says(code: Path) -> None:
    name, memory, arn, group, width, left = invoke(code, "going_wrong.tells").value
    assert (name, memory, group) == ("souk-Test", 512, "/aws/lambda/souk-Test")
    assert arn.endswith(":function:souk-Test")
    assert width == 36
    assert 0 < left <= 1000


def test_error_keeps_the_name_of_its_type(code: Path) -> None:
    error = invoke(code, "going_wrong.raises", {"who": "you"}).error
    assert error["errorType"] == "OutOfBeans"
    assert error["errorMessage"] == "no beans for you"
    assert "going_wrong.py" in error["stackTrace"][-1]


def test_log_of_a_failure_quotes_no_payload(code: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        invoke(code, "going_wrong.raises", {"who": "mina.berg@nav.no"})
    assert "OutOfBeans" in caplog.text
    assert "mina.berg" not in caplog.text


def test_function_that_is_too_slow(code: Path) -> None:
    error = invoke(code, "going_wrong.sleeps").error
    assert error["errorType"] == "Sandbox.Timedout"
    assert "timed out after 1.00 seconds" in error["errorMessage"]


@pytest.mark.parametrize(
    ("handler", "kind"),
    [
        ("nowhere_at_all.handler", "Runtime.ImportModuleError"),
        ("needs_more.handler", "Runtime.ImportModuleError"),
        ("not_python.handler", "Runtime.UserCodeSyntaxError"),
        ("going_wrong.absent", "Runtime.HandlerNotFound"),
        ("going_wrong.returns_a_set", "Runtime.MarshalError"),
        ("going_wrong.leaves", "Runtime.ExitError"),
        ("fails_early.handler", "RuntimeError"),
    ],
)
def test_runtime_errors_have_lambdas_names(code: Path, handler: str, kind: str) -> None:
    assert invoke(code, handler).error["errorType"] == kind


def test_handler_gets_a_copy_of_the_event(code: Path) -> None:
    event: dict[str, Any] = {"list": []}
    assert invoke(code, "going_wrong.changes", event).value == {"list": [1]}
    assert event == {"list": []}


def test_handler_path_may_be_written_with_slashes(code: Path) -> None:
    assert invoke(code, "going_wrong.tells").value[0] == "souk-Test"
    (code / "folder").mkdir()
    (code / "folder" / "__init__.py").write_text("")
    (code / "folder" / "inner.py").write_text("def handler(event, context): return 'here'\n")
    assert invoke(code, "folder/inner.handler").value == "here"


def test_function_is_found_by_arn_version_and_name(application: Application, executor: Executor) -> None:
    wanted = application.function("RecordFunction")
    assert executor.by_arn(wanted.arn) is wanted
    assert executor.by_arn(f"{wanted.arn}:live") is wanted
    assert executor.by_arn(wanted.name) is wanted
    assert executor.by_arn("arn:aws:lambda:eu-central-1:000000000000:function:other") is None
