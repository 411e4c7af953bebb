"""What the histories of all doors have in common: time passes, the sweep runs, and the steps are counted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from souk.work import Work
from tests.models.accesses import Access
from tests.models.scene import SHORT, Scene
from tests.wire.raw import Answer

SPANS = st.sampled_from(
    [timedelta(hours=3), timedelta(hours=14), timedelta(days=1), timedelta(days=4), timedelta(days=40)]
)


def of(*names: str) -> st.SearchStrategy[Any]:
    """Any of what the machine's model holds under these names."""
    return st.runner().flatmap(
        lambda machine: st.sampled_from([one for name in names for one in getattr(machine, name)])
    )


def some(name: str) -> Callable[[Any], bool]:
    """The condition that the model holds something under this name."""
    return lambda machine: bool(getattr(machine, name))


class History(RuleBasedStateMachine):
    """`accesses` by id. `steps` counts what all histories of this door did."""

    steps: ClassVar[int] = 0
    spans: ClassVar[st.SearchStrategy[timedelta]] = SPANS

    def __init__(self) -> None:
        super().__init__()
        self.scene = Scene()
        self.accesses: dict[str, Access] = {}
        self.expected: list[str] = []
        """What else the feed is to say of this step."""

    def teardown(self) -> None:
        self.scene.close()

    def settle(self, access: Access) -> None:
        """What the calendar brought to an access, before anything else happens to it."""
        access.settle(self.scene.now)

    def exact_id(self, request: str) -> str:
        """The id that a request has as an agreement, or in the store where it is none."""
        found = Work(self.scene.store).at(request[1:])
        assert found is not None
        return found.id

    def let_go(self, access: Access) -> None:
        """Its product is deleted by a door that ends accesses."""
        self.settle(access)
        if access.status == "requested":
            access.tell("Updated")
            access.cancel(self.scene.now)
        if access.status == "approved" and not access.final(self.scene.now):
            access.tell("Updated")
            access.revoke(self.scene.now)

    @rule(span=st.runner().flatmap(lambda machine: machine.spans), swept=st.booleans())
    def time_passes(self, span: timedelta, swept: bool) -> None:
        self.scene.passes(span)
        if swept:
            self.scene.sweep()
            for access in self.accesses.values():
                self.settle(access)

    @invariant()
    def events_tell_what_happened(self) -> None:
        type(self).steps += 1
        accesses, others = self.scene.told()
        wanted = [line for access in self.accesses.values() for line in access.news]
        assert sorted(accesses) == sorted(wanted)
        for access in self.accesses.values():
            assert [line for line in accesses if line.endswith(f" {access.id}")] == access.news
            access.news = []
        assert others == sorted(self.expected)
        self.expected = []
        self.scene.passes(SHORT)


def answered(answer: Answer, status: int) -> Any:
    """The body of an answer that must have this status."""
    assert answer.status == status, answer
    return answer.json() if answer.body and answer.kind.endswith("json") else None
