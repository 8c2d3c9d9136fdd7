"""Quality: four parts with evidence; choice weight is what an independent count says; the worlds are only read."""

from __future__ import annotations

import json
from collections import deque
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import worldkit as wk
from tests.strategies import documents
from worldkit.assessment.diversity import plot_of
from worldkit.assessment.play_graph import list_positions
from worldkit.cli import main
from worldkit.reporting.quality_page import highlight

Json = dict[str, Any]
IDS = ("a", "b", "c", "d")


def document(states: dict[str, Json], events: list[Json], name: str = "A World") -> Json:
    entrance = {"state": next(iter(states))}
    return {"schemaVersion": "1.0", "name": name, "entrance": entrance, "scene": {"states": states, "events": events}}


def event(name: str, source: str, to: str | None, **more: Any) -> Json:
    move = {"kind": "transition", "to": to} if to else {"kind": "override"}
    return {"name": name, "from": [source], **move, **more}


@st.composite
def small_worlds(draw: st.DrawFn) -> wk.World:
    ends = draw(st.sets(st.sampled_from(IDS[1:]), max_size=3))
    states = {
        id: {"base": f"Place {id}."} | ({"ending": {"kind": "win", "title": id}} if id in ends else {}) for id in IDS
    }
    flags = st.lists(st.sampled_from(["key", "lamp"]), max_size=1)
    events = [
        event(
            f"do_{number}",
            draw(st.sampled_from(IDS)),
            draw(st.sampled_from([*IDS, None])),
            requires=draw(flags),
            grants=draw(flags),
            oneShot=draw(st.booleans()),
        )
        for number in range(draw(st.integers(1, 7)))
    ]
    return wk.World.from_dict(document(states, events))


def weight_by_hand(world: wk.World) -> tuple[int, int]:
    """Count choices, and those that change which endings remain, by walking the document itself."""
    one_shots = set(list_positions(world).system.one_shots)
    Key = tuple[str, frozenset[str], frozenset[str]]

    def moves(position: Key) -> set[Key]:
        state, flags, used = position
        if world.states[state].ending:
            return set()
        after = set()
        for each in world.events:
            is_used_up = each.one_shot and each.name in used
            if state in each.from_ and flags.issuperset(each.requires or ()) and not is_used_up:
                uses = used | ({each.name} & one_shots if each.one_shot else set())
                after.add((each.to or state, flags.union(each.grants or ()), uses))
        return after

    assert world.entrance is not None
    start: Key = (world.entrance.state, frozenset(), frozenset())
    graph: dict[Key, set[Key]] = {}
    queue = deque([start])
    while queue:
        position = queue.popleft()
        if position not in graph:
            graph[position] = moves(position)
            queue.extend(graph[position])

    def endings(position: Key) -> frozenset[str]:
        visited, todo = {position}, [position]
        while todo:
            for after in graph[todo.pop()] - visited:
                visited.add(after)
                todo.append(after)
        return frozenset(state for state, _, _ in visited if world.states[state].ending)

    choices = [after - {position} for position, after in graph.items() if len(after - {position}) > 1]
    return len(choices), sum(len({endings(one) for one in after}) > 1 for after in choices)


@given(small_worlds())
@settings(max_examples=60, deadline=None)
def test_choice_weight_is_what_a_count_by_hand_says(world: wk.World) -> None:
    (proofs,) = wk.quality(world).proofs
    assert (proofs.choices, proofs.weighty) == weight_by_hand(world)
    assert proofs.choice_weight is None or 0 <= proofs.choice_weight <= 1
    assert sum(state.choices for state in proofs.states) == proofs.choices


@given(documents())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_world_has_a_quality_and_stays_as_it_was(raw: Json) -> None:
    world = wk.World.from_dict(raw)
    before = world.to_json()
    try:
        quality = wk.quality(world, "A fox must find a key in the attic.")
    except wk.InvalidWorld:
        assert not world.states
        return
    json.dumps(quality.to_dict())
    assert quality.text()
    assert "<script" not in quality.to_html()
    assert world.to_json() == before
    for claim in quality.agreement[0].claims:
        assert claim.reason


def test_a_move_into_one_of_two_endings_gives_up_the_other() -> None:
    end = {"base": "End.", "ending": {"kind": "win", "title": "End"}}
    world = wk.World.from_dict(
        document({"hall": {"base": "A hall."}, "east": end, "west": end},
                 [event("go_east", "hall", "east"), event("go_west", "hall", "west")])
    )  # fmt: skip
    (proofs,) = wk.quality(world).proofs
    assert proofs.choice_weight == 1
    assert proofs.states[0].events == {"go_east": ("west",), "go_west": ("east",)}


def test_a_place_that_is_not_named_and_a_hint_to_nowhere_are_shown() -> None:
    states = {"lane": {"base": "A lane."}, "kitchen": {"base": "Steam over a stove."}, "tower": {"base": "A tower."}}
    events = [
        event("enter", "lane", "kitchen"),
        event("take_the_key", "kitchen", None, grants=["key"], oneShot=True),
        event("leave", "kitchen", "lane"),
        event("climb", "lane", "tower", requires=["key"], lockedHint="The key is somewhere."),
    ]
    (agreement,) = wk.quality(wk.World.from_dict(document(states, events))).agreement
    assert [(claim.check, claim.key) for claim in agreement.failures] == [
        ("arrival", "state[kitchen]"),
        ("hint", "event[climb].lockedHint"),
    ]
    events[-1]["lockedHint"] = "The key is in the kitchen."
    (agreement,) = wk.quality(wk.World.from_dict(document(states, events))).agreement
    assert agreement.share("hint") == 1


def test_what_is_held_wherever_it_is_offered_needs_no_hint() -> None:
    states = {"lane": {"base": "A lane."}, "tower": {"base": "A tower."}, "top": {"base": "The top."}}
    events = [
        event("take_the_key", "lane", None, grants=["key"], oneShot=True),
        event("climb", "lane", "tower", requires=["key"], lockedHint="The key is in the lane."),
        event("open", "tower", "top", requires=["key"]),
    ]
    (agreement,) = wk.quality(wk.World.from_dict(document(states, events))).agreement
    assert [claim.key for claim in agreement.claims if claim.check == "hint"] == ["event[climb].lockedHint"]


@pytest.mark.parametrize(
    ("base", "outcome"),
    [("The gate stands locked.", "fails"), ("The gate swings open.", "holds"), ("A locked box.", "holds")],
)
def test_a_text_that_denies_what_is_always_granted_there_fails(base: str, outcome: str) -> None:
    states = {"yard": {"base": "A yard."}, "garden": {"base": f"A garden. {base}"}}
    events = [
        event("unlock_the_gate", "yard", None, grants=["gate_open"], oneShot=True),
        event("walk", "yard", "garden", requires=["gate_open"], lockedHint="Unlock the gate here."),
    ]
    (agreement,) = wk.quality(wk.World.from_dict(document(states, events))).agreement
    assert [claim.outcome for claim in agreement.of("denial")] == [outcome]


@pytest.mark.parametrize(
    ("base", "outcome"),
    [
        ("The keys are missing.", "fails"),
        ("The horse is missing its keys.", "fails"),
        ("The lost keys hang from the rafters.", "holds"),
        ("The lost silver keys hang from the rafters.", "holds"),
        ("No one saw the lost keys, for they are gone.", "fails"),
    ],
)
def test_a_thing_may_be_called_lost_and_not_be_said_to_be_lost_once_it_is_found(base: str, outcome: str) -> None:
    states = {"yard": {"base": "A yard."}, "garden": {"base": f"A garden. {base}"}}
    events = [
        event("find_the_keys", "yard", None, grants=["keys"], oneShot=True),
        event("walk", "yard", "garden", requires=["keys"], lockedHint="The keys are in the yard."),
    ]
    (agreement,) = wk.quality(wk.World.from_dict(document(states, events))).agreement
    assert [claim.outcome for claim in agreement.of("denial")] == [outcome]


@pytest.mark.parametrize(
    ("narrations", "outcome"), [(("missing", "shining"), "holds"), (("shining", "missing"), "fails")]
)
def test_of_events_with_one_name_each_text_is_judged_by_its_own_event(
    narrations: tuple[str, str], outcome: str
) -> None:
    before, after = (f"The keys are {word}." for word in narrations)
    events = [
        event("find_the_keys", "yard", None, grants=["keys"], oneShot=True),
        event("look", "yard", None, narration=before),
        event("walk", "yard", "garden"),
        event("look", "garden", None, requires=["keys"], narration=after),
    ]
    states = {"yard": {"base": "A yard."}, "garden": {"base": "A garden."}}
    (agreement,) = wk.quality(wk.World.from_dict(document(states, events))).agreement
    assert [claim.outcome for claim in agreement.of("denial")] == [outcome]


def test_a_console_gives_nothing_that_its_text_could_deny() -> None:
    console: Json = {"name": "ask", "kind": "terminal", "from": ["yard"], "terminal": {"persona": "A guard."}}
    events = [
        event("find_the_keys", "yard", None, grants=["keys"], oneShot=True),
        {**console, "grants": ["keys"], "narration": "The keys are missing."},
    ]
    (agreement,) = wk.quality(wk.World.from_dict(document({"yard": {"base": "A yard."}}, events))).agreement
    (claim,) = agreement.of("denial")
    assert (claim.outcome, claim.reason) == ("holds", "1 sentence names it, and none denies it")


def test_worlds_that_differ_in_names_alone_have_one_plot() -> None:
    def world(one: str, other: str, flag: str) -> wk.World:
        return wk.World.from_dict(
            document({one: {"base": "x"}, other: {"base": "y"}},
                     [event(f"to_{other}", one, other, requires=[flag]), event("take", one, None, grants=[flag])])
        )  # fmt: skip

    assert plot_of(world("a", "b", "key")) == plot_of(world("hall", "attic", "lamp"))
    assert plot_of(world("a", "b", "key")) != plot_of(wk.samples.load("bench"))


def test_a_way_through_a_cutscene_is_the_way_to_where_that_ends() -> None:
    def world(to: str, end: str = "b") -> wk.World:
        states = {id: {"base": id} for id in "abc"} | {"end": {"base": "x", "ending": {"kind": "win", "title": "End"}}}
        events = [event("go", "a", to), event("on", "b", "end")]
        cutscenes = [{"id": "clip", "from": "a", "to": end, "video": "clip.mp4"}]
        return wk.World.from_dict(document(states, events) | {"cutscenes": cutscenes})

    assert plot_of(world("clip")) == plot_of(world("b"))
    assert plot_of(world("clip", "c")) == plot_of(world("c")) != plot_of(world("b"))


def test_diversity_counts_what_worlds_share() -> None:
    bench = wk.samples.load("bench")
    alone, twice = wk.quality(bench).diversity, wk.quality([bench, bench]).diversity
    assert (twice.plots, twice.own_sentences, twice.own_names) == (1, 0, 0)
    assert twice.sentences[0].worlds == (0, 1)
    assert all(Fraction(twice.distinct[n]) * 2 == Fraction(alone.distinct[n]) for n in (1, 2, 3))


@pytest.mark.parametrize(
    ("sentence", "word", "shown"),
    [
        ("She clamps the lamp.", "lamp", "She clamps the <b>lamp</b>."),
        ("The İron LAMP-post & co.", "lamp", "The İron <b>LAMP</b>-post &amp; co."),
        ("She clamps it.", "lamp", "She clamps it."),
        ("A barber shop.", "barber shop", "A <b>barber shop</b>."),
        ("A lamp.", "", "A lamp."),
    ],
)
def test_the_word_that_names_something_is_in_bold_where_it_stands_by_itself(
    sentence: str, word: str, shown: str
) -> None:
    assert highlight(sentence, word) == shown


def test_a_page_of_quality_shows_shares_as_bars_and_breaks_names_between_their_words() -> None:
    world = wk.samples.load("lighthouse")
    page = wk.quality(world).to_html()
    assert "aria-label='hints say where what is needed is: 17 %'" in page
    assert "<style>body{margin:0;background:" in page, "its ground reaches the edges, also where it is dark"
    assert "event[unlock_<wbr>the_<wbr>oil_<wbr>store].<wbr>lockedHint" in page


def test_hostile_worlds_are_shown_as_text() -> None:
    hostile = "<img src=x onerror=alert(1)>"
    world = wk.World.from_dict(
        document({hostile: {"base": hostile}, "b": {"base": hostile, "ending": {"kind": "win", "title": hostile}}},
                 [event(hostile, hostile, "b"), event("stay\x1b[31m", hostile, None, requires=[hostile])], hostile)
    )  # fmt: skip
    quality = wk.quality([world, world], f"A {hostile} fox must find an image.")
    assert "<img" not in quality.to_html()
    assert "\x1b" not in quality.text()


def test_premises_are_one_or_as_many_as_the_worlds() -> None:
    bench = wk.samples.load("bench")
    assert len(wk.quality([bench, bench], ["A child.", None]).premises) == 2
    with pytest.raises(wk.WrongArgument, match="2 premises"):
        wk.quality([bench, bench], ["A child."])
    with pytest.raises(wk.WrongArgument):
        wk.quality([])


def test_the_command_says_it_as_text_json_and_a_page(tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    path = wk.samples.load("bench").save(tmp_path / "bench.world.json")
    page = tmp_path / "quality.html"
    assert main(["quality", str(path), "--premise", "A child looks for a mitten.", "--html", str(page)]) == 0
    assert "Premise: who 1 of 1" in capsys.readouterr().out
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert main(["quality", str(path), str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["diversity"]["plots"] == 1


def test_a_world_without_states_is_refused() -> None:
    empty = wk.World.from_dict({"name": "Empty", "scene": {"states": {}, "events": []}})
    for worlds in (empty, [wk.samples.load("bench"), empty]):
        with pytest.raises(wk.InvalidWorld, match=r"(?s)Empty.*at least one state"):
            wk.quality(worlds)


def test_errors_that_are_not_listed_are_counted_too() -> None:
    missing = [event(f"go_{number}", "hall", "nowhere") for number in range(150)]
    quality = wk.quality(wk.World.from_dict(document({"hall": {"base": "A hall."}}, missing)))
    (proofs,) = quality.proofs
    assert proofs.error_count == 150 and len(proofs.errors) == 101
    assert "Proofs: 150 errors;" in quality.text()
