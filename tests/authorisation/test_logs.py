"""What is logged of all that: who, what and how it ended, and nothing that was sent or shown."""

from __future__ import annotations

import base64
import io
import json
import logging
from collections.abc import Iterator

import pytest

from souk.edge import log
from tests.authorisation.estate import CANARY, Scene
from tests.authorisation.knocking import knock
from tests.authorisation.people import FOREIGN, OWN, READER, Person
from tests.authorisation.rows import ROWS
from tests.gate import Guest

MARKERS = (CANARY, "Mine now", "pages.souk.example", "apikey=wrong", "souk_")


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """Everything that any logger writes, in the form in which it is written."""
    logging.disable(logging.NOTSET)
    sink = io.StringIO()
    own = log._logger()
    handler = logging.StreamHandler(sink)
    handler.setFormatter(own.handlers[0].formatter)
    heard = [logging.getLogger(), own._logger]
    for logger in heard:
        logger.addHandler(handler)
    yield sink
    for logger in heard:
        logger.removeHandler(handler)
    logging.disable(logging.CRITICAL)


def secrets_of(people: list[Person]) -> list[str]:
    """Credentials, and the parts of tokens that would be as good."""
    held = [who.headers["authorization"].split()[-1] for who in people if "authorization" in who.headers]
    return held + [secret.rpartition(".")[2] for secret in held if secret.count(".") == 2 and len(secret) > 200]


def test_no_line_holds_a_secret_or_a_word_of_a_payload(
    scene: Scene, people: list[Person], strangers: list[Person], written: io.StringIO
) -> None:
    chosen = [who for who in people if who.name in {"key", "reader", "outsider", "governance"}] + strangers[:12]
    for name in ROWS:
        for who in chosen:
            knock(scene, name, OWN, who.headers)
            knock(scene, name, FOREIGN, {**who.headers, "if-match": "canary", "idempotency-key": "canary"})
            scene.restore()
    text = written.getvalue()
    lines = text.splitlines()
    assert len(lines) >= len(ROWS) * len(chosen) * 2
    assert {json.loads(line)["message"] for line in lines} == {"answered", "audit"}
    emails = {json.loads(line)["message"] for line in lines if READER in line}
    assert emails == {"audit"}  # who read what is what these are for
    assert [word for word in (*MARKERS, *secrets_of(chosen)) if word and word in text] == []


def test_a_defect_is_logged_without_the_words_of_its_error(
    scene: Scene, people: list[Person], written: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ValueError(f"{CANARY} in an exception")

    monkeypatch.setattr(scene.store, "get_many", broken)
    answer = Guest().send("GET", "/api/teams/roasting", b"", people[0].headers)
    logged = [json.loads(line) for line in written.getvalue().splitlines()]
    assert (answer.status, CANARY in answer.body.decode()) == (500, False)
    assert {one["error_type"] for one in logged if one["message"] == "defect"} == {"ValueError"}
    assert CANARY not in written.getvalue()


def test_what_a_credential_holds_is_in_no_refusal(scene: Scene, strangers: list[Person]) -> None:
    """Claims and keys of a bad credential do not come back."""
    for who in strangers:
        held = who.headers.get("authorization", "").split()[-1:]
        claims = [
            base64.urlsafe_b64decode(part + "==") for secret in held for part in secret.split(".")[1:2] if "." in secret
        ]
        words = held + [json.loads(one).get("preferred_username") or "-" * 9 for one in claims if one.startswith(b"{")]
        for name in (
            "nndm/get_team",
            "nav/get_user_info",
            "immuta/get_current_user",
            "dpx/get_catalog",
            "hub/get_grant",
        ):
            answer = knock(scene, name, OWN, who.headers)
            assert [word for word in words if word in answer.body.decode()] == []


def test_a_line_names_its_request_and_its_trace(
    scene: Scene, people: list[Person], written: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("_X_AMZN_TRACE_ID", "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1")
    answer = Guest().send("GET", "/api/teams/roasting", b"", people[0].headers)
    line = json.loads(written.getvalue().splitlines()[-1])
    assert line["request_id"] == answer.headers["x-request-id"]
    assert line["xray_trace_id"] == "1-5759e988-bd862e3fe1be46a994272793"
    assert (line["operation"], line["status"]) == ("getTeam", answer.status)
