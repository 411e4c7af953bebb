"""createS3Bucket: POST {B}/bucket (contract section 6)."""

from dpx.buckets import create_bucket
from dpx.door import DOOR, Call, Response


@DOOR.operation("createS3Bucket")
def handler(call: Call) -> Response:
    return call.json(create_bucket(call), 201)
