"""Figures on generation with the bundled model; prints JSON.

PYTHONPATH=. python bench/generate.py [plans] [time]     both by default
PYTHONPATH=. python bench/generate.py quality --model templates --model tiny --model one-shot:tiny --limit 40
    a table of wk.quality over the 240 open premises of premises-240.toml, a column per model; "one-shot:" before a
    model ("one-shot:tiny", "one-shot:chat:<url>#<name>") asks it for whole worlds, as somebody would by hand;
    "one-shot-schema:chat:..." holds it to the schema of worlds too
    --premises held-out    those of premises-held-out.toml, which the templates were not tuned on
    --limit N      so many of the premises, drawn by --seed N     --planner NAME   as for wk.generate
    --save FILE    add every world to a file as soon as it is there, and go on from what the file holds
    --again FILE   judge the worlds of a file
    --tokens N     that an answer with a whole world may have (1500)     --threads N    of torch (1)
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from tests.schemas import schema_problems

import generate_quality
import worldkit as wk
from worldkit.generation import generate_with_report
from worldkit.generation.engines import torch_lm
from worldkit.generation.pipeline import backend
from worldkit.generation.pipeline.batch import generate_many

PREMISES = Path(__file__).parent / "premises.txt"
PARTS = ("plans", "time")
"""Those that run when none is named; ``quality`` is asked for by name."""


def judge_world(world: wk.World, premise: str) -> dict[str, bool]:
    """Return what every judge says of a world."""
    exploration = wk.explore(world)
    return {
        "schema": not schema_problems(world.raw),
        "no lint errors": not world.lint().errors,
        "no lint findings": not list(world.lint()),
        "verify gate": bool(world.verify(premise)),
        "explored in full": exploration.complete,
        "no soft-lock": not exploration.soft_locks,
        "a win and a loss in reach": {world.states[one].ending.kind for one in exploration.endings} >= {"win", "lose"},  # type: ignore[union-attr]
    }


def count_passed(judgements: Iterable[dict[str, bool]]) -> dict[str, int]:
    """Return how many passed each judge."""
    counts: Counter[str] = Counter()
    for each in judgements:
        counts.update({name: int(outcome) for name, outcome in each.items()})
    return dict(counts)


def plans(count: int = 1000) -> dict[str, Any]:
    """Judge so many worlds of random sizes that no model wrote a word of."""
    dice = random.Random(7)
    lines = PREMISES.read_text(encoding="utf-8").splitlines()
    began = time.process_time()
    results = []
    sizes = []
    for number in range(count):
        size = dice.choice([5, 6, 7, 8, dice.randint(9, 40)])
        premise = dice.choice([dice.choice(lines), "", "".join(map(chr, dice.choices(range(32, 0x3000), k=60)))])
        world, _ = generate_with_report(premise, "templates", number, states=size, progress=lambda *_: None)
        results.append(judge_world(world, premise))
        sizes.append(size)
    return {
        "plans": count,
        "states": {"least": min(sizes), "median": statistics.median(sizes), "most": max(sizes)},
        "passed": count_passed(results),
        "processor_s": round(time.process_time() - began, 1),
    }


def with_times(call: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    """Return what a call returns, and the seconds it took by the clock and by the processor."""
    began, cpu = time.monotonic(), time.process_time()
    result = call()
    return result, {
        "s": round(time.monotonic() - began, 2),
        "processor_s": round(time.process_time() - cpu, 2),
    }


def time_generation(lines: list[str]) -> dict[str, Any]:
    """Time one world of the packaged model, eight in one batch, and the masks; compare the bytes of both."""
    quiet: Callable[..., None] = lambda *_: None  # noqa: E731
    _, loading = with_times(lambda: backend.opened(backend.named("tiny"), quiet))
    total = [0.0]
    original_allowed_tokens = torch_lm.allowed_tokens

    def allowed_tokens(matchers: Sequence[Any], vocabulary: int) -> Any:
        began = time.perf_counter()
        is_allowed = original_allowed_tokens(matchers, vocabulary)
        total[0] += time.perf_counter() - began
        return is_allowed

    torch_lm.allowed_tokens = allowed_tokens
    alone, singles, seconds = [], [], 0.0
    for line in lines:
        (world, _), took = with_times(lambda line=line: generate_with_report(line, "tiny", progress=quiet))
        alone.append(world.to_json())
        singles.append(took)
        seconds += took["s"]
    share = total[0] / seconds
    together, batch_times = with_times(lambda: generate_many(lines, "tiny", progress=quiet))
    torch_lm.allowed_tokens = original_allowed_tokens
    return {
        "loading": loading,
        "one world of 6 states": {
            "median_s": statistics.median(each["s"] for each in singles),
            "median_processor_s": statistics.median(each["processor_s"] for each in singles),
            "all": singles,
        },
        f"{len(lines)} in one batch": batch_times,
        "share of masks in the time of a world": round(share, 4),
        "same bytes alone and in the batch": [each.world.to_json() for each in together if each.world] == alone,
    }


def compare_quality(options: argparse.Namespace) -> None:
    """Print the table of quality, then its rows as JSON."""
    rows = [
        generate_quality.judge(run) for path in options.again or () for run in generate_quality.read_runs(Path(path))
    ]
    for model in options.model or ([] if options.again else ["templates"]):
        if model.removeprefix(generate_quality.ONE_SHOT).startswith(("tiny", "local")):
            import torch

            torch.set_num_threads(options.threads)
        sample = generate_quality.premises(options.limit, options.seed, options.premises)
        run = generate_quality.make(
            model,
            sample,
            options.seed,
            options.tokens,
            lambda line: print(line, file=sys.stderr, flush=True),
            Path(options.save) if options.save else None,
            options.planner,
        )
        rows.append(generate_quality.judge(run))
    print(generate_quality.table(rows))
    print(json.dumps(rows, indent=1, ensure_ascii=False))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", default=PARTS, choices=[*PARTS, "quality", []], metavar="part")
    parser.add_argument("--tokens", type=int, default=1500)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--model", action="append")
    parser.add_argument("--premises", choices=generate_quality.PREMISES, default="240")
    parser.add_argument("--limit", type=int, default=240)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--save")
    parser.add_argument("--planner", default="auto")
    parser.add_argument("--again", action="append")
    options = parser.parse_args()
    if options.parts == ["quality"]:
        compare_quality(options)
        return
    lines = PREMISES.read_text(encoding="utf-8").splitlines()
    import torch

    torch.set_num_threads(options.threads)
    report: dict[str, Any] = {
        "machine": {"python": platform.python_version(), "cores": os.cpu_count(), "threads": options.threads},
        "load before": os.getloadavg(),
    }
    for part in options.parts or PARTS:
        sys.stderr.write(f"{time.strftime('%H:%M:%S')} {part}\n")
        if part == "plans":
            report[part] = plans()
        else:
            report[part] = time_generation(lines[:8])
    report["load after"] = os.getloadavg()
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
