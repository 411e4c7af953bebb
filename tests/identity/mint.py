"""A token issuer outside Souk: its keys, its tokens, right ones and forged ones, and its key set on a local port."""

from __future__ import annotations

import hmac
import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ISSUER = "https://login.company.example"
AUDIENCE = "souk"
USER_ID = "3f2b8a54-6c1e-4d7a-9b0f-0a1b2c3d4e5f"


@cache
def rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


@cache
def ec_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@cache
def wide_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP384R1())


def jwk(key: Any, kid: str, **members: Any) -> dict[str, Any]:
    """The public half as the issuer publishes it."""
    algorithms: dict[type, Any] = {rsa.RSAPrivateKey: jwt.algorithms.RSAAlgorithm}
    algorithm = next((found for kind, found in algorithms.items() if isinstance(key, kind)), jwt.algorithms.ECAlgorithm)
    return {**algorithm.to_jwk(key.public_key(), as_dict=True), "kid": kid, **members}


def claims(**changes: Any) -> dict[str, Any]:
    """Claims of a good token; None takes a claim away, a timedelta is an instant so far from now."""
    now = int(time.time())
    usual = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "iat": now,
        "nbf": now,
        "exp": now + 600,
        "sub": USER_ID,
        "name": "Ada Lovelace",
        "preferred_username": "Ada@Company.example",
    }
    moved = {name: now + round(by.total_seconds()) for name, by in changes.items() if isinstance(by, timedelta)}
    return {name: value for name, value in {**usual, **changes, **moved}.items() if value is not None}


def token(key: Any = None, algorithm: str = "RS256", kid: str | None = "rsa-1", **changes: Any) -> str:
    """A token signed by the issuer."""
    headers = {} if kid is None else {"kid": kid}
    return jwt.encode(claims(**changes), key or rsa_key(), algorithm=algorithm, headers=headers)


def forged(header: dict[str, Any], sign: Callable[[bytes], bytes], **changes: Any) -> str:
    """A token put together by hand."""
    message = f"{part(header)}.{part(claims(**changes))}"
    return f"{message}.{text(sign(message.encode()))}"


def hmac_with_public_key(message: bytes) -> bytes:
    """The signature of the classic confusion: the public key taken as a shared secret."""
    pem = rsa_key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return hmac.new(pem, message, sha256).digest()


def part(value: Any) -> str:
    return text(json.dumps(value).encode())


def text(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


class KeyServer:
    """Serves answers by path on a free port of 127.0.0.1 and counts the requests."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[int, dict[str, str], bytes]] = {}
        self.requests: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.requests.append(self.path)
                status, headers, body = outer.answers.get(self.path, (404, {}, b""))
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self._server.server_port}{path}"

    def serve(self, path: str, document: Any) -> None:
        self.answers[path] = (200, {}, json.dumps(document).encode())

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
