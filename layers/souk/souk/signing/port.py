"""What a place that keeps a signing key must offer."""

from __future__ import annotations

from typing import Protocol


class Signer(Protocol):
    """An ECDSA key on P-256 (ES256). The private half never leaves its place."""

    def public_jwk(self) -> dict[str, str]:
        """The public key as a JWK, with `kid` (RFC 7638 thumbprint), `alg` and `use`. Raises errors.Failed."""
        ...

    def sign(self, message: bytes) -> bytes:
        """The signature over the message, r and s of 32 bytes each. Raises errors.Failed."""
        ...
