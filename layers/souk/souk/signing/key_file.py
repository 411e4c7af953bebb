"""A signing key in a file that only its owner may read; made on first use. For a run on one machine."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from souk.errors import Failed
from souk.signing.jwk import public_jwk, raw_signature


class FileSigner:
    """Signs with the key in `path` (PEM, PKCS 8)."""

    def __init__(self, path: Path) -> None:
        self._key = _load(path)

    def public_jwk(self) -> dict[str, str]:
        """The public key as a JWK."""
        return public_jwk(self._key.public_key())

    def sign(self, message: bytes) -> bytes:
        """The signature over the message, r and s of 32 bytes each."""
        return raw_signature(self._key.sign(message, ec.ECDSA(hashes.SHA256())))


def _load(path: Path) -> ec.EllipticCurvePrivateKey:
    """The key in the file, made if there is none. Raises Failed when it cannot be read or is of another kind."""
    try:
        if not path.exists():
            _make(path)
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise Failed(f"the signing key cannot be read: {type(error).__name__}") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise Failed("the signing key is not an elliptic curve key")
    return key


def _make(path: Path) -> None:
    """Write a new key, whole or not at all. Of several who make one at once, the first wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".signing-")  # made with mode 0600
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(draft)
    except FileExistsError:  # another process was first; its key counts
        pass
    finally:
        draft.unlink()
