"""worldkit: load, generate, edit, compare and play-test SMWorld graphs in Jupyter."""

from __future__ import annotations

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
from worldkit.model import Event, Scene, State
from worldkit.world import World

__version__ = "0.1.0"
__all__ = [
    "Conflict",
    "Diagnostic",
    "Diagnostics",
    "Event",
    "InvalidWorld",
    "MissingExtra",
    "NotAvailable",
    "OpError",
    "Problem",
    "RuleViolation",
    "Scene",
    "State",
    "UnsupportedVersion",
    "World",
    "WorldError",
    "load",
    "load_all",
]
