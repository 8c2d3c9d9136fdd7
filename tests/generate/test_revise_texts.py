"""What a capable model may say in a revision: locks, and all the texts of a state, which belong together."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

import worldkit as wk
from tests.generate.scripted import Scripted
from tests.generate.server import serving
from worldkit.core.progress import ignore
from worldkit.generation.revision.answer_form import answer_schema
from worldkit.generation.revision.applying import apply_consistently
from worldkit.generation.revision.model_only_ops import lowered
from worldkit.generation.revision.outline import MAX_STRONG_OUTLINE_CHARACTERS, TOPICS, outline
from worldkit.generation.revision.reviser import by_chat

BENCH = wk.samples.load("bench")
MUSEUM_TAIL = "Even light lies over the lane."
Json = dict[str, Any]


def answer(*ops: Json, reply: str = "Done.") -> Json:
    return {"reply": reply, "ops": list(ops)}


def is_possible(instruction: str, *ops: Json) -> bool:
    schema = answer_schema(outline(BENCH, instruction, ()), ())
    return jsonschema.Draft202012Validator(schema).is_valid(answer(*ops))


# ---- what is added to what the same answer says -----------------------------------------------------

GATE = {"op": "add_to_base", "state": "lane", "sentence": "A red gate stands open."}
FROST = "A lane in hard frost."


def test_a_sentence_that_is_added_to_a_place_is_added_to_its_variants() -> None:
    world = wk.samples.load("circus")
    gate = {**GATE, "state": "customs_hut"}
    revision = by_chat(world, "add a gate to the hut", Scripted(answer(gate)), 1, ignore)
    hut = revision.world.states["customs_hut"]
    [variant] = hut.variants or ()
    assert [text.count(GATE["sentence"]) for text in (hut.base, variant.base or "")] == [1, 1]
    assert str(variant.base).startswith(str(world.subject)) and str(variant.base).endswith(str(world.style_tail))


@pytest.mark.parametrize(
    "first",
    [
        {"op": "set_field", "state": "lane", "field": "base", "value": FROST},
        {"op": "update_state", "id": "lane", "patch": {"base": FROST}},
        {"op": "update_state", "id": "lane", "base": FROST},
    ],
)
def test_a_sentence_is_added_to_what_the_same_answer_wrote_before_it(first: Json) -> None:
    revision = by_chat(BENCH, "add a gate", Scripted(answer(first, GATE)), 1, ignore)
    assert revision.world.states["lane"].base == f"{FROST} A red gate stands open."
    assert BENCH.apply(revision.ops) == revision.world
    assert len(revision.ops) == 1


@pytest.mark.parametrize("named", ["lane", "road"])
def test_a_sentence_is_added_to_a_state_that_the_same_answer_renamed(named: str) -> None:
    rename = {"op": "rename_state", "from": "lane", "to": "road"}
    base = {"op": "set_field", "state": "road", "field": "base", "value": FROST}
    revision = by_chat(BENCH, "add a gate", Scripted(answer(rename, base, {**GATE, "state": named})), 1, ignore)
    assert revision.world.states["road"].base == f"{FROST} A red gate stands open."
    kept = by_chat(BENCH, "add a gate", Scripted(answer(rename, {**GATE, "state": named})), 1, ignore)
    assert kept.world.states["road"].base == f"{BENCH.states['lane'].base} A red gate stands open."


def test_a_sentence_is_added_to_a_state_that_the_same_answer_added() -> None:
    pond = {"op": "add_state", "id": "pond", "base": "A round pond."}
    to = {
        "op": "add_transition",
        "name": "go",
        "from": ["lane"],
        "to": "pond",
        "detail": "Go to the pond",
        "base": "On.",
    }
    back = {**to, "name": "back", "from": ["pond"], "to": "lane", "detail": "Go back"}
    revision = by_chat(BENCH, "add a pond", Scripted(answer(pond, to, back, {**GATE, "state": "pond"})), 1, ignore)
    assert revision.world.states["pond"].base.count("A round pond. A red gate stands open.") == 1


def test_words_are_added_to_a_subject_that_the_same_answer_set() -> None:
    subject = {"op": "set_subject", "subject": "A child in a red coat."}
    hat = {"op": "add_to_subject", "text": "a green hat"}
    shawl = {"op": "add_to_subject", "text": "a wool shawl"}
    revision = by_chat(BENCH, "add a hat", Scripted(answer(hat, subject, hat, shawl)), 1, ignore)
    assert revision.world.subject == "A child in a red coat, a green hat, a wool shawl."
    assert [op["op"] for op in revision.ops].count("set_subject") == 1


def test_an_operation_before_an_addition_is_refused_by_its_own_number() -> None:
    wrong = {"op": "set_field", "state": "laen", "field": "base", "value": FROST}
    chat = Scripted(answer(GATE, wrong, GATE), answer(GATE))
    revision = by_chat(BENCH, "add a gate", chat, 1, ignore)
    assert "1" in revision.refusals[0].reason and "laen" in revision.refusals[0].reason


ASK = {
    "op": "add_override",
    "name": "ask_the_robin",
    "from": ["lane"],
    "detail": "Ask the robin",
    "base": "The robin hops along the wall and taps the red wool.",
    "narration": "Cold hands, the robin tells you, are sat on.",
    "grants": ["cold_hand"],
    "oneShot": True,
}

# ---- what a strong model may do, whatever the words are ---------------------------------------------


class Weak(Scripted):
    is_weak = True


TIDE = {
    "op": "add_transition",
    "name": "the_tide_comes",
    "from": ["lane"],
    "to": "drowned",
    "detail": "The tide comes in",
    "base": "Grey water runs over the lane and around the boots.",
    "hidden": True,
    "autoAfterMs": 30000,
}
DROWNED = {
    "op": "add_state",
    "id": "drowned",
    "base": "Grey water over the lane.",
    "camera": {"static": "Wide.", "dynamic": "Slow."},
    "movement": {"static": "Still.", "dynamic": "Sinking."},
    "ending": {"kind": "lose", "title": "Drowned"},
}
ERRAND = {
    "op": "set_mission",
    "id": "errand",
    "title": "The mitten",
    "objectives": [{"id": "mitten", "text": "Find the mitten", "location": "lane"}],
}
STRONG_OPS: list[Json] = [
    DROWNED,
    TIDE,
    ERRAND,
    {**ASK, "autoAfterMs": 5000, "hidden": True},
    {"op": "update_event", "name": "walk_up_the_lane", "to": "lane", "autoAfterMs": 20000},
    {"op": "rename_event", "from": "walk_up_the_lane", "to": "climb"},
    {"op": "update_state", "id": "bench", "narration": "You sit."},
    {"op": "add_variant", "state": "lane", "label": "B", "base": "The lane in rain."},
    {"op": "set_story", "logline": "A mitten goes home."},
    {"op": "set_world", "name": "The Mitten", "description": "A mitten wants to go home."},
]


@pytest.mark.parametrize("objective", [{"id": ["a"]}, {"id": {"a": 1}}, {"id": "a", "location": ["lane"]}])
def test_an_objective_whose_ids_are_no_text_is_refused(objective: Json) -> None:
    mission = {"op": "set_mission", "id": "errand", "title": "T", "objectives": [{"text": "Go.", **objective}]}
    with pytest.raises(wk.WorldError):
        BENCH.apply(lowered(BENCH, [mission]))


@pytest.mark.parametrize("op", STRONG_OPS, ids=lambda op: op["op"])
def test_a_strong_model_may_use_every_operation_whatever_the_words_are(op: Json) -> None:
    strong, weak = Scripted(answer(GATE)), Weak(answer(GATE))
    for chat in (strong, weak):
        by_chat(BENCH, "surprise me", chat, 1, ignore)
    schemas = [dict(chat.schemas[0] or {}) for chat in (strong, weak)]
    is_valid = [jsonschema.Draft202012Validator(schema).is_valid(answer(op)) for schema in schemas]
    assert is_valid == [True, False]
    assert ["autoAfterMs" in chat.systems[0] for chat in (strong, weak)] == [True, False]


LIGHT = wk.samples.load("lighthouse")


def test_a_strong_model_is_shown_what_the_story_is_about_and_may_change_what_a_console_knows() -> None:
    facts = [{"text": "Tobias let the light go out."}]
    telephone = {"persona": "Maud, night operator.", "greeting": "Skarra?", "facts": facts}
    change = {"op": "update_event", "name": "crank_the_telephone", "terminal": telephone}
    strong, weak = Scripted(answer(change)), Weak(answer({**GATE, "state": "yard"}))
    revision = by_chat(LIGHT, "let it be his fault", strong, 1, ignore)
    console = revision.world.events_by_name["crank_the_telephone"].terminal
    assert console is not None and console.facts is not None and console.facts[0].text == facts[0]["text"]
    by_chat(LIGHT, "let it be his fault", weak, 1, ignore)
    texts = ["twenty-two years", "Find a lamp for the stair"]
    shown = [[text in chat.asked[0][0]["content"] for text in texts] for chat in (strong, weak)]
    assert shown == [[True] * 2, [False] * 2]
    assert all(str(LIGHT.description) in chat.asked[0][0]["content"] for chat in (strong, weak))
    schemas = [jsonschema.Draft202012Validator(dict(chat.schemas[0] or {})) for chat in (strong, weak)]
    assert [schema.is_valid(answer(change)) for schema in schemas] == [True, False]
    assert "What really happened stands in no field" in strong.systems[0]


def test_where_not_all_fits_what_is_seen_in_events_is_left_out_before_events_are() -> None:
    world = wk.samples.load("bread")
    shown = outline(world, "x", ["events"], longest=10_000)
    assert {*shown.events} == {*world.events_by_name} and "left out" not in shown.text
    assert not any(f'"{event.base}"' in shown.text for event in world.events if event.base)
    small = outline(BENCH, "x", ["events"]).text
    assert all(f'"{event.base}"' in small for event in BENCH.events if event.base)


def test_what_is_done_once_is_shown_to_be_and_the_steps_of_an_event_are_shown_with_its_base() -> None:
    world = wk.samples.load("circus")
    seen, plain = outline(world, "x", ["events"]).text, outline(world, "x", ()).text
    assert "take_the_freight_list_from_the_dressing_table [override, oneShot]" in seen
    steps = [phase.base for event in world.events for phase in event.phases or ()]
    assert len(steps) == 10
    assert [(step in seen, step in plain) for step in steps] == [(True, False)] * 10


def test_how_an_instruction_asks_says_of_no_place_that_it_is_meant() -> None:
    world = wk.samples.load("circus")
    assert "Let her sleep" in str(world.states["bear_wagon"].narration)
    assert outline(world, "and let the player bribe it with the peanut", ()).whole == ()
    assert outline(world, "let it snow on the weighbridge", ()).whole == ("weighbridge",)


def test_the_place_of_a_choice_that_is_meant_is_shown_whole() -> None:
    world = wk.samples.load("circus")
    event = world.events_by_name["tell_pim_ilkas_secret_and_ask_for_the_silver"]
    instruction = "make it cost something to tell Pim Ilka's secret and ask for the silver whistle"
    assert outline(world, instruction, ()).whole == event.from_


def test_of_a_longer_outline_more_places_are_shown_whole_the_one_that_is_named_beside_the_endings() -> None:
    world = wk.samples.load("circus")
    instruction = "let one take the purse and still win, at a price that the ending tells"
    endings = tuple(id for id, state in world.states.items() if state.ending)
    assert outline(world, instruction, ()).whole == endings
    assert {"practice_ring", *endings} <= {
        *outline(world, instruction, (), longest=MAX_STRONG_OUTLINE_CHARACTERS).whole
    }


def test_the_schema_of_an_answer_says_the_ids_of_a_world_once() -> None:
    world = wk.samples.load("archive")
    schema = answer_schema(outline(world, "x", TOPICS, longest=60_000), TOPICS)
    jsonschema.Draft202012Validator.check_schema(schema)
    text = json.dumps(schema)
    assert len(text) < 25_000
    assert all(text.count(f'"{id}"') <= 2 for id in (*world.states, *world.events_by_name))


def test_a_strong_model_is_told_that_no_event_can_need_the_lack_of_a_flag() -> None:
    strong = Scripted(answer(GATE))
    by_chat(BENCH, "add a gate to the lane", strong, 1, ignore)
    assert "an event can need one, but never the lack of one" in strong.systems[0]


def test_a_strong_model_may_say_what_is_not_there_where_no_picture_is_made() -> None:
    strong, weak = Scripted(answer(GATE)), Weak(answer(GATE))
    for chat in (strong, weak):
        by_chat(BENCH, "add a gate to the lane", chat, 1, ignore)
    assert ['they may use "not"' in chat.systems[0] for chat in (strong, weak)] == [True, False]


def test_a_strong_model_adds_an_ending_a_timer_and_a_mission() -> None:
    revision = by_chat(BENCH, "put her under pressure", Scripted(answer(DROWNED, TIDE, ERRAND)), 1, ignore)
    assert revision.refusals == ()
    assert revision.world.events_by_name["the_tide_comes"].auto_after_ms == 30000
    assert [mission.id for mission in revision.world.missions or ()] == ["errand"]
    assert wk.explore(revision.world).endings == {"drowned", "two_mittens"}
    shown = Scripted(answer({"op": "remove_mission", "id": "errand"}))
    after = by_chat(revision.world, "less of it", shown, 1, ignore).world
    assert not after.missions
    outline_text = shown.asked[0][0]["content"]
    assert "the_tide_comes [transition, hidden, by itself, autoAfterMs 30000]" in outline_text
    assert '"Find the mitten"' in outline_text


def test_a_model_gives_the_world_another_title_and_description() -> None:
    op = {"op": "set_world", "name": "The Mitten", "description": "A mitten wants to go home."}
    chat = Scripted(answer({"op": "set_world"}), answer({"op": "set_world", "name": 3}), answer(op))
    revision = by_chat(BENCH, "call it the mitten", chat, 1, ignore)
    assert (revision.world.name, revision.world.description) == (op["name"], op["description"])
    assert [wrong.reason.split("; ")[0] for wrong in revision.refusals] == [
        "operation 0 sets nothing",
        'operation 0 has no "name"',
    ]


def test_a_mission_that_nothing_fulfils_is_refused_and_a_known_objective_keeps_its_fields() -> None:
    unknown = {**ERRAND, "objectives": [{"id": "moon", "text": "Take the moon"}]}
    chat = Scripted(answer(unknown), answer({"op": "remove_mission", "id": "x"}), answer(ERRAND))
    revision = by_chat(BENCH, "a mission", chat, 1, ignore)
    assert 'the flag "moon", which no event grants' in revision.refusals[0].reason
    assert "there are no missions" in revision.refusals[1].reason
    again = {**ERRAND, "objectives": [{"id": "mitten", "text": "Find it"}]}
    [mission] = by_chat(revision.world, "shorter", Scripted(answer(again)), 1, ignore).world.missions or ()
    assert (mission.objectives[0].text, mission.objectives[0].location) == ("Find it", "lane")


# ---- what is learnt and matters later ---------------------------------------------------------------

NEED = {"op": "set_event_requires", "event": "hold_out_the_mitten", "value": ["mitten", "cold_hand"]}


def test_something_that_is_learnt_opens_what_needs_it() -> None:
    assert is_possible("let a robin know who lost the mitten", ASK, NEED)
    locked = {**ASK, "name": "sing", "requires": ["mitten"], "grants": ["song"], "lockedHint": "It wants to see wool."}
    assert is_possible("let a robin sing", locked)
    revision = by_chat(BENCH, "let a robin know who lost the mitten", Scripted(answer(ASK, NEED)), 1, ignore)
    event = revision.world.events_by_name["ask_the_robin"]
    assert (list(event.grants or ()), event.one_shot) == (["cold_hand"], True)
    route = wk.explore(revision.world).route_to("two_mittens")
    assert route is not None and "ask_the_robin" in route.events


def test_a_lock_that_would_keep_a_run_from_its_ending_is_refused() -> None:
    late = {**ASK, "requires": ["tea"]}
    tea = {**ASK, "name": "pour_tea", "from": ["bench"], "grants": ["tea"], "requires": ["cold_hand"]}
    chat = Scripted(answer(late, tea, NEED), answer(ASK, NEED))
    revision = by_chat(BENCH, "let a robin know who lost the mitten", chat, 1, ignore)
    assert "ending" in revision.refusals[0].reason or "never happen" in revision.refusals[0].reason
    assert "pour_tea" not in revision.world.events_by_name


def test_a_model_is_shown_what_events_need_and_give() -> None:
    text = outline(BENCH, "make everything colder", ()).text
    assert 'grants: ["mitten"]' in text and 'requires: ["mitten"]' in text


# ---- the texts of a state ---------------------------------------------------------------------------


def test_all_texts_of_the_states_that_are_meant_are_shown_and_of_others_the_base() -> None:
    summary = outline(BENCH, "let the grandfather wave", ())
    assert summary.whole == ("bench", "two_mittens")
    assert BENCH.states["bench"].camera.static in summary.text
    assert BENCH.states["lane"].camera.static not in summary.text
    assert BENCH.states["lane"].base in summary.text
    assert "All texts of bench, two_mittens are shown." in summary.text


@pytest.mark.parametrize(
    ("instruction", "whole"),
    [
        ("make the ending warmer", ("two_mittens",)),
        ("freeze the lane", ("lane",)),
        ("给她一只鹦鹉", ()),
    ],
)
def test_the_states_that_are_meant_are_found_by_what_is_said(instruction: str, whole: tuple[str, ...]) -> None:
    assert outline(BENCH, instruction, ()).whole == whole


def test_what_an_instruction_begins_with_names_no_event() -> None:
    event = {"name": "give_a_coin", "from": ["lane"], "detail": "Give a coin", "narration": "The boy bites it."}
    world = BENCH.apply([{"op": "add_override", "event": event}])
    assert "bites" not in outline(world, "give the walker a hat", ()).text
    assert "bites" in outline(world, "let the boy keep the coin", ()).text


def test_a_state_is_found_by_a_word_of_any_language() -> None:
    base = {"op": "set_field", "state": "lane", "field": "base", "value": "Eine Küche mit niedriger Decke."}
    world = BENCH.apply([base])
    assert outline(world, "mach die küche wärmer", ()).whole == ("lane",)


def test_what_is_shown_whole_has_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("worldkit.generation.revision.outline.WHOLE_STATES_CHARACTERS", 900)
    assert outline(BENCH, "let the grandfather wave", ()).whole != ("bench", "two_mittens")


PAIR = {"static": "Wide, the walls white.", "dynamic": "Slowly up the white lane."}
FROZEN_LANE_OP = {
    "op": "set_field",
    "state": "lane",
    "field": "base",
    "value": "Frost closes the lane, and the wall is white.",
}
OTHER_FIELDS_OP = {
    "op": "update_state",
    "id": "lane",
    "narration": "Your boots ring.",
    "camera": PAIR,
    "arriveLabel": "gate",
}


def test_the_texts_of_a_state_that_is_shown_whole_may_be_changed_with_it() -> None:
    assert is_possible("freeze the lane", FROZEN_LANE_OP, OTHER_FIELDS_OP)
    assert not is_possible("freeze the lane", {**OTHER_FIELDS_OP, "id": "bench"})
    chat = Scripted(answer(FROZEN_LANE_OP, OTHER_FIELDS_OP))
    lane = by_chat(BENCH, "freeze the lane", chat, 1, ignore).world.states["lane"]
    assert lane.narration == "Your boots ring." and lane.camera.static == PAIR["static"]
    assert len(chat.asked) == 1, "what was shown is not asked about again"


def test_events_look_for_the_thing_by_which_a_state_is_recognised_now() -> None:
    world = BENCH.apply([{"op": "update_state", "id": "bench", "patch": {"arriveLabel": "bench"}}])
    ops = ({"op": "update_state", "id": "bench", "arriveLabel": "stone seat"},)
    after = by_chat(world, "let the bench be of stone", Scripted(answer(*ops)), 1, ignore).world
    before = world.events_by_name["walk_up_the_lane"].land_when
    evidence = after.events_by_name["walk_up_the_lane"].land_when
    assert evidence.label == "stone seat" and evidence.min_extent == before.min_extent
    assert after.states["bench"].arrive_label == "stone seat"


ARRIVALS = wk.load(
    {
        "scene": {
            "states": {
                "lane": {"base": "A lane."},
                "yard": {"base": "A yard."},
                "gate": {"base": "A gate.", "arriveLabel": "gate"},
            },
            "events": [
                {"name": "walk", "kind": "transition", "from": ["lane"], "to": "gate", "landWhen": {"label": "gate"}},
                {"name": "jump", "kind": "transition", "from": ["yard"], "to": "gate", "landWhen": {"label": "gate"}},
            ],
        },
        "entrance": {"state": "lane"},
    }
)
LABEL = {"op": "update_state", "id": "gate", "arriveLabel": "arch"}


@pytest.mark.parametrize(
    "ops",
    [
        ({"op": "delete_event", "name": "walk"}, LABEL),
        ({"op": "update_event", "name": "walk", "patch": {"name": "stroll"}}, LABEL),
        (LABEL, {"op": "update_event", "name": "walk", "patch": {"name": "stroll"}}),
        ({"op": "rename_state", "from": "gate", "to": "arch"}, {**LABEL, "id": "arch"}),
        (LABEL, {"op": "rename_state", "from": "gate", "to": "arch"}),
        ({"op": "update_event", "name": "jump", "patch": {"to": "gate", "from": ["lane"]}}, LABEL),
    ],
)
def test_events_that_are_changed_in_the_same_answer_look_for_the_new_thing_too(ops: tuple[Json, ...]) -> None:
    result = apply_consistently(ARRIVALS, ops).world
    assert {event.land_when.label for event in result.events} == {"arch"}


def test_evidence_that_the_answer_sets_itself_stays() -> None:
    own = {"op": "update_event", "name": "walk", "patch": {"landWhen": {"label": "latch"}}}
    result = apply_consistently(ARRIVALS, (LABEL, own)).world
    assert [event.land_when.label for event in result.events] == ["latch", "arch"]


def test_events_of_one_name_all_look_for_the_new_thing() -> None:
    document = ARRIVALS.to_dict()
    document["scene"]["events"][1]["name"] = "walk"
    world = wk.load(document)
    assert {e.land_when.label for e in apply_consistently(world, (LABEL,)).world.events} == {"arch"}


@pytest.mark.parametrize(
    ("ops", "evidence"),
    [
        ([{"op": "update_event", "name": "walk", "patch": {"to": "yard"}}], None),
        (
            [
                {"op": "add_state", "id": "lodge", "base": "A lodge.", "arriveLabel": "porch"},
                {"op": "update_event", "name": "walk", "patch": {"to": "lodge"}},
            ],
            "porch",
        ),
    ],
)
def test_an_event_that_leads_elsewhere_does_not_look_for_the_thing_of_the_state_before(
    ops: list[Json], evidence: str | None
) -> None:
    walk, jump = apply_consistently(ARRIVALS, ops).world.events
    assert (walk.land_when.label if walk.land_when else None) == evidence and jump.land_when.label == "gate"


def test_an_instruction_about_everything_shows_all_texts_of_as_many_places_as_fit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for instruction in ("make everything colder", "let it rain everywhere", "let every place be of ice"):
        assert outline(BENCH, instruction, ()).whole == tuple(BENCH.states)
    monkeypatch.setattr("worldkit.generation.revision.outline.WHOLE_STATES_CHARACTERS", 900)
    assert len(outline(BENCH, "make everything colder", ()).whole) == 1


# ---- the whole of it, over a connection -------------------------------------------------------------


def test_revisions_that_add_up_set_each_text_once_and_are_told_in_whole_sentences() -> None:
    subject = "A walker in a green coat, seen from behind."
    layers = {"subject": subject, "styleTail": MUSEUM_TAIL}
    document = {**BENCH.to_dict(), **layers}
    for body in document["scene"]["states"].values():
        body["base"] = f"{subject} {body['base']} {MUSEUM_TAIL}"
    world = wk.load(document)
    robin = "A robin as round as a fist sits on the wall, and it watches every hand that passes by."
    ask = {key: value for key, value in ASK.items() if key not in ("grants", "oneShot")}
    first = answer({"op": "add_to_base", "state": "lane", "sentence": robin}, ask)
    tail = "Long shadows lie over the lane."
    song = {"op": "add_to_base", "state": "lane", "sentence": "It sings."}
    second = answer({"op": "set_subject", "styleTail": tail}, song)
    with serving(lambda body, number: json.dumps([first, second][number - 1])) as server:
        revision = wk.revise(world, "let a robin sit in the lane", server.model, progress=ignore)
        revision = revision.again("let it sing, in longer light")
    assert [op["op"] for op in revision.ops] == [*["update_state"] * 3, "set_subject", "add_event"]
    assert [op["id"] for op in revision.ops[:3]] == ["lane", "bench", "two_mittens"]
    assert world.apply(revision.ops) == revision.world
    assert revision.turns[1].changed == ("lane", "styleTail")
    lines = repr(revision).splitlines()
    assert f"      + … {robin} It sings." in lines
    assert "    base: only the style tail in it changed" in lines and "~ states bench, two_mittens" in lines
    assert '  The new event "ask_the_robin" changes nothing else that can happen; there are 5 positions.' in lines
    assert f"    narration: {ASK['narration']}" in lines
    page = revision._repr_mimebundle_()[0]["text/html"]
    assert robin in page and "The new event &quot;ask_the_robin&quot; changes nothing else" in page


def test_an_addition_follows_a_state_that_is_renamed_twice() -> None:
    renames = [{"op": "rename_state", "from": old, "to": new} for old, new in (("lane", "path"), ("path", "road"))]
    ops = [*renames, {"op": "add_to_base", "state": "lane", "sentence": "A cart waits."}]
    assert BENCH.apply(lowered(BENCH, ops)).states["road"].base.endswith("A cart waits.")
