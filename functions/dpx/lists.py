"""The lists of products, drafts and releases: of one product, or of all (`-`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from dpx.answers import domain_names
from dpx.lens.product import show_summary
from dpx.lens.version import show_version
from dpx.pages import limit_of, page_answer, start_of
from dpx.paths import product_uuid
from dpx.query import identifier, version_number
from souk import jsontext
from souk.edge.call import Call
from souk.errors import Invalid
from souk.ids import as_uuid, record_key
from souk.products import card as cards
from souk.releases.by_domain import sources_of
from souk.releases.keeping import by_product
from souk.releases.listing import Place, Show, Source, collect
from souk.releases.model import AVAILABLE, DRAFT, DRAFTS_LIST, KIND, OFFERING, PUBLISHED_LIST, RETIRED, Version
from souk.releases.product import Product, fetch_products_of, get_product, product_with_id
from souk.releases.seeing import card_as_version, version_of
from souk.setup.catalogue import CATALOGUE
from souk.store.port import Listed
from souk.work import Work

Wire = dict[str, Any]
_PUBLISHED = (AVAILABLE, RETIRED)


class Wanted(NamedTuple):
    """Which versions a list is to show."""

    states: Sequence[str]
    number: str | None

    def shows(self, version: Version) -> bool:
        """Whether this version is wanted, as it shows now."""
        return version.state in self.states and self.number in {None, version.number}

    def may_show(self, entry: Listed) -> bool:
        """Whether its record has to be read: a release may show in another state than it is stored in, a draft not."""
        state, _, number = entry.view.partition(" ")
        return (state == DRAFT) == (DRAFT in self.states) and self.number in {None, number}


def list_products(call: Call) -> Wire:
    """Products that are drafts only, by creation; then every product that has a card, by creation. Raises Invalid."""
    sources = [Source(OFFERING, _offerings(call.work)), Source(cards.KIND, _cards(call.work))]
    items, after = collect(call.work.store, sources, start_of(call.request), limit_of(call.request), _weight)
    return page_answer(call, "data_products", items, after)


def list_drafts(call: Call) -> Wire:
    """Drafts of one product or of all, by creation. Raises Invalid, NotFound."""
    return _list_versions(call, "drafts", (DRAFT,), [DRAFTS_LIST])


def list_releases(call: Call) -> Wire:
    """Releases of one product or of all: those that are stored by creation, then cards made in other doors.

    Raises Invalid, NotFound.
    """
    return _list_versions(call, "releases", _states(call), [PUBLISHED_LIST, cards.KIND])


def list_in_domains(call: Call, domains: list[str]) -> Wire:
    """Drafts and releases that are in these domains, domain by domain, each by creation. Raises Invalid."""
    sources = [Source(one.list, _worded(call.work, one.show)) for one in sources_of(call.work, domains)]
    start, limit = start_of(call.request, len(sources)), limit_of(call.request)
    items, after = collect(call.work.store, sources, start, limit, _weight)
    return page_answer(call, "data_product_versions", items, after)


def _list_versions(call: Call, name: str, states: Sequence[str], of_all: list[str]) -> Wire:
    limit, start, uuid = limit_of(call.request), start_of(call.request), product_uuid(call)
    wanted = Wanted(states, version_number(call.request, "version"))
    container = identifier(call.request, "asset.container.id")
    product = get_product(call.work, uuid) if uuid else None
    if container not in {None, CATALOGUE}:
        return page_answer(call, name, [], None)
    if product is None:
        shows = {cards.KIND: _cards_as_versions(call.work, wanted)}
        sources = [Source(one, shows.get(one) or _versions(call.work, wanted)) for one in of_all]
        items, after = collect(call.work.store, sources, start, limit, _weight)
    else:
        items, after = _of_product(call.work, product, wanted, start, limit)
    return page_answer(call, name, items, after)


def _of_product(
    work: Work, product: Product, wanted: Wanted, start: Place | None, limit: int
) -> tuple[list[Wire], Place | None]:
    """A card that no record stands for comes first."""
    sources = [Source(by_product(product.id), _versions(work, wanted))]
    card = card_as_version(product) if start is None and work.find(KIND, product.uuid) is None else None
    if card is None or not wanted.shows(card):
        return collect(work.store, sources, start, limit, _weight)
    items, after = collect(work.store, sources, Place(0, "", ""), limit - 1, _weight)
    return [*_shown(work, [card]), *items], after


def _states(call: Call) -> Sequence[str]:
    given = [state for text in call.request.query_all("state") for state in text.split(",") if state]
    if len(given) > len(_PUBLISHED) or not set(given) <= set(_PUBLISHED):
        raise Invalid("state: must be available, retired, or both with a comma between them")
    return given or _PUBLISHED


def _offerings(work: Work) -> Callable[[Sequence[Listed]], list[Wire | None]]:
    def show(batch: Sequence[Listed]) -> list[Wire | None]:
        work.fetch(entry.key for entry in batch)
        records = [work.at(entry.key) for entry in batch]
        return [show_summary(one.id, one.body["card"]["name"]) if one else None for one in records]

    return show


def _cards(work: Work) -> Callable[[Sequence[Listed]], list[Wire | None]]:
    def show(batch: Sequence[Listed]) -> list[Wire | None]:
        work.fetch(entry.key for entry in batch)
        records = [work.at(entry.key) for entry in batch]
        return [show_summary(as_uuid(cards.KIND, r.id), r.body["card"]["title"]) if r else None for r in records]

    return show


def _versions(work: Work, wanted: Wanted) -> Callable[[Sequence[Listed]], list[Wire | None]]:
    def show(batch: Sequence[Listed]) -> list[Wire | None]:
        read = [entry.key if wanted.may_show(entry) else None for entry in batch]
        work.fetch(key for key in read if key)
        records = [work.at(key) if key else None for key in read]
        fetch_products_of(work, (record for record in records if record))
        versions = [
            version_of(one, product_with_id(work, one.body["card"]["product"])) if one else None for one in records
        ]
        return _aligned(work, versions, wanted)

    return show


def _cards_as_versions(work: Work, wanted: Wanted) -> Callable[[Sequence[Listed]], list[Wire | None]]:
    def show(batch: Sequence[Listed]) -> list[Wire | None]:
        work.fetch(entry.key for entry in batch)
        ids = [record.id if (record := work.at(entry.key)) else "" for entry in batch]
        uuids = [as_uuid(cards.KIND, exact) for exact in ids]
        work.fetch(key for uuid in uuids for key in (record_key(OFFERING, uuid), record_key(KIND, uuid)))
        unstored = [
            exact if exact and not work.find(KIND, uuid) else "" for exact, uuid in zip(ids, uuids, strict=True)
        ]
        versions = [card_as_version(product_with_id(work, exact)) if exact else None for exact in unstored]
        return _aligned(work, versions, wanted)

    return show


def _aligned(work: Work, versions: Sequence[Version | None], wanted: Wanted) -> list[Wire | None]:
    return _in_place(work, [version if version and wanted.shows(version) else None for version in versions])


def _worded(work: Work, show: Show[Version]) -> Show[Wire]:
    return lambda batch: _in_place(work, show(batch))


def _in_place(work: Work, kept: Sequence[Version | None]) -> list[Wire | None]:
    shown = iter(_shown(work, [version for version in kept if version]))
    return [next(shown) if version else None for version in kept]


def _shown(work: Work, versions: list[Version]) -> list[Wire]:
    names = domain_names(work, versions)
    return [show_version(version, names) for version in versions]


def _weight(item: Wire) -> int:
    return len(jsontext.dump(item))
