"""More people than dev.env names: tokens signed with the key of the local run."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import jwt

from tests.wire.immuta.door import Caller, Marketplace


@dataclass(frozen=True)
class Issuer:
    """Makes tokens that the run takes for its own."""

    place: Marketplace
    key: str
    kid: str

    @staticmethod
    def of(place: Marketplace, state: Path) -> Issuer:
        header = jwt.get_unverified_header(place.env["SOUK_OTHER_TOKEN"])
        return Issuer(place, (state / "signing.pem").read_text(), header["kid"])

    def token(self, id: str, **claims: Any) -> str:
        now = int(time.time())
        usual = {"iss": "souk", "aud": "souk", "iat": now, "exp": now + 3600, "sub": id, "name": f"Person {id[:8]}"}
        email = {"email": f"person-{id}@nav.no"}
        return jwt.encode(usual | email | claims, self.key, algorithm="ES256", headers={"kid": self.kid})

    def person(self, **claims: Any) -> Caller:
        """Somebody new, known to Souk from the first request on."""
        id = str(uuid4())
        caller = Caller(self.place.url, self.token(id, **claims), id)
        caller.get("/api/auth/user")
        return caller
