"""Buckets (contract section 6, `{B}/bucket`)."""

from __future__ import annotations

import re
from typing import Any

from dpx.query import flag
from souk.documents import buckets, transfers
from souk.edge.call import Call
from souk.errors import Invalid
from souk.setup.running import demand_setter

Wire = dict[str, Any]
_CLOSED = "no delivery takes data from this bucket until the operator adds its name to the parameter DataBuckets"
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\Z")


def create_bucket(call: Call) -> Wire:
    """The bucket that all share, or a new one, with what is left to do. Raises NotAllowed, Invalid, Failed."""
    demand_setter(call.principal)
    if not call.request.query_one("is_shared"):
        raise Invalid("is_shared: is required", code="missing")
    shared = flag(call.request, "is_shared")
    bucket = buckets.shared_bucket() if shared else buckets.create_bucket()
    kind = "shared" if shared else "dedicated"
    answer = {"bucket_name": bucket.name, "bucket_location": bucket.region, "bucket_type": kind, "shared": shared}
    return answer if transfers.is_ours(bucket.name) else answer | {"message": _CLOSED}


def validation(call: Call) -> Wire:
    """Whether the bucket in the path exists. Raises Invalid for what cannot be a bucket's name, Failed."""
    name = call.path["bucket_name"]
    if not _NAME.match(name):
        raise Invalid("bucket_name: must be the name of a bucket")
    return {"bucket_exists": buckets.bucket_exists(name)}
