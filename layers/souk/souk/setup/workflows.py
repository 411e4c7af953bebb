"""The workflows that a catalogue offers: how an order is approved, how a new product is asked for."""

from __future__ import annotations

from typing import TypedDict

from souk.work import Work

KIND = "workflow"
DATA_ACCESS = "6e0c9b34-1f7d-4d52-b8a1-93d7e4f5a601"
NEW_PRODUCT = "6e0c9b34-1f7d-4d52-b8a1-93d7e4f5a602"


class Workflow(TypedDict):
    """The card of a workflow."""

    name: str
    description: str


WORKFLOWS: dict[str, Workflow] = {
    DATA_ACCESS: {
        "name": "Order approval",
        "description": "An order of a restricted product waits for its owner team, a domain manager or governance",
    },
    NEW_PRODUCT: {
        "name": "Request for a new data product",
        "description": "A request for data that the catalogue does not offer yet goes to the managers of its domain",
    },
}


def install_workflows(work: Work) -> None:
    """Put every workflow; a repeat renews them and doubles nothing."""
    for workflow_id, card in WORKFLOWS.items():
        work.save(KIND, workflow_id, {"card": card, "views": {}})
