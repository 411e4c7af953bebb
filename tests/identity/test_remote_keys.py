"""The keys of the company's issuer: fetched seldom, from where they should be, and kept while it is down."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from souk.errors import Failed
from souk.identity import remote_keys
from souk.store.port import Store
from tests.identity import mint
from tests.identity.refusing import refusal, who


def test_keys_are_fetched_once_for_many_tokens(store: Store, company: Path, key_server: Any, monkeypatch: Any) -> None:
    key_server.serve("/jwks", {"keys": [mint.jwk(mint.rsa_key(), "rsa-1")]})
    monkeypatch.setenv("SOUK_JWKS_URL", key_server.url("/jwks"))
    assert {who(store).id for _ in range(5)} == {mint.USER_ID}
    assert key_server.requests == ["/jwks"]


def test_an_unknown_key_id_is_looked_for_at_most_once_a_minute(
    store: Store, company: Path, key_server: Any, monkeypatch: Any
) -> None:
    key_server.serve("/jwks", {"keys": [mint.jwk(mint.rsa_key(), "rsa-1")]})
    monkeypatch.setenv("SOUK_JWKS_URL", key_server.url("/jwks"))
    assert who(store).id == mint.USER_ID
    answers = {refusal(store, mint.token(kid=f"made-up-{number}")) for number in range(20)}
    assert len(answers) == 1
    assert len(key_server.requests) == 1


def test_a_new_key_is_found_once_the_minute_is_over(
    store: Store, company: Path, key_server: Any, monkeypatch: Any
) -> None:
    key_server.serve("/jwks", {"keys": [mint.jwk(mint.rsa_key(), "rsa-1")]})
    monkeypatch.setenv("SOUK_JWKS_URL", key_server.url("/jwks"))
    assert who(store).id == mint.USER_ID
    key_server.serve("/jwks", {"keys": [mint.jwk(mint.ec_key(), "ec-2")]})
    monkeypatch.setattr(remote_keys, "REFRESH_SECONDS", 0.0)
    assert who(store, key=mint.ec_key(), algorithm="ES256", kid="ec-2").id == mint.USER_ID
    assert "does not publish" in refusal(store, mint.token())


def test_known_keys_serve_while_the_issuer_is_down(
    store: Store, company: Path, key_server: Any, monkeypatch: Any
) -> None:
    key_server.serve("/jwks", {"keys": [mint.jwk(mint.rsa_key(), "rsa-1")]})
    monkeypatch.setenv("SOUK_JWKS_URL", key_server.url("/jwks"))
    assert who(store).id == mint.USER_ID
    key_server.answers["/jwks"] = (500, {}, b"")
    monkeypatch.setattr(remote_keys, "REFRESH_SECONDS", 0.0)
    monkeypatch.setattr(remote_keys, "MAX_AGE_SECONDS", 0.0)
    assert who(store).id == mint.USER_ID
    assert len(key_server.requests) == 2


def test_keys_that_could_not_be_renewed_for_a_day_serve_no_more(
    store: Store, company: Path, key_server: Any, monkeypatch: Any
) -> None:
    key_server.serve("/jwks", {"keys": [mint.jwk(mint.rsa_key(), "rsa-1")]})
    monkeypatch.setenv("SOUK_JWKS_URL", key_server.url("/jwks"))
    assert who(store).id == mint.USER_ID
    monkeypatch.setattr(remote_keys, "MAX_AGE_SECONDS", 0.0)
    monkeypatch.setattr(remote_keys, "MAX_STALE_SECONDS", 0.0)
    with pytest.raises(Failed):
        who(store)


@pytest.mark.parametrize(
    "answer",
    [
        (404, {}, b""),
        (500, {}, b"oops"),
        (200, {}, b"not json"),
        (200, {}, b"[]"),
        (200, {}, b'{"keys": 7}'),
        (200, {}, b'{"keys": []}'),
        (200, {}, b'{"keys": ["x", {"kty": "RSA"}]}'),
        (200, {}, b" " * (remote_keys.MAX_BYTES + 1)),
        (302, {"location": "/elsewhere"}, b""),
    ],
)
def test_a_key_set_that_is_not_to_be_had_is_a_failure_not_a_refusal(
    store: Store, company: Path, key_server: Any, monkeypatch: Any, answer: Any
) -> None:
    key_server.serve("/elsewhere", {"keys": [mint.jwk(mint.rsa_key(), "rsa-1")]})
    key_server.answers["/jwks"] = answer
    monkeypatch.setenv("SOUK_JWKS_URL", key_server.url("/jwks"))
    for _ in range(3):
        with pytest.raises(Failed):
            who(store)
    assert key_server.requests == ["/jwks"]


@pytest.mark.parametrize("url", ["http://login.company.example/jwks", "ftp://x/y", "data:,x", "gopher://x", "nonsense"])
def test_keys_are_fetched_by_https_only(store: Store, company: Path, monkeypatch: Any, url: str) -> None:
    monkeypatch.setenv("SOUK_JWKS_URL", url)
    with pytest.raises(Failed):
        who(store)


def test_without_a_key_set_url_the_issuers_configuration_tells_it(
    store: Store, company: Path, key_server: Any, monkeypatch: Any
) -> None:
    key_server.serve("/tenant/.well-known/openid-configuration", {"jwks_uri": key_server.url("/keys")})
    key_server.serve("/keys", {"keys": [mint.jwk(mint.rsa_key(), "rsa-1")]})
    issuer = key_server.url("/tenant/")
    monkeypatch.setenv("SOUK_ISSUER", issuer)
    monkeypatch.setenv("SOUK_JWKS_URL", "")
    assert who(store, iss=issuer).id == mint.USER_ID
    assert key_server.requests == ["/tenant/.well-known/openid-configuration", "/keys"]
