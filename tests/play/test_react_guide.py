"""The game master of docs/react.md, run as it stands there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import worldkit as wk
from worldkit import NotAvailable

GUIDE = Path(__file__).parents[2] / "docs" / "react.md"


def game_master() -> dict[str, Any]:
    """Run the first program of the guide, and return its names."""
    program = re.search(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    assert program is not None
    names: dict[str, Any] = {}
    exec(program[1], names)
    return names


def test_the_game_master_is_thirty_lines_long() -> None:
    program = re.search(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    assert program is not None
    assert len([line for line in program[1].splitlines() if line.strip()]) <= 30


def test_the_game_master_opens_a_hint_after_three_tries_rewrites_what_comes_next_and_keeps_score() -> None:
    names = game_master()
    session: wk.Session = names["session"]
    first = session.first_world
    session.fire("climb_the_kelp_steps")
    assert session.world.states["kitchen"].base != first.states["kitchen"].base
    for number in range(3):
        assert session.flags == frozenset()
        assert not any(offer.label == "Look around once more" for offer in session.offers), number
        with pytest.raises(NotAvailable):
            session.fire("enter_the_tower")
    hint = next(offer for offer in session.offers if offer.label == "Look around once more")
    assert session.line == "You have missed something. Look around once more."
    session.fire(hint)
    assert session.fire("enter_the_tower").state == "tower_foot"
    assert names["score"]["points"] == 10
    assert session.errors == ()
    again = wk.replay(first, session.trace.to_json())
    assert (again.world, again.position, again.trace) == (session.world, session.position, session.trace)


def test_undo_in_the_player_takes_the_hint_back() -> None:
    names = game_master()
    session, player = names["session"], names["player"]
    session.fire("climb_the_kelp_steps")
    for _ in range(3):
        with pytest.raises(NotAvailable):
            session.fire("enter_the_tower")
    assert player.view["line"] == "You have missed something. Look around once more."
    assert player.view["offers"][-1]["label"] == "Look around once more"
    session.undo(2)
    assert not any(offer.label == "Look around once more" for offer in session.offers)
