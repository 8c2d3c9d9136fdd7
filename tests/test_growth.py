"""No operation costs more than two and a half times as much when its input doubles, however hostile that is.

What is measured is this process's processor time and the length of the texts; ``tests.growing.growth`` says how.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable

import pytest

from tests.growing import BATCHES, FAMILIES, MAX_GROWTH, OPERATIONS, Work, batch_work, cost, crowded, growth
from worldkit import World, diff, explore, merge
from worldkit.comparison.hunks import hunks
from worldkit.comparison.prose import sentences_and_gaps
from worldkit.comparison.words import stretches
from worldkit.core.unsent_prose import own_prose, replace_layer
from worldkit.editing import order
from worldkit.editing.batch import apply
from worldkit.editing.field_names import world_name
from worldkit.editing.order import HandleList, NameList
from worldkit.editing.partial import apply_in_part
from worldkit.editing.vocabulary import OPS
from worldkit.exploration.answer_data import FewestMasks
from worldkit.generation.direct.chapter_text import cut_in_middle
from worldkit.generation.direct.naming import proper_names
from worldkit.generation.engines.replies import spoken
from worldkit.generation.planning.chunking import sentences as sentences_of_premise
from worldkit.generation.revision import removal
from worldkit.generation.story.acts import acts
from worldkit.generation.story.people import people
from worldkit.generation.story.places import places
from worldkit.generation.story.units import units
from worldkit.language.phrases import noun_phrases
from worldkit.language.tagging import tag
from worldkit.layout.free_slots import Slots
from worldkit.layout.placement import layout
from worldkit.layout.text import clean, wrap
from worldkit.ruleset.urls import unsafe_scheme
from worldkit.ruleset.vocabulary import LETHAL, NEGATION, WHITEOUT

SIZE = int(os.environ.get("WORLDKIT_GROWTH_SIZE", "70"))
"""The smallest document that every operation is measured on; ``make fuzz`` takes larger ones."""

BOUNDED_CELLS = {
    # n operations that each rewrite an event's list of n sources, and remember how it was
    *(
        ("funnel", f"{operation} {edit}")
        for operation in ("diff", "apply", "undo", "edit", "show")
        for edit in ("renamed", "emptied", "thinned")
    ),
    *(("funnel", f"merge {how}") for how in ("renamed", "both renamed")),
    # lists without ids are compared item by item as long as the two have at most 4,000,000 pairs of items
    *(
        (family, f"patch {edit}")
        for family in ("one_name", "taken_names", "doubled_names")
        for edit in ("reversed", "riffled", "thinned")
    ),
}
"""What grows faster for a reason that is stated here, up to a bound or to a batch that asks for it."""

ONCE_QUADRATIC = [
    ("back_and_forth", "lint", 500),
    ("long_name", "lint", 500),
    ("variants", "lint", 500),
    ("sequences", "lint", 1000),
    ("doubled_names", "fix", 250),
    ("one_name", "fix", 250),
    ("parallel", "svg", 250),
    ("back_and_forth", "still", 250),
    ("complete", "svg", 250),
    ("funnel", "networkx", 250),
    ("one_name", "networkx", 250),
    ("one_name", "prose", 250),
    ("parallel", "apply renamed", 250),
    ("star", "apply renamed", 250),
    ("star", "apply reversed", 250),
    ("star", "apply emptied", 250),
    ("star", "undo riffled", 250),
    ("star", "diff reversed", 500),
    ("parallel", "diff reversed", 500),
    ("parallel", "patch reversed", 500),
    ("missions", "merge moved", 250),
    ("cutscenes", "merge items", 250),
    ("one_name", "script", 250),
]


def _cell(family: str, operation: str) -> Callable[[int], Work]:
    return lambda size: OPERATIONS[operation](FAMILIES[family](size))


@pytest.mark.parametrize(("family", "operation", "size"), ONCE_QUADRATIC)
def test_cost_grows_as_the_input_does(family: str, operation: str, size: int) -> None:
    assert growth(_cell(family, operation), size) <= MAX_GROWTH


@pytest.mark.load
@pytest.mark.parametrize("family", FAMILIES)
def test_the_cost_of_everything_grows_as_the_input_does(family: str) -> None:
    cells = [operation for operation in OPERATIONS if (family, operation) not in BOUNDED_CELLS]
    growths = {operation: growth(_cell(family, operation), SIZE) for operation in cells}
    assert {operation: times for operation, times in growths.items() if times > MAX_GROWTH} == {}


@pytest.mark.parametrize("rename", ["rename_event", "rename_flag", "rename_state"])
@pytest.mark.parametrize("change", ["add_mission", "remove_cutscene", "remove_sequence", "set_story"])
def test_a_batch_that_renames_and_changes_a_list_in_turn_costs_what_its_length_says(rename: str, change: str) -> None:
    assert growth(batch_work(rename, change), 50) <= MAX_GROWTH


@pytest.mark.load
@pytest.mark.parametrize("batch", BATCHES)
def test_a_long_batch_of_any_operation_costs_what_its_length_says(batch: str) -> None:
    assert growth(batch_work(batch), 4 * SIZE) <= MAX_GROWTH


@pytest.mark.parametrize("in_use", [True, False])
def test_a_hosted_batch_that_deletes_many_states_costs_what_its_length_says(in_use: bool) -> None:
    # docs/spec/ops.md#the-nine-of-a-hosted-server: whether a state is in use is judged when its turn comes
    def prepare(size: int) -> Work:
        document = crowded(size)
        states = document["scene"]["states"]
        states |= {f"n{k}": states["b"] for k in range(size)}
        world = World.from_dict(document)
        ops = [{"op": "delete_state", "id": f"{'s' if in_use else 'n'}{k}"} for k in range(size)]

        def work() -> str:
            result = apply_in_part(world, ops)
            assert len(result.errors) == (size if in_use else 0)
            return str(result.errors)

        return work

    assert growth(prepare, 250) <= MAX_GROWTH


def test_every_operation_is_measured_in_a_batch() -> None:
    assert {BATCHES[batch](0)["op"] for batch in BATCHES} == OPS.keys()


# ---- text: what is matched against prose from a stranger -------------------------------------------

_READERS: dict[str, Callable[[str], object]] = {
    "negation": NEGATION.words,
    "whiteout": WHITEOUT.words,
    "lethal": LETHAL.words,
    "sentences of prose": sentences_and_gaps,
    "sentences of a premise": sentences_of_premise,
    "acts": lambda text: acts(text, 6_000, 4_000, 6),
    "people": people,
    "places": places,
    "what is told and said": units,
    "names": lambda text: proper_names((text,), ()),
    "answer of a channel": lambda text: spoken(f"<|channel|>{text}"),
    "chapter": lambda text: cut_in_middle(text, 2_000),
    "words": lambda text: stretches(text, f"{text}x"),
    "url": unsafe_scheme,
    "clean": clean,
    "wrap": lambda text: wrap(clean(text), 200, 14, 4),
    "field name": world_name,
    "layer": lambda text: own_prose({"subject": f"{text}b"}, f"{text}{text}"),
    "layer that is held": lambda text: replace_layer(f"x{text}{text}ß", text, "The lane."),
}
_UNITS = (
    "a",
    " ",
    "\n",
    ".",
    "a.",
    ". ",
    "no ",
    "gun a ",
    "gun ",
    "blown ",
    "lying ",
    "a'",
    "a-",
    '"',
    "“",
    "…",
    "/",
    "\u0301",
    "&#",
    "Mr. ",
    "then Ab said. ",
    "The Ab\n\n* * *\n\n",
)


@pytest.mark.parametrize("reader", _READERS)
def test_no_text_is_read_in_more_than_proportional_time(reader: str) -> None:
    read = _READERS[reader]

    def growth_of(unit: str, tail: str) -> float:
        return growth(lambda size: lambda: read(unit * (size // len(unit)) + tail), 3_000)

    growths = {unit + tail: growth_of(unit, tail) for unit in _UNITS for tail in ("", "\0", "!x")}
    assert {text: times for text, times in growths.items() if times > MAX_GROWTH} == {}


@pytest.mark.parametrize("word", ["blown", "old", "very", "running", "john's", "dog"])
def test_noun_phrases_are_found_in_time_proportional_to_one_long_sentence(word: str) -> None:
    def find(size: int) -> Callable[[], object]:
        tokens = tag(word) * size
        return lambda: noun_phrases(tokens)

    assert growth(find, 500) < MAX_GROWTH


# ---- bounds ----------------------------------------------------------------------------------------


def test_alike_prose_is_compared_for_renames_within_a_bound_of_work() -> None:
    def prose(mark: str) -> World:
        bodies = {f"{mark}{k}": {"base": ("x" * 50 + mark) * 39 + str(k)} for k in range(100)}
        return World.from_dict({"scene": {"states": bodies, "events": []}})

    before, after = prose("p"), prose("q")
    alike_seconds = min(cost(lambda: diff(before, after)).seconds for _ in range(3))
    same = cost(lambda: [hunks([0] * 500 + [1] + [0] * 500, [2] + [0] * 1000) for _ in range(20)])
    assert alike_seconds < 20 * max(same.seconds, 0.05)


def test_names_are_found_where_a_plain_list_has_them(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = random.Random(7)
    for block_size, count in ((128, 1500), (2, 30), (1, 4), (2, 0)):
        monkeypatch.setattr(order, "_BLOCK_SIZE", block_size)
        names = [f"n{draw.randrange(40)}" for _ in range(count)]
        row = NameList(names)
        for _ in range(3000):
            at = draw.randrange(len(names) + 1)
            match draw.randrange(5):
                case 0:
                    names.insert(at, f"n{draw.randrange(60)}")
                    row.insert(at, names[at])
                case 1 if at < len(names):
                    row.remove(at, names.pop(at))
                case 2 if at < len(names):
                    before, names[at] = names[at], f"n{draw.randrange(60)}"
                    row.rename(at, before, names[at])
                case 3 if at < len(names):
                    assert row.position(row.handle(at)) == at
                case 4 if names:
                    name = draw.choice(names)
                    assert row.find(name) == names.index(name)
        assert list(row) == names and len(row) == len(names)
        assert [row.position(handle) for handle in row.handles()] == list(range(len(names)))
        for name in (f"n{k}" for k in range(61)):
            assert row.find(name) == (names.index(name) if name in names else None)


def test_positions_take_time_proportional_to_the_list() -> None:
    def read(size: int) -> Callable[[], object]:
        row = HandleList(size)
        return lambda: [row.position(handle) for handle in range(size)]

    def interleave(size: int) -> Callable[[], object]:
        def run() -> None:
            row = HandleList(size)
            for place in range(size):
                row.insert(2 * place)
                assert row.position(place) == 2 * place + 1

        return run

    assert growth(read, 40_000) < MAX_GROWTH
    assert growth(interleave, 20_000) < MAX_GROWTH


def test_deciding_for_many_deletions_takes_time_proportional_to_them() -> None:
    def ways(name: str, size: int) -> list[dict[str, object]]:
        return [{"name": f"{name} {k}", "kind": "transition", "from": ["a"], "to": f"s{k}"} for k in range(size)]

    def decide(size: int) -> Callable[[], object]:
        states = {"a": {"base": "A room."}, **{f"s{k}": {"base": "A room."} for k in range(size)}}
        base, ours = (
            World.from_dict({"scene": {"states": states, "events": events}})
            for events in (ways("go", size), [*ways("go", size), *ways("also go", size)])
        )
        theirs = World.from_dict({"scene": {"states": {"a": states["a"]}, "events": []}})
        merged = merge(base, ours, theirs)
        assert len(merged.conflicts) == size
        return lambda: len(merged.resolve_all("theirs").world.states)

    def take_back(size: int) -> Callable[[], object]:
        room = {"a": {"base": "A room."}}
        added = [{**room, **{f"s{k}": {"base": f"{mark} {k}."} for k in range(size)}} for mark in ("A cell", "No way")]
        ours, theirs = (World.from_dict({"scene": {"states": states, "events": ways("go", size)}}) for states in added)
        merged = merge(World.from_dict({"scene": {"states": room, "events": []}}), ours, theirs)
        assert len(merged.conflicts) == size
        return lambda: len(merged.resolve_all("base").world.states)

    assert growth(decide, 200) <= MAX_GROWTH
    assert growth(take_back, 400) <= MAX_GROWTH


def test_a_comparison_of_two_long_lists_takes_time_proportional_to_them() -> None:
    def compare(size: int) -> Callable[[], object]:
        states = {f"s{k}": {"base": f"Room {k}."} for k in range(size)}
        events = [
            {"name": f"e{k}", "from": [f"s{k}"], "kind": "transition", "to": f"s{k // 2}", "base": "Go."}
            for k in range(size)
        ]
        doubled = {id: body for k, (s, b) in enumerate(states.items()) for id, body in ((s, b), (f"n{k}", b))}
        before = World.from_dict({"scene": {"states": states, "events": events}})
        after = World.from_dict({"scene": {"states": doubled, "events": events}})
        return lambda: diff(before, after)

    assert growth(compare, 4_000) < MAX_GROWTH


@pytest.mark.parametrize("spread", [0.0, 300.0])
def test_cards_on_one_spot_are_moved_apart_in_time_proportional_to_them(spread: float) -> None:
    def place(size: int) -> Callable[[], object]:
        draw = random.Random(size)
        positions = [(draw.uniform(0, spread), draw.uniform(0, spread)) for _ in range(2 * size)]

        def run() -> None:
            slots = Slots(positions[:size])
            for x, y in positions[size:]:
                slots.take(x, y)

        return run

    assert growth(place, 2_000) < MAX_GROWTH


def test_states_behind_an_event_that_never_happens_are_explained_in_time_proportional_to_them() -> None:
    def explain(size: int) -> Callable[[], object]:
        document = FAMILIES["chain"](size)
        document["scene"]["events"][0]["requires"] = ["key"]
        world = World.from_dict(document)

        def run() -> None:
            unreached = [finding for finding in explore(world).findings if finding.kind == "unreachable-state"]
            assert len(unreached) == size and all('"key"' in finding.message for finding in unreached)

        return run

    assert growth(explain, 500) < MAX_GROWTH


def test_the_least_masks_of_many_states_are_looked_up_in_time_proportional_to_them() -> None:
    def look_up(size: int) -> Callable[[], object]:
        return lambda: dict(FewestMasks(range(size), lambda state: state))

    assert growth(look_up, 2_000) < MAX_GROWTH


def test_states_that_nothing_leads_to_are_placed_in_time_proportional_to_them() -> None:
    def place(size: int) -> Callable[[], object]:
        world = World.from_dict(
            {"scene": {"states": {f"s{k}": {"base": "A room."} for k in range(size)}, "events": []}}
        )
        kept = {f"s{k}": (600.0 * (k % 50), 300.0 * (k // 50)) for k in range(size // 2 + 1)}
        return lambda: layout(world, kept)

    assert growth(place, 1_000) < MAX_GROWTH


def test_removing_a_place_takes_time_proportional_to_the_ways_that_led_to_it() -> None:
    def remove(size: int) -> Callable[[], object]:
        rooms = {f"room_{k}": {"base": f"Room {k} of the castle, with a bed."} for k in range(size)}
        ways = [
            {"name": f"{name} {k}", "kind": "transition", "from": [source], "to": target, "base": "On to the hall."}
            for k in range(size)
            for name, source, target in (("enter", "hall", f"room_{k}"), ("leave", f"room_{k}", "hall"))
        ]
        world = World.from_dict({"scene": {"states": {"hall": {"base": "A hall."}, **rooms}, "events": ways}})
        return lambda: removal.state(world, "hall")

    assert growth(remove, 100) < MAX_GROWTH


@pytest.mark.parametrize("op", ["rename_event", "update_event"])
def test_events_in_which_a_world_allows_findings_are_renamed_and_back_in_proportional_time(op: str) -> None:
    def rename(size: int) -> Callable[[], object]:
        ways = [{"name": f"e{k}", "kind": "transition", "from": ["a"], "to": "a", "base": "No."} for k in range(size)]
        allow = {f"event[e{k}].base": ["negation"] for k in range(size)}
        document = {"kernel": {"allow": allow}, "scene": {"states": {"a": {"base": "A hall."}}, "events": ways}}
        world = World.from_dict(document)
        ops = [
            {"op": op, "from": f"e{k}", "to": f"f{k}"}
            if op == "rename_event"
            else {"op": op, "name": f"e{k}", "patch": {"name": f"f{k}"}}
            for k in range(size)
        ]

        def run() -> str:
            result = apply(world, ops)
            assert list(result.world.raw["kernel"]["allow"]) == [place.replace("[e", "[f") for place in allow]
            assert apply(result.world, result.inverse).world.to_json() == world.to_json()
            return str(result.inverse)

        return run

    assert growth(rename, 250) < MAX_GROWTH


def test_flags_that_objectives_give_by_their_ids_are_renamed_in_a_merge_in_proportional_time() -> None:
    def merge_renamed(size: int) -> Callable[[], object]:
        def flags(letter: str, base: str = "A hall.") -> World:
            ways = [
                {"name": f"{name} {k}", "kind": "transition", "from": ["a"], "to": "a", "requires": [f"{letter}{k}"]}
                for k in range(size)
                for name in ("go", "back")
            ]
            objectives = [
                {"id": f"f{k}", "text": "Go.", **({} if letter == "f" else {"grants": f"{letter}{k}"})}
                for k in range(size)
            ]
            mission = {"id": "m", "title": "M", "complete": "all", "objectives": objectives}
            return World.from_dict({"missions": [mission], "scene": {"states": {"a": {"base": base}}, "events": ways}})

        base, ours, theirs = flags("f"), flags("g"), flags("f", "A wet hall.")
        return lambda: merge(base, ours, theirs).world

    assert growth(merge_renamed, 500) < MAX_GROWTH


def _hall_of(size: int, remaining: int, to: str | None = None) -> World:
    """Return a hall with ways to many rooms: every room that is not among the first remaining ones is gone."""
    rooms = {f"room_{k}": {"base": f"Room {k}."} for k in range(remaining)}
    states = {"hall": {"base": "A hall."}, "yard": {"base": "A yard."}, "lane": {"base": "A lane."}, **rooms}
    events = [
        {"name": f"enter {k}", "kind": "transition", "from": ["hall"], "to": to or f"room_{k}", "base": "On."}
        for k in range(size if to else remaining)
    ]
    return World.from_dict({"scene": {"states": states, "events": events}})


def test_many_new_events_of_one_name_are_merged_in_proportional_time() -> None:
    def prepare(size: int) -> Work:
        base = World.from_dict(FAMILIES["parallel"](1))
        sides = [
            [{"name": "go 0", "kind": "override", "from": [at], "base": f"{at} {k}"} for k in range(size)]
            for at in "ab"
        ]
        ours, theirs = (
            World.from_dict(
                {**base.to_dict(), "scene": {**base.raw["scene"], "events": [*base.raw["scene"]["events"], *events]}}
            )
            for events in sides
        )
        return lambda: merge(base, ours, theirs).world

    assert growth(prepare, 150) <= MAX_GROWTH


def test_a_merge_with_many_states_that_one_side_deleted_takes_time_proportional_to_them() -> None:
    def merge_deleted(size: int) -> Callable[[], object]:
        base = _hall_of(size, size)
        theirs = base.apply([{"op": "set_field", "state": "hall", "field": "base", "value": "A long hall."}])
        return lambda: merge(base, _hall_of(size, size // 2), theirs)

    assert growth(merge_deleted, 250) < MAX_GROWTH


def test_states_that_base_names_and_both_sides_deleted_come_back_in_proportional_time() -> None:
    def resolve_for_base(size: int) -> Callable[[], object]:
        merged = merge(_hall_of(size, size), _hall_of(size, 0, "yard"), _hall_of(size, 0, "lane"))
        return lambda: merged.resolve_all("base").world

    assert growth(resolve_for_base, 200) < MAX_GROWTH
