"""Test runs: what a contract's tests said about one of its servers."""

from __future__ import annotations

from typing import TypedDict

from souk.catalogue import Card, Document, Lens, View, keep
from souk.errors import Invalid
from souk.store.port import Record
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


def put_test_run(work: Work, run_id: str, document: Document, lens: Lens) -> Record:
    """Keep a run; the same id again replaces the earlier one. Raises Invalid."""
    card = lens.card(document, None)
    contract = work.find("contract", card["contract"])
    if contract is None:
        raise Invalid(f"Could not find data contract by id '{card['contract']}'")
    card["server"] = _server(card, contract.body["card"]["servers"])
    # One list for each contract, and none of all: a contract is tested many times a day.
    shelf = f"{KIND}/by-contract/{card['contract']}"
    return keep(work, KIND, run_id, card, View(lens.dialect, document), shelf=shelf)


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
