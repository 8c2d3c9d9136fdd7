"""``rewrite``: other ways to put one state, as variants to be played against each other."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property, partial
from itertools import chain
from typing import Any

from worldkit.comparison import Diff, diff
from worldkit.core.argument_checks import checked
from worldkit.core.argument_ranges import expect_count
from worldkit.core.errors import RuleViolation
from worldkit.core.json_values import Json, quote
from worldkit.core.model import Variant
from worldkit.core.progress import Address, Progress, default_progress
from worldkit.core.unsent_prose import without_layers
from worldkit.editing.batch import Applied
from worldkit.generation.direct.schema import closed_object, list_of
from worldkit.generation.engines.base import TaskRefused
from worldkit.generation.engines.feedback_loop import AnswerRejected, Chat, RejectedAnswer, converse
from worldkit.generation.pipeline import backend
from worldkit.generation.pipeline.generate_one import Opener, StringWriter, chat_report
from worldkit.generation.pipeline.report import Report
from worldkit.generation.planning.sketch import layers_of, sketch
from worldkit.generation.prose.place_fields import description
from worldkit.generation.prose.requests import Field, OnDemand
from worldkit.generation.revision.applying import apply_consistently
from worldkit.generation.revision.name_resolution import find_state
from worldkit.generation.text.constraints import clean
from worldkit.generation.text.data import read_typed
from worldkit.world import World

MAX_ALTERNATIVES = 8
"""Alternatives at most, in one call."""

MAX_DRAWS = 24
"""Templates that are drawn for an alternative, to find one that nothing else says."""

MIN_VARIANT_CHARACTERS, MAX_VARIANT_CHARACTERS = 40, 900

MAX_LIKENESS = 0.85
"""Texts that have more of their words in common are no alternatives."""

SYSTEM = read_typed(str, "revision.toml", "rewrite")
"""What a model is told."""


@dataclass(frozen=True, eq=False, repr=False)
class Rewrite:
    """Alternatives to a state's prose: take them with ``.world``, or with ``ed.apply(rewrite.ops)``.

    Attributes:
        before: The world they were asked for.
        state: The state.
        variants: The alternatives, as they stand in ``world``.
        ops: The operations that add them.
        world: The world with them.
        refusals: What a capable model answered first and had to mend.
        report: What it took.

    Example:
        >>> rewrite = wk.rewrite(world, "lane", n=2, model="templates")
        >>> [variant.label for variant in rewrite.variants]
        ['B', 'C']
    """

    before: World
    state: str
    variants: Sequence[Variant]
    ops: Sequence[Json]
    world: World
    refusals: tuple[RejectedAnswer, ...]
    report: Report

    @cached_property
    def diff(self) -> Diff:
        """The differences from the world before."""
        return diff(self.before, self.world)

    def __repr__(self) -> str:
        lines = [f"{self.state}: {self.before.states[self.state].base}"]
        lines += [f"  {variant.label}: {variant.base}" for variant in self.variants]
        return "\n".join(lines)


@checked
def rewrite(
    world: World,
    state: str,
    n: int = 3,
    model: str = "local",
    seed: int = 1,
    *,
    key: str | None = None,
    progress: Progress | None = None,
) -> Rewrite:
    """Reword a state, as variants for A/B play; nothing changes until you take the result.

    Args:
        world: The world; it stays as it is.
        state: The state, by its id or in words: ``"lane"``, ``"the farm lane"``.
        n: How many alternatives, 1 to 8.
        model: ``"tiny"``, ``"local"``, ``"local:"`` and a folder or an id, ``"templates"``, or
            ``"chat:<base url>#<model>"``.
        seed: Same world, state, number, model and seed, same alternatives, unless the model is a chat.
        key: The key of a chat endpoint; by default that of the environment, ``WORLDKIT_CHAT_KEY``.
        progress: Called with how much is done, of how much, and what is being done.

    Returns:
        The alternatives, labelled B, C and so on. Each keeps the rules and differs from
        the others and from what there is.

    Raises:
        WorldError: There is no such state, or nothing fit could be written; says why.
        MissingExtra: The model needs packages that are not installed.
        WrongArgument: ``n`` is out of bounds.

    Example:
        >>> wk.rewrite(world, "lane", n=2, model="templates").world.states["lane"].variants[0].label
        'B'
    """
    expect_count(n, "n", maximum=MAX_ALTERNATIVES)
    progress_line = progress or default_progress("rewrite")
    id = find_state(world, state)
    meaning = backend.named_for_text(model, key)
    if (chat := backend.chat_of(meaning, progress_line)) is not None:
        return by_chat(world, id, n, chat, seed, progress_line)
    return _by_fields(world, id, n, partial(backend.opened, meaning, progress_line), seed, progress_line)


def _by_fields(world: World, id: str, n: int, open_: Opener, seed: int, progress: Progress) -> Rewrite:
    """Rewrite a state with what ``open_`` opens, which fills in fields."""
    prose = StringWriter(open_, seed, progress)
    plan = sketch(world, [id], seed)
    existing_texts = _existing_texts(world, id)
    fields = []
    for number in range(n):
        at: Address = ("state", id, f"variants.{number}")
        draws = [
            partial(description, plan, plan.places[0], at, seed + number * MAX_DRAWS + more)
            for more in range(MAX_DRAWS)
        ]
        templates = OnDemand(partial(_templates, draws, existing_texts))
        fields.append(Field(at, templates, draws[0]().question))
    texts = list(prose.write(plan, fields).values())
    for number, text in enumerate(texts):
        if text in existing_texts or text in texts[:number]:
            used_texts = {*existing_texts, *texts}
            unused_text = next((other for other in fields[number].stock if other not in used_texts), None)
            if unused_text is None:
                raise TaskRefused(
                    f"no further way to put {quote(id)} was found, beside the {len(existing_texts)} there are; remove "
                    'some of its variants, ask for fewer, or name a capable model, model="chat:<base url>#<model>"'
                )
            texts[number] = unused_text
    result = _with_variants(world, id, texts)
    progress(1, 1, "done")
    return _rewrite(world, id, n, result, prose.report(result.world))


def _templates(draws: Sequence[Callable[[], Field]], existing_texts: Collection[str]) -> Iterator[str]:
    """Yield what the templates say that is new; all that they say where nothing is: a model may still find words."""
    texts: dict[str, None] = {}
    has_new = False
    for draw in draws:
        field = draw()
        for text in filter(clean, chain(field.answers, field.stock)):
            if text in texts:
                continue
            texts[text] = None
            if text not in existing_texts:
                has_new = True
                yield text
    if not has_new:
        yield from texts


def by_chat(world: World, id: str, n: int, chat: Chat, seed: int, progress: Progress) -> Rewrite:
    """Rewrite a state with a capable model; see ``rewrite``."""
    began = time.monotonic()
    existing_texts = _existing_texts(world, id)

    def read(answer: Any) -> Applied[World]:
        texts = answer.get("variants") if isinstance(answer, dict) else answer
        if not isinstance(texts, list) or len(texts) != n or not all(isinstance(text, str) for text in texts):
            raise AnswerRejected(f'expected {{"variants": [...]}} with {n} strings, got {quote(answer)}')
        bases = [" ".join(text.split()) for text in texts]
        for at, text in enumerate(bases):
            others = [*existing_texts, *bases[:at]]
            if not MIN_VARIANT_CHARACTERS <= len(text) <= MAX_VARIANT_CHARACTERS:
                raise AnswerRejected(
                    f"variant {at} has {len(text)} characters; "
                    f"expected {MIN_VARIANT_CHARACTERS} to {MAX_VARIANT_CHARACTERS}"
                )
            if any(_likeness(text, other) > MAX_LIKENESS for other in others):
                raise AnswerRejected(
                    f"variant {at} is nearly the same as another; begin elsewhere, and use other words"
                )
        try:
            return _with_variants(world, id, bases)
        except RuleViolation as error:
            raise AnswerRejected(str(error)) from None

    air = " ".join(part for part in (world.subject, world.style_tail) if part)
    now = "\n".join(f"- {text}" for text in sorted(existing_texts, key=len))
    answer = converse(
        chat,
        SYSTEM,
        f"The world: {world.name or ''}. {air}\nThe state {quote(id)}, as it is put now:\n{now}\nWrite {n} others.",
        closed_object(variants=list_of({"type": "string"}, n, n)),
        read,
        what="variants",
        seed=seed,
        progress=progress,
        label="asking the model",
    )
    progress(1, 1, "done")
    report = chat_report(chat, seed, began, answer, answer.value.world, n)
    return _rewrite(world, id, n, answer.value, report, answer.refusals)


def _likeness(a: str, b: str) -> float:
    """Return what share of their words, in order, two texts have in common, 0 to 1."""
    return SequenceMatcher(None, a.casefold().split(), b.casefold().split(), autojunk=False).ratio()


def _existing_texts(world: World, id: str) -> list[str]:
    """Return each text a state has, once and in the order of the document."""
    state = world.states[id]
    bases = (state.base, *(variant.base for variant in state.variants or ()))
    return list(dict.fromkeys(without_layers(base, layers_of(world)) for base in bases))


def _with_variants(world: World, id: str, texts: Sequence[str]) -> Applied[World]:
    """Add texts as variants, strictly; each gets the next free label."""
    ops: list[Json] = [{"op": "add_variant", "state": id, "variant": {"base": text}} for text in texts]
    return apply_consistently(world, ops, strictly=True)


def _rewrite(
    world: World, id: str, n: int, result: Applied[World], report: Report, refusals: tuple[RejectedAnswer, ...] = ()
) -> Rewrite:
    new_variants = (result.world.states[id].variants or ())[-n:]
    return Rewrite(world, id, new_variants, result.ops, result.world, refusals, report)
