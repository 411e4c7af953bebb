"""Many at once, with real threads: contract rules G18, O1, D1, D3, and costs of a product that goes."""

from __future__ import annotations

from functools import partial

import pytest

from tests.nndm.driver import Api
from tests.nndm.samples import EVENT_NAMES, MINIMAL, asset, contract, cost, port, product, team
from tests.threads import at_once

ROUNDS = range(12)


@pytest.mark.parametrize("kind", sorted(EVENT_NAMES))
def test_g18_simultaneous_puts_of_a_new_id_are_one_creation(api: Api, kind: str) -> None:
    bodies = [MINIMAL[kind] | {"tags": [f"{n}"] * 20, "custom": {"n": n}} for n in range(8)]
    news = api.news(lambda: at_once(*[partial(api.made, kind, body) for body in bodies]))
    name = EVENT_NAMES[kind]
    assert news == [f"{name}Created minimal"] + [f"{name}Updated minimal"] * 7
    assert api.shown(kind, "minimal") in bodies


def test_g18_simultaneous_deletes_are_one(api: Api) -> None:
    api.made("teams", team("t"))
    answers: list[object] = []
    news = api.news(lambda: answers.extend(at_once(*[lambda: api.delete("teams", "t").status] * 6)))
    assert sorted(answers, key=str) == [200, 404, 404, 404, 404, 404]
    assert news == ["TeamDeleted t"]


def test_g18_port_events_of_simultaneous_puts_add_up(api: Api) -> None:
    api.made("dataproducts", product("p"))
    bodies = [product("p", *[port(id) for id in ids]) for ids in ("ab", "bc", "cd", "da", "", "abcd")]
    news = api.news(lambda: at_once(*[partial(api.made, "dataproducts", body) for body in bodies]))
    assert _standing(news) == {entry["id"] for entry in api.shown("dataproducts", "p")["outputPorts"]}


def _standing(news: list[str]) -> set[str]:
    """The ports that are left after these events. Fails where one comes or goes twice."""
    standing: set[str] = set()
    for line in news:
        name, _, subject = line.partition(" ")
        port_id = subject.partition("/")[2]
        if name == "OutputPortCreated":
            assert port_id not in standing
            standing.add(port_id)
        elif name == "OutputPortDeleted":
            standing.remove(port_id)
    return standing


@pytest.mark.parametrize("attempt", ROUNDS)
def test_d1_a_contract_and_the_port_that_names_it(api: Api, attempt: int) -> None:
    """Either the delete comes first, or it is refused: the store never loses count."""
    api.made("datacontracts", contract("c"))
    using = product("p", port("o", dataContractId="c"))
    deleted, _ = at_once(lambda: api.delete("datacontracts", "c").status, lambda: api.put("dataproducts", using).status)
    assert deleted in {200, 422}
    assert (api.get("datacontracts", "c").status == 404) == (deleted == 200)
    api.made("datacontracts", contract("c"))
    assert api.delete("datacontracts", "c").status == 422


@pytest.mark.parametrize("attempt", ROUNDS)
def test_d3_references_are_counted_right_by_many_writers(api: Api, attempt: int) -> None:
    api.made("assets", asset("a"))

    def write(id: str) -> None:
        for _ in range(3):
            api.made("dataproducts", product(id, port("o", assets=["a"]), assets=["a"]))
            api.made("dataproducts", product(id))
            api.made("dataproducts", product(id, assets=["a"]))
            api.removed("dataproducts", id)

    at_once(*[partial(write, f"p{n}") for n in range(4)])
    api.removed("assets", "a")


@pytest.mark.parametrize("attempt", ROUNDS)
def test_o1_a_team_that_goes_and_a_product_that_comes(api: Api, attempt: int) -> None:
    """If the team went first, the product is refused; a refused product does not exist."""
    api.made("teams", team("t"))
    statuses = at_once(
        lambda: api.delete("teams", "t").status, lambda: api.put("dataproducts", product("p", owner="t")).status
    )
    assert statuses[0] == 200
    assert statuses[1] in {200, 422}
    assert api.get("dataproducts", "p").status == {200: 200, 422: 404}[statuses[1]]


@pytest.mark.parametrize("attempt", ROUNDS)
def test_a_product_that_goes_takes_every_cost_along(api: Api, attempt: int) -> None:
    api.made("dataproducts", product("orders"))

    def add() -> list[int]:
        return [api.call("POST", "/api/costs", cost()).status for _ in range(4)]

    results = at_once(add, add, lambda: [api.delete("dataproducts", "orders").status])
    assert results[2] == [200]
    assert {status for statuses in results[:2] for status in statuses} <= {200, 422}
    api.made("dataproducts", product("orders"))
    assert api.listed("costs?dataProductId=orders") == []
