"""The whole vocabulary: importing this registers every operation."""

from __future__ import annotations

from worldkit.editing import (
    cutscenes,
    event_fields,
    events,
    mission_ops,
    raw_ops,
    states,
    story,
    variants,
    world_fields,
)
from worldkit.editing.registry import ALIASES, OPS, Op

MODULES = (states, events, event_fields, world_fields, variants, mission_ops, story, cutscenes, raw_ops)
"""The modules that define the operations."""

__all__ = ["ALIASES", "MODULES", "OPS", "Op"]
