"""Section 3 and 4: the product object, and the five product operations."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.wire.nav.door import UNREADABLE, ZERO, Door, at, bigquery, bucket, done, fresh, mail, refused, registration
from tests.wire.raw import Doc


def test_registration_answers_the_id_as_bare_text(owner: Door) -> None:
    answer = owner.call("POST", "dataproducts", registration(team=owner.team))
    assert answer.status == 201
    assert re.fullmatch(rb"[A-Za-z0-9._~-]+", answer.body)
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"


def test_product_is_shown_as_registered_with_the_team_in_its_access_map(owner: Door) -> None:
    id = owner.register(name="n", description="d", datastore=[bucket("b")])
    shown = owner.shown(id)
    assert shown["data_product"] == {
        "name": "n",
        "description": "d",
        "datastore": [{"type": "bucket", "project_id": "aura-dev-d9f5", "bucket_id": "b"}],
        "team": owner.team,
        "access": {f"group:{owner.team}@nav.no": ZERO},
    }
    assert shown["id"] == id
    assert at(shown["created"]) <= at(shown["updated"])
    assert set(shown) == {"id", "data_product", "updated", "created"}


def test_datastore_is_left_out_when_there_is_none(owner: Door) -> None:
    id = owner.call("POST", "dataproducts", {"name": "n", "description": "d", "team": "t"}).body.decode()
    assert "datastore" not in owner.shown(id)["data_product"]


@pytest.mark.parametrize("none", [[], None])
def test_no_datastore_may_be_written_in_two_ways(owner: Door, none: Any) -> None:
    assert "datastore" not in owner.shown(owner.register(datastore=none))["data_product"]


def test_further_keys_of_a_datastore_are_stored_as_sent(owner: Door) -> None:
    store = bigquery() | {"region": "europe-north1", "é": ""}
    assert owner.shown(owner.register(datastore=[store]))["data_product"]["datastore"] == [store]


def test_fields_that_the_server_sets_are_ignored(owner: Door) -> None:
    forged = {"id": "mine", "created": ZERO, "updated": ZERO, "access": {"user:x@nav.no": ZERO}}
    id = owner.register(**forged)
    assert id != "mine"
    assert owner.access(id) == {f"group:{owner.team}@nav.no": ZERO}
    assert at(owner.shown(id)["created"]).year > 2000


def test_anybody_registers_for_any_team(other: Door) -> None:
    team = fresh("team")
    id = other.register(team=team)
    assert other.access(id) == {f"group:{team}@nav.no": ZERO}
    refused(other.call("PUT", f"dataproducts/{id}", {"name": "n"}), 401, "unauthorized\n")


@pytest.mark.parametrize("field", ["name", "description", "team"])
@pytest.mark.parametrize("value", ["", None, ...])
def test_registration_needs_name_description_and_team(owner: Door, field: str, value: Any) -> None:
    document = {k: v for k, v in (registration() | {field: value}).items() if v is not ...}
    answer = owner.call("POST", "dataproducts", document)
    assert answer.status == 400, answer
    assert answer.body.decode().startswith("Validation failed: ")
    assert field in answer.body.decode()


BAD_STORES: list[tuple[list[Doc], str]] = [
    ([{"project_id": "p", "bucket_id": "b"}], "no type defined"),
    ([{"type": "", "project_id": "p", "bucket_id": "b"}], "no type defined"),
    ([{"type": "s3", "project_id": "p", "bucket_id": "b"}], "unknown datastore type: s3"),
    ([{"type": "bucket"}], "missing key: project_id"),
    ([{"type": "bucket", "project_id": "p"}], "missing key: bucket_id"),
    ([{"type": "bigquery"}], "missing key: dataset_id"),
    ([{"type": "bigquery", "dataset_id": "d"}], "missing key: project_id"),
    ([{"type": "bigquery", "dataset_id": "d", "project_id": "p"}], "missing key: resource_id"),
]


@pytest.mark.parametrize(("stores", "why"), BAD_STORES)
def test_datastore_is_checked_on_registration_and_on_change(
    owner: Door, product: str, stores: list[Doc], why: str
) -> None:
    refused(owner.call("POST", "dataproducts", registration(datastore=stores)), 400, f"Validation failed: {why}")
    refused(owner.call("PUT", f"dataproducts/{product}", {"datastore": stores}), 400, f"Validation failed: {why}")


def test_at_most_one_datastore(owner: Door, product: str) -> None:
    two = {"datastore": [bucket(), bigquery()]}
    for answer in (
        owner.call("POST", "dataproducts", registration(**two)),
        owner.call("PUT", f"dataproducts/{product}", two),
    ):
        assert answer.status == 400
        assert answer.body.startswith(b"Validation failed: ")


@pytest.mark.parametrize(
    "wrong", [{"name": 1}, {"description": []}, {"team": {}}, {"datastore": {}}, {"datastore": ["x"]}, {"name": True}]
)
def test_wrong_types_cannot_be_deserialized(owner: Door, product: str, wrong: Doc) -> None:
    refused(owner.call("POST", "dataproducts", registration(**wrong)), 400, UNREADABLE)
    refused(owner.call("PUT", f"dataproducts/{product}", wrong), 400, UNREADABLE)


def test_product_is_listed_by_creation_with_its_access_map(owner: Door, nobody: Door, product: str) -> None:
    done(owner.grant(product, "a@nav.no"))
    assert owner.listed()[product] == owner.shown(product)
    assert nobody.listed()[product] == owner.shown(product)


def test_change_overwrites_what_is_given_and_leaves_the_rest(owner: Door, product: str) -> None:
    before = owner.shown(product)
    done(owner.call("PUT", f"dataproducts/{product}", {"name": "new"}))
    after = owner.shown(product)
    assert after["data_product"] == before["data_product"] | {"name": "new"}
    assert after["created"] == before["created"]
    assert at(after["updated"]) > at(before["updated"])
    done(owner.call("PUT", f"dataproducts/{product}", {"description": "d2", "datastore": [bigquery("r")]}))
    again = owner.shown(product)["data_product"]
    assert (again["description"], again["datastore"], again["name"]) == ("d2", [bigquery("r")], "new")


@pytest.mark.parametrize(
    "nothing",
    [{}, {"name": "", "description": "", "team": "", "datastore": []}, {"name": None, "team": None, "datastore": None}],
)
def test_empty_and_null_count_as_omitted(owner: Door, product: str, nothing: Doc) -> None:
    before = owner.shown(product)["data_product"]
    done(owner.call("PUT", f"dataproducts/{product}", nothing))
    assert owner.shown(product)["data_product"] == before


def test_change_ignores_what_the_server_sets(owner: Door, product: str) -> None:
    before = owner.shown(product)
    forged = {"id": "x", "created": ZERO, "updated": ZERO, "access": {"user:x@nav.no": ZERO}}
    done(owner.call("PUT", f"dataproducts/{product}", forged))
    after = owner.shown(product)
    assert (after["id"], after["created"], after["data_product"]) == (
        product,
        before["created"],
        before["data_product"],
    )


def test_new_team_takes_over(owner: Door, other: Door, product: str) -> None:
    friend = mail()
    done(owner.grant(product, friend))
    done(owner.call("PUT", f"dataproducts/{product}", {"team": other.team}))
    assert owner.access(product) == {f"group:{other.team}@nav.no": ZERO, f"user:{friend}": ZERO}
    refused(owner.call("PUT", f"dataproducts/{product}", {"name": "mine"}), 401, "unauthorized\n")
    refused(owner.call("DELETE", f"dataproducts/{product}"), 401, "unauthorized\n")
    refused(owner.revoke(product, friend), 401, "you are unauthorized to make changes to this access rule")
    done(other.call("DELETE", f"dataproducts/{product}"))


def test_change_looks_for_the_product_first_then_the_owner_then_the_body(
    owner: Door, other: Door, product: str
) -> None:
    refused(other.raw("PUT", "dataproducts/unknown", b"{"), 404, "not found\n")
    refused(other.raw("PUT", f"dataproducts/{product}", b"{"), 401, "unauthorized\n")
    refused(owner.raw("PUT", f"dataproducts/{product}", b"{"), 400, UNREADABLE)


@pytest.mark.parametrize("path", ["dataproducts", "dataproduct"])
@pytest.mark.parametrize("slash", ["", "/"])
def test_both_paths_delete(owner: Door, other: Door, path: str, slash: str) -> None:
    id = owner.register()
    refused(other.call("DELETE", f"{path}/{id}{slash}"), 401, "unauthorized\n")
    done(owner.call("DELETE", f"{path}/{id}{slash}"))
    refused(owner.call("GET", f"dataproducts/{id}"), 404, "not found\n")
    refused(owner.call("DELETE", f"{path}/{id}{slash}"), 404, "not found\n")
    assert id not in owner.listed()


def test_manager_counts_as_owner(owner: Door, manager: Door, product: str) -> None:
    done(owner.grant(product, "a@nav.no"))
    done(manager.call("PUT", f"dataproducts/{product}", {"name": "governed"}))
    done(manager.revoke(product, "a@nav.no"))
    done(manager.call("DELETE", f"dataproducts/{product}"))


def test_product_that_was_deleted_is_granted_to_nobody(owner: Door, product: str) -> None:
    friend = mail()
    done(owner.grant(product, friend))
    done(owner.call("DELETE", f"dataproducts/{product}"))
    refused(owner.grant(product, friend), 404, "not found\n")
    refused(owner.revoke(product, friend), 404, "not found\n")


@pytest.mark.parametrize("path", ["dataproducts", "access/{id}", "dataproducts/{id}", "userinfo"])
def test_every_read_takes_a_trailing_slash(owner: Door, product: str, path: str) -> None:
    plain, slashed = (owner.call("GET", path.format(id=product) + slash) for slash in ("", "/"))
    assert plain.status == slashed.status == 200
    assert plain.json() == slashed.json()


def test_every_change_takes_a_trailing_slash(owner: Door) -> None:
    answer = owner.call("POST", "dataproducts/", registration(team=owner.team))
    assert answer.status == 201
    id = answer.body.decode()
    done(owner.call("PUT", f"dataproducts/{id}/", {"name": "n"}))
    done(owner.call("POST", f"access/{id}/", {"subject": "a@nav.no", "type": "user"}))
    done(owner.call("DELETE", f"access/{id}/", {"subject": "a@nav.no", "type": "user"}))


@pytest.mark.parametrize(
    ("method", "path"), [("GET", ""), ("GET", "nothing"), ("PATCH", "dataproducts"), ("PUT", "x/y")]
)
def test_unknown_paths_are_answered_as_text(nobody: Door, method: str, path: str) -> None:
    refused(nobody.call(method, path), 404, "404 page not found\n")


def test_numbers_and_letters_of_any_script_come_back(owner: Door) -> None:
    id = owner.register(name='æøå "\\ \u2028 😀', description="x" * 5000)
    inner = owner.shown(id)["data_product"]
    assert (inner["name"], inner["description"]) == ('æøå "\\ \u2028 😀', "x" * 5000)
