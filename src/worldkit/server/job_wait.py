"""Waiting for a job without holding a thread, and the answer for each outcome."""

from __future__ import annotations

import asyncio
import time
from functools import partial

from fastapi import Request
from fastapi.responses import Response

from worldkit.server import responses
from worldkit.server.apps import Caller
from worldkit.server.jobs import ServerJob
from worldkit.server.problems import MEDIA, body, text
from worldkit.server.request_work import on_thread
from worldkit.server.services import Services, json_response

FIRST_PAUSE_S, MAX_PAUSE_S = 0.02, 0.5


async def outcome(request: Request, services: Services, caller: Caller, id: str, exact: bool = False) -> Response:
    """Wait for a job and answer with its result; after ``wait_s`` seconds, answer as an asynchronous call does.

    The request releases its slot while it waits, so that other requests of the same caller continue.

    Args:
        request: The request.
        services: What the routes share.
        caller: Who calls.
        id: The job's id.
        exact: Whether the request speaks worldkit's own dialect.
    """
    request.scope["state"]["slot"].release()
    deadline, pause = time.monotonic() + services.settings.wait_s, FIRST_PAUSE_S
    while True:
        job: ServerJob = await on_thread(lambda: services.jobs.get(caller, id))
        if job.ended:
            return await on_thread(partial(job_response, job, exact))
        if time.monotonic() >= deadline:
            return json_response(responses.job(job), 202)
        await asyncio.sleep(pause)
        pause = min(MAX_PAUSE_S, 1.5 * pause)


def job_response(job: ServerJob, exact: bool = False) -> Response:
    """Return the answer of a job that has ended.

    Args:
        job: The job.
        exact: Whether it is answered in worldkit's own dialect.
    """
    if job.error is not None:
        return Response(text(job.error), int(job.error["status"]), media_type=MEDIA)
    if job.status == "cancelled":
        return Response(text(body(409, "the job was cancelled; nothing was charged")), 409, media_type=MEDIA)
    answer = job.answer or {}
    rev = answer.get("rev")
    if "reply" in answer:
        answer = answer["exactly"] if exact else answer["hosted"]
    return json_response(answer, rev=rev)
