"""The part ``quality`` of bench/generate.py: worlds of many open premises judged by ``wk.quality``, model by model."""

from __future__ import annotations

import json
import random
import re
import statistics
import time
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

import worldkit as wk
from worldkit.assessment.evidence import PremiseCheck
from worldkit.assessment.names import Role
from worldkit.generation import generate_with_report

PREMISES = {name: Path(__file__).parent / f"premises-{name}.toml" for name in ("240", "held-out")}
"""Those that the templates were tuned on, and those that they were not."""
SCHEMA = Path(__file__).parents[1] / "schema" / "smworld-1.0.json"
ONE_SHOT, ONE_SHOT_SCHEMA = "one-shot:", "one-shot-schema:"
"""Before a model: it is asked for whole worlds at once; with the second one, held to the schema of worlds too."""
SHAPE = """{"schemaVersion": "1.0", "name": "...", "description": "...", "entrance": {"state": "harbor"},
"scene": {"states": {"harbor": {"base": "..."}, "roof": {"base": "...", "ending": {"kind": "win", "title": "...",
"subtitle": "..."}}}, "events": [{"name": "climb", "kind": "transition", "from": ["harbor"], "to": "roof",
"base": "...", "requires": [], "grants": [], "lockedHint": "..."}]}}"""
Ask = Callable[[str], tuple[str, int]]
"""Asks a model for the world of a premise; returns the answer and how many tokens it took."""
ROLES: tuple[Role, ...] = ("who", "where", "what", "task")


@dataclass(frozen=True, slots=True)
class Premise:
    """A premise of the bench, with its genre and its kind."""

    genre: str
    kind: str
    text: str


@dataclass(slots=True)
class Run:
    """What one model made of the premises."""

    model: str
    premises: list[str] = field(default_factory=list)
    worlds: list[wk.World] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    tokens: list[int] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    failed_premises: list[str] = field(default_factory=list)

    @property
    def requests(self) -> int:
        """How many worlds were asked for."""
        return len(self.worlds) + len(self.errors)

    def add(self, entry: dict[str, Any]) -> None:
        """Add what became of a premise: a line of the file."""
        if "world" in entry:
            self.premises.append(entry["premise"])
            self.worlds.append(wk.World.from_dict(entry["world"]))
            self.tokens.append(entry.get("tokens", 0))
        else:
            self.failed_premises.append(entry["premise"])
            self.errors.append(f"{entry['premise'][:40]}: {entry['error']}")
        self.seconds.append(entry["seconds"])
        self.processor.append(entry["processor"])


def premises(limit: int, seed: int, name: str = "240") -> list[Premise]:
    """Return the premises, or so many of them drawn by a seed; more of them hold the fewer of the same seed."""
    data = tomllib.loads(PREMISES[name].read_text(encoding="utf-8"))
    all_premises = [
        Premise(genre, kind, text) for genre, kinds in data.items() for kind, texts in kinds.items() for text in texts
    ]
    if limit >= len(all_premises):
        return all_premises
    return random.Random(seed).sample(all_premises, len(all_premises))[:limit]


def shape_prompt(premise: str) -> str:
    """Return what somebody would ask a model for by hand: the whole world at once, with the format."""
    return (
        f"Premise: {premise}\nWrite a world for it as one JSON object of this form, with 6 states, at least 8 events "
        "and at least one win and one lose ending. Every state without an ending must have a way on. Answer with the "
        f"JSON alone.\n{SHAPE}"
    )


def world_of(answer: str) -> wk.World:
    """Return the world in an answer.

    Raises:
        ValueError: There is none.
        WorldError: It is no world.
    """
    match = re.search(r"\{.*\}", answer, re.DOTALL)
    if match is None:
        raise ValueError("no JSON in the answer")
    return wk.World.from_dict(json.loads(match[0]))


def one_shot_chat(model: str, tokens: int, holds_schema: bool) -> Ask:
    """Return what asks an endpoint for a whole world at once, and how many tokens it takes.

    Args:
        model: The endpoint.
        tokens: The most an answer may have.
        holds_schema: The answer is held to the schema of worlds, not only to JSON.
    """
    base, _, name = model.removeprefix("chat:").partition("#")
    answer_form: dict[str, Any] = {"type": "json_object"}
    if holds_schema:
        schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
        answer_form = {"type": "json_schema", "json_schema": {"name": "world", "schema": schema}}

    def ask(premise: str) -> tuple[str, int]:
        body = {
            "model": name,
            "messages": [{"role": "user", "content": shape_prompt(premise)}],
            "max_tokens": tokens,
            "temperature": 0.7,
            "response_format": answer_form,
        }
        response = httpx.post(f"{base.rstrip('/')}/chat/completions", json=body, timeout=1800)
        response.raise_for_status()
        completion = response.json()
        return completion["choices"][0]["message"]["content"], completion["usage"]["completion_tokens"]

    return ask


def one_shot_tiny(tokens: int) -> Ask:
    """Return what asks the bundled model for a whole world at once, with nothing to hold it."""
    import torch

    from worldkit.generation.engines import torch_lm, weights

    engine = torch_lm.TorchEngine(weights.source("tiny"))
    tokenizer, model = engine._tokenizer, engine._model

    def ask(premise: str) -> tuple[str, int]:
        turns = [{"role": "user", "content": shape_prompt(premise)}]
        text = tokenizer.apply_chat_template(turns, tokenize=False, add_generation_prompt=True)
        batch = tokenizer(text, return_tensors="pt", add_special_tokens=False)
        torch.manual_seed(1)
        with torch.inference_mode():
            ids = model.generate(
                **batch, max_new_tokens=tokens, do_sample=True, temperature=0.7, top_p=0.92, pad_token_id=engine._end
            )
        answer_ids = ids[0, batch["input_ids"].shape[1] :]
        return tokenizer.decode(answer_ids, skip_special_tokens=True), len(answer_ids)

    return ask


def make(
    model: str,
    sample: Sequence[Premise],
    seed: int,
    tokens: int,
    report_progress: Callable[[str], None],
    path: Path | None = None,
    planner: str = "auto",
) -> Run:
    """Make a world of every premise.

    Args:
        model: The model; after ``one-shot:`` or ``one-shot-schema:`` it is asked for whole worlds.
        sample: The premises.
        seed: The seed of every world.
        tokens: Tokens that a whole world may have when it is asked for at once.
        report_progress: Called with how far it is.
        planner: As for ``wk.generate``.
        path: A file that every result is added to as soon as it is there; what stands there already is not made again.
    """
    run = next((run for run in read_runs(path) if run.model == model), Run(model)) if path else Run(model)
    known_premises = {*run.premises, *run.failed_premises}
    ask: Ask | None = None
    if model.startswith((ONE_SHOT, ONE_SHOT_SCHEMA)):
        holds_schema = model.startswith(ONE_SHOT_SCHEMA)
        target = model.removeprefix(ONE_SHOT_SCHEMA).removeprefix(ONE_SHOT)
        if holds_schema and not target.startswith("chat:"):
            raise ValueError(f"{target!r} cannot be held to a schema here; expected chat:<url>#<name>")
        ask = one_shot_chat(target, tokens, holds_schema) if target.startswith("chat:") else one_shot_tiny(tokens)
    for number, premise in enumerate(sample):
        if premise.text in known_premises:
            continue
        start_seconds, start_processor_seconds = time.monotonic(), time.process_time()
        entry: dict[str, Any] = {"model": model, "premise": premise.text}
        try:
            if ask is None:
                world, report = generate_with_report(
                    premise.text, model, seed, planner=planner, progress=lambda *_: None
                )
                entry |= {"tokens": report.tokens, "model seconds": report.seconds, "report": str(report)}
            else:
                answer, entry["tokens"] = ask(premise.text)
                world = world_of(answer)
            if not world.states:
                raise ValueError("no states")
        except (wk.WorldError, ValueError, httpx.HTTPError) as error:
            entry["error"] = f"{type(error).__name__}: {error}"
        else:
            entry["world"] = world.to_dict()
        entry["seconds"] = time.monotonic() - start_seconds
        entry["processor"] = time.process_time() - start_processor_seconds
        run.add(entry)
        if path:
            with path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(entry, ensure_ascii=False) + "\n")
        report_progress(f"{model} {number + 1}/{len(sample)}, {entry['seconds']:.0f} s")
    return run


def read_runs(path: Path) -> list[Run]:
    """Return the runs of a file that ``make`` wrote, one for each model."""
    runs: dict[str, Run] = {}
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    for line in lines:
        entry = json.loads(line)
        runs.setdefault(entry["model"], Run(entry["model"])).add(entry)
    return list(runs.values())


def judge(run: Run) -> dict[str, Any]:
    """Return the row of a model: every share is of the premises asked, a world that was not made counting as failed."""
    row: dict[str, Any] = {"model": run.model, "premises": run.requests, "made": len(run.worlds)}
    if not run.worlds:
        return row | {"errors": run.errors[:5]}
    quality = wk.quality(run.worlds, run.premises)
    checks = [check for check in quality.premises if check is not None]
    proofs = quality.proofs
    row |= {
        "valid": sum(each.valid for each in proofs) / run.requests,
        "gate": sum(each.verdict.passed for each in proofs) / run.requests,
        "no soft-lock": sum(each.soft_locks == {} for each in proofs) / run.requests,
        "all endings": sum(bool(each.endings) and all(each.endings.values()) for each in proofs) / run.requests,
    }
    for role in ROLES:
        row[f"kept {role}"] = kept_share(checks, (role,))
    row["kept all three"] = kept_share(checks, ROLES[:3])
    for check in ("arrival", "denial", "hint"):
        claims = [claim for each in quality.agreement for claim in each.decided(check)]
        row[check] = sum(claim.outcome == "holds" for claim in claims) / len(claims) if claims else None
    weights = [each.choice_weight for each in proofs if each.choice_weight is not None]
    row["choice weight"] = statistics.mean(weights) if weights else None
    diversity = quality.diversity
    row |= {
        "plots": diversity.plots,
        "own sentences": diversity.own_sentences,
        "own names": diversity.own_names,
        "distinct 3-grams": diversity.distinct.get(3),
        "words a world": diversity.words / len(run.worlds),
        "median seconds": statistics.median(run.seconds),
        "median processor seconds": statistics.median(run.processor) if run.processor else None,
        "tokens a world": statistics.mean(run.tokens),
        "most repeated": [f"{len(each.worlds)}: {each.text}" for each in diversity.sentences[:5]],
        "errors": run.errors[:5],
    }
    return row


def kept_share(checks: Sequence[PremiseCheck], roles: Sequence[Role]) -> float | None:
    """Return the share of worlds that keep every name of some roles, of those whose premise has such names."""
    relevant_checks = [check for check in checks if any(check.premise.of(role) for role in roles)]
    complete_checks = [check for check in relevant_checks if not any(name.role in roles for name in check.missed)]
    return len(complete_checks) / len(relevant_checks) if relevant_checks else None


def table(rows: Sequence[dict[str, Any]]) -> str:
    """Return rows as a table in Markdown, a column per model."""
    names = [name for name in rows[0] if name not in ("model", "most repeated", "errors")]
    lines = ["| | " + " | ".join(f"`{row['model']}`" for row in rows) + " |", "| --- |" + " ---: |" * len(rows)]
    for name in names:
        lines.append(f"| {name} | " + " | ".join(_cell(name, row.get(name)) for row in rows) + " |")
    return "\n".join(lines)


def _cell(name: str, value: Any) -> str:
    if value is None:
        return "–"
    if name in ("premises", "made", "plots"):
        return f"{value}"
    if name.endswith(("seconds", "words a world", "tokens a world")):
        return f"{value:.2f}" if value < 10 else f"{value:.0f}"
    return f"{100 * value:.0f} %"
