"""The grammar: text and values are the same thing, and what is no property is refused in words."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import worldkit as wk
from worldkit import Condition, Properties, Property, load_properties
from worldkit.properties.conditions import (
    ANYTHING,
    Available,
    Kind,
    Named,
    Once,
    Over,
    conjunction,
    disjunction,
    negation,
)
from worldkit.properties.grammar import MAX_DEPTH, parse_condition, parse_property
from worldkit.properties.statements import (
    AllOf,
    Always,
    AlwaysPossible,
    AnyOf,
    AtMost,
    Before,
    LeadsTo,
    Negated,
    Never,
    NeverAfter,
    Possible,
    Until,
    Within,
)

KINDS: tuple[Kind, ...] = ("name", "state", "event", "flag", "ending", "tag", "mission")
names = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
leaves = st.one_of(
    st.builds(Named, st.sampled_from(KINDS), names),
    st.builds(Available, names),
    st.builds(Over, st.sampled_from(["win", "lose", "any"])),
    st.just(ANYTHING),
)


def larger(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    several = st.lists(inner, min_size=2, max_size=3)
    return st.one_of(
        inner.map(negation),
        inner.map(Once),
        several.map(lambda parts: conjunction(*parts)),
        several.map(lambda parts: disjunction(*parts)),
    )


conditions = st.recursive(leaves, larger, max_leaves=6)
counts = st.integers(0, 999_999)
simple: st.SearchStrategy[Property] = st.one_of(
    st.builds(Never, conditions, st.none() | counts),
    *(st.builds(form, conditions) for form in (Always, Possible, AlwaysPossible)),
    *(st.builds(form, conditions, conditions) for form in (Before, Until, NeverAfter, LeadsTo)),
    st.builds(Within, conditions, counts, st.none() | conditions),
    st.builds(AtMost, counts, st.lists(conditions, min_size=1, max_size=3).map(tuple)),
)


def combinations(inner: st.SearchStrategy[Property]) -> st.SearchStrategy[Property]:
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    negated = inner.filter(lambda part: not isinstance(part, Negated)).map(Negated)
    return st.one_of(several.map(AllOf), several.map(AnyOf), negated)


properties = st.recursive(simple, combinations, max_leaves=4)


@settings(max_examples=150, deadline=None)
@given(properties)
def test_the_text_of_a_property_is_read_as_that_property(statement: Property) -> None:
    assert parse_property(statement.text) == statement


@settings(max_examples=50, deadline=None)
@given(conditions)
def test_the_text_of_a_condition_is_read_as_that_condition(condition: Condition) -> None:
    assert parse_condition(condition.text) == condition


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(names, properties, max_size=3), st.dictionaries(names, st.lists(names, max_size=2), max_size=2))
def test_a_file_gives_back_the_properties_it_was_written_from(
    tmp_path_factory: pytest.TempPathFactory, properties: dict[str, Property], tags: dict[str, list[str]]
) -> None:
    path = Properties(properties, tags).save(tmp_path_factory.mktemp("properties") / "mine.properties.toml")
    read = load_properties(path)
    assert dict(read) == properties and list(read) == list(properties)
    assert read.tags == {tag: tuple(states) for tag, states in tags.items()}


@pytest.mark.parametrize(
    ("text", "statement"),
    [
        ('never "drowned" while holding "rope"', Never(conjunction(Named("name", "drowned"), Named("flag", "rope")))),
        ("always possible: win", AlwaysPossible(Over("win"))),
        ('"lamp" before "cellar"', Before(Named("name", "lamp"), Named("name", "cellar"))),
        ("lamp before cellar", Before(Named("name", "lamp"), Named("name", "cellar"))),
        ("no ending within 3 steps", Never(Over(), 3)),
        ('after "betray", "trust" cannot be reached', NeverAfter(Named("name", "betray"), Named("name", "trust"))),
        ("at most 2 of {a, b, c}", AtMost(2, tuple(Named("name", name) for name in "abc"))),
        ('"hint" within 4 steps of "door"', Within(Named("name", "hint"), 4, Named("name", "door"))),
        ('"ring_bell" leads to "steamer"', LeadsTo(Named("name", "ring_bell"), Named("name", "steamer"))),
        ("never win without rope", Never(conjunction(Over("win"), negation(Named("flag", "rope"))))),
        ("after a, never b", NeverAfter(Named("name", "a"), Named("name", "b"))),
    ],
)
def test_properties_are_written_in_plain_words(text: str, statement: Property) -> None:
    assert parse_property(text) == statement


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "at character 1, expected a name, got the end"),
        ('never "a', "a name in quotes does not end"),
        ("never a b", 'at character 9, expected the end, got "b"'),
        ("a", "expected before, until, within or leads to"),
        ("a within four steps", "expected a whole number below a million"),
        ("at most 2 of {}", "expected a name"),
        ("never never", "expected a name, in quotes if it is a word"),
        ("never " + "not once " * MAX_DEPTH + "a", "stand inside one another"),
        ("(" * 3000 + "never a", "stand inside one another"),
        ("never a" + " or a" * 5000, "characters"),
    ],
)
def test_what_is_no_property_is_refused_with_the_place(text: str, message: str) -> None:
    with pytest.raises(wk.PropertyError, match="not a property") as refusal:
        parse_property(text)
    assert message in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ('nver "yard"', "did you mean never?"),
        ('Never "yard"', "did you mean never?"),
        ("alwys possible: win", "did you mean always?"),
        ("always posible: win", "did you mean possible?"),
        ("(nver yard) and (possible: win)", "did you mean never?"),
        ('lamp befor "cellar"', "did you mean before?"),
        ('"lamp" untill cellar', "did you mean until?"),
        ("possible: two mittens", "put names with spaces in double quotes"),
        ("never state two mittens", "put names with spaces in double quotes"),
    ],
)
def test_a_slip_of_the_pen_and_a_name_without_quotes_are_told(text: str, hint: str) -> None:
    with pytest.raises(wk.PropertyError) as refusal:
        parse_property(text)
    assert str(refusal.value).endswith(f"; {hint}")


@pytest.mark.parametrize("text", ["never", "possible: (win", "lamp", 'never "a" "b"', "no c within steps"])
def test_other_mistakes_have_no_such_hint(text: str) -> None:
    with pytest.raises(wk.PropertyError) as refusal:
        parse_property(text)
    assert "; " not in str(refusal.value)


def test_a_file_that_is_there_is_replaced_only_when_told_to(tmp_path: Path) -> None:
    path = tmp_path / "mine.properties.toml"
    path.write_text("# by hand\n")
    properties = Properties({"an end": wk.always(wk.possible("win"))})
    with pytest.raises(wk.FileError, match=r"mine\.properties\.toml' is there already.*overwrite=True"):
        properties.save(path)
    assert path.read_text() == "# by hand\n" and list(tmp_path.iterdir()) == [path]
    assert load_properties(properties.save(path, overwrite=True)) == properties


def test_a_path_in_place_of_properties_is_told_how_to_read_it() -> None:
    world = wk.samples.load("bench")
    for path in ("mine.properties.toml", Path("mine.properties.toml"), ["mine.properties.toml"]):
        with pytest.raises(wk.WorldError, match=r'read it with worldkit\.load_properties\("mine\.properties\.toml"\)'):
            wk.check(world, path)  # type: ignore[arg-type]


def test_an_unknown_name_in_a_file_is_refused_with_the_file(tmp_path: Path) -> None:
    path = wk.samples.load("bench").save(tmp_path / "mine.world.json")
    beside = tmp_path / "mine.properties.toml"
    for content in ("[properties]\nwarm = 'never kitchn'\n", "[tags]\nnight = ['kitchn']\n"):
        beside.write_text(content)
        for properties in (None, load_properties(beside)):
            with pytest.raises(wk.PropertyError, match=r'mine\.properties\.toml: .*"kitchn"'):
                wk.check(wk.load(path), properties)


def test_an_unknown_name_is_refused_with_the_nearest_one() -> None:
    world = wk.samples.load("lighthouse")
    with pytest.raises(wk.PropertyError, match=r'no state, event.* "kitchn"; did you mean "kitchen"\?'):
        wk.check(world, "never kitchn")
    with pytest.raises(wk.PropertyError, match='no event "kitchen"; there is state "kitchen"'):
        wk.check(world, "never event kitchen")
    with pytest.raises(wk.PropertyError, match='write state "lamp_lit" or holding "lamp_lit"'):
        wk.check(world, "never lamp_lit")


@pytest.mark.parametrize(
    "content",
    ["properties = 3", "[properties]\na = 1", "x = 1", "[properties]\na = 'never'", "[", "[tags]\na = 'x'", "\xff"],
)
def test_a_file_of_another_form_is_refused_with_its_name(content: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.properties.toml"
    path.write_bytes(content.encode("latin-1"))
    with pytest.raises(wk.PropertyError, match=r"mine\.properties\.toml: "):
        load_properties(path)
