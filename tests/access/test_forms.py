"""Forms, their versions and data use agreements."""

from __future__ import annotations

from typing import Any

import pytest

from souk.access import forms, policy
from souk.access.forms import Field, FormCard
from souk.errors import Conflict, Invalid, NotFound, Referenced
from souk.store.port import Record
from souk.work import Work
from tests.access.world import ALICE, OWNER, World

WHY: Field = {"id": "q1", "type": "short_answer", "label": "Why?", "required": True}


def make(world: World, name: str = "Plain", **more: Any) -> Record:
    return world.run(lambda work: forms.make_form(work, name, more.pop("fields", []), OWNER, **more))


def test_each_edit_makes_a_version_and_old_ones_stay(world: World) -> None:
    form = make(world)
    first: FormCard = form.body["card"]
    assert first["policy"] == policy.DEFAULT
    changed = world.run(lambda work: forms.change_form(work, form.id, ALICE, name="Better", fields=[WHY]))
    second: FormCard = changed.body["card"]
    assert first["version"] != second["version"]
    assert (second["created_by"], second["updated_by"]) == (OWNER.email, ALICE.email)
    world.run(lambda work: forms.remove_form(work, form.id))
    kept = [forms.get_version(Work(world.store), card["version"]) for card in (first, second)]
    assert [card["name"] for card in kept] == ["Plain", "Better"]
    with pytest.raises(NotFound):
        forms.change_form(Work(world.store), form.id, ALICE, name="x")


def test_names_are_unique_and_free_again(world: World) -> None:
    first = make(world)
    with pytest.raises(Conflict):
        make(world)
    other = make(world, "Other")
    with pytest.raises(Conflict):
        world.run(lambda work: forms.change_form(work, other.id, OWNER, name="Plain"))
    world.run(lambda work: forms.change_form(work, first.id, OWNER, name="Renamed"))
    world.run(lambda work: forms.change_form(work, other.id, OWNER, name="Plain"))
    world.run(lambda work: forms.remove_form(work, first.id))
    assert make(world, "Renamed", form_id="given").id == "given"
    with pytest.raises(Conflict):
        make(world, "Another", form_id="given")


@pytest.mark.parametrize(
    "bad",
    [
        {"name": " "},
        {"fields": [{**WHY, "type": "essay"}]},
        {"fields": [{**WHY, "type": "dropdown"}]},
        {"fields": [{**WHY, "label": ""}]},
        {"form_policy": {"default": {"type": "dance"}}},
        {"terms": ["nothing"]},
    ],
    ids=repr,
)
def test_what_is_no_form(world: World, bad: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        make(world, **bad)


def test_only_parts_of_a_form_are_changed(world: World) -> None:
    form = make(world)
    with pytest.raises(Invalid):
        forms.change_form(Work(world.store), form.id, OWNER, version="mine")


def test_answers_are_checked_only_where_a_form_is_strict(world: World) -> None:
    loose, strict = (
        make(world, name, fields=[WHY], strict=name == "strict").body["card"] for name in ("loose", "strict")
    )
    empty: list[Any] = [None, {}, [], {"q1": ""}]
    for answers in empty:
        forms.check_answers(loose, answers)
        with pytest.raises(Invalid):
            forms.check_answers(strict, answers)
    for complete in ({"q1": "x"}, {"Why?": "x"}):
        forms.check_answers(strict, complete)


def test_terms_that_a_form_shows_stay(world: World) -> None:
    terms = world.run(lambda work: forms.put_terms(work, "House rules", "Be kind."))
    form = make(world, terms=[terms.id])
    with pytest.raises(Referenced):
        world.run(lambda work: forms.remove_terms(work, terms.id))
    world.run(lambda work: forms.change_form(work, form.id, OWNER, terms=[]))
    world.run(lambda work: forms.remove_terms(work, terms.id))
    with pytest.raises(Invalid):
        world.run(lambda work: forms.put_terms(work, "", ""))
