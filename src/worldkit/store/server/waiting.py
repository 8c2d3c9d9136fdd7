"""Waiting for a job without holding a thread, and what its outcome is answered as."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from worldkit.store.server import replies
from worldkit.store.server.apps import Caller
from worldkit.store.server.http import House, answer
from worldkit.store.server.jobs import Job
from worldkit.store.server.problems import MEDIA, text

T = TypeVar("T")

FIRST_S, LONGEST_S = 0.02, 0.5


async def threaded(call: Callable[[], T]) -> T:
    """Do something that blocks on one of the bounded threads."""
    return await run_in_threadpool(call)


async def outcome(here: House, who: Caller, id: str) -> Response:
    """Wait for a job, and answer what it came to; when that takes too long, answer as an async call does."""
    until, pause = time.monotonic() + here.settings.wait_s, FIRST_S
    while True:
        job: Job = await threaded(lambda: here.jobs.get(who, id))
        if job.ended:
            return ended(job)
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
