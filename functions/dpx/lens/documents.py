"""Contract terms documents as clients see them."""

from __future__ import annotations

from typing import Any

from souk.releases.model import Document

Wire = dict[str, Any]


def show_document(document: Document, *, url: str | None = None, upload_url: str | None = None) -> Wire:
    """A document by itself. `url`: a signed link to the attachment; `upload_url`: where to put it."""
    shown = show_listed(document)
    return shown | ({"url": url} if url else {}) | ({"upload_url": upload_url} if upload_url else {})


def show_listed(document: Document) -> Wire:
    """A document inside its version: without signed links, which are made when the document itself is read."""
    shown: Wire = {"id": document["id"], "type": document["type"], "name": document["name"]}
    if "url" in document:
        shown["url"] = document["url"]
    if "attachment" in document:
        shown["attachment"] = {"id": document["attachment"]["id"]}
    return shown
