"""Differences and three-way merges on 1,000 states and 5,000 events, 100 edits a side, against peers; prints JSON.

python bench/merge.py [--rounds N] [--slow]     --slow adds peers that take seconds a call
"""

from __future__ import annotations

import argparse
import gc
import importlib.util
import json
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import worldkit as wk
from worlds import edits, world

Json = dict[str, Any]

STATES, EVENTS, FLAGS, EDITS = 1000, 5000, 20, 100


def time_call(call: Callable[[], Any], rounds: int) -> dict[str, float]:
    """Return the median and the least processor time of so many calls, in ms."""
    times = []
    for _ in range(rounds):
        gc.collect()
        start = time.process_time()
        call()
        times.append((time.process_time() - start) * 1e3)
    return {"median_ms": round(statistics.median(times), 3), "min_ms": round(min(times), 3)}


def branch(document: Json, base: wk.World, seed: int, tag: str) -> wk.World:
    """Return the world after one side's edits, loaded afresh so that it shares nothing with base."""
    batch = []
    for op in edits(document, EDITS, seed):
        key = {"add_state": "id", "rename_state": "to"}.get(op["op"])
        batch.append({**op, key: f"{op[key]}_{tag}"} if key else op)
    return wk.load(base.apply(batch).to_json())


def merge_file(worlds: list[wk.World], rounds: int) -> dict[str, float | bool]:
    """Return the time that ``git merge-file`` takes on the printed worlds, by the clock, and whether it conflicts."""
    with tempfile.TemporaryDirectory() as folder:
        names = [str(Path(folder, f"{at}.json")) for at in range(3)]
        for name, one in zip(names, worlds, strict=True):
            Path(name).write_text(one.to_json(), encoding="utf-8")
        times, code = [], 0
        for _ in range(rounds):
            start = time.perf_counter()
            code = subprocess.run(
                ["git", "merge-file", "-p", names[1], names[0], names[2]], capture_output=True, check=False
            ).returncode
            times.append((time.perf_counter() - start) * 1e3)
    return {"median_ms": round(statistics.median(times), 3), "min_ms": round(min(times), 3), "conflicts": code}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--slow", action="store_true")
    options = parser.parse_args()
    few = max(1, options.rounds // 3)

    document = world(STATES, EVENTS, FLAGS)
    base = wk.load(json.dumps(document))
    ours, theirs = branch(document, base, 1, "ours"), branch(document, base, 2, "theirs")
    base = wk.load(json.dumps(document))  # as read from a file: nothing of it has been looked at
    before, after, other = base.to_dict(), ours.to_dict(), theirs.to_dict()
    merge_result = wk.merge(base, ours, theirs)
    difference = wk.diff(base, ours)
    assert base.apply(difference.ops) == ours
    resolved_merge = merge_result.resolve_all("ours")
    mine: dict[str, Any] = {
        "diff": time_call(lambda: wk.diff(base, ours), options.rounds),
        "merge": time_call(lambda: wk.merge(base, ours, theirs), options.rounds),
        "resolve one": time_call(lambda: merge_result.resolve(merge_result.conflicts[0], "theirs"), options.rounds),
        "warnings": time_call(lambda: resolved_merge.check(), few),
    }
    peers: dict[str, Any] = {"git merge-file": merge_file([base, ours, theirs], few)}
    absent: list[str] = []

    def peer(name: str, package: str, call: Callable[[], Any], rounds: int) -> None:
        if importlib.util.find_spec(package) is None:
            absent.append(f"{name}: {package} is not installed")
        else:
            peers[name] = time_call(call, rounds)

    def jsonpatch() -> None:
        import jsonpatch

        jsonpatch.make_patch(before, after)

    def deepdiff() -> None:
        from deepdiff import DeepDiff

        DeepDiff(before, after)

    def nbdime_diff() -> None:
        import nbdime

        nbdime.diff(before, after)

    def nbdime_merge() -> None:
        from nbdime.merging.generic import decide_merge

        decide_merge(before, after, other)

    peer("jsonpatch diff", "jsonpatch", jsonpatch, few)
    if options.slow:
        peer("deepdiff diff", "deepdiff", deepdiff, 1)
        peer("nbdime diff", "nbdime", nbdime_diff, 1)
        peer("nbdime merge", "nbdime", nbdime_merge, 1)
    ratios = {
        f"{name} / {name.split()[1]}": round(one["median_ms"] / mine[name.split()[1]]["median_ms"], 1)
        for name, one in peers.items()
        if name != "git merge-file"
    }
    report = {
        "world": {"states": STATES, "events": EVENTS, "edits a side": EDITS},
        "machine": {"python": platform.python_version(), "cpu": platform.machine(), "system": platform.system()},
        "worldkit": mine,
        "conflicts": [str(conflict.path) for conflict in merge_result.conflicts],
        "peers": peers,
        "skipped": absent,
        "ratios": ratios,
    }
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
