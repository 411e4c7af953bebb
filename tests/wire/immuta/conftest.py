"""Clients of a running Souk, one for each kind of caller that dev.env names."""

from __future__ import annotations

from typing import Any

import pytest

from tests.wire.immuta.door import Caller, Marketplace
from tests.wire.immuta.extras import Extras, brought_in
from tests.wire.immuta.people import Issuer
from tests.wire.raw import Doc


@pytest.fixture(scope="session")
def place(souk: Any) -> Marketplace:
    """The Immuta door of a running Souk."""
    return Marketplace(souk.url, souk.env)


@pytest.fixture(scope="session")
def manager(place: Marketplace) -> Caller:
    return place.caller("MANAGER")


@pytest.fixture(scope="session")
def owner(place: Marketplace) -> Caller:
    return place.caller("OWNER")


@pytest.fixture(scope="session")
def other(place: Marketplace) -> Caller:
    return place.caller("OTHER")


@pytest.fixture(scope="session")
def key(place: Marketplace) -> Caller:
    """An organisation's pipeline, which comes through the door of data contracts."""
    return Caller(place.url, place.env["SOUK_API_KEY"], "")


@pytest.fixture(scope="session")
def issuer(place: Marketplace, souk: Any) -> Issuer:
    return Issuer.of(place, souk.state)


@pytest.fixture(scope="session")
def still(place: Marketplace) -> Doc:
    """A product with all sample sources that no test changes."""
    return place.product(dataSources=place.attached(*place.sources), description="Stands still")


@pytest.fixture(scope="session")
def world(place: Marketplace, still: Doc) -> Doc:
    """The ids that fill `{id}` where a request must get as far as its body."""
    request = place.request(still, place.caller("MANAGER"), place.users[7])
    (record,) = place.records(request)
    terms = place.caller("MANAGER").ok("POST", "/api/data-use-agreement", place.terms_body(), 201)
    return {
        "data-product": still["id"],
        "approval-record": record["id"],
        "request-form": place.made_form()["id"],
        "data-use-agreement": terms["id"],
    }


@pytest.fixture(scope="session")
def extras(place: Marketplace, souk: Any, tmp_path_factory: pytest.TempPathFactory) -> Extras:
    return brought_in(souk.state, tmp_path_factory.mktemp("extras"), place.domain)
