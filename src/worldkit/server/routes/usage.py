"""What an app used, and whether the server answers."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import AfterValidator, WithJsonSchema

from worldkit.core.json_values import Json
from worldkit.server import answer_bodies, quota, session_bodies, storage
from worldkit.server.problems import Refusal
from worldkit.server.services import ReadAccess, ServicesDep, StrictRoute, json_response
from worldkit.server.settings import BYTES

router = APIRouter(route_class=StrictRoute)


def _calendar_day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise ValueError("expected a day such as 2026-01-31") from None


Day = Annotated[str, AfterValidator(_calendar_day), WithJsonSchema({"type": "string", "format": "date"})]


@router.get("/v1/usage", response_model=session_bodies.Usage, tags=["usage"])
def usage(services: ServicesDep, caller: ReadAccess, day: Day | None = None) -> Response:
    """Return what the app used on a day, in UTC and today by default, how much is kept for it now, and its caps."""
    today = quota.today()
    with services.store.database.reading() as connection:
        usage_today = quota.of_day(connection, caller.app, caller.mode, day or today)
        if day in (None, today):
            usage_today[BYTES] = storage.used(connection, caller.space)
    answer: Json = {"day": day or today, "usage": usage_today, "caps": services.caps(caller)}
    return json_response(answer if day not in (None, today) else {**answer, "resets_at": quota.resets_at()})


@router.get("/healthz", response_model=answer_bodies.Alive, tags=["server"])
async def healthz(services: ServicesDep) -> Response:
    """Say that the server and its database answer; it needs no thread, and no turn of the database."""
    services.store.check_sound()
    if not services.health.is_well:
        raise Refusal(503, "the database does not answer", {"Retry-After": "5"})
    return json_response({"ok": True})
