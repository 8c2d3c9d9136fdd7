"""Changes of properties in their file: entries are put, changed and removed, and all other lines stay."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import worldkit as wk
from worldkit import Properties, Property, load_properties
from worldkit.properties.file_edits import save_changes
from worldkit.properties.files import key_of
from worldkit.properties.grammar import parse_property

NEVER_HALL, NEVER_GATE = parse_property('never state "hall"'), parse_property('never state "gate"')


def test_entries_are_added_changed_and_removed_in_order_and_comments_stay(tmp_path: Path) -> None:
    path = tmp_path / "lane.properties.toml"
    lines = ["# first", "[properties]", "a = 'never state \"hall\"'  # one", "", "b = 'never state \"hall\"'", "# last"]
    path.write_text("\n".join(lines) + "\n")
    before = load_properties(path)
    after = Properties({"new": NEVER_GATE, "b": NEVER_GATE, "after b": NEVER_HALL, "and more": NEVER_HALL})
    save_changes(path, before, after)
    assert list(load_properties(path)) == ["new", "b", "after b", "and more"]
    text = path.read_text().split("\n")
    assert [line for line in text if line.startswith("#")] == ["# first", "# last"]
    assert [line.partition(" =")[0].strip('"') for line in text if "=" in line] == list(after)
    assert load_properties(path)["b"] == NEVER_GATE


def test_thousands_of_entries_are_added_between_those_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "lane.properties.toml"
    path.write_text("[properties]\nfirst = 'never state \"hall\"'\nlast = 'never state \"hall\"'\n# end\n")
    before = load_properties(path)
    names = ["first", *(f"p{number}" for number in range(3000)), "last"]
    save_changes(path, before, Properties({name: before.get(name, NEVER_GATE) for name in names}))
    assert list(load_properties(path)) == names
    assert path.read_text().endswith("# end\n")


def test_tags_are_changed_in_their_lines_and_comments_stay(tmp_path: Path) -> None:
    path = tmp_path / "lane.properties.toml"
    text = """# The rules; agreed with Ann
[properties]
# winning must stay possible
"w" = 'always possible: win'  # important # very

[tags]  # places
# a = b
night = ['yard', "hall"]  # where it is dark
"by day" = [
    'yard',  # seen first = best
    'gate',
]
empty = []  # none yet
"""
    path.write_text(text)
    before = load_properties(path)
    after = Properties(
        {"w": NEVER_GATE}, {**before.tags, "night": ("court", "hall"), "by day": ("court", "gate"), "empty": ("gate",)}
    )
    save_changes(path, before, after)
    changed_text = text.replace("'always possible: win'", "'never state \"gate\"'").replace("'yard'", "'court'")
    assert path.read_text() == changed_text.replace("[]", "['gate']")
    assert load_properties(path).tags == after.tags


def test_a_tag_whose_list_becomes_longer_keeps_its_comments(tmp_path: Path) -> None:
    path = tmp_path / "lane.properties.toml"
    path.write_text("[tags]\nday = [\n  'yard',  # first\n]  # light\n[properties]\n# none\n")
    before = load_properties(path)
    save_changes(path, before, Properties({}, {"day": ("yard", "hall"), "night": ("gate",)}))
    assert path.read_text() == (
        "[tags]\nday = [\n  'yard',  # first\n  'hall',\n]  # light\nnight = ['gate']\n[properties]\n# none\n"
    )


def test_a_first_tag_gets_a_table_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "lane.properties.toml"
    path.write_text("[properties]\n# none\n")
    save_changes(path, load_properties(path), Properties({"w": NEVER_GATE}, {"night": ("gate",)}))
    assert path.read_text() == ("[properties]\nw = 'never state \"gate\"'\n# none\n\n[tags]\nnight = ['gate']\n")


@pytest.mark.parametrize(
    "text",
    [
        "# ours\nproperties = {a = 'never state \"hall\"', c = 'never lose'}  # why\n",
        "properties.a = 'never state \"hall\"'  # ours\nproperties.c = 'never lose'  # why\n",
        "properties.'a' = 'never state \"hall\"'  # ours\n[tags]  # why\n",
        "['properties']  # ours\n\"a\" = 'never state \"hall\"'  # why",
        '[ properties ]# ours\n\t"\\u0061"=\'never state "hall"\'# why\n\n\n',
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_comments_and_line_ends_stay_however_the_file_is_written(text: str, line_end: str, tmp_path: Path) -> None:
    path = tmp_path / "lane.properties.toml"
    path.write_bytes(("\ufeff" + text).replace("\n", line_end).encode())
    before = load_properties(path)
    after = Properties({**before, "a": NEVER_GATE, "b": NEVER_HALL})
    save_changes(path, before, after)
    save_changes(path, after, Properties({"d" if name == "a" else name: value for name, value in after.items()}))
    written_text = path.read_bytes().decode()
    assert written_text.startswith("\ufeff") and "# ours" in written_text and "# why" in written_text
    assert written_text.count("\r\n") == (written_text.count("\n") if line_end == "\r\n" else 0)
    assert dict(load_properties(path)) == {**{n: v for n, v in after.items() if n != "a"}, "d": NEVER_GATE}


@pytest.mark.parametrize("names", [(), ("c", "d"), ("a", "d"), ("b",)])
def test_entries_with_dotted_names_are_all_removed_and_renamed(names: tuple[str, ...], tmp_path: Path) -> None:
    path = tmp_path / "lane.properties.toml"
    path.write_text("properties.a = 'never state \"hall\"'\ntags.n = ['yard']\nproperties.b = 'never lose'\n")
    before = load_properties(path)
    after = Properties(dict.fromkeys(names, NEVER_GATE), {"m": ("yard",)} if names else {})
    save_changes(path, before, after)
    assert load_properties(path) == after


def test_lines_end_as_they_did_where_the_file_is_not_written_entry_by_entry(tmp_path: Path) -> None:
    path = tmp_path / "lane.properties.toml"
    path.write_bytes(b"\r\nproperties = ['never lose']\r\n")
    save_changes(path, load_properties(path), Properties({"a": NEVER_GATE, "b": NEVER_HALL}))
    assert path.read_bytes().count(b"\r\n") == path.read_bytes().count(b"\n") == 3
    assert list(load_properties(path)) == ["a", "b"]


def test_a_first_property_gets_a_table_of_its_own_and_comments_stay(tmp_path: Path) -> None:
    path = tmp_path / "lane.properties.toml"
    for text in ("# agreed with Ann\n[tags]\nnight = ['yard']  # dark\n", "# agreed with Ann\n"):
        path.write_text(text)
        before = load_properties(path)
        save_changes(path, before, Properties({"w": NEVER_GATE}, before.tags))
        assert path.read_text() == f"{text}\n[properties]\nw = 'never state \"gate\"'\n"


def test_tags_are_changed_in_a_file_without_properties(tmp_path: Path) -> None:
    path = tmp_path / "lane.properties.toml"
    path.write_text("# agreed with Ann\n[tags]\nnight = ['yard']  # dark\n")
    save_changes(path, load_properties(path), Properties({}, {"night": ("court",)}))
    assert path.read_text() == "# agreed with Ann\n[tags]\nnight = ['court']  # dark\n"


def test_a_tag_that_goes_is_removed_and_what_others_changed_in_tags_stays(tmp_path: Path) -> None:
    path = tmp_path / "lane.properties.toml"
    path.write_text("[tags]\nnight = ['yard', 'hall']  # dark\nday = ['gate']\n")
    before = Properties({}, {"night": ("yard",), "day": ("gate",)})
    properties = save_changes(path, before, Properties({"w": NEVER_GATE}, {"night": ("yard",)}))
    assert properties.tags == {"night": ("yard", "hall")} == load_properties(path).tags
    assert "# dark" in path.read_text()


def test_a_property_with_a_new_name_keeps_its_place_and_its_comments(tmp_path: Path) -> None:
    path = tmp_path / "lane.properties.toml"
    text = """[properties]
# closed in act one
  'never state "hall"'  =  'never state "hall"'  # ask Ann
# the gate must be open
b = 'possible: state "gate"'  # why
"""
    path.write_text(text)
    before = load_properties(path)
    new_name = NEVER_GATE.text
    after = Properties({new_name: NEVER_GATE, "c": before["b"]})
    save_changes(path, before, after)
    assert path.read_text() == text.replace(
        "'never state \"hall\"'  =  'never state \"hall\"'", '"never state \\"gate\\""  =  \'never state "gate"\''
    ).replace("\nb =", "\nc =")
    assert list(load_properties(path)) == [new_name, "c"]
    save_changes(path, after, before)
    assert load_properties(path) == before and path.read_text().count("#") == text.count("#")


def test_a_new_name_that_somebody_else_took_or_whose_property_is_gone_costs_no_comments(tmp_path: Path) -> None:
    path = tmp_path / "lane.properties.toml"
    before, after = Properties({"a": NEVER_HALL}), Properties({"b": NEVER_HALL})
    for text in (
        "[properties]  # ours\na = 'never state \"hall\"'\nb = 'never lose'  # theirs\n",
        "[properties]  # ours\n",
    ):
        path.write_text(text)
        assert dict(save_changes(path, before, after)) == dict(after) == dict(load_properties(path))
        assert path.read_text().count("#") == text.count("#")


@pytest.mark.parametrize("quotes", ["'''", '"""'])
def test_a_property_over_several_lines_is_changed_and_comments_stay(quotes: str, tmp_path: Path) -> None:
    path = tmp_path / "lane.properties.toml"
    text = (
        f"# top\n[properties]\n'w #1' = {quotes}\n  never\nstate 'hall'{quotes}  # it's so\nb = 'never lose'  # why\n"
    )
    path.write_text(text.replace("'hall'", '"hall"'))
    before = load_properties(path)
    save_changes(path, before, Properties({**before, "w #1": NEVER_GATE}))
    lines = ["# top", "[properties]", "'w #1' = 'never state \"gate\"'  # it's so", "b = 'never lose'  # why", ""]
    assert path.read_text() == "\n".join(lines)
    path.write_text(text.replace("'hall'", '"hall"'))
    save_changes(path, before, Properties({"b": before["b"]}))
    assert path.read_text() == "# top\n[properties]\nb = 'never lose'  # why\n"


NAMES = ["a", "b c", "it's", '"', "d.e", "é", "#", "\\"]
STATEMENTS = [NEVER_HALL, NEVER_GATE, parse_property("always possible: win"), parse_property("never lose")]


@st.composite
def written_entries(draw: st.DrawFn) -> dict[str, str]:
    """Lines of properties by name, in the forms that TOML has, each with a comment of its own."""
    names = draw(st.lists(st.sampled_from(NAMES), unique=True))
    keys = [draw(st.sampled_from([json.dumps(name), key_of(name)])) for name in names]
    forms = [
        draw(
            st.sampled_from(
                ["{0} = {1}  # {2}\n", "\t{0}={1}# {2}\n", "# {2}\n{0} = {1}\n", '{0} = """\n{3}"""# {2}\n']
            )
        )
        for _ in names
    ]
    texts = [draw(st.sampled_from(STATEMENTS)).text for _ in names]
    return {
        name: form.format(key, json.dumps(text), f"note {number}", text)
        for number, (name, key, form, text) in enumerate(zip(names, keys, forms, texts, strict=True))
    }


@given(
    written_entries(),
    st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(STATEMENTS)), unique_by=lambda entry: entry[0]),
)
def test_any_edit_is_in_the_file_and_entries_that_stay_keep_their_comments(
    lines: dict[str, str], entries: list[tuple[str, Property]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lane.properties.toml"
        path.write_text("# top\n[properties]\n" + "".join(lines.values()) + "# end\n[tags]\nnight = ['yard']  # dark\n")
        before = load_properties(path)
        after = Properties(dict(entries), before.tags)
        save_changes(path, before, after)
        text = path.read_text()
        assert load_properties(path) == after
        comments = ["# top", "# end", "# dark"]
        comments += [f"# note {number}" for number, name in enumerate(lines) if name in after]
        assert [comment for comment in comments if comment not in text] == []


def test_properties_are_equal_when_their_tags_are_too() -> None:
    night = Properties({"w": NEVER_GATE}, {"night": ["yard"]})
    assert night == Properties({"w": NEVER_GATE}, {"night": ("yard",)}) == {"w": NEVER_GATE}
    assert night != Properties({"w": NEVER_GATE}, {"night": ["yard", "hall"]})
    assert night != Properties({"w": NEVER_HALL}, {"night": ["yard"]})


def test_a_property_that_is_not_there_is_named_with_the_nearest_that_is() -> None:
    mine = wk.Properties({"an end": wk.always(wk.possible("win"))})
    results = wk.check(wk.samples.load("bench"), mine)
    for values in (mine, results):
        with pytest.raises(KeyError, match="did you mean"):
            values["an ends"]
    assert results["an end"] is results[0]
    assert mine.get("none") is None and "none" not in mine
