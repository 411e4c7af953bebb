"""A signing key in AWS KMS (ECC_NIST_P256, SIGN_VERIFY). Needs kms:Sign and kms:GetPublicKey."""

from __future__ import annotations

from functools import cached_property

from cryptography.hazmat.primitives.serialization import load_der_public_key

from souk.errors import Failed
from souk.signing.jwk import public_jwk, raw_signature
from souk.store.calls import call
from souk.store.clients import client


class KmsSigner:
    """Signs with the KMS key of this id, ARN or alias."""

    def __init__(self, key_id: str) -> None:
        self._key_id = key_id

    def public_jwk(self) -> dict[str, str]:
        """The public key as a JWK, asked for once. Raises Busy, Failed."""
        return self._public_jwk

    def sign(self, message: bytes) -> bytes:
        """The signature over the message (up to 4096 bytes), r and s of 32 bytes each. Raises Busy, Failed."""
        wanted = {"KeyId": self._key_id, "Message": message}
        answer = call(client("kms").sign, **wanted, MessageType="RAW", SigningAlgorithm="ECDSA_SHA_256")
        return raw_signature(answer["Signature"])

    @cached_property
    def _public_jwk(self) -> dict[str, str]:
        answer = call(client("kms").get_public_key, KeyId=self._key_id)
        try:
            return public_jwk(load_der_public_key(answer["PublicKey"]))
        except ValueError as error:
            raise Failed(str(error)) from error
