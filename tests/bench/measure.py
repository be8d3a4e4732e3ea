"""How a figure is taken: alternating runs against an anchor in the same minute, medians of ratios."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

LINE = "{:<44} {:<34} {:>8} {:>15} {:>16}  {}"
HEADING = LINE.format("what (input)", "anchor", "ratio", "spread", "ours", "to reach")
Run = Callable[[], float]


@dataclass(frozen=True, kw_only=True)
class Bench:
    """Two ways to do the same thing; each run gives its figure in `unit`, whatever it did checked."""

    what: str  #: with the size of the input
    anchor: str
    ours: Run
    theirs: Run
    unit: str
    reach: str = ""  #: of the ratio, where one is set


def compare(bench: Bench, n_runs: int) -> str:
    """Run both in turn, the order swapped every time, and give the line to print."""
    ratios, figures = [], []
    for number in range(n_runs):
        if number % 2:
            theirs, ours = bench.theirs(), bench.ours()
        else:
            ours, theirs = bench.ours(), bench.theirs()
        figures.append(ours)
        ratios.append(ours / theirs)
    return LINE.format(
        bench.what,
        bench.anchor,
        f"{median(ratios):.3g}",
        f"{min(ratios):.3g}-{max(ratios):.3g}",
        f"{median(figures):,.4g} {bench.unit}",
        bench.reach,
    )


def cpu(work: Callable[[], Any], per: int, check: Callable[[Any], bool]) -> Run:
    """A run that does `work` once: microseconds of this process's time for each of `per` things."""

    def run() -> float:
        started = time.process_time()
        result = work()
        spent = time.process_time() - started
        assert check(result), "a wrong answer was timed"
        return spent / per * 1e6

    return run
