"""Data on its way to a consumer: links to objects, copies to another bucket, and taking copies back."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import quote

from souk.documents.objects import DOWNLOAD_SECONDS
from souk.documents.objects import _client as _s3
from souk.errors import Failed, Invalid

LARGEST_COPY = 5 * 1024**3
"""Bytes that one copy request may move; larger objects are copied part by part."""
PART = 512 * 1024**2
_ABSENT = frozenset({"404", "NoSuchKey", "NotFound", "NoSuchBucket"})
_REFUSED = frozenset({"403", "AccessDenied", "NoSuchBucket", "AllAccessDisabled", "InvalidBucketName"})


def link(bucket: str, key: str, name: str) -> str:
    """A link that gets the object for 15 minutes, to be saved under this name."""
    disposition = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    parameters = {"Bucket": bucket, "Key": key, "ResponseContentDisposition": disposition}
    made: str = _s3().generate_presigned_url("get_object", Params=parameters, ExpiresIn=DOWNLOAD_SECONDS)
    return made


def is_ours(bucket: str) -> bool:
    """Buckets that hold Souk's own objects or products' data are nobody's target."""
    data = os.environ.get("SOUK_DATA_BUCKETS", "").split(",")
    return bucket == os.environ.get("SOUK_BUCKET") or bucket in data


def size_of(bucket: str, key: str) -> int | None:
    """Bytes of the object, or None if there is none. Raises Failed."""
    answer = _ask("head_object", Bucket=bucket, Key=key)
    return None if answer is None else int(answer["ContentLength"])


def copy(bucket: str, key: str, to_bucket: str, to_key: str, largest: int = LARGEST_COPY, part: int = PART) -> str:
    """Copy the object and return the copy's ETag; a repeat writes the same again. Raises Invalid, Failed."""
    size = size_of(bucket, key)
    if size is None:
        raise Invalid("the file of the part does not exist")
    source = {"Bucket": bucket, "Key": key}
    if size <= largest:
        answer = _ask("copy_object", Bucket=to_bucket, Key=to_key, CopySource=source)
    else:
        answer = _copy_in_parts(source, to_bucket, to_key, size, part)
    if answer is None:
        raise Invalid("the bucket to copy to does not exist")
    return str((answer.get("CopyObjectResult") or answer)["ETag"]).strip('"')


def remove_copy(bucket: str, key: str, etag: str) -> None:
    """Delete a copy that is still the one that was made; another object there is the consumer's own. Raises Failed."""
    answer = _ask("head_object", Bucket=bucket, Key=key)
    if answer is not None and answer["ETag"].strip('"') == etag:
        _ask("delete_object", Bucket=bucket, Key=key)


def _copy_in_parts(source: dict[str, str], bucket: str, key: str, size: int, part: int) -> Any:
    begun = _ask("create_multipart_upload", Bucket=bucket, Key=key)
    if begun is None:
        return None
    place = {"Bucket": bucket, "Key": key, "UploadId": begun["UploadId"]}
    try:
        parts = [_part(source, place, number, start, size, part) for number, start in _starts(size, part)]
        return _ask("complete_multipart_upload", **place, MultipartUpload={"Parts": parts})
    except Exception:
        _ask("abort_multipart_upload", **place)
        raise


def _starts(size: int, part: int) -> list[tuple[int, int]]:
    return list(enumerate(range(0, size, part), start=1))


def _part(source: dict[str, str], place: dict[str, Any], number: int, start: int, size: int, part: int) -> Any:
    span = f"bytes={start}-{min(start + part, size) - 1}"
    answer = _ask("upload_part_copy", **place, PartNumber=number, CopySource=source, CopySourceRange=span)
    return {"PartNumber": number, "ETag": answer["CopyPartResult"]["ETag"]}


def _ask(action: str, **parameters: Any) -> Any:
    """The answer, or None where the object or bucket is not there. Raises Invalid (refused), Failed."""
    from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

    try:
        return getattr(_s3(), action)(**parameters)
    except ParamValidationError:
        raise Invalid("the bucket or the key is not valid") from None
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        if code in _ABSENT:
            return None
        if code in _REFUSED:
            raise Invalid("the bucket does not let Souk in") from None
        raise Failed("the object store did not answer") from error
    except BotoCoreError as error:
        raise Failed("the object store did not answer") from error
