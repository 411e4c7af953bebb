"""docs/doors.md lists every operation of every door, and none that is not served."""

from __future__ import annotations

import re

from tests.repository.tree import ROOT, functions, operation_id

SHORT = {"{V}": "/data_product_exchange/v1/data_products/{data_product_id}", "{B}": "/data_product_exchange/v1"}
ROW = re.compile(r"^\| (\w+) \| ((?:`[A-Z]+ [^`]+`(?:, )?)+) \|", re.MULTILINE)


def listed(section: str) -> dict[str, set[str]]:
    """Operations of a section's table with their methods and paths."""
    found = {}
    for operation, routes in ROW.findall(section):
        for short, path in SHORT.items():
            routes = routes.replace(short, path)  # noqa: PLW2901 - written out
        found[operation] = set(re.findall("`([^`]+)`", routes))
    return found


def served(dialect: str) -> dict[str, set[str]]:
    """Operations of a template; a path with a slash at its end is the same path."""
    found = {}
    for name, function in functions(dialect).items():
        events = [event["Properties"] for event in function["Events"].values() if "Path" in event["Properties"]]
        paths = {f"{event['Method']} {event['Path']}" for event in events if not event["Path"].endswith("/")}
        found[operation_id(name)] = paths
    return {operation: paths for operation, paths in found.items() if paths}


def test_the_page_lists_what_is_served() -> None:
    page = (ROOT / "docs" / "doors.md").read_text()
    sections = dict(re.findall(r"^### (\w+)\n(.*?)(?=^### |\Z)", page, re.MULTILINE | re.DOTALL))
    for title in ("NNDM", "DPX", "Immuta", "NAV", "Hub"):
        assert listed(sections[title]) == served(title.lower())
