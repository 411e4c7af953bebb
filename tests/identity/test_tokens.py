"""Tokens of the company's issuer: what is accepted, and what is refused."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest

from souk.identity import tokens
from souk.store.port import Store
from souk.work import Work
from tests.identity import mint
from tests.identity.refusing import refusal, who

SECOND = timedelta(seconds=1)
OTHER_ID = "9e107d9d-372b-4b6d-8f3c-1a2b3c4d5e6f"


@pytest.mark.parametrize(
    ("key", "algorithm", "kid"), [(mint.rsa_key, "RS256", "rsa-1"), (mint.ec_key, "ES256", "ec-1")]
)
def test_a_good_token_names_its_user(store: Store, company: Path, key: Any, algorithm: str, kid: str) -> None:
    user = tokens.principal_of(mint.token(key(), algorithm, kid), Work(store))
    assert (user.kind, user.id, user.name, user.email) == ("user", mint.USER_ID, "Ada Lovelace", "ada@company.example")
    assert user.expires is not None
    assert 500 < user.expires - time.time() < 700


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"exp": -120 * SECOND, "iat": -900 * SECOND, "nbf": -900 * SECOND}, "expired"),
        ({"nbf": 120 * SECOND}, "not valid"),
        ({"iat": 120 * SECOND}, "not valid"),
        ({"aud": "another"}, "another audience"),
        ({"aud": ["one", "two"]}, "another audience"),
        ({"aud": None}, "not valid"),
        ({"iss": "https://evil.example"}, "issuer is not trusted"),
        ({"iss": mint.ISSUER + "/"}, "issuer is not trusted"),
        ({"iss": None}, "issuer is not trusted"),
        ({"exp": None}, "not valid"),
        ({"iat": None}, "not valid"),
        ({"exp": "soon"}, "not valid"),
        ({"exp": {"a": 1}}, "not valid"),
        ({"kid": "rsa-2"}, "does not publish"),
        ({"kid": None}, "names no key"),
        ({"key": mint.rsa_key, "kid": "ec-1"}, "not valid"),
        ({"key": mint.ec_key, "algorithm": "ES256", "kid": "rsa-1"}, "not valid"),
        ({"algorithm": "RS512"}, "not valid"),
        ({"algorithm": "PS256"}, "not valid"),
        ({"sub": "ada", "preferred_username": None}, "names no user"),
        ({"sub": "ada", "preferred_username": None, "email": "no address"}, "names no user"),
    ],
)
def test_a_token_that_is_wrong_in_one_thing_is_refused(
    store: Store, company: Path, changes: dict[str, Any], said: str
) -> None:
    made = {name: value() if name == "key" else value for name, value in changes.items()}
    assert said in refusal(store, mint.token(**made))


@pytest.mark.parametrize(
    "slack", [{"exp": -5 * SECOND, "iat": -600 * SECOND, "nbf": None}, {"nbf": 5 * SECOND}, {"iat": 5 * SECOND}]
)
def test_clocks_may_differ_by_seconds(store: Store, company: Path, slack: dict[str, Any]) -> None:
    assert who(store, **slack).id == mint.USER_ID


@pytest.mark.parametrize("word", ["none", "None", "NONE", "nOnE", ""])
def test_unsigned_tokens_are_refused(store: Store, company: Path, word: str) -> None:
    header = {"alg": word, "typ": "JWT", "kid": "rsa-1"}
    assert "not valid" in refusal(store, mint.forged(header, lambda _: b""))
    assert "not valid" in refusal(store, mint.forged(header, lambda _: b"x" * 256))


@pytest.mark.parametrize("issuer", [[mint.ISSUER], {"a": 1}, 7, True])
def test_an_issuer_that_is_no_text_is_not_trusted(store: Store, company: Path, issuer: Any) -> None:
    forged = mint.forged({"alg": "RS256", "kid": "rsa-1"}, lambda _: b"x", iss=issuer)
    assert "issuer is not trusted" in refusal(store, forged)


def test_a_public_key_does_not_serve_as_a_shared_secret(store: Store, company: Path) -> None:
    header = {"alg": "HS256", "typ": "JWT", "kid": "rsa-1"}
    assert "not valid" in refusal(store, mint.forged(header, mint.hmac_with_public_key))


def test_a_shared_secret_that_an_issuer_publishes_is_no_key(store: Store, company: Path) -> None:
    secret = b"s" * 32
    entry = {"kty": "oct", "kid": "shared", "k": mint.text(secret), "alg": "HS256"}
    company.write_text(json.dumps({"keys": [entry]}))
    forged = jwt.encode(mint.claims(), secret, algorithm="HS256", headers={"kid": "shared"})
    assert "kind that is not accepted" in refusal(store, forged)


@pytest.mark.parametrize(
    "entry",
    [
        {"use": "enc"},
        {"d": "AQAB"},
        {"e": "!"},
        {"n": None},
        {"n": 17},
    ],
)
def test_a_published_key_that_is_not_for_signing_or_broken_is_not_used(
    store: Store, company: Path, entry: dict[str, Any]
) -> None:
    company.write_text(json.dumps({"keys": [{**mint.jwk(mint.rsa_key(), "rsa-1"), **entry}]}))
    assert "not valid" in refusal(store, mint.token())


def test_a_short_rsa_key_is_not_used(store: Store, company: Path, recwarn: Any) -> None:
    company.write_text(json.dumps({"keys": [mint.jwk(mint.rsa_key(1024), "short")]}))
    message = f"{mint.part({'alg': 'RS256', 'kid': 'short'})}.{mint.part(mint.claims())}"
    assert "not valid" in refusal(store, f"{message}.{mint.text(b'x' * 128)}")


def test_a_key_on_another_curve_is_not_used(store: Store, company: Path) -> None:
    company.write_text(json.dumps({"keys": [mint.jwk(mint.wide_key(), "wide")]}))
    assert "not valid" in refusal(store, mint.token(mint.wide_key(), "ES384", "wide"))


@pytest.mark.parametrize("extra", [{"crit": ["exp"]}, {"b64": False, "crit": ["b64"]}, {"b64": True}])
def test_tokens_that_demand_extensions_are_refused(store: Store, company: Path, extra: dict[str, Any]) -> None:
    forged = mint.forged({"alg": "RS256", "kid": "rsa-1", **extra}, lambda _: b"x")
    assert "extensions" in refusal(store, forged)


@pytest.mark.parametrize("header", [{"jku": "https://evil.example"}, {"x5u": "https://evil.example"}, {"jwk": {}}])
def test_a_key_that_the_token_itself_brings_is_not_used(store: Store, company: Path, header: dict[str, Any]) -> None:
    evil = jwt.encode(mint.claims(), mint.wide_key(), algorithm="ES384", headers={"kid": "evil", **header})
    assert "does not publish" in refusal(store, evil)


def test_a_changed_payload_breaks_the_signature(store: Store, company: Path) -> None:
    header, _, signature = mint.token().split(".")
    assert "not valid" in refusal(store, f"{header}.{mint.part(mint.claims(sub=OTHER_ID))}.{signature}")


def test_a_cut_signature_is_refused(store: Store, company: Path) -> None:
    assert "not valid" in refusal(store, mint.token()[:-8])
    assert "not valid" in refusal(store, ".".join([*mint.token().split(".")[:2], ""]))


def test_without_an_audience_no_token_of_the_company_is_accepted(
    store: Store, company: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOUK_AUDIENCE", " ")
    assert "issuer is not trusted" in refusal(store, mint.token())


def test_without_an_issuer_an_empty_iss_is_not_trusted(
    store: Store, company: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOUK_ISSUER", "")
    assert "issuer is not trusted" in refusal(store, mint.token(iss=""))


def test_several_audiences_may_be_accepted(store: Store, company: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOUK_AUDIENCE", "souk, api://souk")
    assert {who(store, aud="api://souk").id, who(store, aud=["x", "souk"]).id} == {mint.USER_ID}
