"""Figures on the adapter, with it and without; prints JSON.

PYTHONPATH=. python bench/adapter.py [perplexity] [worlds]     both by default
    --premises N    so many lines of premises.txt (16)
    --out FOLDER    keep the worlds there, and go on from them
    --before FILE   the worlds of another run (the lines that generate_many keeps) as a third column
    --threads N     of torch (1)

Both columns have the same premises, seeds and examples. Counted is what the model itself wrote: the strings that stand
in the world as its own, without the openings and the names it was given.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import re
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from scripts.adapter_lessons import KINDS, packs

from worldkit.generation.engines import weights
from worldkit.generation.engines.adapter import about, fold
from worldkit.generation.pipeline.batch import generate_many
from worldkit.generation.pipeline.report import Report
from worldkit.generation.text.lexicon import HANGING
from worldkit.generation.tiny.corpus import corpus, runs

PREMISES = Path(__file__).parent / "premises.txt"
PARTS = ("perplexity", "worlds")
OTHER_TENSES = re.compile(r"\b(?:was|were|had|did|been|will|would|shall|could|should|might)\b", re.IGNORECASE)
OTHER_PERSONS = re.compile(r"\b(?:i|me|my|we|us|our|he|him|she|they|them)\b", re.IGNORECASE)
GIVEN = re.compile(
    r"^(?:A [a-z ]+ shot of|(?:Toward [^,]+, the|The) camera (?:moves|[a-z]+)(?: slowly)?|"
    r"The [a-z]+ goes back to [^.]+\.) "
)
"""Formulas that answers are made to begin with."""
YOU = re.compile(r"\byou(?:r|rs)?\b", re.IGNORECASE)


# ---- perplexity ------------------------------------------------------------------------------


def perplexity() -> dict[str, Any]:
    """Return the perplexity of the answers held out, without the adapter and with it, by kind and in all."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    where = weights.bundled()
    tokenizer = AutoTokenizer.from_pretrained(where, local_files_only=True)
    model = AutoModelForCausalLM.from_pretrained(where, local_files_only=True, dtype=torch.bfloat16).eval()
    packs_by_kind = {
        kind: packs(tokenizer, [text for text in corpus() if text.held_out and text.kind == kind], random.Random(0))
        for kind in KINDS
    }
    report: dict[str, Any] = {}
    for column in ("without", "with"):
        if column == "with":
            fold(model, weights.SHA256)
        with torch.inference_mode():
            losses = {kind: torch.cat([pack.losses(model) for pack in each]) for kind, each in packs_by_kind.items()}
        total = math.exp(torch.cat(list(losses.values())).mean().item())
        report[column] = {"all": round(total, 1)}
        report[column] |= {kind: round(math.exp(each.mean().item()), 1) for kind, each in losses.items()}
    return report


# ---- worlds ----------------------------------------------------------------------------------


def worlds(lines: Sequence[str], out: Path | None, before: Path | None) -> dict[str, Any]:
    """Write worlds without the adapter and with it, and return figures on both."""
    # the folder of the converted model holds the model as it came
    columns = {"without": f"local:{weights.bundled()}", "with": "local"}
    figures_of = {}
    for column, model in columns.items():
        ledger = out / f"{column}.jsonl" if out else None
        results = generate_many(lines, model, out=ledger, progress=lambda *_: None)
        every = [(each.premise, each.world, each.report) for each in results if each.world and each.report]
        figures_of[column] = figures([(premise, world.raw, vars_of(report)) for premise, world, report in every])
    if before:
        rows = [json.loads(line) for line in before.read_text(encoding="utf-8").splitlines()]
        premises = set(lines)
        rows = [row for row in rows if row["premise"] in premises and row["world"]]
        figures_of["before"] = figures([(row["premise"], row["world"], row["report"]) for row in rows])
    return figures_of


def vars_of(report: Report) -> dict[str, Any]:
    """Return the parts of a report that are looked at."""
    names = ("by_model", "fallbacks", "again", "tokens", "seconds")
    return {name: getattr(report, name) for name in names}


def figures(worlds: Sequence[tuple[str, Any, Any]]) -> dict[str, Any]:
    """Return figures on worlds: premise, document and report of each."""
    strings = [list(written(document, report)) for _, document, report in worlds]
    every = [text for each in strings for text in each]
    threes = [gram for _, text in every for gram in runs(text, 3)]
    fives = [gram for _, text in every for gram in runs(text, 5)]
    corpus_grams = {gram for text in corpus() for gram in runs(text.answer, 5)}
    narrated = [text for path, text in every if path.endswith("narration")]
    visible_texts = [text for path, text in every if not path.endswith("narration")]
    return {
        "worlds": len(worlds),
        "strings": len(every),
        "words a string": round(statistics.mean(len(text.split()) for _, text in every), 1),
        "distinct-3 of all worlds": round(len(set(threes)) / len(threes), 3),
        "distinct-3 of a world": round(statistics.mean(map(distinct, strings)), 3),
        "premise overlap": round(
            statistics.mean(overlap(premise, each) for (premise, *_), each in zip(worlds, strings, strict=True)), 3
        ),
        "copied 5-grams": round(sum(gram in corpus_grams for gram in fives) / max(1, len(fives)), 4),
        "longest common run, words": longest(text for _, text in every),
        "present tense": share(not OTHER_TENSES.search(text) for _, text in every),
        "third person": share(not (YOU.search(text) or OTHER_PERSONS.search(text)) for text in visible_texts),
        "second person": share(bool(YOU.match(text)) and not OTHER_PERSONS.search(text) for text in narrated),
        "asked again a world": round(statistics.mean(report["again"] for *_, report in worlds), 2),
        "from the templates a world": round(statistics.mean(len(report["fallbacks"]) for *_, report in worlds), 2),
        "tokens a world": round(statistics.mean(report["tokens"] for *_, report in worlds)),
        "s a world": round(statistics.mean(report["seconds"] for *_, report in worlds), 1),
        "most said": common(text for _, text in every),
    }


def written(document: Any, report: Any) -> Iterator[tuple[str, str]]:
    """Return the strings of a document that the model wrote, with their paths."""
    events = {event["name"]: event for event in document["scene"]["events"]}
    for path in report["by_model"]:
        kind, name, rest = path.split(".", 2)
        value: Any = document["scene"]["states"][name] if kind == "states" else events[name]
        for step in rest.split("."):
            value = value[int(step) if isinstance(value, list) else step]
        yield path, GIVEN.sub("", value, count=1)


def distinct(texts: Iterable[tuple[str, str]]) -> float:
    """Return the share of word triples that are distinct."""
    every = [gram for _, text in texts for gram in runs(text, 3)]
    return len(set(every)) / max(1, len(every))


def overlap(premise: str, texts: Iterable[tuple[str, str]]) -> float:
    """Return the share of a premise's words that its world says."""
    text_stems = {stem for _, text in texts for stem in stems(text)}
    premise_stems = set(stems(premise))
    return len(premise_stems & text_stems) / max(1, len(premise_stems))


def stems(text: str) -> list[str]:
    """Return the stems of the words that mean something."""
    return [word.removesuffix("s")[:6] for word in re.findall(r"[a-z]{3,}", text.lower()) if word not in HANGING]


def longest(texts: Iterable[str]) -> int:
    """Return how many words the longest run has that stands in the corpus too."""
    longest_run = 0
    every = list(texts)
    answers = [text.answer for text in corpus()]
    for size in range(3, 40):
        answer_grams = {gram for answer in answers for gram in runs(answer, size)}
        if not any(gram in answer_grams for text in every for gram in runs(text, size)):
            break
        longest_run = size
    return longest_run


def share(claims: Iterable[bool]) -> float:
    """Return which share holds."""
    every = list(claims)
    return round(sum(every) / max(1, len(every)), 3)


def common(texts: Iterable[str]) -> list[str]:
    """Return the runs of three words that are said most, with how often: what drifting prose is full of."""
    counts = Counter(" ".join(gram) for text in texts for gram in runs(text, 3))
    return [f"{gram} {times}" for gram, times in counts.most_common(12)]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--premises", type=int, default=16)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--before", type=Path)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    from worldkit.generation.engines import torch_setup

    torch_setup.bring_in()
    import torch

    torch.set_num_threads(options.threads)
    parts = options.parts or PARTS
    if unknown := set(parts) - set(PARTS):
        parser.error(f"{', '.join(sorted(unknown))}: expected some of {', '.join(PARTS)}")
    result: dict[str, Any] = {"adapter": {"epochs": about().epochs, "rank": about().rank, "seed": about().seed}}
    if "perplexity" in parts:
        result["perplexity of held-out answers"] = perplexity()
    if "worlds" in parts:
        lines = PREMISES.read_text(encoding="utf-8").splitlines()[: options.premises]
        result["worlds"] = worlds(lines, options.out, options.before)
    print(json.dumps(result, indent=1))
