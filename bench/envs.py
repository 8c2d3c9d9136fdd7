"""Environments: random legal steps a second, one by one, in Gymnasium's vector and in a table; time to draw suites.

    python bench/envs.py [--envs 1024] [--tasks 100]

Every figure is processor time of this process; the ratios compare what was measured in the same run.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from typing import Any

import gymnasium

import worldkit as wk

ID = "worldkit.envs:worldkit/World-v0"


def steps_a_second(run: Callable[[], int], rounds: int = 3) -> float:
    """Return the most steps a second of some rounds; a round returns how many it made."""
    best = 0.0
    for _ in range(rounds):
        start = time.process_time()
        steps = run()
        best = max(best, steps / (time.process_time() - start))
    return best


def one_by_one(world: wk.World, steps: int) -> Callable[[], int]:
    env = wk.envs.WorldEnv(world)

    def run() -> int:
        _, info = env.reset(seed=0)
        env.action_space.seed(0)
        for _ in range(steps):
            _, _, terminated, truncated, info = env.step(env.action_space.sample(info["action_mask"]))
            if terminated or truncated:
                _, info = env.reset()
        return steps

    return run


def together(envs: Any, sample: Callable[[Any], Any], steps: int) -> Callable[[], int]:
    def run() -> int:
        _, infos = envs.reset(seed=0)
        for _ in range(steps):
            _, _, _, _, infos = envs.step(sample(infos["action_mask"]))
        return steps * envs.num_envs

    return run


def figures(world: wk.World, count: int) -> dict[str, Any]:
    table = wk.envs.WorldEnv(world).vector(count)
    sync = gymnasium.make_vec(ID, num_envs=16, vectorization_mode="sync", world=world)
    rates = {
        "one by one": steps_a_second(one_by_one(world, 20_000)),
        "gymnasium's vector of 16": steps_a_second(together(sync, table.sample_legal, 500)),
        f"table of {count}": steps_a_second(together(table, table.sample_legal, 300)),
    }
    alone = rates["one by one"]
    return {name: {"steps/s": round(rate), "ratio": round(rate / alone, 1)} for name, rate in rates.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--envs", type=int, default=1024)
    parser.add_argument("--tasks", type=int, default=100)
    options = parser.parse_args()
    report: dict[str, Any] = {
        name: figures(wk.samples.load(name), options.envs) for name in ("bench", "delivery", "lighthouse")
    }
    for difficulty in ("easy", "medium", "hard"):
        start = time.process_time()
        tasks = wk.envs.suite(options.tasks, difficulty, seed=2026)
        report[f"suite of {len(tasks)} {difficulty}"] = {"seconds": round(time.process_time() - start, 2)}
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
