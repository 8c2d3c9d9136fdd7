"""What the errors say that a person meets who mistypes a name or a path."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import worldkit as wk
from tests.strategies import any_json
from worldkit.core.json_values import quote
from worldkit.core.quoting import on_one_line

LIGHTHOUSE = wk.samples.load("lighthouse")


@pytest.mark.parametrize(
    "mapping",
    [
        lambda: LIGHTHOUSE.states,
        lambda: LIGHTHOUSE.events_by_name,
        lambda: LIGHTHOUSE.storyboard(),
        lambda: wk.explore(LIGHTHOUSE).routes,
        lambda: wk.odds(LIGHTHOUSE).endings,
        lambda: wk.odds(LIGHTHOUSE).events,
    ],
)
def test_a_name_that_is_not_there_is_refused_with_the_nearest_one(mapping: Callable[[], Mapping[str, Any]]) -> None:
    names = mapping()
    name = next(iter(names))
    for wrong, says in ((name + "x", f'there is no "{name}x" here; did you mean "{name}"'), ("0", "; there are")):
        with pytest.raises(wk.NotFound) as missing:
            names[wrong]
        assert says in str(missing.value) and isinstance(missing.value, KeyError)
        assert str(pickle.loads(pickle.dumps(missing.value))) == str(missing.value)
        assert names.get(wrong) is None and wrong not in names


def test_a_file_that_cannot_be_written_says_why_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(wk.MissingFile, match=r"there is no folder .*nowhere'; make it first"):
        LIGHTHOUSE.save(tmp_path / "nowhere" / "x.world.json")
    with pytest.raises(wk.FileError, match="is a folder; pass the path of a file"):
        LIGHTHOUSE.save(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_file_is_answered_with_the_name_of_one_like_it(tmp_path: Path) -> None:
    LIGHTHOUSE.save(tmp_path / "lighthouse.world.json")
    with pytest.raises(wk.MissingFile, match=r'did you mean "lighthouse\.world\.json"\?$'):
        wk.load(tmp_path / "lighthose.world.json")


def test_a_public_name_that_is_mistyped_is_answered_with_the_nearest_one() -> None:
    name = "genrate"
    with pytest.raises(AttributeError, match='did you mean "generate"'):
        getattr(wk, name)


def test_weights_of_events_that_the_world_does_not_have_are_refused() -> None:
    name = LIGHTHOUSE.events[0].name
    assert wk.odds(LIGHTHOUSE, {name: 2}).endings
    with pytest.raises(wk.WrongArgument, match=f'did you mean "{name}"'):
        wk.odds(LIGHTHOUSE, {name + "s": 2})


@pytest.mark.parametrize("show", [wk.edit, wk.play, lambda world, theme: wk.compare(world, world, theme=theme)])
def test_a_theme_that_there_is_not_is_refused(show: Callable[..., Any]) -> None:
    with pytest.raises(wk.WrongArgument, match='theme: expected "auto", "light" or "dark"; got str "purple"'):
        show(LIGHTHOUSE, theme="purple")


@given(st.one_of(any_json, st.text(), st.binary(), st.lists(st.text(), max_size=3)), st.integers(4, 80))
@example("x\u202e.exe\x1b[2J\u2028", 60)
@example({"\u2066": ["\x7f\x9b"]}, 60)
def test_a_quoted_value_is_short_and_can_be_seen_whatever_is_in_it(value: Any, limit: int) -> None:
    text = quote(value, limit)
    assert len(text) <= limit
    assert text.replace("\u200c", "").replace("\u200d", "").isprintable()


def test_a_text_for_one_line_shows_what_would_move_or_reverse_the_line() -> None:
    assert on_one_line(" A lane\n\tin rain\x1b[31m \u202eback ") == "A lane in rain\\x1b[31m \\u202eback"
    assert on_one_line(None) == on_one_line(" \n") == ""


def test_a_quoted_name_keeps_every_script_that_people_write() -> None:
    for name in ("می\u200cخواهم", "שלום", "灯台", "👩\u200d🚀", "Zoë"):
        assert quote(name) == f'"{name}"'


def test_an_id_that_would_reverse_the_line_is_escaped_in_the_message() -> None:
    with pytest.raises(wk.NotFound) as missing:
        LIGHTHOUSE.states["door\u202egpj.exe"]
    assert "\u202e" not in str(missing.value) and r"door\u202egpj.exe" in str(missing.value)


def test_a_text_that_is_cut_keeps_its_closing_quotation_mark() -> None:
    assert quote("x" * 100) == f'"{"x" * 57}…"'
    assert quote("x" * 58) == f'"{"x" * 58}"' and len(quote("\n" * 100)) <= 60


def _hostile_house() -> wk.World:
    """Return a world whose ids move a terminal's cursor, reverse the line and begin a line of their own."""
    hostile = "hall\x1b[2J\x07\x9b31m\u202e\nerror   scene: all is well"
    events = [
        {"name": f"{n} {hostile}", "kind": "transition", "from": [hostile], "base": "A lamp, no more."}
        for n in "abcdef"
    ]
    scene = {"states": {hostile: {"base": "A hall."}, f"{hostile} 2": {"base": "A yard."}}, "events": events}
    return wk.World.from_dict({"entrance": {"state": hostile}, "scene": scene})


def _refusal() -> str:
    house = _hostile_house()
    name = house.events[0].name
    broken = {
        "op": "put_event",
        "name": name,
        "event": {"name": name, "kind": "transition", "from": ["x\x1b"], "to": "y"},
    }
    with pytest.raises(wk.RuleViolation) as refused:
        house.apply([{**broken, "force": True}], strict=True)
    return str(refused.value)


@pytest.mark.parametrize(
    "told",
    [
        lambda: "\n".join(map(str, _hostile_house().lint("studio"))),
        lambda: repr(_hostile_house().lint("studio")),
        lambda: repr(_hostile_house().portability()),
        lambda: repr(_hostile_house().verify()),
        lambda: repr(wk.Properties({"x\x1b[2J\nall hold": wk.never("y\u202e")})),
        _refusal,
    ],
)
def test_what_is_told_about_a_hostile_id_can_be_seen_and_begins_no_line(told: Callable[[], str]) -> None:
    lines = told().split("\n")
    assert all(line.isprintable() for line in lines)
    assert not any(line.startswith("error   scene") for line in lines)


def test_an_address_instead_of_a_file_is_refused_without_what_is_secret_in_it() -> None:
    with pytest.raises(wk.FileError) as refused:
        wk.load("https://me:hunter2@files.example/a/x.world.json?signature=hunter2#hunter2")
    assert "hunter2" not in str(refused.value) and "https://files.example/a/x.world.json" in str(refused.value)
