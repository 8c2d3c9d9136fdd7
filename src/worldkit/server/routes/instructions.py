"""Changing a world as an instruction says, in words."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from worldkit.core.json_values import Json
from worldkit.server import answer_bodies, job_wait, request_bodies
from worldkit.server.idempotency import StoredAnswer
from worldkit.server.idempotent_calls import KeyedCall, WriteCall
from worldkit.server.problems import Refusal
from worldkit.server.request_work import on_thread
from worldkit.server.services import Rev, SpeaksWorldkit, StrictRoute, asserted_rev

router = APIRouter(route_class=StrictRoute, tags=["graph"])

EDIT_KIND = "edit"


@router.post(
    "/v1/worlds/{id}/edit", response_model=answer_bodies.Revised, responses={202: {"model": answer_bodies.JobStatus}}
)
async def edit_world(
    call: WriteCall, exact: SpeaksWorldkit, id: str, body: request_bodies.Instruction, rev: Rev
) -> Response:
    """Change a world as an instruction says; a question comes back in the reply, and the world stays as it is."""
    expected, instruction = asserted_rev(rev, body.expectedRev), (body.instruction or body.message or "").strip()
    if not instruction:
        raise Refusal(400, "expected an instruction, in words; the body has neither instruction nor message")
    if call.services.settings.generator is None:
        detail = "instructions are not available here, nothing was charged; run the server with --generator local"
        raise Refusal(503, f"{detail} or chat:...")
    options: Json = {"world": id, "instruction": instruction, "rev": expected, "verified": body.verifiedObjects}
    options["exact"] = exact
    job = await on_thread(lambda: _begin(call, options))
    call.services.workers.wake()
    return job_wait.JobOutcome(call.services, call.caller, job, call.key)


def _begin(call: KeyedCall, options: Json) -> str:
    identity, services, caller = call.identity, call.services, call.caller
    with services.store.database.writing() as connection:
        if identity is not None and (earlier_answer := identity.recall(connection)) and earlier_answer.job is not None:
            return earlier_answer.job
        services.store.space(caller.space).get(options["world"])
        job = services.jobs.add(connection, caller, EDIT_KIND, options, services.caps(caller)[EDIT_KIND])
        if identity is not None:
            identity.remember(connection, StoredAnswer(job=job, world=options["world"]))
        return job
