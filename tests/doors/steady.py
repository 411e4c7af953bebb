"""Answers of a run made steady: what differs from run to run becomes what a run at a fixed instant could have said."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from tests.repository.tree import ROOT

NOON = datetime(2026, 2, 3, 12, tzinfo=UTC)
"""When everything happened, as the examples have it."""
SHOWN = 2
"""Entries of a list that an example shows."""
_UUID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")
_KEY = re.compile(r"(?<![\w/.-])(?=[a-z]*\d)[0-9a-z]{24,25}(?![\w.-])")
_TOKEN = re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]+")
_INSTANT = re.compile(r"\b(20\d\d-\d\d-\d\d)T(\d\d:\d\d:\d\d)(\.\d+)?(Z|\+00:00)")
_DAY = re.compile(r"\b20\d\d-\d\d-\d\d\b(?!T)")
_EPOCH = re.compile(r"\b1[789]\d{8}(\d{3})?\b")
_NUMBER = re.compile(r'(?<="id": )\d{6,10}\b')
_PLACE = re.compile(r"http://127\.0\.0\.1:\d+")
_SIGNED = re.compile(r"(?<=\?)[^\"\s]*X-Amz-Signature[^\"\s]*")
_PUBLIC = re.compile(r'(?<=": ")[\w-]{43}(?=")')


class Steady:
    """Makes the answers of one door steady. `known`: recorded texts and what stood for them in the run."""

    def __init__(self, door: str, url: str, began: datetime) -> None:
        self._door, self._url, self._began = door, url, began
        self._given: dict[str, str] = {}
        recorded = [*(ROOT / "events" / door).glob("*.json"), *(ROOT / "local/samples").rglob("*.yaml")]
        self._kept = "".join(path.read_text() for path in recorded)

    def value(self, value: Any, known: dict[str, str]) -> Any:
        """The value as every run would have it; lists are cut."""
        text = json.dumps(shortened(value), ensure_ascii=False)
        for recorded, real in sorted(known.items(), key=lambda pair: -len(pair[1])):
            text = text.replace(real, recorded)
        text = text.replace("$SOUK_API_KEY", "<your API key>").replace(self._url, "https://souk.example")
        text = _SIGNED.sub("X-Amz-Signature=...", _PLACE.sub("https://bucket.example", _TOKEN.sub("<a token>", text)))
        text = _PUBLIC.sub(lambda match: self._digest("public", match[0])[:43], text)
        text = _EPOCH.sub(self._epoch, _NUMBER.sub(self._number, text))
        text = _UUID.sub(self._uuid, text)
        text = _KEY.sub(self._key, text)
        text = _INSTANT.sub(self._instant, text)
        return json.loads(_DAY.sub(self._day, text))

    def _digest(self, kind: str, found: str) -> str:
        """The same for what came at the same place: counted by first appearance."""
        number = self._given.setdefault(f"{kind}{found}", str(len(self._given)))
        return hashlib.sha256(f"{self._door}/{kind}/{number}".encode()).hexdigest()

    def _uuid(self, match: re.Match[str]) -> str:
        if match[0] in self._kept:
            return match[0]
        return str(UUID(self._digest("uuid", match[0])[:32], version=5))

    def _key(self, match: re.Match[str]) -> str:
        if match[0] in self._kept:
            return match[0]
        return (match[0][0] if match[0][0].isalpha() else "0") + self._digest("key", match[0])[: len(match[0]) - 1]

    def _number(self, match: re.Match[str]) -> str:
        return match[0] if match[0] in self._kept else str(int(self._digest("number", match[0])[:7], 16))

    def _epoch(self, match: re.Match[str]) -> str:
        noon = f"{NOON.timestamp():.0f}"
        return match[0] if match[0] in self._kept else noon + ("000" if match[1] else "")

    def _instant(self, match: re.Match[str]) -> str:
        if match[0] in self._kept:
            return match[0]
        found = datetime.fromisoformat(f"{match[1]}T{match[2]}+00:00")
        days = round((found - self._began) / timedelta(days=1))
        # A door may leave out the last digits of a fraction when they are 0.
        fraction = "." + "0" * (3 if len(match[3]) == 4 else 6) if match[3] else ""
        return f"{NOON + timedelta(days=days):%Y-%m-%dT%H:%M:%S}{fraction}{match[4]}" if abs(days) < 4000 else match[0]

    def _day(self, match: re.Match[str]) -> str:
        if match[0] in self._kept:
            return match[0]
        days = (date.fromisoformat(match[0]) - self._began.date()).days
        return (NOON + timedelta(days=days)).date().isoformat() if abs(days) < 4000 else match[0]


def shortened(value: Any) -> Any:
    """Lists at any depth with their first entries only."""
    if isinstance(value, list):
        return [shortened(one) for one in value[:SHOWN]]
    return {name: shortened(one) for name, one in value.items()} if isinstance(value, dict) else value
