"""Fills a plan's fields with prose: from the templates alone, or from a model with the templates behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from worldkit.core.progress import Address, Progress, Watch
from worldkit.generation.engines.base import Ask, Engine, Reply, seed_of
from worldkit.generation.planning.plan import Plan
from worldkit.generation.prose.choice import EarlierTexts, vocabulary
from worldkit.generation.prose.requests import Field, Sight
from worldkit.generation.prose.sights import with_sight
from worldkit.generation.text.constraints import clean, free_grammar, ngrams
from worldkit.generation.text.data import read_typed
from worldkit.generation.text.english import capital

TEMPLATES = "templates"
"""The name of what writes without a model."""

MAX_ATTEMPTS = 4
"""A field is asked for once and, when nothing fit came, up to three times more."""

MAX_CANDIDATES = 3
"""Answers of a field to choose from, at most."""

FREE_ANSWER_PROMPT = (
    "Answer with the sentences alone, in English, on one line, as in the example: plain words, commas and full stops, "
    "at most 200 characters. Say what is there, and leave out what is absent: no word such as no, not, never, without "
    "or nothing. Nobody is killed."
)
"""What a model is told that says what it likes."""


@dataclass
class ProseResult:
    """The prose of a plan, and where it came from.

    Attributes:
        texts: Every string by its address.
        model: Those a model wrote.
        fallbacks: Those a model was asked for and that are ready-made in the end.
        tokens: Decoded, in all.
        again: How many times a field was asked for again.
        notes: Why answers did not come, where the model stopped giving any.
    """

    texts: dict[Address, str] = field(default_factory=dict)
    model: set[Address] = field(default_factory=set)
    fallbacks: set[Address] = field(default_factory=set)
    tokens: int = 0
    again: int = 0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProseJob:
    """A plan to be written: the strings it wants, and the seed that its answers are drawn with."""

    plan: Plan
    fields: tuple[Field, ...]
    seed: int


class Writer:
    """Writes with a language model, every string checked, and with the hand-written templates behind it.

    Without an engine it writes from the templates alone; its name says so.
    """

    def __init__(self, engine: Engine | None = None, choice: int = MAX_CANDIDATES) -> None:
        self.engine = engine
        self.name = engine.name if engine else TEMPLATES
        self._choice = choice
        # a small model is given every word it may say; others say what they like
        self._is_free = engine is not None and engine.capable

    def write(self, jobs: Sequence[ProseJob], progress: Progress) -> list[ProseResult]:
        """Return a string for every field: the model's when one of its answers is fit, else a template's.

        The asks of all jobs are in the same batches; what is written for one does not hang on the others. ``progress``
        is told how many strings are written.
        """
        if self.engine is None:
            return [ProseResult(_with_templates(job.fields, {})) for job in jobs]
        drafts = [_Draft(job, has_sights=not self._is_free) for job in jobs]
        total = sum(len(draft.pending) for draft in drafts)
        for attempt in range(MAX_ATTEMPTS):
            if not any(draft.pending for draft in drafts) or any(draft.lost for draft in drafts):
                break
            self._round(self.engine, drafts, attempt, total, progress)
        results = [draft.result() for draft in drafts]
        if isinstance(progress, Watch):
            for draft, result in zip(drafts, results, strict=True):
                for at in draft.sights:
                    progress.wrote(at, result.texts[at])
        return results

    def _round(self, engine: Engine, drafts: Sequence[_Draft], attempt: int, total: int, progress: Progress) -> None:
        watch = progress if isinstance(progress, Watch) else None
        open_asks = [(draft, item, self._asks(draft.job, item, attempt)) for draft in drafts for item in draft.pending]
        # the longest first, so that answers of a length share a batch; this changes none of them
        open_asks.sort(key=lambda each: len(each[1].question.frame) if each[1].question else 0, reverse=True)
        asks = [ask for _, _, each in open_asks for ask in each]
        written_count, answered_numbers = total - len(open_asks), set[int]()

        def on_reply(number: int, reply: Reply) -> None:
            answered_numbers.add(number)
            if watch and reply.is_complete:
                watch.wrote(open_asks[number // self._choice][1].at, reply.text)
            progress(written_count + len(answered_numbers) * len(open_asks) // len(asks), total, "writing")

        replies = iter(engine.answer(asks, on_reply))
        # in the order of the asks: what a draft holds by then bears on what is taken next
        for draft, item, each in open_asks:
            draft.take(item, [(ask, next(replies)) for ask in each])
        for draft in drafts:
            draft.end_round(attempt)
        for draft, item, _ in open_asks:
            if watch and item.at in draft.chosen:
                watch.wrote(item.at, draft.chosen[item.at])
        progress(total - sum(len(draft.pending) for draft in drafts), total, "writing")

    def _asks(self, job: ProseJob, item: Field, attempt: int) -> list[Ask]:
        """Return what is asked for a field: one question, as often as there are answers to choose from."""
        question, plan, seed = item.question, job.plan, job.seed
        assert question is not None
        if self._is_free:
            grammar = free_grammar(question.suffix)
        else:
            grammar = question.grammar(seed_of("ways", plan.premise, seed, *item.at, attempt), attempt)
        ask = Ask(
            system=f"{system(plan)}\n{FREE_ANSWER_PROMPT}" if self._is_free else system(plan),
            examples=examples(question.kind),
            question=question.text,
            prefix=question.prefix,
            grammar=grammar,
            seed=0,
            min_characters=question.min_characters,
            suffix=question.suffix,
        )
        seeds = (seed_of("ask", plan.premise, seed, *item.at, attempt, number) for number in range(self._choice))
        return [replace(ask, seed=ask_seed) for ask_seed in seeds]


class _Draft:
    """A job as it is written."""

    def __init__(self, job: ProseJob, *, has_sights: bool) -> None:
        self.job = job
        self.sights = {item.at: item.sight for item in job.fields if item.sight and has_sights}
        self.pending = [item for item in job.fields if item.question]
        self.chosen: dict[Address, str] = {}
        self.tokens = self.again = 0
        self.lost: dict[str, None] = {}
        self._own_words = vocabulary(job.plan)
        self._earlier = EarlierTexts(job.plan.premise)

    def take(self, item: Field, answers: Sequence[tuple[Ask, Reply]]) -> None:
        self.tokens += sum(reply.tokens for _, reply in answers)
        self.lost |= dict.fromkeys(reply.failure for _, reply in answers if reply.failure)
        text = self._earlier.best(answers, self._own_words)
        if text is not None:
            self.chosen[item.at] = text
            self._earlier.add(text)

    def end_round(self, attempt: int) -> None:
        self.again += len(self.pending) if attempt else 0
        self.pending = [item for item in self.pending if item.at not in self.chosen]

    def result(self) -> ProseResult:
        texts = _with_templates(self.job.fields, self.chosen)
        times_seen = Counter[Sight]()
        for at, seen in self.sights.items():
            if at in self.chosen:
                texts[at] = with_sight(texts[at], texts.get(seen.at, ""), seen.thing, times_seen[seen])
                times_seen[seen] += 1
        return ProseResult(
            texts,
            model=set(self.chosen),
            fallbacks={item.at for item in self.pending},
            tokens=self.tokens,
            again=self.again,
            notes=tuple(self.lost),
        )


def examples(kind: str) -> tuple[tuple[str, str], ...]:
    """Return the worked examples of a kind of question, the same for every world, each a question and its answer."""
    pairs = read_typed(tuple[dict[str, str], ...], "examples.toml", kind)
    return tuple((pair["question"], pair["answer"]) for pair in pairs)


def system(plan: Plan) -> str:
    """Return the system prompt: how a model is to write, and of whom."""
    return (
        "You write what a camera sees in one world, in plain concrete words, in the present tense. "
        f"The world: {plan.setting}. {capital(plan.look)}. {plan.air}"
    )


def _with_templates(fields: Iterable[Field], chosen: Mapping[Address, str]) -> dict[Address, str]:
    """Return a text for every field: what was chosen, or an answer that repeats little, or a template not used yet."""
    texts: dict[Address, str] = {}
    used_texts, used_triples = set[str](), set[tuple[str, ...]]()
    for item in fields:
        text = chosen.get(item.at) or _least_repetitive(item, used_triples)
        if text is None:
            fit = filter(clean, item.stock)
            if (first := next(fit, None)) is None:
                raise AssertionError(f"no template of {item.at} is allowed by the rules")
            text = next((text for text in chain([first], fit) if text not in used_texts), first)
        texts[item.at] = text
        used_texts.add(text)
        used_triples.update(ngrams(text, 3))
    return texts


def _least_repetitive(item: Field, used_triples: set[tuple[str, ...]]) -> str | None:
    """Return the first of the answers that repeat least, None where there is none.

    None repeats less than the beginning that all have, so one that repeats only that ends the search.
    """
    fewest = len(used_triples.intersection(ngrams(item.question.prefix, 3))) if item.question else 0
    best: tuple[int, str] | None = None
    for text in item.answers:
        repeated = len(used_triples.intersection(ngrams(text, 3)))
        if best is None or repeated < best[0]:
            best = repeated, text
        if repeated <= fewest:
            break
    return best and best[1]
