from __future__ import annotations

from typing import Any

import pytest

from souk.errors import Failed
from souk.store import dynamodb_commit
from souk.store.calls import Cancelled
from souk.store.clients import client
from souk.store.dynamodb import DynamoStore
from souk.store.port import Put, Stale
from tests.store.making import changed, commit, create, deleted, read, record
from tests.store.test_large import KB, noise


def large(name: str, seed: int = 1) -> Any:
    return record(name, {"text": noise(100 * KB, seed)})


def objects(store: DynamoStore) -> list[str]:
    answer = client("s3").list_objects_v2(Bucket=store._tables.bucket)
    return sorted(o["Key"] for o in answer.get("Contents", []))


def markers(store: DynamoStore) -> int:
    answer = client("dynamodb").query(
        TableName=store._tables.entities,
        KeyConditionExpression="pk = :p",
        ExpressionAttributeValues={":p": {"S": "g#"}},
    )
    count: int = answer["Count"]
    return count


def test_large_bodies_leave_the_table(dynamo: DynamoStore) -> None:
    made = large("a")
    create(dynamo, made, record("small"))
    [name] = objects(dynamo)
    assert name.startswith(f"bodies/{made.key}/1-")
    item = client("dynamodb").get_item(
        TableName=dynamo._tables.entities, Key={"pk": {"S": f"r#{made.key}"}, "sk": {"S": "-"}}
    )["Item"]
    assert item == {"pk": {"S": f"r#{made.key}"}, "sk": {"S": "-"}, "v": {"N": "1"}, "p": {"S": name}}


def test_superseded_bodies_are_collected_and_standing_ones_are_not(dynamo: DynamoStore) -> None:
    first = large("a")
    second = changed(first, body=large("a", 2).body)
    create(dynamo, first, large("b"))
    dynamo.commit(commit(Put(second, first)))
    assert len(objects(dynamo)) == 3
    assert dynamo.collect_orphans(older_than_seconds=0) == 1
    assert len(objects(dynamo)) == 2
    assert read(dynamo, "a") == second
    assert markers(dynamo) == 0
    assert dynamo.collect_orphans(older_than_seconds=0) == 0


@pytest.mark.parametrize("last", ["deleted", "small"])
def test_a_record_that_shrinks_or_goes_leaves_no_body(dynamo: DynamoStore, last: str) -> None:
    first = large("a")
    following = {"deleted": deleted(first), "small": changed(first, body={})}[last]
    create(dynamo, first)
    assert dynamo.collect_orphans(older_than_seconds=0) == 0
    dynamo.commit(commit(Put(following, first)))
    assert dynamo.collect_orphans(older_than_seconds=0) == 1
    assert objects(dynamo) == []


def test_the_body_of_a_commit_that_failed_is_collected(dynamo: DynamoStore) -> None:
    create(dynamo, record("a"))
    with pytest.raises(Stale):
        create(dynamo, large("a"), large("b"))
    assert len(objects(dynamo)) == 2
    assert dynamo.collect_orphans(older_than_seconds=0) == 2
    assert objects(dynamo) == []
    assert markers(dynamo) == 0


def test_young_bodies_are_left_alone(dynamo: DynamoStore) -> None:
    """They may belong to a commit that is on its way."""
    create(dynamo, record("a"))
    with pytest.raises(Stale):
        create(dynamo, large("a"))
    assert dynamo.collect_orphans() == 0
    assert len(objects(dynamo)) == 1
    assert markers(dynamo) == 1


def test_a_crash_between_upload_and_transaction_leaves_an_orphan_that_is_found(
    dynamo: DynamoStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(dynamodb_commit, "transact", crash)
        with pytest.raises(KeyboardInterrupt):
            create(dynamo, large("a"))
    assert read(dynamo, "a") is None
    assert dynamo.collect_orphans(older_than_seconds=0) == 1


def test_a_repeated_delivery_does_not_cost_the_body(dynamo: DynamoStore) -> None:
    once = commit(Put(large("a"), None))
    dynamo.commit(once)
    assert dynamo.collect_orphans(older_than_seconds=0) == 0
    dynamo.commit(once)
    assert dynamo.collect_orphans(older_than_seconds=0) == 0
    assert read(dynamo, "a") == large("a")


def test_the_body_of_a_record_that_expires_is_collected_when_the_database_forgot_it(dynamo: DynamoStore) -> None:
    made = record("a", {"text": noise(100 * KB)}, expires=1)
    create(dynamo, made)
    assert dynamo.collect_orphans(older_than_seconds=0) == 0
    assert read(dynamo, "a") == made
    key = {"pk": {"S": f"r#{made.key}"}, "sk": {"S": "-"}}
    client("dynamodb").delete_item(TableName=dynamo._tables.entities, Key=key)
    assert dynamo.collect_orphans(older_than_seconds=0) == 1


def test_a_reader_whose_pointer_has_gone_reads_the_record_again(
    dynamo: DynamoStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = large("a")
    second = changed(first, body=large("a", 2).body)
    create(dynamo, first)
    [item] = dynamo._items([first.key]).values()
    dynamo.commit(commit(Put(second, first)))
    dynamo.collect_orphans(older_than_seconds=0)
    stale = iter([{first.key: item}])
    again = dynamo._items
    monkeypatch.setattr(dynamo, "_items", lambda keys: next(stale, None) or again(keys))
    assert read(dynamo, "a") == second


def test_a_body_that_is_lost_is_no_silent_loss(dynamo: DynamoStore) -> None:
    create(dynamo, large("a"))
    [name] = objects(dynamo)
    client("s3").delete_object(Bucket=dynamo._tables.bucket, Key=name)
    with pytest.raises(Failed):
        read(dynamo, "a")


def test_a_cancelled_transaction_names_its_items() -> None:
    assert Cancelled(["None", "ConditionalCheckFailed", "TransactionConflict"]).failed() == [1]
