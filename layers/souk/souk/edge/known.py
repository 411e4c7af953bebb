"""Credentials that this process has lately found to be good: whose they were.

Nobody comes in by it. It only says in which order to read: what a known caller asks for is read first, and the records
that decide about the credential along with the next batch, which saves a round trip. They are read for every request,
and nothing is answered before. A caller who is not known is checked first, and makes the database read nothing else.
"""

from __future__ import annotations

import time
from hashlib import sha256

from souk.identity.credentials import Credential
from souk.identity.principal import Principal

LIFE_SECONDS = 60.0
MAX_KNOWN = 1000
_known: dict[bytes, tuple[float, Principal]] = {}


def remember(credential: Credential, principal: Principal) -> None:
    """This credential was found to be this principal's now."""
    if len(_known) >= MAX_KNOWN:
        _known.clear()
    _known[_name(credential)] = (time.monotonic(), principal)


def find(credential: Credential) -> Principal | None:
    """Whose it was when it was last found to be good, unless that was too long ago."""
    since, principal = _known.get(_name(credential), (0.0, None))
    return principal if time.monotonic() - since < LIFE_SECONDS else None


def forget(credential: Credential) -> None:
    """It is somebody else's now, or nobody's."""
    _known.pop(_name(credential), None)


def forget_all() -> None:
    """Know nobody, as a new process."""
    _known.clear()


def _name(credential: Credential) -> bytes:
    return sha256("\0".join((credential.door, *credential.secrets)).encode("utf-8", "surrogatepass")).digest()
