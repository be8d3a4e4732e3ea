"""What happens by itself while `serve` runs: addresses are looked at, what is due appears.

Room: timer. Called by server. Each tick is an ingest of the addresses whose time has come; an
ingest releases what fell due. One process at a time does it: whoever finds another at it
leaves it to that one.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING

from feedsvc.errors import FeedsvcError, StoreBusy

if TYPE_CHECKING:
    from feedsvc.intake import Report
    from feedsvc.service import Service

TICK_SECONDS = 20.0

log = logging.getLogger(__name__)


@contextmanager
def ticking(service: Service, seconds: float = TICK_SECONDS) -> Iterator[None]:
    """Ticks in a thread of its own while the body runs."""
    stop = Event()
    thread = Thread(target=_run, args=(service, stop, seconds), name="timer", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=5)


def tick(service: Service) -> Report | None:
    """One look at what is due; None when another process is at it. Raises FeedsvcError."""
    try:
        return service.ingest(service.addresses(is_timed=True), wait_seconds=0)
    except StoreBusy:
        return None


def _run(service: Service, stop: Event, seconds: float) -> None:
    while not stop.wait(seconds):
        try:
            report = tick(service)
        except FeedsvcError as error:  # a door: told, and tried again
            log.warning("%s", error)
            continue
        for source in report.sources if report else ():
            if source.problem:
                log.warning("%s", source.problem)
