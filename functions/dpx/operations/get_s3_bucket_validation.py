"""getS3BucketValidation: GET {B}/bucket/validate/{bucket_name} (contract section 6)."""

from dpx.buckets import validation
from dpx.door import DOOR, Call, Response


@DOOR.operation("getS3BucketValidation")
def handler(call: Call) -> Response:
    return call.json(validation(call))
