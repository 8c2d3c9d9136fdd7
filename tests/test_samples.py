"""The shipped worlds keep what their descriptions promise."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
from collections import deque
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

import worldkit
from tests.schemas import schema_problems
from worldkit import Event, Session, World, WorldError, load, samples
from worldkit.core.profile import PROFILES
from worldkit.playing import event_prompt, phase_prompt, prompt
from worldkit.ruleset import RULES

NAMES = ("archive", "bench", "bread", "broken", "broken_start", "circus", "delivery", "lighthouse")
PLAYABLE = ("archive", "bench", "bread", "circus", "delivery", "lighthouse")
PACKAGE = Path(worldkit.__file__).parent
FOLDER = PACKAGE / "data" / "samples"

Place = tuple[str, frozenset[str]]


@dataclass
class Reached:
    """Every (state, flags) that play can reach, how it got there, and where it can still end."""

    came: dict[Place, tuple[Place, Event] | None]
    fired: set[str]
    endings: dict[str, Place]
    stuck: set[Place]

    def route(self, ending: str) -> list[str]:
        """The shortest way to an ending, as event names."""
        names: list[str] = []
        step = self.came[self.endings[ending]]
        while step is not None:
            place, event = step
            names.append(event.name)
            step = self.came[place]
        return names[::-1]


@cache
def walk_all(name: str) -> Reached:
    """Walk every position of a sample, by the rules of docs/spec/runtime.md and nobody's code but this.

    The one-shots of the samples either grant a flag of their own or can be left out, so that the
    flags held say which of them are used up.
    """
    world = samples.load(name)
    by_state: dict[str, list[Event]] = {}
    for event in world.events:
        for state in event.from_:
            by_state.setdefault(state, []).append(event)
    assert world.start is not None
    start: Place = (world.start, frozenset())
    came: dict[Place, tuple[Place, Event] | None] = {start: None}
    into: dict[Place, list[Place]] = {}
    fired_events: set[str] = set()
    endings: dict[str, Place] = {}
    waiting = deque([start])
    over: list[Place] = []
    while waiting:
        place = waiting.popleft()
        state, flags = place
        if world.states[state].ending is not None:
            endings.setdefault(state, place)
            over.append(place)
            continue
        for event in by_state.get(state, ()):
            # what happens once and grants nothing is remembered by its name
            marks = event.grants or ([f"once: {event.name}"] if event.one_shot else [])
            if not flags.issuperset(event.requires or ()) or (event.one_shot and flags.issuperset(marks)):
                continue
            fired_events.add(event.name)
            target = world.landing(event.to) if event.kind == "transition" else state
            assert target is not None
            granted_flags = () if event.kind == "terminal" else marks
            then: Place = (target, flags.union(granted_flags))
            into.setdefault(then, []).append(place)
            if then not in came:
                came[then] = (place, event)
                waiting.append(then)
    good, waiting = set(over), deque(over)
    while waiting:
        for before in into.get(waiting.popleft(), ()):
            if before not in good:
                good.add(before)
                waiting.append(before)
    return Reached(came, fired_events, endings, set(came) - good)


def ending_kinds(world: World) -> list[str]:
    return sorted(state.ending.kind for state in world.states.values() if state.ending is not None)


class TestTheCollection:
    def test_names_are_the_samples_sorted(self) -> None:
        assert samples.names() == NAMES == tuple(sorted(NAMES))

    @pytest.mark.parametrize("name", NAMES)
    def test_a_sample_is_read_once_and_shared(self, name: str) -> None:
        assert samples.load(name) is samples.load(name)

    @pytest.mark.parametrize("name", ["lighthose", "", "../samples/bench", "bench.world.json"])
    def test_an_unknown_name_is_refused_with_the_names_there_are(self, name: str) -> None:
        with pytest.raises(WorldError, match="bench, bread, broken, broken_start, circus, delivery, lighthouse"):
            samples.load(name)

    @pytest.mark.parametrize("name", NAMES)
    def test_a_file_is_in_canonical_form(self, name: str) -> None:
        text = (FOLDER / f"{name}.world.json").read_text(encoding="utf-8")
        assert text == load(text).to_json() + "\n"

    @pytest.mark.parametrize("name", NAMES)
    def test_a_sample_is_valid_by_the_schema_too(self, name: str) -> None:
        assert schema_problems(samples.load(name).to_dict()) == []

    @pytest.mark.parametrize("name", NAMES)
    def test_a_sample_says_what_it_is(self, name: str) -> None:
        world = samples.load(name)
        assert world.id == name
        assert world.name
        assert world.description

    def test_the_wheel_carries_worlds_prose_and_scripts(self) -> None:
        builder = pytest.importorskip("hatchling.builders.wheel").WheelBuilder(str(PACKAGE.parents[1]))
        packed_paths = {Path(file.distribution_path).as_posix() for file in builder.recurse_included_files()}
        for file in FOLDER.iterdir():
            if file.is_file():
                assert f"worldkit/data/samples/{file.name}" in packed_paths


class TestPlayable:
    @pytest.mark.parametrize("name", PLAYABLE)
    def test_every_state_can_be_reached_and_every_event_fired(self, name: str) -> None:
        world = samples.load(name)
        assert {state for state, _ in walk_all(name).came} == set(world.states)
        assert walk_all(name).fired == set(world.events_by_name)

    @pytest.mark.parametrize("name", PLAYABLE)
    def test_every_ending_can_be_reached_and_one_always_can(self, name: str) -> None:
        world = samples.load(name)
        assert set(walk_all(name).endings) == {id for id, state in world.states.items() if state.ending is not None}
        assert walk_all(name).stuck == set()

    @pytest.mark.parametrize("name", PLAYABLE)
    def test_the_stepper_plays_the_shortest_route_to_every_ending(self, name: str) -> None:
        world = samples.load(name)
        for ending, (_, flags) in walk_all(name).endings.items():
            session = Session(world, seed=0)
            for event in walk_all(name).route(ending):
                session.fire(event)
            assert session.ended == world.states[ending].ending
            assert session.flags == flags

    @pytest.mark.parametrize("name", PLAYABLE)
    def test_every_locked_event_says_what_it_waits_for(self, name: str) -> None:
        world = samples.load(name)
        losses = {id for id, state in world.states.items() if state.ending and state.ending.kind == "lose"}
        # a way to fail is hidden until its objective can be tried
        silent = [e.name for e in world.events if e.requires and not e.locked_hint and e.to not in losses]
        assert silent == []

    @pytest.mark.parametrize("name", PLAYABLE)
    def test_every_prompt_fits_a_renderer_that_cuts_at_1000_characters(self, name: str) -> None:
        world = samples.load(name)
        texts = [prompt(world, id, moving=moving) for id in world.states for moving in (False, True)]
        texts += [event_prompt(world, event) for event in world.events]
        texts += [phase_prompt(phase) for event in world.events for phase in event.phases or ()]
        assert max(map(len, texts)) <= 1000

    @pytest.mark.parametrize("name", PLAYABLE)
    def test_no_prose_is_used_for_two_states_or_two_moves(self, name: str) -> None:
        world = samples.load(name)
        for texts in ([s.base for s in world.states.values()], [e.base for e in world.events if e.base]):
            assert len(texts) == len(set(texts))


class TestBench:
    def test_it_has_three_states_and_one_deliberate_warning(self) -> None:
        world = samples.load("bench")
        assert len(world.states) == 3
        assert [(d.lint, d.severity, d.item.id) for d in world.lint("studio")] == [
            ("sliver-evidence", "warning", "pick_up_the_red_mitten")
        ]
        assert list(world.lint("studio").fixed().lint("studio")) == []

    def test_a_player_without_the_mitten_is_told_where_it_is(self) -> None:
        session = Session(samples.load("bench"), seed=0)
        session.fire("walk_up_the_lane")
        locks = [offer for offer in session.offers if not offer.available]
        assert [offer.name for offer in locks] == ["hold_out_the_mitten"]
        assert "wall" in (locks[0].hint or "")


class TestLighthouse:
    def test_it_is_clean_and_passes_the_gate_with_full_marks(self) -> None:
        verdict = samples.load("lighthouse").verify()
        assert list(samples.load("lighthouse").lint("studio")) == []
        assert (verdict.passed, verdict.score) == (True, 100)

    def test_it_shows_every_part_of_a_world(self) -> None:
        world = samples.load("lighthouse")
        assert 12 <= len(world.states) <= 15
        assert "lantern_room" in world.states
        assert ending_kinds(world) == ["lose", "lose", "win", "win"]
        assert world.story and world.story.beats and world.subject and world.style_tail
        assert world.cutscenes and world.sequences and world.missions
        assert [id for id, state in world.states.items() if state.variants] == ["landing"]
        assert [id for id, state in world.states.items() if state.autopilot] == ["lamp_lit"]
        events = world.events
        assert {event.kind for event in events} == {"transition", "override", "terminal"}
        assert any(event.hidden and event.auto_after_ms for event in events)
        assert sum(bool(event.requires and event.locked_hint) for event in events) >= 4
        assert any(fact.requires for e in events if e.terminal for fact in e.terminal.facts or ())
        for field in (
            "one_shot",
            "phases",
            "land_when",
            "anchor",
            "drive",
            "waypoint",
            "min_play_ms",
            "camera",
            "movement",
        ):
            assert any(getattr(e, field) or any(getattr(p, field, None) for p in e.phases or ()) for e in events), field

    def test_the_lamp_is_lit_over_the_cutscene_and_its_flags_tell_the_mission(self) -> None:
        session = Session(samples.load("lighthouse"), seed=0)
        climb = ["climb_the_kelp_steps", "step_into_the_kitchen", "take_down_a_hand_lamp", "pocket_a_brass_key"]
        climb += ["step_out_to_the_yard", "unlock_the_oil_store", "fill_a_carrying_can", "roll_the_iron_door_shut"]
        climb += ["enter_the_tower", "climb_the_iron_stair", "wind_the_clockwork", "climb_the_ladder", "light_the_lamp"]
        for event in climb:
            session.fire(event)
        assert session.state == "lamp_lit"
        assert session.missions[0].complete

    def test_the_set_piece_climbs_the_tower_by_itself(self) -> None:
        session = Session(samples.load("lighthouse"), seed=0)
        for event in ["climb_the_kelp_steps", "step_into_the_kitchen", "take_down_a_hand_lamp", "step_out_to_the_yard"]:
            session.fire(event)
        session.fire("enter_the_tower")
        session.fire("sequence:the_long_climb")
        assert session.state == "lantern_room"

    def test_a_player_who_dawdles_in_the_dark_lantern_loses_the_steamer(self) -> None:
        session = Session(samples.load("lighthouse"), seed=0)
        for event in walk_all("lighthouse").route("on_the_teeth")[:-1]:
            session.fire(event)
        assert session.state == "lantern_room"
        session.wait(89_000)
        assert session.ended is None
        session.wait(1_000)
        assert session.state == "on_the_teeth"

    def test_the_telephone_tells_more_to_a_keeper_who_has_read_the_log(self) -> None:
        session = Session(samples.load("lighthouse"), seed=0)
        for event in ["climb_the_kelp_steps", "step_into_the_kitchen", "crank_the_telephone"]:
            session.fire(event)
        assert session.terminal is not None
        before = len(session.terminal.facts)
        session.close_terminal()
        session.fire("read_the_open_ledger")
        session.fire("crank_the_telephone")
        assert session.terminal is not None
        assert len(session.terminal.facts) == before + 1


class TestDelivery:
    def test_the_file_is_what_the_compiler_makes_today(self) -> None:
        world = runpy.run_path(str(FOLDER / "make_delivery.py"))["build"]()
        assert world.to_json() + "\n" == (FOLDER / "delivery.world.json").read_text(encoding="utf-8")

    def test_it_is_clean_and_passes_the_gate(self) -> None:
        world = samples.load("delivery")
        # a mission says what must be seen, and has no field for how large it must be
        assert {d.lint for d in world.lint("studio")} == {"sliver-evidence"}
        assert list(world.lint().errors) == []
        assert world.verify().passed

    def test_its_mission_is_done_step_by_step_and_can_go_wrong_twice(self) -> None:
        world = samples.load("delivery")
        assert ending_kinds(world) == ["lose", "lose", "win"]
        session = Session(world, seed=0)
        for done_count, objective in enumerate(session.missions[0].objectives, start=1):
            session.fire(objective.text)
            assert sum(o.status == "done" for o in session.missions[0].objectives) == done_count
        assert session.missions[0].complete
        assert session.ended is not None
        assert session.ended.kind == "win"


class TestArchive:
    def test_the_script_reproduces_the_file_byte_for_byte(self) -> None:
        text = runpy.run_path(str(FOLDER / "make_archive.py"))["text"]()
        assert text.encode() == (FOLDER / "archive.world.json").read_bytes()

    def test_the_script_runs_by_itself_under_any_hash_seed(self, tmp_path: Path) -> None:
        for name in ("make_archive.py", "archive.prose.toml"):
            (tmp_path / name).write_bytes((FOLDER / name).read_bytes())
        env = {**os.environ, "PYTHONHASHSEED": "7"}
        subprocess.run([sys.executable, tmp_path / "make_archive.py"], check=True, env=env)
        assert (tmp_path / "archive.world.json").read_bytes() == (FOLDER / "archive.world.json").read_bytes()

    def test_another_seed_composes_another_archive_as_clean(self) -> None:
        script = runpy.run_path(str(FOLDER / "make_archive.py"))
        prose = script["tomllib"].loads((FOLDER / "archive.prose.toml").read_text(encoding="utf-8"))
        other = World.from_dict(script["build"](prose, seed=1))
        assert other != samples.load("archive")
        assert list(other.lint("studio")) == []

    def test_it_is_large_clean_and_passes_the_gate(self) -> None:
        world = samples.load("archive")
        assert len(world.states) == 60
        assert 145 <= len(world.events) <= 160
        assert 12 <= len({flag for event in world.events for flag in event.grants or ()}) <= 14
        assert ending_kinds(world) == ["lose"] * 4 + ["win"] * 4
        assert list(world.lint("studio")) == []
        assert world.verify().passed

    def test_a_way_in_is_a_way_out(self) -> None:
        world = samples.load("archive")
        pairs = {(e.from_[0], e.to) for e in world.events if e.kind == "transition"}
        chutes = {
            "slide_down_the_coal_chute",
            "ride_the_book_chute",
            "swing_down_on_the_chandelier_chain",
            "ride_the_parcel_tube",
        }
        for event in world.events:
            if event.to and world.states[event.to].ending is None and event.name not in chutes:
                assert (event.to, event.from_[0]) in pairs

    def test_no_two_rooms_stir_in_the_same_way(self) -> None:
        lines = [line for state in samples.load("archive").states.values() for line in state.ambient or ()]
        assert len(lines) == len(set(lines)) == 2 * 52

    def test_no_two_ways_out_of_a_room_start_alike_or_share_an_anchor(self) -> None:
        world = samples.load("archive")
        for state in world.states:
            here = [event for event in world.events if state in event.from_ and not event.hidden]
            openings = [event.base.split(". ")[0] for event in here if event.base]
            labels = [event.anchor.label for event in here if event.anchor]
            assert len(openings) == len(set(openings))
            assert len(labels) == len(set(labels)) == len(here)


class TestBroken:
    def test_the_two_museums_trip_every_rule_there_is(self) -> None:
        # the museums are written out, so neither has templates for a server to fill
        diagnostics = [samples.load(name).lint(profile) for name in ("broken", "broken_start") for profile in PROFILES]
        assert {d.lint for diagnostics in diagnostics for d in diagnostics} == set(RULES) - {"kernel-fields"}
        assert {d.lint for d in samples.load("broken_start").lint()} == {
            "no-entrance",
            "sole-affordance-lose-trap",
            "ending-not-terminal",
        }

    def test_each_rule_is_tripped_once_by_the_item_named_after_it(self) -> None:
        diagnostics = list(samples.load("broken").lint("studio"))
        assert len(diagnostics) == len({d.lint for d in diagnostics})
        of_the_world = {"entrance-missing-state", "no-ending"}
        assert {d.lint for d in diagnostics if d.item.kind == "world"} == of_the_world
        assert all(d.item.id == d.lint for d in diagnostics if d.lint not in of_the_world)


@pytest.mark.parametrize("name", ["archive", "delivery", "lighthouse"])
def test_the_bases_of_a_sample_hold_its_subject_and_style_tail(name: str) -> None:
    world = samples.load(name)
    for state in world.states.values():
        for base in (state.base, *(variant.base for variant in state.variants or ())):
            assert base.startswith(f"{world.subject} ") and base.endswith(f" {world.style_tail}")


def test_the_cutscene_of_the_lighthouse_is_addressed_by_its_pair_of_states() -> None:
    world = samples.load("lighthouse")
    assert {event.to for event in world.events if event.to}.isdisjoint(world.cutscenes_by_id)
    assert {finding.lint for finding in world.lint()} == set()
