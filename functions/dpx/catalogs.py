"""The catalog that newer operations name in their query (contract section 6)."""

from __future__ import annotations

from dpx.paths import demand_catalog
from souk.edge.request import Request
from souk.errors import Invalid
from souk.setup.catalogue import CATALOGUE

CONTAINER = "container.id"


def demand_container(request: Request) -> None:
    """The query must name the catalog. Raises Invalid, NotFound."""
    container = request.query_one(CONTAINER)
    if not container:
        raise Invalid(f"{CONTAINER}: is required", code="missing")
    demand_catalog(container)


def allow_container(request: Request) -> None:
    """The query may name the catalog; without it, the default one is meant. Raises NotFound."""
    demand_catalog(request.query_one(CONTAINER) or CATALOGUE)
