"""Buckets for data: the one of this deployment, which all share, and further ones of their own."""

from __future__ import annotations

import os
from typing import Any, NamedTuple
from uuid import uuid4

from souk.errors import Failed
from souk.store import clients

PREFIX = "souk-data-"
"""Names of further buckets begin so; permissions rest on it."""
_DEFAULT_REGION = "us-east-1"
_ABSENT = frozenset({"404", "NoSuchBucket", "NotFound"})
_SECONDS = 20


class Bucket(NamedTuple):
    """A bucket and the region that it lies in."""

    name: str
    region: str


def shared_bucket() -> Bucket:
    """The bucket of this deployment; data for delivery lies below `data/`."""
    return Bucket(os.environ["SOUK_BUCKET"], _client().meta.region_name)


def create_bucket() -> Bucket:
    """Make a bucket under a name of its own, closed to the public. Raises Failed."""
    from botocore.exceptions import BotoCoreError, ClientError

    client, name = _client(), f"{PREFIX}{uuid4()}"
    region = client.meta.region_name
    place: Any = {} if region == _DEFAULT_REGION else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    closed = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    try:
        client.create_bucket(Bucket=name, **place)
        client.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=dict.fromkeys(closed, True))
    except (BotoCoreError, ClientError) as error:
        raise Failed("the bucket could not be made") from error
    return Bucket(name, region)


def bucket_exists(name: str) -> bool:
    """Whether there is a bucket of this name, ours or anybody's. Raises Failed."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        _client().head_bucket(Bucket=name)
    except ClientError as error:
        # 403 and 301: it is there, in other hands or elsewhere.
        code = str(error.response.get("Error", {}).get("Code", ""))
        if code in _ABSENT:
            return False
        if code in {"403", "301", "Forbidden", "AccessDenied", "PermanentRedirect"}:
            return True
        raise Failed("the document store did not answer") from error
    except BotoCoreError as error:
        raise Failed("the document store did not answer") from error
    return True


def _client() -> Any:
    style = "path" if os.environ.get("AWS_ENDPOINT_URL") else "virtual"
    return clients.client("s3", "buckets", s3={"addressing_style": style}, read_timeout=_SECONDS)
