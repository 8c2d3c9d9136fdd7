"""The report in a terminal: the verdict first, no control characters of a world, colour only where it is wanted."""

from __future__ import annotations

import re

import pytest

from tests.play.report.worlds import hostile, spoiled, wide
from worldkit import explore, samples
from worldkit.reporting.exploration_parts import Hop, RunSummary
from worldkit.reporting.exploration_text import chain, text


def test_the_verdict_comes_first_and_every_line_fits() -> None:
    exploration = explore(spoiled())
    lines = text(exploration, width=60)
    assert " ".join(lines.split()).startswith(f"!! {exploration.verdict}")
    code = re.compile(r"wk\.play|\w{30}")
    assert all(len(line) <= 60 for line in lines.splitlines() if not code.search(line))


def test_it_tells_what_to_do_the_way_there_and_how_to_play_it() -> None:
    lines = " ".join(text(explore(spoiled()), width=100).split())
    assert "to do:" in lines and "wk.play(r.world, trace=r.findings[0].route)" in lines
    assert "(no way back from here) enter the tower > tower_foot" in lines
    assert "TWO CUPS (two_cups): out of reach" in lines


def test_a_sound_world_is_told_in_a_few_lines() -> None:
    lines = text(explore(samples.load("bench")), width=100)
    assert lines.startswith("OK The ending can be reached") and len(lines.splitlines()) < 12


@pytest.mark.parametrize("color", [False, True])
def test_only_our_own_codes_reach_the_terminal(color: bool) -> None:
    lines = text(explore(hostile()), width=80, color=color)
    ours = re.sub(r"\x1b\[(0|1|2|31|32|33)m", "", lines) if color else lines
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\u202e]", ours)
    assert ("\x1b[" in lines) is color or color is False


def test_colour_is_off_where_nobody_looks_or_wants_it(monkeypatch: pytest.MonkeyPatch) -> None:
    exploration = explore(samples.load("bench"))
    assert "\x1b" not in text(exploration), "standard output is no terminal in a test"
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b" in text(exploration)
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in text(exploration)


def test_many_findings_are_counted() -> None:
    assert "and 56 more: r.to_frame()" in text(explore(wide()), max_findings=3)


def test_a_long_chain_loses_its_middle_but_never_the_crossing() -> None:
    hops = tuple(Hop(f"e{n}", f"e{n}", f"s{n}", f"s{n + 1}") for n in range(40))
    lines = chain(RunSummary("s0", hops, crossing=20))
    assert "more steps" in lines and "(no way back from here) e20" in lines and lines.endswith("e39 > s40")
    assert "more steps" not in chain(RunSummary("s0", hops[:5]))
