"""``DirectWriter``: how a capable model writes a world, from the premise to the document. The pipeline, in one file.

1. The model gives a *basis* (``basis``, ``basis_reading``): who, where, what is to be done, in the premise's own
   words.
2. It gives a *plan* (``plan_form``, ``draft``) under a schema. The plan is played out (``proof``); what does not hold
   goes back in words (``outline``), and what does not hold in the end is completed by code (``completion``).
3. It writes *each place* (``place_question``) with one answer (``places``, ``passages``, ``prose``). What the rules,
   the lengths or the graph speak against (``judge``) goes back with the reason; in the end the sentence at fault is
   repaired (``repair``).
4. All of it becomes a document (``assembly``), which passes the gate.

Whatever a model does on the way, a world comes out: what it did not write is told plainly, from the basis and the plan.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from worldkit.core.errors import WorldError
from worldkit.core.progress import Progress
from worldkit.core.quoting import format_count
from worldkit.exploration.counted import explore_counted
from worldkit.generation.direct.assembly import document
from worldkit.generation.direct.chapter_text import ChapterText
from worldkit.generation.direct.conversation import WritingJob
from worldkit.generation.direct.outline import ask_basis, ask_plan, with_missions
from worldkit.generation.direct.passages import all_passages
from worldkit.generation.direct.places import write_places
from worldkit.generation.direct.plan import MAX_PLAN_STATES, WorldPlan, ids
from worldkit.generation.direct.prose import Prose
from worldkit.generation.direct.seed_plan import plan_by_code
from worldkit.generation.engines.base import Chat
from worldkit.ruleset.gate import verify
from worldkit.world import World


@dataclass
class WrittenWorld:
    """A world that was written and passed the gate, with the record of its corrections.

    Attributes:
        planned: Who planned it: ``"model"``, or ``"seed"`` when nothing of the model's plan could be used.
    """

    world: World
    prose: Prose
    planned: str
    plan: WorldPlan
    seconds: float
    score: int


@dataclass
class DirectWriter:
    """Writes worlds with a capable model.

    Attributes:
        may_be_silent: It only repeats what it answered before, so that it may answer nothing at all.
        at_once: How many places are written at the same time at most.
        plans: It plans the world; else code does.
    """

    chat: Chat
    may_be_silent: bool = False
    at_once: int = 1
    plans: bool = True

    def write(
        self,
        premise: str,
        seed: int,
        states: int,
        features: frozenset[str],
        progress: Progress,
        chapter: ChapterText | None = None,
    ) -> WrittenWorld:
        """Write a world."""
        start_s = time.monotonic()
        # an answer of a model that may be silent counts already: then even the first one may be missing
        is_weak = self.chat.is_weak and not self.plans
        plan_ids, answers = ids(states, is_chapter=chapter is not None), int(self.may_be_silent)
        job = WritingJob(self.chat, seed, premise, plan_ids, features, progress, chapter, is_weak, answers)
        model_words, prose = 0, Prose()
        if self.plans:
            basis = ask_basis(job)
            job.done = 1
            plan, model_words = ask_plan(job, basis)
        else:
            plan = plan_by_code(job)
            is_large = states > MAX_PLAN_STATES and chapter is None
            reason = f"a world of more than {MAX_PLAN_STATES} states" if is_large else "a small model"
            job.notes.append(f"code planned it from the {'chapter' if chapter else 'premise'}, as for {reason}")
        job.done = 2
        if "missions" in features:
            plan = with_missions(job, plan)
        write_places(job, plan, prose, self.at_once)
        world, score = valid_world(job, plan, prose)
        if job.loss:
            job.notes.append(job.loss)
        if count := len(prose.repairs):
            job.notes.append(f"{format_count(count, 'text')} {'was' if count == 1 else 'were'} repaired by code")
        prose.notes = tuple(job.notes)
        prose.tokens = job.tokens
        return WrittenWorld(
            world=world,
            prose=prose,
            planned="model" if model_words else "seed",
            plan=plan,
            seconds=time.monotonic() - start_s,
            score=score,
        )


def valid_world(job: WritingJob, plan: WorldPlan, prose: Prose) -> tuple[World, int]:
    """Return the world and what the gate gives; texts that the rules speak against once they see all are told plainly.

    Raises:
        WorldError: It still does not pass, or a run can get stuck in it, which is a defect of worldkit.
    """
    for _ in range(2):
        raw = document(plan, prose.texts, job.feature_names)
        world = World.from_dict(raw, source="the generated world")
        verdict = verify(world, job.premise)
        errors = [*world.lint().errors, *world.lint("studio").errors]
        issues = [
            *verdict.issues,
            *(f"{error.path}: {error.message}" for error in errors),
            *(f"a run can get stuck in {lock.state}" for lock in explore_counted(world).soft_locks),
        ]
        if not issues:
            return world, verdict.score
        faulty_items = {(error.item.kind, error.item.id) for error in errors}
        for passage in all_passages(plan):
            if passage.at[:2] in faulty_items:
                prose.tell_plainly(passage)
    raise WorldError(f"the generated world did not pass the verify gate; please report it: {issues}")
