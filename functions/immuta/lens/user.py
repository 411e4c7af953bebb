"""ImmutaUser (contract section 5)."""

from __future__ import annotations

from typing import Any

from souk.identity.people import Person
from souk.ids import record_key

IAM = "souk"
_SHOWN = {"governance": "GOVERNANCE", "user_admin": "USER_ADMIN", "audit": "AUDIT"}


def user_out(person: Person) -> dict[str, Any]:
    """A person as requests show them. `id` follows from the global id: the core keeps no numbers."""
    return {
        "id": int(record_key("user", person.id), 36) % 2_000_000_011,
        "iamId": IAM,
        "globalUserId": person.id,
        "username": person.email or person.label,
        "name": person.name,
        "email": person.email or None,
        "authorizations": _authorizations(person),
    }


def _authorizations(person: Person) -> dict[str, list[str]]:
    """Attributes, and teams as one of them."""
    found: dict[str, list[str]] = {"groups": sorted(person.teams)} if person.teams else {}
    for name, value in sorted(person.attributes):
        found[name] = sorted({*found.get(name, ()), value})
    return found


def caller_out(person: Person) -> dict[str, Any]:
    """The caller, with what they may do."""
    permissions = [_SHOWN[word] for word in sorted(person.permissions) if word in _SHOWN]
    managed = [{"domainId": domain, "permissions": ["Manage Data Products"]} for domain in sorted(person.domains)]
    return {**user_out(person), "permissions": permissions, "domainPermissions": managed}
