"""What is read of a scene: its base without the subject and the style tail, which stand in every base."""

from __future__ import annotations

import worldkit as wk
from worldkit.core.unsent_prose import own_prose
from worldkit.playing.view import view

SUBJECT, STYLE, LANE = "A courier in a grey coat.", "Cold blue light.", "A wet lane runs between two brick walls."


def world(**fields: object) -> wk.World:
    states = {"lane": {"base": f"{SUBJECT} {LANE} {STYLE}"}}
    return wk.load({"subject": SUBJECT, "styleTail": STYLE, "scene": {"states": states, "events": []}, **fields})


def test_the_player_and_the_card_show_what_a_scene_says_of_its_own() -> None:
    session = wk.Session(world())
    assert view(session)["state"]["base"] == LANE
    assert SUBJECT in session.prompt()
    svg = world().to_svg()
    assert "A wet lane" in svg and "courier" not in svg


def test_a_derived_line_leaves_out_the_subject_and_is_shown_once() -> None:
    session = wk.Session(world(narrate=True))
    assert session.line == LANE
    assert view(session)["line"] == ""


def test_a_base_that_says_nothing_else_is_shown_whole() -> None:
    raw = {"subject": SUBJECT, "styleTail": STYLE}
    assert own_prose(raw, f"{SUBJECT} {STYLE}") == f"{SUBJECT} {STYLE}"
    assert own_prose({}, LANE) == LANE
