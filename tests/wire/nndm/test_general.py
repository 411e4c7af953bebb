"""G1 to G6: media types, credentials, statuses, errors - for every operation."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest

from tests.wire.nndm.documents import KINDS, Kind, World, agreement, cost, fresh, results, team
from tests.wire.nndm.door import JSON_TYPE, Door, refused, stored
from tests.wire.nndm.operations import ALL, DELETES, READS, UNKNOWN_ID, WITH_BODY, WITHOUT_BODY, body_for, name

Operation = tuple[str, str]
WRONG_KEYS: dict[str, dict[str, str]] = {
    "no key": {},
    "empty": {"x-api-key": ""},
    "wrong": {"x-api-key": "wrong"},
    "long": {"x-api-key": "k" * 5000},
    "basic": {"authorization": "Basic YTpi"},
}


def test_there_are_37_operations() -> None:
    assert len(set(ALL)) == 37


@pytest.mark.parametrize("operation", ALL, ids=name)
@pytest.mark.parametrize("headers", WRONG_KEYS.values(), ids=WRONG_KEYS.keys())
def test_g2_without_the_right_key_nothing_is_allowed(
    door: Door, world: World, operation: Operation, headers: dict[str, str]
) -> None:
    method, target = operation
    body = json.dumps(body_for(target, world)).encode() if operation in WITH_BODY else None
    refused(door.send(method, target, body, headers | JSON_TYPE), 403, 401)


def test_g2_the_key_is_judged_before_the_request(door: Door) -> None:
    refused(door.send("PUT", f"/api/teams/{fresh()}", b"{", {"x-api-key": "wrong"} | JSON_TYPE), 403, 401)


@pytest.mark.parametrize("header", ["x-api-key", "X-API-KEY", "X-Api-Key", "x-API-key"])
def test_g2_the_name_of_the_header_has_no_case(door: Door, header: str) -> None:
    assert door.send("GET", "/api/teams?p=0", None, {header: door.key}).status == 200


def test_g2_a_refused_write_stores_nothing(door: Door) -> None:
    id = fresh()
    refused(door.send("PUT", f"/api/teams/{id}", json.dumps(team(id)).encode(), {"x-api-key": "no"}), 403, 401)
    refused(door.get("teams", id), 404)


@pytest.mark.parametrize("operation", WITHOUT_BODY, ids=name)
def test_g1_a_content_type_without_a_body_changes_nothing(door: Door, operation: Operation) -> None:
    plain = door.call(*operation)
    typed = door.call(*operation, **JSON_TYPE)
    assert (typed.status, typed.kind) == (plain.status, plain.kind), typed
    assert typed.status in {200, 404}


@pytest.mark.parametrize("operation", READS, ids=name)
@pytest.mark.parametrize(
    "accept", ["*/*", "application/json", "application/yaml", "application/cloudevents-batch+json", "text/html, */*"]
)
def test_g1_any_accept_header_is_served(door: Door, operation: Operation, accept: str) -> None:
    assert door.call(*operation, accept=accept).status == door.call(*operation).status


@pytest.mark.parametrize(
    "type",
    ["application/json", "application/json; charset=utf-8", "application/json;charset=UTF-8", "Application/JSON"],
)
@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_g1_the_content_type_may_name_a_charset(door: Door, world: World, kind: Kind, type: str) -> None:
    id = fresh()
    sent = kind.small(id, world)
    stored(door.call("PUT", f"/api/{kind.path}/{id}", sent, **{"content-type": type}))
    assert door.get(kind.path, id).json()["id"] == id


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_g1_answers_are_json(door: Door, world: World, kind: Kind) -> None:
    id = fresh()
    stored(door.put(kind.path, id, kind.small(id, world)))
    assert door.get(kind.path, id).kind == "application/json"
    assert door.call("GET", f"/api/{kind.path}?p=0").kind == "application/json"


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_g3_create_update_and_delete_all_answer_200(door: Door, world: World, kind: Kind) -> None:
    id = fresh()
    created = door.put(kind.path, id, kind.small(id, world))
    updated = door.put(kind.path, id, kind.full(id, world))
    again = door.put(kind.path, id, kind.full(id, world))
    deleted = door.delete(kind.path, id)
    assert [answer.status for answer in (created, updated, again, deleted)] == [200] * 4


def test_g3_every_post_answers_200(door: Door, world: World) -> None:
    contract_id, agreement_id, other = fresh(), fresh(), fresh()
    stored(door.put("datacontracts", contract_id, KINDS[3].full(contract_id, world)))
    stored(door.put("datausageagreements", agreement_id, agreement(agreement_id, world)))
    stored(door.put("datausageagreements", other, agreement(other, world)))
    answers = [
        door.call("POST", "/api/costs", cost(world.consumer)),
        door.call("POST", "/api/test-results", results(fresh(), contract_id)),
        door.act(other, "reject"),
        door.act(agreement_id, "approve"),
        door.act(agreement_id, "cancel"),
    ]
    assert [answer.status for answer in answers] == [200] * 5


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_g4_a_body_after_a_write_is_json(door: Door, world: World, kind: Kind) -> None:
    id = fresh()
    answers = [door.put(kind.path, id, kind.small(id, world)), door.delete(kind.path, id)]
    assert [json.loads(answer.body or b"null") is not ... for answer in answers] == [True, True]


@pytest.mark.parametrize("operation", UNKNOWN_ID, ids=name)
def test_g6_an_unknown_id_is_404(door: Door, operation: Operation) -> None:
    refused(door.call(*operation), 404)


def test_g6_eight_kinds_four_actions_and_the_export_know_404() -> None:
    assert len(UNKNOWN_ID) == len(KINDS) + len(DELETES) + 3 + 1


@pytest.mark.parametrize("operation", UNKNOWN_ID, ids=name)
def test_g5_a_problem_has_its_five_members(door: Door, operation: Operation) -> None:
    answer = door.call(*operation)
    problem = answer.json()
    assert answer.kind == "application/problem+json"
    assert problem["status"] == 404
    assert [isinstance(problem[field], str) and problem[field] != "" for field in ("type", "title", "detail")] == [
        True
    ] * 3
    assert problem["instance"].startswith("/api/")


UNREADABLE: dict[str, str | bytes] = {
    "nothing": "",
    "blank": "  ",
    "open": "{",
    "word": "nope",
    "array": "[]",
    "array of objects": '[{"id": "x"}]',
    "text": '"x"',
    "number": "5",
    "null": "null",
    "true": "true",
    "trailing": '{"id": "x"} y',
    "comma": '{"id": "x",}',
    "single quotes": "{'id': 'x'}",
    "not a number": '{"id": NaN}',
    "infinity": '{"id": Infinity}',
    "control character": '{"id": "a\x01b"}',
    "yaml": "id: x\nname: y\n",
    "not utf-8": b'{"id": "\xff\xfe"}',
    "cut utf-8": b'{"id": "\xe2\x82',
}


@pytest.mark.parametrize("operation", WITH_BODY, ids=name)
@pytest.mark.parametrize("text", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_g6_a_body_that_is_no_json_object_is_400(door: Door, operation: Operation, text: str | bytes) -> None:
    refused(door.raw(*operation, text), 400)


HOSTILE = {
    "deep arrays": '{{"id": {}1{}}}'.format("[" * 100_000, "]" * 100_000),
    "deep objects": '{{"id": "x", "custom": {}1{}}}'.format('{"a":' * 20_000, "}" * 20_000),
    "long integer": '{"id": "x", "amount": %s}' % ("9" * 10_000),
    "huge exponent": '{"id": "x", "amount": 1e9999999}',
    "lone surrogate": '{"id": "x", "name": "\\ud800"}',
    "zero character": '{"id": "x", "name": "a\\u0000b"}',
    "many keys": '{"id": "x", ' + ",".join(f'"k{n}": {n}' for n in range(20_000)) + "}",
    "prototype": '{"id": "x", "__proto__": {"id": "y"}, "constructor": 1, "__class__": 2}',
}


@pytest.mark.parametrize("operation", WITH_BODY, ids=name)
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_g5_hostile_bodies_are_refused_in_words(door: Door, operation: Operation, text: str) -> None:
    refused(door.raw(*operation, text), 400, 413, 422)


@pytest.mark.parametrize(
    "target",
    [
        "/api/nothing", "/api/", "/api/teams/a/b", "/api/dataproducts/x/outputports",
        "/api/datacontracts/x/datacontract.json",
        "/api/datausageagreements/x/activate", "/api/events/1", "/api/Teams", "/api/teamsx",
    ],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "PUT", "POST", "DELETE"])
def test_g6_an_unknown_path_is_404(door: Door, method: str, target: str) -> None:
    body = {"id": "x"} if method in {"PUT", "POST"} else None
    refused(door.call(method, target, body), 404)


@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("POST", "/api/teams"),
        ("PATCH", "/api/teams/x"),
        ("DELETE", "/api/teams"),
        ("PUT", "/api/costs"),
        ("PUT", "/api/events"),
    ],
)
def test_g6_a_method_that_a_path_does_not_have_is_refused_in_words(door: Door, method: str, target: str) -> None:
    refused(door.call(method, target, {"id": "x"}), 404, 405)


@pytest.mark.parametrize("kind", KINDS, ids=str)
@pytest.mark.parametrize("page", ["-1", "x", "1.5", "1e3", "0x1", "null", "true", "٣", "--1", "+-1", "1,2"])
def test_g6_a_page_that_is_no_count_is_400(door: Door, kind: Kind, page: str) -> None:
    refused(door.call("GET", f"/api/{kind.path}?p={quote(page)}"), 400)


def test_g6_costs_need_to_know_whose(door: Door) -> None:
    refused(door.call("GET", "/api/costs"), 400)


def test_g5_a_refusal_names_what_is_wrong(door: Door, world: World) -> None:
    id = fresh()
    missing = fresh("nobody")
    words = refused(door.put("sourcesystems", id, {"id": id, "name": "S", "owner": missing}), 422)
    assert missing in words
