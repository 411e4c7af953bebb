"""Documents that pipelines send, and what of them the model looks at."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from hypothesis import strategies as st

from souk.ids import record_key
from tests.doors.callers import Doc
from tests.lenses.doors import DOMAIN, ELSEWHERE, TEAMS
from tests.models.accesses import SHOWN, Access

PRODUCTS = ("beans", "urn:dp:roasts ü", "2d4b6f80-91a3-4c5e-8b7d-0f1e2d3c4b5a")
CONTRACTS = ("terms", "urn:dc:1")
AGREEMENTS = ("a1", "urn:agreement:ü", "5b0c8a52-64f0-4b8e-9a37-c2e5b0f41dff")
PEOPLE = ("Other@nav.no", "owner@nav.no", "a free text")

ports = st.fixed_dictionaries(
    {"id": st.sampled_from(["out", "stream", "third"]), "name": st.sampled_from(["Out", "Stream"])},
    optional={
        "autoApprove": st.booleans(),
        "dataContractId": st.sampled_from(CONTRACTS),
        "custom": st.just({"role": "reader"}),
        "type": st.just("bigquery"),
    },
)
infos = st.fixed_dictionaries(
    {"title": st.sampled_from(["Beans", "Roasts"]), "owner": st.sampled_from([*TEAMS, "nobody"])},
    optional={
        "description": st.sampled_from(["d", "é\n"]),
        "domain": st.sampled_from([DOMAIN, ELSEWHERE]),
        "status": st.sampled_from(["active", "retired"]),
        "archetype": st.just("raw"),
    },
)
_whole: dict[str, st.SearchStrategy[Any]] = {
    "info": infos,
    "outputPorts": st.lists(ports, max_size=3, unique_by=lambda port: port["id"]),
}
documents = st.fixed_dictionaries(
    _whole,
    optional={"tags": st.just(["beans"]), "links": st.just({"wiki": "https://example.com"})},
)
consumers = st.one_of(
    st.fixed_dictionaries({"userId": st.sampled_from(PEOPLE)}, optional={"teamId": st.sampled_from(TEAMS)}),
    st.fixed_dictionaries({"teamId": st.sampled_from([*TEAMS, "nobody"])}),
    st.fixed_dictionaries({"dataProductId": st.sampled_from(PRODUCTS)}),
)
dates = st.fixed_dictionaries({}, optional={"startDate": st.integers(-3, 6), "endDate": st.integers(0, 12)})


def nav_id(exact: str) -> str:
    """The id in the door of grants: exact where it is fit for a URL."""
    return record_key("product", exact) if "ü" in exact else exact


def ports_of(document: Doc) -> dict[str, Any]:
    return {port["id"]: port for port in document.get("outputPorts", [])}


def named_by(agreement: Doc) -> set[str]:
    """The products that an agreement names."""
    return {agreement["provider"]["dataProductId"], agreement["consumer"].get("dataProductId", "")}


def aim_of(agreement: Doc) -> tuple[str, str, dict[str, str]]:
    provider = agreement["provider"]
    return provider["dataProductId"], provider["outputPortId"], agreement["consumer"]


def pick_some(document: Doc, *names: str) -> Doc:
    """The fields that are there."""
    return {name: document[name] for name in names if name in document}


def agreement_shown(sent: Doc, access: Access, now: datetime) -> Doc:
    """The document as it was sent, with what the server manages."""
    first, last = access.days
    info = {name: value for name, value in sent["info"].items() if name not in {"startDate", "endDate"}}
    info |= {name: day.isoformat() for name, day in (("startDate", first), ("endDate", last)) if day is not None}
    info |= {"id": access.id, "status": SHOWN[access.status][0], "active": access.active(now)}
    return {"dataUsageAgreementSpecification": "0.0.1", **sent, "id": access.id, "info": info}
