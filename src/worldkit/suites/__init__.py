"""Saved runs: a run kept as a file, checked against later versions of its world, and recorded again on request."""

from __future__ import annotations

from worldkit.suites.checks import RunResults, check_runs
from worldkit.suites.saved_runs import RUN_SUFFIX, SavedRun, load_run, load_runs, save_run
from worldkit.suites.updates import RunUpdates, update_runs

__all__ = [
    "RUN_SUFFIX",
    "RunResults",
    "RunUpdates",
    "SavedRun",
    "check_runs",
    "load_run",
    "load_runs",
    "save_run",
    "update_runs",
]
