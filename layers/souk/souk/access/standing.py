"""Which policy stands for a product and a type of access, whatever door asks."""

from __future__ import annotations

from typing import NamedTuple

from souk.access import forms, policy
from souk.access.model import DATA, Type
from souk.access.policy import Policy
from souk.ids import record_key
from souk.products.card import Card, is_restricted
from souk.store.port import Record
from souk.work import Work


class Standing(NamedTuple):
    """`form` is asked first, then `own`, the product's."""

    form: Policy | None
    own: Policy | None


def form_of(work: Work, product: Card, access_type: Type) -> Record | None:
    """The form that requests of this type fill in, as it is now; None without one."""
    form_id = product.get("forms", {}).get(access_type)
    return work.at(record_key(forms.FORM, form_id)) if form_id else None


def standing(work: Work, product: Card, own: Policy | None, access_type: Type, sent: Policy | None = None) -> Standing:
    """The policies that judge, where a door that knows only flags has turned them about since they were set.

    A form that nobody gave a policy leaves the word to the product. `sent` is the policy of the form that was sent.
    """
    found = form_of(work, product, access_type) if sent is None else None
    form: Policy | None = found.body["card"]["policy"] if found else sent
    if form is not None and own is not None and is_plain(form):
        form = None
    if access_type != DATA or "judged_open" not in product:
        return Standing(form, own)
    now_open = not is_restricted(product)
    if now_open == product["judged_open"]:
        return Standing(form, own)
    turned = policy.APPROVE["default"] if now_open else policy.DEFAULT["default"]
    return Standing(*(None if one is None else {**one, "default": turned} for one in (form, own)))


def opens(form: Policy | None, own: Policy | None) -> bool:
    """Whether these policies approve a request that no rule speaks of."""
    first = own if form is not None and own is not None and is_plain(form) else form
    for candidate in (first, own):
        if candidate is not None and candidate["default"]["type"] != "delegate":
            return bool(candidate["default"]["type"] == "approve")
    return False


def is_plain(one: Policy) -> bool:
    """Whether this is the default policy, which everybody gets who sets none."""
    return not one.get("rules") and bool(one["default"] == policy.DEFAULT["default"])
