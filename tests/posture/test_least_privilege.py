"""Every operation of every door on DynamoDB: what it calls is what its role may, and no role may what nobody calls."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from moto import mock_aws

from souk import workflows
from souk.grantors import connect as grantors
from souk.grantors.port import Bystander
from souk.search import snapshot
from souk.store import clients
from souk.store.connect import use
from tests.authorisation.estate import Scene
from tests.authorisation.knocking import METHODS, knock
from tests.authorisation.people import FOREIGN, OWN, everybody, trust_the_company
from tests.authorisation.rows import ROWS
from tests.engines import dynamo_store
from tests.lenses.doors import AtOnce
from tests.posture.calls import Recorder
from tests.posture.granted import allowed_uses
from tests.repository.tree import functions, snake
from tests.repository.tree import operation_id as camel

pytestmark = pytest.mark.heavy

ROLES = {
    f"{door}/{snake(camel(name))}": function["Role"].removesuffix(".Arn")
    for door in ("nndm", "nav", "immuta", "dpx", "hub")
    for name, function in functions(door).items()
}
_ORDER = ("GET", "POST", "PUT", "PATCH", "DELETE")
ELSEWHERE = {
    "logs:CreateLogStream",  # by the runtime, not by code
    "logs:PutLogEvents",
    "kms:GetPublicKey",  # on this machine the signing key is a file
    "kms:Sign",
    "states:StartExecution",  # machines are run by the test itself
}
"""Actions that are used where no call of these functions is heard."""


class Remote(Scene):
    """The scene in tables, which nothing puts back."""

    def keep(self) -> None:
        self.commits = 0

    def committed(self) -> int:
        return 0

    def close(self) -> None:
        """Nothing is open."""


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Recorder]:
    """What every operation called, on an estate of each side, for the key and the reader."""
    recorder, machines, made = Recorder(), AtOnce(), clients.client
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        trust_the_company(tmp_path_factory.mktemp("issuer"), patch)
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "tests")
        patch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
        patch.delenv("AWS_ENDPOINT_URL", raising=False)
        clients.forget()
        store: Any = dynamo_store()
        patch.setenv("SOUK_BUCKET", store._tables.bucket)
        for service in ("dynamodb", "s3"):
            recorder.hear(made(service))
        use(store)
        workflows.use(machines.start)
        grantors.use(Bystander("external", reports=True))
        _play(recorder, Remote(store), store)
        yield recorder
    grantors.use(None)
    workflows.use(None)
    machines.stop()
    snapshot.forget()
    clients.forget()
    use(None)


def _play(recorder: Recorder, scene: Scene, store: Any) -> None:
    chosen = [who for who in everybody(store) if who.name in {"key", "reader"}]
    for name in sorted(ROWS, key=lambda one: (_ORDER.index(METHODS[one]), one)):
        recorder.now = name
        for who in chosen:
            for side in (OWN, FOREIGN):
                knock(scene, name, side, {**who.headers, "idempotency-key": str(uuid4())})


@pytest.mark.parametrize("name", sorted(ROWS))
def test_an_operation_calls_nothing_that_its_role_may_not(recorded: Recorder, name: str) -> None:
    used = recorded.uses.get(name, set())
    assert used - allowed_uses(name.split("/")[0], ROLES[name]) == set()


@pytest.mark.parametrize("door", ["nndm", "nav", "immuta", "dpx", "hub"])
def test_no_role_may_what_none_of_its_operations_does(recorded: Recorder, door: str) -> None:
    unused = {}
    for role in {role for name, role in ROLES.items() if name.startswith(f"{door}/")}:
        used = {
            action
            for name, one in ROLES.items()
            if one == role and name.startswith(f"{door}/")
            for action, _ in recorded.uses.get(name, ())
        }
        left = {action for action, _ in allowed_uses(door, role)} - used - ELSEWHERE
        unused |= {role: sorted(left)} if left else {}
    assert unused == {}
