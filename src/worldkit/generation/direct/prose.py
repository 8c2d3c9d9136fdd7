"""Writes the prose of one place and of what can be done there: one question, corrections of single texts, repair."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from worldkit.generation.direct.example import Turn, compact, exchange
from worldkit.generation.direct.judge import Judge
from worldkit.generation.direct.passages import Address, Passage, schema, value_at
from worldkit.generation.direct.plan import WorldPlan
from worldkit.generation.direct.repair import repaired, tidied
from worldkit.generation.direct.talk import CORRECTIONS_OF_PROSE, Talk, correction
from worldkit.generation.direct.wording import fitted, sentence

TOKENS = 55
"""Tokens that a text may take, with its key."""


@dataclass
class Prose:
    """The prose of a world, and where it came from.

    Attributes:
        texts: Every text by where it goes.
        model: Those that a model wrote, repaired ones among them.
        repaired: Those of them that were repaired.
        plain: Those that a model was asked for and that are told plainly in the end.
        again: How many texts were asked for again.
    """

    texts: dict[Address, str] = field(default_factory=dict)
    model: set[Address] = field(default_factory=set)
    repaired: set[Address] = field(default_factory=set)
    plain: set[Address] = field(default_factory=set)
    again: int = 0

    def fill(self, wanted: Sequence[Passage]) -> None:
        """Tell plainly what is not written yet."""
        for passage in wanted:
            if passage.at not in self.texts:
                self.tell_plainly(passage)

    def tell_plainly(self, passage: Passage) -> None:
        """Put a sentence of the plan's own words in the place of what a model wrote."""
        self.texts[passage.at] = passage.plain
        self.model.discard(passage.at)
        self.repaired.discard(passage.at)
        self.plain.add(passage.at)


def write_place(
    talk: Talk,
    plan: WorldPlan,
    question: str,
    wanted: Sequence[Passage],
    judge: Judge,
    prose: Prose,
    what: str,
    wrote: Callable[[Address, str], None],
) -> None:
    """Write the texts of a place into the prose of its world: what a model says well, and the rest plainly.

    Args:
        talk: The conversation; the basis and the plan stand in it.
        plan: The plan.
        question: What is asked.
        wanted: The texts.
        judge: Judges them.
        prose: Gets them.
        what: What it is about, for who watches.
        wrote: Told of each text that stands.
    """
    pending = list(wanted)
    latest: dict[Address, str] = {}
    before: list[Turn] = []
    asked = question
    for attempt in range(1 + CORRECTIONS_OF_PROSE):
        if not pending:
            break
        prose.again += len(pending) if attempt else 0
        label = what if attempt == 0 else f"{what}, correction {attempt}"
        heard = talk.ask(asked, schema(pending), max_tokens=120 + TOKENS * len(pending), what=label, before=before)
        refusals, still = [], []
        is_new = False
        for passage in pending:
            text = tidied(passage, sentence(value_at(heard.data, passage.key)), plan)
            is_new |= bool(text) and text != latest.get(passage.at)
            latest[passage.at] = text or latest.get(passage.at, "")
            if faults := judge.faults(passage, text):
                still.append(passage)
                refusals.append(
                    f"{passage.path}: {'; '.join(faults)}{f'. You wrote: {fitted(text, 160)}' if text else ''}"
                )
            else:
                _accept(passage, text, judge, prose, wrote)
        pending = still
        if talk.lost or (attempt and not is_new):
            break  # a model that says the same again does not learn from being told
        answered = compact(_answer(wanted, prose)) if prose.model else heard.text[:2_000]
        before = exchange(question, answered or "{}")
        asked = f"{correction(refusals)} Answer with {', '.join(passage.path for passage in pending)} only."
    for passage in pending:
        text = latest.get(passage.at, "")
        if fixed := repaired(passage, text, plan, judge):
            prose.repaired.add(passage.at)
            _accept(passage, fixed, judge, prose, wrote)
    prose.fill(pending)


def _accept(passage: Passage, text: str, judge: Judge, prose: Prose, wrote: Callable[[Address, str], None]) -> None:
    judge.accept(passage, text)
    prose.texts[passage.at] = text
    prose.model.add(passage.at)
    wrote(passage.at, text)


def _answer(wanted: Sequence[Passage], prose: Prose) -> dict[str, Any]:
    """Return what stands of a place by now, in the form in which it is asked for."""
    tree: dict[str, Any] = {}
    for passage in wanted:
        if passage.at in prose.texts:
            branch = tree
            for part in passage.key[:-1]:
                branch = branch.setdefault(part, {})
            branch[passage.key[-1]] = prose.texts[passage.at]
    return tree
