"""How a new request is judged: by the policy of its form, of its product, of its port, or by the plain default."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple
from uuid import uuid4

from souk.access import authority, policy
from souk.access.authority import Actor
from souk.access.model import DATA, Object, Subject, Type, subject_keys
from souk.access.policy import Facts, Outcome, Policy
from souk.access.standing import standing
from souk.errors import Invalid
from souk.ids import record_key
from souk.products.card import Card as ProductCard
from souk.products.card import is_restricted
from souk.work import Work

POLICY = "policy"
"""Kind of the record that holds a product's policies; its exact id is the product's."""
_TYPES = ("data", "masking_exception")


class Judgement(NamedTuple):
    """What the first policy with an opinion says. `set`: somebody set it, it is not a door's plain default."""

    event: Policy
    rule: str
    version: str | None
    set: bool


def policy_key(product: str) -> str:
    """The key of a product's policies, to be read together with the product."""
    return record_key(POLICY, product)


def policy_of(work: Work, product: str, access_type: Type) -> Policy | None:
    """The policy that somebody set for this product and type of access, or None."""
    record = work.at(policy_key(product))
    found: Policy | None = record.body["card"].get(access_type) if record else None
    return found


def set_policies(work: Work, product: str, **policies: Policy | None) -> None:
    """Set (or with None unset) a product's policies by type: data, masking_exception. Raises Invalid.

    Requests that were made before keep the policy they were made under.
    """
    problems = [f"{kind}: no such type of access" for kind in policies if kind not in _TYPES]
    problems += [problem for value in policies.values() if value is not None for problem in policy.check(value)]
    if problems:
        raise Invalid("the policy is not valid", problems)
    record = work.at(policy_key(product))
    card: dict[str, Any] = dict(record.body["card"]) if record else {}
    for kind, value in policies.items():
        card[kind] = None if value is None else {**value, "version": str(uuid4())}
    work.save(POLICY, product, {"card": {kind: value for kind, value in card.items() if value}}, listed=False)


def judge(
    work: Work, product: ProductCard, wanted: Object, subject: Subject, facts: Facts, form_policy: Policy | None = None
) -> Judgement:
    """The first opinion: the form's policy, the product's, its port's automatic approval, one team on both sides."""
    access_type: Type = facts["type"]
    stands = standing(work, product, policy_of(work, wanted["product"], access_type), access_type, form_policy)
    for candidate in stands:
        if candidate is not None:
            outcome = policy.evaluate(candidate, facts)
            if outcome.event["type"] != "delegate":
                return _judgement(outcome, is_set=True)
    if access_type == DATA and approves_by_itself(product, wanted):
        return _judgement(policy.evaluate(policy.APPROVE, facts)._replace(rule="automatic approval"), is_set=False)
    if access_type == DATA and product.get("owner") and product.get("owner") == subject.get("team"):
        return _judgement(policy.evaluate(policy.APPROVE, facts)._replace(rule="consumer owns it"), is_set=False)
    return _judgement(policy.evaluate(policy.DEFAULT, facts), is_set=stands.form is not None)


def approves_by_itself(product: ProductCard, wanted: Object) -> bool:
    """The port, or every port of a product asked for as a whole, approves without a person."""
    if "port" not in wanted:
        return not is_restricted(product)
    return any(port["id"] == wanted["port"] and port.get("auto_approve", False) for port in product["ports"])


def facts_of(
    access_type: Type, product: ProductCard, wanted: Object, subject: Subject, who: Actor, answers: Any = None
) -> Facts:
    """What conditions may speak of. Names are stable: policies are stored."""
    return {
        "type": access_type,
        "product": {
            "id": wanted["product"],
            "title": product["title"],
            "owner": product.get("owner"),
            "tags": product.get("tags", []),
            "domains": sorted(authority.domains_of(product)),
        },
        "port": wanted.get("port"),
        "columns": wanted.get("columns", []),
        "subject": {**subject, "key": subject_keys(subject)[0]},
        "requester": _Requester(who),
        "answers": answers,
    }


class _Requester(Mapping[str, Any]):
    """What conditions may ask of who asks. Teams are read when one does."""

    _FACTS: Mapping[str, Callable[[Actor], Any]] = {
        "label": lambda who: who.principal.label,
        "kind": lambda who: who.principal.kind,
        "groups": lambda who: sorted(who.teams),
        "permissions": lambda who: sorted(who.principal.permissions),
        "attributes": lambda who: _by_name(who.principal.attributes),
    }

    def __init__(self, who: Actor) -> None:
        self._who = who

    def __getitem__(self, name: str) -> Any:
        return self._FACTS[name](self._who)

    def __iter__(self) -> Iterator[str]:
        return iter(self._FACTS)

    def __len__(self) -> int:
        return len(self._FACTS)


def _by_name(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in sorted(pairs):
        found.setdefault(name, []).append(value)
    return found


def _judgement(outcome: Outcome, *, is_set: bool) -> Judgement:
    return Judgement(outcome.event, outcome.rule, outcome.version, is_set)
