"""Who may do what: membership in teams, and the rules that doors ask for."""

from __future__ import annotations

from typing import Any

import pytest

from souk.catalogue import View, keep
from souk.errors import Invalid, NotAllowed, NotFound
from souk.identity.membership import may_act_for, teams_of
from souk.identity.permissions import (
    manages,
    may_administer,
    may_write,
    require_administration,
    require_decide,
    require_user,
    require_write,
)
from souk.identity.principal import ANONYMOUS, Principal
from souk.organisation import domains, teams
from souk.store.port import Store
from souk.work import Work

ADA = "ada@company.example"


def user(**facts: Any) -> Principal:
    usual: dict[str, Any] = {"kind": "user", "id": "u1", "email": ADA}
    for name in ("teams", "permissions", "managed_domains"):
        usual[name] = frozenset(facts.pop(name, ()))
    return Principal(**{**usual, **facts})


def key(*scopes: str) -> Principal:
    return Principal(kind="key", id="k1", scopes=frozenset(scopes) if scopes else None)


class Plain:
    """A lens that takes the document as the card."""

    dialect = "plain"

    def card(self, document: dict[str, Any], before: dict[str, Any] | None) -> dict[str, Any]:
        return document

    def show(self, record: Any) -> dict[str, Any]:
        return dict(record.body["card"])


def team(run: Any, team_id: str, name: str, *members: str) -> None:
    document = {"name": name, "type": "Domain Team", "members": [{"email": email} for email in members]}
    run(lambda work: teams.put_team(work, team_id, document, Plain()))


# -- membership ------------------------------------------------------------------------------------------------


def test_teams_are_token_groups_and_records_that_list_the_email(run: Any, store: Store) -> None:
    team(run, "t1", "Checkout", "ADA@company.example", "bob@company.example")
    team(run, "t2", "Billing", "bob@company.example")
    team(run, "t3", "Search")
    found = teams_of(user(teams=["t3", "azure-group"]), Work(store))
    assert found == {"t1", "Checkout", "t3", "Search", "azure-group"}


def test_large_teams_count_as_well(run: Any, store: Store) -> None:
    team(run, "t1", "Everybody", *(f"user{number}@company.example" for number in range(60)), ADA)
    assert teams_of(user(), Work(store)) == {"t1", "Everybody"}
    assert may_act_for(user(), "t1", Work(store))


@pytest.mark.parametrize("caller", [ANONYMOUS, key(), user(email="")])
def test_who_has_no_email_is_in_no_record(run: Any, store: Store, caller: Principal) -> None:
    team(run, "t1", "Checkout", "")
    assert teams_of(caller, Work(store)) == frozenset()
    assert not may_act_for(caller, "t1", Work(store))


@pytest.mark.parametrize(
    ("caller", "named", "allowed"),
    [
        (user(), "t1", True),
        (user(), "Checkout", True),
        (user(email="eve@company.example"), "t1", False),
        (user(email="eve@company.example"), "Checkout", False),
        (user(email="eve@company.example", teams=["t1"]), "t1", True),
        (user(email="eve@company.example", teams=["Checkout"]), "t1", True),
        (user(teams=["unregistered"]), "unregistered", True),
        (user(), "unregistered", False),
        (user(), "", False),
        (user(), "T1", False),
        (key(), "t1", False),
        (ANONYMOUS, "t1", False),
    ],
)
def test_who_may_act_for_a_team(run: Any, store: Store, caller: Principal, named: str, allowed: bool) -> None:
    team(run, "t1", "Checkout", ADA)
    assert may_act_for(caller, named, Work(store)) is allowed


def test_a_team_that_is_named_like_another_teams_id_lends_no_power_over_it(run: Any, store: Store) -> None:
    team(run, "payments", "Payments", "bob@company.example")
    team(run, "t9", "payments", ADA)
    assert not may_act_for(user(), "payments", Work(store))
    assert teams_of(user(), Work(store)) == {"t9"}


def test_a_member_who_was_taken_out_acts_for_the_team_no_more(run: Any, store: Store) -> None:
    team(run, "t1", "Checkout", ADA)
    team(run, "t1", "Checkout", "bob@company.example")
    assert not may_act_for(user(), "t1", Work(store))


# -- writing ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("caller", "allowed"),
    [
        (key(), True),
        (key("write"), True),
        (key("read"), False),
        (key("decide"), False),
        (user(), True),
        (user(email="eve@company.example"), False),
        (user(email="eve@company.example", teams=["t1"]), True),
        (user(email="eve@company.example", permissions=["governance"]), True),
        (user(email="eve@company.example", permissions=["user_admin", "audit"]), False),
        (user(email="eve@company.example", managed_domains=["d1"]), True),
        (user(email="eve@company.example", managed_domains=["d2"]), False),
        (ANONYMOUS, False),
    ],
)
def test_who_may_write_what_a_team_owns(run: Any, store: Store, caller: Principal, allowed: bool) -> None:
    team(run, "t1", "Checkout", ADA)
    assert may_write(caller, Work(store), owner="t1", domain="d1") is allowed


@pytest.mark.parametrize(("caller", "allowed"), [(user(teams=["t1"]), False), (key(), True)])
def test_what_nobody_owns_is_for_keys_and_governance(store: Store, caller: Principal, allowed: bool) -> None:
    assert may_write(caller, Work(store)) is allowed
    assert may_write(caller, Work(store), owner="", domain=None) is allowed
    assert may_write(user(permissions=["governance"]), Work(store))


@pytest.mark.parametrize(
    ("person", "allowed"), [(ADA, True), ("ADA@company.example", True), ("u1", True), ("u2", False)]
)
def test_a_persons_own_affairs(store: Store, person: str, allowed: bool) -> None:
    assert may_write(user(), Work(store), person=person) is allowed
    assert not may_write(user(email="", id="u9"), Work(store), person="")


def test_one_of_several_owners_suffices(store: Store) -> None:
    assert may_write(user(teams=["t2"]), Work(store), owner=[None, "t1", "t2"])
    assert not may_write(user(teams=["t3"]), Work(store), owner=["t1", "t2"])


def test_a_domain_is_managed_by_id_and_by_the_name_of_its_record(run: Any, store: Store) -> None:
    run(lambda work: domains.put_domain(work, "d1", {"name": "Sales"}))
    manager = user(managed_domains=["d1", "gone"])
    assert manages(manager, "d1", Work(store))
    assert manages(manager, ["other", "Sales"], Work(store))
    assert not manages(manager, "sales", Work(store))
    assert not manages(user(), "Sales", Work(store))


def test_a_refusal_names_the_owner(store: Store) -> None:
    with pytest.raises(NotAllowed, match="team 't1'"):
        require_write(user(), Work(store), owner="t1")
    with pytest.raises(NotAllowed, match="the organisation's keys"):
        require_write(user(), Work(store))


# -- deciding --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("caller", "reviewed", "override"),
    [
        (key(), True, True),
        (key("write", "decide"), True, True),
        (key("write"), False, False),
        (key(), False, False),
        (user(teams=["t1"]), True, False),
        (user(permissions=["governance"]), True, False),
    ],
)
def test_who_may_decide(store: Store, caller: Principal, reviewed: bool, override: bool) -> None:
    assert require_decide(caller, Work(store), owner="t1", reviewed=reviewed) is override


@pytest.mark.parametrize(
    ("caller", "reviewed"),
    [
        (key("write"), True),
        (key("decide"), True),
        (key("read"), False),
        (user(), False),
        (user(teams=["t2"]), True),
        (ANONYMOUS, False),
    ],
)
def test_who_may_not_decide(store: Store, caller: Principal, reviewed: bool) -> None:
    with pytest.raises(NotAllowed):
        require_decide(caller, Work(store), owner="t1", reviewed=reviewed)


@pytest.mark.parametrize(
    ("caller", "allowed"),
    [
        (key(), True),
        (key("write"), True),
        (key("read"), False),
        (user(permissions=["governance"]), True),
        (user(permissions=["user_admin"]), True),
        (user(permissions=["audit"]), False),
        (user(teams=["t1"], managed_domains=["d1"]), False),
        (ANONYMOUS, False),
    ],
)
def test_who_may_administer(caller: Principal, allowed: bool) -> None:
    assert may_administer(caller) is allowed


def test_whoever_may_not_administer_is_refused() -> None:
    with pytest.raises(NotAllowed, match="an administrator"):
        require_administration(user())


@pytest.mark.parametrize("caller", [ANONYMOUS, key()])
def test_some_things_need_a_person(caller: Principal) -> None:
    require_user(user())
    with pytest.raises(NotAllowed):
        require_user(caller)


# -- domains ---------------------------------------------------------------------------------------------------


def test_domains_are_kept_and_found_by_id_and_name(run: Any, store: Store) -> None:
    run(lambda work: domains.put_domain(work, "d1", {"name": "Sales"}))
    run(lambda work: domains.put_domain(work, "d2", {"name": "Sales", "parent": "d1"}))
    found = [domains.find_domain(Work(store), text) for text in ("d2", "Sales")]
    assert [record.id for record in found if record] == ["d2", "d1"]
    assert domains.find_domain(Work(store), "sales") is None
    assert [record.id for record in domains.list_domains(Work(store))] == ["d1", "d2"]


def test_a_renamed_domain_is_found_under_its_new_name_only(run: Any, store: Store) -> None:
    run(lambda work: domains.put_domain(work, "d1", {"name": "Sales"}))
    run(lambda work: domains.put_domain(work, "d1", {"name": "Trade"}))
    assert domains.find_domain(Work(store), "Sales") is None
    assert domains.get_domain(Work(store), "d1").body["card"] == {"name": "Trade"}


@pytest.mark.parametrize("card", [{"name": " "}, {"name": "x", "parent": "none"}, {"name": "x", "parent": "d1"}])
def test_wrong_domains_are_refused(store: Store, card: domains.DomainCard) -> None:
    with pytest.raises(Invalid):
        domains.put_domain(Work(store), "d1", card)


def test_a_domain_cannot_lie_below_its_own_child(run: Any, store: Store) -> None:
    run(lambda work: domains.put_domain(work, "d1", {"name": "Sales"}))
    run(lambda work: domains.put_domain(work, "d2", {"name": "Shops", "parent": "d1"}))
    with pytest.raises(Invalid, match="below itself"):
        domains.put_domain(Work(store), "d1", {"name": "Sales", "parent": "d2"})


def test_a_deleted_domain_is_gone(run: Any, store: Store) -> None:
    run(lambda work: domains.put_domain(work, "d1", {"name": "Sales"}))
    run(lambda work: domains.delete_domain(work, "d1"))
    with pytest.raises(NotFound):
        domains.get_domain(Work(store), "d1")


def test_the_stand_ins_are_seeded_once_and_keep_their_changes(run: Any, store: Store) -> None:
    run(domains.seed_unassigned)
    renamed = {"name": "Nobody's", "type": "Domain Team", "members": []}
    run(lambda work: keep(work, "team", teams.UNASSIGNED, renamed, View("souk", None)))
    run(domains.seed_unassigned)
    work = Work(store)
    assert work.get("team", teams.UNASSIGNED).body["card"]["name"] == "Nobody's"
    assert domains.get_domain(work, domains.UNASSIGNED).revision == 1
