"""Section 2: credentials, roles, and the status codes of refusals."""

from __future__ import annotations

from typing import Any

import pytest

from tests.wire.nav.door import JSON_TYPE, Door, done, fresh, refused, registration
from tests.wire.raw import Answer

WHO = "unauthorized access"
PROTECTED = [
    ("POST", "dataproducts"),
    ("GET", "dataproducts/{id}"),
    ("PUT", "dataproducts/{id}"),
    ("DELETE", "dataproducts/{id}"),
    ("DELETE", "dataproduct/{id}"),
    ("POST", "access/{id}"),
    ("DELETE", "access/{id}"),
    ("GET", "userinfo"),
]
PUBLIC = ["dataproducts", "access/{id}"]
BAD = ["Bearer nonsense", "Bearer a.b.c", "Bearer ", "Basic YTpi", "nonsense"]


def asked(door: Door, path: str, **headers: str) -> Answer:
    return door.send("GET", f"/api/v1/{path}", None, headers)


@pytest.mark.parametrize(("method", "path"), PROTECTED)
def test_protected_operations_ask_who_is_there(nobody: Door, product: str, method: str, path: str) -> None:
    refused(nobody.call(method, path.format(id=product)), 403, WHO)


@pytest.mark.parametrize(("method", "path"), PROTECTED)
def test_whether_a_product_exists_is_not_told_to_strangers(nobody: Door, method: str, path: str) -> None:
    refused(nobody.call(method, path.format(id="unknown")), 403, WHO)


@pytest.mark.parametrize("credential", BAD)
def test_bad_token_is_refused_where_one_is_needed(nobody: Door, product: str, credential: str) -> None:
    refused(asked(nobody, f"dataproducts/{product}", authorization=credential), 403, WHO)


@pytest.mark.parametrize("credential", BAD)
@pytest.mark.parametrize("path", PUBLIC)
def test_bad_token_is_ignored_where_none_is_needed(nobody: Door, product: str, path: str, credential: str) -> None:
    assert asked(nobody, path.format(id=product), authorization=credential).status == 200


def test_token_may_come_in_a_cookie(owner: Door, product: str) -> None:
    assert asked(owner, f"dataproducts/{product}", cookie=f"jwt={owner.token}").status == 200
    assert asked(owner, f"dataproducts/{product}", cookie=f"a=b; jwt={owner.token}; c=d").status == 200
    refused(asked(owner, f"dataproducts/{product}", cookie=f"token={owner.token}"), 403, WHO)


def test_cookie_carries_the_caller_of_a_change(owner: Door, other: Door, product: str) -> None:
    target, body = f"/api/v1/dataproducts/{product}", b'{"name": "by cookie"}'
    answer = owner.send("PUT", target, body, JSON_TYPE | {"cookie": f"jwt={other.token}"})
    refused(answer, 401, "unauthorized\n")
    done(owner.send("PUT", target, body, JSON_TYPE | {"cookie": f"jwt={owner.token}"}))


def test_one_valid_token_of_two_suffices(owner: Door, product: str) -> None:
    target = f"dataproducts/{product}"
    assert asked(owner, target, authorization="Bearer bad", cookie=f"jwt={owner.token}").status == 200
    assert asked(owner, target, authorization=f"Bearer {owner.token}", cookie="jwt=bad").status == 200


def test_tampered_token_is_refused(owner: Door, product: str) -> None:
    head, body, signature = str(owner.token).split(".")
    flipped = signature[:-8] + ("A" if signature[-8] != "A" else "B") + signature[-7:]
    refused(asked(owner, f"dataproducts/{product}", authorization=f"Bearer {head}.{body}.{flipped}"), 403, WHO)


@pytest.mark.parametrize(("method", "path"), [("PUT", "dataproducts/{id}"), ("DELETE", "dataproducts/{id}")])
def test_only_the_owner_changes_a_product(other: Door, product: str, method: str, path: str) -> None:
    refused(other.call(method, path.format(id=product), {"name": "n"}), 401, "unauthorized\n")


@pytest.mark.parametrize("path", ["dataproducts/{id}", "dataproduct/{id}"])
def test_unknown_products_are_not_found(owner: Door, path: str) -> None:
    refused(owner.call("DELETE", path.format(id=fresh())), 404, "not found\n")
    refused(owner.call("GET", f"dataproducts/{fresh()}"), 404, "not found\n")
    refused(owner.call("PUT", f"dataproducts/{fresh()}", {"name": "n"}), 404, "not found\n")


def test_user_info_tells_email_teams_and_end(owner: Door, manager: Door) -> None:
    info = owner.call("GET", "userinfo").json()
    assert set(info) == {"email", "teams", "token_expires"}
    assert info["email"] == owner.email
    assert owner.team in info["teams"]
    assert info["token_expires"] > 1_700_000_000
    assert manager.call("GET", "userinfo").json()["email"] == manager.email


def test_api_key_speaks_for_the_organisation(souk: Any, product: str) -> None:
    key = Door(souk.url, souk.env["SOUK_API_KEY"])
    id = key.register(team=fresh("team"))
    done(key.call("PUT", f"dataproducts/{id}", {"name": "n"}))
    done(key.call("DELETE", f"dataproducts/{id}"))


def test_json_and_text_say_what_they_are(owner: Door, product: str) -> None:
    for path in ("dataproducts", f"dataproducts/{product}", f"access/{product}", "userinfo"):
        assert owner.call("GET", path).kind == "application/json"
    assert owner.call("POST", "dataproducts", registration()).kind == "text/plain"


def test_page_of_another_origin_may_call_with_credentials(owner: Door, product: str) -> None:
    page = {"origin": "https://page.example"}
    asks = page | {"access-control-request-method": "PUT", "access-control-request-headers": "content-type"}
    preflight = owner.send("OPTIONS", f"/api/v1/dataproducts/{product}", None, asks)
    assert (preflight.status, preflight.body) == (204, b"")
    assert "PUT" in preflight.headers["access-control-allow-methods"]
    answer = owner.send("GET", f"/api/v1/dataproducts/{product}", None, page | {"cookie": f"jwt={owner.token}"})
    for one in (preflight, answer):
        assert one.headers["access-control-allow-origin"] == "https://page.example"
        assert one.headers["access-control-allow-credentials"] == "true"
