"""What a policy allows though nothing that is played here asks for it, and why. Everything else must be asked for."""

from __future__ import annotations

from tests.posture.calls import ELSEWHERE, Use

BY_THE_SERVICE = ("logs:", "xray:", "sqs:SendMessage", "dynamodb:ListStreams")
"""Asked for by Lambda itself: logs, traces, dead letters, streams."""
OF_STREAMS = ("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator")
"""The same."""
BODIES = "${Bucket}/bodies"
ENTITIES = "table/${EntitiesTable}"
_LARGE: set[Use] = {("s3:GetObject", BODIES), ("s3:PutObject", BODIES)}
"""Bodies that are large; played in the heavy profile."""
_NEWCOMERS: set[Use] = {("events:PutEvents", "event-bus/${Bus}")}
"""People who come for the first time, with a token; played in tests/identity."""
_CATALOG: set[Use] = {
    (f"glue:{action}", "arn:${AWS::Partition}:glue:${AWS::Region}:${AWS::AccountId}:*")
    for action in ("GetDatabase", "GetTable")
}
"""Lake Formation asks for it on behalf of whoever grants."""


def _entities(*actions: str) -> set[Use]:
    """What a commit takes when it meets references, limits or lists that the recordings do not have."""
    return {(f"dynamodb:{action}", ENTITIES) for action in actions}


_READ: set[Use] = {("s3:GetObject", BODIES)} | _NEWCOMERS
_WRITE: set[Use] = {("s3:PutObject", BODIES)}
_OUTBOX: set[Use] = {("dynamodb:PutItem", "table/${OutboxTable}")}
KEPT: dict[str, set[Use]] = {
    "dpx ReadPolicy": _READ,
    "immuta ReadPolicy": _READ,
    "nav ReadPolicy": _READ,
    "hub ReadPolicy": _READ,
    "dpx WritePolicy": _WRITE,
    "immuta WritePolicy": _WRITE,
    "nav WritePolicy": _WRITE,
    # Links are signed with this right, and used by whoever gets them.
    "dpx CourierRole": {("s3:GetObject", where) for where in ("${Bucket}/data", "${Bucket}/samples", ELSEWHERE)},
    "dpx LectorRole": {("s3:GetObject", "${Bucket}/documents")},
    "dpx LibrarianRole": {("s3:PutObject", "${Bucket}/documents")},
    # The recording makes a bucket in the same account by another name.
    "dpx StewardRole": {
        (f"s3:{action}", "arn:${AWS::Partition}:s3:::souk-data-*")
        for action in ("CreateBucket", "PutBucketPublicAccessBlock")
    },
    "hub IssuerRole": _entities("ConditionCheckItem", "UpdateItem"),
    "hub ReporterRole": _entities("ConditionCheckItem") | _OUTBOX | _WRITE,
    "reactions DispatcherRole": _LARGE
    | _OUTBOX
    | _entities("BatchGetItem", "ConditionCheckItem", "DeleteItem", "PutItem", "UpdateItem"),
    "reactions GrantsRole": _LARGE
    | _CATALOG
    | _entities("ConditionCheckItem")
    | {("lakeformation:RevokePermissions", "*")},
    "reactions IndexerRole": {("s3:GetObject", BODIES)},
    # One event that waits alone is taken away by itself; a sequencer that starts reads what the last one took.
    "reactions SequencingPolicy": {
        ("dynamodb:DeleteItem", "table/${OutboxTable}"),
        ("dynamodb:GetItem", "table/${LogTable}"),
    },
    # What was left lying: uploads that nobody completed, lifecycles that nobody ended; played as healing.
    "reactions SweeperRole": _LARGE
    | _entities("BatchGetItem", "ConditionCheckItem", "UpdateItem")
    | {("s3:DeleteObject", "${Bucket}/documents")}
    | {("states:StartExecution", f"{name}Machine") for name in ("DeliverOrder", "Initialize", "Publish")},
    # Large copies, in parts, from and to buckets of others.
    "statemachines CourierRole": {
        ("s3:AbortMultipartUpload", ELSEWHERE),
        ("s3:GetObject", ELSEWHERE),
        ("s3:ListBucket", ELSEWHERE),
        ("s3:GetObject", "${Bucket}/samples"),
    },
    "statemachines GrantorRole": _CATALOG,
    "statemachines RecordsPolicy": _LARGE | _OUTBOX | _entities("ConditionCheckItem", "Query", "UpdateItem"),
    "statemachines StepRole": _LARGE
    | _entities("ConditionCheckItem", "Query")
    | {("s3:GetObject", "${Bucket}/samples"), ("s3:PutObject", "${Bucket}/samples")},
    "statemachines UndoerRole": _CATALOG | {("s3:ListBucket", ELSEWHERE)},
}
"""By the folder of the template and the name of the policy or role."""
NOT_GRANTED: dict[str, set[Use]] = {
    # Asks whether a name is taken: that it may not look is answer enough.
    "dpx/get_s3_bucket_validation": {("s3:ListBucket", ELSEWHERE)},
}
NEVER_LARGE: dict[str, set[Use]] = dict.fromkeys(("hub/exchange_token", "bus/remember_user"), _WRITE)
"""Write records of a few hundred bytes alone."""
