"""``create``: assembles the FastAPI application."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio.to_thread
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.routing import Route

from worldkit.core.errors import CorruptStore, DiskFull, WorldError
from worldkit.core.json_values import Json
from worldkit.core.version import __version__
from worldkit.server import problems, request_work
from worldkit.server.admission import AdmissionMiddleware
from worldkit.server.app_admin import AppAdmin
from worldkit.server.app_keys import KeyUse
from worldkit.server.apps import Apps
from worldkit.server.concurrency import JobWaits, RateLimiter
from worldkit.server.connected_sessions import ConnectedSessions
from worldkit.server.embedded_session import EmbeddedSessions
from worldkit.server.freshness import Commits, FreshCache
from worldkit.server.health import Health
from worldkit.server.jobs import Jobs
from worldkit.server.middleware import RequestMiddleware
from worldkit.server.openapi import describe, documented
from worldkit.server.problems import Refusal
from worldkit.server.routes import apps as app_routes
from worldkit.server.routes import embed, graph, instructions, judging, pictures, sessions, usage, versions, worlds
from worldkit.server.services import Services, validation_problem
from worldkit.server.settings import Settings
from worldkit.server.tables import SCHEMA
from worldkit.server.tokens import Tokens
from worldkit.server.webhook_delivery import Deliverer
from worldkit.server.webhook_store import Webhooks
from worldkit.server.worker import Workers
from worldkit.stores import Store

ROUTERS = (worlds, graph, judging, instructions, versions, sessions, usage, app_routes, pictures, embed)
STATUS_TEXTS = {404: "there is nothing at this address", 405: "this address does not take that method"}


def create(settings: Settings) -> FastAPI:
    """Return the application; its jobs run from start-up to shutdown."""
    store = Store(settings.database)
    store.check_servable()
    store.database.bring_up_to_date(SCHEMA)
    request_work.watch(store.database.engine)
    tokens = Tokens(store.database)
    jobs = Jobs(store.database, settings.lease_s)
    apps, key_use, webhooks = Apps(store.database), KeyUse(), Webhooks(store.database)
    commits = Commits(store.database.path)
    services = Services(
        settings=settings,
        store=store,
        apps=apps,
        jobs=jobs,
        tokens=tokens,
        workers=Workers(store, jobs, tokens, settings, key_use),
        rate=RateLimiter(settings.rate, settings.burst),
        group_rate=RateLimiter(settings.app_share * settings.rate, settings.app_share * settings.burst),
        embedded_sessions=EmbeddedSessions(tokens),
        connected_sessions=ConnectedSessions(store.database),
        app_admin=AppAdmin(store.database, key_use),
        key_use=key_use,
        webhooks=webhooks,
        deliverer=Deliverer(webhooks, settings),
        health=Health(lambda: apps.is_live("")),
        commits=commits,
        callers=FreshCache(commits),
        bodies=FreshCache(commits),
        job_waits=JobWaits(settings.waiting_for_jobs),
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = settings.threads
        services.workers.start()
        services.deliverer.start()
        services.health.start()
        try:
            yield
        finally:
            services.health.stop()
            services.deliverer.stop()
            services.workers.stop()
            commits.close()
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
    app.state.services = services
    for routes in ROUTERS:
        app.include_router(routes.router)
    _handle(app, [route for routes in ROUTERS for route in routes.router.routes if isinstance(route, APIRoute)])
    describe(app)
    # the middleware added last is outermost: CORS headers are added to refusals of the admission middleware too
    app.add_middleware(AdmissionMiddleware, services=services)
    if settings.origins:
        headers = ["Authorization", "Content-Type", "If-Match", "Idempotency-Key", "X-Request-Id", "X-Worldkit-Dialect"]
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(settings.origins),
            allow_methods=["GET", "HEAD", "POST", "PATCH", "DELETE"],
            allow_headers=headers,
            expose_headers=["ETag", "X-Request-Id", "X-Worldkit-Dialect", "Retry-After"],
        )
    app.add_middleware(RequestMiddleware)
    return app


def _handle(app: FastAPI, routes: list[APIRoute]) -> None:
    own_routes = [route for route in app.routes if isinstance(route, Route)]  # such as that of /openapi.json

    @app.exception_handler(Refusal)
    async def refused(request: Request, error: Refusal) -> Response:
        return problems.response(_with_version(request, error.body), dict(error.headers or {}))

    @app.exception_handler(WorldError)
    async def world(request: Request, error: WorldError) -> Response:
        problem = problems.problem_of(error)
        if problem is None:
            raise error
        problems.log_failure(error)
        if isinstance(error, CorruptStore | DiskFull):
            return problems.response(problem)
        return problems.response(_with_version(request, problem), problems.headers_of(problem))

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        return problems.response(_with_version(request, validation_problem(error)))

    @app.exception_handler(HTTPException)
    async def plain(request: Request, error: HTTPException) -> Response:
        detail = STATUS_TEXTS.get(error.status_code) or str(error.detail)
        headers = dict(error.headers or {})
        if error.status_code == 405:
            # the router would name only the methods of the first route of this path
            matches = [route for route in [*routes, *own_routes] if route.path_regex.match(request.scope["path"])]
            methods = {method for route in matches for method in route.methods or ()}
            headers["Allow"] = ", ".join(sorted(methods | ({"HEAD"} if "GET" in methods else set())))
        return problems.response(problems.body(error.status_code, detail), headers)


def _with_version(request: Request, problem: Json) -> Json:
    """Return a problem as its call answers it: that of a create names the version of the format."""
    is_create = (request.method, request.scope["path"]) == ("POST", "/v1/worlds")
    return problems.of_create(problem) if is_create else problem
