"""Loading refuses what is not a world in words, and saving never loses one."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import worldkit as wk
from tests.strategies import any_json, documents
from worldkit.core import files, json_values, schema
from worldkit.core.atomic_write import write_atomically

SMALL: dict[str, Any] = {
    "scene": {
        "states": {"lane": {"base": "A lane."}, "gate": {"base": "A gate."}},
        "events": [{"name": "walk", "kind": "transition", "from": ["lane"], "to": "gate"}],
    }
}
HYPOTHESIS_SETTINGS = settings(max_examples=150, deadline=None)


def refusal(source: Any) -> wk.InvalidWorld:
    with pytest.raises(wk.InvalidWorld) as error:
        wk.load(source)
    return error.value


# ---- what is kept -----------------------------------------------------------------------------


@HYPOTHESIS_SETTINGS
@given(documents())
def test_text_to_world_to_text_is_the_identity_key_order_included(document: dict[str, Any]) -> None:
    text = json.dumps(document, ensure_ascii=False, indent=2)
    assert wk.load(text).to_json() == text
    assert wk.load(document).to_json() == text


@HYPOTHESIS_SETTINGS
@given(documents(max_states=2, max_events=2), st.text(max_size=8), any_json)
def test_an_unknown_field_of_any_name_and_value_is_kept(document: dict[str, Any], key: str, value: Any) -> None:
    if key in schema.load_schema()["properties"] or not key.isprintable():
        key = "unknown"
    document[key] = value
    document["scene"]["states"][next(iter(document["scene"]["states"]))].setdefault("x-" + key, value)
    assert wk.load(json.dumps(document)).to_dict() == document


@pytest.mark.parametrize("key", ["model_dump", "copy", "_raw", "__class__", "schema_version", "to_dict", "states"])
def test_a_field_named_like_a_method_is_only_a_field(key: str) -> None:
    world = wk.load({**SMALL, key: "mine"})
    assert world.to_dict()[key] == "mine"
    assert callable(world.to_dict) and len(world.states) == 2 and world.schema_version is None


def test_the_caller_s_dict_is_copied() -> None:
    document = json.loads(json.dumps(SMALL))
    world = wk.load(document)
    document["scene"]["states"]["lane"]["base"] = "changed"
    world.to_dict()["scene"]["states"].clear()
    assert world.states["lane"].base == "A lane."
    assert world.to_dict() == SMALL


def test_a_world_cannot_be_changed_in_place() -> None:
    world = wk.load(SMALL)
    with pytest.raises(AttributeError, match="apply"):
        world.name = "other"  # type: ignore[misc]
    with pytest.raises(AttributeError, match="apply"):
        del world.name
    with pytest.raises(AttributeError, match="apply"):
        world.states["lane"].base = "other"
    for part in (world.raw, world.raw["scene"]["states"], world.states, world.events_by_name, world.cutscenes_by_id):
        with pytest.raises(TypeError, match="apply"):
            part["lane"] = {}  # type: ignore[index]
    with pytest.raises(TypeError, match="to_dict"):
        world.raw["scene"]["events"].append({})
    assert world == wk.load(SMALL) and world.to_dict() == SMALL


def test_a_single_source_is_read_as_a_list_and_kept_as_it_was() -> None:
    document = json.loads(json.dumps(SMALL))
    document["scene"]["events"][0]["from"] = "lane"
    world = wk.load(document)
    assert world.events[0].from_ == ("lane",)
    assert world.to_dict()["scene"]["events"][0]["from"] == "lane"


def test_equality_is_json_s_not_python_s() -> None:
    assert wk.load({**SMALL, "x": 1}) != wk.load({**SMALL, "x": True})
    assert wk.load({**SMALL, "x": 1}) != wk.load({**SMALL, "x": 1.0})
    other_order = {"scene": {**SMALL["scene"], "states": dict(reversed(SMALL["scene"]["states"].items()))}}
    assert wk.load(SMALL) != wk.load(other_order), "the order of states means something"


def test_a_world_survives_pickle() -> None:
    import pickle

    world = wk.load({**SMALL, "x": [None]})
    assert pickle.loads(pickle.dumps(world)) == world


# ---- envelopes --------------------------------------------------------------------------------


def test_envelopes_and_exports_are_opened(tmp_path: Path) -> None:
    export = {"format": "alakazam-studio/worlds", "version": 1, "worlds": [{"world": SMALL, "versions": []}] * 2}
    path = tmp_path / "a.world.json"
    path.write_text(json.dumps({"world": SMALL}), encoding="utf-8")
    assert wk.load({"world": SMALL}) == wk.load(SMALL) == wk.load(path) == wk.load(str(path))
    assert len(wk.load_all(export)) == 2
    assert "load_all" in str(refusal(export))


def test_a_byte_order_mark_is_forgiven(tmp_path: Path) -> None:
    path = tmp_path / "bom.json"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(SMALL).encode())
    assert wk.load(path) == wk.load(SMALL)


# ---- what is refused --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"scene": ', "not JSON at line 1 column"),
        ("[1, 2]", "expected a world, an object with a scene, got [1, 2]"),
        ('{"a": 1}', 'got the keys ["a"]'),
        ('{"scene": {"states": {}, "events": []}, "x": 1, "x": 2}', '"x" is twice'),
        ('{"scene": {"states": {}, "events": []}, "x": NaN}', "NaN is not a JSON number"),
        ('{"scene": {"states": {}, "events": []}, "x": 1e999}', "too large"),
        ('{"scene": {"states": {}, "events": []}, "x": "\\ud800"}', "surrogate"),
        ('{"scene": {"states": {}, "events": []}, "x": ' + "9" * 5000 + "}", "too many digits"),
        ('{"scene": {"states": {}, "events": []}, "x": ' + "[" * 500 + "]" * 500 + "}", "levels deep"),
        ('{"scene": {"states": {}, "events": []}, "x": ' + "[" * 100000 + "]" * 100000 + "}", "levels deep"),
        ('{"scene": {"states": {}, "events": []}, "schemaVersion": 1.0}', 'such as "1.0", got 1.0'),
        ('{"scene": {"states": [], "events": []}}', "scene.states: expected an object, got []"),
        ('{"format": "alakazam-studio/worlds", "version": 2, "worlds": []}', "expected export version 1"),
        ('{"format": "alakazam-studio/worlds", "version": 1, "worlds": [{}]}', "worlds[0].world"),
    ],
)
def test_what_is_not_a_world_is_refused_in_words(text: str, message: str) -> None:
    assert message in str(refusal(text))


def test_every_problem_is_listed_with_its_path() -> None:
    document = {
        "name": 7,
        "scene": {
            "states": {"a b": {"base": 1}},
            "events": [{"name": "x", "kind": "jump", "from": [], "landWhen": {"hits": "2"}}],
        },
    }
    assert [str(p) for p in refusal(document).problems] == [
        "name: expected a string, got 7",
        'scene.states["a b"].base: expected a string, got 1',
        "scene.events[0].kind: expected one of 'transition', 'override' or 'terminal', got \"jump\"",
        'scene.events[0].landWhen.hits: expected a number, got "2"',
    ]


def test_an_unknown_major_version_names_what_was_found_and_what_can_be_read() -> None:
    with pytest.raises(wk.UnsupportedVersion, match=r"'2\.0' cannot be read; readable versions: 1\.x"):
        wk.load({**SMALL, "schemaVersion": "2.0"})


@pytest.mark.parametrize("key", ["world", "snapshot"])
def test_an_envelope_is_judged_by_its_version_where_the_world_has_none(key: str) -> None:
    bare = {name: value for name, value in SMALL.items() if name != "schemaVersion"}
    with pytest.raises(wk.UnsupportedVersion, match=r"'2\.0' cannot be read"):
        wk.load({"schemaVersion": "2.0", key: bare})
    with pytest.raises(wk.InvalidWorld, match="foreign tags that are read"):
        wk.load({"schemaVersion": "studio", key: bare})
    assert [str(problem) for problem in wk.validate({"schemaVersion": "2.0", key: bare})]
    world = wk.load({"schemaVersion": "offline/1", key: bare})
    assert [note.lint for note in world.diagnostics] == ["foreign-version"]
    assert world.to_dict() == bare
    assert wk.load({"schemaVersion": "2.0", key: {**bare, "schemaVersion": "1.0"}}).states


@pytest.mark.parametrize("key", ["world", "snapshot"])
def test_a_later_version_that_an_envelope_says_counts_for_its_world(key: str) -> None:
    event = {"name": "step through", "kind": "portal", "from": ["lane"], "to": "lane"}
    scene = {**SMALL["scene"], "events": [event]}
    bare = {**{name: value for name, value in SMALL.items() if name != "schemaVersion"}, "scene": scene}
    envelope = {"schemaVersion": "1.5", key: bare}
    world = wk.load(envelope)
    assert world.to_dict() == {"schemaVersion": "1.5", **bare} and wk.validate(envelope) == []
    assert [note.lint for note in world.diagnostics] == ["later-word"]
    with pytest.raises(wk.InvalidWorld, match="kind"):
        wk.load({"schemaVersion": "1.5", key: {**bare, "schemaVersion": "1.0"}})
    export = {"format": "alakazam-studio/worlds", "version": 1, "worlds": [{"schemaVersion": "1.5", "world": bare}]}
    assert wk.load(export) == world


def test_a_minor_version_from_the_future_is_read_and_kept() -> None:
    assert wk.load({**SMALL, "schemaVersion": "1.7", "new": 1}).to_dict()["schemaVersion"] == "1.7"


def test_a_migration_takes_an_old_major_forward(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(schema.MIGRATIONS, 0, lambda d: {**d, "schemaVersion": "1.0", "scene": d["graph"]})
    assert wk.load({"scene": {}, "graph": SMALL["scene"], "schemaVersion": "0.9"}).states["lane"].base == "A lane."


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.json"
    with path.open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    reason = "210 MB is more than the 67 MB that are read"
    assert f"{reason}; worldkit.load(..., max_bytes=...) reads more" in str(refusal(path))
    assert "max_bytes" in str(refusal("{" + " " * json_values.MAX_BYTES + "}"))
    sheet = path.rename(tmp_path / "huge.csv")
    readers: dict[Any, type[Exception]] = {
        wk.import_: wk.InvalidStory,
        wk.load(SMALL).apply_script: wk.InvalidScript,
        wk.Campaign.load: wk.InvalidWorld,
    }
    for read, expected in readers.items():
        with pytest.raises(expected, match="MB that are read") as error:
            read(sheet)
        assert type(error.value) is expected and "max_bytes" not in str(error.value)
    assert [problem.message for problem in wk.validate(sheet)] == [reason]


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "bytes.json"
    path.write_bytes(b'{"scene": "\xff"}')
    assert "not UTF-8 text: byte 11 is 0xff" in str(refusal(path))


def test_a_missing_file_is_a_missing_file() -> None:
    with pytest.raises(FileNotFoundError):
        wk.load("nowhere.world.json")


def test_the_error_of_a_file_in_a_deep_folder_keeps_its_name_and_shows_its_end(tmp_path: Path) -> None:
    folder = tmp_path.joinpath(*["a folder of some length"] * 12)
    folder.mkdir(parents=True)
    wk.load(SMALL).save(folder / "lighthouse.world.json")
    with pytest.raises(wk.MissingFile, match=r'did you mean "lighthouse\.world\.json"') as missing:
        wk.load(folder / "lighthause.world.json")
    assert missing.value.filename == str(folder / "lighthause.world.json")
    assert "lighthause.world.json': there is no such file" in str(missing.value)
    assert "…" in str(missing.value) and len(str(missing.value)) < 400
    with pytest.raises(wk.FileError, match="some length' is a folder") as is_folder:
        wk.load(folder)
    assert is_folder.value.filename == str(folder)


@pytest.mark.skipif(not os.path.exists("/dev/fd"), reason="this system has no names of open files")
@pytest.mark.parametrize("text", [":: Start\nA road.", '{"id": "m", "initial": "a", "states": {"a": {}}}'])
def test_a_pipe_is_read_once_also_where_it_holds_a_story(text: str) -> None:
    read, write = os.pipe()
    os.write(write, text.encode())
    os.close(write)
    try:
        assert "make a world of it with worldkit.import_" in str(refusal(f"/dev/fd/{read}"))
    finally:
        os.close(read)


@pytest.mark.parametrize(
    "value", [{"scene": {1: 2}}, {"scene": {"states": {}, "events": [], "x": {1, 2}}}, {"x": object()}]
)
def test_a_dict_that_is_not_json_is_refused(value: Any) -> None:
    refusal(value)


json_leaves = (
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats()
    | st.floats(-1e-3, 1e-3)
    | st.text()
    | st.sampled_from([1e15, 1e16, 1e22, 5e-324, 0.0001, 0.00001, -0.0, "\ud800", "NaN", ": 1e5", "\x7f\x00\u2028"])
)


@settings(max_examples=300, deadline=None)
@given(
    st.recursive(
        json_leaves,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text() | st.just("\udfff"), inner, max_size=4),
        max_leaves=10,
    ),
    st.sampled_from([None, 0, 1, 2, 4]),
)
def test_json_is_written_as_the_standard_library_writes_it(value: Any, indent: int | None) -> None:
    def text_or_error(write: Callable[[], str]) -> str:
        try:
            return write()
        except ValueError as error:
            return repr(error)

    expected = text_or_error(lambda: json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent))
    assert text_or_error(lambda: json_values.dumps(value, indent)) == expected


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60) | any_json.map(json.dumps))
def test_any_text_is_a_world_or_an_invalid_world(text: str) -> None:
    with contextlib.suppress(wk.WorldError):
        wk.load("{" + text)


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Return JSON text in many spellings, some with a key that is twice."""
    odd = st.text(st.sampled_from([":", '"', "\\", " ", "a", "é", "\n"]), max_size=4)

    def grow(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        members = st.lists(st.tuples(odd, inner), max_size=3)
        return st.lists(inner, max_size=3) | members.map(lambda pairs: ("object", pairs))

    tree = draw(st.recursive(odd | st.integers() | st.none(), grow, max_leaves=8))
    colon = draw(st.sampled_from([":", ": ", " :", "\n:"]))
    ascii_only = draw(st.booleans())
    sign = draw(st.sampled_from(["", ":", '\\"']))

    def string(value: str) -> str:
        text = json.dumps(value, ensure_ascii=ascii_only)
        code = {":": "\\u003a", '\\"': "\\u0022"}.get(sign)
        return f'"{text[1:-1].replace(sign, code)}"' if code else text

    def write(value: Any) -> str:
        if isinstance(value, tuple):
            return "{" + ",".join(string(key) + colon + write(item) for key, item in value[1]) + "}"
        if isinstance(value, list):
            return "[" + ",".join(map(write, value)) + "]"
        return string(value) if isinstance(value, str) else json.dumps(value)

    return write(tree)


@settings(max_examples=500, deadline=None)
@given(texts())
def test_the_fast_reader_and_the_careful_one_read_the_same(text: str) -> None:
    def read(reader: Any) -> Any:
        try:
            return reader(text)
        except wk.InvalidWorld:
            return "refused"

    assert read(json_values.parse) == read(lambda t: json_values._parse_carefully(t.encode(), "the text"))


# ---- saving -----------------------------------------------------------------------------------


def test_saving_and_loading_gives_an_equal_world(tmp_path: Path) -> None:
    world = wk.load({**SMALL, "name": "Länge ☂"})
    assert wk.load(world.save(tmp_path / "w.world.json")) == world


def test_a_file_that_does_not_load_is_not_overwritten_by_the_failure(tmp_path: Path) -> None:
    path = tmp_path / "w.world.json"
    path.write_text('{"scene": broken', encoding="utf-8")
    refusal(path)
    assert path.read_text(encoding="utf-8") == '{"scene": broken'


def test_a_failed_save_leaves_the_old_file_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "w.world.json"
    wk.load(SMALL).save(path)
    before = path.read_bytes()

    def full(fd: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="the disk is full"):
        wk.load({**SMALL, "name": "new"}).save(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_that_leads_in_a_circle_is_not_written(tmp_path: Path) -> None:
    (tmp_path / "loop.json").symlink_to("other.json")
    (tmp_path / "other.json").symlink_to("loop.json")
    (tmp_path / "folder").symlink_to("folder")
    for path in (tmp_path / "loop.json", tmp_path / "folder" / "a.json"):
        with pytest.raises(wk.FileError, match="cannot be written"):
            wk.load(SMALL).save(path)
    assert (tmp_path / "loop.json").is_symlink()


def test_saving_keeps_permissions_and_follows_a_link(tmp_path: Path) -> None:
    real, link = tmp_path / "real.json", tmp_path / "link.json"
    wk.load(SMALL).save(real)
    real.chmod(0o640)
    link.symlink_to(real)
    wk.load({**SMALL, "name": "new"}).save(link)
    assert link.is_symlink() and real.stat().st_mode & 0o777 == 0o640
    assert wk.load(real).name == "new"


def test_a_write_protected_file_is_not_replaced(tmp_path: Path) -> None:
    file = wk.load(SMALL).save(tmp_path / "a.json")
    before = file.read_bytes()
    file.chmod(0o444)
    with pytest.raises(wk.FileError, match="it is write-protected; make it writable first, or name another file"):
        wk.samples.load("bench").save(file)
    assert file.read_bytes() == before and [entry.name for entry in tmp_path.iterdir()] == ["a.json"]
    file.chmod(0o644)
    assert wk.load(wk.samples.load("bench").save(file)) == wk.samples.load("bench")


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_a_new_file_has_the_permissions_of_any_and_saving_never_sets_the_umask(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def set_umask(mask: int) -> int:
        raise AssertionError(f"the umask of the whole process would be {mask:o} for a moment")

    plain = tmp_path / "plain"
    plain.touch()
    monkeypatch.setattr(os, "umask", set_umask)
    wk.load(SMALL).save(tmp_path / "saved.json")
    write_atomically(tmp_path / "made.json", b"{}", new=True)
    modes = {path.name: path.stat().st_mode & 0o7777 for path in tmp_path.iterdir()}
    assert modes == dict.fromkeys(("plain", "saved.json", "made.json"), plain.stat().st_mode & 0o7777)


def test_what_processes_left_that_were_killed_while_they_saved_is_removed_and_nothing_else(tmp_path: Path) -> None:
    names = [".worldkit.0123456789abcdef.tmp", ".worldkit.ab_c1234.tmp", ".worldkit.notes.tmp", "worldkit.12345678.tmp"]
    day_before_yesterday = time.time() - 2 * 24 * 60 * 60
    for name in names:
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (day_before_yesterday, day_before_yesterday))
    (tmp_path / ".worldkit.fedcba9876543210.tmp").touch()  # somebody is writing it
    wk.load(SMALL).save(tmp_path / "saved.json")
    wk.load(SMALL).save(tmp_path / "saved.json")
    assert {path.name for path in tmp_path.iterdir()} == {*names[2:], "saved.json", ".worldkit.fedcba9876543210.tmp"}


def test_a_process_killed_while_saving_leaves_a_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "w.world.json"
    script = (
        "import sys, worldkit as wk\n"
        "d = wk.load(sys.argv[1]).to_dict()\n"
        "big = [wk.load({**d, 'name': c * 200000}) for c in 'ab']\n"
        "while True:\n"
        "    for b in big:\n"
        "        b.save(sys.argv[1])\n"
        "        print('saved', flush=True)\n"
    )
    wk.load(SMALL).save(path)
    for _ in range(3):
        process = subprocess.Popen([sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        for _ in range(3):
            assert process.stdout.readline() == "saved\n"
        process.kill()  # while it saves again
        process.communicate()
        assert len(wk.load(path).name or "") == 200000


def test_files_are_written_for_people_to_read_and_diff(tmp_path: Path) -> None:
    text = files.save(wk.load(SMALL), tmp_path / "w.json").read_text(encoding="utf-8")
    assert text.endswith("}\n") and '\n    "states": {' in text


def test_a_file_is_written_in_a_folder_that_its_file_system_does_not_sync(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync = os.fsync

    def sync_files_only(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "Invalid argument")
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", sync_files_only)
    assert wk.load(files.save(wk.load(SMALL), tmp_path / "w.json")) == wk.load(SMALL)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_gets_what_is_written_and_stays_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_atomically(pipe, b"{}\n")
        assert os.read(reader, 100) == b"{}\n"
        with pytest.raises(FileExistsError):
            write_atomically(pipe, b"[]\n", new=True)
    finally:
        os.close(reader)
    assert pipe.is_fifo() and [path.name for path in tmp_path.iterdir()] == ["pipe"]
