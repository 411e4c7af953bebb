"""Section 1 and 2 as tables: who may do what, by which credential, on which paths and methods."""

from __future__ import annotations

import http.client
import json
from typing import Any

import pytest

from tests.wire.nav.door import JSON_TYPE, Door, done, fresh, mail, refused, registration
from tests.wire.raw import Answer, Doc

WHO = "unauthorized access"
NOT_OWNER = "unauthorized\n"
NOT_YOURS = "you are unauthorized to make changes to this access rule"
CALLERS = ("nobody", "other", "owner", "manager", "key")
ALLOWED: dict[tuple[str, str], dict[str, int]] = {
    ("GET", "dataproducts"): dict.fromkeys(CALLERS, 200),
    ("POST", "dataproducts"): dict.fromkeys(CALLERS, 201) | {"nobody": 403},
    ("GET", "dataproducts/{id}"): dict.fromkeys(CALLERS, 200) | {"nobody": 403},
    ("PUT", "dataproducts/{id}"): dict.fromkeys(CALLERS, 204) | {"nobody": 403, "other": 401},
    ("DELETE", "dataproducts/{id}"): dict.fromkeys(CALLERS, 204) | {"nobody": 403, "other": 401},
    ("DELETE", "dataproduct/{id}"): dict.fromkeys(CALLERS, 204) | {"nobody": 403, "other": 401},
    ("GET", "access/{id}"): dict.fromkeys(CALLERS, 200),
    ("POST", "access/{id}"): dict.fromkeys(CALLERS, 204) | {"nobody": 403},
    ("DELETE", "access/{id}"): dict.fromkeys(CALLERS, 204) | {"nobody": 403, "other": 401},
    ("GET", "userinfo"): dict.fromkeys(CALLERS, 200) | {"nobody": 403},
}
ROWS = [(method, path, caller, status) for (method, path), row in ALLOWED.items() for caller, status in row.items()]
SUBJECT = {"subject": "some.person@nav.no", "type": "user"}
BODIES: dict[tuple[str, str], Doc] = {
    ("POST", "dataproducts"): registration(team="roasting"),
    ("PUT", "dataproducts/{id}"): {"name": "new"},
    ("POST", "access/{id}"): {"subject": "another.person@nav.no", "type": "user"},
    ("DELETE", "access/{id}"): SUBJECT,
}


@pytest.fixture(scope="session")
def key(souk: Any) -> Door:
    """An organisation's key, as bearer."""
    return Door(souk.url, souk.env["SOUK_API_KEY"])


@pytest.fixture(scope="session")
def callers(nobody: Door, other: Door, owner: Door, manager: Door, key: Door) -> dict[str, Door]:
    return {"nobody": nobody, "other": other, "owner": owner, "manager": manager, "key": key}


@pytest.mark.parametrize(("method", "path", "caller", "status"), ROWS)
def test_who_may_do_what(
    callers: dict[str, Door], product: str, method: str, path: str, caller: str, status: int
) -> None:
    done(callers["owner"].call("POST", f"access/{product}", SUBJECT))
    answer = callers[caller].call(method, path.format(id=product), BODIES.get((method, path)))
    assert answer.status == status, answer


WORDS = [
    *(("nobody", *operation, 403, WHO) for operation, row in ALLOWED.items() if row["nobody"] == 403),
    *(("other", method, path, 401, NOT_OWNER) for (method, path), row in ALLOWED.items() if row["other"] == 401),
]


@pytest.mark.parametrize(("caller", "method", "path", "status", "words"), WORDS)
def test_words_of_refusals(
    callers: dict[str, Door], product: str, caller: str, method: str, path: str, status: int, words: str
) -> None:
    done(callers["owner"].call("POST", f"access/{product}", SUBJECT))
    before = callers["owner"].shown(product)
    expected = NOT_YOURS if (caller, path) == ("other", "access/{id}") else words
    answer = callers[caller].call(method, path.format(id=product), BODIES.get((method, path)))
    refused(answer, status, expected)
    assert callers["owner"].shown(product) == before
    assert len(callers["owner"].log(product)) == 1


def presented(how: str, secret: str) -> dict[str, str]:
    """The headers that carry a secret in one of the places that are read."""
    return {
        "bearer": {"authorization": f"Bearer {secret}"},
        "lower case": {"authorization": f"bearer {secret}"},
        "upper case": {"authorization": f"BEARER {secret}"},
        "cookie": {"cookie": f"jwt={secret}"},
        "cookie among others": {"cookie": f"theme=dark; jwt={secret}; lang=nb"},
        "quoted cookie": {"cookie": f'jwt="{secret}"'},
        "bad bearer, good cookie": {"authorization": "Bearer nonsense", "cookie": f"jwt={secret}"},
        "good bearer, bad cookie": {"authorization": f"Bearer {secret}", "cookie": "jwt=nonsense"},
    }[how]


PLACES = (
    *("bearer", "lower case", "upper case", "cookie", "cookie among others", "quoted cookie"),
    *("bad bearer, good cookie", "good bearer, bad cookie"),
)


@pytest.mark.parametrize("how", PLACES)
@pytest.mark.parametrize(("method", "path"), [*ALLOWED])
def test_credentials_count_wherever_they_are_carried(
    owner: Door, product: str, method: str, path: str, how: str
) -> None:
    done(owner.call("POST", f"access/{product}", SUBJECT))
    body = json.dumps(BODIES[method, path]).encode() if (method, path) in BODIES else None
    headers = presented(how, str(owner.token)) | JSON_TYPE
    answer = owner.send(method, f"/api/v1/{path.format(id=product)}", body, headers)
    assert answer.status == ALLOWED[method, path]["owner"], answer


@pytest.mark.parametrize("how", ["bearer", "cookie"])
def test_key_is_taken_where_a_token_is(souk: Any, key: Door, product: str, how: str) -> None:
    headers = presented(how, souk.env["SOUK_API_KEY"])
    assert key.send("GET", f"/api/v1/dataproducts/{product}", None, headers).status == 200
    by_header = {"x-api-key": souk.env["SOUK_API_KEY"]}
    assert key.send("GET", f"/api/v1/dataproducts/{product}", None, by_header).status == 200


NO_CREDENTIALS = [
    *({"authorization": value} for value in ("", "Bearer", "Bearer  ", "Token x", "Basic dXNlcjpwYXNz", "Bearer a.b")),
    *({"cookie": value} for value in ("", "jwt=", "jwt", "JWT=x", "jwt=a.b.c", "xjwt=x", "jwt==")),
    *({"x-api-key": value} for value in ("", "souk_", "x" * 54, "souk_" + "A" * 49)),
    {"x-forwarded-user": "olav.lien@nav.no", "x-email": "olav.lien@nav.no"},
]


@pytest.mark.parametrize("headers", NO_CREDENTIALS, ids=repr)
@pytest.mark.parametrize(
    ("path", "status"), [("dataproducts/{id}", 403), ("userinfo", 403), ("access/{id}", 200), ("dataproducts", 200)]
)
def test_what_is_no_credential(owner: Door, product: str, headers: dict[str, str], path: str, status: int) -> None:
    answer = owner.send("GET", f"/api/v1/{path.format(id=product)}", None, headers)
    assert answer.status == status, answer


ELSEWHERE = [
    *(("PUT", "dataproducts"), ("DELETE", "dataproducts"), ("PATCH", "dataproducts"), ("PATCH", "dataproducts/{id}")),
    *(("POST", "dataproducts/{id}"), ("GET", "dataproduct/{id}"), ("PUT", "dataproduct/{id}"), ("POST", "dataproduct")),
    *(("GET", "dataproduct"), ("PUT", "access/{id}"), ("PATCH", "access/{id}"), ("GET", "access"), ("POST", "access")),
    *(("DELETE", "access"), ("POST", "userinfo"), ("DELETE", "userinfo"), ("GET", "userinfo/me")),
    *(("GET", "dataproducts/{id}/access"), ("GET", "access/{id}/log"), ("GET", "Dataproducts"), ("GET", "")),
    *(("DELETE", "dataproducts/{id}/x"), ("GET", "oauth2/callback"), ("GET", "login"), ("GET", "search")),
]


@pytest.mark.parametrize("caller", ["nobody", "owner"])
@pytest.mark.parametrize(("method", "path"), ELSEWHERE)
def test_there_is_nothing_else(callers: dict[str, Door], product: str, method: str, path: str, caller: str) -> None:
    answer = callers[caller].call(method, path.format(id=product), {"name": "n"})
    refused(answer, 404, "404 page not found\n")
    assert callers["owner"].shown(product)["data_product"]["name"] == "cool data"


@pytest.mark.parametrize("query", ["?limit=1", "?offset=3", "?name=x", "?a=%ff", "?&&=", "?" + "x" * 3000])
@pytest.mark.parametrize("path", ["dataproducts", "dataproducts/{id}", "access/{id}", "userinfo"])
def test_there_are_no_query_parameters(owner: Door, product: str, path: str, query: str) -> None:
    plain = owner.call("GET", path.format(id=product))
    asked = owner.call("GET", path.format(id=product) + query)
    assert (plain.status, asked.status) == (200, 200)
    assert product in [one["id"] for one in asked.json()] if path == "dataproducts" else asked.json() == plain.json()


@pytest.mark.parametrize("path", ["dataproducts/{id}", "access/{id}"])
def test_ids_are_decoded_once(owner: Door, product: str, path: str) -> None:
    done(owner.call("POST", f"access/{product}", SUBJECT))
    spelled = "".join(f"%{ord(letter):02X}" for letter in product)
    twice = spelled.replace("%", "%25")
    same = owner.call("GET", path.format(id=spelled))
    assert same.json() == (owner.call("GET", path.format(id=product)).json())
    other = owner.call("GET", path.format(id=twice))
    assert (other.status, other.body) in {(404, b"not found\n"), (200, b"[]")}


@pytest.mark.parametrize("path", ["dataproducts/{id}", "dataproduct/{id}"])
def test_ids_are_compared_exactly(owner: Door, product: str, path: str) -> None:
    for wrong in (product.swapcase(), product + "x", product[:-1], f"{product}%20", f"%20{product}"):
        refused(owner.call("DELETE", path.format(id=wrong)), 404, "not found\n")
    assert owner.shown(product)["id"] == product


KINDS = [
    ("GET", "dataproducts", "application/json"),
    ("GET", "dataproducts/{id}", "application/json"),
    ("GET", "access/{id}", "application/json"),
    ("GET", "userinfo", "application/json"),
    ("GET", "dataproducts/unknown", "text/plain; charset=utf-8"),
    ("POST", "dataproducts", "text/plain; charset=utf-8"),
    ("GET", "nowhere", "text/plain; charset=utf-8"),
]


@pytest.mark.parametrize(("method", "path", "kind"), KINDS)
@pytest.mark.parametrize("accept", ["*/*", "application/json", "text/html", "application/xml"])
def test_answers_say_what_they_are(owner: Door, product: str, method: str, path: str, kind: str, accept: str) -> None:
    body = json.dumps(registration(team=owner.team)).encode() if method == "POST" else None
    headers = owner.headers | JSON_TYPE | {"accept": accept}
    answer: Answer = owner.send(method, f"/api/v1/{path.format(id=product)}", body, headers)
    assert answer.headers["content-type"] == kind


def test_empty_answers_have_no_body_and_no_content_type(owner: Door, product: str) -> None:
    for answer in (owner.grant(product, mail()), owner.call("PUT", f"dataproducts/{product}", {"name": fresh()})):
        done(answer)
        assert answer.headers.get("content-length") in {None, "0"}


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
@pytest.mark.parametrize("origin", ["https://page.example", "http://localhost:3000", "https://nav.no"])
def test_pages_of_any_origin_may_ask_first(owner: Door, product: str, method: str, origin: str) -> None:
    asks = {"origin": origin, "access-control-request-method": method}
    preflight = owner.send("OPTIONS", f"/api/v1/access/{product}", None, asks)
    assert preflight.status == 204
    assert method in preflight.headers["access-control-allow-methods"]
    assert preflight.headers["access-control-allow-origin"] == origin
    assert preflight.headers["access-control-allow-credentials"] == "true"


def test_refusals_can_be_read_by_pages_of_other_origins(owner: Door, product: str) -> None:
    answer = owner.send("GET", f"/api/v1/dataproducts/{product}", None, {"origin": "https://page.example"})
    assert (answer.status, answer.headers["access-control-allow-origin"]) == (403, "https://page.example")


def test_a_connection_serves_one_request_after_another(owner: Door, product: str) -> None:
    parts = owner.url.removeprefix("http://")
    connection = http.client.HTTPConnection(parts, timeout=30)
    statuses = []
    for path in ("dataproducts", f"dataproducts/{product}", "nowhere", f"access/{product}"):
        connection.request("GET", f"/api/v1/{path}", headers=owner.headers)
        answer = connection.getresponse()
        answer.read()
        statuses.append(answer.status)
    connection.close()
    assert statuses == [200, 200, 404, 200]
