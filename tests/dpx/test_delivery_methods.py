"""Deliveries: by each method (contract 4.3)."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from souk.documents import objects, transfers
from souk.identity.principal import Principal
from souk.setup.methods import COPY_TO_BUCKET, EXTERNAL, LAKE_GRANT
from souk.store import clients
from tests.dpx.driver import BASE, Wire
from tests.dpx.hub import DOWNLOAD, OPEN_URL, part, some_id
from tests.dpx.ordering import Shop, asset, contents, file_asset, page_asset, reasons, url_of

KEY = Principal("key", "a-key")
ROLE = "arn:aws:iam::123456789012:role/analysts"


def test_a_download_is_a_fresh_link_to_the_file(shop: Shop) -> None:
    file = file_asset(shop.hub, text=b"the bytes")
    (output,) = shop.outputs(shop.order(shop.release((file, DOWNLOAD)), (file, DOWNLOAD)))
    assert output["metadata"]["name"] == "batches.csv"
    link = httpx.URL(url_of(output))
    assert link.path.endswith("data/batches.csv")
    assert {"X-Amz-Signature", "X-Amz-Expires"} <= set(link.params)
    assert clients.client("s3").get_object(Bucket=link.host.split(".")[0], Key="data/batches.csv")["Body"].read() == (
        b"the bytes"
    )


def test_an_open_url_is_the_address_itself(shop: Shop) -> None:
    page = page_asset(shop.hub, "https://example.com/never/fetched")
    (output,) = shop.outputs(shop.order(shop.release((page, OPEN_URL)), (page, OPEN_URL)))
    assert url_of(output) == "https://example.com/never/fetched"


def test_a_copy_lies_below_a_prefix_of_the_orders_own(shop: Shop, their_bucket: str) -> None:
    file = file_asset(shop.hub, text=b"x" * 1000)
    release = shop.release((file, COPY_TO_BUCKET))
    order = shop.order(release, (file, COPY_TO_BUCKET), bucket=their_bucket, prefix="/in/")
    assert shop.states(order) == ["delivered"]
    ((key, copied),) = contents(their_bucket).items()
    assert key.startswith(f"in/{order['id']}/")
    assert copied == b"x" * 1000
    shop.decide(order, "revoked")
    assert (shop.states(order), contents(their_bucket)) == (["revoked"], {})


def test_what_the_consumer_put_in_place_of_a_copy_stays(shop: Shop, their_bucket: str) -> None:
    file = file_asset(shop.hub)
    order = shop.order(shop.release((file, COPY_TO_BUCKET)), (file, COPY_TO_BUCKET), bucket=their_bucket)
    (key,) = contents(their_bucket)
    clients.client("s3").put_object(Bucket=their_bucket, Key=key, Body=b"my own")
    shop.decide(order, "revoked")
    assert contents(their_bucket) == {key: b"my own"}


def test_large_objects_are_copied_part_by_part(shop: Shop, bucket: str, their_bucket: str) -> None:
    size = 5 * 1024 * 1024
    data = b"a" * size + b"b" * size + b"tail"
    objects.write("data/large", data, "text/plain")
    etag = transfers.copy(bucket, "data/large", their_bucket, "copy", largest=1024, part=size)
    assert contents(their_bucket) == {"copy": data}
    assert etag.endswith("-3")
    transfers.remove_copy(their_bucket, "copy", etag)
    assert contents(their_bucket) == {}


@pytest.mark.parametrize(
    ("bucket_given", "prefix"),
    [("documents-of-tests", ""), ("UPPER", ""), ("", ""), ("a/b", ""), ("no-such-bucket-of-anybody", ""), (7, "")],
)
def test_a_bucket_that_cannot_be_copied_to_fails_the_item(shop: Shop, bucket_given: Any, prefix: str) -> None:
    file = file_asset(shop.hub)
    release = shop.release((file, COPY_TO_BUCKET))
    order = shop.order(release, (file, COPY_TO_BUCKET), bucket=bucket_given, prefix=prefix)
    assert (shop.shown(order)["state"], shop.states(order)) == ("failed", ["failed"])
    assert "bucket" in reasons(shop, order)[0]


def test_a_grant_on_a_table_is_given_and_taken_back(shop: Shop) -> None:
    lake = clients.client("lakeformation")
    table = asset(shop.hub, entity={"data_asset": {"database": "roastery", "table": "batches"}})
    order = shop.order(shop.release((table, LAKE_GRANT)), (table, LAKE_GRANT), principal=ROLE)
    assert shop.states(order) == ["delivered"]
    wanted: Wire = {
        "Principal": {"DataLakePrincipalIdentifier": ROLE},
        "Resource": {"Table": {"DatabaseName": "roastery", "Name": "batches"}},
    }
    (granted,) = lake.list_permissions(**wanted)["PrincipalResourcePermissions"]
    assert granted["Resource"]["Table"]["Name"] == "batches"
    assert set(granted["Permissions"]) == {"SELECT", "DESCRIBE"}
    shop.decide(order, "revoked")
    left = lake.list_permissions(**wanted)["PrincipalResourcePermissions"]
    assert ([one for one in left if one["Permissions"]], shop.states(order)) == ([], ["revoked"])


def test_nobody_is_granted_a_table_without_a_name(shop: Shop) -> None:
    table = asset(shop.hub, entity={"data_asset": {"database": "roastery", "table": "batches"}})
    order = shop.order(shop.release((table, LAKE_GRANT)), (table, LAKE_GRANT), principal="IAM_ALLOWED_PRINCIPALS")
    assert shop.states(order) == ["failed"]


def test_an_external_system_is_told_and_reports_back(shop: Shop) -> None:
    file, page = file_asset(shop.hub), page_asset(shop.hub)
    release = shop.release((file, EXTERNAL), (page, OPEN_URL))
    order = shop.order(release, (file, EXTERNAL), (page, OPEN_URL))
    assert (shop.shown(order)["state"], shop.states(order)) == ("ready_to_deliver", ["in_progress", "delivered"])
    notices = [event for item in shop.store.pending_notices(100) for event in item.events]
    (asked,) = [one["data"] for one in notices if one["name"] == "delivery.requested"]
    assert (asked["order"], asked["asset"]) == (order["id"], file)
    place = f"{BASE}/subscriptions/{order['id']}/items/{asked['item']}"
    told: list[Wire] = [
        {"op": "add", "path": "/output", "value": {"name": "Share", "url": "https://example.com/share"}},
        {"op": "replace", "path": "/data_product_delivery_state", "value": "delivered"},
    ]
    for value in ("gone", "received", 7):
        shop.hub.api.patch(place, told[1] | {"value": value}).refused(400)
    item = shop.hub.api.patch(place, *told).expect(200)
    assert item["properties"]["data_product_delivery_state"] == "delivered"
    assert shop.shown(order)["state"] == "succeeded"
    assert url_of(shop.outputs(order)[0]) == "https://example.com/share"
    shop.hub.api.patch(place, *told).refused(409, "conflict")


def test_an_external_system_that_fails_leaves_the_rest_delivered(shop: Shop) -> None:
    file, page = file_asset(shop.hub), page_asset(shop.hub)
    order = shop.order(shop.release((file, EXTERNAL), (page, OPEN_URL)), (file, EXTERNAL), (page, OPEN_URL))
    item = shop.items(order)[0]["id"]
    change = {"op": "replace", "path": "/data_product_delivery_state", "value": "failed"}
    shop.hub.api.patch(f"{BASE}/subscriptions/{order['id']}/items/{item}", change).expect(200)
    assert shop.shown(order)["state"] == "partially_delivered"


def test_an_unknown_method_fails_when_it_is_delivered(shop: Shop) -> None:
    page, elsewhere = page_asset(shop.hub), some_id()
    order = shop.order(shop.release((page, elsewhere)), (page, elsewhere))
    assert shop.shown(order)["state"] == "failed"


def test_a_part_without_a_method_gives_access_alone(shop: Shop) -> None:
    page = page_asset(shop.hub)
    release = shop.hub.release(parts_out=[part(page)])
    order = shop.order(release, (page, None))
    assert (shop.shown(order)["state"], shop.outputs(order)) == ("succeeded", [])


@pytest.mark.parametrize(
    "location",
    ["bodies/x", "documents/uploads/x", "search/index", "data/../bodies/x", "s3://documents-of-tests/bodies/x"],
)
def test_what_is_not_a_products_own_is_not_delivered(shop: Shop, location: str) -> None:
    objects.write("bodies/x", b"secret", "text/plain")
    sly = asset(shop.hub, attachments=[{"object_key": location.removeprefix("s3://documents-of-tests/")}])
    order = shop.order(shop.release((sly, DOWNLOAD)), (sly, DOWNLOAD))
    assert (shop.states(order), shop.outputs(order)) == (["failed"], [])


def test_other_buckets_are_the_operators_to_open(
    shop: Shop, their_bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    clients.client("s3").put_object(Bucket=their_bucket, Key="in/a.csv", Body=b"a")
    file = asset(shop.hub, attachments=[{"bucket": their_bucket, "object_key": "in/a.csv"}])
    release = shop.release((file, DOWNLOAD))
    assert shop.states(shop.order(release, (file, DOWNLOAD))) == ["failed"]
    monkeypatch.setenv("SOUK_DATA_BUCKETS", f"another,{their_bucket}")
    assert shop.states(shop.order(release, (file, DOWNLOAD))) == ["delivered"]


def test_a_bucket_that_was_made_delivers_when_the_operator_has_added_it(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = shop.hub.api.post(f"{BASE}/bucket?is_shared=true").expect(201)
    made = shop.hub.api.post(f"{BASE}/bucket?is_shared=false").expect(201)
    assert "message" not in shared
    assert "DataBuckets" in made["message"]
    name = made["bucket_name"]
    assert shop.hub.api.get(f"{BASE}/bucket/validate/{name}").expect(200) == {"bucket_exists": True}
    clients.client("s3").put_object(Bucket=name, Key="in/a.csv", Body=b"a")
    file = asset(shop.hub, attachments=[{"bucket": name, "object_key": "in/a.csv"}])
    release = shop.release((file, DOWNLOAD))
    order = shop.order(release, (file, DOWNLOAD))
    assert (shop.states(order), shop.outputs(order)) == (["failed"], [])
    assert "DataBuckets" in reasons(shop, order)[0]
    monkeypatch.setenv("SOUK_DATA_BUCKETS", name)
    (output,) = shop.outputs(shop.order(release, (file, DOWNLOAD)))
    link = httpx.URL(url_of(output))
    assert (link.host.split(".")[0], link.path) == (name, "/in/a.csv")


@pytest.mark.parametrize(("mode", "states"), [(16, ["delivered"]), (0, ["failed"])])
def test_a_connected_asset_goes_through_a_private_connection_only(
    shop: Shop, their_bucket: str, monkeypatch: pytest.MonkeyPatch, mode: int, states: list[str]
) -> None:
    monkeypatch.setenv("SOUK_DATA_BUCKETS", their_bucket)
    clients.client("s3").put_object(Bucket=their_bucket, Key="in/a.csv", Body=b"a")
    connection = asset(
        shop.hub,
        metadata={"asset_type": "connection", "rov": {"mode": mode}},
        entity={"connection": {"properties": {"bucket": their_bucket, "prefix": "in", "secret_key": "hidden"}}},
    )
    file = asset(shop.hub, attachments=[{"connection_id": connection, "connection_path": "/a.csv"}])
    order = shop.order(shop.release((file, DOWNLOAD)), (file, DOWNLOAD))
    assert shop.states(order) == states
