"""The caller of one request, as every door sees it."""

from __future__ import annotations

from dataclasses import dataclass, field

GOVERNANCE = "governance"
USER_ADMIN = "user_admin"
AUDIT = "audit"
PERMISSIONS = frozenset({GOVERNANCE, USER_ADMIN, AUDIT})
SCOPE_READ = "read"
SCOPE_WRITE = "write"
SCOPE_DECIDE = "decide"
SCOPE_GRANTS = "grants"
"""For systems that report what became of grants, and for nobody else."""
DOOR_SCOPE = "door:"
"""A scope that begins so names a door; a key with such scopes opens only these doors."""


@dataclass(frozen=True, slots=True)
class Principal:
    """`kind` is user, key (an organisation's API key) or anonymous.

    `id` is the user's UUID or the key's id; `email` is lower-cased, and is the subject key of a user. `scopes` limits a
    key (None: no limit). `teams` come from token groups and the user's record; members of Team records are looked up
    when asked (`membership`). `permissions` are global (governance, user_admin, audit); `managed_domains` are ids of
    domains whose products the user manages; `attributes` are (name, value) pairs. `expires` is the end of the
    credential, unix seconds, if it has one.
    """

    kind: str
    id: str
    name: str = ""
    email: str = ""
    teams: frozenset[str] = field(default_factory=frozenset)
    scopes: frozenset[str] | None = None
    permissions: frozenset[str] = field(default_factory=frozenset)
    managed_domains: frozenset[str] = field(default_factory=frozenset)
    attributes: frozenset[tuple[str, str]] = field(default_factory=frozenset)
    expires: int | None = None

    def has_scope(self, scope: str) -> bool:
        """True unless this is a key that was made without the scope."""
        return self.scopes is None or scope in self.scopes

    def may_enter(self, door: str) -> bool:
        """True unless this is a key that was made for other doors."""
        doors = [scope for scope in self.scopes or () if scope.startswith(DOOR_SCOPE)]
        return not doors or DOOR_SCOPE + door in doors

    @property
    def label(self) -> str:
        """How events and logs name the caller: the e-mail, else the id."""
        return self.email or self.id


ANONYMOUS = Principal(kind="anonymous", id="")
