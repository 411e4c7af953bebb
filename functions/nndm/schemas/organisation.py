"""Teams, source systems, definitions (contract sections 3.4 to 3.6)."""

from __future__ import annotations

from typing import Literal

from nndm.schemas.fields import Common, Number, Shape, Tags, Text


class Member(Shape):
    """Who belongs to a team."""

    email_address: str | None = None
    role: str | None = None


class Team(Common):
    """A team. `Team` and `Domain` are types of later versions of the API."""

    id: Text
    name: Text
    type: Literal["Domain Team", "Enabling Team", "Platform Team", "Governance Group", "Team", "Domain"]
    description: str | None = None
    members: list[Member] | None = None
    parent: str | None = None


class SourceSystem(Common):
    """Where data comes from."""

    id: Text
    name: Text
    owner: Text
    description: str | None = None


class Definition(Common):
    """A business term."""

    id: Text
    owner: Text
    domain: Text
    name: Text
    title: str | None = None
    description: str | None = None
    type: str | None = None
    format: str | None = None
    pattern: str | None = None
    example: str | None = None
    classification: str | None = None
    enum: Tags = None
    min_length: Number | None = None
    max_length: Number | None = None
    minimum: Number | None = None
    maximum: Number | None = None
    exclusive_minimum: Number | None = None
    exclusive_maximum: Number | None = None
    pii: bool | None = None
