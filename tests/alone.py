"""AWS in this process: what services hold is in memory, and gone afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from moto import mock_aws

from souk.store import clients

BUCKET = "documents-of-tests"


@contextmanager
def aws_in_memory(patch: pytest.MonkeyPatch) -> Iterator[str]:
    """Souk's clients reach services in memory; the name of its bucket, which is empty."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        patch.setenv(name, "tests")
    patch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    patch.delenv("AWS_ENDPOINT_URL", raising=False)
    patch.setenv("SOUK_BUCKET", BUCKET)
    with mock_aws():
        clients.forget()
        place = {"LocationConstraint": "eu-central-1"}
        clients.client("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration=place)
        yield BUCKET
    clients.forget()
