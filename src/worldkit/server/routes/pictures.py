"""Frames: what is seen in them, and drawing them. Without a model that can, 503 before any effect."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from worldkit.server import request_bodies
from worldkit.server.body_fields import Object
from worldkit.server.frame_fetch import checked_picture
from worldkit.server.problems import Refusal
from worldkit.server.services import SecretReadAccess, Services, ServicesDep, StrictRoute, WriteAccess, json_response
from worldkit.server.vision import Vision

router = APIRouter(route_class=StrictRoute, tags=["frames"])


@router.post("/v1/perceive", response_model=Object)
def perceive(services: ServicesDep, caller: SecretReadAccess, body: request_bodies.Perceive) -> Response:
    """Say what is seen in a frame."""
    vision = _vision(services)
    frame = checked_picture(body.frame_b64)
    return json_response(vision.perceive(frame, body.room_name, body.room_description))


@router.post("/v1/ground/objects", response_model=Object)
def ground(services: ServicesDep, caller: SecretReadAccess, body: request_bodies.Ground) -> Response:
    """Say where things are seen in a frame."""
    vision = _vision(services)
    frame = checked_picture(body.frame_b64)
    return json_response(vision.ground(frame, body.labels))


@router.post("/v1/seed-frame", response_model=Object)
def seed_frame(services: ServicesDep, caller: WriteAccess, body: request_bodies.SeedFrame) -> Response:
    """Draw a frame."""
    return json_response(_vision(services).seed_frame(body.prompt, body.pov, body.mood, body.style))


def _vision(services: Services) -> Vision:
    if services.settings.vision is None:
        detail = "looking at frames and drawing them is not available here, nothing was done"
        raise Refusal(503, f"{detail}; start the server from Python with Settings(vision=...)")
    return services.settings.vision
