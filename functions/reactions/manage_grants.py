"""Shows grants, and has them made again: invoked by `souk grants`, or by hand."""

from __future__ import annotations

from typing import Any

from souk.access.grants import list_grants
from souk.access.regranting import apply_again, ask_for_all
from souk.errors import SoukError
from souk.store.connect import connect
from souk.work import Work


def handler(event: dict[str, Any], _context: Any = None) -> dict[str, Any]:
    """`{"apply": "<id of an access>"}`, `{"apply": true}` for all, or `{"show": "failed"}` (`""`: every state).

    `next` in an answer is what the next invocation gives as `from`. What is wrong is said in `refused`.
    """
    store, start = connect(), str(event.get("from") or "")
    try:
        if isinstance(event.get("apply"), str):
            return {"grant": apply_again(store, event["apply"])}
        if event.get("apply") is True:
            return ask_for_all(store, start)._asdict()
        if isinstance(event.get("show"), str):
            return list_grants(Work(store), event["show"], start)._asdict()
    except SoukError as error:
        return {"refused": error.message}
    return {"refused": 'say {"apply": "<id of an access>"}, {"apply": true} or {"show": "<state>"}'}
