"""A local run of Souk for tests: a process of its own, on a free port, on a state folder of its own."""

from __future__ import annotations

import os
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 40
STOP_SECONDS = 20


class NotStarted(Exception):
    """The run ended, or did not become ready in time; the text holds what it printed."""


class Running:
    """A run that is ready. `url` is its base URL, `env` what dev.env says, `engine` which store it works on."""

    def __init__(self, state: Path, engine: str, env: dict[str, str]) -> None:
        self.state, self.engine, self._extra = state, engine, env
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.env: dict[str, str] = {}
        self.seconds = 0.0
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Process id of the run."""
        assert self._process is not None
        return self._process.pid

    @property
    def output(self) -> str:
        """What the run printed so far, its latest start last."""
        return (self.state / "output.txt").read_text() if self.state.exists() else ""

    def start(self) -> None:
        """Start the process and wait until /health answers 200. Raises NotStarted."""
        self.state.mkdir(parents=True, exist_ok=True)
        environment = os.environ | {"SOUK_STATE": str(self.state), "SOUK_PORT": str(self.port), "ENGINE": self.engine}
        began = time.monotonic()
        with (self.state / "output.txt").open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "local", "up"],
                cwd=ROOT,
                env=environment | self._extra,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._wait(began + START_SECONDS)
        self.seconds = time.monotonic() - began
        self.env = read_env(self.state / "dev.env")

    def _wait(self, until: float) -> None:
        while time.monotonic() < until:
            if self._process is None or self._process.poll() is not None:
                raise NotStarted(self.output)
            try:
                if httpx.get(f"{self.url}/health", timeout=5, trust_env=False).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.05)
        self.kill()
        raise NotStarted(f"not ready after {START_SECONDS} s:\n{self.output}")

    def stop(self) -> int:
        """End it as Ctrl-C does. Its exit code."""
        return self._end(signal.SIGINT)

    def kill(self) -> None:
        """End it as a power cut does."""
        self._end(signal.SIGKILL)

    def _end(self, number: signal.Signals) -> int:
        if self._process is None:
            return 0
        if self._process.poll() is None:
            self._process.send_signal(number)
        try:
            return self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise

    def restart(self) -> None:
        """Start it again on the same state and port, stopping it first if it runs."""
        self.stop()
        self.start()

    def client(self, **headers: str) -> httpx.Client:
        """An HTTP client with the seeded API key; `headers` are added (underscores become hyphens)."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        key = {"x-api-key": self.env["SOUK_API_KEY"]} if "SOUK_API_KEY" in self.env else {}
        return httpx.Client(base_url=self.url, headers=key | named, timeout=35, trust_env=False)


def start_souk(state_dir: Path, engine: str = "embedded", **env: str) -> Running:
    """Start Souk on a state folder and wait until it is ready. Raises NotStarted with what it printed."""
    running = Running(state_dir, engine, env)
    running.start()
    return running


def eventually(holds: Callable[[], object], seconds: float = 20) -> None:
    """Return as soon as the condition holds. Fails when it does not within the time."""
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, f"not so within {seconds} s"
        time.sleep(0.02)


def free_port() -> int:
    """A port on 127.0.0.1 that nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def read_env(path: Path) -> dict[str, str]:
    """The variables of a file in shell syntax, as a shell would set them."""
    if not path.exists():
        return {}
    lines = (line for line in path.read_text().splitlines() if "=" in line and not line.startswith("#"))
    pairs = (line.split("=", 1) for line in lines)
    return {name: "".join(shlex.split(value)) for name, value in pairs}
