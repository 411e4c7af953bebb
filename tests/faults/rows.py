"""Which functions there are: each has one recorded invocation, as the tests of the repository hold."""

from __future__ import annotations

from tests.repository.tree import ROOT


def recordings(*folders: str) -> list[str]:
    """Names of the recorded invocations in these folders."""
    return sorted(f"{folder}/{path.stem}" for folder in folders for path in (ROOT / "events" / folder).glob("*.json"))
