"""Grants in the systems that hold the data: desired state, which a `Grantor` brings about."""

from __future__ import annotations

from typing import Protocol

from souk.access.model import Card


class Grantor(Protocol):
    """Brings one system's permissions in line with an access. Called again and again; each call has one effect."""

    def apply(self, access_id: str, card: Card) -> None:
        """Grant what an active access gives, or take away what an ended one gave. Raises errors.Failed."""
        ...


class NoGrantor:
    """Souk records access; whoever reads its events provisions it."""

    def apply(self, access_id: str, card: Card) -> None:
        """Nothing to do here."""


def grantor() -> Grantor:
    """The grantor of this deployment."""
    return NoGrantor()
