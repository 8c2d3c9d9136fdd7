"""Exact odds beside simulated plays, on random worlds: how far the shares of plays lie from the odds. Prints a summary.

python bench/odds.py [--worlds 500] [--plays 1000000] [--processes 1] [--out FILE.jsonl]

Each share of an ending, and that of stuck plays, is compared with its odds, in standard deviations. Of a thousand
shares 2.7 lie beyond three by chance alone. ``--out`` keeps the worlds that are done, and the same command goes on from
there.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections.abc import Iterator
from multiprocessing import Pool
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.play.explore.small import small

import worldkit as wk

MAX_STEPS = 60
"""Worlds in which a play is longer on average are left out: simulating them takes too long."""

Json = dict[str, Any]


def seeds() -> Iterator[int]:
    """Yield the seeds of random worlds in which plays end, differently."""
    seed = 0
    while True:
        odds = wk.odds(small(seed, namesakes=False))
        is_open = any(0 < chance.value < 1 for chance in odds.endings.values())
        if is_open and odds.expected_steps <= MAX_STEPS:
            yield seed
        seed += 1


def compare(seed: int, plays: int) -> Json:
    """Return by how many standard deviations the shares of a world's plays differ from its odds."""
    begin = time.process_time()
    world = small(seed, namesakes=False)
    odds = wk.odds(world)
    playtest = wk.playtest(world, plays, seed=seed, steps=100_000)
    shares = {share.state: share.share for share in playtest.pacing()}
    pairs = [(chance.value, shares.get(id, 0.0)) for id, chance in odds.endings.items()]
    pairs.append((odds.stuck, playtest.stuck / plays))
    open_pairs = [pair for pair in pairs if 1e-12 < pair[0] < 1 - 1e-12]
    if len(open_pairs) == 2:
        open_pairs.pop()  # one share is what the other leaves
    return {
        "seed": seed,
        "deviations": [(share - chance) / math.sqrt(chance * (1 - chance) / plays) for chance, share in open_pairs],
        "impossible": sum(chance == 0 and share > 0 for chance, share in pairs),
        "steps": playtest.total_steps / plays / odds.expected_steps,
        "seconds": time.process_time() - begin,
    }


def report(rows: list[Json], plays: int) -> str:
    """Return what the comparison comes to, in words."""
    deviations = [deviation for row in rows for deviation in row["deviations"]]
    size = len(deviations)
    beyond = {limit: sum(abs(deviation) > limit for deviation in deviations) for limit in (1, 2, 3)}
    normal_shares = {1: 0.3173, 2: 0.0455, 3: 0.0027}
    spread = math.sqrt(sum(deviation**2 for deviation in deviations) / size)
    lines = [
        f"{len(rows)} worlds, {plays:,} plays each, {size:,} shares; {sum(row['impossible'] for row in rows)} endings "
        f"of odds 0 were seen; {sum(row['seconds'] for row in rows):,.0f} s of processor time",
        *(
            f"beyond {limit} standard deviation{'s' * (limit > 1)}: {count} shares ({count / size:.2%}; "
            f"{normal_shares[limit]:.2%} are expected)"
            for limit, count in beyond.items()
        ),
        f"root mean square {spread:.3f} (1 is expected), mean {sum(deviations) / size:+.3f}, "
        f"farthest {max(map(abs, deviations)):.2f}",
        f"average steps of plays against the expected ones: {min(row['steps'] for row in rows):.4f} to "
        f"{max(row['steps'] for row in rows):.4f}",
    ]
    return "\n".join(lines)


def _compare(task: tuple[int, int]) -> Json:
    return compare(*task)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, value in (("worlds", 500), ("plays", 1_000_000), ("processes", 1)):
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    rows: list[Json] = []
    if options.out and options.out.exists():
        rows = [json.loads(line) for line in options.out.read_text().splitlines()]
    finished_seeds = {row["seed"] for row in rows}
    all_seeds = seeds()
    open_seeds = [seed for _ in range(options.worlds) if (seed := next(all_seeds)) not in finished_seeds]
    with Pool(options.processes) as pool:
        for row in pool.imap_unordered(_compare, [(seed, options.plays) for seed in open_seeds]):
            rows.append(row)
            print(json.dumps(row), file=sys.stderr, flush=True)
            if options.out:
                with options.out.open("a") as file:
                    file.write(json.dumps(row) + "\n")
    print(report(rows, options.plays))


if __name__ == "__main__":
    main()
