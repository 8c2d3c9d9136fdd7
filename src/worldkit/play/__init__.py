"""Playing a world: the stepper, its session and record, prompts, missions, traces (contract/runtime.md)."""

from __future__ import annotations

from worldkit.play.bus import Happening
from worldkit.play.console import Console
from worldkit.play.evidence import Observation, Sample, luminance, motion, sample
from worldkit.play.missions import MissionProgress, ObjectiveProgress, progress
from worldkit.play.offers import Offer
from worldkit.play.position import Position
from worldkit.play.prompts import budget, event_prompt, phase_prompt, prompt
from worldkit.play.replay import replay
from worldkit.play.session import Session
from worldkit.play.trace import Step, Trace, TraceError
from worldkit.play.underway import Ahead, NowPlaying

__all__ = [
    "Ahead",
    "Console",
    "Happening",
    "MissionProgress",
    "NowPlaying",
    "ObjectiveProgress",
    "Observation",
    "Offer",
    "Position",
    "Sample",
    "Session",
    "Step",
    "Trace",
    "TraceError",
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
