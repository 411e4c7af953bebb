"""Bodies of the domain calls (contract section 6)."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from dpx.lens.content import Wire
from dpx.lens.domain import read_domain
from dpx.paths import demand_catalog
from dpx.schemas.fields import AnyId, Name, Shape, checked
from souk.organisation.domain_tree import MAX_PLANTED, Seedling

Text = Annotated[str, Field(max_length=4000)]


class Container(Shape):
    """The catalog that the domain is in."""

    id: AnyId


class MemberRoles(Shape):
    """What one person may do in the domain, kept as sent."""

    user_iam_id: str | None = None
    roles: list[str] | None = None


class Subdomain(Shape):
    """A domain below another."""

    name: Name
    id: AnyId | None = None
    description: Text | None = None


class Domain(Subdomain):
    """A domain to be made, or as a patch leaves it."""

    member_roles: MemberRoles | None = None
    properties: dict[str, Any] | None = None
    sub_container: Container | None = None
    rov: dict[str, Any] | None = None


class NewDomain(Domain):
    """A domain to be made, with those below it."""

    container: Container
    sub_domains: Annotated[list[Subdomain], Field(max_length=MAX_PLANTED)] | None = None


def new_domain(body: Wire) -> tuple[Seedling, list[Seedling]]:
    """The domain to be made and those below it. Raises Invalid, NotFound."""
    sent: Wire = checked(NewDomain, body)
    demand_catalog(sent["container"]["id"])
    return read_domain(sent), [read_domain(one) for one in sent.get("sub_domains", [])]


def new_subdomain(body: Wire) -> Seedling:
    """The domain to be made below another. Raises Invalid."""
    sent: Wire = checked(Subdomain, body)
    return read_domain({key: sent[key] for key in ("name", "id", "description") if key in sent})


def patched_domain(after: Wire) -> Seedling:
    """The domain as a patch leaves it. Raises Invalid."""
    return read_domain(checked(Domain, after))
