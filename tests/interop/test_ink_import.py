"""Stories of ink, as ink compiles them; what they offer is compared with what ink's own runtime offered.

``ink/*.ink`` are stories, ``*.json`` is what ink's compiler made of them, and ``*.runs.jsonl`` what its runtime
offered: a line for each run, the numbers of the choices taken and the choices offered then.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import worldkit as wk
from tests.growing import MAX_GROWTH, growth
from worldkit import Position
from worldkit.core.spoken_names import button_label
from worldkit.playing.machine import available_events, step
from worldkit.playing.transition_table import table_of

STORIES = Path(__file__).parent / "ink"


def settled(world: wk.World, position: Position) -> Position:
    """Return where play is when what goes on by itself went on."""
    by_itself = [action for action in available_events(table_of(world), position) if action.event.auto_after_ms == 0]
    return settled(world, step(position, by_itself[0])[0]) if by_itself else position


def offered(world: wk.World, position: Position) -> list[Any]:
    return [action for action in available_events(table_of(world), position) if action.event.auto_after_ms is None]


@pytest.mark.parametrize(
    "name", ["ladder", "lamp", "market", "questions", "rooms", "shop", "street", "study", "tavern"]
)
def test_a_story_offers_what_ink_offers(name: str) -> None:
    world = wk.import_(STORIES / f"{name}.json").world
    table = table_of(world)
    assert world.start is not None
    positions = {(): settled(world, Position(world.start))}
    runs = [json.loads(line) for line in (STORIES / f"{name}.runs.jsonl").read_text("utf-8").splitlines()]
    assert len(runs) >= 10
    for path, labels in runs:
        if path:
            before = positions[tuple(path[:-1])]
            positions[tuple(path)] = settled(world, step(before, offered(world, before)[path[-1]])[0])
        here = positions[tuple(path)]
        assert [" ".join(button_label(action.event).split()) for action in offered(world, here)] == labels, path
        assert (here.state in table.endings) == (not labels)


def test_knots_are_states_and_what_is_told_on_the_way_is_narration() -> None:
    imported = wk.import_(STORIES / "rooms.json")
    world = imported.world
    assert imported.lost == ()
    # the key opens a way that stays, so that the hall never runs out of choices and play never comes to "out"
    assert "out" not in wk.explore(world).states
    assert {"hall", "cellar.rich", "cellar.poor", "out"} <= set(world.states)
    assert any(id.startswith("hall (key") for id in world.states)
    down = next(event for event in world.events if event.name == "Go_down")
    assert (down.to, down.narration) == ("cellar.poor", "Go down. You go down.\nApples.")
    assert world.states["cellar.rich"].ending.kind == "win"
    assert world.states["out"].ending.kind == "lose"


def test_a_choice_that_is_remembered_is_called_by_its_text() -> None:
    imported = wk.import_(STORIES / "tavern.json")
    assert imported.lost == ()
    granted = {flag for event in imported.world.events for flag in event.grants or ()}
    assert granted <= {"chose Order an ale", "chose Bribe the barkeep"}
    assert imported.world.states["tavern (gold 1, trust 2, chose Bribe the barkeep)"].base == (
        "The tavern smells of smoke. The barkeep smiles at you."
    )


@pytest.mark.parametrize(
    ("name", "count"),
    [
        # five and six: none, 5, 5 and 6; one to four: none, 1, 2, 12, 13, 123, 1234; and the end when all are asked
        ("questions", 3 * 7 + 1),
        # any of six choices, and the end: of the three that change the gold it does not matter there which were taken
        ("market", 2**6 + 2**3),
        # any of six questions with the lamp on or off, and the end
        ("study", 2 * 2**6 + 2**6),
        # none, climb, rest, both; climb and look over, then rest or not; and the end of the two in which both are taken
        ("ladder", 4 + 2 + 2),
    ],
)
def test_choices_that_can_be_taken_once_are_exact(name: str, count: int) -> None:
    imported = wk.import_(STORIES / f"{name}.json")
    assert imported.lost == ()
    exploration = wk.explore(imported.world)
    assert exploration.complete and exploration.positions == count


def test_a_choice_that_would_need_too_many_copies_can_be_taken_once_in_each_of_them() -> None:
    labels = [f"Give {number} away" for number in range(6)]
    spend = ["ev", {"VAR?": "lamp"}, "!", "/ev", {"VAR=": "lamp", "re": True}, {"->": "a"}, None]
    knot = [item for number, label in enumerate(labels) for item in choice(label, f"c{number}", 20)]
    seen = ["ev", "str", "^Read", "/str", {"VAR?": "lamp"}, "/ev", {"*": "b", "flg": 5}]
    story = json.loads(
        compiled(*knot, *seen, **{f"c{number}": spend for number in range(6)}, b=["#", "^win", "/#", "end", None])
    )
    story["root"][2]["global decl"] = ["ev", True, {"VAR=": "lamp"}, "/ev", "end", None]
    imported = wk.import_(json.dumps(story))
    lost = {loss.what: loss.why for loss in imported.lost}
    several = "the world has it as several events, each of which can be taken once"
    assert set(lost.values()) == {several} and lost.keys() < {
        f'that "{label}" can be taken only once' for label in labels
    }
    events = [
        event for event in imported.world.events if f'that "{button_label(event)}" can be taken only once' in lost
    ]
    assert len(events) > len(lost) and all(event.one_shot for event in events)


def compiled(*knot: Any, **knots: list[Any]) -> str:
    root = [[{"->": "a"}, None], "done", {"a": [*knot, None], **knots}]
    return json.dumps({"inkVersion": 21, "root": root, "listDefs": {}})


def choice(label: str, target: str, flags: int = 4) -> list[Any]:
    return ["ev", "str", f"^{label}", "/str", "/ev", {"*": target, "flg": flags}]


def test_what_is_not_read_stops_the_story_there_and_is_said() -> None:
    imported = wk.import_(compiled("^A.", "\n", *choice("Go", "b"), "thread", "^C.", b=["^B.", "end", None]))
    assert ('knot "a"', 'the instruction "thread"') in [(loss.where, loss.what) for loss in imported.lost]
    assert [event.name for event in imported.world.events] == ["Go"]
    assert imported.world.states["a"].base == "A."


@pytest.mark.parametrize(
    ("start", "divisor", "is_offered"),
    [(5.5, 2, True), (5, 2, False), (5, 2.0, True), (5.0, 2, True), (-5, 2, False), (6, 2, True), (4.0, 2, False)],
)
def test_only_a_quotient_of_whole_numbers_is_whole(start: float, divisor: float, is_offered: bool) -> None:
    halve = ["ev", {"VAR?": "hp"}, divisor, "/", "/ev", {"VAR=": "hp", "re": True}]
    fight = ["ev", "str", "^Fight", "/str", {"VAR?": "hp"}, 2, ">", "/ev", {"*": "b", "flg": 5}]
    story = json.loads(compiled(*halve, *fight, *choice("Flee", "b"), b=["end", None]))
    story["root"][2]["global decl"] = ["ev", start, {"VAR=": "hp"}, "/ev", "end", None]
    imported = wk.import_(json.dumps(story))
    assert [offer.label for offer in wk.Session(imported.world).offers] == ["Fight"] * is_offered + ["Flee"]


def test_a_temporary_variable_keeps_its_value_through_a_tunnel_with_one_of_its_name() -> None:
    ways = ["ev", "str", "^Stay", "/str", {"VAR?": "x"}, 1, "==", "/ev", {"*": "b", "flg": 5}, *choice("Leave", "b")]
    tunnel = [{"temp=": "x"}, "^Dark.", "ev", "void", "/ev", "->->", None]
    knot = ["ev", 1, "/ev", {"temp=": "x"}, "ev", 5, "/ev", {"->t->": "t"}, *ways]
    imported = wk.import_(compiled(*knot, t=tunnel, b=["end", None]))
    assert [offer.label for offer in wk.Session(imported.world).offers] == ["Stay", "Leave"]


def test_a_version_that_is_not_read_is_refused() -> None:
    with pytest.raises(wk.InvalidStory, match="its inkVersion is 3, and 19 to 21 can be read"):
        wk.import_('{"inkVersion": 3, "root": []}')


def test_what_is_lost_has_its_line_where_the_source_is_beside_the_file() -> None:
    imported = wk.import_(STORIES / "street.json")
    lines = (STORIES / "street.ink").read_text("utf-8").splitlines()
    assert {loss.where for loss in imported.lost} == {'knot "street", line 6'} and "has grown dark" in lines[5]
    alone = wk.import_((STORIES / "street.json").read_text("utf-8"))
    assert {loss.where for loss in alone.lost} == {'knot "street"'}
    assert [loss.what for loss in alone.lost] == [loss.what for loss in imported.lost]


def test_a_line_is_that_of_the_words_or_of_the_last_words_before(tmp_path: Path) -> None:
    flow = ["^The same.", "\n", "^Here.", "\n", "thread", "^Not read.", "\n", "end"]
    other = ["^The same.", "\n", "ev", {"VAR?": "x"}, "out", "/ev", "end", None]
    (tmp_path / "tale.ink.json").write_text(compiled(*flow, *choice("Go", "yard"), yard=other), "utf-8")
    (tmp_path / "parts").mkdir()
    (tmp_path / "tale.ink").write_text(
        "INCLUDE parts/more.ink\nINCLUDE ../tale.ink\n-> a\n== a ==\nThe same.\nHere.\n<- b\n"
    )
    (tmp_path / "parts" / "more.ink").write_text("\n== yard\nThe same.\nThe same.\n{x}\n")
    imported = wk.import_(tmp_path / "tale.ink.json")
    assert [(loss.where, loss.what) for loss in imported.lost] == [
        ('knot "a", after line 6', 'the instruction "thread"'),
    ]
    (tmp_path / "tale.ink.json").write_text(compiled("^The same.", {"->": "yard"}, yard=other), "utf-8")
    imported = wk.import_(tmp_path / "tale.ink.json")
    wheres = [loss.where for loss in imported.lost]
    assert wheres[0] == 'knot "yard", after line 2 of parts/more.ink', wheres
    (tmp_path / "tale.ink").write_bytes(b"\xff")
    assert wk.import_(tmp_path / "tale.ink.json").lost[0].where == 'knot "yard"'


@pytest.mark.parametrize(
    "heads",
    [
        {"street.ink": "INCLUDE a\0b\n"},
        {"street.ink": "INCLUDE 0.ink\n", **{f"{n}.ink": f"INCLUDE {n + 1}.ink\n" for n in range(1200)}},
        {"street.ink": "INCLUDE a" + " " * 200_000 + "b\n"},
        {"street.ink": "// a\x0cb\u2028c\r"},
    ],
    ids=["no name of a file", "a long chain of files", "a long line", "signs that end no line"],
)
def test_a_source_that_a_stranger_wrote_is_read_without_harm(heads: dict[str, str], tmp_path: Path) -> None:
    for name, head in heads.items():
        (tmp_path / name).write_bytes(head.encode())
    with (tmp_path / "street.ink").open("ab") as file:
        file.write((STORIES / "street.ink").read_bytes())
    (tmp_path / "street.json").write_bytes((STORIES / "street.json").read_bytes())
    assert {loss.where for loss in wk.import_(tmp_path / "street.json").lost} == {'knot "street", line 7'}


def test_names_of_visits_are_words_of_the_story_and_the_same_in_every_process() -> None:
    climb, rest = "visits of wall: Climb 1", "visits of wall: Rest 1"
    path = STORIES / "ladder.json"
    code = f"import worldkit as wk; print(list(wk.import_({str(path)!r}).world.states))"
    for seed in ("1", "2"):
        env = os.environ | {"PYTHONHASHSEED": seed}
        run = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, check=True, text=True)
        expected = ["wall", f"wall ({climb})", f"wall ({rest})", f"wall ({climb}, {rest})", "home"]
        assert run.stdout.strip() == str(expected)
    long_story = path.read_text("utf-8-sig").replace("^Climb", "^" + "Climb on " * 100)
    assert max(map(len, wk.import_(long_story).world.states)) < 150
    texts = [loss.what for loss in wk.import_(STORIES / "street.json").lost]
    assert texts[0] == 'the text "is quiet", shown if min(visits of a part of street - 1, 2) == 0'


INSTRUCTIONS = st.one_of(
    st.sampled_from(("ev", "/ev", "str", "/str", "out", "du", "pop", "done", "end", "nop", "\n", "^A", "+", "-", "==")),
    st.sampled_from(("&&", "!", "visit", "->->", "~ret", "seq", "#", "/#", "void", 0, 1, True)),
    st.sampled_from(["x", "y"]).map(lambda name: {"VAR?": name}),
    st.sampled_from(["x", "y", "$r"]).map(lambda name: {"temp=": name}),
    st.sampled_from(["x", "y"]).map(lambda name: {"VAR=": name, "re": True}),
    st.builds(
        lambda key, path, more: {key: path, **more},
        st.sampled_from(["->", "^->", "->t->", "f()", "CNT?", "*"]),
        st.sampled_from(["a", "b", "a.0", "a.1", ".^.b", ".^.0", ".^.^.2", "c", "$r"]),
        st.sampled_from([{}, {}, {"c": True}, {"var": True}, {"flg": 4}, {"flg": 24}, {"flg": 20}, {"flg": 1}]),
    ),
)
CONTENT = st.recursive(
    st.lists(INSTRUCTIONS, max_size=8),
    lambda inner: st.builds(lambda before, part, after: [*before, [*part, None], *after], inner, inner, inner),
    max_leaves=6,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(CONTENT, CONTENT)
def test_any_program_is_imported_or_refused(a: list[Any], b: list[Any]) -> None:
    try:
        imported = wk.import_(compiled(*a, b=[*b, {"#f": 1}]))
    except wk.InvalidStory:
        return
    assert wk.load(imported.world.to_json()) == imported.world


def _chain(count: int) -> str:
    knots = {f"k{n}": ["^T.", *choice("Go", f"k{(n + 1) % count}"), *choice("Back", "k0"), None] for n in range(count)}
    return compiled({"->": "k0"}, **knots)


def _branches(count: int) -> str:
    branch = ["ev", {"VAR?": "x"}, "/ev", [{"->": ".^.b", "c": True}, {"b": ["^T", {"->": ".^.^.^.{0}"}, None]}], "nop"]
    text = json.dumps(branch)
    parts = [part for n in range(count) for part in json.loads(text.replace("{0}", str(5 * n + 4)))]
    return compiled(*parts, "end")


HOSTILE = {
    "chain": _chain,
    "branches": _branches,
    "questions": lambda count: compiled(
        *[item for n in range(count) for item in ("ev", "str", f"^{n}", "/str", {"CNT?": f"c{n - 1}"}, "/ev")],
        *[{"*": f"c{n}", "flg": 21} for n in range(count)],
        **{f"c{n}": [{"->": "a"}, {"#f": 5}] for n in range(count)},
    ),
    "values": lambda count: compiled("ev", *[1] * count, "/ev", {"->": "a"}),
    "sums": lambda count: compiled("ev", 1, *[1, "+"] * count, "out", "/ev", "end"),
    "doubles": lambda count: compiled("ev", {"VAR?": "x"}, *["du", "+"] * count, "out", "/ev", "end"),
    "tunnels": lambda count: compiled(*[{"->t->": "a"}] * count),
    "calls": lambda count: compiled(
        {"f()": "b"}, b=[*[{"f()": "c"}] * count, None], c=[*[{"f()": "d"}] * count, None], d=["^T", None]
    ),
    "defaults": lambda count: compiled(*choice("Go", "a", 20) * count, *choice("", "a", 24)),
}


START_COUNTS = {"calls": 400}
"""Where growth begins to count: calls of calls multiply until there are more of them than a story may have."""


@pytest.mark.parametrize("kind", HOSTILE)
def test_the_time_grows_with_the_program(kind: str) -> None:
    assert growth(lambda count: partial(wk.import_, HOSTILE[kind](count)), START_COUNTS.get(kind, 100)) <= MAX_GROWTH


def test_the_title_of_a_story_is_that_of_its_tag() -> None:
    flow = ["#", "^title: The Thorn House", "/#", "\n", "^A house in thorns.", "\n", "end", None]
    imported = wk.import_(json.dumps({"inkVersion": 21, "root": [flow, "done", None], "listDefs": {}}))
    assert imported.world.name == "The Thorn House"
    assert imported.world.to_html().count("The Thorn House") == 2
