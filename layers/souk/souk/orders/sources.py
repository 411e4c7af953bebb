"""Where a part's data lies: a page, an object, a table. A location that is not the product's to give is refused.

Objects lie in the own bucket below `data/` or `samples/`, or in a bucket that `SOUK_DATA_BUCKETS` names. A connected
asset is reached through its connection record, which must be private; the connection's credentials are never read.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import Any

from souk.errors import Invalid
from souk.orders.model import Item, OrderCard
from souk.products.card import Port
from souk.releases.reading import get_version
from souk.work import Work

OWN_PREFIXES = ("data/", "samples/")
_OBJECT = re.compile(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])/(.+)\Z", re.DOTALL)
_TABLE = re.compile(r"(?:glue://|arn:[a-z-]+:glue:[a-z0-9-]*:[0-9]*:table/)([^/\s]{1,255})/([^/\s]{1,255})\Z")
_PAGE = re.compile(r"https?://[^\s<>]+\Z")


@dataclass(frozen=True, slots=True)
class Source:
    """What is delivered. One of `url`, `bucket` with `key`, `table` (database and name), or none of them."""

    name: str
    url: str = ""
    bucket: str = ""
    key: str = ""
    table: tuple[str, str] | None = None


def source_of(work: Work, card: OrderCard, item: Item) -> Source:
    """Where the data of an item lies. Raises Invalid (the part or its connection is gone, or not to be given)."""
    version = get_version(work, card["version"])
    port = next((one for one in version.card["ports"] if one["id"] == item["port"]), None)
    if port is None:
        raise Invalid("the part is not in the release any more")
    asset = _asset(work, port)
    name = str(asset.get("name") or port["name"])
    location = str(asset.get("location") or port.get("location") or "")
    if asset.get("connection"):
        location = _through_connection(work, str(asset["connection"]), location)
    server = port.get("server") or {}
    found = _read(name, location or str(server.get("location") or ""), server)
    if port.get("doubted") and (found.key or found.table):
        raise Invalid("the place of the part was named by somebody who may not give what lies there")
    return found


def _asset(work: Work, port: Port) -> dict[str, Any]:
    found = work.find("asset", port["asset"]) if port.get("asset") else None
    return found.body["card"] if found else {}


def _through_connection(work: Work, connection_id: str, path: str) -> str:
    found = work.find("asset", connection_id)
    connection = found.body["card"] if found else {}
    if not connection.get("location"):
        raise Invalid("the connection of the asset does not exist, or names no place")
    if connection.get("public") is not False:
        raise Invalid("the connection of the asset must be private")
    return f"{str(connection['location']).rstrip('/')}/{path.lstrip('/')}"


def _read(name: str, location: str, server: dict[str, Any]) -> Source:
    if _PAGE.match(location):
        return Source(name, url=location)
    table = _TABLE.match(location)
    if table:
        return Source(name, table=(table[1], table[2]))
    if server.get("database") and server.get("table"):
        return Source(name, table=(str(server["database"]), str(server["table"])))
    if not location:
        return Source(name)
    found = _OBJECT.match(location)
    own = os.environ.get("SOUK_BUCKET", "")
    bucket, key = (found[1], found[2]) if found else (own, location)
    _demand_given(bucket, key, own)
    return Source(name, bucket=bucket, key=key)


def _demand_given(bucket: str, key: str, own: str) -> None:
    """The own bucket holds records' bodies and documents too; another bucket is the operator's to open."""
    allowed = {one for one in os.environ.get("SOUK_DATA_BUCKETS", "").split(",") if one}
    if bucket != own and bucket not in allowed:
        raise Invalid("the data lies in a bucket that the operator has not opened to deliveries (DataBuckets)")
    if ".." in key.split("/") or (bucket == own and not key.startswith(OWN_PREFIXES)):
        raise Invalid("the data lies where deliveries may not take it from")
