"""Exhaustive play: every position a world can get into, and what is wrong with them (docs/spec/runtime.md)."""

from __future__ import annotations

from worldkit.exploration.batch import explore_many
from worldkit.exploration.budget import Budget, Cancelled
from worldkit.exploration.counted import explore_counted, plays_the_same
from worldkit.exploration.cover import Cover
from worldkit.exploration.dead_events import DeadEvent
from worldkit.exploration.executors import BatchInterrupted, map_items
from worldkit.exploration.exhaustive import explore
from worldkit.exploration.finding import Finding
from worldkit.exploration.mask_sets import EngineAnswer
from worldkit.exploration.result import Exploration
from worldkit.exploration.softlocks import DeadEnd, SoftLock
from worldkit.exploration.transition_system import TransitionSystem, build_system

__all__ = [
    "BatchInterrupted",
    "Budget",
    "Cancelled",
    "Cover",
    "DeadEnd",
    "DeadEvent",
    "EngineAnswer",
    "Exploration",
    "Finding",
    "SoftLock",
    "TransitionSystem",
    "build_system",
    "explore",
    "explore_counted",
    "explore_many",
    "map_items",
    "plays_the_same",
]
