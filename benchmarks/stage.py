"""A stage on which recorded invocations of all doors are played, each on what those before it have made."""

from __future__ import annotations

import base64
import importlib
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from souk.identity import keys
from souk.identity.issuer import issue
from souk.identity.users import id_for_email
from souk.store.port import Store
from souk.work import run

EVENTS = Path(__file__).parent.parent / "events"
Event = dict[str, Any]
Perform = Callable[[str, Event], dict[str, Any]]
"""Carries out an operation, named `<door>/<operation>`, and gives the gateway's answer."""


class Stage:
    """Plays recordings by `perform`. `made` says what stands for the ids that recordings hold."""

    def __init__(self, store: Store, perform: Perform) -> None:
        self.store, self._perform = store, perform
        self.made = {"$SOUK_API_KEY": run(store, lambda work: keys.create(work, "recorded")).secret}
        self.played: list[str] = []

    def event(self, name: str) -> Event:
        """The recorded event, with ids and credentials that are good here."""
        event: Event = json.loads(self._filled((EVENTS / f"{name}.json").read_text()))
        if event.get("isBase64Encoded"):
            body = base64.b64decode(event["body"]).decode().replace("%24SOUK_API_KEY", self.made["$SOUK_API_KEY"])
            event["body"] = base64.b64encode(body.encode()).decode()
        return event

    def play(self, name: str, *statuses: int) -> Any:
        """Perform the recording, and give back the body. It must succeed, or end with one of these statuses."""
        answer = self._perform(name, self.event(name))
        status = answer["statusCode"]
        if status not in statuses and not (200 <= status < 300 and not statuses):
            raise AssertionError(f"{name} answered {status}: {answer['body']}")
        self.played.append(name)
        return json.loads(answer["body"]) if answer["body"].startswith(("{", "[", '"')) else answer["body"]

    def aside(self, name: str, **fields: Any) -> Any:
        """Play a recording once more only for what it makes, with other fields in its body (None: without);
        nobody measures it.
        """
        event = self.event(name)
        if fields:
            body = json.loads(event["body"]) | fields
            event["body"] = json.dumps({field: value for field, value in body.items() if value is not None})
        answer = handler_of(name)(event, None)
        assert 200 <= answer["statusCode"] < 300, (name, answer)
        return json.loads(answer["body"] or "null")

    def rest(self, door: str) -> None:
        """Play what the story has left out. It need not succeed: its ids may be those of another server."""
        for path in sorted((EVENTS / door).glob("*.json")):
            name = f"{door}/{path.stem}"
            if name not in self.played:
                self.play(name, *range(200, 500))

    def all(self, *names: str) -> None:
        """Play these, one behind the other."""
        for name in names:
            self.play(name)

    def token(self, email: str) -> str:
        """A person's token, good for an hour."""
        claims = {"sub": id_for_email(email), "email": email, "name": email.partition("@")[0]}
        return run(self.store, lambda work: issue(work, claims, timedelta(hours=1))).token

    def _filled(self, text: str) -> str:
        for recorded, made in self.made.items():
            text = text.replace(recorded, made)
        return text


def handler_of(name: str) -> Callable[[Event, Any], dict[str, Any]]:
    """The function of `<door>/<operation>`."""
    door, operation = name.split("/")
    handler: Callable[[Event, Any], dict[str, Any]] = importlib.import_module(f"{door}.operations.{operation}").handler
    return handler
