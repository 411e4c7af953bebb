"""Public keys of the company's token issuer, fetched by https, or from a file on this machine.

A set is kept for an hour and fetched anew for an unknown key, at most once a minute, so that made-up key ids cost the
issuer nothing. While the issuer does not answer, its last set serves for a day.
"""

from __future__ import annotations

import threading
import time
import urllib.request
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

import orjson

from souk.errors import Failed

MAX_AGE_SECONDS = 3600.0
MAX_STALE_SECONDS = 24 * 3600.0
REFRESH_SECONDS = 60.0
"""The least time between two fetches, successful or not, while keys are at hand."""
RETRY_SECONDS = 5.0
"""The least time between two fetches while there are none."""
TIMEOUT_SECONDS = 3.0
MAX_BYTES = 512 * 1024
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_NEVER = float("-inf")


@dataclass
class RemoteKeySet:
    """The keys behind one URL. Serves many threads; one fetches, those who need what it fetches wait."""

    url: str
    _keys: dict[str, dict[str, Any]] = field(default_factory=dict)
    _fetched: float = _NEVER
    _tried: float = _NEVER
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def find(self, kid: str) -> dict[str, Any] | None:
        """The key of this name, or None. Raises Failed when there are no keys and none can be fetched."""
        if not self._wanting(kid):
            return self._keys.get(kid)
        with self._lock:
            now = time.monotonic()
            if self._wanting(kid) and now - self._tried > (REFRESH_SECONDS if self._keys else RETRY_SECONDS):
                self._tried = now
                self._refresh(now)
            if not self._keys or now - self._fetched > MAX_STALE_SECONDS:
                raise Failed("the token issuer's keys cannot be fetched; send the request again")
            return self._keys.get(kid)

    def _wanting(self, kid: str) -> bool:
        return kid not in self._keys or time.monotonic() - self._fetched > MAX_AGE_SECONDS

    def _refresh(self, now: float) -> None:
        """Keys at hand are kept when the issuer does not answer: a token is not wrong because its issuer is down."""
        try:
            document = orjson.loads(_fetch(self.url))
            if "keys" not in document:  # an OpenID Connect configuration, which says where the keys are
                document = orjson.loads(_fetch(document["jwks_uri"]))
            entries = [entry for entry in document["keys"] if isinstance(entry, dict)]
        except (OSError, ValueError, KeyError, TypeError, AttributeError, HTTPException):
            return
        self._keys = {entry["kid"]: entry for entry in entries if isinstance(entry.get("kid"), str)}
        self._fetched = now


_sets: dict[str, RemoteKeySet] = {}


def at(url: str) -> RemoteKeySet:
    """The set behind the URL, one for the whole process."""
    return _sets.setdefault(url, RemoteKeySet(url))


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect could lead to an address that nobody configured."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def _fetch(url: str) -> bytes:
    """The bytes behind the URL. Raises OSError, ValueError (scheme, size), HTTPException."""
    place = urlsplit(url)
    local = place.scheme == "file" or (place.scheme == "http" and place.hostname in _LOOPBACK)
    if place.scheme != "https" and not local:
        raise ValueError("a key set comes by https")
    with urllib.request.build_opener(_NoRedirect).open(url, timeout=TIMEOUT_SECONDS) as answer:
        data: bytes = answer.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ValueError("the key set is too large")
    return data
