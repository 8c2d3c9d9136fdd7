"""python -m tests.fuzz [COUNT]: hostile JSON through seven doors; ends with 1 when one did not hold."""

from __future__ import annotations

import argparse
import logging
import sys

from tests.fuzz.run import INPUTS_PER_BLOCK, Tally, run, shares, table
from tests.fuzz.targets import TARGETS


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=1_000_000, help="inputs in all (default 1,000,000)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--from", type=int, default=0, dest="first", help="number of each target's first input, to go on"
    )
    parser.add_argument("--only", choices=[target.name for target in TARGETS], action="append", help="only this target")
    parser.add_argument("--limit", type=float, default=10.0, help="seconds of the processor an input may take")
    options = parser.parse_args()
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    logging.disable(logging.ERROR)
    tallies: dict[str, Tally] = {}
    chosen_targets = [target for target in TARGETS if options.only is None or target.name in options.only]
    counts = (
        shares(options.count)
        if options.only is None
        else dict.fromkeys(chosen_targets, options.count // len(chosen_targets))
    )
    print(f"seed {options.seed}, from {options.first}", flush=True)
    for kind in chosen_targets:
        target = kind()

        def show_progress(number: int, tally: Tally, name: str = kind.name) -> None:
            if number % (100 * INPUTS_PER_BLOCK) == 0:
                print(f"{name} at {number:,}, {tally.outcomes['failed']:,} failed", flush=True)

        try:
            numbers = range(options.first, options.first + counts[kind])
            tallies[kind.name] = run(target, options.seed, numbers, options.limit, show_progress)
        finally:
            target.close()
        for way, (number, trace) in tallies[kind.name].failures.items():
            print(f"\n{kind.name} {number}: {way}\n{trace}", flush=True)
    print(table(tallies))
    return 1 if any(tally.failures for tally in tallies.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
