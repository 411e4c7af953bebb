"""All four doors in one process, over one store in memory: requests become events as the local gateway makes them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from email.message import Message
from functools import cache
from importlib import import_module
from typing import Any
from urllib.parse import unquote

from local.doors import PREFIXES
from local.routes import Router
from local.templates import read_application
from souk.access import forms, policy
from souk.assets.data_sources import put_data_source
from souk.identity import keys, users
from souk.identity.issuer import issue
from souk.identity.principal import GOVERNANCE, Principal
from souk.identity.users import id_for_email
from souk.organisation.domains import put_domain, seed_unassigned
from souk.store.port import Store
from souk.work import Work, run
from tests.doors.callers import Caller
from tests.dpx.machines import Machines
from tests.repository.tree import ROOT
from tests.wire.raw import Answer

DOMAIN = "1d0c5a7e-2f4b-4a86-9c3d-5e7f9a1b2c3d"
ELSEWHERE = "8a6b4c2d-0e1f-4b3a-8d5c-7f9e1a3b5c7d"
NAMED = "sales"
"""A domain whose id is a word."""
SOURCES = {"beans": DOMAIN, "2d4b6f80-91a3-4c5e-8b7d-0f1e2d3c4b51": DOMAIN, "roasts": DOMAIN, "far": ELSEWHERE}
FILES = ("5b0c8a52-64f0-4b8e-9a37-c2e5b0f41d01", "5b0c8a52-64f0-4b8e-9a37-c2e5b0f41d02")
"""Assets that lie in no domain."""
TEAMS = ("roasting", "cafes")


@cache
def _routers() -> dict[str, Router]:
    application = read_application(ROOT / "template.yaml")
    return {
        dialect: Router(one for one in application.functions if one.dialect == dialect)
        for dialect in {dialect for _, dialect in PREFIXES}
    }


class InProcess(Caller):
    """Answers by the operation's own handler."""

    def __init__(self, credential: str) -> None:
        super().__init__("http://in.process", credential)

    def send(
        self, method: str, target: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        encoded, _, query = target.partition("?")
        path = unquote(encoded)
        dialect = next(name for prefix, name in PREFIXES if path == prefix or path.startswith(prefix.rstrip("/") + "/"))
        match = _routers()[dialect].match(method, path)
        assert match is not None, target
        event: dict[str, Any] = {
            "version": "2.0",
            "rawPath": path,
            "rawQueryString": query,
            "headers": {**(headers or self.headers), "host": "in.process", "x-forwarded-proto": "http"},
            "requestContext": {"http": {"method": method, "path": path}, "requestId": "request-1"},
            "pathParameters": match.parameters,
            "isBase64Encoded": False,
        } | ({} if body is None else {"body": body.decode("utf-8", "surrogatepass")})
        answer = import_module(match.function.handler.rsplit(".", 1)[0]).handler(event, None)
        told = Message()
        for name, value in answer["headers"].items():
            told[name] = value
        return Answer(answer["statusCode"], told, answer["body"].encode("utf-8", "surrogatepass"), f"{method} {target}")


class AtOnce(Machines):
    """State machines that have ended when they are started."""

    def start(self, machine: str, name: str, given: dict[str, Any]) -> None:
        self.started.append(name)
        self._run(machine, given)


def seeded(store: Store) -> dict[str, str]:
    """People, domains, sources, forms and teams; what dev.env says of a run."""
    run(store, _provision)
    by = Principal(kind="key", id="tests")
    reviewed = run(store, lambda work: forms.make_form(work, "Reviewed", [], by)).id
    opened = run(store, lambda work: forms.make_form(work, "Open", [], by, form_policy=policy.APPROVE)).id
    env = {
        "SOUK_API_KEY": run(store, lambda work: keys.create(work, "tests")).secret,
        "SOUK_DOMAIN_ID": DOMAIN,
        "SOUK_FORM_ID": reviewed,
        "SOUK_AUTO_FORM_ID": opened,
        "SOUK_SOURCE_IDS": ",".join(name for name, domain in SOURCES.items() if domain == DOMAIN),
        "SOUK_OWNER_TEAM": TEAMS[0],
    }
    for role in ("manager", "owner", "other"):
        email = f"{role}@nav.no"
        token = run(store, lambda work, email=email: _token(work, email))  # type: ignore[misc]
        begin = f"SOUK_{role.upper()}"
        env |= {f"{begin}_TOKEN": token, f"{begin}_ID": id_for_email(email), f"{begin}_EMAIL": email}
    caller = InProcess(env["SOUK_API_KEY"])
    for team in TEAMS:
        caller.done(200, "PUT", f"/api/teams/{team}", {"id": team, "name": team, "type": "Domain Team"})
    return env


def _provision(work: Work) -> None:
    seed_unassigned(work)
    for domain, name in ((DOMAIN, "Roastery"), (ELSEWHERE, "Elsewhere"), (NAMED, "Sales")):
        put_domain(work, domain, {"name": name})
    for name, domain in SOURCES.items():
        columns: list[Any] = [{"name": "id", "type": "int"}, {"name": "mail", "mask": "HASH"}]
        put_data_source(
            work,
            {"id": name, "name": f"Source {name[:5]}", "technology": "Snowflake", "domain": domain, "columns": columns},
        )
    for name in FILES:
        put_data_source(work, {"id": name, "name": f"File {name[-2:]}", "technology": "S3"})
    users.put_user(work, name="Mina", email="manager@nav.no", permissions=[GOVERNANCE])
    users.put_user(work, name="Olav", email="owner@nav.no", teams=[TEAMS[0]])
    users.put_user(work, name="Ada", email="other@nav.no", teams=[TEAMS[1]])


def _token(work: Work, email: str) -> str:
    return issue(work, {"sub": id_for_email(email), "email": email, "name": email}, timedelta(hours=20)).token
