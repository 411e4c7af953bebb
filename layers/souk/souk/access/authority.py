"""Who may ask, decide and end: one caller looked at against one product, and the approvers a policy names."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from souk.access.model import Card, Subject, user_key
from souk.errors import NotAllowed
from souk.identity import permissions
from souk.identity.membership import may_act_for, teams_of
from souk.identity.principal import GOVERNANCE, SCOPE_DECIDE, Principal
from souk.ids import record_key
from souk.products.card import Card as ProductCard
from souk.work import Work


class Actor:
    """A caller before the product they act on (None: it is gone). Teams are read when a rule asks for them."""

    def __init__(self, work: Work, principal: Principal, product: ProductCard | None) -> None:
        self.work, self.principal, self.product = work, principal, product

    @property
    def is_key(self) -> bool:
        """An organisation's key, which speaks for everybody in it."""
        return self.principal.kind == "key"

    @cached_property
    def teams(self) -> frozenset[str]:
        """Ids and names of all teams of a user."""
        return teams_of(self.principal, self.work)

    @cached_property
    def owns(self) -> bool:
        """Member of the product's owner team."""
        return self.acts_for(self.product.get("owner") if self.product else None)

    def acts_for(self, *teams: str | None) -> bool:
        """Member of one of these teams, each named by its id or, where no team has that, its name."""
        return any(may_act_for(self.principal, team, self.work) for team in teams if team)

    def manages(self, domains: Iterable[str]) -> bool:
        """Manager of one of these domains, named by id or by name."""
        return permissions.manages(self.principal, domains, self.work)

    @property
    def leads(self) -> bool:
        """On the product's side: governance, a manager of its domain, or its owner. Keys are asked elsewhere."""
        governs = GOVERNANCE in self.principal.permissions
        return governs or self.manages(domains_of(self.product)) or self.owns


def actor(work: Work, principal: Principal, product_id: str) -> Actor:
    """The caller before this product. Reads nothing for a key."""
    product = work.find("product", product_id) if principal.kind == "user" else None
    return Actor(work, principal, product.body["card"] if product else None)


def keys_of(principal: Principal, product: ProductCard) -> list[str]:
    """What `leads` is likely to read of the product's side: its owner team, unless the token names it."""
    owner = product.get("owner")
    asks = principal.kind == "user" and owner and owner not in principal.teams
    return [record_key("team", owner)] if asks and owner else []


def domains_of(product: ProductCard | None) -> frozenset[str]:
    """Every domain the product belongs to."""
    if product is None:
        return frozenset()
    named = {product.get("domain", ""), *product.get("domains", [])}
    return frozenset(named - {""})


def matches(approver: Mapping[str, Any], who: Actor) -> bool:
    """Whether a user is the approver that a policy names. Kinds that nobody can be match nobody."""
    kind = approver["type"]
    if kind == "user":
        return approver.get("id") in {who.principal.id, who.principal.email or None}
    if kind == "group":
        return who.acts_for(approver.get("name"))
    if kind == "permission":
        return approver.get("permission") in who.principal.permissions
    if kind == "domain_permission":
        return _manages(approver, who)
    if kind == "attribute":
        return (approver.get("key"), approver.get("value")) in who.principal.attributes
    return kind == "owner" and who.owns


def _manages(approver: Mapping[str, Any], who: Actor) -> bool:
    if approver.get("permission") != "manage_data_products":
        return False
    domain = approver.get("domain")
    return who.manages([domain] if domain else domains_of(who.product))


def gains(subject: Subject, who: Actor) -> bool:
    """Whether the caller is whom the access is for, or a member of the team it is for."""
    if subject.get("user") == user_key(who.principal.label):
        return True
    return who.acts_for(subject.get("team"), subject.get("group"))


def asked(card: Card, who: Actor) -> bool:
    """Whether the caller made the request or gains from it."""
    return card["requester"] == who.principal.label or gains(card["subject"], who)


def demand_asker(work: Work, subject: Subject, who: Actor) -> None:
    """Whoever gains, or leads the product, or speaks for a consumer product, may ask. Raises NotAllowed."""
    if who.is_key or who.leads or gains(subject, who) or _speaks_for_consumer(work, subject, who):
        return
    raise NotAllowed("only the consumer, its team, or the provider's side may ask for this access")


def demand_party(work: Work, card: Card, who: Actor) -> None:
    """Either side of an access may change or withdraw it. Raises NotAllowed."""
    if not asked(card, who):
        demand_asker(work, card["subject"], who)


def demand_lead(who: Actor, card: Card) -> None:
    """Only the product's side decides, moves dates and revokes; guard (b) for keys. Raises NotAllowed."""
    if who.is_key:
        demand_scope(who, card)
    elif not who.leads:
        raise NotAllowed("only the provider's owner team, a manager of its domain, or governance may do this")


def demand_scope(who: Actor, card: Card) -> None:
    """A key decides under a policy that somebody set only with the scope `decide`. Raises NotAllowed."""
    if overrides(card) and not who.principal.has_scope(SCOPE_DECIDE):
        raise NotAllowed("this request is under a review policy: the key needs the scope 'decide'")


def overrides(card: Card) -> bool:
    """Whether a key's decision on this access overrides a review policy that somebody set."""
    review = card.get("review")
    return review is not None and review["set"]


def demand_distance(card: Card, who: Actor) -> None:
    """Separation of duties, where it is switched on: users do not decide for themselves. Raises NotAllowed."""
    if duties_are_separate() and not who.is_key and asked(card, who):
        raise NotAllowed("separation of duties: nobody decides a request that they made or gain from")


def duties_are_separate() -> bool:
    """The switch `SOUK_SEPARATION_OF_DUTIES`; off unless it says `true`."""
    return os.environ.get("SOUK_SEPARATION_OF_DUTIES", "").lower() == "true"


def _speaks_for_consumer(work: Work, subject: Subject, who: Actor) -> bool:
    consumer = work.find("product", subject["product"]) if "product" in subject else None
    return consumer is not None and who.acts_for(consumer.body["card"].get("owner"))
