"""The surroundings of histories: a signing key, a clock of their own, and no log lines."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from souk import clock
from tests.models.scene import CLOCK


@pytest.fixture
def surroundings(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SOUK_SIGNING_KEY", f"file:{tmp_path_factory.mktemp('signing') / 'key.pem'}")
    monkeypatch.setattr(clock, "now", CLOCK.now)
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)
