"""worldkit: load, generate, edit, compare and play-test SMWorld graphs in Jupyter.

What is public is in ``__all__``, and in ``worldkit.ops``, ``worldkit.rules`` and ``worldkit.samples``. A public name is
imported when it is first used (PEP 562), so that ``import worldkit`` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from worldkit import renderers as _renderers  # noqa: F401 - registers what upper layers offer to lower ones
from worldkit.core.version import __version__ as __version__

if TYPE_CHECKING:
    from worldkit import ops, rules, samples
    from worldkit.campaigns import CampaignSession, CampaignTrace, explore_campaign, replay_campaign
    from worldkit.campaigns.document import Campaign
    from worldkit.comparison import Diff, Merge, MergeConflict, MergeWarning, diff, merge
    from worldkit.core.diagnostics import Diagnostic, Diagnostics
    from worldkit.core.errors import (
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
    from worldkit.core.model import Event, Scene, State
    from worldkit.exploration import (
        Budget,
        Cover,
        DeadEnd,
        DeadEvent,
        Exploration,
        Finding,
        SoftLock,
        explore,
        explore_many,
    )
    from worldkit.generation import Generated, Interrupted, generate, generate_many
    from worldkit.generation.revision.revision import Revision, revise
    from worldkit.generation.revision.variants import Rewrite, rewrite
    from worldkit.generation.story.retelling import Retelling, from_text
    from worldkit.playing import Offer, Position, Session, Step, Trace, TraceError, replay
    from worldkit.ruleset.gate import Verdict
    from worldkit.simulation import Playtest, playtest, playtest_many
    from worldkit.stores import Store, StoredWorld
    from worldkit.stores.api import AsyncClient, Client
    from worldkit.suites import SavedRun, check_runs, load_runs, save_run, update_runs
    from worldkit.widgets.api import compare, edit, play
    from worldkit.widgets.editor import Editor
    from worldkit.world import World, load, load_all

__all__ = [
    "ApiConflict",
    "ApiError",
    "ApiHeadVersion",
    "ApiNotFound",
    "ApiOpError",
    "ApiRuleViolation",
    "AsyncClient",
    "AuthError",
    "Budget",
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
    "Editor",
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
    "Verdict",
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
    "ops",
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

_EXPORTS = {
    "worldkit.campaigns": (
        "CampaignSession",
        "CampaignTrace",
        "explore_campaign",
        "replay_campaign",
    ),
    "worldkit.campaigns.document": ("Campaign",),
    "worldkit.comparison": (
        "Diff",
        "Merge",
        "MergeConflict",
        "MergeWarning",
        "diff",
        "merge",
    ),
    "worldkit.core.diagnostics": (
        "Diagnostic",
        "Diagnostics",
    ),
    "worldkit.core.errors": (
        "ApiConflict",
        "ApiError",
        "ApiHeadVersion",
        "ApiNotFound",
        "ApiOpError",
        "ApiRuleViolation",
        "AuthError",
        "Conflict",
        "CorruptStore",
        "DiskFull",
        "FileChanged",
        "FileError",
        "HeadVersion",
        "InvalidWorld",
        "JobFailed",
        "MissingExtra",
        "MissingFile",
        "NotAvailable",
        "NotFound",
        "OpError",
        "Problem",
        "QuotaExceeded",
        "RateLimited",
        "RuleViolation",
        "ScopeError",
        "ServiceUnavailable",
        "StoreError",
        "Unprocessable",
        "Unreachable",
        "UnsupportedVersion",
        "WorldError",
        "WrongArgument",
    ),
    "worldkit.core.model": (
        "Event",
        "Scene",
        "State",
    ),
    "worldkit.exploration": (
        "Budget",
        "Cover",
        "DeadEnd",
        "DeadEvent",
        "Exploration",
        "Finding",
        "SoftLock",
        "explore",
        "explore_many",
    ),
    "worldkit.generation": (
        "Generated",
        "Interrupted",
        "generate",
        "generate_many",
    ),
    "worldkit.generation.revision.revision": (
        "Revision",
        "revise",
    ),
    "worldkit.generation.revision.variants": (
        "Rewrite",
        "rewrite",
    ),
    "worldkit.generation.story.retelling": (
        "Retelling",
        "from_text",
    ),
    "worldkit.playing": (
        "Offer",
        "Position",
        "Session",
        "Step",
        "Trace",
        "TraceError",
        "replay",
    ),
    "worldkit.ruleset.gate": ("Verdict",),
    "worldkit.simulation": (
        "Playtest",
        "playtest",
        "playtest_many",
    ),
    "worldkit.stores": (
        "Store",
        "StoredWorld",
    ),
    "worldkit.stores.api": (
        "AsyncClient",
        "Client",
    ),
    "worldkit.suites": (
        "SavedRun",
        "check_runs",
        "load_runs",
        "save_run",
        "update_runs",
    ),
    "worldkit.widgets.api": (
        "compare",
        "edit",
        "play",
    ),
    "worldkit.widgets.editor": ("Editor",),
    "worldkit.world": (
        "World",
        "load",
        "load_all",
    ),
}
"""Public names by the module that holds them."""

_MODULE_OF = {name: module for module, names in _EXPORTS.items() for name in names}
_SUBMODULES = ("ops", "rules", "samples")


def __getattr__(name: str) -> Any:
    if name in _SUBMODULES:
        return import_module(f"{__name__}.{name}")
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_MODULE_OF[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
