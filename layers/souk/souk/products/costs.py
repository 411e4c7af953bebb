"""Costs of products. A cost belongs to one life of a product: one that is made again under the same id has none.

The costs of one life are one list, named by the product's creation, so a deletion ends them all at once. Their
records go with it as far as one commit reaches; the rest is left as a task for the next sweep (`souk.products.due`).
"""

from __future__ import annotations

from souk.catalogue import Document, Lens, View, keep
from souk.errors import Invalid, NotFound
from souk.pages import first_keys
from souk.store.port import MAX_CHANGES, Commit, Put, Record
from souk.work import Work

KIND = "cost"
LEFTOVERS = "cost_leftovers"
"""Kind of the tasks. A task's id is the list of the costs that are left."""
_ITEMS_PER_COST = 2
_RESERVE = 12
"""Items of a commit that are not the product's own links or its costs."""
_BATCH = 40


def add_cost(work: Work, document: Document, lens: Lens) -> Record:
    """Add a cost to a product under a new UUID. Raises Invalid when there is no such product."""
    card = lens.card(document, None)
    product = work.find("product", card["product"])
    if product is None:
        raise Invalid(f"Could not find data product by id '{card['product']}'")
    work.unchanged(product)
    life = _life(product)
    view = View(lens.dialect, document)
    return keep(work, KIND, work.new_id(KIND), {**card, "life": life}, view, shelf=life)


def costs_of(work: Work, product_id: str) -> str:
    """The list of the product's costs; an empty one when there is no such product."""
    product = work.find("product", product_id)
    return _life(product) if product else f"{KIND}/by-product/none"


def product_of(work: Work, cost_id: str) -> str:
    """Id of the product that the cost belongs to. Raises NotFound."""
    return str(work.get(KIND, cost_id).body["card"]["product"])


def delete_cost(work: Work, cost_id: str) -> None:
    """Delete a cost. Raises NotFound, also when its product is gone."""
    cost = work.get(KIND, cost_id)
    if costs_of(work, cost.body["card"]["product"]) != cost.body["card"]["life"]:
        raise NotFound(f"cost {cost_id!r} does not exist", kind=KIND, id=cost_id)
    work.remove(cost)


def clear_costs(work: Work, product: Record) -> None:
    """Stage the removal of a deleted product's costs, as many as fit into its commit; leave a task for the rest."""
    life = _life(product)
    keys = first_keys(work, life, MAX_CHANGES)
    links = Commit("", puts=[Put(_bare(product), product)]).size()
    room = max(0, (MAX_CHANGES - _RESERVE - links) // _ITEMS_PER_COST)
    _remove(work, keys[:room])
    if len(keys) > room:
        work.save(LEFTOVERS, life, {"card": {}}, lists=["due"], listed=False)


def clear_some(work: Work, life: str) -> bool:
    """Stage the removal of some costs of a life that is over. False when none are left."""
    keys = first_keys(work, life, _BATCH)
    _remove(work, keys)
    return bool(keys)


def _life(product: Record) -> str:
    return f"{KIND}/by-product/{product.key}/{product.created}"


def _remove(work: Work, keys: list[str]) -> None:
    work.fetch(keys)
    for key in keys:
        cost = work.at(key)
        if cost is not None:
            work.remove(cost)


def _bare(record: Record) -> Record:
    return Record(record.kind, record.id, record.key, record.revision, record.created, record.updated, {}, deleted=True)
