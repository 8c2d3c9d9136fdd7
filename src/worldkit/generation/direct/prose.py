"""Writes the prose of one place and of what can be done there: one question, corrections of single texts, repair."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import compress
from typing import Any

from worldkit.core.progress import Address
from worldkit.generation.direct import repair
from worldkit.generation.direct.conversation import ParsedAnswer, WritingJob, correction
from worldkit.generation.direct.example import Turn, exchange
from worldkit.generation.direct.judge import TextJudge
from worldkit.generation.direct.passages import LENGTHS, Passage
from worldkit.generation.direct.plan import WorldPlan
from worldkit.generation.direct.schema import TEXT, closed_object, compact, value_at
from worldkit.generation.direct.wording import ends_sentence, sentence, shorten
from worldkit.generation.planning.chunking import sentences
from worldkit.generation.prose.writer import ProseResult

Report = Callable[..., None]
"""Called by a task with a function and its arguments; raises ``KeyboardInterrupt`` in a task that is to end."""
Refused = list[tuple[Passage, str]]
"""Texts that cannot stand, each with what is wrong with it."""
TOKENS_PER_TEXT = 55
"""Tokens that a text may take, with its key."""
MAX_QUOTE_CHARACTERS = 160
"""Characters of a refused text that go back with the reason."""


@dataclass
class Prose(ProseResult):
    """The prose of a world, or of a place, where it came from, and which texts were repaired by code."""

    repairs: set[Address] = field(default_factory=set)

    def fill(self, passages: Iterable[Passage]) -> None:
        """Tell plainly what is not written yet."""
        for passage in passages:
            if passage.at not in self.texts:
                self.tell_plainly(passage)

    def tell_plainly(self, passage: Passage) -> None:
        """Put a sentence of the plan's own words in the place of what a model wrote."""
        self.texts[passage.at] = passage.plain
        self.model.discard(passage.at)
        self.repairs.discard(passage.at)
        self.fallbacks.add(passage.at)

    def add(self, other: Prose) -> None:
        """Add the prose of another part of the world."""
        self.texts |= other.texts
        self.model |= other.model
        self.repairs |= other.repairs
        self.fallbacks |= other.fallbacks
        self.again += other.again


@dataclass
class PlaceWriter:
    """Writes the texts of a place: what a model says well, and the rest plainly."""

    job: WritingJob
    plan: WorldPlan
    what: str
    question: str
    passages: Sequence[Passage]
    judge: TextJudge
    prose: Prose = field(default_factory=Prose)
    _latest_texts: dict[Address, str] = field(default_factory=dict)
    _report: Report = operator.call

    def write(self, report: Report) -> None:
        """Write all texts; ``report`` calls what it is given in the thread of the caller."""
        self._report = report
        answer = self._ask(self.question, self.passages, self.what)
        refused = self._take(answer.data, self.passages)
        self._complete(refused, "correction 1", answer.text, may_ask=not answer.is_failure)
        report(self.job.count_answer)

    def replace_repeats(self, report: Report) -> None:
        """Write anew what the places before this one say in the same words, once its judge knows what they say."""
        self._report, prose = report, self.prose
        faults = {p.at: self.judge.faults(p, prose.texts[p.at]) for p in self.passages if p.at in prose.model}
        if repeats := [p for p in self.passages if faults.get(p.at)]:  # some may be told twice
            for passage in repeats:
                del prose.texts[passage.at]
                prose.model.discard(passage.at)
            self._complete([(p, self._refusal(p, faults[p.at], "")) for p in repeats], "in other words")
        report(self.job.report, "the places are compared")

    def _complete(self, refused: Refused, how: str, answer_text: str = "", *, may_ask: bool = True) -> None:
        """Hand back what cannot stand, but nothing that the templates tell better than a weak model's second answer."""
        # of 33 texts that a model of 1.5 billion parameters gave a second time, none could stand
        has_template = [passage.is_template and self.judge.is_weak for passage, _ in refused]
        self.prose.fill(passage for passage, _ in compress(refused, has_template))
        pending = [each for each, is_ready in zip(refused, has_template, strict=True) if not is_ready]
        still_refused = self._correct(pending, how, answer_text) if pending and may_ask else pending
        self._finish([passage for passage, _ in still_refused])

    def _correct(self, refused: Refused, how: str, answer_text: str) -> Refused:
        """Hand texts back once with what is wrong with them; return those that still cannot stand."""
        pending = [passage for passage, _ in refused]
        paths = ", ".join(passage.path for passage in pending)
        accepted = [(p.key, self.prose.texts[p.at]) for p in self.passages if p.at in self.prose.texts]
        answer_so_far = compact(answer_tree(accepted)) if accepted else answer_text[:2_000] or "{}"
        prompt = f"{correction([refusal for _, refusal in refused])} Answer with {paths} only."
        answer = self._ask(prompt, pending, f"{self.what}, {how}", exchange(self.question, answer_so_far))
        self.prose.again += len(pending)
        return self._take(answer.data, pending)

    def _ask(self, prompt: str, pending: Sequence[Passage], label: str, turns: Sequence[Turn] = ()) -> ParsedAnswer:
        return self.job.ask(
            prompt,
            schema(pending, with_lengths=self.job.chat.holds_lengths),
            max_tokens=120 + TOKENS_PER_TEXT * len(pending),
            what=label,
            before=turns,
            report_status=partial(self._report, self.job.report),
        )

    def _take(self, data: Any, pending: Sequence[Passage]) -> Refused:
        """Accept what can stand of an answer; return the rest."""
        refused: Refused = []
        for passage in pending:
            value = value_at(data, passage.key)
            text = repair.tidy_text(passage, sentence(value), self.plan)
            if self.job.chat.holds_lengths and not ends_sentence(value):
                text = repair.without_cut_end(passage, text)
            if self.judge.is_weak:
                text = repair.without_repeats(text, self.judge.said)
                text = repair.without_example_clauses(text, self.judge.examples)
            self._latest_texts[passage.at] = text or self._latest_texts.get(passage.at, "")
            if faults := self.judge.faults(passage, text):
                refused.append((passage, self._refusal(passage, faults, text)))
            else:
                self._accept(passage, text)
        return refused

    def _finish(self, pending: Sequence[Passage]) -> None:
        """Repair what can be repaired, and tell the rest plainly."""
        for passage in pending:
            text = self._latest_texts.get(passage.at, "")
            if repaired_text := repair.repair_text(passage, text, self.plan, self.judge):
                self.prose.repairs.add(passage.at)
                self._accept(passage, repaired_text)
        self.prose.fill(pending)

    def _refusal(self, passage: Passage, faults: Sequence[str], text: str) -> str:
        """Return what a model is told about a text, with its sentence at fault."""
        parts = sentences(text)
        faulty_parts = (part for part in parts if not set(faults).isdisjoint(self.judge.faults(passage, part)))
        quote = shorten(next(faulty_parts, text), MAX_QUOTE_CHARACTERS)
        return f"{passage.path}: {'; '.join(faults)}{f'. You wrote: {quote}' if quote else ''}"

    def _accept(self, passage: Passage, text: str) -> None:
        self.judge.accept(passage.at, text)
        self.prose.texts[passage.at] = text
        self.prose.model.add(passage.at)
        self._report(self.job.wrote, passage.at, text)


def schema(texts: Sequence[Passage], *, with_lengths: bool = False) -> dict[str, Any]:
    """Return the JSON Schema of an answer with some passages, whose lengths keep a weak model from running on."""
    forms = {form: TEXT | ({"maxLength": most} if with_lengths else {}) for form, (_, most) in LENGTHS.items()}
    return _form(answer_tree((passage.key, forms[passage.form]) for passage in texts))


def answer_tree(items: Iterable[tuple[Sequence[str], Any]]) -> dict[str, Any]:
    """Return values, each given with its key, as the nested object of an answer."""
    tree: dict[str, Any] = {}
    for key, value in items:
        branch = tree
        for part in key[:-1]:
            branch = branch.setdefault(part, {})
        branch[key[-1]] = value
    return tree


def _form(tree: Mapping[str, Any]) -> dict[str, Any]:
    if "type" in tree:
        return dict(tree)
    return closed_object(**{name: _form(branch) for name, branch in tree.items()})
