"""The little grammar of composed sentences."""

from __future__ import annotations

import pytest

from worldkit.generation.text.english import a, is_plural, listing, plain, proper, slug, the, third, title, within


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
        ("echo", "echoes"),
        ("sneeze", "sneezes"),
        ("recognize", "recognizes"),
        ("untie", "unties"),
        ("be", "is"),
        ("have", "has"),
        ("zorb", "zorbs"),
    ],
)
def test_verbs_go_to_the_third_person_and_back(plain_form: str, third_form: str) -> None:
    assert third(plain_form) == third_form
    assert plain(third_form) == plain_form


def test_both_verbs_of_a_pair_have_the_plain_form() -> None:
    assert plain("dims and brightens") == "dim and brighten"
    assert third("dim and brighten") == "dims and brightens"
    assert plain("hums with trams and buses") == "hum with trams and buses"


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


@pytest.mark.parametrize(
    ("article", "nouns"),
    [
        ("an", "apple, uninhabited island, unimportant clerk, honorary consul, honest man, urban fox, usher, hour"),
        ("a", "unicorn, unanimous vote, ukulele, ewe, utensil, European, ubiquitous fly, uranium rod, one-eyed cat"),
    ],
)
def test_the_article_goes_by_the_sound_that_a_word_begins_with(article: str, nouns: str) -> None:
    assert [a(noun) for noun in nouns.split(", ")] == [f"{article} {noun}" for noun in nouns.split(", ")]


@pytest.mark.parametrize("noun", ["lamps", "children", "people", "geese", "scissors", "feet", "stairs", "men"])
def test_a_plural_is_known_whatever_it_ends_with(noun: str) -> None:
    assert is_plural(noun)


@pytest.mark.parametrize("noun", ["lamp", "lens", "glass", "bus", "atlas", "canvas", "axis", "sheepdog", "xyzzy"])
def test_a_noun_that_only_ends_like_a_plural_is_none(noun: str) -> None:
    assert not is_plural(noun)


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
