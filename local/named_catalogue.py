"""Doors whose servers make the ids of records: these are told apart by their names.

A name that is there twice cannot be carried.
"""

from __future__ import annotations

from local.catalogue import Document, Refused, Server


class Named(Server):
    """A door whose records are known by their names."""

    key = "name"

    def __init__(self, url: str, key: str) -> None:
        super().__init__(url, key)
        self._ids: dict[tuple[str, str], str] = {}

    def _known(self, kind: str, document: Document, id: str) -> tuple[str, str]:
        place = (kind, str(document["name"]))
        if self._ids.setdefault(place, id) != id:
            raise Refused(f"there are two {kind} of the name {place[1]!r}; rename one of them")
        return place

    def _id(self, kind: str, name: str) -> str:
        try:
            return self._ids[kind, name]
        except KeyError:
            raise Refused(f"{kind}: there is none of the name {name!r}") from None
