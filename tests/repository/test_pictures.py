"""The pictures in docs/ show the machines as they are defined."""

from __future__ import annotations

from tests.repository.pictures import PAGE, page


def test_the_page_of_lifecycles_is_drawn_from_the_definitions() -> None:
    assert PAGE.read_text() == page()
