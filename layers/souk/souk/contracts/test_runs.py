"""Test runs: what a contract's tests said about one of its servers."""

from __future__ import annotations

from typing import TypedDict

from souk import clock, jsontext
from souk.catalogue import Card, Document, Lens, View, facet, keep, size_class
from souk.errors import Invalid
from souk.store.port import Entry, Record
from souk.work import Work

KIND = "test_run"


class RunCard(TypedDict):
    """What the core reads of a run. Instants are text as sent; `result` is passed, failed, warning, error, unknown."""

    contract: str
    version: str
    server: str
    result: str
    started: str
    ended: str


def runs_of(contract_id: str | None) -> str:
    """The list of a contract's runs, or of all runs."""
    return KIND if contract_id is None else facet(f"{KIND}/by-contract", contract_id)


def put_test_run(work: Work, run_id: str, document: Document, lens: Lens) -> Record:
    """Keep a run; the same id again replaces the earlier one. Raises Invalid."""
    card = lens.card(document, None)
    contract = work.find("contract", card["contract"])
    if contract is None:
        raise Invalid(f"Could not find data contract by id '{card['contract']}'")
    card["server"] = _server(card, contract.body["card"]["servers"])
    before = work.find(KIND, run_id)
    everywhere = Entry(
        KIND,
        before.created if before else clock.text(work.now),
        str(size_class(len(jsontext.dump(document)))),
    )
    shelf = runs_of(card["contract"])
    record = keep(work, KIND, run_id, card, View(lens.dialect, document), lists=[everywhere], shelf=shelf)
    work.event(KIND, "created", run_id, result=card["result"])
    return record


def delete_test_run(work: Work, run_id: str) -> None:
    """Forget a run. Raises NotFound."""
    work.remove(work.get(KIND, run_id))
    work.event(KIND, "deleted", run_id)


def _server(card: Card, servers: list[str]) -> str:
    named = card.get("server")
    if named is None and len(servers) == 1:
        return servers[0]
    if named is None:
        raise Invalid(f"server: is required, since the data contract has {len(servers)} servers")
    if named not in servers:
        known = ", ".join(f"'{name}'" for name in servers[:20]) or "none"
        raise Invalid(f"server: '{named}' is not a server of data contract '{card['contract']}', which has {known}")
    return str(named)
