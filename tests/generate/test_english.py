"""The little grammar of composed sentences."""

from __future__ import annotations

import pytest

from worldkit.generation.text.english import a, listing, plain, proper, slug, the, third, title, within


@pytest.mark.parametrize(
    ("plain_form", "third_form"),
    [
        ("climb", "climbs"),
        ("carry", "carries"),
        ("play", "plays"),
        ("search", "searches"),
        ("pass", "passes"),
        ("fix", "fixes"),
        ("go", "goes"),
        ("undo", "undoes"),
        ("raise", "raises"),
        ("free", "frees"),
    ],
)
def test_verbs_go_to_the_third_person_and_back(plain_form: str, third_form: str) -> None:
    assert third(plain_form) == third_form
    assert plain(third_form) == plain_form


def test_one_is_on_a_jetty_and_at_a_counter() -> None:
    names = ("hut", "old jetty", "roof terrace", "front counter", "edge of the woods", "lane seven", "roof garden")
    assert [within(name) for name in names] == [
        "in the hut",
        "on the old jetty",
        "on the roof terrace",
        "at the front counter",
        "at the edge of the woods",
        "in lane seven",
        "in the roof garden",
    ]


def test_only_the_verb_of_a_phrase_changes() -> None:
    assert third("cross the glass bridge") == "crosses the glass bridge"


@pytest.mark.parametrize(
    ("text", "expected_slug"),
    [
        ("keeper's cottage", "keepers_cottage"),
        ("mag-train platform", "mag_train_platform"),
        ("Café №1", "cafe_no1"),
        ("🦊", ""),
    ],
)
def test_slugs_are_snake_case(text: str, expected_slug: str) -> None:
    assert slug(text) == expected_slug


def test_small_words_of_a_title_stay_small_but_the_first() -> None:
    assert title("the lamp of the sea") == "The Lamp of the Sea"


def test_articles_and_lists() -> None:
    assert a("oak") == "an oak"
    assert a("lamp") == "a lamp"
    assert [a("youngest sailor"), a("prettiest hat"), a("biggest drum")] == [
        "the youngest sailor",
        "the prettiest hat",
        "the biggest drum",
    ]
    assert [a("modest hut"), a("forest path"), a("honest clerk")] == [
        "a modest hut",
        "a forest path",
        "an honest clerk",
    ]
    assert listing(["a"]) == "a"
    assert listing(["a", "b", "c"]) == "a, b and c"


@pytest.mark.parametrize(
    ("noun", "phrase"),
    [
        ("lane seven", "lane seven"),
        ("room 12", "room 12"),
        ("lamp", "the lamp"),
        ("last two", "the last two"),
        ("lost seven", "the lost seven"),
        ("wrong one", "the wrong one"),
    ],
)
def test_a_name_with_a_number_has_no_article(noun: str, phrase: str) -> None:
    assert the(noun) == phrase


def test_the_adjectives_of_nations_are_raised() -> None:
    assert proper("a dutch doctor in the venetian foundry, danishes aside") == (
        "a Dutch doctor in the Venetian foundry, danishes aside"
    )
