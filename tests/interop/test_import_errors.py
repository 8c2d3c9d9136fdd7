"""What cannot be imported is refused in words, and no file, however made, does anything else."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import worldkit as wk
from worldkit.cli import main

HYPOTHESIS_SETTINGS = settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)

# fmt: off
TWINE_PARTS = [
    ":: Start\n", ":: A [win]\n", ":: StoryInit\n", ':: StoryData\n{"format": "', "Harlowe", "SugarCube", "Chapbook",
    '"}\n', "[[A]]", "[[x->A]]", "[[", "]]", "[", "]", "(set: $a to ", "true", "$a", "$a + 1", ")", "(if: ", "not ",
    " and ", " is ", "(else:)", '(goto: "A")', '(link: "x")[', "<<set $a to ", ">>", "<<if $a>>", "<<else>>", "<</if>>",
    "<<link 'x' 'A'>>", "<</link>>", "<<goto 'A'>>", "visited()", "a: true\n--\n", "[if a]\n", "\n", '"', "'", "\\",
    "{", "}", "<tw-storydata ", "<tw-passagedata name='A'>", "</tw-storydata>", "(history:)", ' contains "A"', "visits",
    "1", " > ", "-- ", "\ud800", "\0",
]
XML_PARTS = [
    "<scxml>", "</scxml>", "<scxml initial='a b'>", "<state id='a'>", "</state>", "<parallel id='p'>", "</parallel>",
    "<final id='f'/>", "<history id='h'/>", "<transition event='e' target='", "a", "f", "h", "p", "'/>",
    "<transition target='", "<transition cond='x' target='", "<initial>", "</initial>", "<onentry>", "</onentry>",
    "<assign location='x' expr='x + 1'/>", "<if cond='x'>", "<else/>", "</if>", "<!DOCTYPE a>", "&amp;", "&a;",
    "<datamodel><data id='x' expr='1'/></datamodel>",
]
# fmt: on
KEYS = st.sampled_from(
    ("id", "initial", "states", "on", "a", "b", "E", "target", "guard", "actions", "type", "always", "after", "10", "x")
) | st.sampled_from(("context", "entry", "params", "onDone", "invoke", "src", "tags", "root", "inkVersion", "#n", "->"))
LEAVES = st.one_of(
    st.sampled_from(
        ["a", "b", ".a", "#m.a", "final", "parallel", "history", "assign", "context.x", "x", "ev", "/ev", "^t"]
    ),
    st.none(),
    st.booleans(),
    st.integers(-2, 20),
)
JSON = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5), max_leaves=30
)


def utf_16(text: str) -> bytes:
    return text.encode("utf-16")


def imports_or_says(source: str | Path) -> None:
    try:
        imported = wk.import_(source)
    except wk.WorldError:
        return
    assert imported.world.start in imported.world.states
    assert repr(imported) and imported._repr_html_()
    assert wk.load(imported.world.to_json()) == imported.world


@HYPOTHESIS_SETTINGS
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode) | st.text(max_size=80).map(utf_16))
def test_any_bytes_are_imported_or_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "story"
    path.write_bytes(data)
    imports_or_says(path)


@HYPOTHESIS_SETTINGS
@given(st.lists(st.sampled_from(TWINE_PARTS) | st.text(max_size=4), max_size=40).map("".join))
def test_any_pieces_of_twine_are_imported_or_refused(text: str) -> None:
    imports_or_says("\n" + text)


@HYPOTHESIS_SETTINGS
@given(st.lists(st.sampled_from(XML_PARTS), max_size=25).map(lambda parts: "<scxml>" + "".join(parts)))
def test_any_pieces_of_scxml_are_imported_or_refused(text: str) -> None:
    imports_or_says(text)
    imports_or_says(text + "</scxml>")


@HYPOTHESIS_SETTINGS
@given(st.dictionaries(KEYS, JSON, max_size=6), st.dictionaries(st.sampled_from("ab"), JSON, min_size=1), st.booleans())
def test_any_json_is_imported_or_refused(value: dict[str, object], states: object, is_chart: bool) -> None:
    imports_or_says(json.dumps({"id": "m", **value, "states": states} if is_chart else value))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{}", "it is an empty JSON object; expected Twee"),
        ('{"a": 1}', 'it is JSON with the keys "a"; expected Twee'),
        ("[1]", "it is JSON and no object"),
        ('{"scene": {"states": {}, "events": []}}', "it is a world already; read it with worldkit.load()"),
        ("{", "not JSON at line 1"),
        ("<html></html>", "it is a page or XML without a story"),
        ("== hall\nA hall.\n* Go on\n-> END\n", "it looks like the source of ink; compile it"),
        ("\n", "it is empty"),
        ("Once\nupon a time", 'it is text beginning with "Once'),
        (":: StoryTitle\nEmpty\n", "it has no passage that could be a place of play"),
        ("<scxml><state id='a'></scxml>", "line 1: not XML"),
        ("<!DOCTYPE scxml><scxml><state id='a'/></scxml>", "document type"),
        ('{"id": "m", "states": {}}', 'it has no "states"'),
    ],
)
def test_what_cannot_be_imported_is_said(text: str, message: str) -> None:
    with pytest.raises(wk.InvalidStory) as caught:
        wk.import_(text if "\n" in text or text[0] in "{<" else text + "\n")
    assert message in str(caught.value)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "picture.twee"
    path.write_bytes(b"\x89PNG\xff")
    with pytest.raises(wk.InvalidStory, match="not UTF-8 text"):
        wk.import_(path)
    with pytest.raises(wk.MissingFile):
        wk.import_(tmp_path / "nothing.twee")
    with pytest.raises(wk.WrongArgument, match="max_copies"):
        wk.import_(":: A [win]\n", max_copies=0)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("story.twee", ":: Start [win]\nA road.\n"),
        ("page.html", "<html><tw-storydata name='A'></tw-storydata></html>"),
        ("machine.json", '{"id": "m", "initial": "a", "states": {"a": {}}}'),
        ("chart.scxml", "<scxml><state id='a'/></scxml>"),
    ],
)
def test_opening_a_story_as_a_world_names_the_import(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    for open_ in (wk.load, wk.edit):
        with pytest.raises(wk.WorldError, match=r"worldkit\.import_\("):
            open_(str(path))


def test_the_command_writes_the_world_and_lists_what_was_lost(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    story, target = tmp_path / "story.twee", tmp_path / "story.world.json"
    story.write_text(":: Start\n[[End]] $gold\n\n:: End [win]\n")
    assert main(["import", str(story), "-o", str(target)]) == 1
    report = capsys.readouterr().err
    assert 'passage "Start", line 2: the value of $gold in the text' in report and "--max-copies" not in report
    assert report.endswith(
        "1 thing could not be expressed exactly in World 'Start': 2 states, 1 event, entrance 'Start'\n"
    )
    assert list(wk.load(target).states) == ["Start", "End"]
    story.write_text(":: Start [win]\nA road.\n")
    assert main(["import", str(story)]) == 0
    assert wk.load(capsys.readouterr().out).states["Start"].base == "A road."
    written = target.read_bytes()
    assert main(["import", str(story), "-o", str(target)]) == 2
    assert "exists; give another name, or --force to replace it" in capsys.readouterr().err
    assert target.read_bytes() == written
    assert main(["import", str(story), "-o", str(target), "--force"]) == 0
    assert list(wk.load(target).states) == ["Start"]
    named_like_json = tmp_path / "{x}.twee"
    named_like_json.write_text(story.read_text())
    with contextlib.chdir(tmp_path):
        assert main(["import", "{x}.twee"]) == 0
    story.write_text(":: Start\n(set: $on to not $on)[[Start]] (if: $on)[[[End]]]\n:: End [win]\n")
    assert main(["import", str(story), "--max-copies", "1"]) == 1
    assert "--max-copies above 1 would keep more" in capsys.readouterr().err
    story.write_text("Once upon a time.")
    assert main(["import", str(story)]) == 2


def test_a_script_of_yarn_spinner_is_named() -> None:
    with pytest.raises(wk.InvalidStory, match="looks like a script of Yarn Spinner, which is not read"):
        wk.import_("title: Start\ntags: sea\n---\nMara: You're late.\n-> Sorry\n    <<jump Quay>>\n===\n")
