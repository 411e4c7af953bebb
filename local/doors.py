"""Which door answers a path, now that all doors share one base URL. On AWS each has a host of its own."""

from __future__ import annotations

from collections.abc import Collection

PREFIXES: tuple[tuple[str, str], ...] = (
    ("/api/data-product", "immuta"),
    ("/api/access-request", "immuta"),
    ("/api/approval-record", "immuta"),
    ("/api/request-form", "immuta"),
    ("/api/data-use-agreement", "immuta"),
    ("/api/auth", "immuta"),
    ("/marketplace", "immuta"),
    ("/api/v1", "nav"),
    ("/data_product_exchange", "dpx"),
    ("/v2", "dpx"),
    ("/v3", "dpx"),
    ("/api", "nndm"),
    ("/", "hub"),
)
"""Prefixes of whole path segments and the door behind each, the longer before the shorter."""


BASE_PATHS = {"immuta": "/marketplace"}
"""Base paths that a custom domain on AWS maps to a door: part of the path, but of no route."""


def routed_path(path: str, door: str) -> str:
    """The path that the door's routes are matched against."""
    base = BASE_PATHS.get(door)
    return path.removeprefix(base) if base and path.startswith(base + "/") else path


def door_of(path: str, present: Collection[str]) -> str | None:
    """The door of a decoded path, among the doors that are present."""
    for prefix, door in PREFIXES:
        if door in present and (path == prefix or path.startswith(prefix.rstrip("/") + "/")):
            return door
    return None
