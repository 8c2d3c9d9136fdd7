"""Playing a world: the stepper, its session and record, prompts, missions, traces (docs/spec/runtime.md)."""

from __future__ import annotations

from worldkit.playing.console import Console
from worldkit.playing.evidence import Observation, Sample, luminance, motion, sample
from worldkit.playing.missions import MissionProgress, ObjectiveProgress, progress
from worldkit.playing.now_playing import NowPlaying, WaypointStatus
from worldkit.playing.offers import Offer
from worldkit.playing.position import Position
from worldkit.playing.prompts import budget, event_prompt, phase_prompt, prompt
from worldkit.playing.run_replay import replay
from worldkit.playing.session import Session
from worldkit.playing.subscriptions import SessionEvent
from worldkit.playing.trace import Step, Trace, TraceError

__all__ = [
    "Console",
    "MissionProgress",
    "NowPlaying",
    "ObjectiveProgress",
    "Observation",
    "Offer",
    "Position",
    "Sample",
    "Session",
    "SessionEvent",
    "Step",
    "Trace",
    "TraceError",
    "WaypointStatus",
    "budget",
    "event_prompt",
    "luminance",
    "motion",
    "phase_prompt",
    "progress",
    "prompt",
    "replay",
    "sample",
]
