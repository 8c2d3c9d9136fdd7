"""Figures on generation with the bundled model; prints JSON.

PYTHONPATH=. python bench/generate.py [plans] [worlds] [baseline] [time]     all of them by default
PYTHONPATH=. python bench/generate.py quality --model templates --model local --model one-shot:local --limit 40
    a table of wk.quality over the 240 open premises of premises-240.toml, a column per model; "one-shot:" before a
    model ("one-shot:local", "one-shot:chat:<url>#<name>") asks it for whole worlds, as somebody would by hand
    --limit N      so many of the premises, drawn by --seed N     --planner NAME   as for wk.generate
    --save FILE    add every world to a file as soon as it is there, and go on from what the file holds
    --again FILE   judge the worlds of a file
    --premises N   so many lines of premises.txt (200)          --out FILE   keep the worlds, and go on from them
    --baseline N   so many premises for the baseline (20)       --tokens N   that each of its answers may have (1500)
    --threads N    of torch (1)
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import re
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
from worldkit.core.errors import WorldError
from worldkit.generation import generate_with_report
from worldkit.generation.engines import torch_lm, weights
from worldkit.generation.engines.token_row import Row
from worldkit.generation.pipeline import backend
from worldkit.generation.pipeline.batch import generate_many

PREMISES = Path(__file__).parent / "premises.txt"
PARTS = ("plans", "worlds", "baseline", "time")
"""Those that run when none is named; ``quality`` is asked for by name."""
SHAPE = """{"schemaVersion": "1.0", "name": "...", "description": "...", "entrance": {"state": "harbor"},
"scene": {"states": {"harbor": {"base": "..."}, "roof": {"base": "...", "ending": {"kind": "win", "title": "...",
"subtitle": "..."}}}, "events": [{"name": "climb", "kind": "transition", "from": ["harbor"], "to": "roof",
"base": "..."}]}}"""


def judged(world: wk.World, premise: str) -> dict[str, bool]:
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


def recounted_total(judgements: Iterable[dict[str, bool]]) -> dict[str, int]:
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
        results.append(judged(world, premise))
        sizes.append(size)
    return {
        "plans": count,
        "states": {"least": min(sizes), "median": statistics.median(sizes), "most": max(sizes)},
        "passed": recounted_total(results),
        "processor_s": round(time.process_time() - began, 1),
    }


def worlds(lines: list[str], out: str | None) -> dict[str, Any]:
    """Generate a world for every premise with the bundled model, and judge them."""
    began, cpu = time.monotonic(), time.process_time()
    batch = generate_many(lines, out=out, progress=Told())
    seconds, cpu = time.monotonic() - began, time.process_time() - cpu
    worlds_made = [each for each in batch if each.world is not None and each.report is not None]
    reports = [each.report for each in worlds_made if each.report]
    model_count = sum(report.written for report in reports)
    fallbacks = Counter(".".join(path.split(".")[::2]) for report in reports for path in report.fallbacks)
    return {
        "premises": len(lines),
        "made": len(worlds_made),
        "errors": sorted({each.error for each in batch if each.error}),
        "passed": recounted_total(judged(each.world, each.premise) for each in worlds_made if each.world),
        "score": {"least": min(r.score for r in reports), "mean": statistics.mean(r.score for r in reports)},
        "strings by the model": model_count,
        "strings asked again": sum(report.again for report in reports),
        "strings from the templates after all": dict(fallbacks.most_common()),
        "share by the model": round(model_count / (model_count + sum(fallbacks.values())), 3),
        "tokens": sum(report.tokens for report in reports),
        "s_per_world": round(statistics.mean(report.seconds for report in reports), 2),
        "this_run": {"s": round(seconds, 1), "processor_s": round(cpu, 1)},
    }


class Told:
    """Says on standard error how far it is, whenever that changes."""

    last = -1

    def __call__(self, done: int, total: int, what: str) -> None:
        if done != self.last:
            self.last = done
            sys.stderr.write(f"{time.strftime('%H:%M:%S')} {what} {done}/{total}\n")


def baseline(lines: list[str], most: int) -> dict[str, Any]:
    """Ask the same model for whole worlds as JSON in one go, with nothing to hold it, and judge what comes."""
    import torch

    engine = torch_lm.load(weights.source("local"))
    tokenizer, model = engine._tokenizer, engine._model
    texts = []
    for line in lines:
        question = (
            f"Premise: {line}.\nWrite a world for it as one JSON object of this form, with 6 states, 8 events and at "
            f"least one win and one lose ending. Answer with the JSON alone.\n{SHAPE}"
        )
        turns = [{"role": "user", "content": question}]
        texts.append(tokenizer.apply_chat_template(turns, tokenize=False, add_generation_prompt=True))
    tokenizer.padding_side = "left"
    batch = tokenizer(texts, return_tensors="pt", padding=True, add_special_tokens=False)
    torch.manual_seed(1)
    began = time.monotonic()
    with torch.inference_mode():
        tokens = model.generate(
            **batch, max_new_tokens=most, do_sample=True, temperature=0.7, top_p=0.92, pad_token_id=engine._end
        )
    seconds = time.monotonic() - began
    answers = tokenizer.batch_decode(tokens[:, batch["input_ids"].shape[1] :], skip_special_tokens=True)
    results = []
    for line, answer in zip(lines, answers, strict=True):
        checks = {"json": False, "schema": False, "no lint errors": False, "verify gate": False}
        match = re.search(r"\{.*\}", answer, re.DOTALL)
        try:
            document = json.loads(match[0]) if match else None
            checks["json"] = isinstance(document, dict)
            checks["schema"] = checks["json"] and not schema_problems(document)
            world = wk.World.from_dict(document) if isinstance(document, dict) else None
            if world is not None:
                checks["no lint errors"] = not world.lint().errors
                checks["verify gate"] = bool(world.verify(line))
        except (ValueError, WorldError):
            pass
        results.append(checks)
    return {
        "premises": len(lines),
        "tokens at most": most,
        "passed": recounted_total(results),
        "s": round(seconds, 1),
        "ended by itself": sum(bool(engine._end in row) for row in tokens[:, batch["input_ids"].shape[1] :].tolist()),
    }


def clocked(call: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    """Return what a call returns, and the seconds it took by the clock and by the processor."""
    began, cpu = time.monotonic(), time.process_time()
    result = call()
    return result, {
        "s": round(time.monotonic() - began, 2),
        "processor_s": round(time.process_time() - cpu, 2),
    }


def timed(lines: list[str]) -> dict[str, Any]:
    """Time one default world, eight in one batch, and the masks; compare the bytes of both."""
    quiet: Callable[..., None] = lambda *_: None  # noqa: E731
    _, loading = clocked(lambda: backend.opened(backend.named("local"), quiet))
    total = [0.0]
    unmeasured = torch_lm.masks

    def masks(rows: Sequence[Row], bits: Any) -> None:
        began = time.perf_counter()
        unmeasured(rows, bits)
        total[0] += time.perf_counter() - began

    torch_lm.masks = masks
    alone, singles, seconds = [], [], 0.0
    for line in lines:
        (world, _), took = clocked(lambda line=line: generate_with_report(line, progress=quiet))
        alone.append(world.to_json())
        singles.append(took)
        seconds += took["s"]
    share = total[0] / seconds
    together, batched = clocked(lambda: generate_many(lines, progress=quiet))
    torch_lm.masks = unmeasured
    return {
        "loading": loading,
        "one world of 6 states": {
            "median_s": statistics.median(each["s"] for each in singles),
            "median_processor_s": statistics.median(each["processor_s"] for each in singles),
            "all": singles,
        },
        f"{len(lines)} in one batch": batched,
        "share of masks in the time of a world": round(share, 4),
        "same bytes alone and in the batch": [each.world.to_json() for each in together if each.world] == alone,
    }


def compare_quality(options: argparse.Namespace) -> None:
    """Print the table of quality, then its rows as JSON."""
    rows = [
        generate_quality.judge(run) for path in options.again or () for run in generate_quality.read_runs(Path(path))
    ]
    for model in options.model or ([] if options.again else ["templates"]):
        if model.removeprefix("one-shot:").startswith("local"):
            import torch

            torch.set_num_threads(options.threads)
        sample = generate_quality.premises(options.limit, options.seed)
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
    parser.add_argument("--premises", type=int, default=200)
    parser.add_argument("--baseline", type=int, default=20)
    parser.add_argument("--tokens", type=int, default=1500)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out")
    parser.add_argument("--model", action="append")
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
        elif part == "worlds":
            report[part] = worlds(lines[: options.premises], options.out)
        elif part == "baseline":
            report[part] = baseline(lines[: options.baseline], options.tokens)
        else:
            report[part] = timed(lines[:8])
    report["load after"] = os.getloadavg()
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
