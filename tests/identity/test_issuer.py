"""Souk's own tokens: made from API keys and for people of a local run, verified with keys from the store alone."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import jwt
import pytest
from moto import mock_aws

from souk.errors import Failed, Unauthenticated
from souk.identity import issuer, key_sets, keys, tokens
from souk.signing.connect import connect
from souk.signing.key_file import FileSigner
from souk.store import clients
from souk.store.port import Store
from souk.work import Work
from tests.identity import mint
from tests.identity.doorway import Door, ask, bearer, whoami

HOUR = timedelta(hours=1)


def test_a_users_token_carries_its_claims(run: Any, store: Store, signing_key: FileSigner) -> None:
    claims = {
        "sub": mint.USER_ID,
        "email": "Ada@Company.example",
        "name": "Ada",
        "groups": ["checkout"],
        "roles": ["governance"],
        "souk_domains": ["d1"],
    }
    made = run(lambda work: issuer.issue(work, claims, HOUR))
    status, who = ask(whoami(Door()), headers=bearer(made.token))
    assert status == 200
    assert who == {
        "kind": "user",
        "id": mint.USER_ID,
        "name": "Ada",
        "email": "ada@company.example",
        "teams": ["checkout"],
        "permissions": ["governance"],
        "domains": ["d1"],
    }


def test_what_is_issued_says_its_lifetime(run: Any, signing_key: FileSigner) -> None:
    made = run(lambda work: issuer.issue(work, {"sub": mint.USER_ID}, timedelta(hours=12)))
    decoded = jwt.decode(made.token, options={"verify_signature": False})
    assert made.lifetime == 12 * 3600
    assert decoded["exp"] == made.expires == decoded["iat"] + made.lifetime
    assert (decoded["iss"], decoded["aud"]) == ("souk", "souk")


def test_claims_cannot_replace_what_the_issuer_says(run: Any, signing_key: FileSigner) -> None:
    made = run(lambda work: issuer.issue(work, {"iss": "x", "aud": "y", "exp": 1, "sub": mint.USER_ID}, HOUR))
    decoded = jwt.decode(made.token, options={"verify_signature": False})
    assert (decoded["iss"], decoded["aud"], decoded["exp"]) == ("souk", "souk", made.expires)


@pytest.mark.parametrize("lifetime", [timedelta(0), timedelta(seconds=-1), timedelta(days=2)])
def test_a_token_lives_a_day_at_most(store: Store, signing_key: FileSigner, lifetime: timedelta) -> None:
    with pytest.raises(ValueError, match="a day at most"):
        issuer.issue(Work(store), {"sub": mint.USER_ID}, lifetime)


def test_a_token_whose_key_was_never_published_is_refused(store: Store, signing_key: FileSigner) -> None:
    made = issuer.issue(Work(store), {"sub": mint.USER_ID}, HOUR)
    with pytest.raises(Unauthenticated):
        tokens.principal_of(made.token, Work(store))


def test_an_expired_own_token_is_refused(run: Any, store: Store, signing_key: FileSigner) -> None:
    past = Work(store, now=datetime.now(UTC) - timedelta(hours=2))
    made = issuer.issue(past, {"sub": mint.USER_ID}, HOUR)
    past.commit()
    with pytest.raises(Unauthenticated, match="expired"):
        tokens.principal_of(made.token, Work(store))


def test_the_companys_issuer_cannot_speak_as_souk(run: Any, store: Store, company: Path, signing_key: Any) -> None:
    run(issuer.publish)
    with pytest.raises(Unauthenticated, match="does not publish"):
        tokens.principal_of(mint.token(iss="souk", aud="souk"), Work(store))


def test_an_api_key_becomes_a_token_with_the_keys_scopes(run: Any, signing_key: FileSigner) -> None:
    key = run(lambda work: keys.create(work, "pipeline", scopes=["read"]))
    made = run(lambda work: issuer.exchange(work, key.secret))
    status, who = ask(whoami(Door()), headers=bearer(made.token))
    assert (status, who["kind"], who["id"], who["name"]) == (200, "key", key.id, "pipeline")
    assert ask(whoami(Door()), method="POST", headers=bearer(made.token))[0] == 403


def test_the_token_of_a_door_key_opens_that_door_only(run: Any, signing_key: FileSigner) -> None:
    key = run(lambda work: keys.create(work, "pipeline", scopes=["read", "door:front"]))
    made = run(lambda work: issuer.exchange(work, key.secret))
    answers = [ask(whoami(Door(name=name)), headers=bearer(made.token))[0] for name in ("front", "back")]
    assert answers == [200, 403]


def test_revoking_a_key_ends_its_tokens(run: Any, signing_key: FileSigner) -> None:
    key = run(lambda work: keys.create(work, "pipeline"))
    made = run(lambda work: issuer.exchange(work, key.secret))
    run(lambda work: keys.revoke(work, key.id))
    assert ask(whoami(Door()), headers=bearer(made.token))[0] == 401


def test_rotating_a_key_ends_the_tokens_of_the_former_secret(run: Any, signing_key: FileSigner) -> None:
    key = run(lambda work: keys.create(work, "pipeline"))
    before = run(lambda work: issuer.exchange(work, key.secret))
    new = run(lambda work: keys.rotate(work, key.id))
    after = run(lambda work: issuer.exchange(work, new.secret))
    answers = [ask(whoami(Door()), headers=bearer(made.token))[0] for made in (before, after)]
    assert answers == [401, 200]


def test_a_token_names_the_hash_of_its_key_and_not_the_key(run: Any, signing_key: FileSigner) -> None:
    key = run(lambda work: keys.create(work, "pipeline"))
    made = run(lambda work: issuer.exchange(work, key.secret))
    decoded = jwt.decode(made.token, options={"verify_signature": False})
    assert decoded["souk_key"] == keys.key_of(key.secret)
    assert key.secret not in str(decoded)


@pytest.mark.parametrize("secret", ["", "wrong", "souk_" + "a" * 49])
def test_no_token_for_a_wrong_key(store: Store, signing_key: FileSigner, secret: str) -> None:
    with pytest.raises(Unauthenticated):
        issuer.exchange(Work(store), secret)


def test_a_token_is_not_an_api_key(run: Any, store: Store, signing_key: FileSigner) -> None:
    key = run(lambda work: keys.create(work, "pipeline"))
    made = run(lambda work: issuer.exchange(work, key.secret))
    with pytest.raises(Unauthenticated):
        issuer.exchange(Work(store), made.token)


def test_the_public_key_is_published_once(run: Any, store: Store, signing_key: FileSigner) -> None:
    key = run(lambda work: keys.create(work, "pipeline"))
    for _ in range(3):
        run(lambda work: issuer.exchange(work, key.secret))
    record = Work(store).at(key_sets.own_key())
    assert record is not None
    assert record.revision == 1


def test_the_published_set_verifies_tokens_elsewhere(run: Any, store: Store, signing_key: FileSigner) -> None:
    made = run(lambda work: issuer.issue(work, {"sub": mint.USER_ID}, HOUR))
    (public,) = issuer.key_set(Work(store))["keys"]
    assert set(public) == {"kty", "crv", "x", "y", "kid", "alg", "use"}
    decoded = jwt.decode(made.token, jwt.PyJWK(public).key, algorithms=["ES256"], audience="souk")
    assert decoded["sub"] == mint.USER_ID


def test_a_new_signing_key_lets_tokens_of_the_former_run_out(run: Any, store: Store, tmp_path: Path) -> None:
    former, current = (FileSigner(tmp_path / name) for name in ("former.pem", "current.pem"))
    old = run(lambda work: issuer.issue(work, {"sub": mint.USER_ID}, HOUR, former))
    new = run(lambda work: issuer.issue(work, {"sub": mint.USER_ID}, HOUR, current))
    assert {tokens.principal_of(made.token, Work(store)).id for made in (old, new)} == {mint.USER_ID}
    later = Work(store, now=datetime.now(UTC) + timedelta(hours=25))
    kids = [entry["kid"] for entry in issuer.key_set(later)["keys"]]
    assert kids == [current.public_jwk()["kid"]]


def test_signers_that_take_turns_keep_both_keys_valid(run: Any, store: Store, tmp_path: Path) -> None:
    one, two = (FileSigner(tmp_path / name) for name in ("one.pem", "two.pem"))
    for signer in (one, two, one, two):
        run(lambda work, signer=signer: issuer.publish(work, signer))
    assert len(issuer.key_set(Work(store))["keys"]) == 2


def test_the_set_is_empty_before_the_first_token(store: Store) -> None:
    assert issuer.key_set(Work(store)) == {"keys": []}


# -- where the signing key lies --------------------------------------------------------------------------------


def test_the_key_file_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "signing-key.pem"
    FileSigner(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["signing-key.pem"]


def test_the_key_file_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "signing-key.pem"
    assert FileSigner(path).public_jwk() == FileSigner(path).public_jwk()


def test_of_many_who_make_the_file_at_once_all_use_one_key(tmp_path: Path) -> None:
    path = tmp_path / "signing-key.pem"
    with ThreadPoolExecutor(8) as pool:
        kids = {signer.public_jwk()["kid"] for signer in pool.map(lambda _: FileSigner(path), range(16))}
    assert len(kids) == 1


@pytest.mark.parametrize(
    "content", [b"", b"garbage", b"-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n"]
)
def test_a_broken_key_file_is_said_to_be_one(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "signing-key.pem"
    path.write_bytes(content)
    with pytest.raises(Failed, match="cannot be read"):
        FileSigner(path)


def test_without_a_signing_key_nothing_is_signed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOUK_SIGNING_KEY", raising=False)
    with pytest.raises(Failed, match="no signing key"):
        connect()


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Any:
    for name, value in {
        "AWS_DEFAULT_REGION": "eu-north-1",
        "AWS_ACCESS_KEY_ID": "x",
        "AWS_SECRET_ACCESS_KEY": "x",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        clients.forget()
        yield boto3.client("kms")
    clients.forget()


def test_a_key_in_kms_signs_what_the_store_verifies(run: Any, store: Store, aws: Any, monkeypatch: Any) -> None:
    made = aws.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
    monkeypatch.setenv("SOUK_SIGNING_KEY", made)
    key = run(lambda work: keys.create(work, "pipeline"))
    issued = run(lambda work: issuer.exchange(work, key.secret))
    assert tokens.principal_of(issued.token, Work(store)).id == key.id


def test_a_kms_key_of_another_kind_is_refused(store: Store, aws: Any, monkeypatch: Any) -> None:
    made = aws.create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
    monkeypatch.setenv("SOUK_SIGNING_KEY", made)
    with pytest.raises(Failed, match="not an elliptic curve key"):
        issuer.publish(Work(store))


def test_a_kms_key_that_is_gone_is_a_failure(store: Store, aws: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("SOUK_SIGNING_KEY", "2b7e1516-28ae-4d2a-abf7-158809cf4f3c")
    with pytest.raises(Failed, match="depends on refused"):
        issuer.publish(Work(store))
