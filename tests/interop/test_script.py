"""The script of a world as one sheet: out and in again exactly, in CSV and in XLIFF 2.0."""

from __future__ import annotations

import contextlib
import csv
import io
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import worldkit as wk
from tests.strategies import documents
from worldkit.core.prose import prose_of
from worldkit.interop.script import ScriptLine, apply_lines, script_lines, texts_on_sheet
from worldkit.interop.script_csv import from_csv, to_csv
from worldkit.interop.script_file import read_script
from worldkit.interop.script_xliff import NAMESPACE, from_xliff, to_xliff

Json = dict[str, Any]
FORMATS = ("csv", "xlf")
UNIT = f"{{{NAMESPACE}}}unit"

hard_texts = st.one_of(
    st.text(max_size=20),
    st.text(st.sampled_from("'\"=+-@\t\r\n,;\\ \x00\x01\x0b\ufeff\ufffe\uffff\x85\u2028<>&]a🪔"), max_size=8),
)


def lane(**more: Any) -> wk.World:
    return wk.load({"scene": {"states": {"lane": {"base": "A stone lane.", **more}}, "events": []}})


def edited(path: Path, key: str, text: str) -> None:
    """Edit one text of a sheet, as a person does in a spreadsheet."""
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
    column = rows[0].index("text")
    for row in rows[1:]:
        if row[0] == key:
            row[column] = text
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    path.write_text(out.getvalue(), "utf-8")


# ---- exact -------------------------------------------------------------------------------------


def write(lines: list[ScriptLine], form: str) -> str:
    return to_csv(lines) if form == "csv" else to_xliff(lines, source_language="en", language="de")


def read(text: str, form: str) -> list[ScriptLine]:
    return from_csv(text) if form == "csv" else from_xliff(text.encode())


@pytest.mark.parametrize("form", FORMATS)
@given(texts=st.lists(st.tuples(hard_texts, hard_texts, hard_texts), max_size=4))
@example(texts=[("'=1", "'", "''=")])
@example(texts=[("key\r\n\x00", "\r", '"')])
@settings(deadline=None)
def test_every_text_comes_back_exactly(form: str, texts: list[tuple[str, str, str]]) -> None:
    lines = [ScriptLine(f"{number}{key}", "", "", source, text) for number, (key, source, text) in enumerate(texts)]
    assert read(write(lines, form), form) == [line._replace(reader="") for line in lines]


@pytest.mark.parametrize("form", FORMATS)
@given(raw=documents(3, 4), words=st.dictionaries(st.integers(0, 200), hard_texts, max_size=5))
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_world_that_goes_out_and_comes_in_has_the_texts_of_the_sheet_and_is_otherwise_the_same(
    form: str, raw: Json, words: dict[int, str]
) -> None:
    world = wk.load(raw)
    lines = script_lines(world)
    unedited = apply_lines(world, read(write(lines, form), form))
    assert (unedited.world, unedited.ops) == (world, [])
    new = {at % len(lines): text for at, text in words.items()}
    sheet = [line._replace(text=new.get(at, line.text)) for at, line in enumerate(lines)]
    edits = apply_lines(world, read(write(sheet, form), form))
    assert not edits.outdated and not edits.unknown
    texts_before, texts_after = texts_on_sheet(world.raw), texts_on_sheet(edits.world.raw)
    for before, after, line in zip(texts_before, texts_after, sheet, strict=True):
        only_line_ends = line.text.replace("\r\n", "\n").replace("\r", "\n") == before.text.replace(
            "\r\n", "\n"
        ).replace("\r", "\n")
        expected = before.text if line.text == "" or only_line_ends else line.text
        # texts of events with one name are numbered in their order, those that there are first
        assert after._replace(key="") == before._replace(key="", text=expected)
    assert world.apply(edits.ops) == edits.world


@pytest.mark.parametrize("name", wk.samples.names())
@pytest.mark.parametrize("form", FORMATS)
def test_every_sample_comes_back_from_its_file(name: str, form: str, tmp_path: Path) -> None:
    world = wk.samples.load(name)
    path = world.to_script(tmp_path / f"script.{form}")
    assert world.apply_script(path).world == world
    rewritten = world.replace_text("e", "é")
    rewritten.to_script(path, overwrite=True)
    expected = [text.text for text in texts_on_sheet(rewritten.raw)]
    assert [line.text or line.source for line in read_script(path)] == expected


# ---- as others read and write it ---------------------------------------------------------------


def test_texts_of_events_with_one_name_are_numbered_in_their_order() -> None:
    bodies = [("go", {"base": "A.", "detail": "D."}), ("stay", {"base": "B."}), ("go", {"base": "C."})]
    events = [{"name": name, "kind": "override", "from": ["lane"], **body} for name, body in [*bodies, *bodies[:1]]]
    keys = [text.key for text in prose_of({"scene": {"states": {}, "events": events}})]
    assert keys == [
        "event[go].detail",
        "event[go].base",
        "event[stay].base",
        "event[go].base#2",
        "event[go].detail#2",
        "event[go].base#3",
    ]


def test_a_button_that_shows_the_name_of_its_event_is_on_the_sheet_and_comes_back_as_its_detail(tmp_path: Path) -> None:
    with wk.build("Gate") as b:
        b.state("road", "A road.")
        b.state("garden", "A garden.", ending="win")
        b.transition("road", "garden", "go_in", narration="You go.")
        b.transition("road", "garden", "climb_over", detail="Climb over the wall")
        b.transition("road", "garden", "night_falls", hidden=True, auto_after_ms=1000)
    sheet = b.world.to_script(tmp_path / "gate.csv", readers=["player"])
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        rows = {row["key"]: row["source"] for row in csv.DictReader(file) if row["key"].startswith("event")}
    assert rows == {
        "event[go_in].detail": "Go in",
        "event[go_in].narration": "You go.",
        "event[climb_over].detail": "Climb over the wall",
    }
    assert b.world.apply_script(sheet).world == b.world
    edited(sheet, "event[go_in].detail", "Geh hinein")
    edits = b.world.apply_script(sheet)
    assert edits.changed == ("event[go_in].detail",) and edits.outdated == ()
    assert (
        edits.world.to_dict()
        == b.world.apply([{"op": "update_event", "name": "go_in", "patch": {"detail": "Geh hinein"}}]).to_dict()
    )


def test_buttons_with_one_name_are_numbered_behind_the_texts_that_there_are() -> None:
    event = {"name": "go", "kind": "override", "from": ["lane"]}
    events = [event, {**event, "detail": "On"}, event]
    raw = {"scene": {"states": {"lane": {"base": "A lane."}}, "events": events}}
    assert [(text.key, text.text) for text in texts_on_sheet(raw)][1:] == [
        ("event[go].detail#2", "Go"),
        ("event[go].detail", "On"),
        ("event[go].detail#3", "Go"),
    ]


def test_python_and_spreadsheets_read_the_csv(tmp_path: Path) -> None:
    world = lane(narration='She says "no",\nand goes.')
    path = world.to_script(tmp_path / "script.csv")
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
    assert [row["key"] for row in rows] == ["state[lane].base", "state[lane].narration"]
    assert rows[1]["text"] == rows[1]["source"] == 'She says "no",\nand goes.'


def test_a_sheet_of_a_spreadsheet_with_semicolons_other_columns_and_another_order_is_read(tmp_path: Path) -> None:
    world = lane(narration="Go on.")
    path = tmp_path / "script.csv"
    path.write_text("note;text;key\r\nfine;A lane of stone.;state[lane].base\r\n;;state[lane].narration\r\n;;\r\n")
    edits = world.apply_script(path)
    assert edits.world.states["lane"].base == "A lane of stone." and edits.changed == ("state[lane].base",)
    path.write_text(path.read_text().replace(";", "\t"), "utf-16")
    assert world.apply_script(path).world == edits.world


def test_empty_cells_after_the_last_column_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "sheet.csv").write_text("key,text,\nstate[lane].base,A lane.,,,\n", "utf-8")
    assert lane().apply_script(tmp_path / "sheet.csv").world.states["lane"].base == "A lane."


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_sheet_whose_cells_are_all_quoted_is_read_whatever_separates_them(delimiter: str, tmp_path: Path) -> None:
    world = lane(narration='Go, "now";\nor\tlater.')
    path = world.to_script(tmp_path / "script.csv")
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
    rows[1][-1] = "A lane; of, stone."
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(rows)
    edits = world.apply_script(path)
    assert edits.changed == ("state[lane].base",) and edits.world.states["lane"].base == "A lane; of, stone."


def test_a_spreadsheet_may_write_line_ends_as_it_likes(tmp_path: Path) -> None:
    world = lane(narration="One\nTwo")
    path = world.to_script(tmp_path / "script.csv")
    edited(path, "state[lane].narration", "One\r\nTwo")
    assert world.apply_script(path).world == world


def test_a_text_that_looks_like_a_formula_is_none_in_a_spreadsheet_and_comes_back(tmp_path: Path) -> None:
    world = lane(narration="=HYPERLINK(A1)", arriveLabel="'tis")
    path = world.to_script(tmp_path / "script.csv")
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
    assert not any(cell[:1] in ("=", "+", "-", "@", "\t", "\r") for row in rows for cell in row if cell)
    assert world.apply_script(path).world == world


def test_a_translation_tool_finds_source_and_language_and_an_empty_target(tmp_path: Path) -> None:
    path = lane(narration="A <b> & c").to_script(tmp_path / "script.xlf", language="pt-BR", readers=["player"])
    root = ElementTree.parse(path).getroot()
    assert (root.get("version"), root.get("srcLang"), root.get("trgLang")) == ("2.0", "en", "pt-BR")
    (unit,) = root.iter(UNIT)
    assert unit.get("name") == "state[lane].narration"
    assert [element.text for element in unit.iter(f"{{{NAMESPACE}}}source")] == ["A <b> & c"]
    assert list(unit.iter(f"{{{NAMESPACE}}}target")) == []


def test_a_translation_that_a_tool_split_and_marked_is_put_together(tmp_path: Path) -> None:
    path = tmp_path / "script.xlf"
    path.write_text(
        f'<xliff xmlns="{NAMESPACE}" version="2.1" srcLang="en" trgLang="de"><file id="f"><group id="g">'
        '<unit id="u1" name="state[lane].base"><segment><source>A stone lane.</source>'
        '<target>Ein <mrk id="m">steiniger</mrk> Weg.</target></segment>'
        "<ignorable><source> </source></ignorable>"
        "<segment><source>It rains.</source></segment></unit></group></file></xliff>"
    )
    world = lane().replace_text("lane.", "lane. It rains.")
    assert world.apply_script(path).world.states["lane"].base == "Ein steiniger Weg. It rains."


# ---- what cannot be taken ----------------------------------------------------------------------


def test_a_text_that_was_rewritten_meanwhile_is_not_overwritten_without_being_asked(tmp_path: Path) -> None:
    world = lane(narration="Go on.")
    path = world.to_script(tmp_path / "script.csv")
    edited(path, "state[lane].base", "A lane of stone.")
    later = world.replace_text("stone", "muddy").replace_text("Go", "Walk")
    edits = later.apply_script(path)
    assert edits.world == later
    (clash,) = edits.outdated
    assert (clash.key, clash.current, clash.text) == ("state[lane].base", "A muddy lane.", "A lane of stone.")
    assert later.apply_script(path, overwrite=True).world.states["lane"].base == "A lane of stone."


def test_a_line_whose_scene_is_gone_is_named(tmp_path: Path) -> None:
    path = lane().to_script(tmp_path / "script.csv")
    renamed = lane().apply([{"op": "rename_state", "from": "lane", "to": "road"}])
    assert renamed.apply_script(path).unknown == ("state[lane].base",)


REFUSED = {
    "no header": ("script.csv", "a,b\n1,2\n", r'line 1: expected a header with the columns "key" and "text"'),
    "an empty file": ("script.csv", "", "line 1: expected a header"),
    "a quoted header without the columns": (
        "script.csv",
        '"a";"b"\n',
        r'line 1: .* "key" and "text", got \["a", "b"\]',
    ),
    "a header without the columns, by semicolons": ("script.csv", "a;b\n", r'"key" and "text", got \["a", "b"\]'),
    "letters after a quote in the header": (
        "script.csv",
        '"key" more,text\n',
        "line 1: expected .* after a closing quote",
    ),
    "an open quote in the header": ("script.csv", '"key,text\n', "line 1: a quotation mark is opened and never closed"),
    "letters after a quote, by semicolons": (
        "script.csv",
        '"key";"text"\n"k";"words" more\n',
        'line 2: expected ";" or',
    ),
    "a row without its key": ("script.csv", "key,text\n,words\n", "line 2: the key is missing"),
    "an open quote": ("script.csv", 'key,text\na,b\nk,"words\n', "line 3: a quotation mark is opened and never closed"),
    "letters after a quote": ("script.csv", 'key,text\nk,"words" more\n', "line 2: expected .* after a closing quote"),
    "a text with commas without its quotes": (
        "script.csv",
        "key,text\nstate[lane].base,A lane, with walls.\n",
        'line 2: it has more cells than the header has columns; a text that holds "," stands in quotation marks',
    ),
    "two texts for one key": ("script.csv", "key,text\nk,a\nk,b\n", '"k" stands there twice'),
    "no XML": ("script.xlf", "words", "line 1: not XML"),
    "XLIFF 1.2": ("script.xlf", '<xliff version="1.2"/>', 'expected an XLIFF 2 document, got "xliff 1.2"'),
    "another language": ("script.xlf", "<html/>", 'got "html"'),
    "a document type": ("script.xlf", '<!DOCTYPE x [<!ENTITY e "e">]><x>&e;</x>', "it has a document type"),
    "a unit without name": (
        "script.xlf",
        f'<xliff xmlns="{NAMESPACE}" version="2.0"><file><unit id="u"/></file></xliff>',
        "a unit has no name",
    ),
    "half a character": (
        "script.xlf",
        f'<xliff xmlns="{NAMESPACE}"><unit name="k"><segment><source><cp hex="D800"/>'
        "</source></segment></unit></xliff>",
        "expected a character in hexadecimal digits",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_script_is_refused_with_its_line(case: str, tmp_path: Path) -> None:
    name, text, message = REFUSED[case]
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(wk.InvalidScript, match=message) as refused:
        lane().apply_script(path)
    assert str(path) in str(refused.value)


def test_another_encoding_an_unknown_format_and_a_bad_language_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "script.csv"
    path.write_bytes("key,text\nk,caf\xe9\n".encode("latin-1"))
    with pytest.raises(wk.InvalidScript, match="not UTF-8"):
        lane().apply_script(path)
    with pytest.raises(wk.WrongArgument, match=r"path: expected a file named \*.csv or \*.xlf"):
        lane().to_script(tmp_path / "script.docx")
    with pytest.raises(wk.WrongArgument, match="language: expected a language tag"):
        lane().to_script(tmp_path / "script.xlf", language='de" x="')
    with pytest.raises(wk.WrongArgument, match="readers"):
        lane().to_script(path, readers=["nobody"])  # type: ignore[list-item]
    with pytest.raises(wk.MissingFile):
        lane().apply_script(tmp_path / "nowhere.csv")


@given(data=st.binary(max_size=60) | st.text(max_size=40).map(str.encode), form=st.sampled_from(FORMATS))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_whatever_a_file_holds_it_is_read_or_refused(tmp_path: Path, data: bytes, form: str) -> None:
    path = tmp_path / f"script.{form}"
    path.write_bytes(data)
    with contextlib.suppress(wk.InvalidScript):
        assert set(lane().apply_script(path).world.states) == {"lane"}


# ---- in the editor and on the command line -----------------------------------------------------


def test_in_the_editor_a_sheet_is_one_step_to_undo(tmp_path: Path) -> None:
    editor = wk.edit(lane(narration="Go on."))
    path = editor.world.to_script(tmp_path / "script.csv")
    edited(path, "state[lane].base", "A lane of stone.")
    edited(path, "state[lane].narration", "Walk on.")
    assert editor.apply_script(path).changed == ("state[lane].base", "state[lane].narration")
    assert editor._state.undo_label == "Import the texts of script.csv"
    assert editor.undo().world == lane(narration="Go on.")


def test_the_command_line_writes_a_sheet_and_takes_it_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from worldkit.cli import main

    world_path, sheet = str(tmp_path / "mine.world.json"), tmp_path / "script.csv"
    lane(narration="Go on.").save(world_path)
    assert main(["script", world_path, str(sheet), "--for", "player", "--for", "picture"]) == 0
    edited(sheet, "state[lane].base", "A lane of stone.")
    assert main(["script", world_path, str(sheet), "--take", "--in-place"]) == 0
    assert wk.load(world_path).states["lane"].base == "A lane of stone."
    edited(sheet, "state[lane].base", "A lane of mud.")
    assert main(["script", world_path, str(sheet), "--take"]) == 1
    assert "changed in the world since the sheet was written" in capsys.readouterr().err
    assert main(["script", world_path, str(sheet), "--take", "--overwrite", "-o", str(tmp_path / "out.json")]) == 0
    assert wk.load(tmp_path / "out.json").states["lane"].base == "A lane of mud."


def test_the_command_line_replaces_a_sheet_only_when_told_to(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from worldkit.cli import main

    world_path, sheet = str(tmp_path / "mine.world.json"), tmp_path / "script.csv"
    lane(narration="Go on.").save(world_path)
    sheet.write_text("key,text\nstate[lane].base,Ein Weg.\n", encoding="utf-8")
    translated, world_before = sheet.read_bytes(), Path(world_path).read_bytes()
    for options in (["--in-place"], ["--output", str(tmp_path / "out.json")], ["--output", "-"], ["--overwrite"]):
        assert main(["script", world_path, str(sheet), *options, "--force"]) == 2
        assert f"{options[0]} goes with --take" in capsys.readouterr().err
    assert main(["script", world_path, str(sheet)]) == 2
    assert "exists; give another name, or --force to replace it" in capsys.readouterr().err
    assert (sheet.read_bytes(), Path(world_path).read_bytes()) == (translated, world_before)
    assert main(["script", world_path, str(sheet), "--force"]) == 0
    assert sheet.read_bytes() != translated


@pytest.mark.parametrize("form", FORMATS)
def test_a_sheet_that_is_filled_in_is_replaced_only_when_told_to(form: str, tmp_path: Path) -> None:
    path = lane().to_script(tmp_path / f"script.{form}", language="de")
    path.write_bytes(path.read_bytes() + b"<!-- filled in -->")
    filled_in = path.read_bytes()
    with pytest.raises(wk.FileError, match=rf"script.{form}' is there already.*overwrite=True to replace it"):
        lane().to_script(path, language="de")
    assert path.read_bytes() == filled_in and list(tmp_path.iterdir()) == [path]
    assert lane().to_script(path, language="de", overwrite=True).read_bytes() != filled_in


@pytest.mark.parametrize(
    "options", [["--for", "player"], ["--language", "de"], ["--source-language", "en"], ["--force"]]
)
def test_the_command_line_refuses_options_of_writing_a_sheet_when_it_takes_one(
    options: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from worldkit.cli import main

    world_path = str(lane().save(tmp_path / "mine.world.json"))
    sheet = str(lane().to_script(tmp_path / "script.csv"))
    assert main(["script", world_path, sheet, "--take", *options]) == 2
    assert f"{options[0]} does not go with --take" in capsys.readouterr().err
