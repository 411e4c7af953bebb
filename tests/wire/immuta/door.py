"""The door as a client sees it: paths, JSON, both envelopes, and the shapes that the contract promises."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote, urlencode
from uuid import uuid4

from tests.wire.raw import Answer, Doc, Wire

CUID = re.compile(r"c[a-z0-9]{24}\Z")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\Z")
STATUSES = {"APPROVED", "CANCELED", "DENIED", "PENDING", "NONE", "PUBLISHER", "REVOKED", "EXPIRED"}
STATS = ("dataSource", "pendingRequest", "approvedRequest", "revokedRequest", "canceledRequest", "deniedRequest")


class Caller(Wire):
    """A client with one person's token."""

    def __init__(self, url: str, token: str, id: str) -> None:
        super().__init__(url, {"authorization": f"Bearer {token}", "accept": "application/json"})
        self.id = id

    def call(self, method: str, target: str, doc: Any = None, **query: Any) -> Answer:
        """A request; `query` values that are lists become repeated keys."""
        asked = f"?{urlencode(query, doseq=True)}" if query else ""
        body = None if doc is None else json.dumps(doc).encode()
        extra = {} if doc is None else {"content-type": "application/json"}
        return self.send(method, target + asked, body, self.headers | extra)

    def ok(self, method: str, target: str, doc: Any = None, status: int = 200, **query: Any) -> Any:
        """The body of an answer that must have this status."""
        answer = self.call(method, target, doc, **query)
        assert answer.status == status, answer
        return answer.json() if answer.body else None

    def get(self, target: str, **query: Any) -> Any:
        answer = self.call("GET", target, **query)
        assert answer.status == 200, answer
        return answer.json()

    def refused(self, status: int, method: str, target: str, doc: Any = None, **query: Any) -> None:
        """A refusal with this status, worded as NestJS words them."""
        answer = self.call(method, target, doc, **query)
        assert answer.status == status, answer
        body = answer.json()
        assert body["statusCode"] == status
        assert isinstance(body["error"], str)
        assert isinstance(body["message"], (str, list))


class Marketplace:
    """What every test needs: people, the domain, forms, sources."""

    def __init__(self, url: str, env: dict[str, str]) -> None:
        self.url, self.env = url, env
        self.domain, self.form, self.open_form = (
            env[f"SOUK_{name}"] for name in ("DOMAIN_ID", "FORM_ID", "AUTO_FORM_ID")
        )
        self.sources = env["SOUK_SOURCE_IDS"].split(",")
        self.column = tuple(env["SOUK_COLUMN"].split(":"))
        self.users = env["SOUK_USER_IDS"].split(",")

    def caller(self, name: str) -> Caller:
        return Caller(self.url, self.env[f"SOUK_{name}_TOKEN"], self.env[f"SOUK_{name}_ID"])

    def body(self, **fields: Any) -> Doc:
        name = f"Wire {uuid4().hex}"
        return {"name": name, "metadata": None, "domains": [self.domain], "requestFormId": self.form} | fields

    def product(self, **fields: Any) -> Doc:
        made: Doc = self.caller("MANAGER").ok("POST", "/api/data-product", self.body(**fields), 201)
        return made

    def request(self, product: Doc, by: Caller, user: str | None = None, **fields: Any) -> Doc:
        body = {"user": user or by.id} | fields
        made: Doc = by.ok("POST", f"/api/data-product/{product['id']}/request", body, 201)
        return made

    def form_body(self, **fields: Any) -> Doc:
        return {"name": f"Form {uuid4().hex}", "fields": []} | fields

    def made_form(self, **fields: Any) -> Doc:
        """A request form of its own."""
        made: Doc = self.caller("MANAGER").ok("POST", "/api/request-form", self.form_body(**fields), 201)
        return made

    def terms_body(self, **fields: Any) -> Doc:
        return {"name": f"Terms {uuid4().hex}", "body": "Guests are never named."} | fields

    def masking_body(self, user: str) -> Doc:
        return {"user": user, "columns": [{"columnName": self.column[1], "sourceId": self.column[0]}]}

    def masking(self, product: Doc, by: Caller, user: str | None = None, **fields: Any) -> Doc:
        body = self.masking_body(user or by.id) | fields
        made: Doc = by.ok("POST", path_of(product, "request", "masking-exception"), body, 201)
        return made

    def attached(self, *sources: str) -> list[Doc]:
        """Sources as bodies name them; without any, the first one."""
        return [{"sourceId": source} for source in sources or self.sources[:1]]

    def records(self, request: Doc) -> list[Doc]:
        found: list[Doc] = self.caller("MANAGER").get(f"/api/access-request/{request['id']}/records")["approvalRecords"]
        return found

    def determine(self, request: Doc, status: str = "APPROVED", **fields: Any) -> Doc:
        record = next(one for one in self.records(request) if one["status"] == "PENDING")
        path, body = f"/api/approval-record/{record['id']}", {"status": status} | fields
        done: Doc = self.caller("MANAGER").ok("PUT", path, body)
        return done


def request_path(request: Doc, *steps: str) -> str:
    return "/".join(["/api/access-request", request["id"], *steps])


def record_path(record: Doc) -> str:
    return f"/api/approval-record/{record['id']}"


def name_path(name: str) -> str:
    return f"/api/data-product/{quote(name, safe='')}/byName"


def worded(answer: Answer, *statuses: int) -> None:
    """A refusal with one of these statuses, worded as NestJS words them."""
    assert answer.status in statuses, answer
    assert answer.kind == "application/json"
    body = answer.json()
    assert body["statusCode"] == answer.status
    assert isinstance(body["error"], str)
    texts = body["message"] if isinstance(body["message"], list) else [body["message"]]
    assert texts
    assert all(isinstance(text, str) and text for text in texts)


def path_of(product: Doc, *steps: str) -> str:
    return "/".join(["/api/data-product", quote(product["id"], safe=""), *steps])


def check_product(product: Doc) -> None:
    """Every field of section 3, and no other."""
    always = {"id", "name", "domains", "suspended", "createdBy", "createdAt", "updatedAt", "metadata"}
    optional = {"description", "status", "requestId", "expiration", "sourceTypes", "stats"}
    assert always <= product.keys() <= always | optional | {"dataAccessPolicy", "maskingExceptionPolicy"}
    assert UUID.match(product["id"]) or CUID.match(product["id"])
    assert UUID.match(product["createdBy"])
    assert INSTANT.match(product["createdAt"])
    assert INSTANT.match(product["updatedAt"])
    assert product["domains"]
    assert isinstance(product["suspended"], bool)
    assert product["status"] in STATUSES
    assert set(product["stats"]) == {f"{name}Count" for name in (*STATS, "totalRequest")}
    assert all(isinstance(count, int) for count in product["stats"].values())


def check_request(request: Doc) -> None:
    """Every field of section 5, and no other."""
    always = {"id", "requestingUser", "user", "formVersion", "type", "status", "createdAt", "updatedAt", "dataProduct"}
    assert always <= request.keys() <= always | {"form", "metadata", "expiration"}
    assert CUID.match(request["id"])
    assert CUID.match(request["formVersion"])
    assert request["type"] in {"DATA_ACCESS", "MASKING_EXCEPTION"}
    assert request["status"] in STATUSES - {"NONE", "PUBLISHER"}
    assert INSTANT.match(request["createdAt"])
    assert INSTANT.match(request["updatedAt"])
    assert set(request["dataProduct"]) == {"id", "name", "description"}
    check_user(request["user"])
    check_user(request["requestingUser"])


def check_user(user: Doc) -> None:
    assert set(user) == {"id", "iamId", "globalUserId", "username", "name", "email", "authorizations"}
    assert isinstance(user["id"], int)
    assert UUID.match(user["globalUserId"])


def check_meta(meta: Doc, offset: int, limit: int, total: int, count: int) -> None:
    """The offset envelope, field by field."""
    pages = -(-total // limit)
    assert meta == {
        "offset": offset,
        "limit": limit,
        "totalCount": total,
        "pageCount": count,
        "currentPage": offset // limit + 1,
        "totalPages": pages,
    }
