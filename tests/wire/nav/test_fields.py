"""Sections 3 to 7 field by field: what each may hold, what is omitted, how times are read and shown."""

from __future__ import annotations

from itertools import product as pairs
from typing import Any

import pytest

from tests.wire.nav.door import UNREADABLE, ZERO, Door, at, bigquery, bucket, done, fresh, mail, refused, registration
from tests.wire.raw import Doc

OMITTED = {"absent": ..., "null": None, "empty": ""}
NEW: Doc = {"name": "new name", "description": "new description", "datastore": [bigquery("new")]}
STORES = {"bucket": bucket, "bigquery": bigquery}


def given(**fields: Any) -> Doc:
    """A document without the fields that are absent."""
    return {name: value for name, value in fields.items() if value is not ...}


@pytest.mark.parametrize("field", NEW)
@pytest.mark.parametrize("omitted", OMITTED)
def test_one_field_changes_and_no_other(owner: Door, product: str, field: str, omitted: str) -> None:
    before = owner.shown(product)["data_product"]
    texts = dict.fromkeys(("name", "description", "team"), OMITTED[omitted])
    done(owner.call("PUT", f"dataproducts/{product}", given(**texts | {field: NEW[field]})))
    assert owner.shown(product)["data_product"] == before | {field: NEW[field]}


@pytest.mark.parametrize(("missing", "how"), [*pairs(("name", "description", "team"), OMITTED)])
@pytest.mark.parametrize("store", ["bucket", "none"])
def test_registration_misses_a_field(owner: Door, missing: str, how: str, store: str) -> None:
    stores = {"bucket": [bucket()], "none": []}[store]
    document = given(**registration(datastore=stores) | {missing: OMITTED[how]})
    answer = owner.call("POST", "dataproducts", document)
    refused(answer, 400, f"Validation failed: missing required field: {missing}")


TYPES: list[Any] = [0, 1.5, True, False, [], ["x"], {}, {"a": "b"}]


@pytest.mark.parametrize("value", TYPES, ids=repr)
@pytest.mark.parametrize("field", ["name", "description", "team"])
def test_texts_are_texts(owner: Door, product: str, field: str, value: Any) -> None:
    before = owner.shown(product)
    refused(owner.call("POST", "dataproducts", registration(**{field: value})), 400, UNREADABLE)
    refused(owner.call("PUT", f"dataproducts/{product}", {field: value}), 400, UNREADABLE)
    assert owner.shown(product) == before


@pytest.mark.parametrize("value", [0, True, "bucket", {}, bucket(), [None], ["x"], [1], [[bucket()]]], ids=repr)
def test_datastore_is_a_list_of_objects(owner: Door, product: str, value: Any) -> None:
    refused(owner.call("POST", "dataproducts", registration(datastore=value)), 400, UNREADABLE)
    refused(owner.call("PUT", f"dataproducts/{product}", {"datastore": value}), 400, UNREADABLE)


@pytest.mark.parametrize("value", [0, True, None, [], {}], ids=repr)
@pytest.mark.parametrize(("kind", "field"), [("bucket", "bucket_id"), ("bucket", "more"), ("bigquery", "dataset_id")])
def test_values_of_a_datastore_are_texts(owner: Door, product: str, kind: str, field: str, value: Any) -> None:
    store = STORES[kind]() | {field: value}
    refused(owner.call("POST", "dataproducts", registration(datastore=[store])), 400, UNREADABLE)
    refused(owner.call("PUT", f"dataproducts/{product}", {"datastore": [store]}), 400, UNREADABLE)


KEYS = {"bucket": ("project_id", "bucket_id"), "bigquery": ("dataset_id", "project_id", "resource_id")}
MISSING = [(kind, key, how) for kind, keys in KEYS.items() for key in keys for how in ("absent", "empty")]


@pytest.mark.parametrize(("kind", "key", "how"), MISSING)
def test_datastore_names_the_key_it_misses(owner: Door, product: str, kind: str, key: str, how: str) -> None:
    store = given(**STORES[kind]() | {key: OMITTED[how]})
    words = f"Validation failed: missing key: {key}"
    refused(owner.call("POST", "dataproducts", registration(datastore=[store])), 400, words)
    refused(owner.call("PUT", f"dataproducts/{product}", {"datastore": [store]}), 400, words)


@pytest.mark.parametrize("kind", ["s3", "Bucket", "BIGQUERY", "bucket ", "table", "snowflake", "gcs"])
def test_there_are_two_kinds_of_datastores(owner: Door, product: str, kind: str) -> None:
    store = {"type": kind, "project_id": "p", "bucket_id": "b", "dataset_id": "d", "resource_id": "r"}
    words = f"Validation failed: unknown datastore type: {kind}"
    refused(owner.call("POST", "dataproducts", registration(datastore=[store])), 400, words)
    refused(owner.call("PUT", f"dataproducts/{product}", {"datastore": [store]}), 400, words)


@pytest.mark.parametrize(("first", "second"), [*pairs(STORES, STORES)])
def test_datastore_is_replaced_whole(owner: Door, first: str, second: str) -> None:
    id = owner.register(datastore=[STORES[first]("a") | {"note": "kept as sent"}])
    done(owner.call("PUT", f"dataproducts/{id}", {"datastore": [STORES[second]("b")]}))
    assert owner.shown(id)["data_product"]["datastore"] == [STORES[second]("b")]
    done(owner.grant(id, mail()))


@pytest.mark.parametrize("kind", STORES)
def test_datastore_may_come_later(owner: Door, kind: str) -> None:
    id = owner.register(datastore=[])
    assert owner.grant(id, mail()).status == 400
    done(owner.call("PUT", f"dataproducts/{id}", {"datastore": [STORES[kind]()]}))
    done(owner.grant(id, mail()))


@pytest.mark.parametrize("team", ["a", "Ærlig talt", "team with spaces", "a/b", "a:b", "1", "x" * 200])
def test_any_name_is_a_team(owner: Door, team: str) -> None:
    id = owner.register(team=team)
    assert owner.access(id) == {f"group:{team}@nav.no": ZERO}


@pytest.mark.parametrize("kind", ["user", "serviceAccount"])
def test_a_handed_over_product_keeps_its_accesses(owner: Door, other: Door, kind: str) -> None:
    id, end = owner.register(), "2099-01-01T00:00:00Z"
    done(owner.grant(id, "a@nav.no", kind, expires=end))
    done(owner.call("PUT", f"dataproducts/{id}", {"team": owner.team}))
    assert owner.access(id) == {f"group:{owner.team}@nav.no": ZERO, f"{kind}:a@nav.no": end}
    done(owner.call("PUT", f"dataproducts/{id}", {"team": fresh("team"), "name": "given away"}))
    refused(owner.call("PUT", f"dataproducts/{id}", {"team": owner.team}), 401, "unauthorized\n")
    refused(other.call("DELETE", f"dataproduct/{id}"), 401, "unauthorized\n")
    assert owner.access(id)[f"{kind}:a@nav.no"] == end
    assert len(owner.log(id)) == 1


FOREVER = [
    *({}, {"expires": None}, {"expires": ZERO}, {"expires": "0001-01-01T00:00:00+00:00"}),
    *({"expires": "0001-01-01T00:00:00.000Z"}, {"expires": "0001-01-01T01:00:00+01:00"}),
    *({"expires": "0001-01-01t00:00:00z"}, {"expires": "0001-01-01T00:00:00-00:00"}),
]


@pytest.mark.parametrize("kind", ["user", "serviceAccount"])
@pytest.mark.parametrize("end", FOREVER, ids=repr)
def test_for_ever_in_map_and_log(other: Door, product: str, end: Doc, kind: str) -> None:
    done(other.grant(product, "a@nav.no", kind, **end))
    assert other.access(product)[f"{kind}:a@nav.no"] == ZERO
    (entry,) = other.log(product)
    assert (entry["expires"], entry["action"], entry["subject"]) == (ZERO, "grant", "a@nav.no")


WHOLE, DIGITS = "2099-06-03T08:05:26", "123456789"
FRACTIONS = [
    *[(f"{WHOLE}.{DIGITS[:n]}Z", f"{WHOLE}.{DIGITS[: min(n, 6)]}Z") for n in range(1, 10)],
    *[(f"{WHOLE}.{'0' * n}Z", f"{WHOLE}Z") for n in range(1, 10)],
    ("2099-06-03T08:05:26.100100Z", "2099-06-03T08:05:26.1001Z"),
    ("2099-12-31T23:59:59.999999999Z", "2099-12-31T23:59:59.999999Z"),
    ("2096-02-29T12:00:00Z", "2096-02-29T12:00:00Z"),
    ("2099-06-03T00:30:00+01:00", "2099-06-02T23:30:00Z"),
    ("2099-06-03T23:30:00-01:00", "2099-06-04T00:30:00Z"),
    ("2099-06-03T08:05:26+00:00", "2099-06-03T08:05:26Z"),
    ("2099-06-03T08:05:26-00:00", "2099-06-03T08:05:26Z"),
    ("2099-06-03t08:05:26z", "2099-06-03T08:05:26Z"),
    ("2099-06-03T08:05:26+14:00", "2099-06-02T18:05:26Z"),
]


@pytest.mark.parametrize(("sent", "shown"), FRACTIONS)
def test_ends_in_map_and_log_are_the_same_instant(other: Door, product: str, sent: str, shown: str) -> None:
    done(other.grant(product, "a@nav.no", expires=sent))
    assert other.access(product)["user:a@nav.no"] == shown
    assert other.log(product)[0]["expires"] == shown
    assert at(shown).tzinfo is not None


NO_TIMES = [
    *("now", "null", "4083000000", "2099-06-03", "T08:05:26Z", f" {WHOLE}Z", f"{WHOLE}Z ", f"{WHOLE}Z\n", f"{WHOLE}.Z"),
    *(f"{WHOLE}{offset}" for offset in ("+0200", "+2:00", "+24:00", "UTC", "[UTC]", "", "ZZ", "+02", "−02:00")),
    *(f"{day}T08:05:26Z" for day in ("2099-6-3", "99-06-03", "+2099-06-03", "12099-06-03", "0000-01-01", "2099/06/03")),
    *(f"{day}T08:05:26Z" for day in ("2099-00-03", "2099-06-00", "2099-06-31", "2097-02-29", "2099-13-01")),
    *(f"2099-06-03T{time}Z" for time in ("8:05:26", "24:00:00", "08:60:26", "08:05:61", "08:05", "080526", "08.05.26")),
]


@pytest.mark.parametrize("end", NO_TIMES)
def test_no_times(other: Door, product: str, end: str) -> None:
    refused(other.grant(product, "a@nav.no", expires=end), 400, UNREADABLE)
    assert (len(other.access(product)), other.log(product)) == (1, [])


WRONG: list[Any] = [0, 7.5, True, [], ["user"], {}, {"a": 1}]


@pytest.mark.parametrize("value", WRONG, ids=repr)
@pytest.mark.parametrize("field", ["subject", "type"])
def test_subject_and_type_are_texts(owner: Door, product: str, field: str, value: Any) -> None:
    document = {"subject": "a@nav.no", "type": "user"} | {field: value}
    refused(owner.call("POST", f"access/{product}", document), 400, UNREADABLE)
    refused(owner.call("DELETE", f"access/{product}", document), 400, UNREADABLE)
    assert owner.log(product) == []


@pytest.mark.parametrize("how", OMITTED)
@pytest.mark.parametrize("field", ["subject", "type"])
def test_subject_and_type_are_needed(owner: Door, product: str, field: str, how: str) -> None:
    document = given(**{"subject": "a@nav.no", "type": "user"} | {field: OMITTED[how]})
    refused(owner.call("POST", f"access/{product}", document), 400, "unable to validate request document\n")
    assert owner.call("DELETE", f"access/{product}", document).status == 400


REVOKING = [
    ({"subject": "a@nav.no"}, "invalid AccessSubject.Type\n"),
    ({"subject": "", "type": "group"}, "invalid AccessSubject.Type\n"),
    ({}, "invalid AccessSubject.Type\n"),
    ({"subject": "x@nav.no", "type": "user"}, "requested subject does not have an access entry"),
    ({"subject": "a@nav.no", "type": "serviceAccount"}, "requested subject does not have an access entry"),
    ({"subject": "user:a@nav.no", "type": "user"}, "requested subject does not have an access entry"),
    ({"subject": "*", "type": "user"}, "requested subject does not have an access entry"),
]


@pytest.mark.parametrize(("document", "words"), REVOKING, ids=repr)
def test_revocations_that_mean_nobody(owner: Door, product: str, document: Doc, words: str) -> None:
    done(owner.grant(product, "a@nav.no"))
    refused(owner.call("DELETE", f"access/{product}", document), 400, words)
    assert owner.access(product)["user:a@nav.no"] == ZERO
    assert len(owner.log(product)) == 1


EXTRA: Doc = {"expires": "2001-01-01T00:00:00Z", "author": "me", "action": "verify", "time": ZERO, "more": {"a": [1]}}


def test_a_revocation_ignores_what_it_does_not_know(owner: Door, product: str) -> None:
    done(owner.grant(product, "a@nav.no"))
    done(owner.call("DELETE", f"access/{product}", {"subject": "a@nav.no", "type": "user"} | EXTRA))
    newest = owner.log(product)[0]
    assert (newest["author"], newest["action"], newest["expires"]) == (owner.email, "delete", ZERO)


def test_a_grant_ignores_what_it_does_not_know(owner: Door, product: str) -> None:
    forged = {name: value for name, value in EXTRA.items() if name != "expires"} | {"dataproduct_id": "x"}
    done(owner.grant(product, "a@nav.no", **forged))
    (entry,) = owner.log(product)
    assert (entry["author"], entry["action"], entry["dataproduct_id"]) == (owner.email, "grant", product)


FIRST_FAULTS: list[tuple[Doc, str]] = [
    ({"expires": "soon"}, UNREADABLE),
    ({"subject": 1, "type": "group", "expires": ZERO}, UNREADABLE),
    ({"type": "group", "expires": "2001-01-01T00:00:00Z"}, "unable to validate request document\n"),
    ({"subject": "a", "type": "", "expires": "2001-01-01T00:00:00Z"}, "unable to validate request document\n"),
    ({"subject": "a", "type": "group", "expires": "2001-01-01T00:00:00Z"}, "invalid AccessSubject.Expires\n"),
    ({"subject": "a", "type": "group", "expires": "2099-01-01T00:00:00Z"}, "invalid AccessSubject.Type\n"),
    ({"subject": "a", "type": "group"}, "invalid AccessSubject.Type\n"),
    ({"subject": "a", "type": "user:", "expires": ZERO}, "invalid AccessSubject.Type\n"),
]


@pytest.mark.parametrize(("document", "words"), FIRST_FAULTS, ids=repr)
@pytest.mark.parametrize("caller", ["owner", "other"])
def test_a_grant_names_its_first_fault(
    owner: Door, other: Door, product: str, document: Doc, words: str, caller: str
) -> None:
    refused({"owner": owner, "other": other}[caller].call("POST", f"access/{product}", document), 400, words)
    assert owner.log(product) == []


SELF = [str.lower, str.upper, str.title, str.swapcase]


@pytest.mark.parametrize("spelled", SELF)
@pytest.mark.parametrize("respelled", SELF)
def test_everybody_revokes_themself_however_spelled(other: Door, product: str, spelled: Any, respelled: Any) -> None:
    done(other.grant(product, spelled(other.email)))
    done(other.revoke(product, respelled(other.email)))
    assert f"user:{other.email}" not in other.access(product)
    log = other.log(product)
    assert [(entry["action"], entry["subject"].lower()) for entry in log] == [
        ("delete", other.email),
        ("grant", other.email),
    ]
