"""Changes of properties in their file: entries are put, changed and removed, and all other lines stay."""

from __future__ import annotations

from pathlib import Path

from worldkit import Properties, load_properties
from worldkit.properties.file_edits import save_changes
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


def test_a_tag_whose_list_becomes_longer_keeps_the_comment_behind_it(tmp_path: Path) -> None:
    path = tmp_path / "lane.properties.toml"
    path.write_text("[tags]\nday = [\n  'yard',  # first\n]  # light\n[properties]\n# none\n")
    before = load_properties(path)
    save_changes(path, before, Properties({}, {"day": ("yard", "hall"), "night": ("gate",)}))
    assert path.read_text() == ("[tags]\nday = ['yard', 'hall']  # light\nnight = ['gate']\n[properties]\n# none\n")


def test_a_first_tag_gets_a_table_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "lane.properties.toml"
    path.write_text("[properties]\n# none\n")
    save_changes(path, load_properties(path), Properties({"w": NEVER_GATE}, {"night": ("gate",)}))
    assert path.read_text() == ("[properties]\nw = 'never state \"gate\"'\n# none\n\n[tags]\nnight = ['gate']\n")


def test_lines_end_as_they_did_where_the_file_is_not_written_entry_by_entry(tmp_path: Path) -> None:
    path = tmp_path / "lane.properties.toml"
    path.write_bytes(b"\r\nproperties = {a = 'never state \"hall\"'}\r\n")
    save_changes(path, load_properties(path), Properties({"a": NEVER_GATE, "b": NEVER_HALL}))
    assert path.read_bytes().count(b"\r\n") == path.read_bytes().count(b"\n") == 3
    assert list(load_properties(path)) == ["a", "b"]
