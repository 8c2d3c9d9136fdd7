"""The line the player reads when a state has no narration (docs/spec/smworld.md#world)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worldkit import World
from worldkit.playing.narration import MAX_LENGTH, entry_line


def shown(base: str, narrate: bool = True, **more: object) -> str:
    state = {"base": base, **{key: more.pop(key) for key in ("narration", "camera") if key in more}}
    world = World.from_dict({"narrate": narrate, **more, "scene": {"states": {"a": state}, "events": []}})
    return entry_line(world, world.states["a"])


def test_narration_always_wins() -> None:
    assert shown("The lane runs on.", narration="You are here.") == "You are here."
    assert shown("The lane runs on.", narrate=False, narration="You are here.") == "You are here."
    assert shown("The lane runs on.", narration="") == ""


def test_without_narrate_there_is_no_line() -> None:
    assert shown("The lane runs between walls.", narrate=False) == ""


@pytest.mark.parametrize(
    "base",
    [
        "Third-person view from behind: the lane runs between walls.",
        "A wide establishing shot. The lane runs between walls.",
        "Over-the-shoulder, low and close; the lane runs between walls",
        "First-person view. the lane runs between walls.",
        "POV: the lane runs\nbetween walls",
        "The camera hangs low behind her. The lane runs between walls.",
        "A cinematic eye-level tracking shot, close: the lane runs between walls.",
        "The lane runs between walls.",
    ],
)
def test_camera_talk_at_the_start_is_left_out(base: str) -> None:
    assert shown(base) == "The lane runs between walls."


@pytest.mark.parametrize(
    "base",
    [
        "The old house with a view of the bay stands dark.",
        "A shot rings out over the yard. The dogs fall silent.",
        "A single pistol shot, then silence. The dogs wait.",
        "The camera shop is shuttered. Rain runs down the glass.",
        "The view from the tower is grey. Gulls hang on the wind.",
    ],
)
def test_a_story_about_shots_and_views_is_not_camera_talk(base: str) -> None:
    assert shown(base) == base


def test_style_tail_and_camera_text_are_left_out() -> None:
    camera = {"static": "Low angle.", "dynamic": "Tracking shot."}
    said = shown("Low angle. The lane runs on. Grey light.", styleTail="Grey light.", camera=camera)
    assert said == "The lane runs on."


def test_it_declines_when_little_is_left() -> None:
    assert shown("Wide shot. Fog. Grey light.", styleTail="Grey light.") == ""
    assert shown("") == ""


def test_whole_sentences_are_kept() -> None:
    long = "The lane runs between walls. " + "It goes on and on under the cloud, " * 6 + "to the sea."
    assert shown(long) == "The lane runs between walls."


def test_one_long_sentence_is_cut_between_words() -> None:
    said = shown("The lane runs " + "on and " * 60 + "ends.")
    assert said.endswith(("on…", "and…"))
    assert len(said) <= MAX_LENGTH + 1


@given(st.text(max_size=300), st.text(max_size=20))
def test_a_derived_line_is_short_and_ends_as_a_sentence(base: str, tail: str) -> None:
    said = shown(base.encode("utf-8", "ignore").decode(), styleTail=tail.encode("utf-8", "ignore").decode())
    assert said == "" or (said[-1] in ".!?…" and len(said) <= MAX_LENGTH + 2)
