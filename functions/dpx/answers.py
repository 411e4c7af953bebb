"""Answers that need more than the records at hand: names of domains, signed links."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dpx.lens.documents import show_document
from dpx.lens.product import show_product
from dpx.lens.version import names_no_domain, show_version
from souk.ids import record_key
from souk.organisation import domains
from souk.releases.documents import find_document, readable
from souk.releases.model import Document, Version
from souk.releases.product import Product
from souk.releases.reading import versions_of
from souk.work import Work

Wire = dict[str, Any]


def version_answer(work: Work, version: Version) -> Wire:
    """The version as its clients read it."""
    return show_version(version, domain_names(work, [version]))


def product_answer(work: Work, product: Product) -> Wire:
    """The product with its drafts and its latest release."""
    versions = versions_of(work, product)
    return show_product(product.uuid, product.name, versions, domain_names(work, versions))


def new_product_answer(work: Work, draft: Version) -> Wire:
    """A product that consists of this draft."""
    return show_product(draft.product, draft.card["title"], [draft], domain_names(work, [draft]))


def domain_names(work: Work, versions: Iterable[Version]) -> dict[str, str]:
    """Names of the domains that versions show but do not name: one read for all, none if there are none."""
    wanted = {domain for version in versions if (domain := names_no_domain(version))}
    work.fetch(record_key(domains.KIND, domain) for domain in wanted)
    found = {domain: work.find(domains.KIND, domain) for domain in wanted}
    return {domain: record.body["card"]["name"] for domain, record in found.items() if record}


def document_answer(version: Version, terms: str, document_id: str) -> Wire:
    """A document that can be read, with a fresh link if its bytes are here. Raises NotFound, Conflict."""
    return with_link(readable(find_document(version, terms, document_id)))


def with_link(document: Document) -> Wire:
    """The document; a completed attachment with a fresh download link, one to be uploaded without."""
    attachment = document.get("attachment")
    if attachment is None or "etag" not in attachment:
        return show_document(document)
    from souk.documents import objects

    return show_document(document, url=objects.download_link(attachment["key"], document["name"]))


def with_upload(document: Document) -> Wire:
    """A new document; an attachment with the link to put its bytes to."""
    attachment = document.get("attachment")
    if attachment is None:
        return show_document(document)
    from souk.documents import objects

    return show_document(document, upload_url=objects.upload_link(attachment["key"]))
