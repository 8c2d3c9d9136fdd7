"""Frames: what is seen in them, and drawing them. Without a model that can, 503 before any effect."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from worldkit.server import bodies
from worldkit.server.problems import Refusal
from worldkit.server.services import Here, House, Reader, StrictRoute, Writer, answer
from worldkit.server.vision import Vision

router = APIRouter(route_class=StrictRoute, tags=["frames"])


@router.post("/v1/perceive", response_model=bodies.Object)
def perceive(here: Here, who: Reader, body: bodies.Perceive) -> Response:
    """Say what is seen in a frame."""
    return answer(_vision(here).perceive(body.frame_b64, body.room_name, body.room_description))


@router.post("/v1/ground/objects", response_model=bodies.Object)
def ground(here: Here, who: Reader, body: bodies.Ground) -> Response:
    """Say where things are seen in a frame."""
    return answer(_vision(here).ground(body.frame_b64, body.labels))


@router.post("/v1/seed-frame", response_model=bodies.Object)
def seed_frame(here: Here, who: Writer, body: bodies.SeedFrame) -> Response:
    """Draw a frame."""
    return answer(_vision(here).seed_frame(body.prompt, body.pov, body.mood, body.style))


def _vision(here: House) -> Vision:
    if here.settings.vision is None:
        said = "looking at frames and drawing them is not available here, nothing was done"
        raise Refusal(503, f"{said}; start the server from Python with Settings(vision=...)")
    return here.settings.vision
