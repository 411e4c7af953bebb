"""The NAV door's story."""

from __future__ import annotations

from tests.faults.stage import Stage
from tests.faults.trial import Manner, Outcome

DOOR = "nav"
PRODUCT = "coffeeStock0123456Ab"


ENDS_FIRST = Manner(rests=True)
"""Accesses to a product end one by one before it goes."""


def wording(refusal: Outcome) -> str:
    return "" if refusal.body == "try again\n" else "not in the door's words"


def story(stage: Stage) -> None:
    product = stage.play("nav/create_dataproduct", 201)
    stage.knows(**{PRODUCT: product})
    stage.play("nav/get_user_info", 200)
    stage.play("nav/get_dataproducts", 200)
    stage.play("nav/get_dataproduct", 200)
    stage.play("nav/update_dataproduct", 204)
    stage.play("nav/grant_access", 204)
    stage.play("nav/get_access_log", 200)
    stage.play("nav/revoke_access", 204)
    stage.play("nav/grant_access", 204)
    stage.play("nav/delete_dataproduct", 204, ENDS_FIRST)
    stage.play("nav/unknown_path", 404)
