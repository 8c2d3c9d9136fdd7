"""Waiting for a job without holding a thread, and what its outcome is answered as."""

from __future__ import annotations

import asyncio
import time
from functools import partial

from fastapi import Request
from fastapi.responses import Response

from worldkit.server import replies
from worldkit.server.apps import Caller
from worldkit.server.jobs import Job
from worldkit.server.problems import MEDIA, text
from worldkit.server.request_work import threaded
from worldkit.server.services import House, answer

FIRST_S, LONGEST_S = 0.02, 0.5


async def outcome(request: Request, here: House, who: Caller, id: str) -> Response:
    """Wait for a job, and answer what it came to; when that takes too long, answer as an async call does.

    Whoever waits leaves the lane: the other requests of the same caller go on meanwhile.
    """
    request.scope["state"]["place"].leave()
    until, pause = time.monotonic() + here.settings.wait_s, FIRST_S
    while True:
        job: Job = await threaded(lambda: here.jobs.get(who, id))
        if job.ended:
            return await threaded(partial(ended, job))
        if time.monotonic() >= until:
            return answer(replies.job(job), 202)
        await asyncio.sleep(pause)
        pause = min(LONGEST_S, 1.5 * pause)


def ended(job: Job) -> Response:
    """Return the answer of a job that has ended."""
    if job.error is not None:
        return Response(text(job.error), int(job.error["status"]), media_type=MEDIA)
    found = job.answer or {}
    return answer(found, rev=found.get("rev"))
