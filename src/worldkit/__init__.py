"""worldkit: load, generate, edit, compare and play-test SMWorld graphs in Jupyter."""

from __future__ import annotations

# ruff: noqa: F401, I001 - rooms first, so that edit, play and generate end up as the functions, not as the rooms
from worldkit import compare as _compare, edit as _edit, generate as _generate, play as _play, rules, samples
from worldkit.campaign import Campaign
from worldkit.compare import Diff, diff
from worldkit.diagnostics import Diagnostic, Diagnostics
from worldkit.errors import (
    Conflict,
    InvalidWorld,
    MissingExtra,
    NotAvailable,
    OpError,
    Problem,
    RuleViolation,
    UnsupportedVersion,
    WorldError,
)
from worldkit.files import load, load_all
from worldkit.generate import generate
from worldkit.model import Event, Scene, State
from worldkit.notebook.doors import edit, play
from worldkit.play import Offer, Position, Session, Step, Trace, TraceError, replay
from worldkit.world import World

__version__ = "0.1.0"
__all__ = [
    "Campaign",
    "Conflict",
    "Diagnostic",
    "Diagnostics",
    "Diff",
    "Event",
    "InvalidWorld",
    "MissingExtra",
    "NotAvailable",
    "Offer",
    "OpError",
    "Position",
    "Problem",
    "RuleViolation",
    "Scene",
    "Session",
    "State",
    "Step",
    "Trace",
    "TraceError",
    "UnsupportedVersion",
    "World",
    "WorldError",
    "diff",
    "edit",
    "generate",
    "load",
    "load_all",
    "play",
    "replay",
    "rules",
    "samples",
]
