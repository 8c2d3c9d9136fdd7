"""A revised world keeps its subject and style tail inside its bases, as the hosted player needs it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import worldkit as wk
from tests.generate.scripted import Scripted
from tests.generate.worlds import from_templates
from worldkit.core.profile import HOSTED
from worldkit.core.progress import ignore
from worldkit.core.unsent_prose import (
    change_between_layers,
    holds_text,
    missing_layers,
    replace_layer,
    unsent_layers,
    with_layers,
    without_layers,
)
from worldkit.generation.revision.outline import outline
from worldkit.generation.revision.reviser import by_chat

MUSEUM, _ = from_templates("A night watchman must find the lost key in a museum")
PLACE = next(iter(MUSEUM.states))
NEW_SUBJECT = "A tall porter in a green apron."
words = st.lists(st.sampled_from(["Lamp", "rain", "a", "grey", "wall.", "(x)", "\\d"]), min_size=1, max_size=5).map(
    " ".join
)


def bases(world: wk.World) -> list[str]:
    """Return every base of a world, those of variants too."""
    return [one.base for state in world.states.values() for one in (state, *(state.variants or ()))]


@pytest.mark.parametrize(
    "instruction",
    [
        "make everything colder and darker",
        f"make {PLACE} warmer",
        f"add an old cellar next to {PLACE}",
        f"add an old cellar next to {PLACE}; make the old cellar colder",
        "make everything colder; make everything darker",
        f"rename {PLACE} to cellar",
        f'set the base of {PLACE} to "A bare room with one lamp on a long table."',
    ],
)
def test_a_revision_leaves_subject_and_style_tail_in_every_base(instruction: str) -> None:
    world = wk.revise(MUSEUM, instruction, model="templates").world
    assert list(world.lint()) == []
    assert all(base.startswith(f"{world.subject} ") and base.endswith(f" {world.style_tail}") for base in bases(world))


def test_a_mood_of_the_whole_world_replaces_the_old_style_tail_in_bases() -> None:
    world = wk.revise(MUSEUM, "make everything colder", model="templates").world
    assert world.style_tail != MUSEUM.style_tail
    assert all(str(MUSEUM.style_tail) not in base for base in bases(world))
    assert all(base.count(str(world.style_tail)) == 1 for base in bases(world))


def test_a_rewritten_state_has_both_in_its_variants() -> None:
    rewriting = wk.rewrite(MUSEUM, PLACE, n=2, model="templates")
    assert all(not missing_layers(base, layers(rewriting.world)) for base in bases(rewriting.world))
    op = {"op": "set_subject", "subject": NEW_SUBJECT}
    assert all(
        base.startswith(NEW_SUBJECT) for base in bases(by_chat(rewriting.world, "x", Scripted([op]), 1, ignore).world)
    )


def test_a_models_new_subject_replaces_the_old_one_in_every_base() -> None:
    world = by_chat(
        MUSEUM, "x", Scripted([{"op": "set_subject", "subject": NEW_SUBJECT, "styleTail": None}]), 1, ignore
    ).world
    assert world.style_tail is None
    for before, after in zip(bases(MUSEUM), bases(world), strict=True):
        assert after == f"{NEW_SUBJECT} {without_layers(before, layers(MUSEUM))}"
    assert list(world.lint()) == []


def test_a_model_that_rewrites_a_base_need_not_repeat_them() -> None:
    op = {"op": "set_field", "state": PLACE, "field": "base", "value": "A bare room with one lamp."}
    world = by_chat(MUSEUM, "x", Scripted([op]), 1, ignore).world
    assert world.states[PLACE].base == f"{MUSEUM.subject} A bare room with one lamp. {MUSEUM.style_tail}"


def test_a_subject_inside_a_longer_word_is_none() -> None:
    raw = {
        "subject": "An old man",
        "entrance": {"state": "hall"},
        "scene": {
            "states": {
                "hall": {"base": "A hall."},
                "end": {"base": "An old mansion at dusk.", "ending": {"kind": "win", "title": "Home"}},
            },
            "events": [{"name": "go", "kind": "transition", "from": ["hall"], "to": "end"}],
        },
    }
    world = wk.World.from_dict(raw)
    assert without_layers("An old mansion at dusk.", {"subject": "An old man"}) == "An old mansion at dusk."
    assert "An old man " not in wk.revise(world, "make the ending colder", model="templates").world.states["end"].base
    assert world.to_dict(profile="hosted")["scene"]["states"]["end"]["base"].startswith("An old man An old mansion")


@given(st.text(alphabet="ab", min_size=1, max_size=3), words)
def test_a_text_is_held_only_in_whole_words(letters: str, text: str) -> None:
    assert holds_text(f"{text} {letters}", letters) and not holds_text(f"{text} {letters}c", letters)


@pytest.mark.parametrize(
    ("base", "text", "result"),
    [
        ("A view of the STRASSE at dusk.", "the Straße", "A view of X at dusk."),
        ("A view of the Straße at dusk.", "THE STRASSE AT", "A view of X dusk."),
        ("ŉŉ  İ on a wet \n lane, on a WET lane.", "a wet lane", "ŉŉ  İ on X, on X."),
        ("ba a a a", "a a", "ba X a"),
        ("Straßen", "strasse", "Straßen"),
        ("Straßen, die Straße.", "STRASSE", "Straßen, die X."),
        ("dem Maß s", "mas", "dem Maß s"),
        ("one lane", " \t", "one lane"),
    ],
)
def test_a_text_is_replaced_where_it_is_held(base: str, text: str, result: str) -> None:
    assert replace_layer(base, text, "X") == result
    assert holds_text(base, text) == (result != base or not text.strip())


odd_texts = st.text(st.sampled_from("aAsSßẞŉİ\u0301 \n.ก่"), min_size=1, max_size=12)


@settings(max_examples=500, deadline=None)
@given(odd_texts, odd_texts.filter(str.strip))
def test_a_text_is_held_exactly_where_it_can_be_replaced(base: str, text: str) -> None:
    assert holds_text(base, text) == ("#" in replace_layer(base, text, "#"))
    itself = replace_layer(base, text, text.strip())
    assert " ".join(itself.split()).casefold() == " ".join(base.split()).casefold()


def test_a_model_is_shown_each_of_them_once() -> None:
    text = outline(MUSEUM, "make it warmer", ()).text
    assert text.count(str(MUSEUM.subject)) == text.count(str(MUSEUM.style_tail)) == 1


def test_bases_that_never_held_them_are_left_as_they_are() -> None:
    own = [
        {"op": "set_field", "state": id, "field": "base", "value": without_layers(state.base, layers(MUSEUM))}
        for id, state in MUSEUM.states.items()
    ]
    studio = MUSEUM.apply(own)
    world = by_chat(studio, "x", Scripted([{"op": "set_subject", "subject": NEW_SUBJECT}]), 1, ignore).world
    assert bases(world) == bases(studio)


def test_a_text_that_a_rule_refuses_is_not_put_into_a_new_place() -> None:
    bare = MUSEUM.apply([{"op": "set_subject", "subject": "A porter without a hat."}])
    world = wk.revise(bare, f"add an old cellar next to {PLACE}", model="templates").world
    assert "without" not in world.states["old_cellar"].base
    assert list(world.lint("studio")) == []


def test_the_worlds_of_a_text_hold_both_even_when_it_describes_somebody_by_a_negation() -> None:
    text = "Mara, a woman who never slept, walked down to the harbour at dusk with a lamp. " * 8
    world = wk.from_text(text, model="templates").world
    assert [d.lint for d in world.lint()] == []
    assert world.to_dict(profile="hosted") == world.to_dict()


@settings(max_examples=200, deadline=None)
@given(words, words, words)
def test_what_is_put_into_a_base_stands_there_and_can_be_taken_out(subject: str, tail: str, base: str) -> None:
    texts = unsent_layers({"subject": subject, "styleTail": tail}, HOSTED)
    whole = with_layers(base, texts)
    assert missing_layers(whole, texts) == []
    assert with_layers(whole, texts) == whole
    assert change_between_layers(whole, {}, str.upper) == whole.upper()
    assert missing_layers(change_between_layers(whole, texts, lambda own: f"{own} Z."), texts) == []


def layers(world: wk.World) -> dict[str, str]:
    """Return the subject and style tail of a world."""
    raw: Any = world.raw
    return unsent_layers(raw, HOSTED)
