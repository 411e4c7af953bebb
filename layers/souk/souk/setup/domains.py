"""A taxonomy of business domains for companies of many kinds, of our own making."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID, uuid5

from souk.ids import record_key
from souk.organisation.domains import KIND, DomainCard, put_domain
from souk.work import Work

Step = Callable[[Work], None]

_SPACE = UUID("b7a1f0de-3c52-4e8b-a6d9-0f4c8e21d573")

TAXONOMY: dict[str, dict[str, list[str]]] = {
    "Customers": {
        "Customer service": ["Answer questions faster", "Learn from complaints"],
        "Loyalty": ["Predict who leaves", "Reward regulars"],
        "Customer master data": ["One view of a customer"],
    },
    "Sales and marketing": {
        "Campaigns": ["Measure what a campaign brings", "Choose whom to address"],
        "Pricing": ["Set prices by demand"],
        "Sales planning": ["Forecast sales", "Plan territories"],
    },
    "Products and services": {
        "Research and development": ["Find ideas in feedback", "Share experiment results"],
        "Quality": ["Trace defects to their cause", "Predict warranty claims"],
    },
    "Supply chain": {
        "Procurement": ["Compare suppliers", "Track contracts"],
        "Logistics": ["Plan routes", "Predict arrivals"],
        "Inventory": ["Forecast stock", "Reduce waste"],
    },
    "Production": {
        "Manufacturing": ["Watch equipment effectiveness", "Balance lines"],
        "Maintenance": ["Predict failures", "Plan spare parts"],
        "Energy": ["Watch consumption", "Shift loads"],
    },
    "Finance": {
        "Accounting": ["Close the books faster", "Reconcile accounts"],
        "Controlling": ["Explain deviations from the plan"],
        "Risk and compliance": ["Detect fraud", "Report to regulators"],
    },
    "People": {
        "Recruiting": ["Shorten time to hire"],
        "Workforce planning": ["Plan shifts", "Forecast needs"],
        "Learning": ["Match courses to skills"],
    },
    "Technology": {
        "Operations": ["Find the cause of incidents", "Plan capacity"],
        "Security": ["Detect intrusions", "Review access"],
        "Data management": ["Watch data quality", "Follow data lineage"],
    },
    "Sustainability": {
        "Emissions": ["Report emissions", "Find savings"],
        "Social responsibility": ["Report on suppliers' conditions"],
    },
}


def domain_id(*names: str) -> str:
    """The id of a domain of the taxonomy, by the names from the top. It never changes."""
    return str(uuid5(_SPACE, "\0".join(names)))


def domain_steps() -> list[Step]:
    """One commit for every domain with its sub-domains and their use cases; repeats renew them and double nothing."""
    return [partial(_install, name) for name in TAXONOMY]


def _install(name: str, work: Work) -> None:
    below = TAXONOMY[name]
    work.fetch(record_key(KIND, domain_id(*path)) for path in [(name,), *((name, sub) for sub in below)])
    put_domain(work, domain_id(name), {"name": name, "description": f"Everything about {name.lower()}"})
    for sub_name, use_cases in below.items():
        _put_sub_domain(work, name, sub_name, use_cases)


def _put_sub_domain(work: Work, name: str, sub_name: str, use_cases: list[str]) -> None:
    listed = [{"id": domain_id(name, sub_name, use_case), "name": use_case} for use_case in use_cases]
    card: Any = {"name": sub_name, "parent": domain_id(name), "use_cases": listed}
    typed: DomainCard = card
    put_domain(work, domain_id(name, sub_name), typed)
