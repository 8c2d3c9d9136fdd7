"""Puts a plan and its prose together into a world that passes the rules, the gate and exhaustive play."""

from __future__ import annotations

from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json
from worldkit.exploration.exhaustive import explore
from worldkit.generation.direct import features
from worldkit.generation.direct.assembly import document
from worldkit.generation.direct.places import all_passages
from worldkit.generation.direct.plan import WorldPlan
from worldkit.generation.direct.prose import Prose
from worldkit.generation.direct.writing_job import WritingJob
from worldkit.ruleset.gate import verify
from worldkit.world import World


def valid_world(job: WritingJob, plan: WorldPlan, prose: Prose) -> World:
    """Return the world, with every text that the rules speak against when they see all of it told plainly.

    Args:
        job: What was to be written.
        plan: The plan.
        prose: All its texts.

    Raises:
        WorldError: It still does not pass, or a run can get stuck in it, which is a defect of worldkit.
    """
    for _ in range(2):
        world = World.from_dict(_document(job, plan, prose), source="the generated world")
        errors = [*world.lint().errors, *world.lint("studio").errors]
        issues = [
            *verify(world, job.premise).issues,
            *(f"{error.path}: {error.message}" for error in errors),
            *(f"a run can get stuck in {lock.state}" for lock in explore(world).soft_locks),
        ]
        if not issues:
            return world
        faulty_items = {(error.item.kind, error.item.id) for error in errors}
        for passage in all_passages(job, plan):
            if passage.at[:2] in faulty_items:
                prose.tell_plainly(passage)
    raise WorldError(f"the generated world did not pass the verify gate; please report it: {issues}")


def _document(job: WritingJob, plan: WorldPlan, prose: Prose) -> Json:
    raw = document(plan, prose.texts)
    if "evidence" in job.feature_names:
        raw = features.with_evidence(raw, plan)
    if "missions" in job.feature_names:
        raw = features.with_mission(raw, plan)
    return raw
