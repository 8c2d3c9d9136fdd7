"""Waiting for a job without holding a thread, and the answer for each outcome."""

from __future__ import annotations

import asyncio
import logging
import time
from functools import partial

from fastapi.responses import Response
from starlette.types import Receive, Scope, Send

from worldkit.core.errors import StoreError
from worldkit.core.json_values import Json
from worldkit.server import problems, responses
from worldkit.server.apps import Caller
from worldkit.server.jobs import ServerJob
from worldkit.server.request_work import on_thread
from worldkit.server.services import Services, json_response

log = logging.getLogger("worldkit.server")

FIRST_PAUSE_S, MAX_PAUSE_S = 0.02, 0.5
DELETED_WORLD_MESSAGE = (
    "the job was done, and the world that it made or changed was deleted since; its answer went with it"
)


class JobOutcome(Response):
    """The answer of a call that waits for its job; after ``wait_s`` seconds, that of an asynchronous call.

    It waits when it is sent, not when it is made. By then the endpoint has returned, and neither the request nor its
    body is kept. The slots of the request are released too, so that other requests of the same caller continue. It ends
    when the client is gone. Where too many calls of the app wait already, it does not wait.

    Args:
        services: What the routes share.
        caller: Who calls.
        id: The job's id.
        key: The idempotency key of the call. Without one nobody else knows of the job: it is forgotten once it is
            answered, and its answer is not stored where nobody takes it.
    """

    def __init__(self, services: Services, caller: Caller, id: str, key: str | None = None) -> None:
        super().__init__()
        self._services, self._caller, self._id = services, caller, id
        self._has_key = key is not None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wait for the job, and send what came of it."""
        for slot in scope["state"]["slots"]:
            slot.release()
        disconnect = asyncio.create_task(_wait_until_gone(receive))
        with self._services.job_waits.waiting(self._caller.space) as may_wait:
            try:
                job = await self._wait(disconnect, self._services.settings.wait_s if may_wait else 0.0)
            finally:
                disconnect.cancel()
            response = await on_thread(partial(self._answer, job))
            await response(scope, receive, send)  # what is sent to a client that is gone, the connection drops

    async def _wait(self, disconnect: asyncio.Task[None], seconds: float) -> ServerJob:
        """Return the job as it stands once it has ended, the client is gone, or the time is over."""
        deadline, pause = time.monotonic() + seconds, FIRST_PAUSE_S
        while True:
            job = await on_thread(lambda: self._services.jobs.get(self._caller, self._id))
            if job.ended or disconnect.done() or time.monotonic() >= deadline:
                return job
            await asyncio.wait({disconnect}, timeout=pause)
            pause = min(MAX_PAUSE_S, 1.5 * pause)

    def _answer(self, job: ServerJob) -> Response:
        if job.ended:
            return _ended(self._services, job, is_forgotten=not self._has_key)
        if not self._has_key:
            try:
                self._services.jobs.drop_answer(job.id)
            except StoreError:  # the job goes on all the same, and what it answers is deleted later
                log.exception("the answer of job %s could not be dropped", job.id)
        return json_response(responses.job(job), 202)


async def _wait_until_gone(receive: Receive) -> None:
    """Return when the client has closed the connection; its whole request has been received."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _ended(services: Services, job: ServerJob, *, is_forgotten: bool) -> Response:
    answer = services.jobs.answer(job.id) if job.status == "succeeded" else None
    response = job_response(job, answer)
    if is_forgotten:
        try:
            services.jobs.forget(job.id)
        except StoreError:  # what was done is answered all the same
            log.exception("job %s could not be forgotten", job.id)
    return response


def job_response(job: ServerJob, answer: Json | None) -> Response:
    """Return the answer of a job that has ended.

    Args:
        answer: What it came to, see ``Jobs.answer``.
    """
    if job.error is not None:
        problem = problems.of_create(job.error) if job.kind == "generation" else job.error
        return problems.response(problem)
    if job.status == "cancelled":
        return problems.response(problems.body(409, "the job was cancelled; nothing was charged"))
    if answer is None:
        return problems.response(problems.body(404, DELETED_WORLD_MESSAGE))
    return json_response(answer["body"], rev=answer["rev"]) if "body" in answer else json_response(answer)
