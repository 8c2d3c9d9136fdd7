"""worldkit: load, generate, edit, compare and play-test SMWorld graphs in Jupyter."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

# ruff: noqa: F401, I001 - rooms first, so that edit, play, compare and generate end up as the functions, not as the rooms
from worldkit import compare as _compare, edit as _edit, generate as _generate, play as _play, rules, samples
from worldkit.campaign import Campaign
from worldkit.compare import Diff, Merge, MergeConflict, MergeWarning, diff, merge
from worldkit.diagnostics import Diagnostic, Diagnostics
from worldkit.errors import (
    ApiConflict,
    ApiError,
    ApiHeadVersion,
    ApiNotFound,
    ApiOpError,
    ApiRuleViolation,
    AuthError,
    Conflict,
    CorruptStore,
    DiskFull,
    FileChanged,
    FileError,
    HeadVersion,
    InvalidWorld,
    JobFailed,
    MissingExtra,
    MissingFile,
    NotAvailable,
    NotFound,
    OpError,
    Problem,
    QuotaExceeded,
    RateLimited,
    RuleViolation,
    ScopeError,
    ServiceUnavailable,
    StoreError,
    Unprocessable,
    Unreachable,
    UnsupportedVersion,
    WorldError,
    WrongArgument,
)
from worldkit.files import load, load_all
from worldkit.generate import Generated, Interrupted, generate, generate_many
from worldkit.model import Event, Scene, State
from worldkit.notebook.doors import compare, edit, play
from worldkit.play import Offer, Position, Session, Step, Trace, TraceError, replay
from worldkit.world import World

if TYPE_CHECKING:
    from worldkit.generate.retelling import Retelling, from_text
    from worldkit.generate.revise import Revision, revise
    from worldkit.generate.rewrite import Rewrite, rewrite
    from worldkit.play.campaign import CampaignSession, CampaignTrace, explore_campaign, replay_campaign
    from worldkit.play.explore import Cover, DeadEnd, DeadEvent, Exploration, Finding, SoftLock, explore, explore_many
    from worldkit.play.playtest import Playtest, playtest, playtest_many
    from worldkit.play.suite import SavedRun, check_runs, load_runs, save_run, update_runs
    from worldkit.store import Store, StoredWorld
    from worldkit.store.api import AsyncClient, Client

__version__ = "0.1.0"
__all__ = [
    "ApiConflict",
    "ApiError",
    "ApiHeadVersion",
    "ApiNotFound",
    "ApiOpError",
    "ApiRuleViolation",
    "AsyncClient",
    "AuthError",
    "Campaign",
    "CampaignSession",
    "CampaignTrace",
    "Client",
    "Conflict",
    "CorruptStore",
    "Cover",
    "DeadEnd",
    "DeadEvent",
    "Diagnostic",
    "Diagnostics",
    "Diff",
    "DiskFull",
    "Event",
    "Exploration",
    "FileChanged",
    "FileError",
    "Finding",
    "Generated",
    "HeadVersion",
    "Interrupted",
    "InvalidWorld",
    "JobFailed",
    "Merge",
    "MergeConflict",
    "MergeWarning",
    "MissingExtra",
    "MissingFile",
    "NotAvailable",
    "NotFound",
    "Offer",
    "OpError",
    "Playtest",
    "Position",
    "Problem",
    "QuotaExceeded",
    "RateLimited",
    "Retelling",
    "Revision",
    "Rewrite",
    "RuleViolation",
    "SavedRun",
    "Scene",
    "ScopeError",
    "ServiceUnavailable",
    "Session",
    "SoftLock",
    "State",
    "Step",
    "Store",
    "StoreError",
    "StoredWorld",
    "Trace",
    "TraceError",
    "Unprocessable",
    "Unreachable",
    "UnsupportedVersion",
    "World",
    "WorldError",
    "WrongArgument",
    "check_runs",
    "compare",
    "diff",
    "edit",
    "explore",
    "explore_campaign",
    "explore_many",
    "from_text",
    "generate",
    "generate_many",
    "load",
    "load_all",
    "load_runs",
    "merge",
    "play",
    "playtest",
    "playtest_many",
    "replay",
    "replay_campaign",
    "revise",
    "rewrite",
    "rules",
    "samples",
    "save_run",
    "update_runs",
]

_LATER = {
    "worldkit.generate.retelling": ("Retelling", "from_text"),
    "worldkit.generate.revise": ("Revision", "revise"),
    "worldkit.generate.rewrite": ("Rewrite", "rewrite"),
    "worldkit.play.campaign": ("CampaignSession", "CampaignTrace", "explore_campaign", "replay_campaign"),
    "worldkit.play.explore": (
        *("Cover", "DeadEnd", "DeadEvent", "Exploration", "Finding", "SoftLock"),
        *("explore", "explore_many"),
    ),
    "worldkit.play.playtest": ("Playtest", "playtest", "playtest_many"),
    "worldkit.play.suite": ("SavedRun", "check_runs", "load_runs", "save_run", "update_runs"),
    "worldkit.store": ("Store", "StoredWorld"),
    "worldkit.store.api": ("AsyncClient", "Client"),
}
"""Rooms that a notebook may never enter: imported when one of their names is first asked for (PEP 562)."""

_ROOM = {name: room for room, names in _LATER.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _ROOM:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(_ROOM[name]), name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
