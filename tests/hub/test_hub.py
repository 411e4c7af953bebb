"""The hub: health, token exchange, public keys, documents, and paths that nobody serves."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import jwt
import pytest

from hub import documents
from hub.lens import GRANT
from hub.operations import exchange_token, get_docs, get_health, get_key_set, get_open_api, unknown_path
from souk.errors import Busy, Failed
from souk.identity import keys
from souk.store.connect import use
from souk.store.port import Store
from souk.work import Work
from souk.work import run as run_work
from tests.identity.doorway import Door, ask, bearer, event, whoami

PATH = "/identity/token"


@pytest.fixture
def api_key(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> keys.NewKey:
    monkeypatch.setenv("SOUK_SIGNING_KEY", f"file:{tmp_path / 'signing-key.pem'}")
    return run_work(store, lambda work: keys.create(work, "pipeline"))


def form(secret: str, **changes: str) -> str:
    return urlencode({"grant_type": GRANT, "apikey": secret, "response_type": "cloud_iam", **changes})


def exchange(body: str | None, **request: Any) -> tuple[int, Any]:
    return ask(exchange_token.handler, method="POST", path=PATH, body=body, **request)


class Broken:
    """A store that does not answer."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def get_many(self, wanted: Any) -> Any:
        raise self.error


# -- health ----------------------------------------------------------------------------------------------------


def test_health_is_ok_while_the_store_answers(store: Store) -> None:
    assert ask(get_health.handler, path="/health") == (200, {"status": "ok"})


@pytest.mark.parametrize("error", [Failed("no answer"), Busy("throttled")])
def test_health_is_not_ok_while_the_store_does_not_answer(error: Exception) -> None:
    use(Broken(error))  # type: ignore[arg-type]
    status, body = ask(get_health.handler, path="/health")
    use(None)
    assert (status, body["message"].lower()) == (503, str(error))


def test_health_needs_no_credential_and_ignores_a_bad_one(store: Store) -> None:
    assert ask(get_health.handler, path="/health", headers=bearer("wrong"))[0] == 200


# -- token exchange --------------------------------------------------------------------------------------------


def test_an_api_key_becomes_a_token_of_one_hour(api_key: keys.NewKey) -> None:
    status, answer = exchange(form(api_key.secret))
    assert status == 200
    assert {name: answer[name] for name in ("token_type", "expires_in", "refresh_token")} == {
        "token_type": "Bearer",
        "expires_in": 3600,
        "refresh_token": "not_supported",
    }
    assert abs(answer["expiration"] - time.time() - 3600) < 10
    assert jwt.decode(answer["access_token"], options={"verify_signature": False})["exp"] == answer["expiration"]


def test_the_token_opens_doors_until_the_key_is_revoked(api_key: keys.NewKey, store: Store) -> None:
    _, answer = exchange(form(api_key.secret))
    before = ask(whoami(Door()), headers=bearer(answer["access_token"]))
    run_work(store, lambda work: keys.revoke(work, api_key.id))
    after = ask(whoami(Door()), headers=bearer(answer["access_token"]))
    assert (before[0], before[1]["id"], after[0]) == (200, api_key.id, 401)


def test_a_clients_own_basic_authorization_does_not_matter(api_key: keys.NewKey) -> None:
    headers = {"Authorization": "Basic Yng6Yng=", "Content-Type": "application/x-www-form-urlencoded"}
    assert exchange(form(api_key.secret), headers=headers)[0] == 200


def test_a_token_may_not_be_kept_by_caches_nor_by_souk(api_key: keys.NewKey, store: Store) -> None:
    request = event("POST", PATH, headers={"idempotency-key": "k"}, body=form(api_key.secret))
    answers = [exchange_token.handler(request, None) for _ in range(2)]
    assert [answer["headers"]["cache-control"] for answer in answers] == ["no-store"] * 2
    assert "idempotent-replayed" not in answers[1]["headers"]
    assert Work(store).find("idempotency", "anonymous::exchangeToken:k") is None


@pytest.mark.parametrize("secret", ["wrong", "souk_" + "a" * 49, "x" * 100_000, "a.b.c", "\u00e9"])
def test_a_wrong_key_is_refused_in_the_words_of_token_clients(api_key: keys.NewKey, secret: str) -> None:
    status, answer = exchange(form(secret))
    assert (status, answer["errorCode"]) == (400, "BXNIM0415E")
    assert answer["errorMessage"] == "Provided API key could not be found."


def test_a_revoked_key_is_refused(api_key: keys.NewKey, store: Store) -> None:
    run_work(store, lambda work: keys.revoke(work, api_key.id))
    assert exchange(form(api_key.secret))[1]["errorCode"] == "BXNIM0415E"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (None, "BXNIM0109E"),
        ("", "BXNIM0109E"),
        ("{}", "BXNIM0109E"),
        ("apikey=x", "BXNIM0109E"),
        (urlencode({"grant_type": GRANT}), "BXNIM0109E"),
        (urlencode({"grant_type": GRANT, "apikey": ""}), "BXNIM0109E"),
        ("&".join(f"a{n}=1" for n in range(50)), "BXNIM0109E"),
        (urlencode({"grant_type": "password", "apikey": "x"}), "unsupported_grant_type"),
        (urlencode({"grant_type": "refresh_token", "refresh_token": "not_supported"}), "unsupported_grant_type"),
    ],
)
def test_a_form_that_lacks_something_is_refused(store: Store, body: str | None, code: str) -> None:
    status, answer = exchange(body)
    assert (status, answer["errorCode"]) == (400, code)
    assert answer["errorDetails"]
    assert answer["context"]["requestId"] == "request-1"


def test_a_binary_body_is_refused(store: Store) -> None:
    request = {**event("POST", PATH, body="//79"), "isBase64Encoded": True}
    answer = exchange_token.handler(request, None)
    assert answer["statusCode"] == 400


def test_without_a_signing_key_the_exchange_is_unavailable(
    api_key: keys.NewKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SOUK_SIGNING_KEY")
    status, answer = exchange(form(api_key.secret))
    assert (status, answer["errorCode"]) == (503, "unavailable")


def test_no_answer_repeats_the_secret(api_key: keys.NewKey) -> None:
    wrong = api_key.secret[:-1] + "!"
    assert wrong not in json.dumps(exchange(form(wrong))[1])
    assert api_key.secret not in json.dumps(exchange(form(api_key.secret))[1])


# -- public keys -----------------------------------------------------------------------------------------------


def test_the_key_set_verifies_exchanged_tokens(api_key: keys.NewKey) -> None:
    _, answer = exchange(form(api_key.secret))
    status, key_set = ask(get_key_set.handler, path="/identity/jwks")
    (public,) = jwt.PyJWKSet.from_dict(key_set).keys
    decoded = jwt.decode(answer["access_token"], public.key, algorithms=["ES256"], audience="souk", issuer="souk")
    assert (status, decoded["sub"]) == (200, api_key.id)


def test_the_key_set_is_empty_at_first(store: Store) -> None:
    assert ask(get_key_set.handler, path="/identity/jwks") == (200, {"keys": []})


# -- documents -------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = tmp_path / "openapi"
    made.mkdir()
    (made / "front.json").write_text('{"openapi": "3.1.0", "info": {"title": "Front <door>"}}')
    (made / "back.yaml").write_text("openapi: 3.1.0\n")
    (made / "notes.txt").write_text("not served")
    (tmp_path / "secret.json").write_text("{}")
    monkeypatch.setattr(documents, "_FOLDER", made)
    return made


@pytest.mark.parametrize(("name", "kind"), [("front.json", "application/json"), ("back.yaml", "application/yaml")])
def test_documents_are_served(store: Store, folder: Path, name: str, kind: str) -> None:
    answer = get_open_api.handler(event(path=f"/openapi/{name}", parameters={"document": name}), None)
    assert (answer["statusCode"], answer["headers"]["content-type"]) == (200, kind)
    assert answer["body"] == (folder / name).read_text()


def test_a_document_names_the_address_of_its_door(store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "side.json").write_text('{"servers": [{"url": "/"}], "info": {"title": "Side"}}')
    monkeypatch.setenv("SOUK_DOOR_URLS", "front=https://front.example  back=https://back.example side=")
    front, side = (ask(get_open_api.handler, parameters={"document": f"{name}.json"})[1] for name in ("front", "side"))
    assert front["servers"] == [{"url": "https://front.example"}]
    assert (front["openapi"], side["servers"]) == ("3.1.0", [{"url": "/"}])


@pytest.mark.parametrize(
    "name", ["", "no.json", "notes.txt", "../secret.json", "..", "/etc/passwd", "front.json/..", "front", "a\0b", "*"]
)
def test_other_names_are_not_found(store: Store, folder: Path, name: str) -> None:
    status, body = ask(get_open_api.handler, path="/openapi/x", parameters={"document": name})
    assert (status, body["error"]) == (404, "not_found")


def test_the_page_lists_the_documents(store: Store, folder: Path) -> None:
    answer = get_docs.handler(event(path="/docs"), None)
    assert answer["headers"]["content-type"] == "text/html; charset=utf-8"
    assert '<a href="docs?door=front" data-door="front" title="Front &lt;door&gt;">front</a>' in answer["body"]
    assert '<a href="openapi/back.yaml">back.yaml</a>' in answer["body"]


def test_the_page_stands_without_documents(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "_FOLDER", tmp_path / "none")
    answer = get_docs.handler(event(path="/docs"), None)
    assert (answer["statusCode"], 'id="doors"></div>' in answer["body"]) == (200, True)


def test_the_page_refers_to_no_other_host(store: Store) -> None:
    """Nothing is loaded from elsewhere, and the browser is told to refuse what would be."""
    answer = get_docs.handler(event(path="/docs"), None)
    places = re.findall(r"""(?:href|src|action|url|fetch|import)\s*[=(]\s*["'`]?([^"'`\s>)]+)""", answer["body"])
    assert places
    assert [place for place in places if re.match(r"\w+:(?!,)|//", place)] == []
    assert re.findall(r"https?://", answer["body"]) == []
    policy = answer["headers"]["content-security-policy"]
    assert (policy.split(";")[0], "http" in policy) == ("default-src 'none'", False)


# -- anything else ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_unknown_paths_are_told_so(store: Store, method: str) -> None:
    status, body = ask(unknown_path.handler, method=method, path="/nothing/here")
    assert (status, body) == (404, {"error": "not_found", "message": f"There is nothing at {method} /nothing/here"})


def test_get_on_the_token_path_is_an_unknown_path_in_plain_words(store: Store) -> None:
    assert ask(unknown_path.handler, path=PATH)[1]["error"] == "not_found"
