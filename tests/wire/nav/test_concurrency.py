"""Simultaneous grants and revocations: none overwrites another, each leaves exactly one entry."""

from __future__ import annotations

from collections import Counter
from functools import partial

from tests.threads import at_once
from tests.wire.nav.door import ZERO, Door, at, done, registration
from tests.wire.raw import Answer

SUBJECTS = [f"person-{number:02d}@nav.no" for number in range(24)]


def actions(door: Door, product: str) -> Counter[tuple[str, str]]:
    return Counter((entry["action"], entry["subject"]) for entry in door.log(product))


def test_simultaneous_grants_all_count(owner: Door, other: Door, product: str) -> None:
    calls = [partial((owner, other)[n % 2].grant, product, subject) for n, subject in enumerate(SUBJECTS)]
    for answer in at_once(*calls):
        done(answer)
    team = f"group:{owner.team}@nav.no"
    assert owner.access(product) == {team: ZERO} | {f"user:{subject}": ZERO for subject in SUBJECTS}
    assert actions(owner, product) == {("grant", subject): 1 for subject in SUBJECTS}


def test_simultaneous_grants_and_revocations_do_not_touch_each_other(owner: Door, product: str) -> None:
    leaving, coming = SUBJECTS[:8], SUBJECTS[8:16]
    for subject in leaving:
        done(owner.grant(product, subject))
    calls = [partial(owner.revoke, product, s) for s in leaving] + [partial(owner.grant, product, s) for s in coming]
    for answer in at_once(*calls):
        done(answer)
    assert set(owner.access(product)) == {f"group:{owner.team}@nav.no"} | {f"user:{subject}" for subject in coming}
    expected = Counter([("grant", s) for s in leaving + coming] + [("delete", s) for s in leaving])
    assert actions(owner, product) == expected


def test_one_of_many_revocations_of_the_same_access_counts(owner: Door, product: str) -> None:
    done(owner.grant(product, "a@nav.no"))
    answers: list[Answer] = at_once(*[partial(owner.revoke, product, "a@nav.no")] * 8)
    assert sorted(answer.status for answer in answers) == [204] + [400] * 7
    assert actions(owner, product) == {("grant", "a@nav.no"): 1, ("delete", "a@nav.no"): 1}


def test_simultaneous_grants_to_one_subject_leave_one_of_their_ends(owner: Door, product: str) -> None:
    ends = [f"2099-01-{day:02d}T00:00:00Z" for day in range(1, 9)]
    for answer in at_once(*[partial(owner.grant, product, "a@nav.no", expires=end) for end in ends]):
        done(answer)
    log = owner.log(product)
    assert sorted(entry["expires"] for entry in log) == ends
    assert owner.access(product)["user:a@nav.no"] in ends
    done(owner.revoke(product, "a@nav.no"))
    assert "user:a@nav.no" not in owner.access(product)


def test_changes_and_grants_at_once_are_all_kept(owner: Door, product: str) -> None:
    changes = [partial(owner.call, "PUT", f"dataproducts/{product}", {"description": f"d{n}"}) for n in range(4)]
    grants = [partial(owner.grant, product, subject) for subject in SUBJECTS[:8]]
    for answer in at_once(*changes, *grants):
        done(answer)
    assert len(owner.access(product)) == 9
    assert owner.shown(product)["data_product"]["description"] in {f"d{n}" for n in range(4)}


def test_grants_that_race_a_deletion_give_access_to_nothing(owner: Door) -> None:
    for _ in range(4):
        product = owner.register()
        grants = [partial(owner.grant, product, subject) for subject in SUBJECTS[:5]]
        *granted, deleted = at_once(*grants, partial(owner.call, "DELETE", f"dataproducts/{product}"))
        done(deleted)
        assert {answer.status for answer in granted} <= {204, 404}
        kept = actions(owner, product)
        assert sum(n for (action, _), n in kept.items() if action == "grant") == [a.status for a in granted].count(204)
        assert Counter(s for a, s in kept.elements() if a == "grant") == Counter(
            s for a, s in kept.elements() if a == "delete"
        )


def test_registrations_at_once_get_ids_of_their_own(owner: Door) -> None:
    document = registration(team=owner.team)
    answers = at_once(*[partial(owner.call, "POST", "dataproducts", document)] * 12)
    assert len({answer.body for answer in answers}) == 12
    moments = [at(product["created"]) for product in owner.listed().values()]
    assert moments == sorted(moments)
