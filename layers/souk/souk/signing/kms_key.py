"""A signing key in AWS KMS (ECC_NIST_P256, SIGN_VERIFY). Needs kms:Sign and kms:GetPublicKey."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from cryptography.hazmat.primitives.serialization import load_der_public_key

from souk.errors import Failed
from souk.signing.jwk import public_jwk, raw_signature

_CONFIG = Config(connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 3})


class KmsSigner:
    """Signs with the KMS key of this id, ARN or alias."""

    def __init__(self, key_id: str) -> None:
        self._key_id = key_id
        self._client: Any = boto3.client("kms", config=_CONFIG)

    def public_jwk(self) -> dict[str, str]:
        """The public key as a JWK, asked for once. Raises Failed."""
        return self._public_jwk

    def sign(self, message: bytes) -> bytes:
        """The signature over the message (up to 4096 bytes), r and s of 32 bytes each. Raises Failed."""
        try:
            answer = self._client.sign(
                KeyId=self._key_id, Message=message, MessageType="RAW", SigningAlgorithm="ECDSA_SHA_256"
            )
        except (BotoCoreError, ClientError) as error:
            raise Failed("the signing key's service did not answer") from error
        return raw_signature(answer["Signature"])

    @cached_property
    def _public_jwk(self) -> dict[str, str]:
        try:
            answer = self._client.get_public_key(KeyId=self._key_id)
            return public_jwk(load_der_public_key(answer["PublicKey"]))
        except (BotoCoreError, ClientError) as error:
            raise Failed("the signing key's service did not answer") from error
        except ValueError as error:
            raise Failed(str(error)) from error
