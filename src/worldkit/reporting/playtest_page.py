"""How a playtest shows itself, in a terminal and in a notebook cell: the verdict first. No script, all text escaped."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING

from worldkit.playing.offers import readable_name
from worldkit.reporting.playtest_style import COLOURS, STYLE
from worldkit.reporting.state_image import state_image
from worldkit.simulation.pacing import ChoiceShare, EndingShare, Spread, format_duration, format_number, format_percent
from worldkit.simulation.tally import OUT_OF_STEPS, OUTCOMES

if TYPE_CHECKING:
    from worldkit.simulation.result import Playtest

LINES = 8
"""Most lines of one kind in a terminal."""

LONGEST = 60
"""Longest name or title in a terminal."""

ROWS = 12
"""Most rows of one table on the page, and most states whose choices are shown."""

NAMES = 200
"""Most names of things never seen."""

BARS = 40
"""Most bars of the histogram."""

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]+")
_OUTCOME_WORDS = {
    "ended": "reached an ending",
    "stuck": "got stuck",
    "out of steps": "ran out of steps",
    "stopped": "script over",
    "refused": "script refused",
}


def on_one_line(text: str) -> str:
    """Return a text on one line, without control characters."""
    return " ".join(_CONTROL.sub(" ", text).split())


def title(playtest: Playtest) -> str:
    """Return what to call the world of a playtest."""
    return playtest.world.name or playtest.world.id or "Untitled world"


# ---- in a terminal -------------------------------------------------------------------------------


def text(playtest: Playtest) -> str:
    """Return a playtest as some lines of text."""
    lines = [playtest.verdict]
    if not playtest.runs:
        return lines[0]
    for ending in playtest.endings_by_share[:LINES]:
        title = _short(on_one_line(ending.title or ending.state))
        line = f"  {format_percent(ending.runs, playtest.runs):>8}  {title} ({ending.kind})"
        lines.append(line + _interval(ending) + _paces(ending))
    lines += _and_more(len(playtest.endings_by_share), LINES, "endings")
    for words, where in (("stuck in", playtest.stuck_in), ("out of steps in", playtest.out_of_steps_in)):
        if where:
            lines.append(
                f"  {words} {_join_words(f'{_short(on_one_line(id))!r} ({runs:,})' for id, runs in where.items())}"
            )
    for words, names in (("states never seen", playtest.unseen_states), ("events never fired", _unfired(playtest))):
        if names:
            lines.append(f"  {words}: {_join_words(repr(_short(on_one_line(name))) for name in names)}")
    if playtest.code_only - playtest.events:
        code_only = _join_words(repr(_short(on_one_line(n))) for n in sorted(playtest.code_only - playtest.events))
        lines.append(f"  only code can fire: {code_only}")
    for (state, why), runs in list(playtest.refusals.items())[:LINES]:
        lines.append(f"  refused in {_short(on_one_line(state))!r} ({runs:,}): {on_one_line(why)}")
    return "\n".join(lines)


def _interval(ending: EndingShare) -> str:
    return f"; 95 % interval {format_number(100 * ending.low)} to {format_number(100 * ending.high)} %"


def _paces(ending: EndingShare) -> str:
    if ending.steps is None or ending.seconds is None:
        return ""
    return f"; median {ending.steps.median:.0f} steps, {format_duration(ending.seconds.median)}"


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _unfired(playtest: Playtest) -> list[str]:
    return [name for name in playtest.unseen_events if name not in playtest.code_only]


def _join_words(words: Iterable[str]) -> str:
    words_list = list(words)
    return ", ".join(words_list[:LINES]) + (f" and {len(words_list) - LINES:,} more" if len(words_list) > LINES else "")


def _and_more(count: int, shown_count: int, what: str) -> list[str]:
    return [f"  and {count - shown_count:,} more {what}"] if count > shown_count else []


# ---- in a notebook -------------------------------------------------------------------------------


def page(playtest: Playtest) -> str:
    """Return a playtest as a piece of HTML."""
    verdict = _html(playtest.verdict).replace(" %", "&nbsp;%")
    parts = [
        f"<header><p class='over'>Playtest of <b>{_html(title(playtest))}</b></p>"
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
        f"<li><i style='background:{COLOURS[name]}'></i>{_OUTCOME_WORDS[name]} "
        f"<b>{format_percent(count, playtest.runs)}</b> <span class='soft'>{count:,}</span></li>"
        for name, count in outcomes
    )
    description = ", ".join(
        f"{_OUTCOME_WORDS[name]} {format_percent(count, playtest.runs)}" for name, count in outcomes
    )
    return _section(
        "How plays ended", f"{_svg(''.join(bars), 8, description, 'bar')}<ul class='legend'>{legend}</ul>", "outcomes"
    )


def _endings(playtest: Playtest) -> str:
    shares = playtest.endings_by_share
    if not shares:
        return _section("Endings", "<p class='soft'>This world has no ending.</p>")
    rows = "".join(_ending(playtest, ending) for ending in shares[:ROWS])
    head = (
        "<tr><th>ending</th><th class='wide'>share of plays, 95 % interval</th><th class='n'>plays</th>"
        "<th class='n'>steps</th><th class='n'>time</th></tr>"
    )
    note = (
        f"<p class='soft'>Steps and time: the median, and from the 10th to the 90th percentile. Time counts what plays "
        f"and is waited for, and {format_duration(playtest.choose_ms / 1000)} to read and choose before each press.</p>"
    )
    return _section("Endings", f"<table>{head}{rows}</table>{_rest(len(shares), ROWS, 'endings')}{note}")


def _ending(playtest: Playtest, ending: EndingShare) -> str:
    low, share, high = 100 * ending.low, 100 * ending.share, 100 * ending.high
    bar = (
        f"<rect class='track' width='100' height='8'/><rect width='{share:.3f}' height='8' fill='{COLOURS['ended']}'/>"
        f"<path class='whisker' d='M{low:.3f} 4H{high:.3f}M{low:.3f} 1.5V6.5M{high:.3f} 1.5V6.5'/>"
    )
    share_text = format_percent(ending.runs, playtest.runs)
    steps, seconds = ending.steps, ending.seconds
    paced = (
        "<td class='n soft'>-</td><td class='n soft'>-</td>"
        if steps is None or seconds is None
        else f"<td class='n'>{steps.median:,.0f}{_between(steps, f'{steps.low:,.0f}', f'{steps.high:,.0f}')}</td>"
        f"<td class='n'>{format_duration(seconds.median)}"
        f"{_between(seconds, format_duration(seconds.low), format_duration(seconds.high))}</td>"
    )
    name = (
        f"{_html(ending.title or ending.state)} <small>{_html(ending.kind)}, <code>{_html(ending.state)}</code></small>"
    )
    return (
        f"<tr><td>{_look(playtest, ending.state)}{name}</td>"
        f"<td class='wide'>{_svg(bar, 8, f'{share_text} of plays', 'bar')}"
        f"<small><b>{share_text}</b> {format_number(low)} to {format_number(high)} %</small></td>"
        f"<td class='n'>{ending.runs:,}</td>{paced}</tr>"
    )


def _look(playtest: Playtest, state: str) -> str:
    return state_image(playtest.world, state, "look")


def _between(percentiles: Spread, low: str, high: str) -> str:
    return "" if percentiles.low == percentiles.high else f"<small>{low} to {high}</small>"


def _coverage(playtest: Playtest) -> str:
    rows = ""
    for name, part in playtest.coverage.items():
        if part.total:
            bar = (
                "<rect class='track' width='100' height='8'/>"
                f"<rect width='{100 * min(1, part.share):.3f}' height='8' fill='{COLOURS['ended']}'/>"
            )
            count = f"{part.seen:,} of {part.of:,}"
            rows += (
                f"<tr><td class='word'>{name}</td><td class='most'>{_svg(bar, 8, f'{count} {name}', 'bar')}</td>"
                f"<td class='n soft'>{count}</td><td class='n'><b>{format_percent(part.seen, part.of)}</b></td></tr>"
            )
    head = "Coverage" if playtest.exploration is None else "Coverage of what can be reached"
    return _section(head, f"<table class='plain'>{rows}</table>{_curve(playtest)}")


def _curve(playtest: Playtest) -> str:
    part = playtest.coverage["events"]
    if playtest.runs < 2 or not part.of or not part.seen:
        return ""
    wide = math.log(playtest.runs)
    points = [
        (100 * math.log(run) / wide, 40 - 40 * min(1, event_count / part.of))
        for run, event_count in thinned(playtest.curve)
    ]
    path = f"M{points[0][0]:.2f} {points[0][1]:.2f}" + "".join(f"H{x:.2f}V{y:.2f}" for x, y in points[1:])
    paths = f"<path class='grid' d='M0 0H100M0 20H100M0 40H100'/><path class='line' d='{path}H100'/>"
    description = f"events fired at least once, after 1 to {playtest.runs:,} plays"
    return (
        f"<figure><figcaption>events fired at least once, of {part.of:,}</figcaption>"
        f"{_svg(paths, 40, description, 'curve')}<figcaption><span>1 play</span>"
        f"<span>logarithmic</span><span>{playtest.runs:,}</span></figcaption></figure>"
    )


def thinned(points: tuple[tuple[int, int], ...]) -> list[tuple[int, int]]:
    """Return the points of a curve that show in a picture: one a run, and not many more than 200."""
    last: dict[int, tuple[int, int]] = {}
    for run, event_count in points:
        last[run] = (run, event_count)
    points_left = list(last.values())
    step = max(1, len(points_left) // 200)
    return [*points_left[:-1:step], points_left[-1]] if points_left else []


def _lengths(playtest: Playtest) -> str:
    tally, out = playtest.tally, playtest.out_of_steps
    # those that ran out all took the same number of steps, and would dwarf the others
    finished_runs = [pair for pair in zip(tally.steps, tally.outcomes, strict=True) if pair[1] != OUT_OF_STEPS]
    note = f"<p class='soft'>{_count(out)} took all {playtest.steps:,} steps and did not end.</p>" if out else ""
    if not finished_runs:
        return _section("Length of plays", note)
    longest = max(steps for steps, _ in finished_runs)
    width = -(-(longest + 1) // BARS)
    count = longest // width + 1
    stacks: list[Counter[int]] = [Counter() for _ in range(count)]
    for steps, outcome in finished_runs:
        stacks[steps // width][outcome] += 1
    most = max(stack.total() for stack in stacks)
    each = 100 / max(count, 8)
    gap = each * 0.12
    paths = "<path class='grid' d='M0 0H100M0 30H100M0 60H100'/>"
    for number_, stack in enumerate(stacks):
        at = 60.0
        for outcome, name in enumerate(OUTCOMES):
            if stack[outcome]:
                high = max(0.3, 60 * stack[outcome] / most)
                at -= high
                paths += (
                    f"<rect x='{number_ * each + gap / 2:.3f}' y='{at:.3f}' width='{each - gap:.3f}' "
                    f"height='{high:.3f}' fill='{COLOURS[name]}'><title>{_span(number_ * width, width)}: "
                    f"{_count(stack[outcome])} {_OUTCOME_WORDS[name]}</title></rect>"
                )
    drawing = _svg(paths, 60, f"how many plays took how many steps, 0 to {longest}", "hist")
    steps_to = f"{longest:,} step{'s' * (longest != 1)}"
    far = f" style='width:{100 * count / max(count, 8):.1f}%'" if count < 8 else ""
    return _section(
        "Length of plays",
        f"<figure><figcaption>plays by their steps; the highest bar is {_count(most)}</figcaption>{drawing}"
        f"<figcaption{far}><span>0</span><span>{steps_to}</span></figcaption></figure>{note}",
    )


def _count(plays: int) -> str:
    return f"{plays:,} play{'s' * (plays != 1)}"


def _span(first: int, width: int) -> str:
    return f"{first} steps" if width == 1 else f"{first} to {first + width - 1} steps"


def _stops(playtest: Playtest) -> str:
    total = Counter(dict(playtest.stuck_in))
    total.update(playtest.out_of_steps_in)
    if not total:
        return ""
    top_states = total.most_common(ROWS)
    scale = 100 / top_states[0][1]
    rows = ""
    for id, count in top_states:
        stuck_count, unfinished = playtest.stuck_in.get(id, 0), playtest.out_of_steps_in.get(id, 0)
        bars = (
            f"<rect width='{scale * stuck_count:.3f}' height='8' fill='{COLOURS['stuck']}'/>"
            f"<rect x='{scale * stuck_count:.3f}' width='{scale * unfinished:.3f}' height='8'"
            f" fill='{COLOURS['out of steps']}'/>"
        )
        description = f"{stuck_count:,} stuck, {unfinished:,} out of steps"
        rows += (
            f"<tr><td>{_look(playtest, id)}<code>{_html(id)}</code></td>"
            f"<td class='most'>{_svg(bars, 8, description, 'bar')}</td>"
            f"<td class='n soft'>{_count(count)}</td>"
            f"<td class='n'><b>{format_percent(count, playtest.runs)}</b></td></tr>"
        )
    return _section(
        "Where plays stopped without an ending",
        f"<table class='plain'>{rows}</table>{_rest(len(total), ROWS, 'states')}",
    )


def _refusals(playtest: Playtest) -> str:
    refusals = list(playtest.refusals.items())
    if not refusals:
        return ""
    rows = "".join(
        f"<tr><td><code>{_html(state)}</code></td><td>{_html(why)}</td><td class='n'>{runs:,}</td></tr>"
        for (state, why), runs in refusals[:ROWS]
    )
    head = "<tr><th>state</th><th>what the script wanted</th><th class='n'>plays</th></tr>"
    return _section("Refused", f"<table>{head}{rows}</table>{_rest(len(refusals), ROWS, 'refusals')}")


def _choices(playtest: Playtest) -> str:
    hits = playtest.state_hits
    states = [id for id, count in hits.items() if count and len(playtest.choices(id)) > 1]
    states.sort(key=lambda id: -hits[id])
    if not states:
        return ""
    tables = "".join(_state(id, playtest.choices(id), hits[id]) for id in states[:ROWS])
    return (
        f"<details><summary><h4>Choices in each state</h4></summary><div class='states'>{tables}</div>"
        f"{_rest(len(states), ROWS, 'states')}</details>"
    )


def _state(id: str, shares: list[ChoiceShare], hits: int) -> str:
    rows = ""
    for choice in sorted(shares, key=lambda choice: -choice.taken)[:ROWS]:
        notes = [] if choice.label == readable_name(choice.name) else [f"<code>{_html(choice.name)}</code>"]
        notes += [] if choice.by == "player" else [f"by {choice.by}"]
        if not choice.offered:
            share_text = "never possible"
        else:
            share_text = f"{format_percent(choice.taken, choice.offered)} of {choice.offered:,}"
        bar = (
            "<rect class='track' width='100' height='8'/>"
            f"<rect width='{100 * choice.share:.3f}' height='8' fill='{COLOURS['ended']}'/>"
        )
        rows += (
            f"<tr><td>{_html(choice.label)}<small>{', '.join(notes)}</small></td>"
            f"<td class='wide'>{_svg(bar, 8, share_text, 'bar')}<small>{share_text}</small></td></tr>"
        )
    return (
        f"<div><h5><code>{_html(id)}</code> <span class='soft'>entered {hits:,} times</span></h5>"
        f"<table>{rows}</table>{_rest(len(shares), ROWS, 'choices')}</div>"
    )


def _never(playtest: Playtest) -> str:
    kinds = (
        ("Events never fired", _unfired(playtest)),
        ("States never seen", list(playtest.unseen_states)),
        ("Events only code can fire", sorted(playtest.code_only - playtest.events)),
    )
    sections = ""
    for words, names in kinds:
        if names:
            chips = "".join(f"<li><code>{_html(name)}</code></li>" for name in names[:NAMES])
            more = f"<li class='soft'>and {len(names) - NAMES:,} more</li>" if len(names) > NAMES else ""
            open_attribute = " open" if len(names) <= ROWS else ""
            sections += (
                f"<details{open_attribute}><summary><h4>{words} <span class='soft'>{len(names):,}</span></h4></summary>"
                f"<ul class='chips'>{chips}{more}</ul></details>"
            )
    return sections


def _section(head: str, body: str, name: str = "") -> str:
    return f"<section{f' class={name!r}' if name else ''}><h4>{head}</h4>{body}</section>"


def _rest(count: int, shown_count: int, what: str) -> str:
    return f"<p class='soft'>and {count - shown_count:,} more {what}</p>" if count > shown_count else ""


def _svg(content: str, high: int, description: str, kind: str) -> str:
    return (
        f"<svg class='{kind}' viewBox='0 0 100 {high}' preserveAspectRatio='none' role='img' "
        f"aria-label='{escape(description)}'>{content}</svg>"
    )


def _html(text: str) -> str:
    return f"<bdi>{escape(on_one_line(text))}</bdi>"
