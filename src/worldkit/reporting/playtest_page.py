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


def plain(text: str) -> str:
    """Return a text on one line, without control characters."""
    return " ".join(_CONTROL.sub(" ", text).split())


def title(played: Playtest) -> str:
    """Return what to call the world of a playtest."""
    return played.world.name or played.world.id or "Untitled world"


# ---- in a terminal -------------------------------------------------------------------------------


def text(played: Playtest) -> str:
    """Return a playtest as some lines of text."""
    lines = [played.verdict]
    if not played.runs:
        return lines[0]
    for ending in played.endings_by_share[:LINES]:
        called = _short(plain(ending.title or ending.state))
        line = f"  {format_percent(ending.runs, played.runs):>8}  {called} ({ending.kind})"
        lines.append(line + _interval(ending) + _paces(ending))
    lines += _and_more(len(played.endings_by_share), LINES, "endings")
    for words, where in (("stuck in", played.stuck_in), ("out of steps in", played.out_of_steps_in)):
        if where:
            lines.append(f"  {words} {_join_words(f'{_short(plain(id))!r} ({runs:,})' for id, runs in where.items())}")
    for words, names in (("states never seen", played.unseen_states), ("events never fired", _unfired(played))):
        if names:
            lines.append(f"  {words}: {_join_words(repr(_short(plain(name))) for name in names)}")
    if played.code_only - played.events:
        code_only = _join_words(repr(_short(plain(n))) for n in sorted(played.code_only - played.events))
        lines.append(f"  only code can fire: {code_only}")
    for (state, why), runs in list(played.refusals.items())[:LINES]:
        lines.append(f"  refused in {_short(plain(state))!r} ({runs:,}): {plain(why)}")
    return "\n".join(lines)


def _interval(ending: EndingShare) -> str:
    return f"; 95 % interval {format_number(100 * ending.low)} to {format_number(100 * ending.high)} %"


def _paces(ending: EndingShare) -> str:
    if ending.steps is None or ending.seconds is None:
        return ""
    return f"; median {ending.steps.median:.0f} steps, {format_duration(ending.seconds.median)}"


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _unfired(played: Playtest) -> list[str]:
    return [name for name in played.unseen_events if name not in played.code_only]


def _join_words(words: Iterable[str]) -> str:
    words_list = list(words)
    return ", ".join(words_list[:LINES]) + (f" and {len(words_list) - LINES:,} more" if len(words_list) > LINES else "")


def _and_more(count: int, shown_count: int, what: str) -> list[str]:
    return [f"  and {count - shown_count:,} more {what}"] if count > shown_count else []


# ---- in a notebook -------------------------------------------------------------------------------


def page(played: Playtest) -> str:
    """Return a playtest as a piece of HTML."""
    verdict = _html(played.verdict).replace(" %", "&nbsp;%")
    parts = [
        f"<header><p class='over'>Playtest of <b>{_html(title(played))}</b></p>"
        f"<p class='verdict'>{verdict}</p><p class='soft'>{_html(_terms(played))}</p></header>"
    ]
    if played.runs:
        parts += [_outcomes(played), _endings(played)]
        parts.append(f"<div class='pair'>{_coverage(played)}{_lengths(played)}</div>")
        parts += [_stops(played), _refusals(played), _choices(played), _never(played)]
    return f"<div class='wkpt'><style>{STYLE}</style>{''.join(parts)}</div>"


def _terms(played: Playtest) -> str:
    took = f"{played.seconds:.2f} s" if played.seconds < 10 else f"{played.seconds:.0f} s"
    return (
        f"Seed {played.seed}, at most {played.steps:,} steps a play; {played.total_steps:,} steps in all, "
        f"played in {took}."
    )


def _outcomes(played: Playtest) -> str:
    outcomes = [(name, played.outcomes[name]) for name in OUTCOMES if played.outcomes[name]]
    bars, at = [], 0.0
    for name, count in outcomes:
        wide = 100 * count / played.runs
        bars.append(f"<rect x='{at:.3f}' width='{wide:.3f}' height='8' fill='{COLOURS[name]}'/>")
        at += wide
    legend = "".join(
        f"<li><i style='background:{COLOURS[name]}'></i>{_OUTCOME_WORDS[name]} "
        f"<b>{format_percent(count, played.runs)}</b> <span class='soft'>{count:,}</span></li>"
        for name, count in outcomes
    )
    description = ", ".join(f"{_OUTCOME_WORDS[name]} {format_percent(count, played.runs)}" for name, count in outcomes)
    return _section(
        "How plays ended", f"{_svg(''.join(bars), 8, description, 'bar')}<ul class='legend'>{legend}</ul>", "outcomes"
    )


def _endings(played: Playtest) -> str:
    shares = played.endings_by_share
    if not shares:
        return _section("Endings", "<p class='soft'>This world has no ending.</p>")
    rows = "".join(_ending(played, ending) for ending in shares[:ROWS])
    head = (
        "<tr><th>ending</th><th class='wide'>share of plays, 95 % interval</th><th class='n'>plays</th>"
        "<th class='n'>steps</th><th class='n'>time</th></tr>"
    )
    note = (
        f"<p class='soft'>Steps and time: the median, and from the 10th to the 90th percentile. Time counts what plays "
        f"and is waited for, and {format_duration(played.choose_ms / 1000)} to read and choose before each press.</p>"
    )
    return _section("Endings", f"<table>{head}{rows}</table>{_rest(len(shares), ROWS, 'endings')}{note}")


def _ending(played: Playtest, ending: EndingShare) -> str:
    low, share, high = 100 * ending.low, 100 * ending.share, 100 * ending.high
    bar = (
        f"<rect class='track' width='100' height='8'/><rect width='{share:.3f}' height='8' fill='{COLOURS['ended']}'/>"
        f"<path class='whisker' d='M{low:.3f} 4H{high:.3f}M{low:.3f} 1.5V6.5M{high:.3f} 1.5V6.5'/>"
    )
    share_text = format_percent(ending.runs, played.runs)
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
        f"<tr><td>{_look(played, ending.state)}{name}</td>"
        f"<td class='wide'>{_svg(bar, 8, f'{share_text} of plays', 'bar')}"
        f"<small><b>{share_text}</b> {format_number(low)} to {format_number(high)} %</small></td>"
        f"<td class='n'>{ending.runs:,}</td>{paced}</tr>"
    )


def _look(played: Playtest, state: str) -> str:
    return state_image(played.world, state, "look")


def _between(spread: Spread, low: str, high: str) -> str:
    return "" if spread.low == spread.high else f"<small>{low} to {high}</small>"


def _coverage(played: Playtest) -> str:
    rows = ""
    for name, part in played.coverage.items():
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
    head = "Coverage" if played.exploration is None else "Coverage of what can be reached"
    return _section(head, f"<table class='plain'>{rows}</table>{_curve(played)}")


def _curve(played: Playtest) -> str:
    part = played.coverage["events"]
    if played.runs < 2 or not part.of or not part.seen:
        return ""
    wide = math.log(played.runs)
    points = [
        (100 * math.log(run) / wide, 40 - 40 * min(1, event_count / part.of))
        for run, event_count in thinned(played.curve)
    ]
    path = f"M{points[0][0]:.2f} {points[0][1]:.2f}" + "".join(f"H{x:.2f}V{y:.2f}" for x, y in points[1:])
    paths = f"<path class='grid' d='M0 0H100M0 20H100M0 40H100'/><path class='line' d='{path}H100'/>"
    description = f"events fired at least once, after 1 to {played.runs:,} plays"
    return (
        f"<figure><figcaption>events fired at least once, of {part.of:,}</figcaption>"
        f"{_svg(paths, 40, description, 'curve')}<figcaption><span>1 play</span>"
        f"<span>logarithmic</span><span>{played.runs:,}</span></figcaption></figure>"
    )


def thinned(points: tuple[tuple[int, int], ...]) -> list[tuple[int, int]]:
    """Return the points of a curve that show in a picture: one a run, and not many more than 200."""
    last: dict[int, tuple[int, int]] = {}
    for run, event_count in points:
        last[run] = (run, event_count)
    points_left = list(last.values())
    step = max(1, len(points_left) // 200)
    return [*points_left[:-1:step], points_left[-1]] if points_left else []


def _lengths(played: Playtest) -> str:
    tally, out = played.tally, played.out_of_steps
    # those that ran out all took the same number of steps, and would dwarf the others
    finished = [pair for pair in zip(tally.steps, tally.outcomes, strict=True) if pair[1] != OUT_OF_STEPS]
    note = f"<p class='soft'>{_count(out)} took all {played.steps:,} steps and did not end.</p>" if out else ""
    if not finished:
        return _section("Length of plays", note)
    longest = max(steps for steps, _ in finished)
    width = -(-(longest + 1) // BARS)
    count = longest // width + 1
    stacks: list[Counter[int]] = [Counter() for _ in range(count)]
    for steps, outcome in finished:
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


def _stops(played: Playtest) -> str:
    total = Counter(dict(played.stuck_in))
    total.update(played.out_of_steps_in)
    if not total:
        return ""
    top_states = total.most_common(ROWS)
    scale = 100 / top_states[0][1]
    rows = ""
    for id, count in top_states:
        stuck, out = played.stuck_in.get(id, 0), played.out_of_steps_in.get(id, 0)
        bars = (
            f"<rect width='{scale * stuck:.3f}' height='8' fill='{COLOURS['stuck']}'/>"
            f"<rect x='{scale * stuck:.3f}' width='{scale * out:.3f}' height='8' fill='{COLOURS['out of steps']}'/>"
        )
        description = f"{stuck:,} stuck, {out:,} out of steps"
        rows += (
            f"<tr><td>{_look(played, id)}<code>{_html(id)}</code></td>"
            f"<td class='most'>{_svg(bars, 8, description, 'bar')}</td>"
            f"<td class='n soft'>{_count(count)}</td>"
            f"<td class='n'><b>{format_percent(count, played.runs)}</b></td></tr>"
        )
    return _section(
        "Where plays stopped without an ending",
        f"<table class='plain'>{rows}</table>{_rest(len(total), ROWS, 'states')}",
    )


def _refusals(played: Playtest) -> str:
    refusals = list(played.refusals.items())
    if not refusals:
        return ""
    rows = "".join(
        f"<tr><td><code>{_html(state)}</code></td><td>{_html(why)}</td><td class='n'>{runs:,}</td></tr>"
        for (state, why), runs in refusals[:ROWS]
    )
    head = "<tr><th>state</th><th>what the script wanted</th><th class='n'>plays</th></tr>"
    return _section("Refused", f"<table>{head}{rows}</table>{_rest(len(refusals), ROWS, 'refusals')}")


def _choices(played: Playtest) -> str:
    hits = played.state_hits
    states = [id for id, count in hits.items() if count and len(played.choices(id)) > 1]
    states.sort(key=lambda id: -hits[id])
    if not states:
        return ""
    tables = "".join(_state(id, played.choices(id), hits[id]) for id in states[:ROWS])
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


def _never(played: Playtest) -> str:
    kinds = (
        ("Events never fired", _unfired(played)),
        ("States never seen", list(played.unseen_states)),
        ("Events only code can fire", sorted(played.code_only - played.events)),
    )
    sections = ""
    for words, names in kinds:
        if names:
            chips = "".join(f"<li><code>{_html(name)}</code></li>" for name in names[:NAMES])
            more = f"<li class='soft'>and {len(names) - NAMES:,} more</li>" if len(names) > NAMES else ""
            opened = " open" if len(names) <= ROWS else ""
            sections += (
                f"<details{opened}><summary><h4>{words} <span class='soft'>{len(names):,}</span></h4></summary>"
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
    return f"<bdi>{escape(plain(text))}</bdi>"
