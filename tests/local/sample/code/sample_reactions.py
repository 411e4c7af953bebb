"""Functions of the sample that answer streams, rules and machines. `SEEN` is what came."""

from typing import Any

SEEN: list[Any] = []


class Busy(Exception):
    pass


class Spoilt(Exception):
    pass


def record(event: Any, context: Any) -> Any:
    SEEN.append(event)
    tries = sum(1 for seen in SEEN if seen == event)
    if event.get("busy", 0) >= tries:
        raise Busy("not yet")
    if event.get("spoilt"):
        raise Spoilt("never")
    return {"tries": tries}


def spoil(event: dict[str, Any], context: Any) -> None:
    names = [item["dynamodb"]["Keys"]["sk"]["S"] for item in event["Records"]]
    SEEN.append(names)
    if "bad" in names:
        raise Spoilt("a record cannot be read")
