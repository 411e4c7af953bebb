"""Where a data asset says that its data lies: an attachment, a connection, a table (contract 4.1)."""

from __future__ import annotations

from typing import Any

Wire = dict[str, Any]
CONNECTION = "connection"


def place_of(document: Wire) -> Wire:
    """`location`, and `connection` where it is a path below one; empty where the document names no place."""
    type = document["metadata"]["asset_type"]
    own = _object(document.get("entity", {}).get(type))
    if type == CONNECTION:
        properties = _object(own.get("properties"))
        bucket, prefix = _text(properties.get("bucket")), _text(properties.get("prefix")).strip("/")
        return {"location": f"s3://{bucket}/{prefix}".rstrip("/")} if bucket else {}
    attachments = document.get("attachments")
    first = _object(attachments[0]) if isinstance(attachments, list) and attachments else {}
    if _text(first.get("connection_id")) and _text(first.get("connection_path")):
        return {"connection": first["connection_id"], "location": first["connection_path"]}
    if _text(first.get("object_key")):
        bucket, key = _text(first.get("bucket")), first["object_key"].lstrip("/")
        return {"location": f"s3://{bucket}/{key}" if bucket else key}
    database, table = _text(own.get("database")), _text(own.get("table"))
    return {"location": f"glue://{database}/{table}"} if database and table else {}


def _object(value: Any) -> Wire:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
