"""The signer that the environment names."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from souk.errors import Failed
from souk.signing.port import Signer


def connect() -> Signer:
    """The signer of `SOUK_SIGNING_KEY`: `file:<path>`, or a KMS key's id, ARN or alias. Raises Failed without one."""
    named = os.environ.get("SOUK_SIGNING_KEY", "")
    if not named:
        raise Failed("no signing key is configured (SOUK_SIGNING_KEY)")
    return _signer(named)


@cache
def _signer(named: str) -> Signer:
    if named.startswith("file:"):
        from souk.signing.key_file import FileSigner

        return FileSigner(Path(named.removeprefix("file:")))
    from souk.signing.kms_key import KmsSigner

    return KmsSigner(named)
