"""`souk events`: look at the event feed of a running Souk."""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Iterator
from itertools import islice
from typing import Annotated, Any
from urllib.parse import quote

import typer

from local.cli.options import DEFAULT_STATE, StateFolder, refuse
from local.identities import read_shell
from local.state import State

_PAUSE_SECONDS = 0.5
events = typer.Typer(help="The event feed of a running Souk.", no_args_is_help=True)


@events.callback()
def _events() -> None:
    """Keeps `tail` a command of its own."""


@events.command("tail")
def tail(
    count: Annotated[int | None, typer.Option(min=1, help="End after so many events. Without: go on for ever.")] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Begin at the first event, not at the next.")] = False,
    whole: Annotated[bool, typer.Option("--json", help="Print each event whole, one a line.")] = False,
    url: Annotated[str, typer.Option("--url", help="Base URL of the NNDM door; without, the local run.")] = "",
    key: Annotated[str, typer.Option("--key", help="API key; without, the local run's.")] = "",
    state: StateFolder = DEFAULT_STATE,
) -> None:
    """Print events as they come: when, what, of which record."""
    url, key = (url.rstrip("/"), key) if url and key else _own(State(state))
    try:
        for event in islice(_follow(url, key, everything=everything), count):
            name = event["type"].rsplit(".", 1)[-1]
            typer.echo(json.dumps(event) if whole else f"{event['time']}  {name}  {event['subject']}")
    except (OSError, ValueError) as error:
        refuse(f"{url} does not answer: {error}")
    except KeyboardInterrupt:
        raise typer.Exit(0) from None


def _own(folder: State) -> tuple[str, str]:
    """URL and key of the run on this state. Ends the command when there is none."""
    if not folder.running():
        refuse(f"nothing runs on {folder.root}; start it with `souk up`, or name another Souk with --url and --key")
    env = read_shell(folder.dev_env.read_text())
    return env["SOUK_URL"], env["SOUK_API_KEY"]


def _follow(url: str, key: str, *, everything: bool) -> Iterator[dict[str, Any]]:
    last = "" if everything else _end(url, key)
    while True:
        page = _page(url, key, last)
        yield from page
        last = page[-1]["id"] if page else last
        if not page:
            time.sleep(_PAUSE_SECONDS)


def _end(url: str, key: str) -> str:
    """The id of the last event there is."""
    last = ""
    while page := _page(url, key, last):
        last = page[-1]["id"]
    return last


def _page(url: str, key: str, last: str) -> list[dict[str, Any]]:
    request = urllib.request.Request(  # noqa: S310 - our own address
        f"{url}/api/events?longPolling=false&lastEventId={quote(last)}", headers={"x-api-key": key}
    )
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(request, timeout=30) as answer:
        page: list[dict[str, Any]] = json.load(answer)
    return page
