"""Ruling R6: a user exists from the first valid token on, also where it came with a request that only reads."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from tests.running import eventually
from tests.wire.immuta.door import Caller, Marketplace, path_of
from tests.wire.immuta.people import Issuer
from tests.wire.raw import Answer

READS = [
    "/api/data-product",
    "/api/access-request",
    "/api/auth/user",
    "/api/data-product/unknown",
    "/api/v1/userinfo",
    "/api/v1/dataproducts",
    "/api/dataproducts",
    "/data_product_exchange/v1/data_products",
]


def asked_for(place: Marketplace, product: Any, user: str) -> Answer:
    """A request on behalf of this user."""
    return place.caller("OTHER").call("POST", path_of(product, "request"), {"user": user})


@pytest.mark.parametrize("path", READS)
def test_whoever_only_read_can_be_asked_for(place: Marketplace, issuer: Issuer, path: str) -> None:
    product, user = place.product(), str(uuid4())
    assert asked_for(place, product, user).status == 400
    newcomer = Caller(place.url, issuer.token(user, name="Nils Ny"), user)
    assert newcomer.call("GET", path).status in {200, 404}
    answers: list[Answer] = []

    def stands() -> bool:
        answers.append(asked_for(place, product, user))
        return answers[-1].status == 201

    eventually(stands)
    made = answers[-1].json()
    assert (made["user"]["globalUserId"], made["user"]["name"]) == (user, "Nils Ny")
    assert made["user"]["email"] == f"person-{user}@nav.no"
    assert newcomer.get("/api/access-request")["data"][0]["id"] == made["id"]


def test_whoever_was_refused_can_be_asked_for(place: Marketplace, issuer: Issuer) -> None:
    product, user = place.product(), str(uuid4())
    newcomer = Caller(place.url, issuer.token(user), user)
    newcomer.refused(403, "DELETE", path_of(product))
    eventually(lambda: asked_for(place, product, user).status == 201)


def test_a_forged_token_makes_nobody_known(place: Marketplace, issuer: Issuer) -> None:
    product, user = place.product(), str(uuid4())
    head, body, signature = issuer.token(user).split(".")
    forged = Caller(place.url, f"{head}.{body}.{signature[:-6]}AAAAAA", user)
    forged.refused(401, "GET", "/api/data-product")
    real = str(uuid4())
    Caller(place.url, issuer.token(real), real).get("/api/data-product")
    eventually(lambda: asked_for(place, product, real).status == 201)
    assert asked_for(place, product, user).status == 400
