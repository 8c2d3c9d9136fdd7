"""A world as a story of Twine: imported again it plays as the world does, and no word of it is anything but text."""

from __future__ import annotations

import re
from collections import deque
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import worldkit as wk
from worldkit import Position
from worldkit.cli import main
from worldkit.core.spoken_names import event_heading
from worldkit.interop.stories import sugarcube, text_markup, twee_text
from worldkit.playing.machine import available_events, step
from worldkit.playing.transition_table import table_of

HYPOTHESIS_SETTINGS = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
SIGNS = [
    *("<<set $x to 1>>", "<script>alert(1)</script>", "[[Go|End]]", "[img[x.png][End]]", "{{{", '"""', "''", "//"),
    *("$x", "_x", "\n:: End [win]\n", "\n!", "\n*", "\n#", "\\\n", "/*", "/%", "@@", "==", "--", "&lt;", "<!--"),
    *("javascript:alert(1)", "HTTP://a.b", "$$", "`", "\r", "\u2028", "\x00", " ", "a", "Zoë", '"', "'", "|", "->"),
]
TEXTS = st.lists(st.one_of(st.sampled_from(SIGNS), st.text(max_size=3)), max_size=5).map("".join)


def words(text: str) -> list[str]:
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", " ", text).split()


@st.composite
def worlds(draw: st.DrawFn) -> wk.World:
    """Return worlds that a story can express: nothing is hidden, and every state leads on or is an ending."""
    ids = draw(st.lists(TEXTS.filter(bool), min_size=1, max_size=4, unique=True))
    flags = st.lists(st.sampled_from(["key", "a key", "told", "1", "é", "<<x>>"]), max_size=2, unique=True)
    states: dict[str, Any] = {id: {"base": draw(TEXTS)} for id in ids}
    for id in ids[1:]:
        if draw(st.booleans()):
            kind = draw(st.sampled_from(["win", "lose"]))
            states[id]["ending"] = {"kind": kind, "title": draw(TEXTS), "subtitle": draw(TEXTS)}
    events: list[dict[str, Any]] = []
    for number in range(draw(st.integers(0, 5))):
        event = {"name": f"e{number}", "from": draw(st.lists(st.sampled_from(ids), min_size=1, unique=True))}
        event |= (
            {"kind": "transition", "to": draw(st.sampled_from(ids))} if draw(st.booleans()) else {"kind": "override"}
        )
        event |= {"oneShot": draw(st.booleans()), "requires": draw(flags), "grants": draw(flags), "detail": draw(TEXTS)}
        events.append({**event, "narration": draw(TEXTS)})
    open_ids = [id for id in ids if "ending" not in states[id]]
    events.append({"name": "start again", "kind": "transition", "from": open_ids, "to": ids[0]})
    return wk.World.from_dict({"entrance": {"state": ids[0]}, "scene": {"states": states, "events": events}})


def shown(world: wk.World, state: str) -> list[str]:
    body = world.states[state]
    ending = [] if body.ending is None else [body.ending.title, body.ending.subtitle or ""]
    return words("\n".join([body.base, body.narration or "", *ending]))


def offers(world: wk.World, position: Position) -> list[tuple[list[str], Position]]:
    return [
        (words(event_heading(action.event)) or ["…"], step(position, action)[0])
        for action in available_events(table_of(world), position)
    ]


@HYPOTHESIS_SETTINGS
@given(worlds())
def test_a_story_imported_again_plays_as_the_world_does(world: wk.World) -> None:
    imported = wk.import_(world.to_twee().text, max_copies=500)
    assert world.start is not None and imported.world.start is not None
    assert not any("whenever it may" in loss.why or "only once" in loss.what for loss in imported.lost)
    pairs = [(Position(world.start), Position(imported.world.start))]
    known_pairs, waiting = set(pairs), deque(pairs)
    while waiting and len(known_pairs) < 500:
        theirs, ours = waiting.popleft()
        ending, own_ending = world.states[theirs.state].ending, imported.world.states[ours.state].ending
        assert (ending and ending.kind) == (own_ending and own_ending.kind)
        body = imported.world.states[ours.state].base
        assert words(body) == shown(world, theirs.state)
        choices, own_choices = offers(world, theirs), offers(imported.world, ours)
        assert [label for label, _ in choices] == [label for label, _ in own_choices]
        for (_, after), (_, own_after) in zip(choices, own_choices, strict=True):
            if (after, own_after) not in known_pairs:
                known_pairs.add((after, own_after))
                waiting.append((after, own_after))


@given(TEXTS)
def test_no_text_becomes_a_macro_markup_or_html(text: str) -> None:
    for source in (twee_text.prose(text), twee_text.label(text)):
        assert sugarcube._TOKEN.search(source) is None
        plain = text_markup.SUGARCUBE.read(source)
        assert plain.marks == [] and words(plain.text) in (words(text), ["…"])
        assert not re.search(r"[<>$\[\]{}\\`|_]|^::|^[!*#]|javascript:|http:", source, re.MULTILINE | re.IGNORECASE)
    assert '"' not in twee_text.label(text) and "\n" not in twee_text.label(text)


@pytest.mark.parametrize("name", ["bench", "lighthouse", "archive"])
def test_a_sample_has_the_same_endings_and_as_many_positions_after_its_way_through_twine(name: str) -> None:
    world = wk.samples.load(name)
    again = wk.import_(world.to_twee().text).world
    before, after = wk.explore(world), wk.explore(again)
    assert set(after.endings) == set(before.endings) and after.positions == before.positions
    assert {again.raw["scene"]["states"][id].get("copyOf", id) for id in after.states} == set(before.states)


def test_what_a_story_cannot_express_is_listed() -> None:
    lighthouse = wk.samples.load("lighthouse").to_twee()
    assert "becomes a voice.\n\nHarbour exchange, Maud speaking." in lighthouse.text
    lost = [str(loss) for loss in lighthouse.lost]
    assert 'event "crank_the_telephone": what the console says; a story has its greeting alone' in lost
    assert 'the world: the field "cutscenes"; a story of Twine is text and links' in lost
    assert 'state "tower_foot": the sequence "A hundred and eighty steps"; a story has none' in lost
    states = {"a|b": {"base": "A."}, "c": {"base": "C."}}
    event = {"name": "see", "kind": "transition", "from": ["a|b"], "to": "c", "hidden": True}
    exported = wk.World.from_dict({"scene": {"states": states, "events": [event]}}).to_twee()
    assert [loss.what for loss in exported.lost] == [
        "its name", "that it happens without a button", "that it is no ending",
    ]  # fmt: skip
    assert "3 things could not be expressed exactly" in repr(exported)
    with pytest.raises(wk.InvalidWorld, match="at least one state"):
        wk.World.from_dict({"scene": {"states": {}, "events": []}}).to_twee()


def test_what_an_event_shows_in_its_place_is_told_as_players_read_it() -> None:
    event = {"name": "look", "kind": "override", "from": ["a"], "base": "Ines, a keeper. The lamp glows."}
    states = {"a": {"base": "Ines, a keeper. A room."}}
    document = {"subject": "Ines, a keeper.", "scene": {"states": states, "events": [event]}}
    assert "<<case 1>>The lamp glows.\n" in wk.World.from_dict(document).to_twee().text


def test_what_happens_in_many_states_is_told_and_listed_once() -> None:
    states = {id: {"base": "A room."} for id in "abcd"}
    ring = {"name": "go", "kind": "transition", "from": ["a", "b", "c", "d"], "to": "a", "narration": "You go on."}
    seen = {"name": "see", "kind": "override", "from": ["a", "c"], "hidden": True, "narration": "A bird."}
    exported = wk.World.from_dict({"scene": {"states": states, "events": [ring, seen]}}).to_twee()
    assert exported.text.count("You go on.") == exported.text.count("A bird.") == 1
    assert [loss.where for loss in exported.lost] == ['event "see"']


def test_the_command_writes_a_story_and_says_what_is_lost(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, story = tmp_path / "bench.world.json", tmp_path / "bench.twee"
    wk.samples.load("bench").save(path)
    assert main(["show", str(path), "--twee", str(story)]) == 0
    assert story.read_text("utf-8") == wk.samples.load("bench").to_twee().text
    assert 'the field "ambient"; a story of Twine is text and links' in capsys.readouterr().err


def test_a_story_that_is_there_is_replaced_only_if_that_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world, path, story = wk.samples.load("bench"), tmp_path / "bench.world.json", tmp_path / "bench.twee"
    world.save(path)
    story.write_text(":: Start\nMine.", "utf-8")
    with pytest.raises(wk.FileError, match=r"is there already.*overwrite=True to replace it"):
        world.to_twee(story)
    assert main(["show", str(path), "--twee", str(story)]) == 2
    assert "--force" in capsys.readouterr().err
    assert story.read_text("utf-8") == ":: Start\nMine."
    assert main(["show", str(path), "--twee", str(story), "--force"]) == 0
    assert story.read_text("utf-8") == world.to_twee(story, overwrite=True).text


def test_a_flag_is_false_at_first_whatever_it_is_called() -> None:
    event = {"name": "go", "kind": "override", "from": ["a"], "requires": ["constructor"], "grants": ["toString"]}
    text = wk.World.from_dict({"scene": {"states": {"a": {"base": "A."}}, "events": [event]}}).to_twee().text
    assert "<<if $constructor_2>>" in text and "<<set $toString_2 to true>>" in text


def test_a_link_that_a_variable_offers_once_needs_no_copies() -> None:
    links = "".join(f"<<if not $v{n}>>[[Ask {n}->Hall][$v{n} to true]]<</if>>\n" for n in range(8))
    imported = wk.import_(f":: Hall\nA hall.\n{links}[[Leave->End]]\n:: End [win]\nOut.")
    assert imported.lost == () and list(imported.world.states) == ["Hall", "End"]
    assert wk.explore(imported.world).positions == 2 * 2**8


def test_a_passage_has_what_players_read_of_a_scene() -> None:
    world = wk.samples.load("lighthouse")
    text = world.to_twee().text
    assert world.subject and world.style_tail
    assert world.subject not in text and world.style_tail not in text
    assert ":: landing\nA stone landing slopes into black water" in text
