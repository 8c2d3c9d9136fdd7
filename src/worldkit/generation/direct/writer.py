"""``DirectWriter``: how a capable model writes a world, from the premise to the document. The pipeline, in one file.

1. The model gives a *basis* (``bible``): who, where, what is to be done, in the premise's own words.
2. It gives a *plan* (``draft``) under a schema. The plan is played out (``proof``); what does not hold goes back in
   words, and what does not hold in the end is completed by code (``completion``).
3. It writes *each place* with one answer (``passages``, ``prose``). What the rules, the lengths or the graph speak
   against (``judge``) goes back with the reason; in the end the sentence at fault is repaired (``repair``).
4. All of it becomes a document (``assembly``, ``features``), which passes the gate.

Whatever a model does on the way, a world comes out: what it did not write is told plainly, from the basis and the plan.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json
from worldkit.core.progress import Progress, Watch
from worldkit.exploration.exhaustive import explore
from worldkit.exploration.flag_arrival import flag_arrivals
from worldkit.generation.direct import bible, completion, draft, example, features, passages, proof, shape
from worldkit.generation.direct.assembly import document
from worldkit.generation.direct.chapter_text import ChapterText
from worldkit.generation.direct.judge import Judge
from worldkit.generation.direct.parallel import Report, Task, run_tasks
from worldkit.generation.direct.passages import Address
from worldkit.generation.direct.plan import Ids, WorldPlan, ids, ids_for
from worldkit.generation.direct.preview import preview
from worldkit.generation.direct.prose import PlaceWriter, Prose
from worldkit.generation.direct.talk import CORRECTIONS, Talk, correction
from worldkit.generation.engines.base import seed_of
from worldkit.generation.engines.conversation import Chat
from worldkit.ruleset.gate import verify
from worldkit.world import World

SLOW_S = 60.0
"""A model that took longer for an answer is asked one question at a time: what waits in its queue would look silent."""


@dataclass
class WrittenWorld:
    """A world that was written, and what became of it on the way.

    Attributes:
        world: The world; it passed the gate.
        prose: Its prose.
        planned: Who planned it: ``"model"``, or ``"seed"`` when nothing of the model's plan could be used.
        notes: What else is worth knowing.
        state_ids: The ids of its states that are no endings, in the order of the plan.
        tokens: Tokens decoded.
        seconds: How long it took.
        score: What the gate gives.
        is_interrupted: It was interrupted; what was not written is told plainly.
    """

    world: World
    prose: Prose
    planned: str
    notes: tuple[str, ...]
    state_ids: tuple[str, ...]
    tokens: int
    seconds: float
    score: int
    is_interrupted: bool = False


@dataclass
class DirectWriter:
    """Writes worlds with a capable model.

    Attributes:
        chat: The model.
        name: What it is called in reports.
        may_be_silent: It only repeats what it answered before, so that it may answer nothing at all.
        at_once: How many places are written at the same time at most.
    """

    chat: Chat
    may_be_silent: bool = False
    at_once: int = 1
    name: str = field(init=False)

    def __post_init__(self) -> None:
        self.name = self.chat.name

    def write(
        self,
        premise: str,
        seed: int,
        states: int,
        feature_names: frozenset[str],
        progress: Progress,
    ) -> WrittenWorld:
        """Write a world.

        Args:
            premise: What it is about.
            seed: Goes with every question, and draws the graph that completes a plan.
            states: How many states, endings included.
            feature_names: Names out of ``features.FEATURES``.
            progress: Called with how many answers are there, of how many, and what is being done.

        Raises:
            WorldError: The model cannot be asked at all.
        """
        return _Work(self, premise, seed, ids(states), feature_names, progress).run()

    def write_chapter(self, chapter: ChapterText, seed: int, progress: Progress) -> WrittenWorld:
        """Write the world of a chapter, with a place for each of its parts, which are played in order.

        Args:
            chapter: The chapter.
            seed: As for ``write``.
            progress: As for ``write``.

        Raises:
            WorldError: The model cannot be asked at all.
        """
        return _Work(self, "", seed, ids_for(len(chapter.parts)), frozenset(), progress, chapter).run()


class _Work:
    def __init__(
        self,
        writer: DirectWriter,
        premise: str,
        seed: int,
        plan_ids: Ids,
        feature_names: frozenset[str],
        progress: Progress,
        chapter: ChapterText | None = None,
    ) -> None:
        self.writer, self.premise, self.seed, self.ids = writer, premise, seed, plan_ids
        self.feature_names, self.progress, self.chapter = feature_names, progress, chapter
        self.states = states = len(plan_ids.inner) + len(plan_ids.endings)
        self.total, self.done = 2 + states, 0
        self.talk = Talk(writer.chat, seed, lambda what: progress(self.done, self.total, what))
        self.talk.answers += writer.may_be_silent  # then even the first answer may be missing
        self.notes: list[str] = []
        self.prose = Prose()
        self.start_s = time.monotonic()
        self.is_interrupted = False

    def run(self) -> WrittenWorld:
        text = self.chapter.text if self.chapter else self.premise
        dice = random.Random(seed_of("direct", text, self.seed, self.states))
        edges = (shape.draw_row if self.chapter else shape.draw_shape)(self.ids, dice)
        basis, _ = self._read_basis(None)
        plan, word_count = self._complete(draft.read(None, basis, self.ids), edges)
        try:
            basis = self._basis()
            plan, word_count = self._plan(basis, edges)
            self._write(plan)
        except KeyboardInterrupt:
            self.is_interrupted = True
            if plan.bible is not basis:
                plan, word_count = self._complete(draft.read(None, basis, self.ids), edges)
        self.prose.fill(self._passages(plan))
        return self._result(plan, "model" if word_count else "seed")

    # ---- the three kinds of questions ------------------------------------------------------------------

    def _basis(self) -> bible.Bible:
        place_count = len(self.ids.inner)
        question = bible.question(self.premise, place_count, self.chapter)
        schema, token_limit = bible.schema(place_count), bible.max_tokens(place_count)
        answer = self.talk.ask(question, schema, max_tokens=token_limit, what="the basis")
        basis, refusals = self._read_basis(answer.data)
        if refusals and not answer.failed:
            turns = example.exchange(question, answer.text[:4_000] or "{}")
            answer = self.talk.ask(
                correction(refusals), schema, max_tokens=token_limit, what="the basis, again", before=turns
            )
            other_basis, other_refusals = self._read_basis(answer.data)
            if len(other_refusals) < len(refusals):
                basis, refusals = other_basis, other_refusals
        if refusals:
            self.notes.append(f"the basis was completed from the premise: {'; '.join(refusals[:3])}")
        self.done = 1
        self.talk.keep(question, basis.as_json())
        return basis

    def _read_basis(self, data: Any) -> tuple[bible.Bible, list[str]]:
        return bible.read(data, self.premise, len(self.ids.inner), self.chapter)

    def _plan(self, basis: bible.Bible, edges: tuple[shape.Edge, ...]) -> tuple[WorldPlan, int]:
        question = draft.question(basis, self.ids, edges, self.feature_names)
        schema, token_limit = draft.schema(self.ids, self.feature_names), draft.max_tokens(self.states)
        prompt, turns = question, list[example.Turn]()
        best_draft, fewest_faults = draft.read(None, basis, self.ids), math.inf
        for attempt in range(1 + CORRECTIONS):
            what = "the plan" if attempt == 0 else f"the plan, correction {attempt}"
            answer = self.talk.ask(prompt, schema, max_tokens=token_limit, what=what, before=turns)
            plan_draft = draft.read(answer.data, basis, self.ids)
            problems = proof.problems(plan_draft.plan)
            is_better = bool(plan_draft.words) and len(problems) + len(plan_draft.refusals) < fewest_faults
            if is_better:
                best_draft, fewest_faults = plan_draft, len(problems) + len(plan_draft.refusals)
            if answer.interruption and answer.data is not None:
                self.notes.append(
                    f"the plan was cut off ({answer.interruption}); what had arrived was completed by code"
                )
            # what is only missing is filled by code at once, and so is what a model did not make better when it was
            # told: to ask again costs minutes on a small machine
            if answer.interruption or answer.data is None or not problems or not is_better:
                break
            turns = example.exchange(question, answer.text[:8_000])
            prompt = correction([*problems, *plan_draft.refusals])
        plan, word_count = self._complete(best_draft, edges)
        self.done = 2
        self.talk.keep(question, example.compact(draft.as_answer(plan)))
        return plan, word_count

    def _complete(self, plan_draft: draft.Draft, edges: tuple[shape.Edge, ...]) -> tuple[WorldPlan, int]:
        plan, changes = completion.complete(plan_draft.plan, edges, self.ids)
        if plan_draft.words and changes:
            self.notes.append(f"{changes} moves of the plan were added or left out by code, so that it can be played")
        return plan, plan_draft.words

    def _write(self, plan: WorldPlan) -> None:
        """Write all places, several at a time where the model answers fast; in the end the world is the same."""
        watch = self.progress if isinstance(self.progress, Watch) else None
        if watch:
            watch.planned(*preview(plan, self._passages(plan)))

        def on_report(kind: str, *event: Any) -> None:
            if kind == "text" and watch:
                watch.wrote(*event)
            elif kind == "status":
                self.progress(self.done, self.total, *event)
            elif kind == "done":
                self.done += 1

        def task(work: Callable[[Report, Callable[[Address, str], None]], None], *end: str) -> Task:
            def run(report: Report) -> None:
                work(partial(report, "status"), partial(report, "text"))
                report(*(end or ("status", "the places are compared")))

            return run

        writers = self._place_writers(plan)
        limit = self.writer.at_once if self.talk.longest_s < SLOW_S else 1
        try:
            run_tasks([task(writer.write, "done") for writer in writers], limit, on_report)
            texts: dict[str, Address] = {}
            repairs = []
            for writer in writers:
                repairs.append(task(partial(writer.replace_repeats, dict(texts))))
                texts |= {writer.prose.texts[at]: at for at in writer.prose.model}
            run_tasks(repairs, limit, on_report)
        finally:
            for writer in writers:
                self.prose.add(writer.prose)

    def _place_writers(self, plan: WorldPlan) -> list[PlaceWriter]:
        arrivals = flag_arrivals(proof.skeleton(plan, plan.event_names())) or {}
        variants = self._variants()
        writers = []
        for place in plan.places:
            always = [plan.keys[key] for key, arrival in arrivals.items() if place.id in arrival.always]
            sometimes = [plan.keys[key] for key, arrival in arrivals.items() if place.id in arrival.sometimes]
            question = passages.question(plan, place, always, sometimes, variants)
            place_passages = passages.passages(plan, place, variants)
            writers.append(PlaceWriter(self.talk, plan, place.name, question, place_passages, Judge(example.texts())))
        return writers

    def _passages(self, plan: WorldPlan) -> list[passages.Passage]:
        variants = self._variants()
        return [passage for place in plan.places for passage in passages.passages(plan, place, variants)]

    def _variants(self) -> Collection[str]:
        return (self.ids.inner[0], self.ids.inner[-1]) if "variants" in self.feature_names else ()

    # ---- the world -------------------------------------------------------------------------------------

    def _result(self, plan: WorldPlan, planned: str) -> WrittenWorld:
        world = self._valid_world(plan)
        verdict = verify(world, self.premise)
        if self.talk.has_stopped:
            self.notes.append(f"the model stopped answering, and the rest is told plainly: {self.talk.failure}")
        elif self.talk.failure:
            self.notes.append(
                f"a question was not answered, and what it asked for is told plainly: {self.talk.failure}"
            )
        if self.prose.repairs:
            self.notes.append(f"{len(self.prose.repairs)} texts were repaired by code")
        return WrittenWorld(
            world=world,
            prose=self.prose,
            planned=planned,
            notes=tuple(self.notes),
            state_ids=tuple(plan.state_ids()[id] for id in self.ids.inner),
            tokens=self.talk.tokens,
            seconds=time.monotonic() - self.start_s,
            score=verdict.score,
            is_interrupted=self.is_interrupted,
        )

    def _valid_world(self, plan: WorldPlan) -> World:
        """Return the world, with every text that the rules speak against when they see all of it told plainly."""
        passages_by_address = {passage.at: passage for passage in self._passages(plan)}
        for _ in range(2):
            world = World.from_dict(self._document(plan), source="the generated world")
            errors = [*world.lint().errors, *world.lint("studio").errors]
            issues = [*verify(world, self.premise).issues, *(f"{error.path}: {error.message}" for error in errors)]
            if not issues and not explore(world).soft_locks:
                return world
            for error in errors:
                for at in [at for at in passages_by_address if at[:2] == (error.item.kind, error.item.id)]:
                    self.prose.tell_plainly(passages_by_address[at])
        raise WorldError(f"the generated world did not pass the verify gate; please report it: {issues}")

    def _document(self, plan: WorldPlan) -> Json:
        raw = document(plan, self.prose.texts)
        if "evidence" in self.feature_names:
            raw = features.with_evidence(raw, plan)
        if "missions" in self.feature_names:
            raw = features.with_mission(raw, plan)
        return raw
