"""Runs an operation: everything between the gateway's event and the gateway's answer."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import uuid4

from souk import jsontext
from souk.edge import idempotency, known, log
from souk.edge.call import Call
from souk.edge.request import Request
from souk.edge.response import Response
from souk.errors import Busy, Failed, NotAllowed, SoukError, Unauthenticated
from souk.identity import credentials
from souk.identity.principal import ANONYMOUS, Principal
from souk.store.connect import connect
from souk.store.port import Stale
from souk.work import MAX_ATTEMPTS, Work, pause

if TYPE_CHECKING:
    from souk.edge.dialect import Body, Dialect, Reads

_READ_METHODS = {"GET", "HEAD", "OPTIONS"}


class _Trusted(NamedTuple):
    """A credential that this process knows, and whose it was."""

    credential: credentials.Credential
    principal: Principal


class _Caller:
    """Who sends a request, as far as it is known by now, and the work of the latest attempt."""

    __slots__ = ("principal", "work")

    def __init__(self) -> None:
        self.principal: Principal = ANONYMOUS
        self.work: Work | None = None


class Operation:
    """The handler of one operation. Calling it with an event gives the gateway's answer; it never raises."""

    def __init__(self, dialect: Dialect, name: str, body: Body, reads: Reads | None, scope: str | None) -> None:
        self.dialect, self.name, self.body, self.reads, self.scope = dialect, name, body, reads, scope
        self.public = name in dialect.public_operations
        self.__doc__ = body.__doc__
        self.__module__ = body.__module__

    def __call__(self, event: dict[str, Any], context: Any = None) -> dict[str, Any]:
        """The gateway's answer (payload format 2.0) to the gateway's event."""
        started = time.perf_counter()
        request = Request(event)
        request.id = request.id or getattr(context, "aws_request_id", "") or str(uuid4())
        caller = _Caller()
        try:
            response = self._attempts(request, caller)
        except SoukError as error:
            if isinstance(error, Failed):
                log.failed(self.dialect.name, self.name, request.id, error)
            response = self._refuse(error, request)
        except Exception as error:  # noqa: BLE001 - a defect: the caller gets no trace, the log does
            log.defect(self.dialect.name, self.name, request.id, error)
            response = self._refuse(SoukError("internal error"), request)
        self._notice_newcomer(caller, request)
        response.headers.setdefault("x-request-id", request.id)
        for begin, since in self.dialect.leftovers.items():
            if request.path.startswith(begin):
                response.headers["deprecation"] = since
        log.answered(self.dialect.name, self.name, request, response.status, caller.principal, started)
        return response.as_gateway(accepts_gzip="gzip" in request.headers.get("accept-encoding", ""))

    def _attempts(self, request: Request, caller: _Caller) -> Response:
        for attempt in range(MAX_ATTEMPTS):
            try:
                return self._attempt(request, caller)
            except Stale:
                pause(attempt)
        raise Busy("too many writers change the same record at once; send the request again")

    def _attempt(self, request: Request, caller: _Caller) -> Response:
        work = caller.work = Work(connect())
        keys = list(self.reads(request)) if self.reads else []
        credential = credentials.find(request, self.dialect)
        trusted = self._trusted(request, credential, keys)
        if trusted is not None:
            response = self._read_first(request, caller, trusted)
            if response is not None:
                return response
            work = caller.work = Work(connect())
        work.fetch(key for key in (*keys, *credentials.keys_of(credential)) if key)
        principal = caller.principal = self._authenticate(credential, work, request)
        work.principal = principal.label
        if credential is not None and principal is not ANONYMOUS and self._only_reads(request):
            known.remember(credential, principal)
        return self._once(request, principal, work, (keys[0] or None) if keys else None)

    def _only_reads(self, request: Request) -> bool:
        return self.scope == "read" or (self.scope is None and request.method in _READ_METHODS)

    def _trusted(self, request: Request, credential: credentials.Credential | None, keys: list[str]) -> _Trusted | None:
        """The caller, if this process knows the credential and the operation would read it by itself at first."""
        if credential is None or any(keys) or not self._only_reads(request):
            return None
        principal = known.find(credential)
        return _Trusted(credential, principal) if principal is not None else None

    def _read_first(self, request: Request, caller: _Caller, trusted: _Trusted) -> Response | None:
        """The answer, with the credential checked on the way, and in any case before the answer is given.

        None when the credential is good, but has changed: then everything is done anew for whom it is now.
        """
        work, (credential, principal) = caller.work, trusted
        assert work is not None
        work.along(credentials.keys_of(credential))
        work.principal = principal.label
        call = Call(self.name, request, principal, work)
        failure: Exception | None = None
        try:
            response = self.body(call)
        except Exception as error:  # noqa: BLE001 - whatever it is, a caller who may not come in does not hear of it
            failure = error
        known.forget(credential)
        caller.principal = self._authenticate(credential, work, request)
        if caller.principal != principal:
            return None
        known.remember(credential, principal)
        if failure is not None:
            raise failure
        work.commit()
        call.follow_up()
        return response

    def _authenticate(self, credential: credentials.Credential | None, work: Work, request: Request) -> Principal:
        """Who calls. On a public operation whoever may not come in by their credential comes in without it."""
        try:
            return self._admitted(credentials.principal_of(credential, work), request)
        except (Unauthenticated, NotAllowed):
            if not self.public:
                raise
            return ANONYMOUS

    def _admitted(self, principal: Principal, request: Request) -> Principal:
        scope = self.scope or ("read" if request.method in _READ_METHODS else "write")
        if not principal.has_scope(scope):
            raise NotAllowed(f"this key does not hold the scope {scope!r}")
        return principal

    def _once(self, request: Request, principal: Principal, work: Work, subject: str | None) -> Response:
        wanted = request.if_match()
        if subject is not None and wanted is not None and not self._only_reads(request):
            work.require_revision(subject, wanted)
        call = Call(self.name, request, principal, work)
        # What only reads, if by POST, runs under a role that stores nothing.
        token = None if self.scope == "read" else idempotency.token(request, principal, self.name)
        if token is None:
            response = self.body(call)
        else:
            replay = idempotency.earlier(work, token, request)
            if replay is not None:
                return replay
            call.repeats(token)
            response = self.body(call)
            idempotency.remember(work, token, response)
        work.commit()
        call.follow_up()
        self._tag(request, response, work, subject)
        return response

    def _tag(self, request: Request, response: Response, work: Work, subject: str | None) -> None:
        revision = work.revision(subject) if subject and response.status < 300 else None
        if revision is None:
            return
        tag = f'"{revision}"'
        response.headers.setdefault("etag", tag)
        if request.method == "GET" and request.headers.get("if-none-match") == tag:
            response.status, response.body = 304, b""

    def _notice_newcomer(self, caller: _Caller, request: Request) -> None:
        """A user exists from the first valid token on, whatever became of the request. No answer fails for it."""
        if caller.work is None or caller.principal.kind != "user":
            return
        from souk.identity import newcomers

        try:
            if newcomers.is_newcomer(caller.work, caller.principal):
                newcomers.tell(caller.principal)
        except Exception as error:  # noqa: BLE001 - told again by a later request
            log.defect(self.dialect.name, self.name, request.id, error)

    def _refuse(self, error: SoukError, request: Request) -> Response:
        response = self.dialect.refuse(error, request)
        if isinstance(error, (Busy, Failed)):
            response.headers.setdefault("retry-after", "1")
        if isinstance(error, Unauthenticated):
            response.headers.update(self.dialect.missing_credential_headers())
        return response


def json_answer(value: Any, status: int, content_type: str = "application/json") -> Response:
    """A JSON answer outside a Call, for error tables."""
    return Response(status, jsontext.dump(value), {"content-type": content_type})
