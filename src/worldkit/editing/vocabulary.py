"""The whole vocabulary: importing this registers every operation."""

from __future__ import annotations

from worldkit.editing import (
    cutscenes,
    event_fields,
    events,
    mission_ops,
    raw_ops,
    renames,
    states,
    story,
    variants,
    world_fields,
)
from worldkit.editing.raw_ops import RAW_OPS
from worldkit.editing.registry import ALIASES, OPS, Op
from worldkit.editing.renames import RENAME_OPS

MODULES = (states, events, event_fields, world_fields, variants, mission_ops, story, cutscenes, renames, raw_ops)
"""The modules that define the operations."""

OWN_OPS = (*RENAME_OPS, *RAW_OPS)
"""The operations that are worldkit's own: a server that speaks the vendor's vocabulary does not know them."""

__all__ = ["ALIASES", "MODULES", "OPS", "OWN_OPS", "Op"]
