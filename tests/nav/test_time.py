"""What the clock does to access maps and logs: nothing is shown beyond its end, and the sweep tells it."""

from __future__ import annotations

import pytest

from nav.schemas import access_subject
from souk.errors import Invalid, Unreadable
from souk.store.sqlite import SqliteStore
from tests.access.acting import approve
from tests.access.world import Clock, World, sweep
from tests.nav.driver import ZERO, Client


@pytest.fixture
def client(store: SqliteStore, time: Clock) -> Client:
    return Client(store)


def test_access_is_shown_until_the_second_of_its_end(client: Client, time: Clock) -> None:
    product = client.register()
    client.grant(product, "a@nav.no", "2030-05-15T12:00:10Z")
    time.forward(seconds=9, microseconds=999_999)
    assert client.access(product) == {"user:a@nav.no": "2030-05-15T12:00:10Z"}
    time.forward(microseconds=1)
    assert client.access(product) == {}


def test_end_moves_updated_before_and_after_the_sweep_tells_it(client: Client, store: SqliteStore, time: Clock) -> None:
    product = client.register()
    client.grant(product, "a@nav.no", "2030-05-15T12:00:10Z")
    assert client.call("get_dataproduct", product)["updated"] == "2030-05-15T12:00:00Z"
    time.forward(seconds=40)
    assert client.call("get_dataproduct", product)["updated"] == "2030-05-15T12:00:10Z"
    assert client.call("get_dataproducts")[0]["updated"] == "2030-05-15T12:00:10Z"
    sweep(store)
    assert client.call("get_dataproduct", product)["updated"] == "2030-05-15T12:00:40Z"


def test_sweep_logs_the_end_as_the_job_with_the_prefixed_subject(
    client: Client, store: SqliteStore, time: Clock
) -> None:
    product = client.register()
    client.grant(product, "A@nav.no", "2030-05-15T12:00:10Z")
    time.forward(seconds=11)
    sweep(store)
    sweep(store)
    assert client.log(product)[0] == ("AccessEnsurance2000", "delete", "user:a@nav.no", ZERO)
    assert [action for _, action, _, _ in client.log(product)] == ["delete", "grant"]


def test_grant_after_the_end_begins_anew(client: Client, time: Clock) -> None:
    product = client.register()
    client.grant(product, "a@nav.no", "2030-05-15T12:00:10Z")
    time.forward(seconds=11)
    client.grant(product, "a@nav.no")
    assert client.access(product) == {"user:a@nav.no": ZERO}


@pytest.mark.parametrize("text", ["2030-05-15T12:00:00Z", "2030-05-15T14:00:00+02:00", "2030-05-15T11:59:59.999Z"])
def test_end_must_lie_after_now(time: Clock, text: str) -> None:
    with pytest.raises(Invalid, match="Expires"):
        access_subject({"subject": "a", "type": "user", "expires": text}, time.now())


def test_end_may_be_the_next_microsecond(time: Clock) -> None:
    sent = {"subject": "a", "type": "user", "expires": "2030-05-15T12:00:00.000001Z"}
    assert access_subject(sent, time.now()).expires == time.forward(microseconds=1)


def test_point_without_digits_is_no_time(time: Clock) -> None:
    with pytest.raises(Unreadable):
        access_subject({"subject": "a", "type": "user", "expires": "2030-05-15T12:00:00.Z"}, time.now())


def test_one_revocation_ends_any_number_of_accesses_of_a_subject(client: Client, world: World) -> None:
    for _ in range(40):
        access = world.ask(product="free", port=None)
        approve(world, access)
    assert client.access("free") == {"user:alice@nav.no": ZERO}
    world.time.forward(seconds=1)
    client.revoke("free", "alice@nav.no")
    assert client.access("free") == {}
    assert [action for _, action, _, _ in client.log("free")] == ["delete"] * 40 + ["grant"] * 40
