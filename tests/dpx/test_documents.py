"""Documents of contract terms: links, attachments, what may be done when (contract 3.4, R11)."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from souk.releases import documents as terms_documents
from souk.releases.documents import MAX_BYTES
from souk.store import clients
from tests.dpx.driver import Api, Wire
from tests.dpx.hub import Hub, documents, drafts, releases, some_id

LINK = {"type": "terms_and_conditions", "name": "Terms", "url": "https://example.com/terms?a=1"}


def key_of(link: str) -> str:
    """The object that a signed link is for."""
    return urlsplit(link).path.removeprefix("/")


def upload(bucket: str, document: Wire, data: bytes = b"No coffee, no work.") -> None:
    clients.client("s3").put_object(Bucket=bucket, Key=key_of(document["upload_url"]), Body=data)


def stored(bucket: str, link: str) -> bytes:
    found: bytes = clients.client("s3").get_object(Bucket=bucket, Key=key_of(link))["Body"].read()
    return found


def completed(hub: Hub, bucket: str, draft: Wire) -> Wire:
    document = hub.document(draft)
    upload(bucket, document)
    hub.api.post(f"{documents(draft, document)}/complete").expect(200)
    return document


def test_a_link_is_kept(api: Api, hub: Hub) -> None:
    draft = hub.product()
    document = hub.document(draft, **LINK)
    assert document == LINK | {"id": document["id"]}
    assert api.get(documents(draft, document)).expect(200) == document
    assert hub.shown(draft)["contract_terms"][0]["documents"] == [document]


def test_an_id_may_be_given_once(api: Api, hub: Hub) -> None:
    draft = hub.product()
    document = hub.document(draft, id=some_id(), **LINK)
    assert api.get(documents(draft, document)).expect(200) == document
    api.post(documents(draft), document).refused(409, "already_exists")
    assert hub.document(hub.product(), **document) == document


def test_an_attachment_is_uploaded_completed_and_read(api: Api, hub: Hub, bucket: str) -> None:
    draft = hub.product()
    document = hub.document(draft, attachment={"id": "tolerated"}, upload_url="tolerated")
    assert document.keys() == {"id", "type", "name", "attachment", "upload_url"}
    (message,) = api.get(documents(draft, document)).refused(409, "conflict")
    assert "upload" in message
    assert "complete" in message
    api.post(f"{documents(draft, document)}/complete").refused(409, "conflict")
    upload(bucket, document)
    done = api.post(f"{documents(draft, document)}/complete").expect(200)
    read = api.get(documents(draft, document)).expect(200)
    for answer in (done, read):
        assert "upload_url" not in answer
        assert stored(bucket, answer["url"]) == b"No coffee, no work."


def test_links_are_signed_short_lived_and_for_one_key_without_demands(hub: Hub, bucket: str) -> None:
    first, second = (hub.document(hub.product())["upload_url"] for _ in range(2))
    query = parse_qs(urlsplit(first).query)
    assert query["X-Amz-SignedHeaders"] == ["host"]
    assert int(query["X-Amz-Expires"][0]) <= 3600
    assert urlsplit(first).netloc == f"{bucket}.s3.eu-central-1.amazonaws.com"
    assert key_of(first) != key_of(second)


def test_an_empty_or_too_large_file_is_refused(
    api: Api, hub: Hub, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert MAX_BYTES == 100 * 1024 * 1024
    monkeypatch.setattr(terms_documents, "MAX_BYTES", 10)
    draft = hub.product()
    document = hub.document(draft)
    for data in (b"", b"eleven byte"):
        upload(bucket, document, data)
        api.post(f"{documents(draft, document)}/complete").refused(400, "invalid_parameter")
    upload(bucket, document, b"ten bytes!")
    api.post(f"{documents(draft, document)}/complete").expect(200)


def test_a_link_has_nothing_to_complete(api: Api, hub: Hub) -> None:
    draft = hub.product()
    document = hub.document(draft, **LINK)
    api.post(f"{documents(draft, document)}/complete").refused(400, "invalid_parameter")


def test_documents_are_patched(api: Api, hub: Hub, bucket: str) -> None:
    draft = hub.product()
    document, attached = hub.document(draft, **LINK), completed(hub, bucket, draft)
    name = {"op": "add", "path": "/name", "value": "Newer"}
    url = {"op": "replace", "path": "/url", "value": "https://example.com/new"}
    kind = {"op": "replace", "path": "/type", "value": "sla"}
    changed = {"id": document["id"], "type": "sla", "name": "Newer", "url": "https://example.com/new"}
    assert api.patch(documents(draft, document), name, url, kind).expect(200) == changed
    assert api.get(documents(draft, document)).expect(200) == changed
    assert api.patch(documents(draft, attached), name).expect(200)["name"] == "Newer"
    api.patch(documents(draft, attached), url).refused(400, "invalid_parameter")


@pytest.mark.parametrize(
    ("operation", "status", "code"),
    [
        ({"op": "replace", "path": "/id", "value": "x"}, 400, "invalid_parameter"),
        ({"op": "add", "path": "/attachment", "value": {"id": "x"}}, 400, "invalid_parameter"),
        ({"op": "remove", "path": "/url"}, 400, "invalid_parameter"),
        ({"op": "replace", "path": "/url", "value": "ftp://x"}, 400, "invalid_parameter"),
        ({"op": "replace", "path": "/type", "value": "poem"}, 400, "invalid_parameter"),
        ({"op": "remove", "path": "/name"}, 400, "missing_required_value"),
        ({"op": "remove", "path": "/nothing"}, 400, "patch_error"),
        ({"op": "test", "path": "/name", "value": "x"}, 409, "conflict"),
    ],
)
def test_what_a_patch_of_a_document_may_not_do(api: Api, hub: Hub, operation: Wire, status: int, code: str) -> None:
    draft = hub.product()
    document = hub.document(draft, **LINK)
    api.patch(documents(draft, document), operation).refused(status, code)
    assert api.get(documents(draft, document)).expect(200) == document


def test_a_document_is_deleted(api: Api, hub: Hub) -> None:
    draft = hub.product()
    document, other = hub.document(draft, **LINK), hub.document(draft, **LINK)
    assert api.delete(documents(draft, document)).status == 204
    api.get(documents(draft, document)).refused(404, "does_not_exist")
    api.delete(documents(draft, document)).refused(404, "does_not_exist")
    assert hub.shown(draft)["contract_terms"][0]["documents"] == [other]


@pytest.mark.parametrize(
    ("fields", "codes"),
    [
        ({}, ["missing_required_value"] * 2),
        ({"type": "sla"}, ["missing_required_value"]),
        ({"type": "poem", "name": "x"}, ["invalid_parameter"]),
        ({"type": "sla", "name": " "}, ["invalid_parameter"]),
        ({"type": "sla", "name": "x", "id": "short"}, ["invalid_parameter"]),
        ({"type": "sla", "name": "x", "url": "javascript:alert(1)"}, ["invalid_parameter"]),
        ({"type": "sla", "name": "x", "url": "https://example.com/" + "a" * 1000}, ["invalid_parameter"]),
    ],
)
def test_a_document_that_breaks_a_rule_is_refused(api: Api, hub: Hub, fields: Wire, codes: list[str]) -> None:
    api.post(documents(hub.product()), fields).refused(400, *codes)


def test_terms_belong_to_their_version(api: Api, hub: Hub) -> None:
    draft, other = hub.product(), hub.product()
    document = hub.document(draft, **LINK)
    place = f"{drafts(other)}/contract_terms/{draft['contract_terms'][0]['id']}/documents"
    api.post(place, LINK).refused(404, "does_not_exist")
    api.get(f"{place}/{document['id']}").refused(404, "does_not_exist")
    api.get(f"{documents(draft)}/short").refused(400, "invalid_parameter")
    api.get(f"{documents(draft)}/{some_id()}").refused(404, "does_not_exist")


def test_publishing_freezes_attachments(api: Api, hub: Hub, bucket: str) -> None:
    draft = hub.product()
    attached, linked = completed(hub, bucket, draft), hub.document(draft, **LINK)
    release = hub.publish(draft).expect(200)
    upload(bucket, attached, b"Changed afterwards")
    place = documents(draft, attached).replace("/drafts/", "/releases/")
    first = api.get(place).expect(200)
    assert stored(bucket, first["url"]) == b"No coffee, no work."
    assert key_of(first["url"]) != key_of(attached["upload_url"])
    assert api.get(documents(draft, linked).replace("/drafts/", "/releases/")).expect(200) == linked
    assert release["contract_terms"] == hub.shown(release)["contract_terms"]


def test_what_was_changed_after_completion_is_not_published(api: Api, hub: Hub, bucket: str) -> None:
    draft = hub.product()
    attached = completed(hub, bucket, draft)
    upload(bucket, attached, b"Changed in between")
    (message,) = hub.publish(draft).refused(400, "invalid_parameter")
    assert "changed after it was completed" in message
    assert hub.shown(draft)["state"] == "draft"
    api.post(f"{documents(draft, attached)}/complete").expect(200)
    hub.publish(draft).expect(200)


def test_documents_of_a_release_stand_still(api: Api, hub: Hub, bucket: str) -> None:
    draft = hub.product()
    document, attached = hub.document(draft, **LINK), completed(hub, bucket, draft)
    hub.publish(draft).expect(200)
    api.post(documents(draft), LINK).refused(409, "conflict")
    api.delete(documents(draft, document)).refused(409, "conflict")
    api.patch(documents(draft, document), {"op": "add", "path": "/name", "value": "x"}).refused(409, "conflict")
    api.post(f"{documents(draft, attached)}/complete").refused(409, "conflict")
    api.post(f"{documents(draft, document)}/complete").refused(400, "invalid_parameter")


def test_a_release_made_elsewhere_has_terms_without_documents(api: Api, hub: Hub) -> None:
    release = hub.release()
    place = f"{releases(release)}/contract_terms/{release['contract_terms'][0]['id']}/documents/{some_id()}"
    api.get(place).refused(404, "does_not_exist")
