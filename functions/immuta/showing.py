"""Answers put together: what each record needs beside itself, read once for a whole answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from immuta.lens.policy import form_out
from immuta.lens.product import Seen, product_out, standing_out
from immuta.lens.request import Wire, approval_out, determination_out, people_of, product_shown, request_out
from souk.access import approvals, forms, judging
from souk.access.approvals import Approval
from souk.access.forms import FormCard
from souk.access.governed import domains_of
from souk.access.model import Card as AccessCard
from souk.access.model import short
from souk.access.relations import Relation, counts, relation
from souk.edge.call import Call
from souk.identity.people import People
from souk.ids import is_uuid, record_key
from souk.organisation.domains import find_domain
from souk.products.card import Card
from souk.products.sources import source_id, sources_of
from souk.store.port import Record
from souk.work import Work


class Showing:
    """One answer in the making."""

    def __init__(self, call: Call) -> None:
        self.work: Work = call.work
        self.people = People(call.work, call.principal)
        self._caller = call.principal
        self._domains: dict[str, str] = {}

    def new_product(self, record: Record) -> Wire:
        """A product that was just made: nobody has asked for it."""
        return self.product_with(record, None, {})

    def product(self, record: Record) -> Wire:
        """The product as the caller sees it."""
        found = relation(self.work, record.id, self._caller.label) if self._caller.kind == "user" else None
        return self.product_with(record, found)

    def products(self, records: Sequence[Record], relations: dict[str, Relation]) -> list[Wire]:
        """Several products, with the caller's relations to all."""
        keys = [judging.policy_key(record.id) for record in records]
        sources = [source_id(port) for record in records for port in record.body["card"]["ports"]]
        self.work.fetch([*keys, *(record_key("asset", source) for source in sources)])
        self.people.prepare(record.body["card"].get("created_by", "") for record in records)
        return [self.product_with(record, relations.get(short(record.id))) for record in records]

    def product_with(self, record: Record, found: Relation | None, counted: dict[str, int] | None = None) -> Wire:
        """The product, with the caller's relation to it, and how many requests are in each state."""
        card: Card = record.body["card"]
        sources = [record_key("asset", source_id(port)) for port in card["ports"]]
        self.work.fetch([judging.policy_key(record.id), *sources])
        policies = self.work.at(judging.policy_key(record.id))
        author = card.get("created_by", "")
        seen = Seen(
            created_by=self.people.called(author).id,
            is_publisher=self._caller.kind == "user" and author in {self._caller.id, self._caller.email} - {""},
            domains=[self._domain(text) for text in domains_of(card)],
            relation=found,
            counts=counts(self.work, record.id) if counted is None else counted,
            technologies=sorted({source.technology for source in sources_of(self.work, card)}),
            policies=policies.body["card"] if policies else {},
        )
        return product_out(record, seen)

    def standing(self, record: Record) -> Wire:
        """The fields of a product that may come back as they are shown."""
        found = self.work.at(judging.policy_key(record.id))
        domains = [self._domain(text) for text in domains_of(record.body["card"])]
        return standing_out(record, domains, found.body["card"] if found else {})

    def request(self, record: Record) -> Wire:
        """One request."""
        return self.requests([record])[0]

    def requests(self, records: Sequence[Record]) -> list[Wire]:
        """Requests with their people and products."""
        cards: list[AccessCard] = [record.body["card"] for record in records]
        people = self.people.keys(label for record in records for label in people_of(record))
        self.work.fetch([*(record_key("product", card["object"]["product"]) for card in cards), *people])
        return [request_out(one, self._product_of(one), self.people.called, self.work.now) for one in records]

    def title(self, record: Record) -> str:
        """The name of the product that a request shows."""
        return str(product_shown(record, self._product_of(record))["name"])

    def approval(self, approval: Approval) -> Wire:
        """One approval record."""
        record = self.work.at(approval.key)
        assert record is not None
        return approval_out(approval, record, self.people.called)

    def approvals_of(self, access: Record) -> list[Wire]:
        """Every approval record of a request, by stages."""
        return [self.approval(one) for one in review_of(self.work, access)]

    def determinations(self, records: Sequence[Record]) -> list[Wire]:
        """Manual determinations, each with the approval that caused it."""
        people = self.people.keys(label for record in records for label in people_of(record))
        reviews = [key for record in records for key in record.body["card"]["review"]["approvals"]]
        self.work.fetch([*reviews, *people])
        shown = []
        for record in records:
            review = review_of(self.work, record)
            cause = max(review, key=lambda one: one.card["action"]["at"] if "action" in one.card else "")
            cause_record = self.work.at(cause.key)
            assert cause_record is not None
            shown.append(determination_out(record, cause, cause_record, self.people.called))
        return shown

    def forms(self, cards: Sequence[FormCard]) -> list[Wire]:
        """Several forms or versions, with what they show read in one round trip."""
        people = self.people.keys(label for card in cards for label in (card["created_by"], card["updated_by"]))
        self.work.fetch([*(key for card in cards for key in _shown_with(card)), *people])
        return [self._form(card) for card in cards]

    def form(self, card: FormCard) -> Wire:
        """A form, or one of its versions, with the agreements that it shows."""
        return self.forms([card])[0]

    def _form(self, card: FormCard) -> Wire:
        form, version = self.work.find(forms.FORM, card["form"]), self.work.find(forms.VERSION, card["version"])
        made = (form or version).created if form or version else _LONG_AGO  # type: ignore[union-attr]
        terms = [(term, found.body["card"]) for term in card["terms"] if (found := self.work.find(forms.TERMS, term))]
        return form_out(card, made, version.created if version else made, terms, self.people.called)

    def _product_of(self, access: Record) -> Record | None:
        return self.work.find("product", access.body["card"]["object"]["product"])

    def _domain(self, text: str) -> str:
        """The id of a domain that another door may have named by its name."""
        if not is_uuid(text) and text not in self._domains:
            found = find_domain(self.work, text) if text else None
            self._domains[text] = found.id if found else text
        return self._domains.get(text, text)


def _shown_with(card: FormCard) -> list[str]:
    """Keys of the records that speak of a form: itself, its version, its agreements."""
    terms = [record_key(forms.TERMS, term) for term in card["terms"]]
    return [record_key(forms.FORM, card["form"]), record_key(forms.VERSION, card["version"]), *terms]


_LONG_AGO = "2026-01-01T00:00:00.000000Z"
"""When the stand-in form was made."""


def review_of(work: Work, access: Record) -> list[Approval]:
    """The approvals of a request; none where a rule decided."""
    review: dict[str, Any] = access.body["card"].get("review") or {}
    return approvals.read(work, review.get("approvals", []))
