"""AWS clients, made when they are first needed and kept for the life of the process.

With `SOUK_BOTOCORE_DATA` naming a folder that holds just the service models in use, botocore reads only that: its
own search of some 400 services costs a cold start more than anything else. Timeouts are short, since whoever
calls can repeat. botocore itself is imported with the first client: functions that may need one often do not.
"""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from botocore.session import Session

_AGENT = "souk"
"""What services see in their logs. Without it botocore puts its own together anew for every call, a twentieth of it."""
_lock = threading.Lock()
_clients: dict[str, Any] = {}
_session: Session | None = None


def client(service: str, purpose: str = "", **settings: Any) -> Any:
    """The process's low-level client of this service. Safe to use from many threads.

    A `purpose` with botocore settings of its own gets a client of its own.
    """
    name = f"{service} {purpose}"
    made = _clients.get(name)
    if made is None:
        with _lock:
            made = _clients.get(name) or _clients.setdefault(name, _make(service, settings))
    return made


def forget() -> None:
    """Make new clients from now on, as after a change of the environment."""
    global _session  # noqa: PLW0603 - it is the process's, as are the clients
    with _lock:
        _clients.clear()
        _session = None


def _make(service: str, settings: dict[str, Any]) -> Any:
    from botocore.config import Config

    config = Config(
        connect_timeout=2,
        read_timeout=6,
        max_pool_connections=64,
        user_agent=_AGENT,
        retries={"mode": "standard", "total_max_attempts": 4},
        s3={"addressing_style": "path"} if os.environ.get("AWS_ENDPOINT_URL") else {},
    )
    return _the_session().create_client(service, config=config.merge(Config(**settings)))


def _the_session() -> Session:
    from botocore.loaders import Loader
    from botocore.session import Session

    global _session  # noqa: PLW0603
    if _session is None:
        _session = Session()
        folder = os.environ.get("SOUK_BOTOCORE_DATA")
        if folder:
            loader = Loader(extra_search_paths=[folder], include_default_search_paths=False)
            _session.register_component("data_loader", loader)
    return _session
