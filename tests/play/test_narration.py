"""The line the player reads when a state has no narration (docs/spec/runtime.md#narration)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worldkit import Session, World
from worldkit.playing.narration import derive_line, entry_line, repeats
from worldkit.playing.notices import notices_of
from worldkit.playing.view import view


def line_on_entry(base: str, narrate: bool = True, **more: object) -> str:
    state = {"base": base, **{key: more.pop(key) for key in ("narration", "camera") if key in more}}
    world = World.from_dict({"narrate": narrate, **more, "scene": {"states": {"a": state}, "events": []}})
    return entry_line(world, world.states["a"])


def test_narration_always_wins() -> None:
    assert line_on_entry("The lane runs on.", narration="You are here.") == "You are here."
    assert line_on_entry("The lane runs on.", narrate=False, narration="You are here.") == "You are here."
    assert line_on_entry("The lane runs on.", narration="") == ""


def test_without_narrate_there_is_no_line() -> None:
    assert line_on_entry("The lane runs between walls.", narrate=False) == ""


@pytest.mark.parametrize(
    ("base", "tail", "line"),
    [
        (
            "A third-person rear-view shot of a beaver at the gates of a sunken city.",
            "",
            "A beaver at the gates of a sunken city.",
        ),
        ("A diver, seen from behind, drifting over a black trench", "", "Drifting over a black trench."),
        (
            "A rear-view shot of a hall of columns. shot on 35mm, heavy grain",
            "shot on 35mm, heavy grain",
            "A hall of columns.",
        ),
        ("A rear-view shot of a", "", ""),
    ],
)
def test_the_examples_of_the_specification(base: str, tail: str, line: str) -> None:
    assert line_on_entry(base, styleTail=tail) == line


@pytest.mark.parametrize(
    "base",
    [
        "A wide view of the lane between walls.",
        "This is an eye-level video of the lane between walls",
        "  AN AERIAL SHOT OF the lane\nbetween walls;",
        "A walker SEEN FROM BEHIND the lane between walls.",
        "A walker, seen from  behind, the lane between walls.",
    ],
)
def test_camera_talk_at_the_start_is_left_out(base: str) -> None:
    assert line_on_entry(base) == "The lane between walls."


@pytest.mark.parametrize(
    "base",
    [
        "The old house with a view of the bay stands dark.",
        "A shot rings out over the yard. The dogs fall silent.",
        "A single pistol shot, then silence. The dogs wait.",
        "Rain, and a wide view of the bay.",
        "Third-person view from behind: the lane runs between walls.",
        "An onshore wind, a shoreview offered.",
    ],
)
def test_no_more_than_an_opener_is_taken_away(base: str) -> None:
    assert line_on_entry(base) == base


def test_every_occurrence_of_the_style_is_left_out() -> None:
    assert line_on_entry("Grey light. The lane runs on. Grey light.", styleTail="Grey light.") == "The lane runs on."


def test_a_long_base_is_one_long_line() -> None:
    base = "The lane runs between walls. " + "It goes on and on under the cloud. " * 20
    assert line_on_entry(base) == base.strip()


def test_it_declines_when_little_is_left() -> None:
    assert line_on_entry("Fog. Grey light.", styleTail="Fog. Grey light.") == ""
    assert line_on_entry("") == line_on_entry("ab") == ""
    assert line_on_entry("abc") == "Abc."


@given(st.text(max_size=300), st.text(max_size=20))
def test_a_derived_line_is_one_line_and_ends_as_a_sentence(base: str, tail: str) -> None:
    line = derive_line(base, tail)
    assert line == "" or line[-1] in ".!?…"
    assert line == " ".join(line.split())


# ---- shown once ----------------------------------------------------------------------------------


def _session(base: str) -> Session:
    states = {"a": {"base": "A lane."}, "b": {"base": base}}
    go = {"name": "go", "kind": "transition", "from": ["a"], "to": "b"}
    return Session(World.from_dict({"narrate": True, "scene": {"states": states, "events": [go]}}))


def test_a_line_that_says_what_the_prose_says_is_shown_once() -> None:
    session = _session("the lane runs on")
    step = session.fire("go")
    assert session.line == step.line == "The lane runs on."
    shown_view = view(session, notices=notices_of([step]))
    assert (shown_view["line"], shown_view["notices"]) == ("", [])
    assert shown_view["state"]["base"] == "the lane runs on"


def test_a_line_is_shown_beside_prose_that_says_more() -> None:
    session = _session("A rear-view shot of the lane, running on.")
    shown_view = view(session, notices=notices_of([session.fire("go")]))
    assert shown_view["line"] == "The lane, running on."
    assert shown_view["notices"] == [{"kind": "narration", "text": "The lane, running on."}]


def _narrated_session(way: str | None, place: str) -> Session:
    states = {"a": {"base": "A lane."}, "b": {"base": "A gate.", "narration": place}}
    go = {"name": "go", "kind": "transition", "from": ["a"], "to": "b"} | ({"narration": way} if way else {})
    return Session(World.from_dict({"scene": {"states": states, "events": [go]}}))


def test_the_line_of_a_scene_is_read_below_that_of_the_event_that_led_there() -> None:
    session = _narrated_session("You walk up.", "Nobody is in.")
    session.fire("go")
    assert session.line == "You walk up."
    shown_view = view(session)
    assert (shown_view["line"], shown_view["sceneLine"]) == ("You walk up.", "Nobody is in.")
    assert str(session).index("“You walk up.”") < str(session).index("“Nobody is in.”")
    page = session._repr_html_()
    assert page.index("You walk up.") < page.index("Nobody is in.")


def test_the_line_of_a_scene_waits_while_an_event_plays() -> None:
    session = Session(_narrated_session("You walk up.", "Nobody is in.").world, mode="real-time")
    events = [{"name": "look", "kind": "override", "from": ["b"], "narration": "You look.", "minPlayMs": 2000}]
    session.fire("go")
    session.wait(10_000)
    session.apply([{"op": "add_override", **events[0]}])
    assert view(session)["sceneLine"] == "Nobody is in."
    session.fire("look")
    assert session.playing
    assert (view(session)["line"], view(session)["sceneLine"]) == ("You look.", "")
    session.wait(10_000)
    assert (view(session)["line"], view(session)["sceneLine"]) == ("You look.", "Nobody is in.")


@pytest.mark.parametrize(("way", "place"), [(None, "Nobody is in."), ("Nobody is in.", "nobody is in")])
def test_one_line_is_not_read_twice(way: str | None, place: str) -> None:
    session = _narrated_session(way, place)
    session.fire("go")
    assert view(session)["sceneLine"] == ""
    assert str(session).casefold().count("nobody is in") == 1


def test_a_repetition_does_not_depend_on_case_space_or_the_last_stop() -> None:
    assert repeats("The lane  runs on.", "the lane\nruns on")
    assert not repeats("The lane runs on.", "The lane runs out.")


def test_a_flag_is_told_in_words_and_not_where_it_says_only_that_the_step_is_done() -> None:
    events = [
        {
            "name": "ring_the_bell",
            "kind": "override",
            "from": ["tower"],
            "grants": ["done_ring_the_bell", "tams_secret"],
        },
        {"name": "look_out", "kind": "override", "from": ["tower"], "grants": ["done_look_out"]},
    ]
    scene = {"states": {"tower": {"base": "A bell tower."}}, "events": [{"base": "", **event} for event in events]}
    session = Session(World.from_dict({"entrance": {"state": "tower"}, "scene": scene}))
    assert [notice["text"] for notice in notices_of([session.fire("ring_the_bell")])] == ["Now held: tams secret."]
    assert notices_of([session.fire("look_out")]) == []
