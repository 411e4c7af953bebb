"""Where a request's credential may stand, which one counts, and what it costs."""

from __future__ import annotations

from typing import Any

import pytest

from souk.edge.request import Request
from souk.errors import Failed
from souk.identity import credentials, keys
from souk.store.connect import use
from souk.store.port import Record, Store
from souk.work import Work
from tests.identity import mint
from tests.identity.doorway import Door, ask, bearer, event, whoami


class Counting:
    """Passes everything on to the store and counts batch reads."""

    def __init__(self, store: Store) -> None:
        self.store, self.batches = store, list[list[str]]()

    def get_many(self, wanted: Any) -> dict[str, Record]:
        self.batches.append(list(wanted))
        return self.store.get_many(self.batches[-1])

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)


@pytest.fixture
def secret(run: Any) -> str:
    made: str = run(lambda work: keys.create(work, "pipeline")).secret
    return made


def test_an_anonymous_call_is_refused(store: Store) -> None:
    assert ask(whoami(Door())) == (401, {"message": "no credential was given"})


@pytest.mark.parametrize("header", ["x-api-key", "X-API-Key", "X-Api-Key"])
def test_an_api_key_comes_in_its_header(secret: str, header: str) -> None:
    status, who = ask(whoami(Door()), headers={header: secret})
    assert (status, who["kind"], who["name"]) == (200, "key", "pipeline")


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_an_api_key_comes_as_bearer_however_that_is_spelled(secret: str, scheme: str) -> None:
    assert ask(whoami(Door()), headers={"Authorization": f"{scheme} {secret}"})[0] == 200


def test_a_door_for_bearers_does_not_read_the_key_header(secret: str) -> None:
    door = Door(bearer=True)
    assert ask(whoami(door), headers={"x-api-key": secret})[0] == 401
    assert ask(whoami(door), headers=bearer(secret))[0] == 200


def test_a_cookie_counts_where_the_door_names_it(secret: str) -> None:
    cookies = ["theme=dark", f"jwt={secret}"]
    assert ask(whoami(Door(cookie="jwt")), cookies=cookies)[0] == 200
    assert ask(whoami(Door()), cookies=cookies)[0] == 401
    assert ask(whoami(Door(cookie="session")), cookies=cookies)[0] == 401


def test_a_users_token_counts_in_every_place(store: Store, company: Any) -> None:
    door, token = Door(cookie="jwt"), mint.token()
    answers = [
        ask(whoami(door), headers={"x-api-key": token}),
        ask(whoami(door), headers=bearer(token)),
        ask(whoami(door), cookies=[f"jwt={token}"]),
    ]
    assert [(status, who["id"]) for status, who in answers] == [(200, mint.USER_ID)] * 3


@pytest.mark.parametrize("authorization", ["Basic Yng6Yng=", "Bearer", "Bearer ", "Digest x", "token", ""])
def test_other_authorization_is_no_credential(store: Store, authorization: str) -> None:
    assert credentials.find(Request(event(headers={"authorization": authorization})), Door()) is None


def test_a_valid_credential_suffices_beside_a_bad_one(secret: str, company: Any) -> None:
    door = Door(cookie="jwt")
    bad = mint.token(exp=1, iat=0, nbf=0)
    assert ask(whoami(door), headers=bearer(bad), cookies=[f"jwt={secret}"])[0] == 200
    assert ask(whoami(door), headers={"x-api-key": "wrong", **bearer(secret)})[0] == 200
    assert ask(whoami(door), headers=bearer(bad), cookies=["jwt=wrong"])[0] == 401


def test_of_two_valid_credentials_the_key_header_counts(secret: str, company: Any) -> None:
    _, who = ask(whoami(Door()), headers={"x-api-key": secret, **bearer(mint.token())})
    assert who["kind"] == "key"


@pytest.mark.parametrize(
    "text",
    [
        "wrong",
        "a.b.c",
        "..",
        "e30.e30.",
        "souk_" + "a" * 49,
        "a." * 30,
        "x" * 20_000,
        "." * 9000,
        "\u00e9\u20ac",
        "a b",
    ],
)
def test_garbage_is_refused_without_reading_a_record(store: Store, text: str) -> None:
    counting = Counting(store)
    use(counting)
    assert ask(whoami(Door()), headers=bearer(text))[0] == 401
    assert [batch for batch in counting.batches if batch] == []


def test_an_oversized_token_is_refused(store: Store, company: Any) -> None:
    assert ask(whoami(Door()), headers=bearer(mint.token(filler="x" * 12_000)))[0] == 401


@pytest.mark.parametrize("place", ["header", "payload"])
def test_a_deeply_nested_token_is_refused(store: Store, company: Any, place: str) -> None:
    nested = mint.text(b"[" * 3500 + b"]" * 3500)
    parts = {"header": mint.part({"alg": "RS256", "kid": "rsa-1"}), "payload": mint.part(mint.claims())}
    parts[place] = nested
    assert ask(whoami(Door()), headers=bearer(f"{parts['header']}.{parts['payload']}.AA"))[0] == 401


def test_many_cookies_of_one_name_are_not_all_tried(secret: str) -> None:
    cookies = [f"jwt=wrong{number}" for number in range(10)]
    credential = credentials.find(Request(event(cookies=cookies)), Door(cookie="jwt"))
    assert credential is not None
    assert len(credential.secrets) == credentials.MAX_SECRETS


def test_a_credential_hides_its_secrets_in_a_repr(secret: str) -> None:
    assert secret not in repr(credentials.find(Request(event(headers=bearer(secret))), Door()))


def test_a_bad_credential_is_ignored_where_none_is_needed(store: Store) -> None:
    door = Door(public_operations=frozenset({"whoAmI"}))
    assert ask(whoami(door), headers=bearer("wrong"))[1]["kind"] == "anonymous"


@pytest.mark.parametrize(
    ("scopes", "method", "status"),
    [
        (["read"], "GET", 200),
        (["read"], "PUT", 403),
        (["write"], "PUT", 200),
        (["write"], "GET", 403),
        (["decide"], "POST", 403),
        (["read", "write"], "DELETE", 200),
        (None, "DELETE", 200),
    ],
)
def test_a_key_does_what_its_scopes_say(run: Any, scopes: list[str] | None, method: str, status: int) -> None:
    limited = run(lambda work: keys.create(work, "limited", scopes=scopes)).secret
    assert ask(whoami(Door()), method=method, headers=bearer(limited))[0] == status


def test_an_operation_may_ask_for_a_scope_of_its_own(run: Any) -> None:
    writer = run(lambda work: keys.create(work, "writer", scopes=["read", "write"])).secret
    decider = run(lambda work: keys.create(work, "decider", scopes=["decide"])).secret
    handler = whoami(Door(), scope="decide")
    assert [ask(handler, method="POST", headers=bearer(each))[0] for each in (writer, decider)] == [403, 200]


def test_a_key_for_one_door_opens_no_other(run: Any) -> None:
    scoped = run(lambda work: keys.create(work, "one door", scopes=["read", "door:front"])).secret
    answers = [ask(whoami(Door(name=name)), headers=bearer(scoped))[0] for name in ("front", "back")]
    assert answers == [200, 403]


def test_an_api_key_is_read_together_with_the_record_in_one_batch(secret: str, store: Store) -> None:
    counting = Counting(store)
    use(counting)
    assert ask(whoami(Door()), headers=bearer(secret))[0] == 200
    assert [batch for batch in counting.batches if batch] == [[keys.key_of(secret)]]


def test_a_users_token_costs_one_batch(store: Store, company: Any) -> None:
    counting = Counting(store)
    use(counting)
    assert ask(whoami(Door()), headers=bearer(mint.token()))[0] == 200
    assert [len(batch) for batch in counting.batches if batch] == [2]


def test_an_issuer_that_is_down_is_no_refusal_of_the_token(store: Store, company: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("SOUK_JWKS_URL", "http://127.0.0.1:9/jwks")
    credential = credentials.find(Request(event(headers={"x-api-key": "wrong", **bearer(mint.token())})), Door())
    with pytest.raises(Failed):
        credentials.principal_of(credential, Work(store))
