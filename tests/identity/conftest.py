"""A fresh store, a trusted company issuer, and a signing key of Souk's own for every test."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from souk import work
from souk.signing.key_file import FileSigner
from souk.store.port import Store
from tests.identity import mint
from tests.identity.mint import KeyServer

T = TypeVar("T")
Run = Callable[[Callable[[work.Work], T]], T]


@pytest.fixture
def run(store: Store) -> Callable[[Callable[[work.Work], Any]], Any]:
    """Runs a command and commits it."""
    return lambda command: work.run(store, command)


@pytest.fixture
def company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The environment trusts the company's issuer; its key set is the file that is returned."""
    keys = tmp_path / "jwks.json"
    keys.write_text(json.dumps({"keys": [mint.jwk(mint.rsa_key(), "rsa-1"), mint.jwk(mint.ec_key(), "ec-1")]}))
    monkeypatch.setenv("SOUK_ISSUER", mint.ISSUER)
    monkeypatch.setenv("SOUK_AUDIENCE", mint.AUDIENCE)
    monkeypatch.setenv("SOUK_JWKS_URL", keys.as_uri())
    return keys


@pytest.fixture
def signing_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FileSigner:
    path = tmp_path / "state" / "signing-key.pem"
    monkeypatch.setenv("SOUK_SIGNING_KEY", f"file:{path}")
    return FileSigner(path)


@pytest.fixture
def key_server() -> Iterator[KeyServer]:
    server = KeyServer()
    yield server
    server.close()
