"""A process of its own: opens a store, does one thing, says each step on its standard output.

python -m tests.store.worker open|hold|ingest URL [ROUND]
"""

from __future__ import annotations

import sys
import time

from feedsvc.model import Place
from feedsvc.store import SourceRead, open_store
from tests.builders import at, kept, reading

N_SOURCES, N_ENTRIES = 4, 60


def round_of(number: int) -> list[SourceRead]:
    """Readings that give every entry the title of this round, and rank them anew."""
    reads = []
    for source in range(N_SOURCES):
        name = f"{source}.txt"
        entries = (
            kept(
                n % 28 + 1,
                Place(source=name, line=n + 1, section="Top", rank=(n * 7 + number) % N_ENTRIES + 1),
                id=f"urn:{source}-{n}",
                slug=f"s{source}-{n}",
                title=f"Round {number}",
            )
            for n in range(N_ENTRIES)
        )  # fmt: skip
        reads.append(reading(*entries, name=name, digest=str(number)))
    return reads


def say(word: str) -> None:
    print(word, flush=True)


def main(task: str, url: str, number: int = 1) -> None:
    store = open_store(url)
    say("opened")
    if task == "hold":
        with store.ingesting() as session:
            session.note("held", "yes")
            say("holding")
            time.sleep(60)
    if task == "ingest":
        with store.ingesting() as session:
            for read in round_of(number):
                session.keep(read)
                say(read.name)
            session.publish(at("2025-06-01"))
            say("published")
    store.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:]))
