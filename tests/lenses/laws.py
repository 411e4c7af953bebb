"""The laws between a record and its views: what a write gives back, what writing back changes, who sees what.

Each holds for any product, however it came to be. `shown` is a snapshot of all doors (`catalogue.Catalogue`).
"""

from __future__ import annotations

from typing import Any

from souk.ids import as_uuid
from souk.organisation.domains import UNASSIGNED
from souk.organisation.teams import UNASSIGNED as NO_TEAM
from tests.doors.callers import Doc
from tests.lenses.catalogue import Catalogue, Snapshot, distinct
from tests.lenses.documents import Write

_STORES = {"bucket": ("bucket", "gcs"), "bigquery": ("bigquery",)}


def hold(catalogue: Catalogue, first: Write, then: list[Write], shape: str) -> None:
    """Make a product, change it again and again, and hold it against every law."""
    first, *changes = (distinct(write) for write in (first, *then))
    exact = catalogue.make(first, shape)
    assert exact is not None
    shown = catalogue.snapshot(exact)
    sees(exact, shown)
    gives_back(first, shown)
    for write in changes:
        before = shown
        answer = catalogue.change(exact, write)
        shown = catalogue.snapshot(exact)
        sees(exact, shown)
        took_effect(write, before, shown, done=answer is not None and answer.status in {200, 204})
    changes_nothing(catalogue, exact, shown)


# -- See -------------------------------------------------------------------------------------------------------------


def sees(exact: str, shown: Snapshot) -> None:
    """Every door shows the same product, by the table of fields."""
    info, immuta, nav = shown["nndm"]["info"], shown["immuta"], shown["nav"]["data_product"]
    ports = shown["nndm"].get("outputPorts") or []
    assert shown["nndm"]["id"] == exact
    assert immuta["id"] == shown["dpx"]["id"] == as_uuid("product", exact)
    assert info["title"] == immuta["name"] == nav["name"] == shown["dpx"]["name"]
    description = info.get("description") or None
    assert description == (immuta["description"] or None) == nav.get("description")
    owner = None if info["owner"] == NO_TEAM else info["owner"]
    assert owner == nav.get("team")
    assert immuta["domains"][0] == domain_in_immuta(info.get("domain"))
    retired = info.get("status") == "retired"
    assert immuta["suspended"] or not retired
    sources_seen([port["name"] for port in ports], shown["sources"])
    places = ("type", "project_id", "bucket_id", "dataset_id", "resource_id")
    held = [{name: store[name] for name in places if name in store} for store in nav.get("datastore", [])]
    assert held == store_of(ports)
    newest = newest_of(shown)
    assert newest["state"] == ("retired" if retired else "available")
    release_seen(info, shown["nndm"], newest)


def newest_of(shown: Snapshot) -> Doc:
    """The release that stands for the card: the last that was published. Older ones are snapshots."""
    found: Doc = max(shown["releases"], key=lambda release: release["published_at"])
    latest = shown["dpx"].get("latest_release")
    assert found["state"] == "retired" or latest == found
    return found


def release_seen(info: Doc, document: Doc, release: Doc) -> None:
    """The release that stands for the card says what the card says."""
    ports = document.get("outputPorts") or []
    assert release["name"] == info["title"]
    assert release["description"] == (info.get("description") or "")
    assert release["tags"] == (document.get("tags") or [])
    assert [part["asset"].get("name", part["asset"]["id"]) for part in release["parts_out"]] == [
        p["name"] for p in ports
    ]
    assert release["domain"]["id"] == domain_in_dpx(info.get("domain"))
    assert all([release["is_restricted"] is not all(port.get("autoApprove") for port in ports)] if ports else [])


def domain_in_immuta(domain: str | None) -> str:
    return domain if domain and domain.strip() else UNASSIGNED


def domain_in_dpx(domain: str | None) -> str:
    return as_uuid("domain", domain) if domain and domain.strip() else UNASSIGNED


def sources_seen(names: list[str], sources: list[Doc]) -> None:
    """Every port is a source; two ports of one asset are one."""
    shown = [source["name"] for source in sources]
    assert set(shown) <= set(names)
    assert len(shown) <= len(names)
    assert bool(shown) is bool(names)


def store_of(ports: list[Doc]) -> list[Doc]:
    """The datastore that the first fitting port is (ruling 5), without what only the other door knows."""
    for port in ports:
        server, kind = port.get("server") or {}, str(port.get("type") or "").lower()
        text = {name: value for name, value in server.items() if isinstance(value, str)}
        if kind == "bigquery" and {"project", "dataset"} <= text.keys() and text.keys() & {"table", "view"}:
            resource = text.get("table", text.get("view"))
            return [
                {"type": kind, "project_id": text["project"], "dataset_id": text["dataset"], "resource_id": resource}
            ]
        if kind in _STORES["bucket"] and "project" in text and text.keys() & {"bucket", "location"}:
            return [
                {"type": "bucket", "project_id": text["project"], "bucket_id": text.get("bucket", text.get("location"))}
            ]
    return []


# -- PutGet ----------------------------------------------------------------------------------------------------------


def gives_back(write: Write, shown: Snapshot) -> None:
    """What went in through a door comes back through it."""
    {"nndm": _nndm_back, "immuta": _immuta_back, "nav": _nav_back, "dpx": _dpx_back}[write.door](write.body, shown)


def _nndm_back(sent: Doc, shown: Snapshot) -> None:
    document = shown["nndm"]
    info = document["info"] | (
        {"status": sent["info"].get("status")} if document["info"].get("status") == "suspended" else {}
    )
    assert {**without_nulls(document | {"info": info}), "id": ""} == {**without_nulls(sent), "id": ""}


def _immuta_back(sent: Doc, shown: Snapshot) -> None:
    document = shown["immuta"]
    for name in sent.keys() & {"name", "description", "metadata"}:
        assert document[name] == (sent[name].strip() if name == "name" else sent[name])
    if "domains" in sent:
        assert document["domains"] == list(dict.fromkeys(sent["domains"]))
    if "dataSources" in sent:
        wanted = dict.fromkeys(source["sourceId"] for source in sent["dataSources"])
        assert sorted(source["sourceId"] for source in shown["sources"]) == sorted(wanted)
    for name in sent.keys() & {"dataAccessPolicy", "maskingExceptionPolicy"}:
        held = document.get(name)
        assert (held and {key: held[key] for key in ("rules", "defaultEvent")}) == sent[name]


def _nav_back(sent: Doc, shown: Snapshot) -> None:
    inner = shown["nav"]["data_product"]
    for name in ("name", "description", "team"):
        assert inner.get(name) == (sent[name] if (sent.get(name) or "").strip() else inner.get(name))
    assert inner.get("datastore") == (sent.get("datastore") or inner.get("datastore"))


def _dpx_back(sent: Doc, shown: Snapshot) -> None:
    release = newest_of(shown)
    for name in sent.keys() & {"name", "description", "tags", "types", "use_cases", "is_restricted", "comments"}:
        assert release[name] == sent[name]
    assert release["domain"]["id"] == (sent["domain"]["id"] if "domain" in sent else release["domain"]["id"])
    parts = sent.get("parts_out", [])
    for held, wanted in zip(release["parts_out"] if parts else [], parts, strict=True):
        assert held["asset"]["id"] == wanted["asset"]["id"]
        assert held["asset"].get("name") == wanted["asset"].get("name", held["asset"].get("name"))
        assert [m["id"] for m in held["delivery_methods"]] == [m["id"] for m in wanted.get("delivery_methods", [])]
        assert held.get("revision") == wanted.get("revision")


def same(before: Any, after: Any) -> None:
    """Fails with every place where two JSON values differ."""
    found = differences(before, after)
    assert not found, "\n".join(found)


def differences(before: Any, after: Any, at: str = "") -> list[str]:
    """Where two JSON values differ: paths with what stood and what stands there."""
    if isinstance(before, dict) and isinstance(after, dict):
        names = [*before, *(name for name in after if name not in before)]
        return [d for name in names for d in differences(before.get(name), after.get(name), f"{at}/{name}")]
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        return [d for n, pair in enumerate(zip(before, after, strict=True)) for d in differences(*pair, f"{at}/{n}")]
    return [] if before == after else [f"{at}: {before!r} became {after!r}"]


def without_nulls(value: Any) -> Any:
    """The value without fields that are null, which a reader may leave out."""
    if isinstance(value, dict):
        return {name: without_nulls(held) for name, held in value.items() if held is not None}
    return [without_nulls(held) for held in value] if isinstance(value, list) else value


# -- GetPut ----------------------------------------------------------------------------------------------------------


def rewrites(shown: Snapshot) -> list[Write]:
    """What every door shows, as a client of it writes it back."""
    release = newest_of(shown)
    inner = shown["nav"]["data_product"]
    sources = {"dataSources": [{"sourceId": source["sourceId"]} for source in shown["sources"]]}
    found = [
        Write("nndm", shown["nndm"]),
        Write("immuta", shown["immuta"]),
        Write("immuta", sources),
        Write("nav", inner),
    ]
    return found + ([Write("dpx", release)] if release["state"] == "available" else [])


def changes_nothing(catalogue: Catalogue, exact: str, shown: Snapshot) -> None:
    """Writing back what was read changes nothing, and tells nothing but that it was written."""
    card = catalogue.card(exact)
    for write in rewrites(shown):
        _, position = catalogue.told(catalogue.position)
        answer = catalogue.write_back(exact, write)
        assert answer.status in {200, 204}, answer
        same(shown, catalogue.snapshot(exact))
        same(meant(card), meant(catalogue.card(exact)))
        names, catalogue.position = catalogue.told(position)
        assert set(names) <= {"DataProductUpdatedEvent"}, (write.door, names)


def meant(card: Any) -> Doc:
    """The card without what means the same as nothing: false, empty text, empty lists."""
    kept = {name: value for name, value in card.items() if value not in ("", False, [], {}, None)}
    return kept | {"ports": [{n: v for n, v in port.items() if v not in ("", False, [], {})} for port in card["ports"]]}


# -- Frame -----------------------------------------------------------------------------------------------------------


def took_effect(write: Write, before: Snapshot, after: Snapshot, *, done: bool) -> None:
    """A write that was taken comes back and touches nothing of others; one that was refused changes nothing."""
    if not done:
        same(before, after)
        return
    gives_back(write, after)
    touches_only_its_own(write.door, before, after)


def touches_only_its_own(door: str, before: Snapshot, after: Snapshot) -> None:
    """A write leaves untouched what only another door can see."""
    own = {name: {"nndm": _nndm_own, "immuta": _immuta_own, "nav": _nav_own, "dpx": _dpx_own}[name] for name in _DOORS}
    for name in _DOORS:
        same(None if name == door else own[name](before, after), None if name == door else own[name](after, before))


_DOORS = ("nndm", "immuta", "nav", "dpx")


def _nndm_own(shown: Snapshot, other: Snapshot) -> Doc:
    """Everything but shared fields; of ports, those that are in both snapshots."""
    document = shown["nndm"]
    if "info" not in document:
        return {}  # Bitol's form has no fields of its own beside the shared ones
    shared = {"title", "description", "owner", "domain", "status", "version"}
    standing = {port["id"] for port in other["nndm"].get("outputPorts") or []}
    return {
        "info": {name: value for name, value in document["info"].items() if name not in shared},
        "rest": {name: value for name, value in document.items() if name not in {"info", "tags", "outputPorts"}},
        "ports": {port["id"]: _port_own(port) for port in document.get("outputPorts") or [] if port["id"] in standing},
    }


def _port_own(port: Doc) -> Doc:
    server = {n: v for n, v in (port.get("server") or {}).items() if n not in _PLACES}
    return {n: v for n, v in port.items() if n not in {"name", "autoApprove", "server", "type"}} | {"server": server}


_PLACES = {"project", "dataset", "table", "bucket", "location", "view"}


def _immuta_own(shown: Snapshot, _: Snapshot) -> Doc:
    fields = ("metadata", "createdBy", "createdAt", "dataAccessPolicy", "maskingExceptionPolicy")
    return {name: shown["immuta"].get(name) for name in fields}


def _nav_own(shown: Snapshot, _: Snapshot) -> Doc:
    return {"created": shown["nav"]["created"]}


def _dpx_own(shown: Snapshot, other: Snapshot) -> dict[str, Doc]:
    """By version: what releases alone know; of parts, those that the version has in both snapshots."""
    before = {release["id"]: {part["asset"]["id"] for part in release["parts_out"]} for release in other["releases"]}
    fields = ("types", "use_cases", "contract_terms", "comments", "created_by", "created_at", "published_at")
    found = {}
    for release in shown["releases"]:
        standing = before.get(release["id"], set())
        parts = {p["asset"]["id"]: p["delivery_methods"] for p in release["parts_out"] if p["asset"]["id"] in standing}
        found[release["id"]] = {name: release.get(name) for name in fields} | {"parts": parts}
    return found
