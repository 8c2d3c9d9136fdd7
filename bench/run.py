"""Figures on a world of 1,000 states and 5,000 events, with peers in the same run; prints JSON.

python bench/run.py [--rounds N] [--slow]     --slow adds peers that take seconds a call
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import json
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import worldkit as wk
from worldkit.core.schema import load_schema
from worldkit.editing.batch import apply
from worldkit.ruleset import lint
from worlds import edits, world

STATES, EVENTS, FLAGS, EDITS = 1000, 5000, 20, 100


def milliseconds(call: Callable[[], Any], rounds: int) -> dict[str, float]:
    """Return the median and the least of so many calls, in ms."""
    times = []
    for _ in range(rounds):
        gc.collect()
        start = time.perf_counter()
        call()
        times.append((time.perf_counter() - start) * 1e3)
    return {"median_ms": round(statistics.median(times), 3), "min_ms": round(min(times), 3)}


def start_up(code: str, rounds: int) -> dict[str, float]:
    """Return the time of a fresh interpreter running code, less an empty one's, in ms."""
    run = lambda what: lambda: subprocess.run([sys.executable, "-c", what], check=True)  # noqa: E731
    total, empty = milliseconds(run(code), rounds), milliseconds(run("pass"), rounds)
    return {key: round(total[key] - empty[key], 1) for key in total}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--slow", action="store_true")
    options = parser.parse_args()
    few = max(1, options.rounds // 4)

    document = world(STATES, EVENTS, FLAGS)
    text = json.dumps(document)
    base = wk.load(text)
    world_after = wk.load(base.apply(edits(document, EDITS)).to_json())  # loaded afresh: shares nothing with base
    before, after = base.to_dict(), world_after.to_dict()
    one = [{"op": "set_field", "state": "place_500", "field": "base", "value": "A stair."}]

    import jsonpatch
    from deepdiff import DeepDiff
    from jsonschema import Draft202012Validator

    validator = Draft202012Validator(load_schema())
    invalid = json.loads(text)
    for i in range(0, 1000, 10):
        invalid["scene"]["states"][f"place_{i}"]["base"] = i

    def all_problems() -> None:
        with contextlib.suppress(wk.InvalidWorld):
            wk.load(invalid)

    difference = wk.diff(base, world_after)
    assert base.apply(difference.ops) == world_after
    ours: dict[str, Any] = {
        "load and validate": milliseconds(lambda: wk.load(text), options.rounds),
        "load, 100 problems, all listed": milliseconds(all_problems, options.rounds),
        "lint": milliseconds(lambda: lint(base), options.rounds),
        "diff of 100 edits": milliseconds(lambda: wk.diff(base, world_after), options.rounds),
        "apply those": milliseconds(lambda: base.apply(difference.ops), options.rounds),
        "one op": milliseconds(lambda: apply(base, one), options.rounds * 3),
        "import worldkit": start_up("import worldkit", options.rounds),
    }
    peers: dict[str, Any] = {
        "json.loads": milliseconds(lambda: json.loads(text), options.rounds),
        "json.loads + jsonschema, all problems": milliseconds(
            lambda: list(validator.iter_errors(json.loads(text))), few
        ),
        "jsonpatch diff": milliseconds(lambda: jsonpatch.make_patch(before, after), few),
    }
    if options.slow:
        peers["deepdiff"] = milliseconds(lambda: DeepDiff(before, after), 1)
    ratio = lambda peer, own: round(peers[peer]["median_ms"] / ours[own]["median_ms"], 1)  # noqa: E731
    ratios = {
        "jsonschema / load and validate": ratio("json.loads + jsonschema, all problems", "load and validate"),
        "jsonpatch / diff": ratio("jsonpatch diff", "diff of 100 edits"),
    }
    if options.slow:
        ratios["deepdiff / diff"] = ratio("deepdiff", "diff of 100 edits")
    report = {
        "world": {"states": STATES, "events": EVENTS, "flags": FLAGS, "bytes": len(text), "edits": EDITS},
        "machine": {"python": platform.python_version(), "cpu": platform.machine(), "system": platform.system()},
        "worldkit": ours,
        "diff": {"ops": len(difference.ops), "bytes": len(json.dumps(difference.ops))},
        "peers": peers,
        "ratios": ratios,
    }
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
