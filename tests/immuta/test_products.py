"""Data products: create, read, change, delete, search (contract section 3)."""

from __future__ import annotations

from tests.immuta.conftest import World


def test_a_product_shows_every_field(world: World) -> None:
    made = world.product(description="What was sold", dataSources=[{"sourceId": "orders"}, {"sourceId": "customers"}])
    assert world.manager.get(f"/api/data-product/{made['id']}") == made
    assert made["sourceTypes"] == ["Redshift", "Snowflake"]
