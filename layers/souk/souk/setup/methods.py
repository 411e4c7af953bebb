"""Delivery methods: the ways in which an ordered part reaches its consumer."""

from __future__ import annotations

from typing import NamedTuple, NotRequired, TypedDict

from souk.work import Work

KIND = "delivery_method"
OPEN_URL = "2f6d3c1e-90ab-4c47-8f15-7be2a4d6c801"
DOWNLOAD = "2f6d3c1e-90ab-4c47-8f15-7be2a4d6c802"
COPY_TO_BUCKET = "2f6d3c1e-90ab-4c47-8f15-7be2a4d6c803"
LAKE_GRANT = "2f6d3c1e-90ab-4c47-8f15-7be2a4d6c804"
EXTERNAL = "2f6d3c1e-90ab-4c47-8f15-7be2a4d6c805"
DEFAULT = (OPEN_URL, DOWNLOAD)
"""Offered for a port that another door made and that says nothing of delivery."""


class Method(TypedDict):
    """The card of a delivery method. `resource_key` is the word by which the delivery machine knows it."""

    name: str
    description: str
    resource_key: str
    asset_types: list[str]
    consumer_input: NotRequired[list[str]]
    """Names of properties that an order has to give."""


class _Known(NamedTuple):
    id: str
    method: Method


METHODS = (
    _Known(
        OPEN_URL,
        {
            "name": "Open URL",
            "description": "Gives the consumer the address of something hosted elsewhere",
            "resource_key": "open_url",
            "asset_types": ["url"],
        },
    ),
    _Known(
        DOWNLOAD,
        {
            "name": "Download",
            "description": "Gives the consumer a link that downloads the file for a limited time",
            "resource_key": "download",
            "asset_types": ["data"],
        },
    ),
    _Known(
        COPY_TO_BUCKET,
        {
            "name": "Copy to S3",
            "description": "Copies the file to a bucket that the consumer names",
            "resource_key": "copy_to_bucket",
            "asset_types": ["data"],
            "consumer_input": ["bucket", "prefix"],
        },
    ),
    _Known(
        LAKE_GRANT,
        {
            "name": "Lake Formation grant",
            "description": "Grants the consumer's principal to read the table where it is",
            "resource_key": "lake_grant",
            "asset_types": ["data"],
            "consumer_input": ["principal"],
        },
    ),
    _Known(
        EXTERNAL,
        {
            "name": "External",
            "description": "Tells an external system, which delivers and reports the result back",
            "resource_key": "external",
            "asset_types": ["data", "url"],
        },
    ),
)


def install_methods(work: Work) -> None:
    """Put every known method; a repeat renews them and doubles nothing."""
    for method_id, method in METHODS:
        work.save(KIND, method_id, {"card": method, "views": {}})
