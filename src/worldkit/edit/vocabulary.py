"""The whole vocabulary: importing this registers every operation."""

from __future__ import annotations

from worldkit.edit import cutscenes, eventfields, events, exact, missionops, states, story, variants, worldfields
from worldkit.edit.spec import ALIASES, OPS, Op

MODULES = (states, events, eventfields, worldfields, variants, missionops, story, cutscenes, exact)
"""Where the operations are, by theme."""

__all__ = ["ALIASES", "MODULES", "OPS", "Op"]
