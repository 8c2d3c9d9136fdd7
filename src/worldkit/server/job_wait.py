"""Waiting for a job without holding a thread, and the answer for each outcome."""

from __future__ import annotations

import asyncio
import logging
import time
from functools import partial

from fastapi import Request
from fastapi.responses import Response

from worldkit.core.errors import StoreError
from worldkit.core.json_values import Json
from worldkit.server import problems, responses
from worldkit.server.apps import Caller
from worldkit.server.jobs import ServerJob
from worldkit.server.request_work import on_thread
from worldkit.server.services import Services, json_response

log = logging.getLogger("worldkit.server")

FIRST_PAUSE_S, MAX_PAUSE_S = 0.02, 0.5
GONE = "the job was done, and the world that it made or changed was deleted since; its answer went with it"


async def outcome(
    request: Request, services: Services, caller: Caller, id: str, exact: bool = False, key: str | None = None
) -> Response:
    """Wait for a job and answer with its result; after ``wait_s`` seconds, answer as an asynchronous call does.

    The request releases its slot while it waits, so that other requests of the same caller continue.

    Args:
        request: The request.
        services: What the routes share.
        caller: Who calls.
        id: The job's id.
        exact: Whether the request speaks worldkit's own dialect.
        key: The idempotency key of the call. Without one, nobody else knows of the job, and it is forgotten.
    """
    for slot in request.scope["state"]["slots"]:
        slot.release()
    deadline, pause = time.monotonic() + services.settings.wait_s, FIRST_PAUSE_S
    while True:
        job: ServerJob = await on_thread(lambda: services.jobs.get(caller, id))
        if job.ended:
            return await on_thread(partial(_ended, services, job, exact, is_forgotten=key is None))
        if time.monotonic() >= deadline:
            return json_response(responses.job(job), 202)
        await asyncio.sleep(pause)
        pause = min(MAX_PAUSE_S, 1.5 * pause)


def _ended(services: Services, job: ServerJob, exact: bool, *, is_forgotten: bool) -> Response:
    answer = services.jobs.answer(job.id) if job.status == "succeeded" else None
    response = job_response(job, answer, exact)
    if is_forgotten:
        try:
            services.jobs.forget(job.id)
        except StoreError:  # what was done is answered all the same
            log.exception("job %s could not be forgotten", job.id)
    return response


def job_response(job: ServerJob, answer: Json | None, exact: bool = False) -> Response:
    """Return the answer of a job that has ended.

    Args:
        job: The job.
        answer: What it came to, see ``Jobs.answer``.
        exact: Whether it is answered in worldkit's own dialect, where an earlier release stored both.
    """
    if job.error is not None:
        problem = problems.of_create(job.error) if job.kind == "generation" else job.error
        return _problem(problem)
    if job.status == "cancelled":
        return _problem(problems.body(409, "the job was cancelled; nothing was charged"))
    if answer is None:
        return _problem(problems.body(404, GONE))
    if "hosted" in answer:
        return json_response(answer["exactly"] if exact else answer["hosted"], rev=answer["rev"])
    return json_response(answer["body"], rev=answer["rev"]) if "body" in answer else json_response(answer)


def _problem(problem: Json) -> Response:
    return Response(problems.text(problem), int(problem["status"]), media_type=problems.MEDIA)
