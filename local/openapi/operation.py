"""One operation of a document: what its route, its handler, its recording and its declaration say together."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any

from local.openapi.recorded import KEY, Recorded
from local.openapi.refusals import Refusals
from local.templates import Route

Document = dict[str, Any]
_SCHEMAS = "#/components/schemas/"
_DONE: dict[int | str, str] = {201: "Made", 202: "Begun"}
_WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_NAMED = re.compile(r"\{(\w+)\+?\}")


class Described:
    """An operation as the document tells of it."""

    def __init__(
        self,
        name: str,
        route: Route,
        handler: Any,
        doc: str,
        declared: Document,
        refusals: Refusals,
        event: Recorded,
        answered: Document,
    ) -> None:
        self.public = bool(handler.public)
        self._name, self._route, self._handler, self._doc = name, route, handler, doc
        self._all, self._refusals, self._event = declared, refusals, event
        self._answered = answered
        self._own: Document = declared["operations"].get(name, {})
        self._body: Any = self._own.get("body")

    def whole(self) -> Document:
        """The operation."""
        told: Document = {"operationId": self._name}
        if "tag" in self._own:
            told["tags"] = [self._own["tag"]]
        told["summary"] = self._own.get("summary") or _summary(self._doc)
        if "description" in self._own:
            told["description"] = self._own["description"]
        if self.public:
            told["security"] = [{}]
        elif self._handler.scope:
            told["x-souk-scope"] = self._handler.scope
        parameters = [*self._path_parameters(), *self._query(), *self._header_parameters()]
        told |= {"parameters": parameters} if parameters else {}
        told |= {"requestBody": self._request_body()} if self._body is not None else {}
        told["responses"] = self._responses()
        return told

    def again(self, path: str) -> Document:
        """The same operation at a further path; a leftover is one that only older clients know."""
        told = {key: value for key, value in self.whole().items() if key != "operationId"}
        if path not in self._all.get("leftovers", ()):
            return told
        for status, response in told["responses"].items():
            if status < "300":
                response["headers"]["deprecation"] = {"$ref": "#/components/headers/Deprecation"}
        return told | {"deprecated": True}

    def _path_parameters(self) -> list[Document]:
        schemas = self._all.get("path", {})
        return [
            {
                "name": name,
                "in": "path",
                "required": True,
                "schema": schemas.get(name, {"type": "string", "minLength": 1}),
                "example": self._event.path[name],
            }
            for name in _NAMED.findall(self._route.path)
        ]

    def _query(self) -> list[Document]:
        told = []
        for parameter in self._own.get("query", []):
            if isinstance(parameter, str):
                told.append({"$ref": f"#/components/parameters/{parameter}"})
            else:
                told.append({"in": "query", **parameter})
        return told

    def _header_parameters(self) -> list[Document]:
        names = []
        if self._route.method in _WRITES:
            names += ["IfMatch"] if self._has_tag else []
            names += ["IdempotencyKey"] if self._repeats else []
        elif self._has_tag:
            names += ["IfNoneMatch"]
        return [{"$ref": f"#/components/parameters/{name}"} for name in names]

    @property
    def _repeats(self) -> bool:
        """Whether a first answer is kept for repeats: not where nothing is written, nor of what anybody may ask."""
        return self._handler.scope != "read" and not self.public

    @cached_property
    def _has_tag(self) -> bool:
        """Whether the first record that it reads is the one that its path names, so that it has an ETag."""
        if self._handler.reads is None or self._own.get("untagged") or not _NAMED.search(self._route.path):
            return False
        return next(iter(self._handler.reads(self._event.request)), "") != ""

    def _request_body(self) -> Document:
        schema = {"$ref": _SCHEMAS + self._body} if isinstance(self._body, str) else self._body
        content: Document = {"schema": schema}
        if self._event.body is not None:
            content["examples"] = {"recorded": {"value": _without_secret(self._event.body)}}
        media = self._own.get("media") or "application/json"
        return {"required": not self._own.get("body_optional", False), "content": {media: content}}

    def _responses(self) -> Document:
        # What an operation without a declaration answers, the recordings alone can tell.
        answers = self._own.get("answers") or {200 if self._own else "2XX": None}
        told = {str(status): self._answer(status, answer) for status, answer in answers.items()}
        if self._has_tag and self._route.method == "GET":
            told["304"] = {"description": "The client has it already"}
        for status in self._refusals.statuses(self._errors()):
            told.setdefault(str(status), {"$ref": f"#/components/responses/Refused{status}"})
        return told

    def _errors(self) -> set[str]:
        """Names of the core's errors that this operation may end in."""
        if self._own.get("refusals") == []:
            return {"Busy", "Failed", "SoukError"}
        found = {"Unreadable", "Invalid", "Busy", "Failed", "SoukError", *self._own.get("refusals", ())}
        found |= set() if self.public else {"Unauthenticated", "NotAllowed"}
        found |= {"NotFound"} if _NAMED.search(self._route.path) else set()
        if self._route.method in _WRITES:
            found |= {"Conflict", "TooLarge"} | ({"PreconditionFailed"} if self._has_tag else set())
        return found

    def _answer(self, status: int | str, answer: Any) -> Document:
        told: Document = {"description": _DONE.get(status, "Done")}
        headers = {"x-request-id": "RequestId"} | (
            {"etag": "ETag"} if self._has_tag and self._route.method != "DELETE" else {}
        )
        media = self._all.get("media", "application/json")
        schema: Any = None
        if isinstance(answer, str):
            schema = {"$ref": _SCHEMAS + answer}
        elif isinstance(answer, list):
            schema = {"type": "array", "items": {"$ref": _SCHEMAS + answer[0]}}
        elif answer and "page" in answer:
            schema = _page(answer["page"], answer["meta"])
        elif answer:
            told["description"] = answer.get("description", told["description"])
            schema, media = answer.get("schema"), answer.get("media", media)
        if self._all.get("linked_by", "p") in self._own.get("query", ()):
            headers["link"] = "Link"
        told["headers"] = {name: {"$ref": f"#/components/headers/{one}"} for name, one in headers.items()}
        told |= {"links": _links(answer["links"])} if isinstance(answer, dict) and "links" in answer else {}
        return told | ({"content": {media: {"schema": schema} | self._example(status)}} if schema is not None else {})

    def _example(self, status: int | str) -> Document:
        """What a run answered, if it was this status."""
        shown = self._answered.get(self._name, {})
        return {"examples": {"recorded": {"value": shown["value"]}}} if shown.get("status") == status else {}


def _page(items: str, meta: str) -> Document:
    listed = {"type": "array", "items": {"$ref": _SCHEMAS + items}}
    properties = {"data": listed, "meta": {"$ref": _SCHEMAS + meta}}
    return {"type": "object", "required": ["data", "meta"], "properties": properties}


def _links(declared: Document) -> Document:
    """Which operations take what is answered, by the parameter that it is for."""
    return {
        operation: {"operationId": operation, "parameters": {parameter: "$response.body"}}
        for parameter, operations in declared.items()
        for operation in operations
    }


def _without_secret(body: Any) -> Any:
    if isinstance(body, dict):
        return {name: "<your API key>" if value == KEY else value for name, value in body.items()}
    return body


def _summary(doc: str) -> str:
    """What a module's docstring says of its operation, without names, method, path and sections."""
    line = doc.strip().splitlines()[0] if doc.strip() else ""
    told = re.sub(r"\s*\(contract[^)]*\)", "", line.partition(": ")[2])
    said = re.sub(r"^[A-Z]+ \S+?[,.]? ", "", told + " ").strip(" .,") or line.partition(":")[0]
    return said[:1].upper() + said[1:]
