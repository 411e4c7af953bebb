"""Requests for access at an output port."""

from __future__ import annotations

from nndm.schemas.fields import Shape, Text


class OwnRequest(Shape):
    """Why the caller wants the data."""

    purpose: Text
