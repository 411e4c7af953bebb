"""G13, G14: ids are the client's, arrive encoded or bare, and agree between path and body."""

from __future__ import annotations

import json
import uuid

import pytest

from tests.wire.nndm.documents import GONE, KINDS, Kind, World, changed, fresh, team
from tests.wire.nndm.door import Door, bare, encoded, refused, stored
from tests.wire.nndm.feed import Feed

SHAPES = {
    "uuid": "123e4567-e89b-42d3-a456-{}00000000", "urn": "urn:dataproduct:checkout:{}", "dots": "a.b..c.{}",
    "at": "team@example.com.{}",
    "spaces": "with two  spaces {}", "umlauts": "größe-æøå-{}", "chinese": "数据-{}", "emoji": "🧪-{}",
    "arabic": "منتج-{}",
    "plus": "a+b+{}", "percent": "100%-{}", "percent escape": "a%20b-{}", "escaped slash": "a%2Fb-{}",
    "ampersand": "a&b=c-{}", "semicolon": "a;b=1-{}",
    "comma": "a,b-{}", "tilde": "~{}", "brackets": "(a)[b]{{c}}<d>-{}", "quotes": "'a'\"b\"-{}", "backslash": "a\\b-{}",
    "hash": "#a-{}",
    "pipe": "a|b^c`-{}", "dollar": "$a!*-{}", "colon first": ":a-{}", "dot last": "{}.", "dash first": "-{}",
    "trailing space": "{} ",
    "leading space": " {}", "number": "{}", "decomposed": "e\u0301-{}", "upper": "URN:X:{}",
    "like a path": "datacontract.yaml-{}", "zero width": "a\u200bb-{}",
    "key-like": "TEAM#{}", "star": "*{}",
}  # fmt: skip


@pytest.fixture(params=list(SHAPES.values()), ids=list(SHAPES))
def shaped(request: pytest.FixtureRequest) -> str:
    """An id of an unusual shape that nobody has used."""
    return str(request.param).format(uuid.uuid4().int % 10**12)


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_g13_an_id_works_encoded_and_bare(door: Door, world: World, kind: Kind, shaped: str) -> None:
    sent = kind.small(shaped, world)
    stored(door.call("PUT", f"/api/{kind.path}/{encoded(shaped)}", sent))
    assert door.call("GET", f"/api/{kind.path}/{bare(shaped)}").json()["id"] == shaped
    stored(door.call("PUT", f"/api/{kind.path}/{bare(shaped)}", sent))
    assert door.call("GET", f"/api/{kind.path}/{encoded(shaped)}").json()["id"] == shaped
    stored(door.call("DELETE", f"/api/{kind.path}/{bare(shaped)}"))
    refused(door.get(kind.path, shaped), 404)


@pytest.mark.parametrize("shape", ["urn:ü:{}", "größe-{}", "数据-{}", "🧪-{}"])
def test_g13_curl_escapes_in_lower_case(door: Door, shape: str) -> None:
    id = shape.format(fresh())
    target = "".join(letter if letter.isascii() else lowered(letter) for letter in id)
    stored(door.call("PUT", f"/api/teams/{target}", team(id)))
    assert door.get("teams", id).json()["id"] == id


def lowered(letter: str) -> str:
    """A letter as curl escapes it."""
    return "".join(f"%{byte:02x}" for byte in letter.encode())


def test_g13_escapes_of_plain_letters_are_the_same(door: Door) -> None:
    id = fresh()
    stored(door.put("teams", id, team(id)))
    assert door.call("GET", "/api/teams/" + "".join(f"%{ord(letter):02X}" for letter in id)).json()["id"] == id


@pytest.mark.parametrize(("action", "status"), [("approve", "approved"), ("reject", "rejected")])
def test_g13_actions_take_any_id(door: Door, world: World, action: str, status: str, shaped: str) -> None:
    stored(door.put("datausageagreements", shaped, KINDS[5].small(shaped, world)))
    stored(door.call("POST", f"/api/datausageagreements/{bare(shaped)}/{action}"))
    assert door.get("datausageagreements", shaped).json()["info"]["status"] == status


def test_g13_the_export_takes_any_id(door: Door, world: World, shaped: str) -> None:
    stored(door.put("datacontracts", shaped, KINDS[3].small(shaped, world)))
    target = "/api/datacontracts/{}/datacontract.yaml"
    assert [door.call("GET", target.format(form(shaped))).status for form in (bare, encoded)] == [200, 200]


def test_g13_events_carry_any_id(door: Door, feed: Feed, shaped: str) -> None:
    stored(door.put("teams", shaped, team(shaped)))
    feed.wait(shaped, "TeamCreated")
    assert feed.of(shaped)[0]["data"]["id"] == shaped


@pytest.mark.parametrize("kind", KINDS, ids=str)
@pytest.mark.parametrize("letter", ["a", "ü", "数", "🧪", "%", " x"])
def test_g13_256_characters_are_allowed(door: Door, world: World, kind: Kind, letter: str) -> None:
    id = (uuid.uuid4().hex + letter * 256)[:255] + "z"
    stored(door.put(kind.path, id, kind.small(id, world)))
    assert door.get(kind.path, id).json()["id"] == id


@pytest.mark.parametrize("kind", KINDS, ids=str)
@pytest.mark.parametrize("letter", ["a", "ü"])
def test_g13_more_than_256_characters_are_not(door: Door, world: World, kind: Kind, letter: str) -> None:
    id = (uuid.uuid4().hex + letter * 257)[:257]
    refused(door.put(kind.path, id, kind.small(id, world)), 422)
    refused(door.get(kind.path, id), 404)


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_g13_a_blank_id_is_no_id(door: Door, world: World, kind: Kind) -> None:
    refused(door.put(kind.path, "   ", kind.small("   ", world)), 422)


@pytest.mark.parametrize("id", ["a?b", "a\tb", "a\nb", "\x7f", "a\x00b", "..", ".", "a/b"], ids=ascii)
def test_g13_odd_ids_never_break_the_server(door: Door, id: str) -> None:
    assert door.put("teams", id, team(id)).status in {200, 400, 404, 422}
    assert door.get("teams", id).status in {200, 400, 404, 422}


@pytest.mark.parametrize("segment", ["%FF%FE", "%C3", "%ZZ", "%", "a%2", "%C0%AF", "%ED%A0%80"])
def test_g5_a_broken_escape_never_breaks_the_server(door: Door, segment: str) -> None:
    assert door.call("GET", f"/api/teams/{segment}").status in {400, 404}
    assert door.call("PUT", f"/api/teams/{segment}", team("x")).status in {400, 404, 422}


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_g13_ids_are_compared_exactly(door: Door, world: World, kind: Kind) -> None:
    tail = uuid.uuid4().hex[:12] + "af"
    spellings = [
        f"A-{tail}",
        f"a-{tail}",
        f"a-{tail} ",
        f" a-{tail}",
        f"a-{tail.upper()}",
        f"\u00e9{tail}",
        f"e\u0301{tail}",
        f"a%2D{tail}",
    ]
    for id in spellings:
        stored(door.put(kind.path, id, kind.small(id, world) | {"mark": id}))
    assert [door.get(kind.path, id).json()["mark"] for id in spellings] == spellings


def test_g13_spellings_of_one_uuid_are_different_ids(door: Door) -> None:
    plain = str(uuid.uuid4())
    spellings = [plain, plain.upper(), f"{{{plain}}}", plain.replace("-", ""), f"urn:uuid:{plain}"]
    for id in spellings:
        stored(door.put("teams", id, team(id) | {"name": id}))
    assert [door.get("teams", id).json()["name"] for id in spellings] == spellings


def test_g13_one_id_may_be_used_by_every_kind(door: Door, world: World) -> None:
    id = fresh()
    for kind in KINDS:
        stored(door.put(kind.path, id, kind.small(id, world) | {"mark": kind.path}))
    assert [door.get(kind.path, id).json()["mark"] for kind in KINDS] == [kind.path for kind in KINDS]


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_g14_the_id_of_the_body_is_that_of_the_path(door: Door, feed: Feed, world: World, kind: Kind) -> None:
    in_path, in_body = fresh("path"), fresh("body")
    refused(door.put(kind.path, in_path, kind.small(in_body, world)), 422)
    refused(door.get(kind.path, in_path), 404)
    refused(door.get(kind.path, in_body), 404)
    feed.settle()
    assert feed.of(in_path) + feed.of(in_body) == []


@pytest.mark.parametrize("kind", KINDS, ids=str)
@pytest.mark.parametrize("other", ["{} ", " {}", "{}x", "x{}", "{}/", "%7B{}"])
def test_g14_a_nearly_equal_id_is_another(door: Door, world: World, kind: Kind, other: str) -> None:
    id = fresh("a")
    refused(door.put(kind.path, id, kind.small(other.format(id), world)), 422)
    refused(door.put(kind.path, id, kind.small(id.upper(), world)), 422)
    refused(door.get(kind.path, id), 404)


def test_g14_an_existing_record_is_not_renamed(door: Door, world: World) -> None:
    id, other = fresh(), fresh()
    stored(door.put("teams", id, team(id)))
    stored(door.put("teams", other, team(other)))
    refused(door.put("teams", id, team(other) | {"name": "changed"}), 422)
    assert [door.get("teams", one).json()["name"] for one in (id, other)] == ["Checkout", "Checkout"]


def test_g14_an_asset_without_id_takes_that_of_the_path(door: Door, world: World) -> None:
    id = fresh("urn:asset:")
    stored(door.put("assets", id, {"info": {"name": "n"}}))
    assert door.get("assets", id).json()["id"] == id


def test_g14_an_asset_with_a_null_id_takes_that_of_the_path(door: Door, world: World) -> None:
    id = fresh()
    stored(door.put("assets", id, {"id": None, "properties": {"a": 1}}))
    assert door.get("assets", id).json()["id"] == id


def test_33_an_agreement_without_id_takes_that_of_the_path(door: Door, world: World) -> None:
    id = fresh()
    stored(door.put("datausageagreements", id, changed(KINDS[5].small(id, world), "id", GONE)))
    assert door.get("datausageagreements", id).json()["id"] == id


@pytest.mark.parametrize("kind", KINDS, ids=str)
@pytest.mark.parametrize("gone", [GONE, None], ids=repr)
def test_g14_a_body_without_id_is_stored_under_the_path_or_refused(
    door: Door, world: World, kind: Kind, gone: object
) -> None:
    id = fresh()
    answer = door.put(kind.path, id, changed(kind.small(id, world), "id", gone))
    after = door.get(kind.path, id)
    assert (answer.status, after.status) in {(200, 200), (422, 404)}
    assert json.loads(after.body).get("id", id) == id
