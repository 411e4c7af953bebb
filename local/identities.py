"""Who uses a local run: an API key and a few people with tokens, written to dev.env for clients to read."""

from __future__ import annotations

import logging
import shlex
import threading
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from local import governance
from local.state import State, write_whole

if TYPE_CHECKING:
    from souk.work import Work

_log = logging.getLogger("local.identities")
LIFETIME = timedelta(hours=12)
_RENEW_AFTER_SECONDS = 6 * 3600
_LOOK_EVERY_SECONDS = 60
DOMAIN = "b0a5c7de-3f1e-4d52-9c86-5a0c8e6f1d27"
OWNER_TEAM = "roasting"
OTHER_TEAM = "cafes"
MANAGER_PERMISSIONS = ("audit", "governance", "user_admin")


class Person(NamedTuple):
    """A sample user. `variable` begins the names of their variables in dev.env."""

    variable: str
    name: str
    team: str = ""

    @property
    def email(self) -> str:
        """First and last name at the default domain of the NAV door."""
        return self.name.lower().replace(" ", ".") + "@nav.no"


MANAGER = Person("MANAGER", "Mina Berg")
OWNER = Person("OWNER", "Olav Lien", OWNER_TEAM)
OTHER = Person("OTHER", "Ada Moen", OTHER_TEAM)
FURTHER = tuple(
    Person("", name)
    for name in ("Bo Dahl", "Eli Haugen", "Geir Strand", "Ida Solberg", "Jon Vik", "Kari Nes", "Lars Foss", "Siri Eide")
)


class Identities:
    """Keeps dev.env right: made at the start, and again long before a token in it ends."""

    def __init__(self, state: State, url: str) -> None:
        self.api_key = ""
        self._state, self._url = state, url
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="identities", daemon=True)
        self._written = 0.0

    def start(self) -> None:
        """Make what is missing, write dev.env, and keep it fresh. Raises what the store raises."""
        self.write()
        self._thread.start()

    def stop(self) -> None:
        """End the renewal."""
        self._stop.set()

    def write(self) -> None:
        """Write dev.env with tokens that begin now."""
        variables = self._variables()
        write_whole(self._state.dev_env, as_shell(variables))
        self._written = time.time()

    def _keep(self) -> None:
        """Wall-clock time, looked at often: a machine that slept renews when it wakes."""
        while not self._stop.wait(_LOOK_EVERY_SECONDS):
            if time.time() - self._written > _RENEW_AFTER_SECONDS:
                try:
                    self.write()
                except Exception as error:  # noqa: BLE001 - tried again in a minute
                    _log.error("tokens could not be renewed: %s", type(error).__name__)

    def _variables(self) -> dict[str, str]:
        from souk.store.connect import connect
        from souk.work import run

        store = connect()
        run(store, _provision)
        samples = run(store, governance.seed)
        self.api_key = self._standing_key() or run(store, _new_key)
        variables = {"SOUK_URL": self._url, "SOUK_API_KEY": self.api_key}
        for person in (MANAGER, OWNER, OTHER):
            token = run(store, lambda work, person=person: _token(work, person))  # type: ignore[misc]
            variables |= _describe(person, token)
        return variables | {
            "SOUK_USER_IDS": ",".join(user_id(person) for person in FURTHER),
            "SOUK_DOMAIN_ID": DOMAIN,
            "SOUK_FORM_ID": samples.reviewed_form,
            "SOUK_AUTO_FORM_ID": samples.open_form,
            "SOUK_SOURCE_IDS": ",".join(samples.sources),
            "SOUK_COLUMN": samples.column,
        }

    def _standing_key(self) -> str:
        """The API key that dev.env holds from an earlier start, if it is still good."""
        from souk.errors import Unauthenticated
        from souk.identity import keys
        from souk.store.connect import connect
        from souk.work import Work

        secret = (
            read_shell(self._state.dev_env.read_text()).get("SOUK_API_KEY", "") if self._state.dev_env.exists() else ""
        )
        try:
            principal = keys.principal_of(secret, Work(connect()))
        except Unauthenticated:
            return ""
        return secret if principal.scopes is None else ""


def user_id(person: Person) -> str:
    """The person's id, derived from the e-mail."""
    from souk.identity.users import id_for_email

    return id_for_email(person.email)


def _describe(person: Person, token: str) -> dict[str, str]:
    begin = f"SOUK_{person.variable}"
    named = {f"{begin}_TOKEN": token, f"{begin}_ID": user_id(person), f"{begin}_EMAIL": person.email}
    return named | ({f"{begin}_TEAM": person.team} if person.team else {})


def _new_key(work: Work) -> str:
    from souk.identity import keys

    return keys.create(work, "local development").secret


def _provision(work: Work) -> None:
    """The people and the domain, unless somebody has changed them since."""
    from souk.identity import users
    from souk.organisation import domains

    domains.seed_unassigned(work)
    if domains.find_domain(work, DOMAIN) is None:
        domains.put_domain(work, DOMAIN, {"name": "Roastery", "description": "From green beans to the cup"})
    for person in (MANAGER, OWNER, OTHER, *FURTHER):
        if users.find_user(work, user_id(person)) is None:
            granted: dict[str, Any] = {"teams": [person.team]} if person.team else {}
            if person is MANAGER:
                granted = {"permissions": MANAGER_PERMISSIONS, "managed_domains": [DOMAIN]}
            users.put_user(work, name=person.name, email=person.email, **granted)


def _token(work: Work, person: Person) -> str:
    from souk.identity.issuer import issue

    claims: dict[str, Any] = {"sub": user_id(person), "email": person.email, "name": person.name}
    if person.team:
        claims["groups"] = [person.team]
    return issue(work, claims, LIFETIME).token


def as_shell(variables: Mapping[str, str]) -> str:
    """Lines that `.` (with `set -a`) and most dotenv readers take. Values are quoted where a shell needs it."""
    lines = [f"{name}={shlex.quote(value)}" for name, value in variables.items()]
    return "\n".join(("# Written by souk at every start, and again before the tokens end.", *lines, ""))


def read_shell(text: str) -> dict[str, str]:
    """What `as_shell` wrote."""
    pairs = (line.split("=", 1) for line in text.splitlines() if "=" in line and not line.startswith("#"))
    return {name: "".join(shlex.split(value)) for name, value in pairs}
