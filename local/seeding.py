"""The sample catalogue of a new state: a coffee roastery's, put in through the NNDM door as any client would."""

from __future__ import annotations

import http.client
import json
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import yaml

from local.state import State

SAMPLES = Path(__file__).parent / "samples"
KINDS = ("teams", "sourcesystems", "definitions", "assets", "datacontracts", "dataproducts", "datausageagreements")
"""In this order nothing refers to what is not there yet. Each is a folder of samples and a path of the API."""
_SEEDED = "samples"


class Refused(Exception):
    """The door did not take a sample."""


class Samples:
    """Puts the samples into a state, once."""

    def __init__(self, state: State, url: str, api_key: str) -> None:
        self._state = state
        self._address = urlsplit(url).netloc
        self._headers = {"x-api-key": api_key, "content-type": "application/json"}

    def put_once(self) -> str:
        """Put the samples unless that was done before. What happened, in a line. Raises Refused; try again then."""
        if self._state.fact(_SEEDED):
            return "the state is as you left it"
        try:
            count = self._put_all()
        except (OSError, http.client.HTTPException) as error:
            raise Refused(f"no answer: {type(error).__name__}") from error
        self._state.remember(_SEEDED, True)
        return f"put {count} samples into the catalogue"

    def _put_all(self) -> int:
        count = 0
        connection = http.client.HTTPConnection(self._address, timeout=30)
        try:
            for kind, document in documents():
                actions = document.pop("then", [])
                path = f"/api/{kind}/{quote(document['id'], safe='')}"
                self._send(connection, "PUT", path, document)
                for action in actions:
                    self._send(connection, "POST", f"{path}/{action}", None)
                count += 1
        finally:
            connection.close()
        return count

    def _send(self, connection: http.client.HTTPConnection, method: str, path: str, document: Any) -> None:
        body = None if document is None else json.dumps(document).encode()
        connection.request(method, path, body, self._headers)
        answer = connection.getresponse()
        text = answer.read()
        if answer.status != 200:
            raise Refused(f"{method} {path} answered {answer.status}: {text[:300].decode(errors='replace')}")


def documents() -> list[tuple[str, dict[str, Any]]]:
    """Every sample with its kind, in the order to put them. `then` in a sample names actions to take on it."""
    return [
        (kind, yaml.safe_load(path.read_text(encoding="utf-8")))
        for kind in KINDS
        for path in sorted((SAMPLES / kind).glob("*.yaml"))
    ]
