"""worldkit: load, generate, edit, compare and play-test SMWorld graphs in Jupyter.

What is public is in ``__all__``, and in ``worldkit.ops``, ``worldkit.rules``, ``worldkit.samples`` and
``worldkit.webhooks``. A public name is
imported when it is first used (PEP 562), so that ``import worldkit`` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from worldkit import renderers as _renderers  # noqa: F401 - registers what upper layers offer to lower ones
from worldkit.core.version import __version__ as __version__

if TYPE_CHECKING:
    from worldkit import ops, rules, samples, webhooks
    from worldkit.campaigns import CampaignSession, CampaignTrace, explore_campaign, replay_campaign
    from worldkit.campaigns.act_graph import CampaignExploration
    from worldkit.campaigns.act_transition import CampaignPosition
    from worldkit.campaigns.document import Campaign
    from worldkit.campaigns.trace import Segment
    from worldkit.comparison import Diff, Merge, MergeConflict, MergeWarning, diff, merge
    from worldkit.comparison.deep import PlayChanges
    from worldkit.comparison.fields import FieldChange
    from worldkit.comparison.world_diff import Changes
    from worldkit.core.diagnostics import Diagnostic, Diagnostics, Item
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
        EndlessReactions,
        FileChanged,
        FileError,
        HeadVersion,
        InvalidScript,
        InvalidWorld,
        JobFailed,
        MissingExtra,
        MissingFile,
        NotAsApplied,
        NotAssignable,
        NotAvailable,
        NotExpressible,
        NotFound,
        OpError,
        PartlyApplied,
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
        WrongSignature,
    )
    from worldkit.core.model import (
        Anchor,
        Aspect,
        Autopilot,
        Cutscene,
        Drive,
        DwellFor,
        Ending,
        Entrance,
        EntranceImage,
        Event,
        Fact,
        Fail,
        Grounded,
        KeepCentered,
        LandWhen,
        Mission,
        Objective,
        Outro,
        Pair,
        Phase,
        Scene,
        Sequence,
        SequenceBeat,
        State,
        Story,
        StoryBeat,
        Terminal,
        Variant,
        Waypoint,
    )
    from worldkit.core.schema_validation import validate
    from worldkit.editing.lowering import Inexpressible, Lowered, lower
    from worldkit.editing.replace import TextMatch
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
    from worldkit.generation.pipeline.report import Report
    from worldkit.generation.revision.revision import Revision, revise
    from worldkit.generation.revision.variants import Rewrite, rewrite
    from worldkit.generation.story.chapter_run import from_text
    from worldkit.generation.story.retelling import Retelling
    from worldkit.illustration.picture import Picture as Picture
    from worldkit.illustration.storyboard import Storyboard as Storyboard
    from worldkit.interop.script import ScriptClash, ScriptEdits
    from worldkit.playing import Offer, Position, Session, Step, Trace, TraceError, replay
    from worldkit.playing.console import Console
    from worldkit.playing.evidence import Observation, Sample
    from worldkit.playing.handlers import HandlerError
    from worldkit.playing.missions import MissionProgress
    from worldkit.playing.now_playing import NowPlaying
    from worldkit.playing.subscriptions import SessionEvent
    from worldkit.ruleset.gate import Verdict
    from worldkit.simulation import Playtest, playtest, playtest_many
    from worldkit.simulation.pacing import ChoiceShare, Coverage, EndingShare
    from worldkit.stores import Store, StoredWorld
    from worldkit.stores.api import AsyncClient, Client
    from worldkit.stores.api.account_results import App, AppKey, Connection, Webhook
    from worldkit.stores.api.results import (
        AsyncPage,
        Edited,
        Hotspot,
        Job,
        Linting,
        Perceived,
        SceneAt,
        SeedFrame,
        SessionToken,
        Usage,
        Validation,
        VersionDiff,
    )
    from worldkit.stores.local.import_export import Imported
    from worldkit.stores.protocol import Page, Version, Versions, WorldRef
    from worldkit.suites import RunResults, RunUpdates, SavedRun, check_runs, load_runs, save_run, update_runs
    from worldkit.widgets.api import compare, edit, play, workbench
    from worldkit.widgets.campaign_player import CampaignPlayer
    from worldkit.widgets.comparison import Comparison
    from worldkit.widgets.editor import Editor
    from worldkit.widgets.embed_api import embed
    from worldkit.widgets.embedded_cell import EmbeddedCell
    from worldkit.widgets.embedded_page import EmbeddedPage
    from worldkit.widgets.map_collections import MapNotes, MapRegions, MapTags, MapViews
    from worldkit.widgets.merge_view import MergeView
    from worldkit.widgets.player import Player
    from worldkit.widgets.saving_editor import SavingEditor
    from worldkit.widgets.store_editor import StoreEditor
    from worldkit.widgets.sync_state import EditConflict
    from worldkit.widgets.workbench import Workbench
    from worldkit.world import World, load, load_all

__all__ = [
    "Anchor",
    "ApiConflict",
    "ApiError",
    "ApiHeadVersion",
    "ApiNotFound",
    "ApiOpError",
    "ApiRuleViolation",
    "App",
    "AppKey",
    "Aspect",
    "AsyncClient",
    "AsyncPage",
    "AuthError",
    "Autopilot",
    "Budget",
    "Campaign",
    "CampaignExploration",
    "CampaignPlayer",
    "CampaignPosition",
    "CampaignSession",
    "CampaignTrace",
    "Changes",
    "ChoiceShare",
    "Client",
    "Comparison",
    "Conflict",
    "Connection",
    "Console",
    "CorruptStore",
    "Cover",
    "Coverage",
    "Cutscene",
    "DeadEnd",
    "DeadEvent",
    "Diagnostic",
    "Diagnostics",
    "Diff",
    "DiskFull",
    "Drive",
    "DwellFor",
    "EditConflict",
    "Edited",
    "Editor",
    "EmbeddedCell",
    "EmbeddedPage",
    "Ending",
    "EndingShare",
    "EndlessReactions",
    "Entrance",
    "EntranceImage",
    "Event",
    "Exploration",
    "Fact",
    "Fail",
    "FieldChange",
    "FileChanged",
    "FileError",
    "Finding",
    "Generated",
    "Grounded",
    "HandlerError",
    "HeadVersion",
    "Hotspot",
    "Imported",
    "Inexpressible",
    "Interrupted",
    "InvalidScript",
    "InvalidWorld",
    "Item",
    "Job",
    "JobFailed",
    "KeepCentered",
    "LandWhen",
    "Linting",
    "Lowered",
    "MapNotes",
    "MapRegions",
    "MapTags",
    "MapViews",
    "Merge",
    "MergeConflict",
    "MergeView",
    "MergeWarning",
    "MissingExtra",
    "MissingFile",
    "Mission",
    "MissionProgress",
    "NotAsApplied",
    "NotAssignable",
    "NotAvailable",
    "NotExpressible",
    "NotFound",
    "NowPlaying",
    "Objective",
    "Observation",
    "Offer",
    "OpError",
    "Outro",
    "Page",
    "Pair",
    "PartlyApplied",
    "Perceived",
    "Phase",
    "Picture",
    "PlayChanges",
    "Player",
    "Playtest",
    "Position",
    "Problem",
    "QuotaExceeded",
    "RateLimited",
    "Report",
    "Retelling",
    "Revision",
    "Rewrite",
    "RuleViolation",
    "RunResults",
    "RunUpdates",
    "Sample",
    "SavedRun",
    "SavingEditor",
    "Scene",
    "SceneAt",
    "ScopeError",
    "ScriptClash",
    "ScriptEdits",
    "SeedFrame",
    "Segment",
    "Sequence",
    "SequenceBeat",
    "ServiceUnavailable",
    "Session",
    "SessionEvent",
    "SessionToken",
    "SoftLock",
    "State",
    "Step",
    "Store",
    "StoreEditor",
    "StoreError",
    "StoredWorld",
    "Story",
    "StoryBeat",
    "Storyboard",
    "Terminal",
    "TextMatch",
    "Trace",
    "TraceError",
    "Unprocessable",
    "Unreachable",
    "UnsupportedVersion",
    "Usage",
    "Validation",
    "Variant",
    "Verdict",
    "Version",
    "VersionDiff",
    "Versions",
    "Waypoint",
    "Webhook",
    "Workbench",
    "World",
    "WorldError",
    "WorldRef",
    "WrongArgument",
    "WrongSignature",
    "check_runs",
    "compare",
    "diff",
    "edit",
    "embed",
    "explore",
    "explore_campaign",
    "explore_many",
    "from_text",
    "generate",
    "generate_many",
    "load",
    "load_all",
    "load_runs",
    "lower",
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
    "validate",
    "webhooks",
    "workbench",
]

_EXPORTS = {
    "worldkit.stores.api.account_results": (
        "App",
        "AppKey",
        "Webhook",
        "Connection",
    ),
    "worldkit.editing.lowering": (
        "lower",
        "Lowered",
        "Inexpressible",
    ),
    "worldkit.editing.replace": ("TextMatch",),
    "worldkit.illustration.picture": ("Picture",),
    "worldkit.illustration.storyboard": ("Storyboard",),
    "worldkit.interop.script": (
        "ScriptClash",
        "ScriptEdits",
    ),
    "worldkit.campaigns": (
        "CampaignSession",
        "CampaignTrace",
        "explore_campaign",
        "replay_campaign",
    ),
    "worldkit.campaigns.act_graph": ("CampaignExploration",),
    "worldkit.campaigns.act_transition": ("CampaignPosition",),
    "worldkit.campaigns.document": ("Campaign",),
    "worldkit.campaigns.trace": ("Segment",),
    "worldkit.comparison": (
        "Diff",
        "Merge",
        "MergeConflict",
        "MergeWarning",
        "diff",
        "merge",
    ),
    "worldkit.comparison.deep": ("PlayChanges",),
    "worldkit.comparison.fields": ("FieldChange",),
    "worldkit.comparison.world_diff": ("Changes",),
    "worldkit.core.diagnostics": (
        "Diagnostic",
        "Diagnostics",
        "Item",
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
        "EndlessReactions",
        "FileChanged",
        "FileError",
        "HeadVersion",
        "InvalidScript",
        "InvalidWorld",
        "JobFailed",
        "MissingExtra",
        "MissingFile",
        "NotAssignable",
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
        "WrongSignature",
        "NotExpressible",
        "PartlyApplied",
        "NotAsApplied",
    ),
    "worldkit.core.model": (
        "Anchor",
        "Aspect",
        "Autopilot",
        "Cutscene",
        "Drive",
        "DwellFor",
        "Ending",
        "Entrance",
        "EntranceImage",
        "Event",
        "Fact",
        "Fail",
        "Grounded",
        "KeepCentered",
        "LandWhen",
        "Mission",
        "Objective",
        "Outro",
        "Pair",
        "Phase",
        "Scene",
        "Sequence",
        "SequenceBeat",
        "State",
        "Story",
        "StoryBeat",
        "Terminal",
        "Variant",
        "Waypoint",
    ),
    "worldkit.core.schema_validation": ("validate",),
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
    "worldkit.generation.pipeline.report": ("Report",),
    "worldkit.generation.revision.revision": (
        "Revision",
        "revise",
    ),
    "worldkit.generation.revision.variants": (
        "Rewrite",
        "rewrite",
    ),
    "worldkit.generation.story.chapter_run": ("from_text",),
    "worldkit.generation.story.retelling": ("Retelling",),
    "worldkit.playing": (
        "Offer",
        "Position",
        "Session",
        "Step",
        "Trace",
        "TraceError",
        "replay",
    ),
    "worldkit.playing.console": ("Console",),
    "worldkit.playing.evidence": (
        "Observation",
        "Sample",
    ),
    "worldkit.playing.handlers": ("HandlerError",),
    "worldkit.playing.missions": ("MissionProgress",),
    "worldkit.playing.now_playing": ("NowPlaying",),
    "worldkit.playing.subscriptions": ("SessionEvent",),
    "worldkit.ruleset.gate": ("Verdict",),
    "worldkit.simulation": (
        "Playtest",
        "playtest",
        "playtest_many",
    ),
    "worldkit.simulation.pacing": (
        "ChoiceShare",
        "Coverage",
        "EndingShare",
    ),
    "worldkit.stores": (
        "Store",
        "StoredWorld",
    ),
    "worldkit.stores.api": (
        "AsyncClient",
        "Client",
    ),
    "worldkit.stores.api.results": (
        "AsyncPage",
        "Edited",
        "Hotspot",
        "Job",
        "Linting",
        "Perceived",
        "SceneAt",
        "SeedFrame",
        "SessionToken",
        "Usage",
        "Validation",
        "VersionDiff",
    ),
    "worldkit.stores.local.import_export": ("Imported",),
    "worldkit.stores.protocol": (
        "Page",
        "Version",
        "Versions",
        "WorldRef",
    ),
    "worldkit.suites": (
        "RunResults",
        "RunUpdates",
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
        "workbench",
    ),
    "worldkit.widgets.comparison": ("Comparison",),
    "worldkit.widgets.campaign_player": ("CampaignPlayer",),
    "worldkit.widgets.editor": ("Editor",),
    "worldkit.widgets.map_collections": ("MapNotes", "MapRegions", "MapTags", "MapViews"),
    "worldkit.widgets.merge_view": ("MergeView",),
    "worldkit.widgets.player": ("Player",),
    "worldkit.widgets.embed_api": ("embed",),
    "worldkit.widgets.embedded_cell": ("EmbeddedCell",),
    "worldkit.widgets.embedded_page": ("EmbeddedPage",),
    "worldkit.widgets.saving_editor": ("SavingEditor",),
    "worldkit.widgets.store_editor": ("StoreEditor",),
    "worldkit.widgets.sync_state": ("EditConflict",),
    "worldkit.widgets.workbench": ("Workbench",),
    "worldkit.world": (
        "World",
        "load",
        "load_all",
    ),
}
"""Public names by the module that holds them."""

_MODULE_OF = {name: module for module, names in _EXPORTS.items() for name in names}
_SUBMODULES = ("ops", "rules", "samples", "webhooks")


def __getattr__(name: str) -> Any:
    if name in _SUBMODULES:
        return import_module(f"{__name__}.{name}")
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_MODULE_OF[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
