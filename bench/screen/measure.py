"""What is measured of anything that shows a graph: opening it, moving over it, moving one card, keys, memory."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import count
from typing import TYPE_CHECKING, Any

from screen.chromium import Screen, open_browser
from screen.contenders import Contender
from screen.figures import Json, middle, spread
from screen.serve import serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# To and fro, so that everything stays in view.
STEPS = [(float(step), step / 2) for step in [*range(0, 24, 3), *range(24, 0, -3)] * 2]
SLOW_SHARE = 0.2
"""The part of a limit from which on once is enough."""


def measure(contender: Contender, rounds: int, limit: float, query: str = "") -> Json:
    """Return the figures of something that shows a graph, in a Chromium of its own.

    Args:
        contender: What is measured.
        rounds: How often it is opened, moved over and changed.
        limit: Seconds that one thing may take; what takes longer is given up, and all that would follow.
        query: What the page is told in its address.
    """
    from playwright.sync_api import Error

    report: Json = {}
    began = time.monotonic()
    with open_browser() as browser, serving(contender.files(), contender.answer) as address:
        try:
            screen = _opening(browser, contender, f"{address}/{query}", rounds, limit, report)
            contender.near(screen)
            report["memory"] = screen.memory()
            point = screen.ask("bench.near()")
            report["drag a card"] = _moving(screen, lambda _: point, rounds)
            report["keys"] = {what: _middles(rows) for what, rows in contender.keys(screen, rounds).items()}
            contender.overview(screen)
            report["pan, everything in view"] = _moving(screen, lambda _: screen.ask("bench.ground()"), rounds)
            report["drag a card, everything in view"] = _moving(screen, _far(screen), rounds)
            report["memory, everything in view"] = screen.memory()
            if screen.problems:
                raise SystemExit(f"the page said: {screen.problems[0]}")
        except Error as error:
            timeout_note = f"gave up after {time.monotonic() - began:.0f} s ({limit:g} s for one thing)"
            report["why"] = timeout_note if "Timeout" in str(error) else str(error).splitlines()[0]
    return report


def _opening(browser: Browser, contender: Contender, address: str, rounds: int, limit: float, report: Json) -> Screen:
    """Open the page so many times, note what that took, and return the last.

    The clock runs from navigation to the first painted frame with the graph in it.
    """
    marks: list[Json] = []
    samples: list[Json] = []
    while True:
        screen = Screen(browser, limit)
        before = screen.processor()
        screen.page.goto(address, wait_until="commit")
        screen.page.wait_for_function("globalThis.opened === true")
        after = screen.processor()
        contender.wait_until_ready(screen)
        marks.append(screen.ask("probe.marks"))
        samples.append({name: after[name] - before[name] for name in after})
        if len(marks) == rounds or marks[-1]["painted"] > limit * SLOW_SHARE * 1e3:
            break
        screen.page.close()
    parts = {name: middle([mark[name] for mark in marks])["median_ms"] for name in marks[0]}
    report["open"] = {"first paint": middle([mark["painted"] for mark in marks]), "reached_ms": parts}
    report["open"] |= _middles(samples)
    return screen


def _middles(rows: list[Json]) -> Json:
    return {name: middle([row[name] for row in rows]) for name in rows[0]}


def _far(screen: Screen) -> Callable[[int], Any]:
    """Return where to take a card when everything is in view: in each round another one that is still there."""
    points = (at for number in count(5) if (at := screen.ask(f"bench.far('place_{number}')")) is not None)
    return lambda _: next(points)


def _moving(screen: Screen, begin: Callable[[int], Any], rounds: int) -> Json:
    """Return the frames while the pointer moves with a button down."""
    rows: list[Json] = []
    while len(rows) < rounds:
        began = time.monotonic()
        rows.append(screen.moves(begin(len(rows)), STEPS))
        screen.ask("probe.painted()")
        if time.monotonic() - began > screen.limit * SLOW_SHARE:
            break
    return {
        "frame": spread([ms for row in rows for ms in row["long"]]),
        "until painted": spread([ms for row in rows for ms in row["busy"]]),
    } | {name: middle([row[name] for row in rows]) for name in ("main thread", "all processes")}
