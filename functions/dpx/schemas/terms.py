"""Contract terms as a whole, of versions and of templates (contract sections 2 and 6).

Texts that are numbers in the standard behind the terms may come as numbers too. Unknown fields are kept.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from dpx.lens.content import Wire
from dpx.schemas.document import DocumentPrototype
from dpx.schemas.fields import AnyId, Plain, Shape, checked
from souk.releases.documents import MAX_DOCUMENTS

MAX_ENTRIES = 1000
Value = str | bool | int | float


class NamedDomain(Shape):
    """The domain that the terms name; it may exist elsewhere only."""

    id: Annotated[str, Field(max_length=256)]
    name: str | None = None


class Overview(Shape):
    """What contract this is."""

    api_version: str | None = None
    kind: str | None = None
    name: str | None = None
    version: str
    domain: NamedDomain
    more_info: str | None = None


class MoreInfo(Shape):
    """A link to more."""

    type: str
    url: str


class Description(Shape):
    """What the data is for."""

    purpose: str | None = None
    limitations: str | None = None
    usage: str | None = None
    more_info: list[MoreInfo] | None = None
    custom_properties: Any = None


class Member(Shape):
    """Somebody, and their part in the contract."""

    user_id: str
    role: str


class Role(Shape):
    """A role that gives access."""

    role: str | None = None


class Price(Shape):
    """What the data costs."""

    amount: Value | None = None
    currency: str | None = None
    unit: str | None = None


class Promise(Shape):
    """One property of a service level."""

    property: str
    value: Value


class ServiceLevel(Shape):
    """Promises about one element."""

    default_element: str | None = None
    properties: list[Promise] | None = None


class Channel(Shape):
    """Where to ask."""

    channel: str
    url: str


class CustomProperty(Shape):
    """Whatever else is agreed."""

    key: str
    value: Value


class ContractTest(Shape):
    """How the contract was last tested."""

    status: Literal["pass", "fail"]
    last_tested_time: str
    message: str | None = None


class ServerAsset(Shape):
    """The asset that a server serves."""

    id: str | None = None
    name: str | None = None


class Server(Shape):
    """Where the data lies."""

    server: Annotated[str, Field(min_length=1)]
    type: str | None = None
    asset: ServerAsset | None = None
    port: Value | None = None
    roles: list[str] | None = None
    custom_properties: list[CustomProperty] | None = None


class Rule(Shape):
    """A quality rule."""

    type: str


class PropertyType(Shape):
    """What a column holds."""

    type: str | None = None
    native_type: str | None = None
    length: Value | None = None
    scale: Value | None = None
    nullable: Value | None = None
    signed: Value | None = None


class Property(Shape):
    """A column."""

    name: Annotated[str, Field(min_length=1)]
    type: PropertyType | None = None
    quality: list[Rule] | None = None


class Table(Shape):
    """The schema of an asset; in a template, of one that is yet to come."""

    asset_id: str | None = None
    connection_id: str | None = None
    name: str | None = None
    description: str | None = None
    connection_path: str | None = None
    physical_type: str | None = None
    properties: list[Property] | None = None
    quality: list[Rule] | None = None


class Attachment(Shape):
    """What a document is attached to, or has attached."""

    id: AnyId


class TermsDocument(DocumentPrototype):
    """A document among the terms."""

    attachment: Attachment | None = None


class Terms(Shape):
    """Contract terms. In a new version, documents that carry a url are created with them (R6)."""

    documents: Annotated[list[TermsDocument], Field(max_length=MAX_DOCUMENTS)] | None = None
    error_msg: str | None = None
    overview: Overview | None = None
    description: Description | None = None
    organization: Annotated[list[Member], Field(max_length=MAX_ENTRIES)] | None = None
    roles: Annotated[list[Role], Field(max_length=MAX_ENTRIES)] | None = None
    price: Price | None = None
    sla: Annotated[list[ServiceLevel], Field(max_length=MAX_ENTRIES)] | None = None
    support_and_communication: Annotated[list[Channel], Field(max_length=MAX_ENTRIES)] | None = None
    custom_properties: Annotated[list[CustomProperty], Field(max_length=MAX_ENTRIES)] | None = None
    contract_test: ContractTest | None = None
    servers: Annotated[list[Server], Field(max_length=MAX_ENTRIES)] | None = None
    contract_schema: list[Table] | None = Field(default=None, max_length=MAX_ENTRIES, alias="schema")


class TemplateContainer(Shape):
    """The catalog that a template is in."""

    id: AnyId


class NewTemplate(Shape):
    """A contract template to be made."""

    container: TemplateContainer
    id: Plain | None = None
    name: Annotated[str, Field(min_length=1, max_length=256, pattern=r"\S")]
    contract_terms: Terms | None = None


def whole_terms(body: Wire) -> Wire:
    """Terms that replace those that are there. Raises Invalid."""
    terms: Wire = checked(Terms, body)
    return terms


def new_template(body: Wire) -> Wire:
    """The template to be made, or as a patch leaves it. Raises Invalid."""
    template: Wire = checked(NewTemplate, body)
    return template
