"""The grammar of free sentences lets through what prose may be; the checks afterwards find the rest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worldkit.generation.text.constraints import FORBIDDEN_VOCABULARIES, OTHER_NEGATIONS, clean, faults, free_grammar


@pytest.mark.parametrize(
    "text", ["Nobody stands there.", "The stair leads nowhere.", "It isn’t lit.", "Neither moves."]
)
def test_other_negations_are_shut_out_as_well(text: str) -> None:
    assert not clean(text)
    assert clean(
        text.replace("Nobody", "Norbert").replace("nowhere", "up").replace("isn’t", "is").replace("Neither", "Each")
    )


PIECES = (
    "no",
    "not",
    "Nor",
    "cannot",
    "can't",
    "n't",
    "KNOWN",
    "bloom",
    "killer",
    "it",
    "’t",
    "n’t",
    "nobody",
    "ſ",
    "İ",
    "\u212a",
)


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=8), st.sampled_from([" ", "", ", "]))
def test_the_filter_before_the_check_of_words_lets_none_through(pieces: list[str], between: str) -> None:
    text = between.join(pieces)
    is_clean = not OTHER_NEGATIONS.search(text) and not any(words.words(text) for words in FORBIDDEN_VOCABULARIES)
    assert clean(text) == is_clean


@pytest.mark.parametrize(
    ("text", "through"),
    [
        (" leans on the wet stone. Near the stove lies a key.", True),
        (" leans, and a fourth-floor lamp glows. It waits. Near the stove lies a key.", True),
        (" leans on the wet stone.", False),
        (" leans on the <b>. Near the stove lies a key.", False),
        ("\nleans. Near the stove lies a key.", False),
        (" leans. It waits. It turns. It stops. Near the stove lies a key.", False),
    ],
)
def test_free_sentences_are_plain_and_few_and_end_as_they_should(text: str, through: bool) -> None:
    llguidance = pytest.importorskip("llguidance")
    tokenizer = llguidance.LLTokenizer("byte")
    grammar = llguidance.LLMatcher.grammar_from_lark(free_grammar(" Near the stove lies a key."))
    matcher = llguidance.LLMatcher(tokenizer, grammar)
    assert not matcher.is_error(), matcher.get_error()
    tokens = tokenizer.tokenize_bytes(text.encode())
    accepted_count = matcher.try_consume_tokens(tokens)
    assert (accepted_count == len(tokens) and matcher.is_accepting()) is through


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("The cellar leans under the stair.", None),
        ("A lamp glows; the stair waits.", None),
        ("The cellar holds no light.", "a prose rule refuses a word in it"),
        ("The cellar don’t wait.", "a prose rule refuses a word in it"),
        ("The lens bloomed under the stair.", "a prose rule refuses a word in it"),
        ("The guard guns the men down.", "a prose rule refuses a word in it"),
        ("The cellar leans under the.", "a clause ends in the air"),
        ("The cellar leans under the, and waits.", "a clause ends in the air"),
        ("The cellar leans under the stair", "a clause ends in the air"),
        ("The cellar leans under under the stair.", "a word stands twice in a row"),
        ("The cellar leans under the a stair.", "two articles stand in a row"),
        ("The stone stair of stone meets a stone.", "a word stands three times in it"),
        ("The lamp rises above the earth while it rises above the earth.", "it says something twice"),
        ("An iron wheel leans against the wall.", "it repeats an example"),
        ("The lane runs to the sea.", "it was said before"),
        ("The cellar <b>leans</b>.", "it holds something other than plain words"),
        ("The cellar\nleans.", "it holds something other than plain words"),
        ("The cellar leans " + "under the old stair " * 20 + "here.", "it has more than 260 characters"),
    ],
)
def test_a_written_string_is_checked_again(text: str, wrong: str | None) -> None:
    example = "The pump house waits. An iron wheel leans against the bricks."
    problems = faults(text, examples=[example], earlier_texts=["The lane runs to the sea."])
    assert problems == [] if wrong is None else wrong in problems


def test_an_answer_begins_as_it_was_made_to_and_has_its_least_length() -> None:
    assert faults("A lamp glows.", prefix="The") == ["it does not begin as it was made to"]
    assert faults("A lamp glows.", min_characters=40) == ["it has fewer than 40 characters"]


def test_what_an_answer_was_made_to_begin_with_does_not_count_as_repeated() -> None:
    example = "A low wide shot of a wheel."
    assert faults("A low wide shot of a lamp.", examples=[example], prefix="A low wide shot of a lamp") == []
