"""A playtest in one sentence, and as plain rows for JSON and for pandas."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from worldkit.core.argument_checks import refusal
from worldkit.core.dataframe import frame
from worldkit.core.json_values import Json
from worldkit.core.quoting import format_count
from worldkit.playing.transition_table import table_of
from worldkit.simulation.pacing import format_percent
from worldkit.simulation.tally import OUTCOMES

if TYPE_CHECKING:
    import pandas

    from worldkit.simulation.result import Playtest

Row = dict[str, Any]

FORMAT = "smworld-playtest"
VERSION = 1


def _event_rows(playtest: Playtest) -> list[Row]:
    actions_by_name = table_of(playtest.world).by_name
    return [
        {
            "event": name,
            "kind": actions_by_name[name][0].kind,
            "hidden": actions_by_name[name][0].is_hidden,
            "code_only": name in playtest.code_only,
            "fired": count,
            "first_run": playtest.first_run(name, "event"),
        }
        for name, count in playtest.event_hits.items()
    ]


def _state_rows(playtest: Playtest) -> list[Row]:
    endings = table_of(playtest.world).endings
    return [
        {
            "state": id,
            "ending": id in endings,
            "entered": count,
            "first_run": playtest.first_run(id, "state"),
            "stuck_runs": playtest.stuck_in.get(id, 0),
            "out_of_steps_runs": playtest.out_of_steps_in.get(id, 0),
        }
        for id, count in playtest.state_hits.items()
    ]


def _ending_rows(playtest: Playtest) -> list[Row]:
    rows = []
    for ending in playtest.endings_by_share:
        row: Row = {name: getattr(ending, name) for name in ("state", "title", "kind", "runs", "share", "low", "high")}
        for name in ("steps", "seconds"):
            percentiles = getattr(ending, name)
            for part in ("low", "median", "high"):
                row[f"{name}_{part}"] = None if percentiles is None else getattr(percentiles, part)
        rows.append(row)
    return rows


def _choice_rows(playtest: Playtest) -> list[Row]:
    return [asdict(choice) for choice in playtest.choices()]


def _run_rows(playtest: Playtest) -> list[Row]:
    tally, states = playtest.tally, list(playtest.state_hits)
    return [
        {
            "run": run,
            "outcome": OUTCOMES[tally.outcomes[run]],
            "state": states[tally.ends[run]],
            "steps": tally.steps[run],
            "waits": tally.waits[run],
            "clock_ms": tally.clocks[run],
            "seconds": playtest.seconds_of(run, playtest.choose_ms),
        }
        for run in range(playtest.runs)
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


def to_frame(playtest: Playtest, what: str) -> pandas.DataFrame:
    """Return a table of a playtest as a DataFrame; a first run that never was is ``<NA>``."""
    if what not in _TABLES:
        raise refusal("what", f"one of {', '.join(_TABLES)}", what)
    columns, rows = _TABLES[what]
    table = frame("Playtest.to_frame", rows(playtest), columns.split())
    if "first_run" in table:
        table["first_run"] = table["first_run"].astype("Int64")
    return table


def to_dict(playtest: Playtest) -> Json:
    """Return a playtest as JSON values: everything but the single runs."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "verdict": playtest.verdict,
        "world": playtest.world.name or playtest.world.id or "",
        "policy": playtest.policy,
        "seed": playtest.seed,
        "start": playtest.at.to_dict(),
        "steps": playtest.steps,
        "chooseMs": playtest.choose_ms,
        "asked": playtest.asked,
        "runs": playtest.runs,
        "totalSteps": playtest.total_steps,
        "seconds": round(playtest.seconds, 6),
        "outcomes": dict(playtest.outcomes),
        "coverage": {
            name: {"seen": part.seen, "total": part.total, "reachable": part.reachable, "share": part.share}
            for name, part in playtest.coverage.items()
        },
        "endings": [asdict(ending) for ending in playtest.endings_by_share],
        "states": dict(playtest.state_hits),
        "events": dict(playtest.event_hits),
        "sequences": dict(playtest.sequence_hits),
        "codeOnly": sorted(playtest.code_only),
        "stuckIn": dict(playtest.stuck_in),
        "outOfStepsIn": dict(playtest.out_of_steps_in),
        "choices": [asdict(choice) for choice in playtest.choices()],
        "refusals": [{"state": state, "reason": why, "runs": n} for (state, why), n in playtest.refusals.items()],
    }


def summarize(playtest: Playtest) -> str:
    """Return the result of a playtest in one sentence: how the plays ended, and how much they saw."""
    if not playtest.runs:
        return f"Cancelled before the first of {playtest.asked:,} plays was over."
    parts = []
    total, endings_reached = len(table_of(playtest.world).endings), len(playtest.endings)
    if total:
        share_ended = f"{format_percent(playtest.ended, playtest.runs)} reached an ending"
        parts.append(f"{share_ended} ({endings_reached} of {total} endings)" if total > 1 else share_ended)
    else:
        parts.append("the world has no ending to reach")
    outcome_words = {
        "stuck": "got stuck",
        "out of steps": f"ran out of {format_count(playtest.steps, 'step')}",
    }
    outcome_words |= {"stopped": "came to the end of the script", "refused": "were refused what the script wanted"}
    parts += [
        f"{format_percent(playtest.outcomes[k], playtest.runs)} {words}"
        for k, words in outcome_words.items()
        if playtest.outcomes[k]
    ]
    part = playtest.coverage["events"]
    qualifier = "" if part.reachable is None else " that can be fired"
    player_name = "they" if playtest.runs > 1 else "it"
    coverage_text = f"{player_name} fired {part.seen:,} of {format_count(part.of, 'event')}{qualifier}"
    coverage_text = coverage_text if part.of else "there is no event to fire"
    count = f"{playtest.runs:,} {{}}play{'s' * (playtest.runs != 1)}"
    manner = {"uniform": "random ", "novelty": "novelty "}.get(playtest.policy)
    plays = count.format(manner) if manner else f"{count.format('')} by {playtest.policy}"
    head = f"Cancelled after {plays} of {playtest.asked:,}" if playtest.cancelled else plays
    return f"{head}: {', '.join(parts)}; {coverage_text}."
