"""The public half of a P-256 key as the world sees it, and signatures in the form that JWS wants."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from hashlib import sha256

import orjson
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

_WIDTH = 32


def public_jwk(key: object) -> dict[str, str]:
    """The JWK of a public key. Raises ValueError unless it is on P-256."""
    if not isinstance(key, EllipticCurvePublicKey) or not isinstance(key.curve, SECP256R1):
        raise ValueError("the signing key is not an elliptic curve key on P-256")
    numbers = key.public_numbers()
    members = {"crv": "P-256", "kty": "EC", "x": _number(numbers.x), "y": _number(numbers.y)}
    thumbprint = sha256(orjson.dumps(members, option=orjson.OPT_SORT_KEYS)).digest()
    return {**members, "kid": text(thumbprint), "alg": "ES256", "use": "sig"}


def raw_signature(der: bytes) -> bytes:
    """A DER signature as r and s of fixed width."""
    r, s = decode_dss_signature(der)
    return r.to_bytes(_WIDTH, "big") + s.to_bytes(_WIDTH, "big")


def text(data: bytes) -> str:
    """Unpadded base64url."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _number(value: int) -> str:
    return text(value.to_bytes(_WIDTH, "big"))
