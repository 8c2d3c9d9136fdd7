"""The three vocabularies: what is found, what is let be, and that the fast first look misses nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.house import with_event, with_state
from worldkit import World
from worldkit.ruleset import lint
from worldkit.ruleset.vocabulary import LETHAL, NEGATION, WHITEOUT, find_suspects


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("No light, not one.", ["No", "not"]),
        ("NEVER without none: nothing", ["NEVER", "without", "none", "nothing"]),
        ("It doesn't, it can't, they won't; don't.", ["doesn't", "can't", "won't", "don't"]),
        ("It doesn’t and WON‘T", ["doesn’t", "WON‘T"]),
        ("a no-man's-land", ["no"]),
        ("no\nlight", ["no"]),
        ("—no—", ["no"]),
        ("Snow on a known knot; another noon; notice the nonesuch.", []),
        ("It dont, doesnt, cant and WONT", ["dont", "doesnt", "cant", "WONT"]),
        ("The donut; Nöel noé, a canticle, wonted", []),
        ("éno noé ñno", []),
        ("nothingness, nonetheless, nevermore, withoutdoors", []),
    ],
)
def test_negations_are_whole_words_in_either_case_with_either_apostrophe(text: str, words: list[str]) -> None:
    assert NEGATION.words(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A white-out, a WHITEOUT, a white‑out", ["white-out", "WHITEOUT", "white‑out"]),
        ("a blinding sun", ["blinding"]),
        ("windows blown white", ["blown white"]),
        ("windows blown\nwhite, blown-white", ["blown\nwhite", "blown-white"]),
        ("bloom, bloomed, blooming", ["bloom", "bloomed", "blooming"]),
        ("over-exposed and overexposed", ["over-exposed", "overexposed"]),
        ("washed out, washed-out", ["washed out", "washed-out"]),
        ("a figure in white out on spray over exposed rock", []),
        ("blindingly, blown glass, a white wall, washed outside", []),
        ("a gloom of heirloom; it blooms, a bloomer", []),
    ],
)
def test_whiteouts_are_the_contracts_words(text: str, words: list[str]) -> None:
    assert WHITEOUT.words(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("kill, kills, killed, Killing", ["kill", "kills", "killed", "Killing"]),
        ("shoot, he shoots, shooting", ["shoot", "shoots", "shooting"]),
        ("they gun him down, guns her down, gun them down", ["gun him down", "guns her down", "gun them down"]),
        ("they gun the guard down", ["gun the guard down"]),
        ("gunned down", ["gunned down"]),
        ("execute, executes, executed; an Execution", ["execute", "executes", "executed", "Execution"]),
        ("an executive desk, a killer view, the shooter, executioner", []),
        ("the gun cuts him down, the gun down", []),
        ("lying on the ground", ["lying on the ground"]),
        ("lying\n on the ground", ["lying\n on the ground"]),
        ("a dead man, a shot, a corpse", []),
        ("skill, an offshoot, gunmetal, gunpowder trailing down", []),
        ("she puts the gun down, lays his guns down", []),
        ("a gun on the wall. Rain runs down", []),
        ("a gun, and stairs leading down", []),
        ("a gun hangs over the wide stair that leads down", []),
        ("lying on the groundsheet", []),
    ],
)
def test_killings_are_the_contracts_words_and_bare_dead_shot_and_corpse_are_not(text: str, words: list[str]) -> None:
    assert LETHAL.words(text) == words


def test_messages_quote_the_words_as_they_are_written() -> None:
    (suspects,) = lint(World.from_dict(with_state("hall", base="NO lamp, and nothing on the hooks, no, NO.")))
    assert suspects.message.startswith('found "NO", "nothing" and "no": ')
    (suspects,) = lint(World.from_dict(with_event(base="They gun\nhim down.")))
    assert '"gun\\nhim down"' in suspects.message


fragments = st.sampled_from(
    [
        *(
            "no",
            "No",
            "NOT",
            "never",
            "dont",
            "WONT",
            "without",
            "none",
            "nothing",
            "don't",
            "doesn’t",
            "can‘t",
            "wonʼt",
            "n't",
        ),
        *("white-out", "whiteout", "white", "out", "white‐out", "blinding", "blown", "bloom", "over-exposed", "washed"),
        *("kill", "Shoot", "gun", "guns", "gunned", "gunning", "down", "him", "the", "his", "execut"),
        *("lying", "on", "the ground", "snow", "known", "é", "ñ", "'", "’", "-", ".", ",", "\n", "\t", "x", "ß"),
    ]
)
joints = st.sampled_from([" ", " ", " ", "", "\n", "-", ". ", "é"])
texts = st.lists(st.tuples(fragments, joints), max_size=8).map(lambda parts: "".join(a + b for a, b in parts))


@settings(max_examples=200, deadline=None)
@given(st.lists(texts, max_size=100))
def test_the_first_look_suspects_every_text_that_holds_a_word(given_texts: list[str]) -> None:
    holding = {
        place
        for place, text in enumerate(given_texts)
        if any(vocabulary.words(text) for vocabulary in (NEGATION, WHITEOUT, LETHAL))
    }
    suspects = list(find_suspects(given_texts))
    assert holding <= set(suspects)
    assert suspects == sorted(set(suspects))


def test_the_first_look_finds_a_word_wherever_it_stands_among_many() -> None:
    for place in (0, 63, 64, 127, 128, 199):
        many = ["A lane between dry walls, snow on the knolls."] * 200
        many[place] = "no"
        assert list(find_suspects(many)) == [place]


def test_diagnostics_of_prose_come_in_world_order() -> None:
    document = with_state("study", base="No.", ambient=["Not."], variants=[{"label": "B", "base": "Never."}])
    document["scene"]["states"]["hall"]["ambient"] = ["None."]
    first, second = document["scene"]["events"][:2]
    first |= {"detail": "No.", "phases": [{"base": "Not."}]}
    second |= {"base": "No."}
    assert [d.path for d in lint(World.from_dict(document))] == [
        "state[hall].ambient[0]",
        "state[study].base",
        "state[study].ambient[0]",
        "state[study].variant[B].base",
        "event[enter_study].detail",
        "event[enter_study].phases[0].base",
        "event[take_key].base",
    ]
