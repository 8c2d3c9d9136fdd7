"""Writes the prose of one place and of what can be done there: one question, corrections of single texts, repair."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from worldkit.core.progress import Address
from worldkit.generation.direct.answer_form import answer_tree, schema, value_at
from worldkit.generation.direct.conversation import CORRECTIONS_OF_PROSE, Conversation, correction
from worldkit.generation.direct.example import Turn, compact, exchange
from worldkit.generation.direct.judge import TextJudge, repeats_question
from worldkit.generation.direct.parallel import Report
from worldkit.generation.direct.passages import Passage
from worldkit.generation.direct.plan import WorldPlan
from worldkit.generation.direct.repair import (
    repair_text,
    tidy_text,
    without_cut_end,
    without_example_clauses,
    without_repeats,
)
from worldkit.generation.direct.wording import sentence, shorten
from worldkit.generation.prose.writer import ProseResult

TOKENS = 55
"""Tokens that a text may take, with its key."""


@dataclass
class Prose(ProseResult):
    """The prose of a world, or of a place, and where it came from.

    Attributes:
        repairs: Those of the model's texts that were repaired by code.
    """

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
    """Writes the texts of a place: what a model says well, and the rest plainly. Places do not wait for one another.

    Attributes:
        conversation: The conversation; the basis and the plan stand in it.
        plan: The plan.
        what: The place's name, for the progress display.
        question: What is asked.
        passages: The texts.
        judge: Judges them.
        prose: What is written.
    """

    conversation: Conversation
    plan: WorldPlan
    what: str
    question: str
    passages: Sequence[Passage]
    judge: TextJudge
    prose: Prose = field(default_factory=Prose)
    _latest_texts: dict[Address, str] = field(default_factory=dict)

    def write(self, report_status: Report, on_text: Callable[[Address, str], None]) -> None:
        """Write all texts.

        Args:
            report_status: Called with what is going on.
            on_text: Called with each text that is accepted.
        """
        pending = list(self.passages)
        answer_text, refusals = "", list[str]()
        for attempt in range(1 + CORRECTIONS_OF_PROSE):
            if not pending:
                break
            turns = self._turns_so_far(answer_text) if attempt else []
            prompt = _correction(pending, refusals) if attempt else self.question
            label = f"{self.what}, correction {attempt}" if attempt else self.what
            answer = self._ask(prompt, pending, label, turns, report_status)
            self.prose.again += len(pending) if attempt else 0
            answer_text = answer.text
            is_new, pending, refusals = self._take(answer.data, pending, on_text)
            if answer.is_failure or (attempt and not is_new):
                break  # a model that says the same again does not learn from being told
        self._finish(pending, on_text)

    def replace_repeats(
        self,
        other_texts: Mapping[str, Address],
        report_status: Report,
        on_text: Callable[[Address, str], None],
    ) -> None:
        """Write anew what another place says in the same words.

        Args:
            other_texts: What the places before this one say, each with where it stands.
            report_status, on_text: As for ``write``.
        """
        repeats = [passage for passage in self.passages if self._is_repeat(passage, other_texts)]
        if not repeats:
            return
        self.judge.accepted_texts |= {at: text for text, at in other_texts.items()}
        texts = {passage.at: self.prose.texts[passage.at] for passage in repeats}
        for passage in repeats:
            del self.prose.texts[passage.at]
            self.prose.model.discard(passage.at)
        refusals = [_refusal(passage, self.judge.faults(passage, texts[passage.at]), "") for passage in repeats]
        prompt, turns = _correction(repeats, refusals), self._turns_so_far("")
        answer = self._ask(prompt, repeats, f"{self.what}, in other words", turns, report_status)
        self.prose.again += len(repeats)
        self._finish(self._take(answer.data, repeats, on_text)[1], on_text)

    def _is_repeat(self, passage: Passage, other_texts: Mapping[str, Address]) -> bool:
        return passage.at in self.prose.model and self.prose.texts[passage.at] in other_texts

    def _ask(
        self, prompt: str, pending: Sequence[Passage], label: str, turns: Sequence[Turn], report_status: Report
    ) -> Any:
        token_limit = 120 + TOKENS * len(pending)
        return self.conversation.ask(
            prompt,
            schema(pending, with_lengths=self.conversation.holds_lengths),
            max_tokens=token_limit,
            what=label,
            before=turns,
            report_status=report_status,
        )

    def _turns_so_far(self, answer_text: str) -> list[Turn]:
        """Return the question and what is accepted of the answer, in the form of an answer."""
        accepted = [(p.key, self.prose.texts[p.at]) for p in self.passages if p.at in self.prose.texts]
        return exchange(self.question, compact(answer_tree(accepted)) if accepted else answer_text[:2_000] or "{}")

    def _take(
        self, data: Any, pending: Sequence[Passage], on_text: Callable[[Address, str], None]
    ) -> tuple[bool, list[Passage], list[str]]:
        """Accept what can stand of an answer; return whether it says anything new, and the rest with its faults."""
        is_new, faulty_passages, refusals = False, list[Passage](), list[str]()
        for passage in pending:
            model_text = sentence(value_at(data, passage.key))
            # put into the third person, the reason of a refusal would no longer be known as one
            text = model_text if repeats_question(model_text) else tidy_text(passage, model_text, self.plan)
            if self.conversation.holds_lengths:
                text = without_cut_end(passage, text)
            text = without_repeats(text, self.judge.accepted_texts.values())
            text = without_example_clauses(text, self.judge.examples)
            is_new |= bool(text) and text != self._latest_texts.get(passage.at)
            self._latest_texts[passage.at] = text or self._latest_texts.get(passage.at, "")
            if faults := self.judge.faults(passage, text):
                faulty_passages.append(passage)
                refusals.append(_refusal(passage, faults, text))
            else:
                self._accept(passage, text, on_text)
        return is_new, faulty_passages, refusals

    def _finish(self, pending: Sequence[Passage], on_text: Callable[[Address, str], None]) -> None:
        """Repair what can be repaired, and tell the rest plainly."""
        for passage in pending:
            text = self._latest_texts.get(passage.at, "")
            if repaired_text := repair_text(passage, text, self.plan, self.judge):
                self.prose.repairs.add(passage.at)
                self._accept(passage, repaired_text, on_text)
        self.prose.fill(pending)

    def _accept(self, passage: Passage, text: str, on_text: Callable[[Address, str], None]) -> None:
        self.judge.accepted_texts[passage.at] = text  # no other passage may repeat it
        self.prose.texts[passage.at] = text
        self.prose.model.add(passage.at)
        on_text(passage.at, text)


def _refusal(passage: Passage, faults: Sequence[str], text: str) -> str:
    return f"{passage.path}: {'; '.join(faults)}{f'. You wrote: {shorten(text, 160)}' if text else ''}"


def _correction(pending: Sequence[Passage], refusals: Sequence[str]) -> str:
    return f"{correction(refusals)} Answer with {', '.join(passage.path for passage in pending)} only."
