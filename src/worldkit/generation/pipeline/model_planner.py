"""Asks a model for the plan, tells it what was wrong with it, and keeps the drawn one when it does not come right."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, Protocol

from worldkit.core.progress import Progress
from worldkit.generation.engines.base import CannotDraft
from worldkit.generation.pipeline.generate_one import judged
from worldkit.generation.planning.plan import Plan
from worldkit.generation.planning.plan_schema import KEYS, LARGEST, ids, read, schema
from worldkit.generation.prose.fields import wanted
from worldkit.generation.prose.writer import Job, TemplateWriter

CORRECTIONS = 3
SAID = 12
"""Refusals told at once."""

Turn = dict[str, str]


class Drafter(Protocol):
    """A model that can be asked for JSON."""

    def draft(self, turns: Sequence[Turn], wanted: dict[str, Any], seed: int, most: int) -> str:
        """Return what the model says to a conversation in so many tokens, held to a JSON Schema as well as can be.

        Raises:
            CannotDraft: It cannot; the plan is drawn then.
        """
        ...


class Replanner:
    """Gets a plan from a model.

    Args:
        model: The model.
        states: How many states the plan shall have.
    """

    def __init__(self, model: Drafter, states: int) -> None:
        self._model = model
        self._states = states

    def __call__(self, drawn: Plan, seed: int, progress: Progress) -> tuple[Plan, str, tuple[str, ...]]:
        """Return the model's plan when it is sound within three corrections, else the one drawn.

        Args:
            drawn: The plan that a seed drew.
            seed: Goes with every request.
            progress: Told of each try.
        """
        if self._states > LARGEST:
            return drawn, "seed", (f"more than {LARGEST} states are planned by the seed",)
        turns = [
            {"role": "system", "content": _task(self._states)},
            {"role": "user", "content": f"The premise, between the lines:\n---\n{drawn.logline}\n---"},
        ]
        form = schema(self._states)
        for attempt in range(1 + CORRECTIONS):
            progress(attempt, 1 + CORRECTIONS, "planning")
            try:
                said = self._model.draft(turns, form, seed + attempt, 600 + 300 * self._states)
            except CannotDraft as error:
                return drawn, "seed", (f"the seed planned it, because {error}",)
            data = _json(said)
            if data is None:
                break  # a model that cannot write JSON will not learn it from being told
            plan, refusals = read(data, drawn, self._states)
            if plan is not None and not (refusals := _unfit(plan, seed)):
                return plan, "model", ()
            told = "\n".join(f"- {refusal}" for refusal in refusals[:SAID])
            turns = [
                *turns[:2],
                {"role": "assistant", "content": json.dumps(data)},
                {
                    "role": "user",
                    "content": f"This plan does not hold:\n{told}\nAnswer with the whole plan, put right.",
                },
            ]
        return drawn, "seed", ("the seed planned it: the model's plans did not hold",)


def _unfit(plan: Plan, seed: int) -> list[str]:
    """Return what the judges of worlds say of a plan whose every string is from the templates."""
    job = Job(plan, tuple(wanted(plan, seed)), seed)
    world, verdict = judged(job, TemplateWriter().write(plan, job.fields, seed, lambda *_: None))
    return [*(str(finding.message) for finding in world.lint("studio").errors), *verdict.issues]


def _task(states: int) -> str:
    known = ids(states)
    return (
        "You plan small worlds that are played by choosing what to do. Answer with one JSON object. All text is plain "
        "lower-case English words, and says what is there, never what is absent; nobody is killed.\n"
        f"Places: {', '.join(known.inner)}; play begins in p1. Endings: {', '.join(known.wins)} (won), "
        f"{', '.join(known.losses)} (lost). Each has a name and two to four things that can be seen there.\n"
        f"Keys {', '.join(KEYS)} are things to find; those that are not needed may be left unused.\n"
        "Steps, each offered at one place:\n"
        "- way: on to another place; back: the way back; drop: a way on without a way back.\n"
        "- lock: a way on that needs a key. take: a key is found there, to is none. Each key is taken in one place, "
        "outside of what it opens.\n"
        "- act: something done on the spot, to is none. goal: leads to a won ending, best with a key. "
        "fall: leads to a lost ending.\n"
        "Every place and ending can be reached; from everywhere a won ending stays within reach; p1 is a choice "
        "between two ways at least.\n"
        "who: the player's character in one word. look: them as seen, begun with an article. air: one sentence of "
        "light and weather, ended by a full stop. goal: what is to be done, such as 'relight the lamp'. do: what is "
        "done, begun with a verb, such as 'climb the worn stair'."
    )


def _json(text: str) -> Any:
    found = re.search(r"\{.*\}", text, re.DOTALL)
    try:
        data = json.loads(found[0]) if found else None
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None
