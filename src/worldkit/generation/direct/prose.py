"""Writes the prose of one place and of what can be done there: one question, corrections of single texts, repair."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from worldkit.generation.direct.example import Turn, compact, exchange
from worldkit.generation.direct.judge import Judge
from worldkit.generation.direct.passages import Address, Passage, answer_tree, schema, value_at
from worldkit.generation.direct.plan import WorldPlan
from worldkit.generation.direct.repair import repair_text, tidy_text
from worldkit.generation.direct.talk import CORRECTIONS_OF_PROSE, Talk, correction
from worldkit.generation.direct.wording import sentence, shorten

TOKENS = 55
"""Tokens that a text may take, with its key."""


@dataclass
class Prose:
    """The prose of a world, and where it came from.

    Attributes:
        texts: Every text by where it goes.
        model: Those that a model wrote, repaired ones among them.
        repairs: Those of them that were repaired by code.
        plain: Those that a model was asked for and that are told plainly in the end.
        again: How many texts were asked for again.
    """

    texts: dict[Address, str] = field(default_factory=dict)
    model: set[Address] = field(default_factory=set)
    repairs: set[Address] = field(default_factory=set)
    plain: set[Address] = field(default_factory=set)
    again: int = 0

    def fill(self, passages: Sequence[Passage]) -> None:
        """Tell plainly what is not written yet."""
        for passage in passages:
            if passage.at not in self.texts:
                self.tell_plainly(passage)

    def tell_plainly(self, passage: Passage) -> None:
        """Put a sentence of the plan's own words in the place of what a model wrote."""
        self.texts[passage.at] = passage.plain
        self.model.discard(passage.at)
        self.repairs.discard(passage.at)
        self.plain.add(passage.at)


def write_place(
    talk: Talk,
    plan: WorldPlan,
    question: str,
    passages: Sequence[Passage],
    judge: Judge,
    prose: Prose,
    what: str,
    on_text: Callable[[Address, str], None],
) -> None:
    """Write the texts of a place into the prose of its world: what a model says well, and the rest plainly.

    Args:
        talk: The conversation; the basis and the plan stand in it.
        plan: The plan.
        question: What is asked.
        passages: The texts.
        judge: Judges them.
        prose: Receives them.
        what: What it is about, for the progress display.
        on_text: Called with each text that is accepted.
    """
    pending = list(passages)
    latest_texts: dict[Address, str] = {}
    turns: list[Turn] = []
    prompt = question
    for attempt in range(1 + CORRECTIONS_OF_PROSE):
        if not pending:
            break
        prose.again += len(pending) if attempt else 0
        label = what if attempt == 0 else f"{what}, correction {attempt}"
        answer = talk.ask(prompt, schema(pending), max_tokens=120 + TOKENS * len(pending), what=label, before=turns)
        refusals, faulty_passages = [], []
        is_new = False
        for passage in pending:
            text = tidy_text(passage, sentence(value_at(answer.data, passage.key)), plan)
            is_new |= bool(text) and text != latest_texts.get(passage.at)
            latest_texts[passage.at] = text or latest_texts.get(passage.at, "")
            if faults := judge.faults(passage, text):
                faulty_passages.append(passage)
                refusals.append(
                    f"{passage.path}: {'; '.join(faults)}{f'. You wrote: {shorten(text, 160)}' if text else ''}"
                )
            else:
                _accept(passage, text, judge, prose, on_text)
        pending = faulty_passages
        if talk.failure or (attempt and not is_new):
            break  # a model that says the same again does not learn from being told
        answer_so_far = compact(_answer_so_far(passages, prose)) if prose.model else answer.text[:2_000]
        turns = exchange(question, answer_so_far or "{}")
        prompt = f"{correction(refusals)} Answer with {', '.join(passage.path for passage in pending)} only."
    for passage in pending:
        text = latest_texts.get(passage.at, "")
        if repaired_text := repair_text(passage, text, plan, judge):
            prose.repairs.add(passage.at)
            _accept(passage, repaired_text, judge, prose, on_text)
    prose.fill(pending)


def _accept(passage: Passage, text: str, judge: Judge, prose: Prose, on_text: Callable[[Address, str], None]) -> None:
    judge.accept(passage, text)
    prose.texts[passage.at] = text
    prose.model.add(passage.at)
    on_text(passage.at, text)


def _answer_so_far(passages: Sequence[Passage], prose: Prose) -> dict[str, Any]:
    """Return the texts of a place that are accepted so far, in the form of an answer."""
    return answer_tree((passage.key, prose.texts[passage.at]) for passage in passages if passage.at in prose.texts)
