"""Contract terms documents: links, uploads, completion, downloads, states (contract 3.4, R6, R11)."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.wire.dpx.fields import check_document, check_version
from tests.wire.dpx.hub import Hub, ok, place, refused, some_id, terms
from tests.wire.dpx.operations import LINK, NOWHERE
from tests.wire.raw import Doc

FILE: Doc = {"type": "terms_and_conditions", "name": "Terms"}


@pytest.fixture(scope="module")
def still(hub: Hub) -> Doc:
    """A draft whose terms no refused request may change."""
    return hub.draft()


def attached(hub: Hub, draft: Doc, text: bytes = b"Be kind.", **fields: Any) -> Doc:
    """A document that was uploaded and completed."""
    made = hub.post(terms(draft), FILE | fields, 201)
    check_document(made)
    assert httpx.put(made["upload_url"], content=text, trust_env=False).status_code == 200
    completed: Doc = hub.post(f"{terms(draft)}/{made['id']}/complete")
    check_document(completed)
    return completed


def bytes_of(document: Doc) -> bytes:
    return httpx.get(document["url"], trust_env=False).content


@pytest.mark.parametrize("type", ["sla", "terms_and_conditions"])
@pytest.mark.parametrize("name", ["x", "x" * 256, 'a b_c-d.e,f:g$h&i(j)k^"'])
@pytest.mark.parametrize("url", ["http://a", "https://example.com/a?b=c#d", "https://example.com/" + "x" * 980])
def test_a_link(hub: Hub, still: Doc, type: str, name: str, url: str) -> None:
    sent = {"id": some_id(), "type": type, "name": name, "url": url}
    assert hub.post(terms(still), sent, 201) == sent
    assert hub.get(f"{terms(still)}/{sent['id']}") == sent
    assert sent in hub.get(place(still))["contract_terms"][0]["documents"]
    ok(hub.call("DELETE", f"{terms(still)}/{sent['id']}"), 204)


def test_ids_of_documents(hub: Hub) -> None:
    draft = hub.draft()
    first, second = (hub.post(terms(draft), LINK | {"id": None}, 201) for _ in range(2))
    assert len({first["id"], second["id"]}) == 2
    assert refused(hub.call("POST", terms(draft), LINK | {"id": first["id"]}), 409) == ["already_exists"]
    other = hub.draft()
    assert hub.post(terms(other), LINK | {"id": first["id"]}, 201)["id"] == first["id"]


BAD: dict[str, list[Any]] = {
    "type": [None, "", "poem", "SLA", 1, []],
    "name": [None, "", " ", "x" * 257, "a/b", "a@b", 1, {}],
    "id": ["", "x", "x" * 35, "x" * 37, "/" * 36, "@" * 36, 1, []],
    "url": ["", "x", "ftp://x", "https://", "https://a b", "https://<x>", "https://" + "x" * 993, 1, []],
}


@pytest.mark.parametrize(
    ("name", "value"),
    [pytest.param(name, one, id=f"{name}-{n}") for name, ones in BAD.items() for n, one in enumerate(ones)],
)
def test_a_document_that_breaks_a_rule(hub: Hub, still: Doc, name: str, value: Any) -> None:
    before = hub.get(place(still))
    refused(hub.call("POST", terms(still), LINK | {name: value}), 400)
    assert hub.get(place(still)) == before


@pytest.mark.parametrize("name", ["type", "name"])
def test_what_a_document_must_have(hub: Hub, still: Doc, name: str) -> None:
    body = {key: value for key, value in LINK.items() if key != name}
    assert refused(hub.call("POST", terms(still), body), 400) == ["missing_required_value"]


def test_fields_that_are_tolerated(hub: Hub) -> None:
    draft = hub.draft()
    sent = FILE | {"attachment": {"id": NOWHERE}, "upload_url": "https://example.com/x"}
    made = hub.post(terms(draft), sent, 201)
    assert made["upload_url"] != sent["upload_url"]
    assert made["attachment"]["id"]


def test_a_link_has_nothing_to_complete(hub: Hub, still: Doc) -> None:
    document = hub.post(terms(still), LINK, 201)
    refused(hub.call("POST", f"{terms(still)}/{document['id']}/complete"), 400)
    ok(hub.call("DELETE", f"{terms(still)}/{document['id']}"), 204)


def test_an_upload_from_its_beginning_to_the_release(hub: Hub) -> None:
    draft = hub.draft()
    made = hub.post(terms(draft), FILE, 201)
    target = f"{terms(draft)}/{made['id']}"
    assert "url" not in made
    refused(hub.call("GET", target), 400, 404, 409)
    assert refused(hub.call("POST", f"{target}/complete"), 409) == ["conflict"]
    refused(hub.call("POST", f"{place(draft)}/publish"), 400)
    sent = httpx.put(made["upload_url"], content=b"Be kind.", headers={"content-type": "text/x"}, trust_env=False)
    assert sent.status_code == 200
    refused(hub.call("GET", target), 400, 404, 409)
    completed = hub.post(f"{target}/complete")
    check_document(completed)
    assert "upload_url" not in completed
    assert bytes_of(completed) == bytes_of(hub.get(target)) == b"Be kind."
    release = hub.post(f"{place(draft)}/publish")
    check_version(release)
    read = hub.get(f"{terms(release, 'releases')}/{made['id']}")
    assert bytes_of(read) == b"Be kind."
    assert (read["id"], read["name"], read["attachment"]) == (made["id"], "Terms", made["attachment"])
    httpx.put(made["upload_url"], content=b"Be rude.", trust_env=False)
    assert bytes_of(hub.get(f"{terms(release, 'releases')}/{made['id']}")) == b"Be kind."


def test_an_empty_upload(hub: Hub) -> None:
    draft = hub.draft()
    made = hub.post(terms(draft), FILE, 201)
    httpx.put(made["upload_url"], content=b"", trust_env=False)
    refused(hub.call("POST", f"{terms(draft)}/{made['id']}/complete"), 400, 409)


def test_completing_twice_takes_what_lies_there_now(hub: Hub) -> None:
    draft = hub.draft()
    made = hub.post(terms(draft), FILE, 201)
    for text in (b"One", b"Two"):
        httpx.put(made["upload_url"], content=text, trust_env=False)
        assert bytes_of(hub.post(f"{terms(draft)}/{made['id']}/complete")) == text


def test_an_upload_that_changed_after_completion_is_not_published(hub: Hub) -> None:
    draft = hub.draft()
    made = hub.post(terms(draft), FILE, 201)
    httpx.put(made["upload_url"], content=b"One", trust_env=False)
    hub.post(f"{terms(draft)}/{made['id']}/complete")
    httpx.put(made["upload_url"], content=b"Other", trust_env=False)
    refused(hub.call("POST", f"{place(draft)}/publish"), 400)
    assert hub.get(place(draft))["state"] == "draft"
    hub.post(f"{terms(draft)}/{made['id']}/complete")
    assert hub.post(f"{place(draft)}/publish")["state"] == "available"


def test_the_upload_link_is_for_one_key(hub: Hub) -> None:
    draft = hub.draft()
    one, other = (hub.post(terms(draft), FILE, 201)["upload_url"] for _ in range(2))
    assert one.partition("?")[0] != other.partition("?")[0]
    assert "Signature=" in one


def test_an_attachment_takes_no_url(hub: Hub) -> None:
    draft = hub.draft()
    document = attached(hub, draft)
    target = f"{terms(draft)}/{document['id']}"
    refused(hub.call("PATCH", target, [{"op": "add", "path": "/url", "value": "https://example.com"}]), 400)
    renamed = hub.patch(target, {"op": "add", "path": "/name", "value": "Other"})
    assert (renamed["name"], bytes_of(renamed)) == ("Other", b"Be kind.")


@pytest.mark.parametrize("text", [b"x", b"\x00\xff" * 1000, b"x" * 1_000_000])
def test_bytes_come_back(hub: Hub, still: Doc, text: bytes) -> None:
    document = attached(hub, still, text)
    assert bytes_of(hub.get(f"{terms(still)}/{document['id']}")) == text
    ok(hub.call("DELETE", f"{terms(still)}/{document['id']}"), 204)


def test_a_document_is_deleted(hub: Hub) -> None:
    draft = hub.draft()
    for document in (hub.post(terms(draft), LINK, 201), hub.post(terms(draft), FILE, 201), attached(hub, draft)):
        target = f"{terms(draft)}/{document['id']}"
        ok(hub.call("DELETE", target), 204)
        for method, body in (("GET", None), ("DELETE", None), ("PATCH", [{"op": "remove", "path": "/url"}])):
            assert refused(hub.call(method, target, body), 404) == ["does_not_exist"]
    assert hub.get(place(draft))["contract_terms"][0]["documents"] == []


@pytest.mark.parametrize(
    ("method", "rest", "body"),
    [
        ("POST", "", LINK),
        ("PATCH", "/{id}", [{"op": "replace", "path": "/name", "value": "x"}]),
        ("DELETE", "/{id}", None),
        ("POST", "/{id}/complete", None),
    ],
)
def test_documents_of_a_release_stand(hub: Hub, method: str, rest: str, body: Any) -> None:
    draft = hub.draft()
    document = attached(hub, draft)
    release = hub.post(f"{place(draft)}/publish")
    refused(hub.call(method, f"{terms(draft)}{rest.format(id=document['id'])}", body), 404, 409)
    assert hub.get(place(release, "releases")) == release


@pytest.mark.parametrize("kind", ["drafts", "releases"])
def test_terms_of_another_version(hub: Hub, kind: str) -> None:
    """The terms in the path must be the version's own."""
    make = {"drafts": hub.draft, "releases": hub.release}[kind]
    link = LINK | {"id": some_id()}
    one, other = (make(contract_terms=[{"documents": [link]}]) for _ in range(2))
    ok(hub.call("GET", f"{terms(one, kind)}/{link['id']}"))
    strange = f"{place(one, kind)}/contract_terms/{other['contract_terms'][0]['id']}/documents/{link['id']}"
    assert refused(hub.call("GET", strange), 404) == ["does_not_exist"]
    for wrong in ("x", some_id(), f"{some_id()}@{hub.catalog}"):
        refused(hub.call("GET", f"{place(one, kind)}/contract_terms/{wrong}/documents/{link['id']}"), 400, 404)
    refused(hub.call("GET", f"{terms(one, kind)}/{some_id()}"), 404)


def test_a_copied_draft_has_terms_of_its_own(hub: Hub) -> None:
    release = hub.release(contract_terms=[{"documents": [LINK]}])
    target = place(release).partition("/drafts/")[0]
    copied = hub.post(f"{target}/drafts", {"container": hub.container}, 201)
    assert copied["contract_terms"][0]["id"] != release["contract_terms"][0]["id"]
    assert copied["contract_terms"][0]["documents"] == []
