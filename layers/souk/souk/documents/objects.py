"""Objects in the bucket `SOUK_BUCKET`: links to put and get them, what is there, copies that nobody can change."""

from __future__ import annotations

import os
from typing import Any, NamedTuple
from urllib.parse import quote

from souk.errors import Failed, Invalid
from souk.store import clients

UPLOAD_SECONDS = 15 * 60
DOWNLOAD_SECONDS = 15 * 60
_READ_SECONDS = 20
_ABSENT = frozenset({"404", "NoSuchKey", "NotFound"})
_CHANGED = frozenset({"412", "PreconditionFailed"})


class Stored(NamedTuple):
    """An object as it lies there. `etag` without quotation marks, `size` in bytes."""

    etag: str
    size: int


def upload_link(key: str) -> str:
    """A link by which one plain PUT of the bytes, with any headers or none, writes this one key for 15 minutes."""
    return _link("put_object", UPLOAD_SECONDS, Key=key)


def download_link(key: str, name: str) -> str:
    """A link that gets the object for 15 minutes, to be saved under this file name."""
    disposition = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return _link("get_object", DOWNLOAD_SECONDS, Key=key, ResponseContentDisposition=disposition)


def head(key: str) -> Stored | None:
    """What is stored at the key, or None. Raises Failed."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        answer = _client().head_object(Bucket=_bucket(), Key=key)
    except ClientError as error:
        if _code(error) in _ABSENT:
            return None
        raise Failed("the document store did not answer") from error
    except BotoCoreError as error:
        raise Failed("the document store did not answer") from error
    return Stored(answer["ETag"].strip('"'), answer["ContentLength"])


def freeze(key: str, etag: str, target: str) -> None:
    """Copy the object to `target` if it still has this ETag; safe to repeat. Raises Invalid (changed, gone), Failed."""
    from botocore.exceptions import BotoCoreError, ClientError

    changed = Invalid("an attachment was changed after it was completed: complete the document again")
    found = head(key)
    if found is None or found.etag != etag:
        raise changed
    source = {"Bucket": _bucket(), "Key": key}
    try:
        _client().copy_object(Bucket=_bucket(), Key=target, CopySource=source, CopySourceIfMatch=f'"{etag}"')
    except ClientError as error:
        if _code(error) in _ABSENT | _CHANGED:
            raise changed from None
        raise Failed("the document store did not answer") from error
    except BotoCoreError as error:
        raise Failed("the document store did not answer") from error


def read(key: str) -> bytes:
    """The bytes at the key. Raises Failed, also when there are none."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        body: bytes = _client().get_object(Bucket=_bucket(), Key=key)["Body"].read()
    except (BotoCoreError, ClientError) as error:
        raise Failed("the document store did not answer") from error
    return body


def write(key: str, data: bytes, content_type: str) -> None:
    """Put an object. Raises Failed."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        _client().put_object(Bucket=_bucket(), Key=key, Body=data, ContentType=content_type)
    except (BotoCoreError, ClientError) as error:
        raise Failed("the document store did not answer") from error


def remove(key: str) -> None:
    """Delete the object; one that is not there is no error. Raises Failed."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        _client().delete_object(Bucket=_bucket(), Key=key)
    except (BotoCoreError, ClientError) as error:
        raise Failed("the document store did not answer") from error


def _link(action: str, seconds: int, **parameters: str) -> str:
    link: str = _client().generate_presigned_url(action, Params={"Bucket": _bucket(), **parameters}, ExpiresIn=seconds)
    return link


def _bucket() -> str:
    return os.environ["SOUK_BUCKET"]


def _code(error: Any) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def _client() -> Any:
    # The bucket's own host is the regional one: a link to the global host is redirected, which breaks its signature.
    # A checksum in a signed link would bind the uploader to a header that a plain PUT does not send.
    style = "path" if os.environ.get("AWS_ENDPOINT_URL") else "virtual"
    return clients.client(
        "s3",
        "documents",
        s3={"addressing_style": style},
        signature_version="s3v4",
        read_timeout=_READ_SECONDS,
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
