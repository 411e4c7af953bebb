"""Everybody who may knock: what they hold, whether it is any good, and what they are to which side."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import jwt
import pytest

from hub.lens import GRANT
from souk.clock import now
from souk.identity import keys, users
from souk.identity.users import id_for_email
from souk.store.port import Store
from souk.work import Work, run
from tests.gate import Guest
from tests.identity import mint

OWN, FOREIGN = "own", "foreign"
TEAMS = {OWN: "roasting", FOREIGN: "cafes"}
DOMAINS = {OWN: "1d0c5a7e-2f4b-4a86-9c3d-5e7f9a1b2c3d", FOREIGN: "8a6b4c2d-0e1f-4b3a-8d5c-7f9e1a3b5c7d"}
READER = "reader@souk.example"
MAKERS = {OWN: "maker@souk.example", FOREIGN: "brewer@souk.example"}
ALL = frozenset({"read", "write", "decide", "grants"})


@dataclass(frozen=True)
class Person:
    """`kind`: none (nothing that counts), key, user. `sides`: whose products are theirs by team or domain."""

    name: str
    headers: dict[str, str] = field(repr=False)
    kind: str = "none"
    scopes: frozenset[str] = ALL
    teams: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()
    permissions: frozenset[str] = frozenset()
    makes: frozenset[str] = frozenset()
    """Sides whose drafts this person made."""
    consumer: bool = False
    enters: bool = True

    @property
    def sides(self) -> frozenset[str]:
        return self.teams | self.domains


def trust_the_company(folder: Path, patch: pytest.MonkeyPatch) -> None:
    """The environment trusts the issuer of `tests.identity.mint`; Souk signs with a file's key."""
    published = folder / "jwks.json"
    published.write_text(json.dumps({"keys": [mint.jwk(mint.rsa_key(), "rsa-1"), mint.jwk(mint.ec_key(), "ec-1")]}))
    for name, value in {
        "SOUK_ISSUER": mint.ISSUER,
        "SOUK_AUDIENCE": mint.AUDIENCE,
        "SOUK_JWKS_URL": published.as_uri(),
        "SOUK_SIGNING_KEY": f"file:{folder / 'signing.pem'}",
    }.items():
        patch.setenv(name, value)


def bearer(secret: str) -> dict[str, str]:
    return {"authorization": f"Bearer {secret}", "host": "souk.example"}


def token_for(email: str, **claims: Any) -> str:
    """A good token of the company for this person."""
    return mint.token(**{"sub": id_for_email(email), "preferred_username": email, "name": email, **claims})


def exchanged(secret: str) -> str:
    """The token that the hub gives for an API key."""
    form = {"content-type": "application/x-www-form-urlencoded", "host": "souk.example"}
    body = urlencode({"grant_type": GRANT, "apikey": secret}).encode()
    answer = Guest().send("POST", "/identity/token", body, form)
    assert answer.status == 200, answer
    token: str = answer.json()["access_token"]
    return token


def nobody(store: Store) -> list[Person]:
    """Credentials that are none, in every way that one can be wrong."""
    return [Person(name, headers) for name, headers in _bad_headers(store).items()]


def _bad_headers(store: Store) -> dict[str, dict[str, str]]:
    bad = {name: bearer(secret) for name, secret in {**_bad_keys(store), **_bad_tokens()}.items()}
    good = token_for("governance@souk.example", roles=["governance"])
    return bad | {
        "anonymous": {"host": "souk.example"},
        "basic": {"authorization": f"Basic {good}", "host": "souk.example"},
        "token without a scheme": {"authorization": good, "host": "souk.example"},
        "strange cookie": {"cookie": f"session={good}", "host": "souk.example"},
        "header of a proxy": {"x-forwarded-user": "governance@souk.example", "x-amzn-oidc-data": good},
    }


def _bad_keys(store: Store) -> dict[str, str]:
    revoked, moved = (run(store, lambda work: keys.create(work, "old")) for _ in range(2))
    token = exchanged(revoked.secret)
    run(store, lambda work: keys.revoke(work, revoked.id))
    rotated = run(store, lambda work: keys.rotate(work, moved.id))
    past = now() + timedelta(seconds=-5)
    over = run(store, lambda work: _expired(work, past))
    return {
        "revoked key": revoked.secret,
        "token of a revoked key": token,
        "rotated key": moved.secret,
        "expired key": over,
        "cut key": rotated.secret[:-1],
        "mistyped key": rotated.secret[:-7] + ("0" if rotated.secret[-7] != "0" else "1") + rotated.secret[-6:],
        "unknown key": _unknown(),
        "hash of a key": keys.key_of(rotated.secret),
    }


def _expired(work: Work, past: Any) -> str:
    work.now = past - timedelta(hours=1)
    return keys.create(work, "over", expires=past).secret


def _unknown() -> str:
    """A key of the right form that was never given out."""
    text = keys.PREFIX + "A" * 43
    return text + keys._check(text)


def _bad_tokens() -> dict[str, str]:
    who: dict[str, Any] = {"roles": ["governance"], "preferred_username": "governance@souk.example"}
    header = {"alg": "RS256", "kid": "rsa-1", "typ": "JWT"}
    good = mint.token(**who)
    changed = mint.part(mint.claims(**who, sub="11111111-1111-4111-8111-111111111111"))
    own = {"iss": "souk", "aud": "souk", **who}
    return {
        "expired token": mint.token(**who, exp=timedelta(minutes=-2)),
        "token without an end": mint.token(**who, exp=None),
        "token without a beginning": mint.token(**who, iat=None),
        "token of the future": mint.token(**who, nbf=timedelta(minutes=5)),
        "token issued in the future": mint.token(**who, iat=timedelta(minutes=5)),
        "wrong audience": mint.token(**who, aud="another-service"),
        "no audience": mint.token(**who, aud=None),
        "wrong issuer": mint.token(**who, iss="https://login.evil.example"),
        "no issuer": mint.token(**who, iss=None),
        "alg none": mint.forged({**header, "alg": "none"}, lambda _: b"", **who),
        "alg None without a signature": mint.forged({"alg": "None", "kid": "rsa-1"}, lambda _: b"", **who),
        "public key as secret": mint.forged({**header, "alg": "HS256"}, mint.hmac_with_public_key, **who),
        "unknown kid": mint.token(**who, kid="rsa-2"),
        "no kid": mint.token(**who, kid=None),
        "kid of a path": mint.token(**who, kid="../../../../dev/null"),
        "another key": mint.token(mint.rsa_key(3072), **who),
        "another algorithm": mint.token(algorithm="RS512", **who),
        "key of another kind": mint.token(mint.ec_key(), algorithm="ES256", kid="rsa-1", **who),
        "key brought along": jwt.encode(
            mint.claims(**who),
            mint.rsa_key(3072),
            algorithm="RS256",
            headers={"kid": "mine", "jwk": mint.jwk(mint.rsa_key(3072), "mine"), "jku": "https://evil.example/jwks"},
        ),
        "critical extension": jwt.encode(
            mint.claims(**who), mint.rsa_key(), algorithm="RS256", headers={"kid": "rsa-1", "crit": ["exp"]}
        ),
        "claims exchanged": ".".join([good.split(".")[0], changed, good.split(".")[2]]),
        "signature cut": good[:-20],
        "signature taken off": good.rpartition(".")[0] + ".",
        "in Souk's name by the company's key": mint.token(**own),
        "in Souk's name for a key": mint.token(iss="souk", aud="souk", souk_key="a" * 24),
        "nobody in particular": mint.token(sub="service-7", preferred_username=None),
        "an e-mail that is not verified": mint.token(
            sub="7", preferred_username="governance@souk.example", email_verified=False
        ),
    }


def everybody(store: Store) -> list[Person]:
    """Credentials that count, each with what it stands for."""
    return [*_organisations(store), *_people(store)]


def _organisations(store: Store) -> list[Person]:
    scoped: dict[str, tuple[str, ...] | None] = {
        "key": None,
        "reading key": ("read",),
        "writing key": ("write",),
        "key that does not decide": ("read", "write"),
        "deciding key": ("decide",),
        "reporting key": ("grants",),
        "key of another door": (*sorted(ALL), "door:elsewhere"),
    }
    made = []
    for name, scopes in scoped.items():
        secret = run(store, lambda work, name=name, scopes=scopes: keys.create(work, name, scopes=scopes)).secret  # type: ignore[misc]
        held = ALL if scopes is None else frozenset(scopes) & ALL
        enters = name != "key of another door"
        made.append(Person(name, bearer(secret), "key", held, enters=enters))
        made.append(Person(f"token of a {name}", bearer(exchanged(secret)), "key", held, enters=enters))
    return made


def _people(store: Store) -> list[Person]:
    def user(name: str, email: str = "", claims: dict[str, Any] | None = None, **what: Any) -> Person:
        address = email or f"{name.replace(' ', '-')}@souk.example"
        return Person(name, bearer(token_for(address, **(claims or {}))), "user", **what)

    run(store, _register)
    own, foreign = frozenset({OWN}), frozenset({FOREIGN})
    return [
        user("outsider"),
        user("member", claims={"groups": [TEAMS[OWN]]}, teams=own),
        user("member by the team's name", claims={"groups": ["Team roasting"]}, teams=own),
        user("member by the team's record", "listed@souk.example", teams=own),
        user("member by the user's record", "known@souk.example", teams=own),
        user("member of another team", claims={"groups": [TEAMS[FOREIGN]]}, teams=foreign),
        user("member of no known team", claims={"groups": ["Roasting", "roasting ", "roast", "*", ""]}),
        user("manager", claims={"souk_domains": [DOMAINS[OWN]]}, domains=own),
        user("manager by the user's record", "keeper@souk.example", domains=own),
        user("manager of another domain", claims={"souk_domains": [DOMAINS[FOREIGN]]}, domains=foreign),
        user("governance", claims={"roles": ["governance"]}, permissions=frozenset({"governance"})),
        user("user admin", claims={"souk_permissions": "user_admin"}, permissions=frozenset({"user_admin"})),
        user("auditor", claims={"roles": ["audit"]}, permissions=frozenset({"audit"})),
        user("pretender", claims={"roles": ["Administrator", "root", "governance ", "*"], "scope": "governance"}),
        user("maker", MAKERS[OWN], makes=own),
        user("brewer", MAKERS[FOREIGN], makes=foreign),
        user("reader", READER, consumer=True),
    ]


def _register(work: Work) -> None:
    users.put_user(work, name="Known", email="known@souk.example", teams=[TEAMS[OWN]])
    users.put_user(work, name="Keeper", email="keeper@souk.example", managed_domains=[DOMAINS[OWN]])
    users.put_user(work, name="Reader", email=READER)
