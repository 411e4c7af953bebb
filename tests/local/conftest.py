"""Fixtures for the local run: a small application of our own, its front on a port, and its executor."""

from __future__ import annotations

import http.client
import json
import socket
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import boto3
import pytest
from moto import mock_aws

from local.executor import Executor
from local.front import Front, server_of
from local.templates import Application, read_application

SAMPLE = Path(__file__).parent / "sample"


class Answer(NamedTuple):
    """A response as it came over the wire."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        """The one header of this name, None when there is none."""
        found = [value for key, value in self.headers if key.lower() == name]
        assert len(found) <= 1, found
        return found[0] if found else None

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def event(self) -> dict[str, Any]:
        """The event that the echo function got."""
        event: dict[str, Any] = self.json["event"]
        return event


class Wire:
    """Sends requests exactly as written: nothing is encoded, normalised or followed."""

    def __init__(self, port: int) -> None:
        self.port = port

    def send(self, method: str, target: str, body: bytes | None = None, headers: Any = ()) -> Answer:
        """One request on a connection of its own. `headers` are pairs, so that names may repeat."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.putrequest(method, target, skip_accept_encoding=True)
        for name, value in headers:
            connection.putheader(name, value)
        if body is not None:
            connection.putheader("content-length", str(len(body)))
        connection.endheaders(body)
        response = connection.getresponse()
        answer = Answer(response.status, response.getheaders(), response.read())
        connection.close()
        return answer

    def get(self, target: str, *headers: tuple[str, str]) -> Answer:
        """A GET request."""
        return self.send("GET", target, headers=headers)


@pytest.fixture(scope="session")
def application() -> Application:
    return read_application(SAMPLE / "template.yaml")


@pytest.fixture(scope="session")
def executor(application: Application) -> Iterator[Executor]:
    executor = Executor(application.functions)
    yield executor
    executor.stop()
    sys.path.remove(str(SAMPLE / "code"))


@pytest.fixture(scope="session")
def writes() -> list[float]:
    """Moments at which the front said that something may have been written."""
    return []


@pytest.fixture(scope="session")
def front(application: Application, executor: Executor, writes: list[float]) -> Front:
    front = Front(application, executor, lambda: writes.append(time.monotonic()))
    front.open = front.ready = True
    return front


@pytest.fixture(scope="session")
def wire(front: Front) -> Iterator[Wire]:
    """The front, served as a run serves it."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = server_of(front)
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    yield Wire(listener.getsockname()[1])
    server.should_exit = True
    thread.join(10)


@pytest.fixture
def seen() -> Iterator[list[Any]]:
    """What the sample's reactions have seen in this test. The module is imported by the executor's path."""
    import importlib

    sys.path.insert(0, str(SAMPLE / "code"))
    module = importlib.import_module("sample_reactions")
    sys.path.remove(str(SAMPLE / "code"))
    module.SEEN.clear()
    yield module.SEEN
    module.SEEN.clear()


@pytest.fixture
def sqs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A client of queues in memory."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "tests")
    with mock_aws():
        yield boto3.client("sqs", region_name="eu-central-1")
