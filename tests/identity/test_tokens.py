"""Tokens of the company's issuer: what is accepted, what is refused, and whose they are."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import jwt
import pytest

from souk.errors import Failed, Unauthenticated
from souk.identity import keys, remote_keys, tokens, users
from souk.identity.principal import Principal
from souk.store.port import Store
from souk.work import Work
from tests.identity import mint

NOW = int(time.time())
OTHER_ID = "9e107d9d-372b-4b6d-8f3c-1a2b3c4d5e6f"


def who(store: Store, **changes: Any) -> Principal:
    return tokens.principal_of(mint.token(**changes), Work(store))


def refusal(store: Store, token: str) -> str:
    with pytest.raises(Unauthenticated) as caught:
        tokens.principal_of(token, Work(store))
    return caught.value.message


@pytest.mark.parametrize(
    ("key", "algorithm", "kid"), [(mint.rsa_key, "RS256", "rsa-1"), (mint.ec_key, "ES256", "ec-1")]
)
def test_a_good_token_names_its_user(store: Store, company: Path, key: Any, algorithm: str, kid: str) -> None:
    user = tokens.principal_of(mint.token(key(), algorithm, kid), Work(store))
    assert (user.kind, user.id, user.name, user.email) == ("user", mint.USER_ID, "Ada Lovelace", "ada@company.example")
    assert user.expires is not None
    assert NOW + 500 < user.expires < NOW + 700


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"exp": NOW - 120, "iat": NOW - 900, "nbf": NOW - 900}, "expired"),
        ({"nbf": NOW + 120}, "not valid"),
        ({"iat": NOW + 120}, "not valid"),
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


@pytest.mark.parametrize("slack", [{"exp": NOW - 5, "iat": NOW - 600, "nbf": None}, {"nbf": NOW + 5}, {"iat": NOW + 5}])
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


# -- claims ----------------------------------------------------------------------------------------------------


def test_the_uuid_claim_is_the_id(store: Store, company: Path) -> None:
    assert who(store, oid=OTHER_ID).id == OTHER_ID
    assert who(store, oid="not a uuid").id == mint.USER_ID
    assert who(store, sub="pairwise-subject", oid=OTHER_ID).id == OTHER_ID


def test_without_a_uuid_the_id_comes_from_the_lower_cased_email(store: Store, company: Path) -> None:
    ids = {who(store, sub="ada", preferred_username=text).id for text in ("Ada@Company.example", "ada@company.EXAMPLE")}
    assert ids == {users.id_for_email("ada@company.example")}


def test_an_upper_case_uuid_is_not_folded_into_another_users_id(store: Store, company: Path) -> None:
    assert who(store, sub=mint.USER_ID.upper()).id == users.id_for_email("ada@company.example")


@pytest.mark.parametrize(
    ("changes", "email"),
    [
        ({"preferred_username": "A@x.example", "email": "b@x.example"}, "a@x.example"),
        ({"preferred_username": None, "email": "B@x.example"}, "b@x.example"),
        ({"preferred_username": "ada", "upn": "c@x.example"}, "c@x.example"),
        ({"preferred_username": None}, ""),
        ({"preferred_username": ["a@x.example"]}, ""),
        ({"email_verified": False}, ""),
        ({"email_verified": True}, "ada@company.example"),
    ],
)
def test_the_email_is_the_first_claim_that_is_one(
    store: Store, company: Path, changes: dict[str, Any], email: str
) -> None:
    assert who(store, **changes).email == email


@pytest.mark.parametrize(
    ("groups", "teams"),
    [
        (["checkout", "6f1c"], {"checkout", "6f1c"}),
        ("checkout", {"checkout"}),
        ([1, None, "a"], {"a"}),
        ({"a": 1}, set()),
    ],
)
def test_groups_are_teams(store: Store, company: Path, groups: Any, teams: set[str]) -> None:
    assert who(store, groups=groups).teams == teams


def test_permissions_come_from_roles_and_only_known_ones_count(store: Store, company: Path) -> None:
    user = who(store, roles=["GOVERNANCE", "User.Read"], souk_permissions="audit")
    assert user.permissions == {"governance", "audit"}


def test_claim_names_are_settings(store: Store, company: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOUK_GROUPS_CLAIM", "team_names")
    monkeypatch.setenv("SOUK_PERMISSIONS_CLAIM", "https://souk.example/permissions")
    monkeypatch.setenv("SOUK_DOMAINS_CLAIM", "domains")
    changes = {
        "groups": ["no"],
        "roles": ["governance"],
        "team_names": ["yes"],
        "https://souk.example/permissions": ["audit"],
        "domains": ["sales"],
    }
    user = who(store, **changes)
    assert user.teams == {"yes"}
    assert user.permissions == {"audit"}
    assert user.managed_domains == {"sales"}


def test_the_stored_record_adds_to_the_claims(store: Store, company: Path, run: Any) -> None:
    grants = {"permissions": ["audit"], "managed_domains": ["d1"], "teams": ["t1"]}
    run(lambda work: users.put_user(work, id=mint.USER_ID, name="Ada", email="ada@company.example", **grants))
    user = who(store, roles=["governance"], souk_domains=["d2"], groups=["t2"])
    assert user.permissions == {"audit", "governance"}
    assert user.managed_domains == {"d1", "d2"}
    assert user.teams == {"t1", "t2"}


def test_a_record_made_by_email_grants_to_the_token_with_its_own_id(store: Store, company: Path, run: Any) -> None:
    run(lambda work: users.put_user(work, name="Ada", email="ADA@company.example", permissions=["governance"]))
    assert who(store).permissions == {"governance"}
    assert who(store, email_verified=False).permissions == frozenset()


def test_a_claim_that_only_souk_may_make_is_ignored_in_the_companys_tokens(
    store: Store, company: Path, run: Any
) -> None:
    new = run(lambda work: keys.create(work, "pipeline"))
    assert who(store, souk_key=keys.key_of(new.secret)).kind == "user"


def test_unverified_claims_only_choose_what_is_read(store: Store, company: Path, run: Any) -> None:
    run(lambda work: users.put_user(work, id=OTHER_ID, name="Eve", email="eve@x.example", permissions=["governance"]))
    header, _, signature = mint.token().split(".")
    forged = f"{header}.{mint.part(mint.claims(sub=OTHER_ID))}.{signature}"
    assert len(tokens.keys_of(forged)) == 2
    assert "not valid" in refusal(store, forged)


@pytest.mark.parametrize(
    "text", ["a.b.c", "..", f"{mint.part({})}.{mint.part([])}.x", f"{mint.part(1)}.{mint.part(2)}.x"]
)
def test_what_is_no_token_asks_for_no_record(text: str) -> None:
    assert tokens.keys_of(text) == []


@pytest.mark.parametrize("source", ["", "x" * 5000, "UPPER", "a" * 25, 7])
def test_a_made_up_record_key_is_not_read(source: Any) -> None:
    payload = mint.part({"iss": "souk", "souk_key": source})
    assert source not in tokens.keys_of(f"{mint.part({})}.{payload}.x")


@pytest.mark.parametrize("number", ["1e999", "-1e999", "1" * 400, "NaN"])
def test_infinite_and_huge_instants_are_refused(store: Store, company: Path, number: str) -> None:
    text = json.dumps(mint.claims(exp=0)).replace('"exp": 0', f'"exp": {number}')
    message = f"{mint.part({'alg': 'RS256', 'kid': 'rsa-1'})}.{mint.text(text.encode())}"
    signer = jwt.algorithms.RSAAlgorithm(jwt.algorithms.RSAAlgorithm.SHA256)
    assert refusal(store, f"{message}.{mint.text(signer.sign(message.encode(), mint.rsa_key()))}")


# -- the issuer's keys -----------------------------------------------------------------------------------------


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
