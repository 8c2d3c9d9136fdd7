"""worldkit: load, generate, edit, compare and play-test SMWorld graphs in Jupyter.

What is public is in ``__all__``, and in ``worldkit.envs``, ``worldkit.ops``, ``worldkit.painters``,
``worldkit.rules``, ``worldkit.samples`` and ``worldkit.webhooks``. A public name is imported when it is first used
(PEP 562), so that ``import worldkit`` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from worldkit import renderers as _renderers  # noqa: F401 - registers what upper layers offer to lower ones
from worldkit.core.version import __version__ as __version__

if TYPE_CHECKING:
    from worldkit import envs as envs
    from worldkit import ops as ops
    from worldkit import painters as painters
    from worldkit import rules as rules
    from worldkit import samples as samples
    from worldkit import webhooks as webhooks
    from worldkit.assessment.result import Quality as Quality
    from worldkit.assessment.result import quality as quality
    from worldkit.builder import Builder as Builder
    from worldkit.builder import build as build
    from worldkit.campaigns import CampaignSession as CampaignSession
    from worldkit.campaigns import CampaignTrace as CampaignTrace
    from worldkit.campaigns import explore_campaign as explore_campaign
    from worldkit.campaigns import replay_campaign as replay_campaign
    from worldkit.campaigns.act_graph import CampaignExploration as CampaignExploration
    from worldkit.campaigns.act_transition import CampaignPosition as CampaignPosition
    from worldkit.campaigns.document import Campaign as Campaign
    from worldkit.campaigns.trace import Segment as Segment
    from worldkit.comparison import Diff as Diff
    from worldkit.comparison import Merge as Merge
    from worldkit.comparison import MergeConflict as MergeConflict
    from worldkit.comparison import MergeWarning as MergeWarning
    from worldkit.comparison import diff as diff
    from worldkit.comparison import merge as merge
    from worldkit.comparison.deep import PlayChanges as PlayChanges
    from worldkit.comparison.fields import FieldChange as FieldChange
    from worldkit.comparison.world_diff import Changes as Changes
    from worldkit.core.diagnostics import Diagnostic as Diagnostic
    from worldkit.core.diagnostics import Diagnostics as Diagnostics
    from worldkit.core.diagnostics import Item as Item
    from worldkit.core.errors import ApiConflict as ApiConflict
    from worldkit.core.errors import ApiError as ApiError
    from worldkit.core.errors import ApiHeadVersion as ApiHeadVersion
    from worldkit.core.errors import ApiNotFound as ApiNotFound
    from worldkit.core.errors import ApiOpError as ApiOpError
    from worldkit.core.errors import ApiRuleViolation as ApiRuleViolation
    from worldkit.core.errors import AuthError as AuthError
    from worldkit.core.errors import Conflict as Conflict
    from worldkit.core.errors import CorruptStore as CorruptStore
    from worldkit.core.errors import DiskFull as DiskFull
    from worldkit.core.errors import EndlessReactions as EndlessReactions
    from worldkit.core.errors import FileChanged as FileChanged
    from worldkit.core.errors import FileError as FileError
    from worldkit.core.errors import HeadVersion as HeadVersion
    from worldkit.core.errors import InvalidScript as InvalidScript
    from worldkit.core.errors import InvalidStory as InvalidStory
    from worldkit.core.errors import InvalidWorld as InvalidWorld
    from worldkit.core.errors import JobFailed as JobFailed
    from worldkit.core.errors import MissingExtra as MissingExtra
    from worldkit.core.errors import MissingFile as MissingFile
    from worldkit.core.errors import ModelError as ModelError
    from worldkit.core.errors import NoSuchKey as NoSuchKey
    from worldkit.core.errors import NotAsApplied as NotAsApplied
    from worldkit.core.errors import NotAssignable as NotAssignable
    from worldkit.core.errors import NotAvailable as NotAvailable
    from worldkit.core.errors import NotExpressible as NotExpressible
    from worldkit.core.errors import NotFound as NotFound
    from worldkit.core.errors import OpError as OpError
    from worldkit.core.errors import PainterRefused as PainterRefused
    from worldkit.core.errors import PartlyApplied as PartlyApplied
    from worldkit.core.errors import Problem as Problem
    from worldkit.core.errors import QuotaExceeded as QuotaExceeded
    from worldkit.core.errors import RateLimited as RateLimited
    from worldkit.core.errors import RuleViolation as RuleViolation
    from worldkit.core.errors import ScopeError as ScopeError
    from worldkit.core.errors import ServiceUnavailable as ServiceUnavailable
    from worldkit.core.errors import StoreError as StoreError
    from worldkit.core.errors import Unprocessable as Unprocessable
    from worldkit.core.errors import Unreachable as Unreachable
    from worldkit.core.errors import UnsupportedVersion as UnsupportedVersion
    from worldkit.core.errors import WorldError as WorldError
    from worldkit.core.errors import WrongArgument as WrongArgument
    from worldkit.core.errors import WrongSignature as WrongSignature
    from worldkit.core.model import Anchor as Anchor
    from worldkit.core.model import Aspect as Aspect
    from worldkit.core.model import Autopilot as Autopilot
    from worldkit.core.model import Cutscene as Cutscene
    from worldkit.core.model import Drive as Drive
    from worldkit.core.model import DwellFor as DwellFor
    from worldkit.core.model import Ending as Ending
    from worldkit.core.model import Entrance as Entrance
    from worldkit.core.model import EntranceImage as EntranceImage
    from worldkit.core.model import Event as Event
    from worldkit.core.model import Fact as Fact
    from worldkit.core.model import Fail as Fail
    from worldkit.core.model import Grounded as Grounded
    from worldkit.core.model import KeepCentered as KeepCentered
    from worldkit.core.model import LandWhen as LandWhen
    from worldkit.core.model import Mission as Mission
    from worldkit.core.model import Objective as Objective
    from worldkit.core.model import Outro as Outro
    from worldkit.core.model import Pair as Pair
    from worldkit.core.model import Phase as Phase
    from worldkit.core.model import Scene as Scene
    from worldkit.core.model import Sequence as Sequence
    from worldkit.core.model import SequenceBeat as SequenceBeat
    from worldkit.core.model import State as State
    from worldkit.core.model import Story as Story
    from worldkit.core.model import StoryBeat as StoryBeat
    from worldkit.core.model import Terminal as Terminal
    from worldkit.core.model import Variant as Variant
    from worldkit.core.model import Waypoint as Waypoint
    from worldkit.core.read_only import ReadOnlyError as ReadOnlyError
    from worldkit.core.schema_validation import validate as validate
    from worldkit.editing.lowering import Inexpressible as Inexpressible
    from worldkit.editing.lowering import Lowered as Lowered
    from worldkit.editing.lowering import lower as lower
    from worldkit.editing.replace import TextMatch as TextMatch
    from worldkit.exploration import Budget as Budget
    from worldkit.exploration import Cover as Cover
    from worldkit.exploration import DeadEnd as DeadEnd
    from worldkit.exploration import DeadEvent as DeadEvent
    from worldkit.exploration import Exploration as Exploration
    from worldkit.exploration import Finding as Finding
    from worldkit.exploration import SoftLock as SoftLock
    from worldkit.exploration import explore as explore
    from worldkit.exploration import explore_many as explore_many
    from worldkit.generation import Generated as Generated
    from worldkit.generation import Interrupted as Interrupted
    from worldkit.generation import generate as generate
    from worldkit.generation import generate_many as generate_many
    from worldkit.generation import generate_with_report as generate_with_report
    from worldkit.generation.action.capable_model import NoCapableModel as NoCapableModel
    from worldkit.generation.action.capable_model import console_voice as console_voice
    from worldkit.generation.action.proposal import ActionProposal as ActionProposal
    from worldkit.generation.action.proposal import propose_action as propose_action
    from worldkit.generation.engines.base import TaskRefused as TaskRefused
    from worldkit.generation.pipeline.report import Report as Report
    from worldkit.generation.revision.reviser import revise as revise
    from worldkit.generation.revision.revision import Revision as Revision
    from worldkit.generation.revision.rewriting import Rewrite as Rewrite
    from worldkit.generation.revision.rewriting import rewrite as rewrite
    from worldkit.generation.story.retelling import Retelling as Retelling
    from worldkit.generation.story.retelling import from_text as from_text
    from worldkit.illustration.picture import Picture as Picture
    from worldkit.illustration.storyboard import Storyboard as Storyboard
    from worldkit.imports import import_ as import_
    from worldkit.interop.script import ScriptClash as ScriptClash
    from worldkit.interop.script import ScriptEdits as ScriptEdits
    from worldkit.interop.stories.imported import Imported as Imported
    from worldkit.interop.stories.machine import Loss as Loss
    from worldkit.interop.stories.machine import Machine as Machine
    from worldkit.interop.stories.machine import MachineNode as MachineNode
    from worldkit.interop.stories.machine import MachineTransition as MachineTransition
    from worldkit.interop.stories.twee_export import Exported as Exported
    from worldkit.painting.text_to_image.painting_call import paint as paint
    from worldkit.painting.text_to_image.stills import PaintInterrupted as PaintInterrupted
    from worldkit.painting.text_to_image.stills import Stills as Stills
    from worldkit.playing import Offer as Offer
    from worldkit.playing import Position as Position
    from worldkit.playing import Session as Session
    from worldkit.playing import Step as Step
    from worldkit.playing import Trace as Trace
    from worldkit.playing import TraceError as TraceError
    from worldkit.playing import replay as replay
    from worldkit.playing.console import Console as Console
    from worldkit.playing.evidence import Observation as Observation
    from worldkit.playing.evidence import Sample as Sample
    from worldkit.playing.handlers import HandlerError as HandlerError
    from worldkit.playing.missions import MissionProgress as MissionProgress
    from worldkit.playing.now_playing import NowPlaying as NowPlaying
    from worldkit.playing.subscriptions import SessionEvent as SessionEvent
    from worldkit.properties import Condition as Condition
    from worldkit.properties import Properties as Properties
    from worldkit.properties import Property as Property
    from worldkit.properties import PropertyError as PropertyError
    from worldkit.properties import PropertyResult as PropertyResult
    from worldkit.properties import PropertyResults as PropertyResults
    from worldkit.properties import always as always
    from worldkit.properties import at_most as at_most
    from worldkit.properties import before as before
    from worldkit.properties import check as check
    from worldkit.properties import condition as condition
    from worldkit.properties import leads_to as leads_to
    from worldkit.properties import load_properties as load_properties
    from worldkit.properties import never as never
    from worldkit.properties import possible as possible
    from worldkit.properties import suggest_properties as suggest_properties
    from worldkit.properties import until as until
    from worldkit.properties import within as within
    from worldkit.ruleset.gate import Verdict as Verdict
    from worldkit.simulation import BrokenChances as BrokenChances
    from worldkit.simulation import Chance as Chance
    from worldkit.simulation import Odds as Odds
    from worldkit.simulation import OddsComparison as OddsComparison
    from worldkit.simulation import Playtest as Playtest
    from worldkit.simulation import WeightedPolicy as WeightedPolicy
    from worldkit.simulation import fit_policy as fit_policy
    from worldkit.simulation import odds as odds
    from worldkit.simulation import playtest as playtest
    from worldkit.simulation import playtest_many as playtest_many
    from worldkit.simulation.pacing import ChoiceShare as ChoiceShare
    from worldkit.simulation.pacing import Coverage as Coverage
    from worldkit.simulation.pacing import EndingShare as EndingShare
    from worldkit.simulation.pacing_result import EndingPace as EndingPace
    from worldkit.simulation.pacing_result import Pacing as Pacing
    from worldkit.simulation.story_pacing import pacing as pacing
    from worldkit.stores import Store as Store
    from worldkit.stores import StoredWorld as StoredWorld
    from worldkit.stores.api import AsyncClient as AsyncClient
    from worldkit.stores.api import Client as Client
    from worldkit.stores.api.account_results import App as App
    from worldkit.stores.api.account_results import AppKey as AppKey
    from worldkit.stores.api.account_results import Connection as Connection
    from worldkit.stores.api.account_results import Webhook as Webhook
    from worldkit.stores.api.results import AsyncPage as AsyncPage
    from worldkit.stores.api.results import Edited as Edited
    from worldkit.stores.api.results import Hotspot as Hotspot
    from worldkit.stores.api.results import Job as Job
    from worldkit.stores.api.results import Linting as Linting
    from worldkit.stores.api.results import Perceived as Perceived
    from worldkit.stores.api.results import SceneAt as SceneAt
    from worldkit.stores.api.results import SeedFrame as SeedFrame
    from worldkit.stores.api.results import SessionToken as SessionToken
    from worldkit.stores.api.results import Usage as Usage
    from worldkit.stores.api.results import Validation as Validation
    from worldkit.stores.api.results import VersionDiff as VersionDiff
    from worldkit.stores.local.import_export import StoreImport as StoreImport
    from worldkit.stores.pages import Page as Page
    from worldkit.stores.pages import WorldRef as WorldRef
    from worldkit.stores.versions import Version as Version
    from worldkit.stores.versions import Versions as Versions
    from worldkit.suites import RunResults as RunResults
    from worldkit.suites import RunUpdates as RunUpdates
    from worldkit.suites import SavedRun as SavedRun
    from worldkit.suites import check_runs as check_runs
    from worldkit.suites import load_runs as load_runs
    from worldkit.suites import save_run as save_run
    from worldkit.suites import update_runs as update_runs
    from worldkit.widgets.api import compare as compare
    from worldkit.widgets.api import edit as edit
    from worldkit.widgets.api import play as play
    from worldkit.widgets.api import workbench as workbench
    from worldkit.widgets.campaign_player import CampaignPlayer as CampaignPlayer
    from worldkit.widgets.comparison import Comparison as Comparison
    from worldkit.widgets.editor import Editor as Editor
    from worldkit.widgets.embed_api import embed as embed
    from worldkit.widgets.embedded_cell import EmbeddedCell as EmbeddedCell
    from worldkit.widgets.embedded_page import EmbeddedPage as EmbeddedPage
    from worldkit.widgets.map_collections import MapNotes as MapNotes
    from worldkit.widgets.map_collections import MapRegions as MapRegions
    from worldkit.widgets.map_collections import MapTags as MapTags
    from worldkit.widgets.map_collections import MapViews as MapViews
    from worldkit.widgets.merge_view import MergeView as MergeView
    from worldkit.widgets.player import Player as Player
    from worldkit.widgets.saving_editor import SavingEditor as SavingEditor
    from worldkit.widgets.store_editor import StoreEditor as StoreEditor
    from worldkit.widgets.sync_state import EditConflict as EditConflict
    from worldkit.widgets.workbench import Workbench as Workbench
    from worldkit.world import World as World
    from worldkit.world import from_frames as from_frames
    from worldkit.world import from_networkx as from_networkx
    from worldkit.world import load as load
    from worldkit.world import load_all as load_all
    from worldkit.world_files import Scan as Scan
    from worldkit.world_files import ScanRow as ScanRow
    from worldkit.world_files import scan as scan

_EXPORTS = {
    "worldkit.generation.action.capable_model": ("NoCapableModel", "console_voice"),
    "worldkit.generation.action.proposal": ("ActionProposal", "propose_action"),
    "worldkit.assessment.result": ("Quality", "quality"),
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
    "worldkit.painting.text_to_image.painting_call": ("paint",),
    "worldkit.painting.text_to_image.stills": (
        "PaintInterrupted",
        "Stills",
    ),
    "worldkit.imports": ("import_",),
    "worldkit.interop.stories.imported": ("Imported",),
    "worldkit.interop.stories.machine": ("Loss", "Machine", "MachineNode", "MachineTransition"),
    "worldkit.interop.stories.twee_export": ("Exported",),
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
        "InvalidStory",
        "InvalidWorld",
        "JobFailed",
        "MissingExtra",
        "MissingFile",
        "ModelError",
        "NoSuchKey",
        "NotAssignable",
        "NotAvailable",
        "NotFound",
        "OpError",
        "PainterRefused",
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
    "worldkit.core.read_only": ("ReadOnlyError",),
    "worldkit.generation.engines.base": ("TaskRefused",),
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
        "generate_with_report",
    ),
    "worldkit.generation.pipeline.report": ("Report",),
    "worldkit.generation.revision.reviser": ("revise",),
    "worldkit.generation.revision.revision": ("Revision",),
    "worldkit.generation.revision.rewriting": (
        "Rewrite",
        "rewrite",
    ),
    "worldkit.generation.story.retelling": ("Retelling", "from_text"),
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
    "worldkit.properties": (
        "Condition",
        "Properties",
        "Property",
        "PropertyError",
        "PropertyResult",
        "PropertyResults",
        "always",
        "at_most",
        "before",
        "check",
        "condition",
        "leads_to",
        "load_properties",
        "never",
        "possible",
        "suggest_properties",
        "until",
        "within",
    ),
    "worldkit.ruleset.gate": ("Verdict",),
    "worldkit.simulation": (
        "BrokenChances",
        "Chance",
        "Odds",
        "OddsComparison",
        "WeightedPolicy",
        "fit_policy",
        "odds",
        "Playtest",
        "playtest",
        "playtest_many",
    ),
    "worldkit.simulation.pacing": (
        "ChoiceShare",
        "Coverage",
        "EndingShare",
    ),
    "worldkit.simulation.pacing_result": ("EndingPace", "Pacing"),
    "worldkit.simulation.story_pacing": ("pacing",),
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
    "worldkit.stores.local.import_export": ("StoreImport",),
    "worldkit.stores.pages": ("Page", "WorldRef"),
    "worldkit.stores.versions": ("Version", "Versions"),
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
    "worldkit.builder": ("Builder", "build"),
    "worldkit.world_files": ("Scan", "ScanRow", "scan"),
    "worldkit.world": (
        "World",
        "from_frames",
        "from_networkx",
        "load",
        "load_all",
    ),
}
"""Public names by the module that holds them."""

_MODULE_OF = {name: module for module, names in _EXPORTS.items() for name in names}
_SUBMODULES = ("envs", "ops", "painters", "rules", "samples", "webhooks")

_PUBLIC_NAMES = sorted((*_SUBMODULES, *_MODULE_OF))
if not TYPE_CHECKING:  # mypy takes a list that it cannot read for an empty one
    __all__ = _PUBLIC_NAMES


def __getattr__(name: str) -> Any:
    if name in _SUBMODULES:
        return import_module(f"{__name__}.{name}")
    if name not in _MODULE_OF:
        if name.startswith("_"):  # asked for by tools: pytest looks for four such names in every file of tests
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        near = import_module("worldkit.core.quoting").did_you_mean(name, _PUBLIC_NAMES)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}{near}")
    value = globals()[name] = getattr(import_module(_MODULE_OF[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted({*_PUBLIC_NAMES, "__all__", "__doc__", "__version__"})
