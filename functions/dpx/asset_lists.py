"""Asset lists: orders, their items, and the decisions on them (contract 4.3)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from dpx.cel import Query, parse
from dpx.lens.order import facts_of, show_item, show_order
from dpx.pages import link_to
from souk import patch
from souk.edge.call import Call
from souk.edge.request import Request
from souk.errors import Invalid, NotFound
from souk.orders import following
from souk.orders.deciding import decide, rename
from souk.orders.delivering import report
from souk.orders.finding import find_orders
from souk.orders.model import CANCELED, READY, REJECTED, REVOKED, card_of, item_of
from souk.orders.placing import Wanted, may_deliver, place_order
from souk.orders.rights import demand_reporter, get_order
from souk.store.port import Record

Wire = dict[str, Any]
MAX_LIMIT = 200
_OFFSET = "offset-"
_DECISIONS = (READY, REJECTED, CANCELED, REVOKED)
_CHANGEABLE = frozenset({"name", "description", "message", "state"})
_SORTS = frozenset({"created_at", "last_updated_at", "name", "state"})


def create(call: Call, wanted: Wanted) -> Wire:
    """Place the order; one that needs no approval is on its way when this is answered. Raises as `place_order`."""
    order = place_order(call.work, wanted, call.principal)
    if may_deliver(call.work, card_of(order)):
        call.afterwards(lambda: following.start_soon(order.id))
    return show_order(order)


def one(call: Call) -> Wire:
    """An order. Raises NotFound."""
    return show_order(_order(call))


def update(call: Call) -> Wire:
    """Decide the order, or rename it, by a JSON Patch. Raises Invalid, NotAllowed, Conflict."""
    order = _order(call)
    before = show_order(order)
    after = patch.apply(before, call.request.json, optional={"message", "description"})
    changed = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    if changed - _CHANGEABLE:
        raise Invalid(f"{', '.join(sorted(changed - _CHANGEABLE))}: cannot be changed")
    texts = {key: "" if after.get(key) is None else after[key] for key in ("name", "description", "message")}
    if any(not isinstance(text, str) or len(text) > 4000 for text in texts.values()) or not texts["name"]:
        raise Invalid("name, description and message must be texts")
    if changed & {"name", "description"} or changed == {"message"}:
        message = texts["message"] if "message" in changed else None
        order = rename(call.work, order, texts["name"], texts["description"], message, call.principal)
    return show_order(_decided(call, order, after.get("state"), texts["message"]) if "state" in changed else order)


def items(call: Call) -> Wire:
    """The items of an order. Raises NotFound, Invalid."""
    order = _order(call)
    limit, offset = _limit(call.request), _offset(call.request)
    held = card_of(order)["items"]
    shown = [show_item(order, item) for item in held[offset : offset + limit]]
    return _page(call, "items", shown, len(held), limit, offset)


def listed(call: Call) -> Wire:
    """Orders that the caller may see and that match the query. Raises Invalid."""
    text = call.request.query_one("query")
    query = parse(text) if text else Query(lambda _: True, {}, frozenset())
    limit, offset = _limit(call.request, least=0), _offset(call.request)
    key, backwards = _sort(call.request)
    required = query.required
    found = [
        record
        for record in find_orders(
            call.work, call.principal, owner=required.get("access_control.owner"), version=required.get("asset.id")
        )
        if query.matches(facts_of(record))
    ]
    found.sort(key=lambda record: (facts_of(record)[key], record.id), reverse=backwards)
    shown = [show_order(record) for record in found[offset : offset + limit]]
    return _page(call, "asset_lists", shown, len(found), limit, offset)


def report_item(call: Call) -> Wire:
    """What an external system says of an item that it delivers. Raises NotFound, NotAllowed, Invalid, Conflict."""
    from dpx.schemas.order import report_of

    order = _order(call)
    card = card_of(order)
    demand_reporter(call.work, card, call.principal)
    item = item_of(card, call.path["item_id"])
    if item is None:
        raise NotFound(f"the item {call.path['item_id']!r} does not exist", kind="item", id=call.path["item_id"])
    before: Wire = {"data_product_delivery_state": item["state"], "output": None}
    after = patch.apply(before, call.request.json)
    if after.keys() - before.keys():
        raise Invalid(f"{', '.join(sorted(after.keys() - before.keys()))}: cannot be reported")
    unmoved = after.get("data_product_delivery_state") == item["state"]
    state, outputs = report_of({**after, "data_product_delivery_state": None} if unmoved else after)
    kept = report(call.work, order, item["id"], state, outputs)  # type: ignore[arg-type]
    changed = item_of(card_of(kept), item["id"])
    assert changed is not None
    return show_item(kept, changed)


def _decided(call: Call, order: Record, state: Any, message: str) -> Record:
    if state not in _DECISIONS:
        raise Invalid(f"state: must be one of {', '.join(_DECISIONS)}")
    decided, undo = decide(call.work, order, state, message, call.principal)
    if card_of(decided)["state"] == READY or undo:
        call.afterwards(lambda: following.start_soon(order.id, undo=undo))
    return decided


def _order(call: Call) -> Record:
    return get_order(call.work, call.path["list_id"], call.principal)


def _limit(request: Request, least: int = 1) -> int:
    text = request.query_one("limit")
    if text is None:
        return MAX_LIMIT
    if not text.isascii() or not text.isdigit() or len(text) > 4 or not least <= int(text) <= MAX_LIMIT:
        raise Invalid(f"limit: must be a whole number from {least} to {MAX_LIMIT}")
    return int(text)


def _offset(request: Request) -> int:
    token = request.query_one("start")
    if token is None:
        return 0
    digits = token.removeprefix(_OFFSET)
    if digits == token or not digits.isascii() or not digits.isdigit() or len(digits) > 9:
        raise Invalid("start: must be a token that a page gave out")
    return int(digits)


def _sort(request: Request) -> tuple[str, bool]:
    text = request.query_one("sort") or "created_at"
    key = text.lstrip("+-")
    if key not in _SORTS:
        raise Invalid(f"sort: must be one of {', '.join(sorted(_SORTS))}, with - for the reverse")
    return key, text.startswith("-")


def _page(call: Call, name: str, shown: list[Wire], total: int, limit: int, offset: int) -> Wire:
    first = {"href": _link(call.request, limit=str(limit))}
    answer: Wire = {name: shown, "limit": limit, "total_count": total, "first": first}
    following_offset = offset + len(shown)
    if shown and following_offset < total:
        token = f"{_OFFSET}{following_offset}"
        answer["next"] = {"start": token, "href": _link(call.request, limit=str(limit), start=token)}
    return answer


def _link(request: Request, **changed: str) -> str:
    """This call's own address, with the query that it came with."""
    kept = [(key, value) for key, value in request.query if key not in {"limit", "start"}]
    return link_to(request, f"{request.path}?{urlencode([*kept, *changed.items()])}")
