"""Functions of a small door that answers in every way a function can."""

import json
import time
from typing import Any

ANSWERS: dict[str, Any] = {
    "bare": {"hello": "world"},
    "text": "hello",
    "nothing": None,
    "untyped": {"statusCode": 200, "body": "plain"},
    "empty": {"statusCode": 204},
    "cookies": {"statusCode": 200, "cookies": ["a=1; Path=/", "b=2"], "headers": {"x-number": 7, "X-Flag": True}},
    "ownCors": {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": "https://evil.example", "x-a": "1"}},
    "binary": {
        "statusCode": 200,
        "isBase64Encoded": True,
        "headers": {"content-type": "image/png"},
        "body": "AAEC/w==",
    },
    "badBase64": {"statusCode": 200, "isBase64Encoded": True, "body": "*"},
    "badStatus": {"statusCode": "soon", "body": ""},
    "badBody": {"statusCode": 200, "body": {"not": "text"}},
    "splitHeader": {"statusCode": 200, "headers": {"x-a": "1\r\nx-b: 2"}},
    "large": {"statusCode": 200, "body": "x" * 6_300_000},
    "justRight": {"statusCode": 200, "body": "x" * 6_000_000},
    "unicode": {"statusCode": 200, "headers": {"content-type": "text/plain; charset=utf-8"}, "body": "é—🚀"},
}


class OutOfBeans(Exception):
    pass


def echo(event: dict[str, Any], context: Any) -> dict[str, Any]:
    facts = {"event": event, "function": context.function_name, "left": context.get_remaining_time_in_millis()}
    return {"statusCode": 200, "headers": {"content-type": "application/json"}, "body": json.dumps(facts)}


def answer(event: dict[str, Any], context: Any) -> Any:
    kind = event["pathParameters"]["kind"]
    if kind == "raise":
        raise OutOfBeans("the sack with secret=42 is empty")
    if kind == "slow":
        time.sleep(2.5)
    return ANSWERS.get(kind, {"statusCode": 200, "body": kind})


def unknown(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return {"statusCode": 404, "body": f"{event['routeKey']} {event['rawPath']} {'pathParameters' in event}"}


def health(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return {"statusCode": 200, "body": "{}"}
