"""A playtest as plain rows, for JSON and for pandas."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from worldkit.core.errors import MissingExtra
from worldkit.core.json_values import Json, quote
from worldkit.playing.transition_table import table_of
from worldkit.simulation.tally import OUTCOMES

if TYPE_CHECKING:
    import pandas

    from worldkit.simulation.result import Playtest

Row = dict[str, Any]


FORMAT = "smworld-playtest"
VERSION = 1


def _event_rows(played: Playtest) -> list[Row]:
    actions_by_name = table_of(played.world).by_name
    return [
        {
            "event": name,
            "kind": actions_by_name[name][0].kind,
            "hidden": actions_by_name[name][0].hidden,
            "code_only": name in played.code_only,
            "fired": count,
            "first_run": played.first_run(name, "event"),
        }
        for name, count in played.event_hits.items()
    ]


def _state_rows(played: Playtest) -> list[Row]:
    endings = table_of(played.world).endings
    return [
        {
            "state": id,
            "ending": id in endings,
            "entered": count,
            "first_run": played.first_run(id, "state"),
            "stuck_runs": played.stuck_in.get(id, 0),
            "out_of_steps_runs": played.out_of_steps_in.get(id, 0),
        }
        for id, count in played.state_hits.items()
    ]


def _ending_rows(played: Playtest) -> list[Row]:
    rows = []
    for ending in played.endings_by_share:
        row: Row = {name: getattr(ending, name) for name in ("state", "title", "kind", "runs", "share", "low", "high")}
        for name in ("steps", "seconds"):
            percentiles = getattr(ending, name)
            for part in ("low", "median", "high"):
                row[f"{name}_{part}"] = None if percentiles is None else getattr(percentiles, part)
        rows.append(row)
    return rows


def _choice_rows(played: Playtest) -> list[Row]:
    return [asdict(choice) for choice in played.choices()]


def _run_rows(played: Playtest) -> list[Row]:
    tally, states = played.tally, list(played.state_hits)
    return [
        {
            "run": run,
            "outcome": OUTCOMES[tally.outcomes[run]],
            "state": states[tally.ends[run]],
            "steps": tally.steps[run],
            "waits": tally.waits[run],
            "clock_ms": tally.clocks[run],
            "seconds": played.seconds_of(run, played.choose_ms),
        }
        for run in range(played.runs)
    ]


# what: its columns, so that an empty table has them too, and its rows
_TABLES: dict[str, tuple[str, Callable[[Playtest], list[Row]]]] = {
    "events": ("event kind hidden code_only fired first_run", _event_rows),
    "states": ("state ending entered first_run stuck_runs out_of_steps_runs", _state_rows),
    "endings": (
        "state title kind runs share low high steps_low steps_median steps_high "
        "seconds_low seconds_median seconds_high",
        _ending_rows,
    ),
    "choices": ("state name label by offered taken share", _choice_rows),
    "runs": ("run outcome state steps waits clock_ms seconds", _run_rows),
}


def to_frame(played: Playtest, what: str) -> pandas.DataFrame:
    """Return a table of a playtest as a DataFrame; a first run that never was is ``<NA>``."""
    if what not in _TABLES:
        raise ValueError(f"there is no table {quote(what)}; expected one of {', '.join(_TABLES)}")
    try:
        import pandas
    except ImportError:
        raise MissingExtra("Playtest.to_frame", "lab", "pandas") from None
    columns, rows = _TABLES[what]
    frame = pandas.DataFrame(rows(played), columns=columns.split())
    if "first_run" in frame:
        frame["first_run"] = frame["first_run"].astype("Int64")
    return frame


def to_dict(played: Playtest) -> Json:
    """Return a playtest as JSON values: everything but the single runs."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "verdict": played.verdict,
        "world": played.world.name or played.world.id or "",
        "policy": played.policy,
        "seed": played.seed,
        "start": played.at.to_dict(),
        "steps": played.steps,
        "chooseMs": played.choose_ms,
        "asked": played.asked,
        "runs": played.runs,
        "totalSteps": played.total_steps,
        "seconds": round(played.seconds, 6),
        "outcomes": dict(played.outcomes),
        "coverage": {
            name: {"seen": part.seen, "total": part.total, "reachable": part.reachable, "share": part.share}
            for name, part in played.coverage.items()
        },
        "endings": [asdict(ending) for ending in played.endings_by_share],
        "states": dict(played.state_hits),
        "events": dict(played.event_hits),
        "sequences": dict(played.sequence_hits),
        "codeOnly": sorted(played.code_only),
        "stuckIn": dict(played.stuck_in),
        "outOfStepsIn": dict(played.out_of_steps_in),
        "choices": [asdict(choice) for choice in played.choices()],
        "refusals": [{"state": state, "reason": why, "runs": n} for (state, why), n in played.refusals.items()],
    }
