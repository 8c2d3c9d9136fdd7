"""``create``: the application, put together."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio.to_thread
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from worldkit.core.errors import CorruptStore, DiskFull, WorldError
from worldkit.core.json_values import Json
from worldkit.core.version import __version__
from worldkit.server import problems
from worldkit.server.apps import Apps
from worldkit.server.embedded_session import Stages
from worldkit.server.gate import Gate
from worldkit.server.health import Health
from worldkit.server.jobs import Jobs
from worldkit.server.limits import Rate
from worldkit.server.middleware import Outer
from worldkit.server.migrate import prepare
from worldkit.server.openapi import describe, documented
from worldkit.server.problems import Refusal
from worldkit.server.routes import embed, graph, pictures, sessions, versions, worlds
from worldkit.server.services import House, said
from worldkit.server.settings import Settings
from worldkit.server.tokens import Tokens
from worldkit.server.worker import Workers
from worldkit.stores import Store

log = logging.getLogger("worldkit.server")

ROOMS = (worlds, graph, versions, sessions, pictures, embed)
WORDS = {404: "there is nothing at this address", 405: "this address does not take that method"}


def create(settings: Settings) -> FastAPI:
    """Return the application; its jobs run from start-up to shutdown."""
    store = Store(settings.database)
    store.check_servable()
    prepare(store.database)
    tokens = Tokens(store.database)
    jobs = Jobs(store.database, settings.lease_s)
    apps = Apps(store.database)
    house = House(
        settings=settings,
        store=store,
        apps=apps,
        jobs=jobs,
        tokens=tokens,
        workers=Workers(store, jobs, tokens, settings),
        rate=Rate(settings.rate, settings.burst),
        stages=Stages(tokens),
        health=Health(lambda: apps.is_live("")),
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = settings.threads
        house.workers.start()
        house.health.start()
        try:
            yield
        finally:
            house.health.stop()
            house.workers.stop()
            store.close()

    app = FastAPI(
        title="worldkit /v1",
        version=__version__,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        responses=documented(),
    )
    app.state.house = house
    for routes in ROOMS:
        app.include_router(routes.router)
    _handle(app, [route for routes in ROOMS for route in routes.router.routes if isinstance(route, APIRoute)])
    describe(app)
    # the last one added is outermost: pages of other origins may read the gate's refusals too
    app.add_middleware(Gate, house=house)
    if settings.origins:
        headers = ["Authorization", "Content-Type", "If-Match", "Idempotency-Key", "X-Request-Id"]
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(settings.origins),
            allow_methods=["GET", "POST", "PATCH", "DELETE"],
            allow_headers=headers,
            expose_headers=["ETag", "X-Request-Id", "Retry-After"],
        )
    app.add_middleware(Outer)
    return app


def _handle(app: FastAPI, routes: list[APIRoute]) -> None:
    @app.exception_handler(Refusal)
    async def refused(_: Request, error: Refusal) -> Response:
        return _problem(error.body, dict(error.headers or {}))

    @app.exception_handler(WorldError)
    async def world(_: Request, error: WorldError) -> Response:
        found = problems.problem_of(error)
        if found is None:
            raise error
        if isinstance(error, CorruptStore | DiskFull):
            log.error("%s", error)
            return _problem(found, {})
        return _problem(found, problems.headers_of(found))

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> Response:
        errors = said(error)
        detail = "; ".join(f"{one['path']}: {one['message']}" for one in errors[:5])
        return _problem(problems.body(422, f"the request cannot be read: {detail}", errors=errors), {})

    @app.exception_handler(HTTPException)
    async def plain(request: Request, error: HTTPException) -> Response:
        detail = WORDS.get(error.status_code) or str(error.detail)
        headers = dict(error.headers or {})
        if error.status_code == 405:
            # the router names those of the first route of this path alone
            here = [route for route in routes if route.path_regex.match(request.url.path)]
            headers["Allow"] = ", ".join(sorted({method for route in here for method in route.methods or ()}))
        return _problem(problems.body(error.status_code, detail), headers)


def _problem(body: Json, headers: dict[str, str]) -> Response:
    return Response(problems.text(body), int(body["status"]), headers, problems.MEDIA)
