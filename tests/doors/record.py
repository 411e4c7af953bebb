"""`python -m tests.doors.record`: writes what a run answers to the stories, as examples of the OpenAPI documents.

A fresh run is told the stories of all doors; the first success of each operation is kept, in
`local/openapi/answers/<door>.json`. Two runs write the same.
"""

from __future__ import annotations

import json
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import yaml

from local.openapi.answers import FOLDER
from tests.doors import stories
from tests.doors.steady import Steady
from tests.doors.stories import Step
from tests.running import Running, eventually, start_souk

GRANT = "0w0fzr1y8k4t2m6h9c3b5d7s"
ACCESS = "roast-plan-reads-sales"
HUB = [*(step for step in stories.HUB if step.status == 200), Step("getGrant"), Step("postGrantResult", 204)]
STORIES = {"nndm": stories.NNDM, "dpx": stories.DPX, "immuta": stories.IMMUTA, "nav": stories.NAV, "hub": HUB}


def known_of(running: Running) -> dict[str, str]:
    """What stands for the variables of recordings."""
    return {f"${name}": value for name, value in running.env.items() if name in {"SOUK_API_KEY", "SOUK_OTHER_TOKEN"}}


def value_of(answer: httpx.Response) -> Any:
    """The body as a schema sees it: None without one."""
    media = answer.headers.get("content-type", "").partition(";")[0]
    if not answer.content:
        return None
    if "yaml" in media:
        return yaml.safe_load(answer.text)
    return answer.json() if media.endswith("json") else answer.text


def answers(door: str, running: Running, began: datetime) -> dict[str, Any]:
    """The first successful answer with a body of every operation of a door, by operationId."""
    steady = Steady(door, running.url, began)
    known = known_of(running) | stories.DPX_KNOWN | {GRANT: ACCESS}
    found: dict[str, Any] = {}
    client = running.client()
    del client.headers["x-api-key"]
    with client:
        story = [*STORIES[door], *stories.BY_PEOPLE.get(door, [])]
        for told in stories.tell(door, client, known, [*story, *stories.untold(door, story)]):
            if told.expected not in {0, told.answer.status_code}:
                raise SystemExit(f"{door} {told.operation} answered {told.answer.status_code}: {told.answer.text}")
            if told.answer.is_success and told.answer.content:
                shown = steady.value(value_of(told.answer), known)
                found.setdefault(told.operation, {"status": told.answer.status_code, "value": begun(shown)})
    return found


def begun(value: Any) -> Any:
    """The beginning of what is a whole document; everything else as it is."""
    if isinstance(value, str) and value.startswith("<!doctype"):
        return value.partition("\n")[0]
    if isinstance(value, dict) and {"openapi", "asyncapi"} & set(value):
        return {name: one for name, one in value.items() if isinstance(one, str) or name == "info"}
    return value


def start_recorded(state: Path, engine: str = "embedded") -> Running:
    """A Souk as the recordings find it: an external system is to grant, and has been told."""
    running = start_souk(state, engine, SOUK_GRANTOR="external")
    with running.client() as client:
        eventually(lambda: client.get(f"/grants/{ACCESS}").json().get("attempt") == 1)
    return running


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        began = datetime.now(UTC)
        running = start_recorded(Path(name) / "state")
        try:
            for door in STORIES:
                text = json.dumps(answers(door, running, began), indent=1, ensure_ascii=False, sort_keys=True)
                (FOLDER / f"{door}.json").write_text(text + "\n", encoding="utf-8")
                print(f"local/openapi/answers/{door}.json")
        finally:
            running.stop()


if __name__ == "__main__":
    main()
