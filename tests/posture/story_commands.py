"""What hands and the `souk` command ask of functions: grants shown, one of them made again, and all."""

from __future__ import annotations

from unittest import mock

from souk import clock
from tests.faults.stage import Stage, module_of
from tests.faults.story_reactions import GRANTS, SALES, agreement
from tests.nndm.driver import Api
from tests.nndm.samples import port, product, team


def story(stage: Stage) -> None:
    api = Api(stage.store, stage.secret)
    for name in ("owners", "analysts"):
        api.made("teams", team(name))
    api.made("dataproducts", product("orders", port("out", autoApprove=True, **SALES)))
    with mock.patch.dict("os.environ", GRANTS):
        api.made("datausageagreements", agreement("granted", "out", startDate=clock.now().date().isoformat()))
        module_of("bus/apply_grants").handler({"detail-type": "told", "detail": {"subject": "granted"}}, None)
        for asked in ({"show": ""}, {"apply": "granted"}, {"apply": True}):
            stage.react("commands/manage_grants", asked)
