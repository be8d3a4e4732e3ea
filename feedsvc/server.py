"""The server behind `feedsvc serve`: granian running the app's factory in each worker.

Room: server, a door. Imports service, timer and web.
"""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING, Any

from feedsvc.config import ServerSettings
from feedsvc.errors import FeedsvcError
from feedsvc.timer import ticking

if TYPE_CHECKING:
    from feedsvc.service import Service


THREADS = 4  #: a worker: nearly every answer is ready, the rest waits for the database


def require_free(host: str, port: int) -> None:
    """Raise FeedsvcError when something listens on the port, or the host is none of ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise FeedsvcError(
                f"cannot listen on {host}:{port}: {error.strerror}; "
                "stop what runs there, or choose another with --port"
            ) from error


def run(service: Service, settings: ServerSettings) -> None:
    """Serve until stopped. Workers learn the settings through the environment."""
    from granian import Granian
    from granian.constants import Interfaces

    os.environ.update(_handed_down(service))
    granian = Granian(
        "feedsvc.web:create_app",
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=settings.workers,
        blocking_threads=THREADS,
        respawn_failed_workers=True,
        log_level=_log_level(),
    )
    with ticking(service):
        granian.serve()


def _handed_down(service: Service) -> dict[str, str]:
    located = service.located
    values = {
        "FEEDSVC_SEEDS": str(located.seeds.resolve()),
        "FEEDSVC_DATABASE_URL": located.database_url,
        "FEEDSVC_INGEST_AT_START": "false",
    }
    if located.file:
        values["FEEDSVC_CONFIG"] = str(located.file.resolve())
    return values


def _log_level() -> Any:
    from granian.log import LogLevels

    return LogLevels.warning
