"""Servers of contract terms as the Open Data Contract Standard 3.1 writes them.

The standard names for each type which fields a server must have and which it may have, and refuses all others. A
server that does not fit its type is written as a custom one, which may have all fields, and keeps its type's name.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Wire = dict[str, Any]
_TYPES = {
    "api": ("location", ""),
    "athena": ("stagingDir schema", "catalog regionName"),
    "azure": ("location format", "delimiter"),
    "bigquery": ("project dataset", ""),
    "clickhouse": ("host port database", ""),
    "cloudsql": ("host port database schema", ""),
    "databricks": ("catalog schema", "host"),
    "db2": ("host port database", "schema"),
    "glue": ("account database", "location format"),
    "hive": ("host database", "port"),
    "impala": ("host database", "port"),
    "informix": ("host database", "port"),
    "kafka": ("host", "format"),
    "kinesis": ("", "region format"),
    "mysql": ("host port database", ""),
    "oracle": ("host port serviceName", ""),
    "postgres": ("host port database schema", ""),
    "postgresql": ("host port database schema", ""),
    "presto": ("host", "catalog schema"),
    "redshift": ("database schema", "host region account"),
    "s3": ("location", "endpointUrl format delimiter"),
    "sftp": ("location", "format delimiter"),
    "snowflake": ("account database schema", "host port warehouse"),
    "sqlserver": ("host database schema", "port"),
    "trino": ("host port catalog schema", ""),
}
"""What a server of a type must have, and what it may have besides."""
_RENAMED = {
    "endpoint_url": "endpointUrl",
    "region_name": "regionName",
    "service_name": "serviceName",
    "staging_dir": "stagingDir",
}
_PLAIN = (
    *("account", "catalog", "database", "dataset", "delimiter", "format", "host", "location", "path", "project"),
    *("region", "schema", "stream", "warehouse"),
)


def show_servers(servers: Iterable[Wire]) -> list[Wire]:
    """The servers in the standard's words."""
    return [_show(server) for server in servers]


def properties_of(pairs: Iterable[tuple[str, Any]]) -> list[Wire]:
    """Custom properties of the standard; what is empty is left out."""
    return [{"property": name, "value": value} for name, value in pairs if value not in (None, "", [], {})]


def number_of(value: Any) -> Any:
    """The number that a text says, or None."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    try:
        return int(value) if float(value) == int(float(value)) and "e" not in str(value).lower() else float(value)
    except (ValueError, OverflowError):
        return None


def _show(server: Wire) -> Wire:
    fields = {name: server[name] for name in _PLAIN if server.get(name)}
    fields |= {name: server[own] for own, name in _RENAMED.items() if server.get(own)}
    port = number_of(server.get("port"))
    fields |= {"port": port} if isinstance(port, int) else {}
    sent = str(server.get("type") or "").lower()
    must, may = (set(names.split()) for names in _TYPES.get(sent, ("-", "")))
    fits = must <= fields.keys() <= must | may
    others = [("type", None if fits else server.get("type")), ("connectionId", server.get("connection_id"))]
    others += [("assetId", (server.get("asset") or {}).get("id"))]
    others += [("port", None if isinstance(port, int) else server.get("port"))]
    others += [(one["key"], one["value"]) for one in server.get("custom_properties") or []]
    shown: Wire = {"server": server["server"], "type": sent if fits else "custom"}
    shown |= {name: server[name] for name in ("description", "environment") if server.get(name)}
    shown |= fields
    shown |= {"roles": [{"role": role} for role in server["roles"]]} if server.get("roles") else {}
    custom = properties_of(others)
    return {**shown, "customProperties": custom} if custom else shown
