"""Sample data products of our own making: a coffee roastery that shares what it knows."""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple, cast
from uuid import UUID, uuid5

from souk.catalogue import View, keep
from souk.ids import record_key
from souk.products.card import KIND as PRODUCT
from souk.products.card import Card
from souk.releases.keeping import keep_offering, keep_version
from souk.releases.model import DRAFT, FIRST_VERSION, KIND, OFFERING, OfferingCard, Publishing, ReleaseCard, Terms
from souk.releases.product import Product
from souk.releases.publishing import announce, commit_release
from souk.setup.domains import Step, domain_id
from souk.setup.methods import DOWNLOAD, OPEN_URL
from souk.work import Work

_SPACE = UUID("4c8b2a6f-70de-4b19-8e3d-5a1f9c07d284")
_MAKER = "souk"


class Sample(NamedTuple):
    """One product. `file`: name and text of a table that it offers; `page`: where it can be looked at."""

    title: str
    description: str
    domain: tuple[str, ...]
    tags: tuple[str, ...]
    file: tuple[str, str]
    page: str


SAMPLES = (
    Sample(
        "Roast batches",
        "Every batch that left a roaster: beans, weight in and out, end temperature.",
        ("Production", "Manufacturing"),
        ("coffee", "production"),
        (
            "roast-batches.csv",
            (
                "batch,roasted_on,bean,kilograms_in,kilograms_out,end_celsius\n"
                "1001,2026-01-12,Sidamo,60.0,51.2,214\n1002,2026-01-12,Huila,60.0,50.9,217\n"
                "1003,2026-01-13,Sidamo,45.0,38.4,213\n"
            ),
        ),
        "https://example.com/roastery/batches",
    ),
    Sample(
        "Shop sales by day",
        "Cups and bags sold in each shop on each day, without anything about persons.",
        ("Sales and marketing", "Sales planning"),
        ("coffee", "sales"),
        (
            "shop-sales.csv",
            "day,shop,cups,bags\n2026-01-12,Harbour,412,37\n2026-01-12,Station,655,18\n2026-01-13,Harbour,398,41\n",
        ),
        "https://example.com/roastery/sales",
    ),
    Sample(
        "Green coffee stock",
        "What lies in the warehouse on Monday morning, by origin and harvest.",
        ("Supply chain", "Inventory"),
        ("coffee", "stock"),
        (
            "green-stock.csv",
            (
                "week,origin,harvest,bags\n2026-W03,Ethiopia,2025,118\n2026-W03,Colombia,2025,203\n"
                "2026-W04,Ethiopia,2025,96\n"
            ),
        ),
        "https://example.com/roastery/stock",
    ),
)


def sample_steps(dialect: str) -> list[Step]:
    """One commit for every sample that is not there yet. Its file is written by `sample_files`."""
    return [partial(_install, sample, dialect) for sample in SAMPLES]


def sample_files() -> list[tuple[str, bytes]]:
    """Key and bytes of every file that samples offer for download."""
    return [(_file_key(sample), sample.file[1].encode()) for sample in SAMPLES]


def _file_key(sample: Sample) -> str:
    return f"samples/{sample.file[0]}"


def _install(sample: Sample, dialect: str, work: Work) -> None:
    product, version = _id(sample, "product"), _id(sample, "version")
    work.fetch([record_key(PRODUCT, product), record_key(OFFERING, product), record_key(KIND, version)])
    if work.find(OFFERING, product) or work.find(PRODUCT, product) or work.find(KIND, version):
        return
    _put_assets(work, sample, dialect)
    offering = OfferingCard(product=product, name=sample.title, created_by=_MAKER, published=False, mirror=None)
    keep_offering(work, Product(product, product, None, None), offering)
    keep_version(work, version, _draft(sample, product, dialect), {})
    commit_release(work, version, "sample", dialect)
    announce(work, version, "sample")


def _draft(sample: Sample, product: str, dialect: str) -> ReleaseCard:
    card: dict[str, Any] = {
        "title": sample.title,
        "description": sample.description,
        "domain": domain_id(*sample.domain),
        "tags": list(sample.tags),
        "types": ["data"],
        "ports": [_port(sample, "file", DOWNLOAD), _port(sample, "page", OPEN_URL)],
        "origin": dialect,
    }
    return ReleaseCard(
        product=product,
        state=DRAFT,
        version=FIRST_VERSION,
        content=cast(Card, card),
        terms=Terms(id=_id(sample, "terms"), documents=[]),
        created_by=_MAKER,
        publishing=Publishing(attempt="sample", by=_MAKER, due="9999"),
    )


def _port(sample: Sample, kind: str, method: str) -> dict[str, Any]:
    asset = _id(sample, kind)
    name = _asset_name(sample, kind)
    return {"id": asset, "name": name, "asset": asset, "delivery_methods": [method], "auto_approve": True}


def _asset_name(sample: Sample, kind: str) -> str:
    return sample.file[0] if kind == "file" else f"{sample.title} on the web"


def _put_assets(work: Work, sample: Sample, dialect: str) -> None:
    for kind, type, location in (("file", "data", _file_key(sample)), ("page", "url", sample.page)):
        card = {"name": _asset_name(sample, kind), "type": type, "location": location, "public": True}
        keep(work, "asset", _id(sample, kind), card, View(dialect, None))


def _id(sample: Sample, what: str) -> str:
    return str(uuid5(_SPACE, f"{sample.title}\0{what}"))
