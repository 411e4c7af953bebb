"""`souk doctor`: what keeps Souk from running here, or from being reached, each with what to do about it."""

from __future__ import annotations

import importlib.metadata
import os
import re
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from local.cli.options import DEFAULT_STATE, Stack, StateFolder
from local.deployed import NotThere, environment_of, output
from local.identities import read_shell
from local.state import State

_ROOT = Path(__file__).resolve().parents[2]
_PINNED = re.compile(r"^([A-Za-z0-9_.-]+)(?:\[[^\]]*\])?==(\S+?)(?: ;.*)? \\$", re.MULTILINE)
Url = Annotated[str, typer.Option("--url", envvar="SOUK_URL", help="Base URL of a Souk that should be reached.")]
Port = Annotated[int, typer.Option(envvar="SOUK_PORT", min=0, max=65535, help="Port that `souk up` would take.")]


class Finding(NamedTuple):
    """What was looked at, how it is, and what to do; no advice: it is as it should be."""

    what: str
    how: str
    advice: str = ""


def doctor(url: Url = "", port: Port = 8080, stack: Stack = "", state: StateFolder = DEFAULT_STATE) -> None:
    """Look at Python, packages, port, state and what answers, and say what to do. Ends with 1 if something is wrong.

    With --stack: at the data of a deployed Souk, and whether its hub answers.
    """
    folder = State(state)
    here: list[Callable[[], Iterator[Finding]]] = [
        lambda: _port(folder, port),
        lambda: _state(folder),
        lambda: _data(folder),
        lambda: _reach(url or _own_url(folder)),
    ]
    there: list[Callable[[], Iterator[Finding]]] = [lambda: _deployed(stack)]
    checks = [_python, _packages, *(there if stack else here)]
    findings = [finding for check in checks for finding in check()]
    for one in findings:
        typer.secho(f"{'!' if one.advice else 'ok':>2} {one.what}: {one.how}", fg="red" if one.advice else None)
        if one.advice:
            typer.echo(f"   {one.advice}")
    raise typer.Exit(1 if any(one.advice for one in findings) else 0)


def _python() -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding("Python", version, "" if sys.version_info >= (3, 11) else "Souk needs 3.11 or later: make PYTHON=...")


def _packages() -> Iterator[Finding]:
    pinned = dict(_PINNED.findall((_ROOT / "requirements/local.txt").read_text(encoding="utf-8")))
    wrong = [name for name, version in pinned.items() if _installed(name) not in {version, None}]
    lacking = [name for name in ("uvicorn", "typer", "boto3", "orjson") if _installed(name) is None]
    told = f"{len(pinned)} pinned" + (f"; other than pinned or missing: {', '.join(wrong + lacking)}"[:300])
    yield (
        Finding("Packages", told, "make run brings the environment up to date")
        if wrong or lacking
        else Finding("Packages", f"{len(pinned)} pinned")
    )


def _installed(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _port(folder: State, port: int) -> Iterator[Finding]:
    if folder.running():
        yield Finding("Port", f"a run answers at {_own_url(folder)}")
        return
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            yield Finding("Port", f"{port} is taken", "choose another: SOUK_PORT=8081 make run")
            return
    yield Finding("Port", f"{port} is free")


def _state(folder: State) -> Iterator[Finding]:
    if not folder.root.exists():
        yield Finding("State", f"{folder.root} is not there yet; `souk up` makes it")
    elif not folder.root.is_dir():
        yield Finding("State", f"{folder.root} is no folder", "name another: SOUK_STATE=... or --state")
    elif not folder.database.exists():
        yield Finding("State", f"{folder.root} holds no embedded database")
    else:
        size = sum(path.stat().st_size for path in folder.root.glob(f"{folder.database.name}*")) // 1024
        yield Finding("State", f"{folder.root}, {size} KB, {'in use' if folder.running() else 'not in use'}")


def _data(folder: State) -> Iterator[Finding]:
    """The version of the data of this state."""
    from souk.setup.version import stored_version
    from souk.store.sqlite import SqliteStore
    from souk.work import Work

    if not folder.database.exists():
        return
    store = SqliteStore(str(folder.database))
    try:
        found = stored_version(Work(store))
    finally:
        store.close()
    yield from _version(found)


def _deployed(stack: str) -> Iterator[Finding]:
    """The version of the data of a stack, and its hub."""
    from souk.errors import SoukError
    from souk.setup.version import stored_version
    from souk.store.connect import connect
    from souk.work import Work

    try:
        os.environ.update(environment_of(stack))
        hub = output(stack, "HubUrl")
        yield Finding("Stack", stack)
        yield from _version(stored_version(Work(connect())))
    except (NotThere, SoukError) as error:
        yield Finding("Stack", str(error), "is this its name, and are these its region and credentials?")
        return
    yield from _reach(hub)


def _version(found: int | None) -> Iterator[Finding]:
    """The version of the data against that of the code."""
    from souk.setup.version import VERSION

    if found is None or found == VERSION:
        yield Finding("Data", f"version {found or VERSION}")
    elif found < VERSION:
        yield Finding("Data", f"version {found}, the code expects {VERSION}", "bring it up to date: souk migrate")
    else:
        yield Finding(
            "Data", f"version {found}, the code knows {VERSION}", "this code is older than the data: update it"
        )


def _reach(url: str) -> Iterator[Finding]:
    if not url:
        yield Finding("Souk", "none is running here, and no --url names another")
        return
    direct = urllib.request.build_opener(
        urllib.request.ProxyHandler({}) if "127.0.0.1" in url else urllib.request.ProxyHandler()
    )
    try:
        with direct.open(f"{url.rstrip('/')}/health", timeout=10) as answer:
            yield Finding("Souk", f"{url} answers {answer.status}")
    except urllib.error.HTTPError as error:
        advice = (
            "this is a door, not the hub: give HubUrl" if error.code == 404 else "look at its logs: docs/runbook.md"
        )
        yield Finding("Souk", f"{url}/health answers {error.code}", advice)
    except (OSError, ValueError) as error:
        yield Finding(
            "Souk", f"{url} does not answer ({type(error).__name__})", "is the address right, and the stack deployed?"
        )


def _own_url(folder: State) -> str:
    if not folder.running() or not folder.dev_env.exists():
        return ""
    return read_shell(folder.dev_env.read_text()).get("SOUK_URL", "")
