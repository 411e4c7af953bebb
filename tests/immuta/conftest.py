"""A fresh store with a domain, data sources, forms and people, and a client for each of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from souk.access import forms, policy
from souk.identity import keys, users
from souk.identity.issuer import issue
from souk.identity.principal import Principal
from souk.identity.users import id_for_email
from souk.organisation import domains
from souk.store.port import Store
from souk.work import Work, run
from tests.immuta.driver import Client, Doc

DOMAIN = "1d0c5a7e-2f4b-4a86-9c3d-5e7f9a1b2c3d"
ELSEWHERE = "8a6b4c2d-0e1f-4b3a-8d5c-7f9e1a3b5c7d"


@dataclass
class World:
    """What every test finds."""

    store: Store
    manager: Client
    """Governs."""
    keeper: Client
    """Manages DOMAIN, and nothing else."""
    reader: Client
    other: Client
    key: Client
    form: str
    open_form: str

    def id(self, name: str) -> str:
        return id_for_email(f"{name}@nav.no")

    def product(self, **fields: Any) -> Doc:
        """A product made by the manager."""
        made: Doc = self.manager.ok("POST", "/api/data-product", self.body(**fields), 201)
        return made

    def body(self, **fields: Any) -> Doc:
        name = f"Product {uuid4().hex[:12]}"
        return {"name": name, "metadata": None, "domains": [DOMAIN], "requestFormId": self.form} | fields

    def request(self, product: Doc, by: Client | None = None, user: str = "reader", **fields: Any) -> Doc:
        """A request for data, by default the reader's own."""
        body = {"user": self.id(user)} | fields
        made: Doc = (by or self.reader).ok("POST", f"/api/data-product/{product['id']}/request", body, 201)
        return made

    def records(self, request: Doc) -> list[Doc]:
        found: list[Doc] = self.manager.get(f"/api/access-request/{request['id']}/records")["approvalRecords"]
        return found

    def determine(self, request: Doc, status: str = "APPROVED", **fields: Any) -> Doc:
        """The manager's determination of the first record that is pending."""
        record = next(one for one in self.records(request) if one["status"] == "PENDING")
        done: Doc = self.manager.ok("PUT", f"/api/approval-record/{record['id']}", {"status": status} | fields)
        return done

    def shown(self, request: Doc) -> Doc:
        found: Doc = self.manager.get(f"/api/access-request/{request['id']}")
        return found


def asset(work: Work, name: str, technology: str, domain: str, columns: list[Any]) -> None:
    card = {"name": name.title(), "technology": technology, "domain": domain, "columns": columns, "schema": "sales"}
    work.save("asset", name, {"card": card})


def seed(work: Work) -> None:
    domains.put_domain(work, DOMAIN, {"name": "Sales"})
    domains.put_domain(work, ELSEWHERE, {"name": "Elsewhere"})
    columns = [{"name": "id", "type": "int"}, {"name": "email", "type": "text", "tags": ["pii"], "mask": "HASH"}]
    asset(work, "orders", "Snowflake", DOMAIN, columns)
    asset(work, "customers", "Redshift", DOMAIN, [*columns, {"name": "born", "type": "date", "local_mask": "ROUND"}])
    asset(work, "visits", "Snowflake", DOMAIN, [])
    asset(work, "foreign", "Snowflake", ELSEWHERE, [])
    users.put_user(work, name="Mina Manager", email="manager@nav.no", permissions=["governance"])
    users.put_user(work, name="Kai Keeper", email="keeper@nav.no", managed_domains=[DOMAIN])
    users.put_user(work, name="Rita Reader", email="reader@nav.no")
    users.put_user(work, name="Odd Other", email="other@nav.no")


def token(work: Work, name: str) -> str:
    email = f"{name}@nav.no"
    return issue(work, {"sub": id_for_email(email), "email": email, "name": name.title()}, timedelta(hours=1)).token


@pytest.fixture
def store(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("SOUK_SIGNING_KEY", f"file:{tmp_path / 'signing.pem'}")
    return store


@pytest.fixture
def world(store: Store) -> World:
    run(store, seed)
    by = Principal(kind="user", id=id_for_email("manager@nav.no"), email="manager@nav.no")
    form = run(store, lambda work: forms.make_form(work, "Manual", [], by)).id
    open_form = run(store, lambda work: forms.make_form(work, "Open", [], by, form_policy=policy.APPROVE)).id
    clients = {
        name: Client(run(store, lambda work, name=name: token(work, name)))  # type: ignore[misc]
        for name in ("manager", "keeper", "reader", "other")
    }
    key = Client(run(store, lambda work: keys.create(work, "tests")).secret)
    return World(store, **clients, key=key, form=form, open_form=open_form)
