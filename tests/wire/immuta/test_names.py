"""getDataProductByName: any name, decoded once (contract section 3, ruling R7)."""

from __future__ import annotations

from urllib.parse import quote
from uuid import uuid4

import pytest

from tests.wire.immuta.door import Caller, Marketplace, name_path, path_of, worded
from tests.wire.immuta.fields import GOOD_NAMES


@pytest.mark.parametrize("pattern", GOOD_NAMES)
@pytest.mark.parametrize("base", ["", "/marketplace"])
def test_every_legal_name_is_found(place: Marketplace, other: Caller, pattern: str, base: str) -> None:
    product = place.product(name=pattern.format(uuid4().hex))
    assert other.get(base + name_path(product["name"]))["id"] == product["id"]


@pytest.mark.parametrize("pattern", ["{} (a)", "{}/b", "{}\\c", "{}-d_e"])
def test_signs_that_need_no_encoding_may_come_raw(place: Marketplace, other: Caller, pattern: str) -> None:
    product = place.product(name=pattern.format(uuid4().hex))
    target = f"/api/data-product/{quote(product['name'], safe='()/_-')}/byName"
    assert other.get(target)["id"] == product["id"]


@pytest.mark.parametrize("pattern", ["{} a/b", "{}\\c d"])
def test_it_is_decoded_once(place: Marketplace, other: Caller, pattern: str) -> None:
    product = place.product(name=pattern.format(uuid4().hex))
    twice = quote(quote(product["name"], safe=""), safe="")
    worded(other.call("GET", f"/api/data-product/{twice}/byName"), 404)


def test_a_plus_is_a_plus(place: Marketplace, other: Caller) -> None:
    product = place.product(name=f"{uuid4().hex} x")
    worded(other.call("GET", f"/api/data-product/{product['name'].replace(' ', '+')}/byName"), 404)


@pytest.mark.parametrize("change", [str.upper, str.lower, lambda name: name[:-1], lambda name: name + "0"])
def test_only_the_exact_name(place: Marketplace, other: Caller, change: object) -> None:
    product = place.product(name=f"Mixed Case {uuid4().hex}a")
    assert callable(change)
    worded(other.call("GET", name_path(change(product["name"]))), 404)


@pytest.mark.parametrize("name", ["no!", "%", "%00", "x" * 300, "☕", "..", "."])
def test_names_that_nothing_has(other: Caller, name: str) -> None:
    worded(other.call("GET", name_path(name)), 404, 400)


def test_it_shows_what_the_id_shows(place: Marketplace, other: Caller) -> None:
    product = place.product(description="Same", dataSources=place.attached())
    assert other.get(name_path(product["name"])) == other.get(path_of(product))


def test_the_oldest_of_equals_and_nobody_else(place: Marketplace, key: Caller, manager: Caller, other: Caller) -> None:
    title, ids = f"Twice {uuid4().hex}", [f"twin-{uuid4().hex}" for _ in range(2)]
    for id in ids:
        info = {"title": title, "owner": place.env["SOUK_OWNER_TEAM"], "description": id}
        document = {"dataProductSpecification": "0.0.1", "id": id, "info": info, "outputPorts": []}
        key.ok("PUT", f"/api/dataproducts/{id}", document)
    assert other.get(name_path(title))["description"] == ids[0]
    worded(manager.call("POST", "/api/data-product", place.body(name=title)), 409)
    product = place.product()
    worded(manager.call("PUT", path_of(product), {"name": title}), 409)
