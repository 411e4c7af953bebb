"""What there is to see and to touch: the same estate twice, owned by different teams, in different domains."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote
from uuid import UUID, uuid5

from reactions import apply_grants
from souk.access import forms
from souk.assets.data_sources import put_data_source
from souk.events.sequencer import drain
from souk.identity import keys, users
from souk.identity.principal import Principal
from souk.identity.users import PEOPLE, id_for_email
from souk.organisation.domains import put_domain, seed_unassigned
from souk.setup.catalogue import CATALOGUE
from souk.setup.methods import OPEN_URL
from souk.store.sqlite import SqliteStore
from souk.work import Work, run
from tests.authorisation.people import DOMAINS, MAKERS, READER, TEAMS, token_for
from tests.authorisation.rows_terms import of_domain
from tests.doors.callers import Caller
from tests.doors.products import encoded
from tests.gate import Guest

Names = Mapping[str, str]
HUB = "/data_product_exchange/v1"
CANARY = "canary"
"""Stands in every text that tells something of an object."""
HIDDEN = "canary-hidden"
"""Stands in what only the people concerned may see."""
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
PAGE = "https://pages.souk.example/"


class Estate:
    """One side's objects. `names` holds their ids, each under the word that targets use."""

    def __init__(self, store: SqliteStore, side: str, key: Caller) -> None:
        self.store, self.side, self.key = store, side, key
        self.team, self.domain = TEAMS[side], DOMAINS[side]
        self.reader = Guest(token_for(READER))
        self.maker = Guest(token_for(MAKERS[side]))
        self.names: dict[str, str] = {"team": self.team, "domain": self.domain, "method": OPEN_URL}
        self.names |= {"area": self.domain, "bare": bare(side)}

    def make(self) -> Names:
        """All of it. The ids."""
        self._documents()
        self._governed()
        self._self_service()
        self._hub()
        self._access()
        self._orders()
        return self.names

    def text(self, word: str) -> str:
        return f"{CANARY} {word} of {self.side}"

    def put(self, kind: str, word: str, document: dict[str, Any]) -> None:
        """A document of the first door under a new id."""
        exact = self.names[word] = f"{self.side}-{word}"
        self.key.done(200, "PUT", f"/api/{kind}/{exact}", {"id": exact, **document})

    def _documents(self) -> None:
        owner, info = self.team, {"owner": self.team, "title": self.text("title"), "version": "1.0.0"}
        self.put(
            "datacontracts",
            "contract",
            {"dataContractSpecification": "0.9.3", "info": info, "servers": {"production": {"type": "s3"}}},
        )
        self.put("sourcesystems", "system", {"name": self.text("system"), "owner": owner})
        definition = {"name": self.text("definition"), "title": "t", "type": "string", "domain": "d", "owner": owner}
        self.put("definitions", "definition", definition)
        asset = {"name": self.text("asset"), "source": "snowflake", "owner": owner}
        self.put("assets", "asset", {"info": asset})
        self.put("connectors", "connector", {"name": self.text("connector"), "type": "souk"})
        self.put("dataproducts", "product", self.product("product"))
        self.put("dataproducts", "spare", self.product("spare"))
        self.put("dataproducts", "lone", self.product("lone"))
        cost = {"dataProductId": self.names["product"], "name": self.text("cost"), "amount": 5, "currency": "EUR"}
        self.names["cost"] = self.key.done(200, "POST", "/api/costs", cost)["id"]
        self.names["run"] = f"{self.side}-run"
        self.key.done(200, "POST", "/api/test-results", self.test_run())

    def product(self, word: str) -> dict[str, Any]:
        """A restricted product with one port."""
        server = {"project": "p", "dataset": "d", "table": word}
        port = {"id": "out", "name": self.text("port"), "type": "bigquery", "server": server, "autoApprove": False}
        info = {"title": self.text(word), "owner": self.team, "domain": self.domain, "description": self.text("words")}
        return {"info": info, "outputPorts": [port]}

    def test_run(self) -> dict[str, Any]:
        return {
            "id": self.names["run"],
            "dataContractId": self.names["contract"],
            "dataContractVersion": "1.0.0",
            "server": "production",
            "timestampStart": "2026-03-01T10:00:00Z",
            "timestampEnd": "2026-03-01T10:00:07Z",
            "result": "passed",
            "checks": [{"type": "schema", "name": self.text("check"), "result": "passed"}],
            "logs": [],
        }

    def _governed(self) -> None:
        """A product under a review policy that somebody set, with a source of its own."""
        source = str(uuid5(PEOPLE, f"source of {self.side}"))
        columns: list[Any] = [{"name": "mail", "mask": "HASH"}]
        given: Any = {"id": source, "name": self.text("source"), "domain": self.domain, "columns": columns}
        given |= {"technology": "Snowflake"}
        run(self.store, lambda work: put_data_source(work, given))
        by, form_body = Principal(kind="key", id="tests"), {"name": self.text("own form"), "fields": []}
        form = run(self.store, lambda work: forms.make_form(work, self.text("form"), [], by))
        self.names |= {"source": source, "form": self._made("/api/request-form", form_body)["id"]}
        self.names["version"] = self.key.done(200, "GET", f"/api/request-form/{self.names['form']}")["version"]
        terms = {"name": self.text("terms"), "body": self.text("terms")}
        self.names["terms"] = self._made("/api/data-use-agreement", terms)["id"]
        name = self.text("governed")
        body = {"name": name, "metadata": None, "domains": [self.domain], "requestFormId": form.id}
        self.names["governed"] = self._made("/api/data-product", {**body, "dataSources": [{"sourceId": source}]})["id"]
        self.names["named"] = encoded(name)

    def _made(self, place: str, body: dict[str, Any]) -> Any:
        return self.key.done(201, "POST", place, body)

    def _self_service(self) -> None:
        """Made in the door of grants: one that everybody may give to everybody."""
        store = {"type": "bigquery", "project_id": "p", "dataset_id": "d", "resource_id": self.side}
        body = {"name": self.text("shared"), "description": self.text("shared"), "team": self.team}
        member = Guest(token_for("registrar@souk.example", groups=[self.team]))
        self.names["shared"] = member.done(201, "POST", "/api/v1/dataproducts", {**body, "datastore": [store]})
        grant = {"subject": READER, "type": "user"}
        self.key.done(204, "POST", f"/api/v1/access/{self.names['shared']}", grant)

    def _hub(self) -> None:
        """A draft that its maker made, with a document, and a release of a product of its own."""
        metadata = {"name": self.text("page"), "asset_type": "ibm_url_definition", "rov": {"mode": 0}}
        page = {"metadata": metadata, "entity": {"ibm_url_definition": {"url": f"{PAGE}{self.side}"}}}
        self.names["page"] = self.key.done(201, "POST", f"/v2/assets?catalog_id={CATALOGUE}", page)["asset_id"]
        draft = self._draft("draft")
        document = {"type": "sla", "name": self.text("promise"), "url": f"{PAGE}promise"}
        place = f"{HUB}/data_products/{draft['data_product']['id']}/drafts/{encoded(draft['id'])}"
        terms = draft["contract_terms"][0]["id"]
        made = self.maker.done(201, "POST", f"{place}/contract_terms/{terms}/documents", document)
        self.names |= {"dproduct": draft["data_product"]["id"], "draft": encoded(draft["id"]), "dterms": terms}
        body = {"container": {"id": CATALOGUE}, "name": self.text("rules"), "contract_terms": of_domain(self.domain)}
        self.names |= {"document": made["id"], "template": self._made(f"{HUB}/contract_templates", body)["id"]}
        self._release()

    def _draft(self, word: str) -> Any:
        container = {"id": CATALOGUE, "type": "catalog"}
        part = {"asset": {"id": self.names["page"], "type": "data_asset", "container": container}}
        part["delivery_methods"] = [{"id": OPEN_URL, "container": container}]  # type: ignore[assignment]
        body: dict[str, Any] = {"name": self.text(word), "asset": {"container": container}, "parts_out": [part]}
        body |= {"domain": {"id": self.domain, "name": self.side}, "is_restricted": word == "released"}
        return self.maker.done(201, "POST", f"{HUB}/data_products", {"drafts": [body]})["drafts"][0]

    def _release(self) -> None:
        for word, prefix in (("released", "r"), ("open", "o")):
            draft = self._draft(word)
            product, terms = draft["data_product"]["id"], draft["contract_terms"][0]["id"]
            place = f"{HUB}/data_products/{product}/drafts/{encoded(draft['id'])}"
            document = {"type": "sla", "name": self.text("promise"), "url": f"{PAGE}promise"}
            made = self.maker.done(201, "POST", f"{place}/contract_terms/{terms}/documents", document)
            released = self.maker.done(200, "POST", f"{place}/publish")
            self.names |= {f"{prefix}product": product, f"{prefix}release": encoded(released["id"])}
            self.names |= {f"{prefix}terms": terms, f"{prefix}document": made["id"]}
            self.names |= {f"{prefix}asset": encoded(released["asset"]["id"])}

    def _access(self) -> None:
        """The reader asks for the governed product twice over, and for the pipeline's product."""
        reader, place = id_for_email(READER), f"/api/data-product/{self.names['governed']}/request"
        made = self.reader.done(201, "POST", place, {"user": reader})
        records = self.reader.done(200, "GET", f"/api/access-request/{made['id']}/records")["approvalRecords"]
        self.names |= {"request": made["id"], "record": records[0]["id"], "user": reader}
        standing = self.reader.done(201, "POST", f"{place}/masking-exception", self._columns(reader))
        pending = self.reader.done(200, "GET", f"/api/access-request/{standing['id']}/records")["approvalRecords"]
        self.key.done(200, "PUT", f"/api/approval-record/{pending[0]['id']}", {"status": "APPROVED"})
        self.names["standing"] = standing["id"]
        for word in ("agreement", "agreed"):
            self.names[word] = f"{self.side}-{word}"
            self.key.done(200, "PUT", f"/api/datausageagreements/{self.names[word]}", self.agreement(word))
        self.key.done(200, "POST", f"/api/datausageagreements/{self.names['agreed']}/approve")
        self._granted()

    def _columns(self, reader: str) -> dict[str, Any]:
        return {"user": reader, "columns": [{"sourceId": self.names["source"], "columnName": "mail"}]}

    def agreement(self, word: str) -> dict[str, Any]:
        """A request of the reader for the pipeline's product."""
        info = {"purpose": self.text(word), "startDate": "2026-01-01", "status": "requested", "active": False}
        product = self.names["product" if word == "agreement" else "spare"]
        provider = {"dataProductId": product, "outputPortId": "out"}
        return {"id": self.names[word], "info": info, "provider": provider, "consumer": {"userId": READER}}

    def _granted(self) -> None:
        """The grant of what was approved, as an external system sees it."""
        apply_grants.handler({"detail-type": "told", "detail": {"subject": self.names["agreed"]}}, None)
        self.names["granted"] = self.names["agreed"]

    def _orders(self) -> None:
        """An order that waits, and one that was delivered."""
        for word, release in (("order", "r"), ("delivered", "o")):
            placed = self.reader.done(201, "POST", "/v2/asset_lists", self.order(release))
            self.names[word] = placed["id"]
            place = f"/v2/asset_lists/{placed['id']}/items"
            item = self.reader.done(200, "GET", place)["items"][0]
            self.names[f"{word}_item"] = item["id"]
        self.names["output"] = item["properties"]["assets_out"][0]["asset_id"]

    def order(self, release: str = "r") -> dict[str, Any]:
        container = {"id": CATALOGUE, "type": "catalog"}
        version = {"id": unquote(self.names[f"{release}asset"]), "type": "ibm_data_product_version"}
        method = {"asset_id": OPEN_URL, "catalog_id": CATALOGUE}
        item = {
            "asset": {"metadata": {"id": self.names["page"], "type": "data_asset", "container": container}},
            "properties": {"data_product_id": self.names[f"{release}product"], "delivery_method": method},
        }
        return {
            "name": f"{HIDDEN} order of {self.side}",
            "description": self.text("reason"),
            "type": "order",
            "state": "received",
            "asset": {"asset": {"metadata": {**version, "container": container}}},
            "items": [item],
        }


class Scene:
    """Both estates in one store, which is put back to how it was after each act."""

    def __init__(self, store: SqliteStore) -> None:
        self.store = store
        secret = run(store, lambda work: keys.create(work, "estate")).secret
        self.key = Guest(secret)
        run(store, _provision)
        for team in TEAMS.values():
            members = [{"emailAddress": "listed@souk.example", "role": "Owner"}] if team == "roasting" else []
            body = {"id": team, "name": f"Team {team}", "type": "Domain Team", "members": members}
            self.key.done(200, "PUT", f"/api/teams/{team}", body)
        self.key.done(202, "POST", f"{HUB}/configuration/initialize")
        self.estates = {side: Estate(store, side, self.key) for side in TEAMS}
        self.names = {side: estate.make() for side, estate in self.estates.items()}
        self.missing = missing(self.names["own"])
        drain(store)
        self._kept = sqlite3.connect(":memory:")
        self.keep()

    @property
    def _database(self) -> sqlite3.Connection:
        return self.store._file._writer

    def keep(self) -> None:
        """What there is now is what `restore` leads back to."""
        self._database.backup(self._kept)
        self.commits = self.committed()

    def committed(self) -> int:
        """How many commits there were."""
        return int(self._database.execute("SELECT coalesce(max(place), 0) FROM commits").fetchone()[0])

    def restore(self) -> None:
        """Undo what happened since `keep`."""
        if self.committed() != self.commits:
            self._kept.backup(self._database)

    def close(self) -> None:
        self._kept.close()


def _provision(work: Work) -> None:
    seed_unassigned(work)
    users.put_user(work, name="Outsider", email="outsider@souk.example")
    for side, domain in DOMAINS.items():
        put_domain(work, domain, {"name": side})
        put_domain(work, bare(side), {"name": f"nothing of {side}"})


def bare(side: str) -> str:
    """A domain that nothing lies in."""
    return str(uuid5(PEOPLE, f"bare {side}"))


def missing(names: Names) -> dict[str, str]:
    """Ids of the same form that nothing has. Teams, domains, methods and people stay: bodies name them."""
    kept = {"team", "domain", "method", "user", "page", "source", "rasset", "oasset"}
    return {word: exact if word in kept else _other(exact) for word, exact in names.items()}


def _other(exact: str) -> str:
    """Another text of the same form, a UUID's last bit turned."""
    moved = _UUID.sub(lambda found: str(UUID(int=UUID(found[0]).int ^ 1)), exact)
    if moved != exact:
        return moved
    return exact.replace("own", "non") if "own" in exact else exact[:-1] + ("0" if exact[-1] != "0" else "1")
