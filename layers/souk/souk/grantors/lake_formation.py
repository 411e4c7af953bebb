"""Grants by AWS Lake Formation: SELECT and DESCRIBE on the tables that a product's ports name."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any

from souk.documents import lake
from souk.errors import Invalid
from souk.grantors.port import Permission, Wish

_NAME = re.compile(r"[\w+=,.@-]{1,128}\Z", re.ASCII)
_ARN = re.compile(r"arn:[a-z-]+:iam::([0-9]{12}):(?:role|user)/[\w+=,.@/-]{1,512}\Z", re.ASCII)


class LakeFormation:
    """Whoever names a table, or a principal, could ask for more than is theirs: so both are bounded by settings.

    `principals` turns a kind of subject into an ARN: `{name}` in it stands for the subject's name. A subject that is
    the ARN of a role or user is taken as it is if its account is one of `accounts`. `databases` are pairs of a team
    and a database whose tables its products may give; the team `*` is every team.
    """

    name = "lakeformation"
    applies = True
    reports = False

    def __init__(
        self, principals: Mapping[str, str], accounts: frozenset[str], databases: frozenset[tuple[str, str]]
    ) -> None:
        self._principals, self._accounts, self._databases = principals, accounts, databases

    @classmethod
    def from_environment(cls) -> LakeFormation:
        """`SOUK_GRANT_USERS` for users and service accounts, `SOUK_GRANT_TEAMS` for teams and groups: ARN patterns.

        `SOUK_GRANT_ACCOUNTS`: account ids; `SOUK_GRANT_DATABASES`: `team/database`; both separated by commas.
        """
        users, teams = os.environ.get("SOUK_GRANT_USERS", ""), os.environ.get("SOUK_GRANT_TEAMS", "")
        pairs = [pair.rpartition("/") for pair in _listed("SOUK_GRANT_DATABASES")]
        return cls(
            {"user": users, "service": users, "team": teams, "group": teams},
            frozenset(_listed("SOUK_GRANT_ACCOUNTS")),
            frozenset((team, database) for team, _, database in pairs),
        )

    def plan(self, wish: Wish) -> list[Permission]:
        """One permission for each port whose server names a database and a table."""
        principal = self._principal(*wish.subject.split(":", 1))
        tables = {table for port in wish.ports if (table := table_of(port)) is not None}
        if not tables:
            raise Invalid("no port of the data product names a database and a table")
        for database, _ in tables:
            if self._databases.isdisjoint({(wish.owner, database), ("*", database)}):
                raise Invalid(f"tables of the database {database[:80]!r} are not this team's to give")
        return [{"principal": principal, "database": base, "table": name} for base, name in sorted(tables)]

    def grant(self, permission: Permission) -> None:
        """See the port."""
        lake.grant(permission["principal"], permission["database"], permission["table"])

    def revoke(self, permission: Permission) -> None:
        """See the port."""
        lake.revoke(permission["principal"], permission["database"], permission["table"])

    def holds(self, permission: Permission) -> bool:
        """See the port."""
        return lake.holds(permission["principal"], permission["database"], permission["table"])

    def _principal(self, kind: str, name: str) -> str:
        arn = _ARN.match(name)
        if arn:
            if arn[1] not in self._accounts:
                raise Invalid("principals of this account are not given access")
            return name
        pattern = self._principals.get(kind, "")
        if "{name}" not in pattern or not _NAME.match(name):
            raise Invalid(f"this deployment does not say which principal this {kind} is")
        return pattern.replace("{name}", name)


def table_of(port: Mapping[str, Any]) -> tuple[str, str] | None:
    """Database and table of a port's server, whatever the port's type; None unless it names both."""
    server = port.get("server") or {}
    base, name = server.get("database"), server.get("table")
    return (base, name) if isinstance(base, str) and isinstance(name, str) and base and name else None


def _listed(variable: str) -> list[str]:
    return [part.strip() for part in os.environ.get(variable, "").split(",") if part.strip()]
