"""What answers streams, schedules and the bus, on a deployment where there is something to do for each."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any
from unittest import mock

from souk import clock
from souk.events.sequencer import drain
from souk.events.streams import as_stream_event
from souk.ids import record_key
from souk.setup.methods import DOWNLOAD
from souk.work import Work
from tests.dpx.driver import Api as Dpx
from tests.dpx.hub import Hub, part
from tests.dpx.ordering import LISTS, file_asset, order_of
from tests.faults.healing import ahead, swept, turned
from tests.faults.stage import Stage
from tests.faults.trial import Manner
from tests.nndm.driver import Api
from tests.nndm.samples import port, product, team

SALES = {"type": "s3", "server": {"database": "sales", "table": "orders"}}
GRANTS = {
    "SOUK_GRANTOR": "lakeformation",
    "SOUK_GRANT_TEAMS": "arn:aws:iam::123456789012:role/teams/{name}",
    "SOUK_GRANT_USERS": "arn:aws:iam::123456789012:role/people/{name}",
    "SOUK_GRANT_DATABASES": "*/sales",
}


def story(stage: Stage) -> None:
    api = Api(stage.store, stage.secret)
    for name in ("owners", "analysts"):
        api.made("teams", team(name))
    api.made("dataproducts", product("orders", port("out", autoApprove=True, **SALES), port("asks")))
    streams(stage)
    grants(stage, api)
    swept_up(stage, api)
    deliveries(stage)
    stage.react("bus/remember_user", stage.recorded("bus/remember_user"))
    searched(stage)
    collected(stage, api)


def streams(stage: Stage) -> None:
    """The order of the log, then the bus."""
    store = stage.store
    stage.react("streams/sequence_events", as_stream_event(store.pending(90)))
    drain(store)
    stage.react("streams/relay_events", as_stream_event(store.read_log(0, 10)), Manner(rests=True))
    hub = Hub(Dpx(store, stage.secret))
    for number in range(3):
        hub.product(name=f"Notices {number}")
    stage.react("streams/relay_notices", as_stream_event(store.pending_notices(90)), Manner(rests=True))


def agreement(name: str, place: str, **dates: str) -> dict[str, Any]:
    return {
        "id": name,
        "info": {"purpose": "Planning", **dates},
        "provider": {"dataProductId": "orders", "outputPortId": place},
        "consumer": {"teamId": "analysts"},
    }


def grants(stage: Stage, api: Api) -> None:
    """An access that began is granted, and a grant that somebody took away is given back."""
    with mock.patch.dict("os.environ", GRANTS):
        api.made("datausageagreements", agreement("granted", "out", startDate=clock.now().date().isoformat()))
        key = record_key("access", "granted")
        event = {"detail-type": "DataUsageAgreementActivatedEvent", "detail": {"subject": "granted"}}
        due = {"detail-type": "grant.due", "detail": {"data": {"key": key}}}
        again = partial(turned, stage, "bus/apply_grants", due)
        manner = Manner(rests=True, heals=again, compares=("granted",))
        stage.react("bus/apply_grants", event, manner)
        stage.cloud.granted.clear()
        # What it found lacking is due from then on, and is told to the reaction that grants.
        with ahead(timedelta(minutes=10)):
            manner = Manner(rests=True, heals=again, compares=("granted",))
            stage.react("schedules/ensure_access", {}, manner)


def swept_up(stage: Stage, api: Api) -> None:
    """Accesses that begin and end by the calendar, an hour from now at the latest."""
    tomorrow = (clock.now() + timedelta(days=1)).date().isoformat()
    for number in range(2):
        api.made("datausageagreements", agreement(f"due-{number}", "out", startDate=tomorrow))
    with ahead(timedelta(days=2)):
        stage.react("schedules/sweep_due", {}, Manner(rests=True, heals=partial(swept, stage, timedelta(days=3))))


def deliveries(stage: Stage) -> None:
    """An order whose access is approved in another door."""
    hub = Hub(Dpx(stage.store, stage.secret))
    asset = file_asset(hub)
    release = hub.release(parts_out=[part(asset, DOWNLOAD)], is_restricted=True)
    order = hub.api.post(LISTS, order_of(release, (asset, DOWNLOAD))).expect(201)
    access = Work(stage.store).get("order", order["id"]).body["card"]["access"]
    answer = Api(stage.store, stage.secret).call("POST", f"/api/datausageagreements/{access}/approve")
    assert answer.status == 200, answer.text
    event = {"detail": {"data": {"id": access}}}
    stage.react("bus/start_deliveries", event, Manner(rests=True, heals=partial(swept, stage), renews=True))


def searched(stage: Stage) -> None:
    stage.react("schedules/update_search", {"rebuild": True}, Manner(rests=True))
    stage.react("schedules/update_search", {}, Manner(rests=True))


def collected(stage: Stage, api: Api) -> None:
    """Bodies that no record points at any more."""
    from tests.store.test_large import noise

    for number in range(3):
        api.made("dataproducts", product("large", custom={"text": noise(150_000, number)}))
    before = len([key for key in stage.cloud.names() if key.startswith("bodies/")])
    with ahead(timedelta(days=5)):  # stamps never run backwards
        stage.react("schedules/collect_orphans", {}, Manner(rests=True))
    left = [key for key in stage.cloud.names() if key.startswith("bodies/")]
    assert (before, len(left)) == (3, 1)
