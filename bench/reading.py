"""Reading, and what reading speeds up, on a world of 1,000 states and 5,000 events; and hostile texts. Prints JSON.

python bench/reading.py [--against SRC] [--rounds N]     --against measures another version's src too

Milliseconds of the processor, the median of the rounds; each round is a process of its own, the versions alternate.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

STATES, EVENTS, FLAGS = 1000, 5000, 20
TIMES = 5


def milliseconds(call: Callable[..., Any], text: Callable[[], tuple[Any, ...]] = lambda: ()) -> float:
    """Return the median of some calls, each with what is made anew for it."""
    times = []
    for _ in range(TIMES):
        arguments = text()
        gc.collect()
        began = time.process_time()
        call(*arguments)
        times.append(time.process_time() - began)
    return 1000 * statistics.median(times)


def figures() -> dict[str, float]:
    """Return the figures of the version that is imported."""
    import worldkit as wk
    from worldkit.core import json_values
    from worldkit.playing.transition_table import table_of
    from worldkit.widgets import parsing
    from worlds import edits, world

    document = world(STATES, EVENTS, FLAGS)
    text = json.dumps(document)
    base = wk.load(text)
    ours = wk.load(base.apply(edits(document, 100)).to_json())
    theirs = wk.load(base.apply(edits(document, 60)).to_json())
    session = wk.Session(wk.samples.load("bench"))
    body = f'{{"{"k" * 100_000}": [{"1," * 50_000}1], "prose": "she said\\":"}}'
    message = {"type": "edit", "base": "0", "ops": [{"op": "x", "k" * 100_000: [1] * 50_000}]}

    def fresh() -> tuple[Any, ...]:
        return (wk.load(text),)

    return {
        "load": milliseconds(lambda: wk.load(text)),
        "load, typed": milliseconds(lambda: wk.load(text).scene),
        "diff of 100 edits": milliseconds(lambda: wk.diff(base, ours)),
        "merge": milliseconds(lambda: wk.merge(base, ours, theirs)),
        "compile": milliseconds(table_of, fresh),
        "explore": milliseconds(wk.explore, fresh),
        "1,000 waits": milliseconds(lambda: [session.wait(1) for _ in range(1000)]),
        "a body of 0.2 MB with a long key": milliseconds(lambda: json_values.parse(body)),
        "a message of 0.2 MB with a long key": milliseconds(lambda: parsing.read_editor(message)),
    }


def measure(source: str) -> dict[str, float]:
    """Return the figures of a version, by where its ``src`` is."""
    environment = {**os.environ, "PYTHONPATH": source}
    process = subprocess.run(
        [sys.executable, __file__, "--once"], env=environment, check=True, capture_output=True, text=True
    )
    figures: dict[str, float] = json.loads(process.stdout)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--against", metavar="SRC")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--once", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.once:
        print(json.dumps(figures()))
        return
    sources = {"here": str(Path(__file__).parents[1] / "src")}
    if options.against:
        sources["against"] = options.against
    rounds: dict[str, list[dict[str, float]]] = {name: [] for name in sources}
    for _ in range(options.rounds):
        for name, source in sources.items():
            rounds[name].append(measure(source))
    medians = {
        name: {what: statistics.median(one[what] for one in samples) for what in samples[0]}
        for name, samples in rounds.items()
    }
    report: dict[str, Any] = {
        name: {what: round(ms, 2) for what, ms in samples.items()} for name, samples in medians.items()
    }
    if options.against:
        ours, other = medians["here"], medians["against"]
        report["here / against"] = {what: round(ours[what] / other[what], 2) for what in ours}
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
