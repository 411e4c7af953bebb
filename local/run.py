"""One run of Souk on this machine: its parts, started in order and stopped in order."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from local import environment
from local.clock import Clock
from local.delivery import to_queue
from local.engine import Engine
from local.executor import Executor
from local.front import Front, server_of
from local.identities import Identities
from local.positions import Positions
from local.seeding import Refused, Samples
from local.state import State
from local.streams import Streams
from local.templates import Application, read_application

if TYPE_CHECKING:
    import uvicorn

ROOT = Path(__file__).resolve().parent.parent
LAYER = ROOT / "layers" / "souk"
HOST = "127.0.0.1"
SWITCH_SECONDS = 0.0005
"""How long a thread may keep the interpreter while others want it. Requests are shorter than Python's default."""
Tell = Callable[[str], None]


class CannotStart(Exception):
    """The run cannot begin; the text says why."""


@dataclass
class Settings:
    """What a caller may choose."""

    state: State
    engine: str = "embedded"
    port: int = 8080
    samples: bool = True
    template: Path = field(default_factory=lambda: Path(os.environ.get("SOUK_TEMPLATE", ROOT / "template.yaml")))
    given: dict[str, str] = field(default_factory=lambda: dict(os.environ))


class Run:
    """The parts of a run. `tell` gets a line for each step of the start, `warn` what went wrong but ends nothing."""

    def __init__(self, settings: Settings, tell: Tell = lambda _: None, warn: Tell = lambda _: None) -> None:
        self.settings = settings
        self._tell, self._warn = tell, warn
        self._listener = listen(settings.port)
        self.url = f"http://{HOST}:{self._listener.getsockname()[1]}"
        self.application: Application = read_application(settings.template)
        self.executor = Executor(self.application.functions, [LAYER])
        self.engine = Engine(settings.state, self.application, self.executor, tables=settings.engine == "aws")
        positions = Positions(settings.state.positions)
        self.streams = Streams(settings.engine, positions, self.engine.client)
        self.clock = Clock(self.executor)
        self.front = Front(self.application, self.executor, self.streams.wake)
        self.identities = Identities(settings.state, self.url)
        self.failure: BaseException | None = None

    def serve(self, on_ready: Callable[[Run], None]) -> None:
        """Start everything, serve until a signal or a failure, stop everything. Raises what made the start fail."""
        from local.connections import allow_many

        sys.setswitchinterval(SWITCH_SECONDS)
        allow_many()
        server = server_of(self.front)
        starting = threading.Thread(target=self._start, args=(server, on_ready), name="start", daemon=True)
        starting.start()
        _stop_on_signals(server)
        try:
            server.run([self._listener])
        finally:
            starting.join(30)
            self._stop()
        if self.failure:
            raise self.failure

    def _start(self, server: uvicorn.Server, on_ready: Callable[[Run], None]) -> None:
        try:
            self._bring_up()
            on_ready(self)
            self.executor.warm()  # the rest of the functions, so that no first call waits for an import
        except BaseException as error:  # noqa: BLE001 - the main thread raises it again
            self.failure = error
            server.should_exit = True

    def _bring_up(self) -> None:
        settings = self.settings
        settings.state.fix_engine(settings.engine)
        self._tell(f"read {len(self.application.functions)} functions of {self.settings.template.name}")
        self.engine.start()
        environment.apply(
            environment.functions_environment(
                self.application, settings.state, settings.engine, self.engine.endpoint, settings.given
            )
        )
        settings.state.announce({"url": self.url, "engine": settings.engine, "endpoint": self.engine.endpoint})
        self._connect_bus()
        self._tell("started S3, SQS, EventBridge and Step Functions" + ", DynamoDB" * (settings.engine == "aws"))
        self.front.open = True
        self.streams.start(self.application, self.executor, to_queue(self.engine.client))
        self.clock.start(self.application)
        self._tell("streams and schedules are running")
        self.identities.start()
        self._tell(f"wrote keys and tokens to {settings.state.dev_env.name}")
        if settings.samples:
            try:
                self._tell(Samples(settings.state, self.url, self.identities.api_key).put_once())
            except Refused as error:
                self._warn(f"the sample catalogue is incomplete: {error}")
        self.front.ready = True

    def _connect_bus(self) -> None:
        """Events reach the emulated bus without HTTP; ENGINE=aws sends them as on AWS."""
        if self.settings.engine == "embedded":
            from souk.bus import connect, eventbridge

            connect.use(eventbridge.EventBridge(os.environ["SOUK_BUS"], self.engine.put_events))

    def _stop(self) -> None:
        self.identities.stop()
        self.clock.stop()
        self.streams.stop()
        self.executor.stop()
        self.engine.stop()


def _stop_on_signals(server: uvicorn.Server) -> None:
    """The server raises a caught signal again when it has stopped; these handlers keep our own stop from being cut."""

    def stop(*_: object) -> None:
        server.should_exit = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)


def listen(port: int) -> socket.socket:
    """A listening socket on this machine only; 0 takes any free port. Raises CannotStart."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError as error:
        listener.close()
        raise CannotStart(f"port {port} on {HOST} is taken ({error.strerror}); choose another with SOUK_PORT") from None
    listener.listen(512)
    return listener
