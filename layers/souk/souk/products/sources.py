"""Data sources of a product: each port is one, and an asset that is attached becomes a port."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from souk.errors import Invalid
from souk.ids import record_key
from souk.organisation.domains import UNASSIGNED
from souk.products.card import Card, Port
from souk.store.port import Record
from souk.work import Work

ASSET = "asset"


class Source(NamedTuple):
    """A data source: the port, and the asset that it is (None: the port is all that is known)."""

    id: str
    port: Port
    asset: Record | None

    @property
    def card(self) -> dict[str, Any]:
        """The asset's card, empty if there is none."""
        return self.asset.body["card"] if self.asset else {}

    @property
    def name(self) -> str:
        """How people call it."""
        return str(self.port.get("name") or self.card.get("name") or self.id)

    @property
    def technology(self) -> str:
        """What it lives in, such as Snowflake."""
        return str(self.card.get("technology") or self.port.get("type") or self.card.get("type") or "Unknown")


class SourceColumn(NamedTuple):
    """One column of one source."""

    source: Source
    column: dict[str, Any]


def source_id(port: Port) -> str:
    """The id under which a port is attached: its asset's, or its own."""
    return port.get("asset") or port["id"]


def sources_of(work: Work, card: Card) -> list[Source]:
    """Every source of a product, in order of its ports. One read for all assets."""
    ports = {source_id(port): port for port in card["ports"]}
    work.fetch(record_key(ASSET, name) for name in ports)
    return [Source(name, port, work.find(ASSET, name)) for name, port in ports.items()]


def columns_of(work: Work, card: Card) -> Iterator[SourceColumn]:
    """Every column of every source; a port that is no asset has those of the assets it uses."""
    sources = sources_of(work, card)
    work.fetch(record_key(ASSET, name) for source in sources for name in _used(source))
    for source in sources:
        used = [source.asset] if source.asset else [work.find(ASSET, name) for name in _used(source)]
        for asset in used:
            for column in asset.body["card"].get("columns", ()) if asset else ():
                if column.get("name"):
                    yield SourceColumn(source, column)


def replace_sources(work: Work, card: Card, wanted: Sequence[str]) -> list[Port]:
    """The ports with exactly these sources: known ones stay as and where they are, others are added behind them.

    A new one must be an asset of the product's domains. Raises Invalid for sources that do not exist or lie elsewhere.
    """
    # Two ports may be one source, and a list of sources has no order of its own.
    kept = [port for port in card["ports"] if source_id(port) in set(wanted)]
    known = {source_id(port) for port in kept}
    added = [name for name in dict.fromkeys(wanted) if name not in known]
    work.fetch(record_key(ASSET, name) for name in added)
    problems = [p for name in added if (p := _problem(work, card, name))]
    if problems:
        raise Invalid("a data source cannot be attached", problems)
    return [*kept, *(_port(work, card, name) for name in added)]


def misplaced(work: Work, card: Card) -> list[str]:
    """What is wrong with sources that are assets outside the product's domains."""
    names = [port["asset"] for port in card["ports"] if "asset" in port]
    work.fetch(record_key(ASSET, name) for name in names)
    return [p for name in names if work.find(ASSET, name) and (p := _problem(work, card, name))]


def _problem(work: Work, card: Card, name: str) -> str:
    asset = work.find(ASSET, name)
    if asset is None:
        return f"there is no data source '{name}'"
    domain = asset.body["card"].get("domain") or UNASSIGNED
    domains = card.get("domains") or [card.get("domain") or UNASSIGNED]
    return "" if domain in domains else f"the data source '{name}' belongs to another domain"


def _port(work: Work, card: Card, name: str) -> Port:
    asset = work.get(ASSET, name)
    work.unchanged(asset)
    facts = asset.body["card"]
    places = {key: facts[key] for key in ("host", "database", "schema", "table") if facts.get(key)}
    port: Port = {"id": name, "name": facts.get("name") or name, "asset": name}
    port["auto_approve"] = not card.get("restricted", True)
    if facts.get("technology"):
        port["type"] = facts["technology"]
    if places:
        port["server"] = places
    return port


def _used(source: Source) -> list[str]:
    return [] if source.asset else list(source.port.get("assets", ()))
