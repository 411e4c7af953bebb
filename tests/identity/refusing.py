"""Shorthands: whose a token is, and why one is refused."""

from __future__ import annotations

from typing import Any

import pytest

from souk.errors import Unauthenticated
from souk.identity import tokens
from souk.identity.principal import Principal
from souk.store.port import Store
from souk.work import Work
from tests.identity import mint


def who(store: Store, **changes: Any) -> Principal:
    return tokens.principal_of(mint.token(**changes), Work(store))


def refusal(store: Store, token: str) -> str:
    with pytest.raises(Unauthenticated) as caught:
        tokens.principal_of(token, Work(store))
    return caught.value.message
