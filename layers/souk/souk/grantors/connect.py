"""The grantor of this deployment: `SOUK_GRANTOR` is none (the default), external or lakeformation."""

from __future__ import annotations

import os

from souk.grantors.port import Bystander, Grantor

_grantor: Grantor | None = None


def connect() -> Grantor:
    """The grantor of this process, chosen on first use. Raises ValueError for an unknown `SOUK_GRANTOR`."""
    return _grantor or _from_environment()


def use(grantor: Grantor | None) -> None:
    """Make `connect` answer this one from now on; None: choose by the environment again."""
    global _grantor  # noqa: PLW0603 - one grantor per process is the point
    _grantor = grantor


def _from_environment() -> Grantor:
    chosen = os.environ.get("SOUK_GRANTOR", "none")
    if chosen in {"none", "external"}:
        return Bystander(chosen, reports=chosen == "external")
    if chosen == "lakeformation":
        from souk.grantors.lake_formation import LakeFormation

        return LakeFormation.from_environment()
    raise ValueError(f"SOUK_GRANTOR must be none, external or lakeformation, not {chosen!r}")
