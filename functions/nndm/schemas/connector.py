"""Connectors (contract X2)."""

from __future__ import annotations

from nndm.schemas.fields import Object, Shape, Text


class Info(Shape):
    """What the connector is."""

    type: str | None = None
    description: str | None = None
    connector_version: str | None = None


class Health(Shape):
    """How it is, in its own words."""

    status: str | None = None
    error_message: str | None = None


class Connector(Shape):
    """A connector. `state` and `custom` hold any JSON."""

    id: Text | None = None
    info: Info | None = None
    health: Health | None = None
    state: Object = None
    custom: Object = None
