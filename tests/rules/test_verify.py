"""The verify gate: what passes, what each shortcoming costs, and how it is said."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from tests.rules.house import event, house, move
from tests.rules.spoiled import spoiled_documents
from worldkit import Verdict, World, samples
from worldkit.core.profile import STUDIO
from worldkit.ruleset import lint
from worldkit.ruleset.gate import verify

Json = dict[str, Any]


def _worthy() -> Json:
    """Return five states and six events that pass the gate by a hair."""
    document = house()
    document["scene"]["states"]["landing"] = {"base": "A landing with one tall window."}
    document["scene"]["events"] += [
        move("landing", name="climb"),
        move("hall", name="descend", at=["landing"]),
    ]
    return document


def _verdict(change: Any = None, premise: str | None = None) -> Verdict:
    document = _worthy()
    if change is not None:
        change(document["scene"]["states"], document["scene"]["events"], document)
    return verify(World.from_dict(document), premise)


def test_a_world_that_meets_every_demand_passes_without_an_issue() -> None:
    verdict = _verdict()
    assert verdict and verdict.passed and verdict.issues == ()
    # 20 states, 20 events, 10 entrance, 12 one branch, 8 win, 7 loss, 10 reachable, 5 no dead end, 2 gated
    assert verdict.score == 94
    assert verdict.stats == {
        "states": 5,
        "events": 7,
        "transitions": 6,
        "branches": 1,
        "gated": 2,  # one grants the key, one requires it
        "wins": 1,
        "losses": 1,
        "unreachable": 0,
        "dead_ends": 0,
        "errors": 0,
        "warnings": 0,
    }


def _drop_state(states: Json, events: list[Json], document: Json) -> None:
    del states["landing"]
    events[:] = [e for e in events if e["name"] not in ("climb", "descend")]


def _few_events(states: Json, events: list[Json], document: Json) -> None:
    events[:] = [e for e in events if e["name"] not in ("take_key", "back_to_hall")]
    next(e for e in events if e["name"] == "enter_study")["grants"] = ["key"]
    states["study"]["ending"] = {"kind": "win", "title": "Read"}


def _corridor(states: Json, events: list[Json], document: Json) -> None:
    for name, start in (("open_garden_door", "study"), ("go_down", "landing"), ("climb", "study")):
        next(e for e in events if e["name"] == name)["from"] = [start]
    for name in ("back_to_hall", "descend"):
        next(e for e in events if e["name"] == name)["to"] = "landing"
    next(e for e in events if e["name"] == "open_garden_door")["from"] = ["landing"]
    events[:] = [e for e in events if e["name"] != "go_down"]
    states["cellar"].pop("ending")
    states["landing"]["ending"] = {"kind": "lose", "title": "Caught"}


def _no_win(states: Json, events: list[Json], document: Json) -> None:
    states["garden"]["ending"]["kind"] = "lose"


def _no_loss(states: Json, events: list[Json], document: Json) -> None:
    states["cellar"]["ending"]["kind"] = "win"


def _no_entrance(states: Json, events: list[Json], document: Json) -> None:
    del document["entrance"]


def _lost_entrance(states: Json, events: list[Json], document: Json) -> None:
    document["entrance"]["state"] = "attic"


def _stub(states: Json, events: list[Json], document: Json) -> None:
    states["hall"]["base"] = "  " + "x" * 39 + "  "


def _unreachable(states: Json, events: list[Json], document: Json) -> None:
    states["attic"] = {"base": "An attic.", "ending": {"kind": "lose", "title": "Lost"}}


def _dead_end(states: Json, events: list[Json], document: Json) -> None:
    del states["cellar"]["ending"]
    states["attic"] = {"base": "An attic.", "ending": {"kind": "lose", "title": "Lost"}}
    events.append(move("attic", name="climb_on", at=["landing"]))


def _round_and_round(states: Json, events: list[Json], document: Json) -> None:
    _dead_end(states, events, document)
    events.append(move("cellar", name="wade", at=["cellar"]))


def _lint_error(states: Json, events: list[Json], document: Json) -> None:
    events.append(event(base="A lamp without a flame."))


@pytest.mark.parametrize(
    ("change", "score", "start"),
    [
        (_drop_state, 94 - 10 - 10, "There are 4 states and at least 5 are needed: add 1 more."),
        (_few_events, 94 - 10, "There are 5 events and at least 6 are needed: add 1 more."),
        (_no_win, 94 - 8, 'No state is a win: give one an ending of kind "win".'),
        (_no_loss, 94 - 7, 'No state is a loss: give one an ending of kind "lose".'),
        (_no_entrance, 94 - 10, "There is no entrance: set it to the state that play starts in."),
        (_lost_entrance, 94 - 10, 'The entrance names "attic", which is no state: set it to a state that exists.'),
        (_stub, 94 - 10, 'The entrance "hall" is described in 39 characters: write at least 40.'),
        (
            _unreachable,
            94 - 10,
            'No way leads from the entrance to "attic": add transitions, or delete what is not needed.',
        ),
        (_dead_end, 94 - 5, 'There is no way on from "cellar": add a transition out, or an ending.'),
        (_round_and_round, 94 - 5, 'There is no way on from "cellar": add a transition out, or an ending.'),
        (_lint_error, 94, "Fix events.look.base: "),
    ],
)
def test_each_shortcoming_fails_the_gate_costs_its_points_and_is_said(change: Any, score: int, start: str) -> None:
    verdict = _verdict(change)
    assert not verdict and not verdict.passed
    assert any(issue.startswith(start) for issue in verdict.issues), verdict.issues
    assert verdict.score == score


def test_a_world_without_a_choice_fails() -> None:
    verdict = _verdict(_corridor)
    assert verdict.stats["branches"] == 0
    assert "No state offers a choice: give at least one state transitions to two different states." in verdict.issues


def test_two_ways_to_one_state_are_no_choice() -> None:
    document = _worthy()
    document["scene"]["events"] = [e for e in document["scene"]["events"] if e["from"] == ["study"]] + [
        move("study"),
        move("study", name="run"),
        move("hall", name="turn_round"),
    ]
    assert verify(World.from_dict(document)).stats["branches"] == 0


def test_an_entrance_that_repeats_the_premise_is_a_stub() -> None:
    premise = "A tiled hall in LAMPLIGHT, coats on brass hooks,\n a stair rising into the dark"
    assert _verdict().passed
    verdict = _verdict(premise=premise)
    assert verdict.issues == ('The entrance "hall" only repeats the premise: describe what the camera sees there.',)
    assert _verdict(premise="A hall.").passed


def test_three_gates_and_three_branches_reach_a_hundred_and_no_more() -> None:
    document = _worthy()
    document["scene"]["events"] += [
        move("garden", name=f"out_{n}", at=[where], requires=["key"]) for n, where in enumerate(("study", "landing"))
    ]
    verdict = verify(World.from_dict(document))
    assert verdict.stats["branches"] == 3 and verdict.stats["gated"] == 4
    assert verdict.score == 100


def test_an_empty_world_scores_nothing() -> None:
    verdict = verify(World.from_dict({"scene": {"states": {}, "events": []}}))
    assert (verdict.passed, verdict.score) == (False, 0)


def test_a_cutscene_and_a_set_piece_lead_on() -> None:
    document = _worthy()
    document["cutscenes"] = [{"id": "stairs", "video": "s.mp4", "from": "hall", "to": "cellar"}]
    document["scene"]["states"]["attic"] = {"base": "An attic under slates, a trunk in the middle."}
    document["sequences"] = [{"id": "tour", "title": "Tour", "beats": [{"state": "attic"}, {"state": "garden"}]}]
    for one in document["scene"]["events"]:
        if one["name"] == "go_down":
            one["to"] = "stairs"
    document["scene"]["events"].append(move("attic", name="climb_on", at=["landing"]))
    assert verify(World.from_dict(document)).passed


@pytest.mark.parametrize(("count", "more"), [(50, "30 more lint errors"), (21, "1 more lint error")])
def test_many_errors_are_counted_and_not_all_recited(count: int, more: str) -> None:
    document = _worthy()
    document["scene"]["events"] += [event(name=f"e{n}", requires=["crown"]) for n in range(count)]
    verdict = verify(World.from_dict(document))
    assert verdict.stats["errors"] == count
    assert len(verdict.issues) == 21 and verdict.issues[-1] == f"Fix {more}; lint() lists them."


def test_one_of_a_kind_is_counted_in_the_singular() -> None:
    states = {"hall": {"base": "A"}}
    document = {"entrance": {"state": "hall"}, "scene": {"states": states, "events": [move("hall", at=["hall"])]}}
    issues = verify(World.from_dict(document)).issues
    assert "There is 1 state and at least 5 are needed: add 4 more." in issues
    assert "There is 1 event and at least 6 are needed: add 5 more." in issues
    assert 'The entrance "hall" is described in 1 character: write at least 40.' in issues


@settings(max_examples=60, deadline=None)
@given(spoiled_documents())
def test_verify_agrees_with_lint_on_what_is_reachable_and_what_is_an_error(document: Json) -> None:
    world = World.from_dict(document)
    verdict, diagnostics = verify(world), lint(world, STUDIO)
    assert verdict.stats["unreachable"] == len([d for d in diagnostics if d.lint == "unreachable-state"])
    assert verdict.stats["errors"] == diagnostics.errors.total
    assert 0 <= verdict.score <= 100
    assert verdict.passed == (not verdict.issues) == bool(verdict)
    assert not (verdict.passed and diagnostics.errors)


def test_a_verdict_reads_well_and_its_html_is_text() -> None:
    document = _worthy()
    document["scene"]["states"]["<script>alert(1)</script>"] = {"base": "A nook."}
    verdict = verify(World.from_dict(document))
    headline = f"not passed (unreachable states, dead ends), score {verdict.score}: 6 states, 7 events, 1 win, 1 loss"
    assert repr(verdict).splitlines()[0] == headline
    assert repr(verdict).splitlines()[1].startswith("  No way leads from the entrance to ")
    html = verdict._repr_html_()
    assert "<script>" not in html and "&lt;script&gt;" in html


def test_a_verdict_says_in_its_first_line_which_checks_failed_even_with_every_point() -> None:
    world = samples.load("lighthouse")
    document = world.to_dict()
    document["scene"]["events"].append({"name": "back", "kind": "transition", "from": [world.start], "to": "nowhere"})
    verdict = World.from_dict(document).verify()
    assert repr(verdict).startswith("not passed (lint errors), score 100: ")
    assert verdict.failed == ("lint errors",) and not verdict.issues[1:]
    empty = World.from_dict({"scene": {"states": {}, "events": []}}).verify()
    assert empty.failed == ("too few states", "too few events", "no choice", "no win", "no loss", "entrance")
    assert world.verify().failed == () and repr(world.verify()).startswith("passed, score ")


def test_the_samples_meant_to_be_played_pass() -> None:
    assert samples.load("lighthouse").verify().passed
    assert samples.load("archive").verify().passed
