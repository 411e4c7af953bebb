"""Documents as clients of every door may send them: common and odd ones, and writes that a door may refuse."""

from __future__ import annotations

from typing import Any, NamedTuple

from hypothesis import strategies as st

from souk.setup.catalogue import CATALOGUE
from souk.setup.methods import DOWNLOAD, OPEN_URL
from tests.lenses.doors import DOMAIN, ELSEWHERE, FILES, NAMED, SOURCES, TEAMS

Doc = dict[str, Any]


class Write(NamedTuple):
    """One write through one door. `publish`: as a further version, where a door has versions."""

    door: str
    body: Doc
    publish: bool = False


letters = st.characters(codec="utf-8", exclude_characters="\0")
texts = st.text(letters, max_size=12)
filled = texts.filter(str.strip)
plain = st.text('abc XYZ019_.,:$&()-^"äß', min_size=1, max_size=12).filter(str.strip)
names = st.text("abc XYZ019)(-_/\\", min_size=1, max_size=12).filter(str.strip)
words = st.sampled_from(["a", "b", "ü", "long word", "$id", "x.y"])
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(words, inner, max_size=2),
    max_leaves=4,
)
extras = st.dictionaries(words, values, max_size=2)
tags = st.lists(st.sampled_from(["beans", "pii", "kaffe"]), max_size=3)
versions = st.builds("{}.{}.{}".format, *[st.integers(0, 12)] * 3)


def optional(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Doc]:
    return st.fixed_dictionaries({}, optional=fields)


def merged(*parts: st.SearchStrategy[Doc]) -> st.SearchStrategy[Doc]:
    return st.tuples(*parts).map(lambda found: {name: value for part in found for name, value in part.items()})


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


# -- whole documents under ids that clients choose ------------------------------------------------------------------

servers = st.one_of(
    st.fixed_dictionaries({"project": words, "dataset": words, "table": words}, optional={"account": words}),
    st.fixed_dictionaries({"project": words, "bucket": words}),
    st.fixed_dictionaries({"project": words, "location": words}),
    st.fixed_dictionaries({"host": words, "schema": words, "table": values}),
    extras,
)
ports = merged(
    extras,
    st.fixed_dictionaries({"id": st.sampled_from(["out", "batches", "a/b", "ü", *SOURCES]), "name": filled}),
    optional(
        description=maybe(texts),
        type=maybe(st.sampled_from(["bigquery", "BigQuery", "bucket", "gcs", "s3", "kafka", ""])),
        status=maybe(texts),
        server=maybe(servers),
        containsPii=maybe(st.booleans()),
        autoApprove=maybe(st.booleans()),
        dataContractId=maybe(st.sampled_from(["stock", " ", ""])),
        assets=maybe(st.lists(st.sampled_from(["beans", "none"]) | st.fixed_dictionaries({"id": words}), max_size=2)),
        tags=maybe(tags),
        custom=maybe(extras),
    ),
)
infos = merged(
    extras,
    st.fixed_dictionaries({"title": filled, "owner": st.sampled_from(TEAMS)}),
    optional(
        description=maybe(texts),
        domain=maybe(st.sampled_from([DOMAIN, ELSEWHERE, NAMED, "no such domain", ""])),
        status=maybe(st.sampled_from(["active", "retired", "proposed", "suspended", "", "Ønsket"])),
        version=maybe(versions),
        archetype=maybe(texts),
    ),
)
nndm = merged(
    extras,
    st.fixed_dictionaries({"info": infos}),
    optional(
        dataProductSpecification=maybe(st.just("0.0.1")),
        inputPorts=maybe(
            st.lists(st.fixed_dictionaries({"id": words, "name": words, "sourceSystemId": words}), max_size=1)
        ),
        outputPorts=maybe(st.lists(ports, max_size=3, unique_by=lambda port: port["id"])),
        tags=maybe(tags),
        links=maybe(st.dictionaries(words, texts, max_size=1)),
        custom=maybe(extras),
        assets=maybe(st.lists(words, max_size=1)),
    ),
)

# -- governed products ---------------------------------------------------------------------------------------------

event = st.sampled_from(
    [
        {"type": "approve", "params": {}},
        {"type": "approve", "params": {"duration": 3, "durationUnit": "DAYS", "comment": "fine"}},
        {"type": "deny", "params": {}},
        {"type": "review", "params": {"stages": [{"any": [{"type": "PERMISSION", "permission": "GOVERNANCE"}]}]}},
    ]
)
policies = maybe(st.builds(lambda default: {"rules": [], "defaultEvent": default}, event))
experts = maybe(
    st.fixed_dictionaries(
        {"subjectMatterExpert": st.fixed_dictionaries({"id": st.just(DOMAIN)}, optional={"name": texts})}
    )
)
governed_fields = {
    "name": names,
    "description": maybe(texts),
    "metadata": experts,
    "domains": st.lists(st.sampled_from([DOMAIN, ELSEWHERE, NAMED]), min_size=1, max_size=3),
    "dataSources": st.lists(st.sampled_from(list(SOURCES)).map(lambda name: {"sourceId": name}), max_size=3),
}
governed_options = {"dataAccessPolicy": policies, "maskingExceptionPolicy": policies}
_sources = {"dataSources": governed_fields.pop("dataSources")}
governed_changes = st.one_of(
    optional(**governed_fields, **governed_options, suspended=st.booleans()), st.fixed_dictionaries(_sources)
)


def _in_its_domains(body: Doc) -> Doc:
    """A new product is made with sources that it may have; a change may ask for others, and be refused."""
    fitting = [one for one in body["dataSources"] if SOURCES[one["sourceId"]] in body["domains"]]
    return {**body, "dataSources": fitting}


governed = merged(st.fixed_dictionaries(governed_fields | _sources), optional(**governed_options)).map(_in_its_domains)

# -- self-service products -----------------------------------------------------------------------------------------

datastores = st.one_of(
    st.fixed_dictionaries(
        {"type": st.just("bucket"), "project_id": words, "bucket_id": words}, optional={"extra": texts}
    ),
    st.fixed_dictionaries(
        {"type": st.just("bigquery"), "project_id": words, "dataset_id": words, "resource_id": words},
        optional={"extra": texts},
    ),
)
stores = maybe(st.lists(datastores, max_size=1))
teams = st.sampled_from([*TEAMS, "a team that nobody registered"])
granted = merged(
    st.fixed_dictionaries({"name": filled, "description": filled, "team": teams}), optional(datastore=stores)
)
granted_changes = optional(name=texts, description=texts, team=maybe(teams | st.just("")), datastore=stores)

# -- releases ------------------------------------------------------------------------------------------------------

container = {"id": CATALOGUE, "type": "catalog"}
ASSETS = (*FILES, next(name for name in SOURCES if len(name) == 36))
parts = merged(
    st.fixed_dictionaries(
        {
            "asset": merged(
                st.sampled_from([{"id": one, "container": container} for one in ASSETS]),
                optional(name=plain, type=st.just("data_asset")),
            )
        }
    ),
    optional(
        delivery_methods=st.lists(
            st.sampled_from([{"id": DOWNLOAD, "container": container}, {"id": OPEN_URL}]),
            max_size=2,
            unique_by=lambda m: m["id"],
        ),
        revision=st.integers(0, 3),
    ),
)
domains = st.sampled_from(
    [
        {"id": DOMAIN, "name": "Roastery", "container": container},
        {"id": ELSEWHERE},
        {"id": ASSETS[0], "name": "Unknown"},
    ]
)
release_fields = {
    "description": plain,
    "tags": tags,
    "types": st.lists(st.sampled_from(["data", "code"]), max_size=2),
    "use_cases": st.lists(st.fixed_dictionaries({"id": words}, optional={"name": texts}), max_size=2),
    "parts_out": st.lists(parts, max_size=3, unique_by=lambda part: part["asset"]["id"]),
    "is_restricted": st.booleans(),
    "comments": filled,
}
released = merged(
    st.fixed_dictionaries({"name": plain, "domain": domains, "asset": st.just({"container": {"id": CATALOGUE}})}),
    optional(**release_fields),
)
released_changes = optional(name=plain, domain=domains, **release_fields)

makes = st.one_of(
    st.builds(Write, st.just("nndm"), nndm),
    st.builds(Write, st.just("immuta"), governed),
    st.builds(Write, st.just("nav"), granted),
    st.builds(Write, st.just("dpx"), released),
)
changes = st.one_of(
    st.builds(Write, st.just("nndm"), nndm),
    st.builds(Write, st.just("immuta"), governed_changes),
    st.builds(Write, st.just("nav"), granted_changes),
    st.builds(Write, st.just("dpx"), released_changes, st.booleans()),
)
