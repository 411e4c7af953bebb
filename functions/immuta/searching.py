"""Searches: the filters of the contract (sections 3 to 5) in the core's words, and the pages they lead to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from immuta import query
from immuta.envelopes import by_offset, by_token, position, token_limit, token_of
from immuta.lens.request import NEVER, STATUS, TYPES, columns_out, states_of
from immuta.lens.source import column_out, is_masked, source_out
from immuta.reads import exact_id, product_at
from immuta.showing import Showing
from souk.access import lifecycle
from souk.access.finding import REVIEWED, ROLES, Wanted, find_of_caller, find_of_product
from souk.access.governed import is_suspended
from souk.access.model import determined_list, short, subject_list, user_key
from souk.access.relations import Relation, has_access, relations
from souk.edge.call import Call
from souk.edge.request import Request
from souk.errors import Invalid, Unreadable
from souk.identity import permissions
from souk.identity.membership import all_teams, teams_of
from souk.identity.people import People, Person
from souk.identity.principal import GOVERNANCE
from souk.ids import as_uuid
from souk.products.card import Card
from souk.products.listing import products_by_name
from souk.products.sources import Source, SourceColumn, columns_of, sources_of
from souk.store.port import Listed, Record

Wire = dict[str, Any]
_STATUSES = {word: word for word in (*dict.fromkeys(STATUS.values()), *NEVER)}
_PRODUCT_ROLES = {word: word for word in ("manager", "member", "noRole", "steward")}
_SORTS = {
    "createdAt": "created",
    "updatedAt": "updated",
    "status": "status",
    "dataProduct": "product",
    "expiration": "end",
}
_TARGETS = {"DATA_PRODUCT", "dataProduct"}
_DETERMINATIONS = 5


def products(call: Call) -> Wire:
    """`GET /api/data-product`."""
    request, wanted = call.request, _ProductFilter(call)
    limit, after = token_limit(request), position(request)
    query.word(request, "sortBy", ("name",), "name")
    backwards = query.descending(request, "asc")
    page = products_by_name(call.work, limit, after=after, descending=backwards, wanted=wanted.fits)
    token = token_of(request, page.cursor) if page.cursor else None
    return by_token(Showing(call).products(page.records, wanted.relations), token, limit)


class _ProductFilter:
    """Filters of the product search: by name from the entry alone, by the caller's relation from their requests."""

    def __init__(self, call: Call) -> None:
        request = call.request
        self.call = call
        self.name = query.text(request, "nameFilter").casefold()
        self.statuses = query.words(request, "statusFilter", _STATUSES)
        self.roles = query.words(request, "roleFilter", _PRODUCT_ROLES)
        self.ends = query.truth(request, "expiration")
        is_user = call.principal.kind == "user"
        self.relations: dict[str, Relation] = relations(call.work, call.principal.label) if is_user else {}
        self._teams = teams_of(call.principal, call.work) if self.roles else frozenset()

    def fits(self, entry: Listed) -> bool:
        """Whether the product of this entry is wanted."""
        if self.name and self.name not in entry.view.casefold():
            return False
        if not (self.statuses or self.roles or self.ends is not None):
            return True
        found = self.call.work.at(entry.key)
        return found is not None and self._record_fits(found)

    def _record_fits(self, found: Record) -> bool:
        card: Card = found.body["card"]
        standing = self.relations.get(short(found.id))
        lives = standing is not None and standing.state in {"approved", "active"}
        if self.ends is not None and (lives and standing is not None and standing.end is not None) != self.ends:
            return False
        if self.statuses and self._status(card, standing) not in self.statuses:
            return False
        return not self.roles or not self.roles.isdisjoint(self._roles_in(card, lives=lives))

    def _status(self, card: Card, standing: Relation | None) -> str:
        who = self.call.principal
        if who.kind == "user" and card.get("created_by") in {who.id, who.email} - {""}:
            return "PUBLISHER"
        return STATUS[standing.state] if standing else "NONE"

    def _roles_in(self, card: Card, *, lives: bool) -> set[str]:
        who, domains = self.call.principal, card.get("domains") or [card.get("domain", "")]
        manages = GOVERNANCE in who.permissions or permissions.manages(who, domains, self.call.work)
        held = {"manager"} if manages else set()
        held |= {"steward"} if card.get("owner") and card.get("owner") in self._teams else set()
        held |= {"member"} if lives else set()
        return held or {"noRole"}


def sources(call: Call) -> Wire:
    """`GET /api/data-product/{id}/datasources`."""
    request, product = call.request, product_at(call)
    limit, after = token_limit(request), position(request)
    person = _person(call)
    text = query.text(request, "nameFilter").casefold()
    card: Card = product.body["card"]
    found = sorted(sources_of(call.work, card), key=lambda source: (source.name, source.id))
    found = [source for source in found if text in source.name.casefold()]
    rest = found if after is None else [one for one in found if f"{one.name}\0{one.id}" > after]
    has_it = not is_suspended(card) and has_access(call.work, product.id, person)
    shown = rest[:limit]
    token = token_of(request, f"{shown[-1].name}\0{shown[-1].id}") if len(rest) > limit else None
    names = _names_of(call, person, shown)
    return by_token([source_out(one, _source_status(one, names, has_it=has_it)) for one in shown], token, limit)


def _person(call: Call) -> Person:
    people, wanted = People(call.work, call.principal), query.uuid(call.request, "user")
    if wanted is None:
        return people.me()
    found = people.find(wanted)
    if found is None:
        raise Invalid(f"user '{wanted}' does not exist")
    return found


def _names_of(call: Call, person: Person, found: Sequence[Source]) -> set[str]:
    """What a guardrail may call a person. Teams are looked up where there is a guardrail."""
    guarded = any(source.card.get("only_for") is not None for source in found)
    teams = all_teams(call.work, person.teams, person.email) if guarded else ()
    return {person.email, person.label, *teams}


def _source_status(source: Source, names: set[str], *, has_it: bool) -> str:
    """A source may say who can have access at all: `only_for`, e-mails and teams."""
    guard = source.card.get("only_for")
    if guard is not None and names.isdisjoint(guard):
        return "RESTRICTED"
    return "SUBSCRIBED" if has_it else "NONE"


def columns(call: Call) -> Wire:
    """`GET /api/data-product/{id}/columns`."""
    request, product = call.request, product_at(call)
    page = query.offset_page(request)
    backwards = query.word(request, "dir", ("ASC", "DESC"), "ASC") == "DESC"
    if request.query_one("sortOrder") is not None:
        backwards = query.descending(request, "asc")
    found = [one for one in columns_of(call.work, product.body["card"]) if _column_fits(request, one)]
    found.sort(key=lambda one: (one.column["name"], one.source.name, one.source.id), reverse=backwards)
    shown = found[page.offset : page.offset + min(page.limit, query.MAX_ITEMS)]
    return by_offset([column_out(one) for one in shown], page, len(found))


def _column_fits(request: Request, found: SourceColumn) -> bool:
    text, wanted = query.text(request, "searchText").casefold(), query.values(request, "dataSourceIds")
    tags, data_object = query.values(request, "tagIds"), query.uuid(request, "dataObjectId")
    return (
        text in found.column["name"].casefold()
        and (not wanted or found.source.id in wanted)
        and (not tags or not set(tags).isdisjoint(found.column.get("tags") or ()))
        and (not data_object or data_object in {as_uuid("asset", found.source.id), found.source.id})
        and (not query.truth(request, "maskedOnly") or is_masked(found))
    )


def exception_columns(call: Call, access: Record) -> Wire:
    """`GET /api/access-request/{id}/masking-exception-columns`."""
    page = query.offset_page(call.request)
    card = access.body["card"]
    named = {(column["source"], column["column"]) for column in card["object"].get("columns", [])}
    product = call.work.find("product", card["object"]["product"])
    known = columns_of(call.work, product.body["card"]) if product else iter(())
    found = [one for one in known if (one.source.id, one.column["name"]) in named]
    found.sort(key=lambda one: (one.column["name"], one.source.name, one.source.id))
    shown = found[page.offset : page.offset + min(page.limit, query.MAX_ITEMS)]
    return by_offset([column_out(one) for one in shown], page, len(found))


def product_requests(call: Call, *, members: bool) -> Wire:
    """`GET /api/data-product/{id}/request`, and `…/members`: the approved ones."""
    request, product = call.request, product_at(call)
    page, showing, wanted = query.offset_page(request), Showing(call), _wanted(call)
    truth = query.truth(request, "historical"), query.truth(request, "includeTemporary")
    if members:
        both = frozenset({"approved", "active"})
        wanted = _with_states(wanted, (wanted.states & both or {"nothing"}) if wanted.states else both)
    elif truth[0] is False:
        wanted = _live_only(wanted)
    limit = min(page.limit, query.MAX_ITEMS)
    found = find_of_product(call.work, product.id, wanted, call.principal, page.offset, limit, showing.title)
    return by_offset(showing.requests(found.records), page, found.total)


def own_requests(call: Call) -> Wire:
    """`GET /api/access-request`: those that concern the caller."""
    request = call.request
    page, showing, wanted = query.offset_page(request), Showing(call), _wanted(call)
    roles = query.words(request, "role", {role: role for role in ROLES}) or frozenset(ROLES)
    if query.truth(request, "historical") is False:
        wanted = _live_only(wanted)
    limit = min(page.limit, query.MAX_ITEMS)
    found = find_of_caller(call.work, roles, wanted, call.principal, page.offset, limit, showing.title)
    return by_offset(showing.requests(found.records), page, found.total)


def _wanted(call: Call) -> Wanted:
    request = call.request
    query.words(request, "status", _STATUSES)
    targets, asset_types = query.values(request, "targetType"), query.values(request, "assetType")
    nothing = bool(asset_types or query.uuid(request, "assetId") or (targets and _TARGETS.isdisjoint(targets)))
    product = query.cuid_or_uuid(request, "dataProductId")
    return Wanted(
        states=frozenset({"nothing"}) if nothing else states_of(query.values(request, "status")),
        types=query.words(request, "type", TYPES),
        users=frozenset(query.uuids(request, "userIds")),
        text=query.text(request, "searchText"),
        ends=query.truth(request, "expiration"),
        product=exact_id("product", product, call.work) if product else None,
        reviews=query.words(request, "reviewStatus", {word: word for word in REVIEWED}),
        sort=_SORTS[query.word(request, "sortBy", _SORTS, "createdAt")],
        descending=query.descending(request, "desc"),
        words=STATUS,
    )


def _with_states(wanted: Wanted, states: frozenset[str] | set[str]) -> Wanted:
    return replace(wanted, states=frozenset(states))


def _live_only(wanted: Wanted) -> Wanted:
    return replace(wanted, live_only=True)


def determinations(call: Call) -> Wire:
    """`GET /api/data-product/{id}/recent-determinations`: the five latest that people made."""
    product = product_at(call)
    kind = TYPES[query.word(call.request, "type", TYPES, "DATA_ACCESS")]
    found: list[Record] = []
    for record in call.work.records(determined_list(product.id), reverse=True):
        if record.body["card"]["type"] == kind:
            found.append(record)
        if len(found) == _DETERMINATIONS:
            break
    return {"determinations": Showing(call).determinations(found)}


def approved_columns(call: Call) -> list[Wire]:
    """`GET /api/access-request/approved-masking-exception-columns?userId=`."""
    wanted = query.uuid(call.request, "userId")
    if wanted is None:
        raise Unreadable("userId must be a UUID")
    person = People(call.work, call.principal).find(wanted)
    label = person.label if person else wanted
    cards = [found.body["card"] for found in call.work.records(subject_list(f"user:{user_key(label)}"))]
    live = [c for c in cards if c["type"] == "masking_exception" and lifecycle.is_active(c, call.work.now)]
    columns = [column for card in live for column in columns_out(card["object"].get("columns", []))]
    return list({(column["columnName"], column["sourceId"]): column for column in columns}.values())
