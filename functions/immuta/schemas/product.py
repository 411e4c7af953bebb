"""Bodies of data products (contract section 3)."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, Field

from immuta.schemas.fields import CuidOrUuid, ExactUuid, Name, Object, Shape, Text, Uuid, checked
from souk.edge.call import Call
from souk.errors import Invalid


class Expert(Shape):
    """The subject matter expert."""

    id: Uuid
    username: str | None = None
    name: str | None = None


class Metadata(Shape):
    """What is known of a product beside its data."""

    subjectMatterExpert: Expert  # noqa: N815 - the wire's name


class Attached(Shape):
    """A data source, by its id."""

    sourceId: Text  # noqa: N815 - the wire's name


def _distinct(domains: list[str]) -> list[str]:
    return list(dict.fromkeys(domains))


Domains = Annotated[list[Text], Field(min_length=1, max_length=40), AfterValidator(_distinct)]


class _Optional(Shape):
    description: str | None = None
    requestFormId: CuidOrUuid | None = None  # noqa: N815 - the wire's names
    dataAccessRequestFormId: CuidOrUuid | None = None  # noqa: N815
    maskingExceptionRequestFormId: CuidOrUuid | None = None  # noqa: N815
    dataAccessPolicy: Object | None = None  # noqa: N815
    maskingExceptionPolicy: Object | None = None  # noqa: N815
    dataAccessReviewFlow: Object | None = None  # noqa: N815
    maskingExceptionReviewFlow: Object | None = None  # noqa: N815


class NewProduct(_Optional):
    """The body of a create. A metadata of null is required to be said."""

    id: ExactUuid | None = None
    name: Name
    domains: Domains
    metadata: Metadata | None
    dataSources: list[Attached] = Field(default_factory=list)  # noqa: N815 - the wire's name


class ChangedProduct(_Optional):
    """The body of an update: every field is optional. Data sources have an operation of their own."""

    id: CuidOrUuid | None = None
    name: Name = ""
    domains: Domains = Field(default_factory=list)
    metadata: Metadata | None = None
    suspended: bool = False


class Sources(Shape):
    """The body of a replacement of all data sources."""

    dataSources: list[Attached]  # noqa: N815 - the wire's name


def new_product(call: Call) -> dict[str, Any]:
    """A checked create. Raises Invalid: one form for all requests is there, or one for each type."""
    body = checked(NewProduct, call)
    both = ("dataAccessRequestFormId", "maskingExceptionRequestFormId")
    if body.get("requestFormId") is None and not any(body.get(name) for name in both):
        raise Invalid("requestFormId is required")
    return body


def changed_product(call: Call, standing: dict[str, Any]) -> dict[str, Any]:
    """A checked update. What comes back as it is shown (`standing`) changes nothing, whatever pattern it is outside of.

    Raises Invalid, also for the id of another product.
    """
    back = {name for name, value in standing.items() if name in call.document and call.document[name] == value}
    body = checked(ChangedProduct, call, back)
    if body.pop("id", None) not in {None, call.path["id"]}:
        raise Invalid("id must equal the id in the path")
    return body


def new_sources(call: Call) -> dict[str, Any]:
    """A checked replacement of data sources."""
    return checked(Sources, call)
