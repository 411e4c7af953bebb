"""The caller of one request, as every door sees it."""

from __future__ import annotations

from dataclasses import dataclass, field

GOVERNANCE = "governance"
USER_ADMIN = "user_admin"
AUDIT = "audit"
SCOPE_DECIDE = "decide"


@dataclass(frozen=True, slots=True)
class Principal:
    """`kind` is user, key (an organisation's API key) or anonymous.

    `id` is the user's UUID or the key's id; `email` is lower-cased, and is the subject key of a user. `scopes` limits a
    key (None: no limit). `teams` come from token groups; members of Team records are looked up when asked.
    `permissions` are global (governance, user_admin, audit); `managed_domains` are domain ids whose products the user manages.
    """

    kind: str
    id: str
    name: str = ""
    email: str = ""
    teams: frozenset[str] = field(default_factory=frozenset)
    scopes: frozenset[str] | None = None
    permissions: frozenset[str] = field(default_factory=frozenset)
    managed_domains: frozenset[str] = field(default_factory=frozenset)

    def has_scope(self, scope: str) -> bool:
        """True unless this is a key that was made without the scope."""
        return self.scopes is None or scope in self.scopes

    @property
    def label(self) -> str:
        """How events and logs name the caller: the e-mail, else the id."""
        return self.email or self.id


ANONYMOUS = Principal(kind="anonymous", id="")
