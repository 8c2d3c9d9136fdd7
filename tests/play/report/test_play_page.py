"""A world as a page that can be played: every way through it is a way of the stepper, and no text of it runs."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from IPython.lib.pretty import pretty

import worldkit as wk
from worldkit.playing.machine import fireable_by_name
from worldkit.playing.transition_table import SequenceAction, table_of
from worldkit.reporting import play_table

NASTY = "</script><script>alert(1)</script><!--<img src=x onerror=alert(2)>'\"&\u2028\u202e${alert(3)}`"


class Parts(HTMLParser):
    """The scripts of a page, and its tags."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self._is_in_script = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._is_in_script = tag == "script"
        if self._is_in_script:
            self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:
        self._is_in_script = False

    def handle_data(self, data: str) -> None:
        if self._is_in_script:
            self.scripts[-1] += data


def table(world: wk.World) -> dict[str, Any]:
    return json.loads(Parts(world.to_html()).scripts[0])


@pytest.mark.parametrize("name", ["bench", "lighthouse"])
def test_the_page_holds_every_position_that_pressing_leads_to(name: str) -> None:
    world = wk.samples.load(name)
    page_table = table(world)
    visited = set()
    session = wk.Session(world)
    waiting = [session.position]
    while waiting:
        position = waiting.pop()
        if position in visited:
            continue
        visited.add(position)
        for action in fireable_by_name(table_of(world), position):
            if isinstance(action, SequenceAction) or not action.is_hidden or action.timer_ms is not None:
                branch = wk.Session(world, at=position)
                branch.fire(action.name)
                waiting.append(branch.position)
    assert len(page_table["positions"]) == len(visited)
    assert {page_table["states"][number]["name"] for number, *_ in page_table["positions"]} == {
        position.state.replace("_", " ") for position in visited
    }


def test_a_run_on_the_page_is_the_run_of_a_session() -> None:
    world = wk.samples.load("lighthouse")
    page_table, session, at = table(world), wk.Session(world), 0
    for event in ("climb_the_kelp_steps", "step_into_the_kitchen", "take_down_a_hand_lamp", "step_out_to_the_yard"):
        label = next(offer.label for offer in session.offers if offer.name == event)
        _, choices, *_ = page_table["positions"][at]
        assert {page_table["choices"][choice][0] for choice, _ in choices} == {
            offer.label for offer in session.offers if offer.available
        }
        at = next(to for choice, to in choices if page_table["choices"][choice][0] == label)
        session.fire(event)
        assert page_table["states"][page_table["positions"][at][0]]["name"] == session.state.replace("_", " ")


def test_a_locked_way_shows_its_hint_and_a_hidden_one_with_a_timer_is_waited_for() -> None:
    states = {"a": {"base": "A door."}, "b": {"base": "A hall.", "ending": {"kind": "win", "title": "IN"}}}
    events = [
        {"name": "open", "kind": "transition", "from": ["a"], "to": "b", "requires": ["key"], "lockedHint": "Locked."},
        {"name": "look", "kind": "override", "from": ["a"], "base": "A key hangs there.", "grants": ["key"]},
        {"name": "late", "kind": "transition", "from": ["a"], "to": "b", "hidden": True, "autoAfterMs": 9000},
        {"name": "late", "kind": "transition", "from": ["a"], "to": "b", "hidden": True},
    ]
    raw = {"name": "Door", "entrance": {"state": "a"}, "scene": {"states": states, "events": events}}
    page_table = table(wk.World.from_dict(raw))
    _, choices, locks = page_table["positions"][0]
    assert [page_table["choices"][choice] for choice, _ in choices] == [["look", "A key hangs there."], ["Wait", ""]]
    assert locks == [["open", "Locked."]]
    assert page_table["states"][page_table["positions"][choices[1][1]][0]]["ending"] == ["win", "IN", ""]


def waits(*events: dict[str, Any]) -> list[list[Any]]:
    """The line and the state after each wait at the beginning of a world that begins in a hall."""
    states = {"hall": {"base": "A hall."}, "sea": {"base": "The sea."}}
    raw = {
        "entrance": {"state": "hall"},
        "scene": {"states": states, "events": [{"from": ["hall"], **e} for e in events]},
    }
    page_table = table(wk.World.from_dict(raw))
    _, choices, *_ = page_table["positions"][0]
    return [
        [page_table["choices"][choice][1], page_table["states"][page_table["positions"][to][0]]["name"]]
        for choice, to in choices
        if page_table["choices"][choice][0] == "Wait"
    ]


THUNDER = {"name": "thunder", "kind": "override", "base": "Thunder.", "hidden": True, "autoAfterMs": 5000}
FLOOD = {"name": "flood", "kind": "transition", "to": "sea", "narration": "Water.", "hidden": True, "autoAfterMs": 9000}


def test_what_happens_again_and_again_does_not_keep_one_waiting_for_ever() -> None:
    assert waits(FLOOD, THUNDER) == [["Thunder. Water.", "sea"]]
    assert waits(THUNDER) == [["Thunder.", "hall"]]


def test_nothing_is_waited_for_that_comes_after_the_player_has_gone() -> None:
    leave = {"name": "leave", "kind": "transition", "to": "sea", "autoAfterMs": 7000}
    assert waits(FLOOD, leave) == [] and waits(FLOOD, THUNDER, leave) == []
    assert waits(FLOOD, leave | {"autoAfterMs": 9500}) == [["Water.", "sea"]]
    again = {
        "name": "again",
        "kind": "transition",
        "to": "hall",
        "narration": "Dawn.",
        "hidden": True,
        "autoAfterMs": 1,
    }
    assert waits(FLOOD, again) == [["Dawn.", "hall"]], "each entry begins the time anew"


def test_every_scene_has_its_drawing_and_the_page_is_small() -> None:
    page = wk.samples.load("lighthouse").to_html()
    page_table = json.loads(Parts(page).scripts[0])
    assert all(state["picture"].startswith("<svg ") for state in page_table["states"])
    assert len(page) < 600_000


def test_a_picture_that_the_world_holds_is_shown() -> None:
    pixel = "data:image/png;base64,iVBORw0KGgo="
    raw = copy.deepcopy(wk.samples.load("bench").to_dict()) | {"cover": pixel}
    assert table(wk.World.from_dict(raw))["states"][0]["picture"] == pixel


def test_hostile_text_is_text_and_one_script_is_allowed() -> None:
    ending = {"kind": "win", "title": NASTY, "subtitle": NASTY}
    states = {NASTY: {"base": NASTY, "narration": NASTY}, "b": {"base": NASTY, "ending": ending}}
    events = [
        {"name": NASTY, "kind": "transition", "from": [NASTY], "to": "b", "detail": NASTY, "narration": NASTY},
        {"name": "l", "kind": "override", "from": [NASTY], "requires": ["x"], "lockedHint": NASTY},
    ]
    raw = {"name": NASTY, "entrance": {"state": NASTY}, "scene": {"states": states, "events": events}}
    page = wk.World.from_dict(raw).to_html()
    parts = Parts(page)
    scripts = [attributes for tag, attributes in parts.tags if tag == "script"]
    assert scripts == [{"type": "application/json", "id": "world"}, {}]
    assert [tag for tag, _ in parts.tags].count("img") == 1
    assert not re.search("[<>&\u2028\u202e]", parts.scripts[0])
    allowed = {"id", "type", "alt", "tabindex", "aria-live", "lang", "dir", "charset", "name", "content", "http-equiv"}
    assert {name for _, attributes in parts.tags for name in attributes} <= allowed
    policy = next(attributes["content"] for _, attributes in parts.tags if "http-equiv" in attributes)
    assert policy and policy.startswith("default-src 'none'") and "script-src 'sha256-" in policy


def test_prose_keeps_its_paragraphs_and_all_its_words() -> None:
    long_text = "word " * 2_000
    base = f'The jetty.\n\n\n\n  "Evening,"   she says.\r\n{long_text}'
    states = {"a": {"base": base, "narration": "One.\nTwo."}, "b": {"base": "End."}}
    events = [{"name": "go", "kind": "transition", "from": ["a"], "to": "b", "narration": "You go.\n\nYou are there."}]
    page_table = table(wk.World.from_dict({"entrance": {"state": "a"}, "scene": {"states": states, "events": events}}))
    state = page_table["states"][0]
    assert state["prose"] == f'The jetty.\n\n"Evening," she says.\n{long_text.strip()}'
    assert state["line"] == "One.\nTwo." and page_table["choices"] == [["go", "You go.\n\nYou are there."]]


def test_a_copy_of_a_place_is_called_as_the_place_is() -> None:
    story = (
        ":: Hall\n(if: $key)[You have the key.](else:)[It glints.] [[Key]] [[Attic (north)]]\n"
        ":: Key\n(set: $key to true)[[Hall]]\n:: Attic (north) [win]\nDust.\n"
    )
    world = wk.import_(story).world
    assert "Hall (key)" in world.states
    assert {state["name"] for state in table(world)["states"]} == {"Hall", "Key", "Attic (north)"}
    loaded = wk.load(world.to_json()).apply([{"op": "rename_state", "from": "Hall (key)", "to": "Late hall"}])
    assert {state["name"] for state in table(loaded)["states"]} == {"Hall", "Late hall", "Key", "Attic (north)"}


def test_a_copy_of_a_place_with_brackets_in_its_name_is_called_as_the_place_is() -> None:
    story = (
        ":: Hall (old)\n(if: $key)[You have the key.](else:)[It glints.] [[Key]] [[Out]]\n"
        ":: Key\n(set: $key to true)[[Hall (old)]]\n:: Out [win]\nDust.\n"
    )
    world = wk.import_(story).world
    assert "Hall (old) (key)" in world.states
    assert {state["name"] for state in table(world)["states"]} == {"Hall (old)", "Key", "Out"}


@pytest.mark.parametrize("copied", ["", " ", 5, ["_1"], None, "_1_1"])
def test_a_state_has_a_heading_whatever_it_says_that_it_is_a_copy_of(copied: object) -> None:
    world = wk.World.from_dict({"scene": {"states": {" _1": {"base": "A hall.", "copyOf": copied}}, "events": []}})
    assert [state["name"] for state in table(world)["states"]] == ["1"]


def test_a_world_of_a_person_keeps_every_heading() -> None:
    states = {"Hall": {"base": "A hall."}, "Hall (night)": {"base": "It is dark."}, "Hall (night)_2": {"base": "End."}}
    events = [
        {"name": "wait", "kind": "transition", "from": ["Hall"], "to": "Hall (night)"},
        {"name": "sleep", "kind": "transition", "from": ["Hall (night)"], "to": "Hall (night)_2"},
    ]
    world = wk.World.from_dict({"entrance": {"state": "Hall"}, "scene": {"states": states, "events": events}})
    assert [state["name"] for state in table(world)["states"]] == ["Hall", "Hall (night)", "Hall (night) 2"]


def test_a_world_with_too_many_positions_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(play_table, "MAX_POSITIONS", 3)
    with pytest.raises(wk.WorldError, match="more than 3 positions, too many for one page"):
        wk.samples.load("lighthouse").to_html()
    with pytest.raises(wk.WorldError, match="nothing to play yet"):
        wk.World.from_dict({"name": "Empty", "scene": {"states": {}, "events": []}}).to_html()


def test_the_page_is_written_where_it_is_wanted(tmp_path: Path) -> None:
    page = wk.samples.load("bench").to_html(tmp_path / "bench.html")
    assert (tmp_path / "bench.html").read_text(encoding="utf-8") == page


@pytest.mark.parametrize(
    "make",
    [
        lambda world, *path: world.to_html(*path),
        lambda world, *path: wk.explore(world).to_html(*path),
        lambda world, *path: wk.quality(world).to_html(*path),
        lambda world, *path: wk.compare(world, world).to_html(*path),
    ],
    ids=["world", "exploration", "quality", "comparison"],
)
def test_a_page_on_the_last_line_of_a_cell_says_what_it_is_and_does_not_fill_the_notebook(
    make: Callable[..., str], tmp_path: Path
) -> None:
    world = wk.samples.load("bench")
    file = tmp_path / "page.html"
    page = make(world, file)
    assert isinstance(page, str) and page.startswith("<!doctype html>")
    assert file.read_text("utf-8") == page
    for shown in (repr(page), pretty(page)):
        assert shown.startswith("A page of ") and shown.endswith(f" kB, written to {file}")
    assert repr(make(world)).endswith(" kB; print() shows its text")
    assert str(page) + "" == page[:]
