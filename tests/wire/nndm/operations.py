"""The 37 operations as requests that could be sent: method, target, body (section 2)."""

from __future__ import annotations

from tests.wire.nndm.documents import KINDS, World, cost, results
from tests.wire.raw import Doc

ABSENT = "9b1a3c5e-0000-4000-8000-0123456789ab"
"""An id that nothing has, and a UUID, so that every operation takes it."""

ACTIONS = ("approve", "reject", "cancel")

READS = [
    *(("GET", f"/api/{kind.path}") for kind in KINDS),
    *(("GET", f"/api/{kind.path}/{ABSENT}") for kind in KINDS),
    ("GET", f"/api/datacontracts/{ABSENT}/datacontract.yaml"),
    ("GET", f"/api/costs?dataProductId={ABSENT}"),
    ("GET", "/api/events"),
]
PUTS = [("PUT", f"/api/{kind.path}/{ABSENT}") for kind in KINDS]
POSTS = [("POST", "/api/costs"), ("POST", "/api/test-results")]
DELETES = [("DELETE", f"/api/{path}/{ABSENT}") for path in [*(kind.path for kind in KINDS), "costs"]]
ACTS = [("POST", f"/api/datausageagreements/{ABSENT}/{action}") for action in ACTIONS]
WITH_BODY = PUTS + POSTS
WITHOUT_BODY = READS + DELETES + ACTS
ALL = WITHOUT_BODY + WITH_BODY
UNKNOWN_ID = [target for target in WITHOUT_BODY if target[1].startswith(f"/api/{target[1].split('/')[2]}/{ABSENT}")]


def body_for(target: str, world: World) -> Doc:
    """A valid body for a PUT or POST operation."""
    word = target.split("/")[2]
    made: dict[str, Doc] = {kind.path: kind.small(ABSENT, world) for kind in KINDS}
    return (made | {"costs": cost(world.provider), "test-results": results(ABSENT, ABSENT)})[word]


def name(operation: tuple[str, str]) -> str:
    """How a test case of this operation is called."""
    return f"{operation[0]} {operation[1].replace(ABSENT, '{id}')}"
