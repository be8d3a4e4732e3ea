"""`python -m tests.bench [--short] [GROUP…]`: what things cost, as ratios to an anchor.

Medians of alternating runs in one process on one machine; the figures of ours beside them are for
the eye, only the ratios can be compared between machines. --short takes small inputs and is
there to show that the benches run.
"""

from __future__ import annotations

import argparse
import gc
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.bench import documents, finding, keeping, reading, serving
from tests.bench.measure import HEADING, Bench, compare

GROUPS: dict[str, Callable[[Path, bool], Iterator[Bench]]] = {
    "serving": lambda top, short: serving.serving(top, 1 if short else 4, polls=not short),
    "answers": lambda top, short: documents.answers(),
    "documents": lambda top, short: documents.documents(1_000 if short else 10_000),
    "sites": lambda top, short: documents.sites(1_000 if short else 10_000),
    "storing": lambda top, short: keeping.storing(1_000 if short else 100_000, top),
    "finding": lambda top, short: finding.finding(20_000 if short else 1_000_000, top),
    "reading again": lambda top, short: keeping.reading_again(300 if short else 3_000, top),
    "dumps": lambda top, short: reading.dumps(30 if short else 500),
    "records": lambda top, short: reading.records(300 if short else 3_000),
    "posts": lambda top, short: reading.posts(100 if short else 2_000),
    "feeds": lambda top, short: reading.feeds(100 if short else 2_000),
    "starting": lambda top, short: reading.starting(),
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--short", action="store_true", help="small inputs, under two minutes")
    parser.add_argument("--runs", type=int, default=5, help="alternating runs of each (5)")
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=", ".join(GROUPS))
    given = parser.parse_args()
    print(HEADING)
    for group in given.groups or GROUPS:
        with tempfile.TemporaryDirectory() as top:
            for bench in GROUPS[group](Path(top), given.short):
                print(compare(bench, given.runs), flush=True)
                gc.collect()


if __name__ == "__main__":
    main()
