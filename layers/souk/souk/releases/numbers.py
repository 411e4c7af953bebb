"""Version numbers: three whole numbers, compared as numbers."""

from __future__ import annotations

from collections.abc import Collection

from souk.releases.model import FIRST_VERSION


def raised(latest: str | None, taken: Collection[str]) -> str:
    """The number for a version after `latest`: its minor number raised, past every number that is taken."""
    if latest is None:
        return _free(1, 0, taken) if FIRST_VERSION in taken else FIRST_VERSION
    major, minor, _ = parts(latest)
    return _free(major, minor + 1, taken)


def parts(number: str) -> tuple[int, int, int]:
    """The three numbers of a version; what is no number, or is missing, counts as zero."""
    digits = [int(part) if part.isascii() and part.isdigit() and len(part) < 19 else 0 for part in number.split(".")]
    major, minor, patch, *_ = [*digits, 0, 0, 0]
    return major, minor, patch


def _free(major: int, minor: int, taken: Collection[str]) -> str:
    while f"{major}.{minor}.0" in taken:
        minor += 1
    return f"{major}.{minor}.0"
