"""A playtest as HTML, for a notebook cell: the verdict first. No script, all text escaped."""

from __future__ import annotations

from collections import Counter
from html import escape
from typing import TYPE_CHECKING

from worldkit.core.quoting import format_count, on_one_line
from worldkit.core.spoken_names import readable_name, world_title
from worldkit.reporting.playtest_charts import (
    OUTCOME_WORDS,
    code,
    coverage_curve,
    histogram_of_lengths,
    share_bar,
    svg,
)
from worldkit.reporting.playtest_style import COLOURS, STYLE
from worldkit.reporting.playtest_text import unfired_events
from worldkit.reporting.state_image import state_image
from worldkit.simulation.pacing import ChoiceShare, EndingShare, Spread, format_duration, format_number, format_percent
from worldkit.simulation.tally import OUT_OF_STEPS, OUTCOMES

if TYPE_CHECKING:
    from worldkit.simulation.result import Playtest

MAX_ROWS = 12
"""Most rows of one table on the page, and most states whose choices are shown."""

MAX_NAMES = 200
"""Most names of things never seen."""


def page(playtest: Playtest) -> str:
    """Return a playtest as a piece of HTML."""
    verdict = _html(playtest.verdict).replace(" %", "&nbsp;%")
    parts = [
        f"<header><p class='over'>Playtest of <b>{_html(world_title(playtest.world))}</b></p>"
        f"<p class='verdict'>{verdict}</p><p class='soft'>{_html(_terms(playtest))}</p></header>"
    ]
    if playtest.runs:
        parts += [_outcomes(playtest), _endings(playtest)]
        parts.append(f"<div class='pair'>{_coverage(playtest)}{_lengths(playtest)}</div>")
        parts += [_stops(playtest), _refusals(playtest), _choices(playtest), _never(playtest)]
    return f"<div class='wkpt'><style>{STYLE}</style>{''.join(parts)}</div>"


def _terms(playtest: Playtest) -> str:
    took = f"{playtest.seconds:.2f} s" if playtest.seconds < 10 else f"{playtest.seconds:.0f} s"
    return (
        f"Seed {playtest.seed}, at most {playtest.steps:,} steps a play; {playtest.total_steps:,} steps in all, "
        f"played in {took}."
    )


def _outcomes(playtest: Playtest) -> str:
    outcomes = [(name, playtest.outcomes[name]) for name in OUTCOMES if playtest.outcomes[name]]
    bars, at = [], 0.0
    for name, count in outcomes:
        wide = 100 * count / playtest.runs
        bars.append(f"<rect x='{at:.3f}' width='{wide:.3f}' height='8' fill='{COLOURS[name]}'/>")
        at += wide
    legend = "".join(
        f"<li><i style='background:{COLOURS[name]}'></i>{OUTCOME_WORDS[name]} "
        f"<b>{format_percent(count, playtest.runs)}</b> <span class='soft'>{count:,}</span></li>"
        for name, count in outcomes
    )
    description = ", ".join(f"{OUTCOME_WORDS[name]} {format_percent(count, playtest.runs)}" for name, count in outcomes)
    return _section(
        "How plays ended", f"{svg(''.join(bars), 8, description, 'bar')}<ul class='legend'>{legend}</ul>", "outcomes"
    )


def _endings(playtest: Playtest) -> str:
    shares = playtest.endings_by_share
    if not shares:
        return _section("Endings", "<p class='soft'>This world has no ending.</p>")
    rows = "".join(_ending(playtest, ending) for ending in shares[:MAX_ROWS])
    head = (
        "<tr><th>ending</th><th class='wide'>share of plays, 95 % interval</th><th class='n'>plays</th>"
        "<th class='n'>steps</th><th class='n'>time</th></tr>"
    )
    note = (
        f"<p class='soft'>Steps and time: the median, and from the 10th to the 90th percentile. Time counts what plays "
        f"and is waited for, and {format_duration(playtest.choose_ms / 1000)} to read and choose before each press.</p>"
    )
    return _section("Endings", f"<table>{head}{rows}</table>{_rest_line(len(shares), MAX_ROWS, 'endings')}{note}")


def _ending(playtest: Playtest, ending: EndingShare) -> str:
    low, share, high = 100 * ending.low, 100 * ending.share, 100 * ending.high
    whisker = f"<path class='whisker' d='M{low:.3f} 4H{high:.3f}M{low:.3f} 1.5V6.5M{high:.3f} 1.5V6.5'/>"
    share_text = format_percent(ending.runs, playtest.runs)
    steps, seconds = ending.steps, ending.seconds
    pace_cells = (
        "<td class='n soft'>-</td><td class='n soft'>-</td>"
        if steps is None or seconds is None
        else f"<td class='n'>{steps.median:,.0f}{_between(steps, f'{steps.low:,.0f}', f'{steps.high:,.0f}')}</td>"
        f"<td class='n'>{format_duration(seconds.median)}"
        f"{_between(seconds, format_duration(seconds.low), format_duration(seconds.high))}</td>"
    )
    name = f"{_html(ending.title or ending.state)} <small>{_html(ending.kind)}, {code(ending.state)}</small>"
    return (
        f"<tr><td>{_look(playtest, ending.state)}{name}</td>"
        f"<td class='wide'>{share_bar(share, f'{share_text} of plays', whisker)}"
        f"<small><b>{share_text}</b> {format_number(low)} to {format_number(high)} %</small></td>"
        f"<td class='n'>{ending.runs:,}</td>{pace_cells}</tr>"
    )


def _look(playtest: Playtest, state: str) -> str:
    return state_image(playtest.world, state, "look")


def _between(percentiles: Spread, low: str, high: str) -> str:
    return "" if percentiles.low == percentiles.high else f"<small>{low} to {high}</small>"


def _coverage(playtest: Playtest) -> str:
    rows = ""
    for name, part in playtest.coverage.items():
        if part.total:
            count = f"{part.seen:,} of {part.of:,}"
            bar = share_bar(100 * min(1, part.share), f"{count} {name}")
            rows += (
                f"<tr><td class='word'>{name}</td><td class='most'>{bar}</td>"
                f"<td class='n soft'>{count}</td><td class='n'><b>{format_percent(part.seen, part.of)}</b></td></tr>"
            )
    head = "Coverage" if playtest.exploration is None else "Coverage of what can be reached"
    return _section(head, f"<table class='plain'>{rows}</table>{coverage_curve(playtest)}")


def _lengths(playtest: Playtest) -> str:
    tally, out = playtest.tally, playtest.out_of_steps
    # those that ran out all took the same number of steps, and would dwarf the others
    finished_runs = [pair for pair in zip(tally.steps, tally.outcomes, strict=True) if pair[1] != OUT_OF_STEPS]
    figure = histogram_of_lengths(finished_runs) if finished_runs else ""
    note = (
        f"<p class='soft'>{format_count(out, 'play')} took all {playtest.steps:,} steps and did not end.</p>"
        if out
        else ""
    )
    return _section("Length of plays", f"{figure}{note}")


def _stops(playtest: Playtest) -> str:
    total = Counter(dict(playtest.stuck_in))
    total.update(playtest.out_of_steps_in)
    if not total:
        return ""
    top_states = total.most_common(MAX_ROWS)
    scale = 100 / top_states[0][1]
    rows = ""
    for id, count in top_states:
        stuck_count, unfinished_count = playtest.stuck_in.get(id, 0), playtest.out_of_steps_in.get(id, 0)
        bars = (
            f"<rect width='{scale * stuck_count:.3f}' height='8' fill='{COLOURS['stuck']}'/>"
            f"<rect x='{scale * stuck_count:.3f}' width='{scale * unfinished_count:.3f}' height='8'"
            f" fill='{COLOURS['out of steps']}'/>"
        )
        description = f"{stuck_count:,} stuck, {unfinished_count:,} out of steps"
        rows += (
            f"<tr><td>{_look(playtest, id)}{code(id)}</td>"
            f"<td class='most'>{svg(bars, 8, description, 'bar')}</td>"
            f"<td class='n soft'>{format_count(count, 'play')}</td>"
            f"<td class='n'><b>{format_percent(count, playtest.runs)}</b></td></tr>"
        )
    return _section(
        "Where plays stopped without an ending",
        f"<table class='plain'>{rows}</table>{_rest_line(len(total), MAX_ROWS, 'states')}",
    )


def _refusals(playtest: Playtest) -> str:
    refusals = list(playtest.refusals.items())
    if not refusals:
        return ""
    rows = "".join(
        f"<tr><td>{code(state)}</td><td>{_html(why)}</td><td class='n'>{runs:,}</td></tr>"
        for (state, why), runs in refusals[:MAX_ROWS]
    )
    head = "<tr><th>state</th><th>what the script wanted</th><th class='n'>plays</th></tr>"
    return _section("Refused", f"<table>{head}{rows}</table>{_rest_line(len(refusals), MAX_ROWS, 'refusals')}")


def _choices(playtest: Playtest) -> str:
    hits = playtest.state_hits
    states = [id for id, count in hits.items() if count and len(playtest.choices(id)) > 1]
    states.sort(key=lambda id: -hits[id])
    if not states:
        return ""
    tables = "".join(_state(id, playtest.choices(id), hits[id]) for id in states[:MAX_ROWS])
    return (
        f"<details><summary><h4>Choices in each state</h4></summary><div class='states'>{tables}</div>"
        f"{_rest_line(len(states), MAX_ROWS, 'states')}</details>"
    )


def _state(id: str, shares: list[ChoiceShare], hits: int) -> str:
    rows = ""
    for choice in sorted(shares, key=lambda choice: -choice.taken)[:MAX_ROWS]:
        notes = [] if choice.label == readable_name(choice.name) else [f"{code(choice.name)}"]
        notes += [] if choice.by == "player" else [f"by {choice.by}"]
        if not choice.offered:
            share_text = "never possible"
        else:
            share_text = f"{format_percent(choice.taken, choice.offered)} of {choice.offered:,}"
        rows += (
            f"<tr><td>{_html(choice.label)}<small>{', '.join(notes)}</small></td>"
            f"<td class='wide'>{share_bar(100 * choice.share, share_text)}<small>{share_text}</small></td></tr>"
        )
    return (
        f"<div><h5>{code(id)} <span class='soft'>entered {hits:,} times</span></h5>"
        f"<table>{rows}</table>{_rest_line(len(shares), MAX_ROWS, 'choices')}</div>"
    )


def _never(playtest: Playtest) -> str:
    kinds = (
        ("Events never fired", unfired_events(playtest)),
        ("States never seen", list(playtest.unseen_states)),
        ("Events only code can fire", sorted(playtest.code_only - playtest.events)),
    )
    sections = ""
    for words, names in kinds:
        if names:
            chips = "".join(f"<li>{code(name)}</li>" for name in names[:MAX_NAMES])
            rest_item = f"<li class='soft'>and {len(names) - MAX_NAMES:,} more</li>" if len(names) > MAX_NAMES else ""
            open_attribute = " open" if len(names) <= MAX_ROWS else ""
            sections += (
                f"<details{open_attribute}><summary><h4>{words} <span class='soft'>{len(names):,}</span></h4></summary>"
                f"<ul class='chips'>{chips}{rest_item}</ul></details>"
            )
    return sections


def _section(head: str, body: str, name: str = "") -> str:
    return f"<section{f' class={name!r}' if name else ''}><h4>{head}</h4>{body}</section>"


def _rest_line(count: int, shown_count: int, what: str) -> str:
    return f"<p class='soft'>and {count - shown_count:,} more {what}</p>" if count > shown_count else ""


def _html(text: str) -> str:
    return f"<bdi>{escape(on_one_line(text))}</bdi>"
