"""What a strong model writes stands as it is; what only a weak one gets wrong is looked for in weak ones."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests.generate.storyteller import good, kind_of
from tests.generate.strong_answers import PLAN, STRONG_PLAN, Body, passage
from tests.generate.test_direct import generate_from
from tests.growing import MAX_GROWTH, growth
from worldkit.generation.direct import (
    example,
    passages,
)
from worldkit.generation.direct.assembly import document
from worldkit.generation.direct.judge import TextJudge
from worldkit.generation.direct.naming import label as label_of
from worldkit.generation.direct.naming import mentions, points_to
from worldkit.generation.direct.prose import Prose
from worldkit.generation.direct.repair import repair_text, tidy_text, without_example_clauses
from worldkit.generation.direct.wording import sentence, the
from worldkit.generation.engines import llama_server
from worldkit.generation.engines.chat_engine import ChatEngine
from worldkit.model_access.endpoint import endpoint


@pytest.mark.parametrize(
    ("text", "thing"),
    [
        ("She bends to Osip's ear.", "Osip"),
        ("The ushers’ coats hang in a row.", "an usher"),
        ("His keys hang on the tail of the pig.", "a ring of brass keys"),
        ("The captains' table is laid.", "the captain"),
    ],
)
def test_a_possessive_and_the_things_of_a_measure_name_what_they_are_of(text: str, thing: str) -> None:
    assert mentions(text, thing)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("The sea stands on end, a cliff of upright water.", "standing wall of the sea"),
        ("Thirty boats lie on their sides in the mud.", "boat graveyard in the mud"),
    ],
)
def test_any_word_of_its_name_that_says_something_names_a_place(text: str, place: str) -> None:
    assert points_to(text, place)


def test_what_the_picture_of_a_place_does_not_show_is_taken_from_where_it_is() -> None:
    roofs = "Lit windows shine over the flooded terminus of the flooded city, and rain drums on the roofs."
    text = f"{roofs} A rack stands by the wall."
    assert TextJudge(is_weak=False).faults(passage("base", "p1"), text) == []
    prose = Prose()
    prose.fill(passages.all_passages(PLAN))
    base = ("state", PLAN.state_ids["p1"], "base")
    lamp_text = f"{text} A signal lamp hangs there."
    for base_text, label in ((roofs, None), (text, "rack of lamps"), (lamp_text, "signal lamp")):
        events = document(PLAN, prose.texts | {base: base_text})["scene"]["events"]
        [taking] = [event for event in events if event.get("grants") == [PLAN.flags()["k1"]]]
        assert taking.get("anchor", {}).get("label") == label


def test_a_strong_model_may_tell_a_move_in_words_that_are_not_those_of_the_plan() -> None:
    text = "Between dark houses the wheels throw water to both sides."
    assert TextJudge(is_weak=False).faults(passage("e2.base", plan=STRONG_PLAN), text) == []


@pytest.mark.parametrize(
    ("path", "place_id", "text"),
    [
        ("base", "w1", "In the dry depot the driver sits on the step with the signal lamp in his lap."),
        ("say", "l1", '"Occupation?" asks the constable. "Driver," you tell him.'),
        ("say", "p4", "'It came up in my net, and it's the best hammer I ever had. Mind it,' says the boy."),
        ("say", "p4", "'I don't know,' says the clerk."),
    ],
)
def test_what_is_carried_asked_and_said_by_others_can_stand(path: str, place_id: str, text: str) -> None:
    assert TextJudge().faults(passage(path, place_id, STRONG_PLAN), text) == []


def test_what_the_hero_always_has_may_be_seen_where_it_was_not_taken() -> None:
    text = "On the hill crossing two pairs of rails part in the light of the signal lamp."
    [with_lamp, *_] = passages.passages(STRONG_PLAN, PLAN.place("p4"), ["k1"])
    assert TextJudge().faults(with_lamp, text) == []
    [of_weak_model, *_] = passages.passages(PLAN, PLAN.place("p4"), ["k1"])
    assert "it shows the signal lamp" in TextJudge().faults(of_weak_model, text)[0]
    assert "it shows the signal lamp" in TextJudge().faults(passage("base"), text)[0]


@pytest.mark.parametrize("speech", ["'Morning, Ines!'", "'On time.'", '"So ask her softly!"', "‘Is it you?’"])
def test_a_sentence_that_ends_in_speech_gets_no_second_full_stop(speech: str) -> None:
    straight = speech.replace("‘", "'").replace("’", "'")
    assert sentence(f"He calls: {speech}") == f"He calls: {straight}"


def test_a_text_that_takes_over_nothing_of_the_worked_example_stays_as_it_is() -> None:
    text = "'Morning, Ines!' Odo calls, and lifts his cap. 'So ask her softly!'"
    assert without_example_clauses(text, example.texts()) == text


@pytest.mark.parametrize(("size", "is_kept"), [("", True), ("-1b", False)])
def test_a_sentence_that_comes_again_stays_where_a_strong_model_wants_it(size: str, is_kept: bool) -> None:
    motif = "The bell is silent."

    def script(body: Body, number: int) -> str:
        answer = json.loads(good(body))
        if kind_of(body) == "place" and "say" in answer:
            answer["say"], answer["pan"] = f"{motif} {answer['say']}", f"{motif} {answer['pan']}"
        return json.dumps(answer)

    world, _, _ = generate_from(script, size=size)
    state = world.states[world.entrance.state]
    assert (motif in state.camera.dynamic and motif in state.narration) == is_kept


def test_a_refusal_quotes_the_sentence_at_fault() -> None:
    guilty = "She has no light."
    seen: list[str] = []

    def script(body: Body, number: int) -> str:
        answer = json.loads(good(body))
        if kind_of(body) == "place" and "base" in answer and not seen:
            seen.append("")
            rain = "Cold rain runs over the panes and down into the street. "
            answer["base"] = f"{answer['base']} {rain * 3}{guilty}"
        elif kind_of(body) == "place" and "This cannot be taken" in body["messages"][-1]["content"]:
            seen.append(body["messages"][-1]["content"])
        return json.dumps(answer)

    generate_from(script)
    assert f"You wrote: {guilty}" in seen[1]


STRONG_TEXTS = [
    ("base", "p4", "Two pairs of rails part on the hill crossing, and far below lamps move in the market street."),
    ("e2.base", "p4", "The driver glances at the switch a last time, and the tram drops between dark houses."),
    ("e1.hint", "p4", "A lever like this is no good to anybody without what hangs on a belt at the canal bridge."),
    ("e1.say", "p3", "The boy doesn't ask what you want it for."),
    ("say", "w1", "Nine people who had been lost all night climb down. Will the tune ever leave you? Let it stay."),
    ("subtitle", "l1", "You saved the tram and forgot the passengers."),
    ("base", "p4", "On the hill crossing a night driver dozes in his cab beside the tram rails."),
    ("say", "p4", "You were told to leave it. It is what you were told to do."),
    ("e2.say", "p4", "She bites."),
    ("still", "p1", "Low wide shot from behind the tram driver, the rusted rails in front."),
]


@pytest.mark.parametrize(("path", "place_id", "text"), STRONG_TEXTS)
def test_what_only_a_weak_model_gets_wrong_is_not_looked_for_in_a_strong_one(
    path: str, place_id: str, text: str
) -> None:
    [strong] = [p for p in passages.passages(STRONG_PLAN, PLAN.place(place_id)) if p.path == path]
    judge = TextJudge(example.texts(), strange_stems=frozenset({"driver"}), is_weak=False)
    assert judge.faults(strong, text) == []


@pytest.mark.parametrize(
    ("model", "size"),
    [
        ("qwen2.5-coder:1.5b", 1.5e9),
        ("gemma3:270m", 2.7e8),
        ("qwen/qwen3-32b", 3.2e10),
        ("mixtral-8x7b-instruct", 7e9),
        ("gpt-5", None),
        ("claude-opus", None),
        ("gemini-1.5-pro-1m", None),
    ],
)
def test_the_size_of_a_model_is_read_from_its_name(model: str, size: float | None) -> None:
    assert llama_server.named_size(model) == size


def test_the_time_in_which_a_size_is_read_grows_with_the_name() -> None:
    assert growth(lambda length: lambda: llama_server.named_size("1" * length), 2_000) <= MAX_GROWTH


@pytest.mark.parametrize(("name", "expected"), [("parrot-1b", True), ("parrot-70b", False), ("parrot", False)])
def test_a_model_is_weak_if_its_name_or_its_server_says_so(name: str, expected: bool) -> None:
    assert ChatEngine(endpoint(f"http://127.0.0.1:1/v1#{name}")).is_weak == expected


def test_an_ending_is_shown_what_was_written_of_the_deeds_that_lead_to_it() -> None:
    _, _, requests = generate_from(good)
    questions = [body["messages"][-1]["content"] for body in requests if kind_of(body) == "place"]
    endings = [question for question in questions if "Here the story is" in question]
    assert len(endings) == 2 and all("What was written of that" in question for question in endings)
    [won] = [question for question in endings if "the story is won" in question]
    assert "step1 base" in won and "step2 base" in won


PERSONS = [
    ("A capital I is carved over the door of the hill crossing, and lamps shine in it.", ""),
    ("Your brother's coat hangs on the hook of the hill crossing, its brass buttons wet.", ""),
    ("'I wait for the drivers' table, and my soup,' says the boy at the hill crossing.", ""),
    ("Over the hill crossing a neon sign says You Are Here, and two rails part below.", ""),
    ("An iron I-beam spans the hill crossing beside the church of Our Lady.", ""),
    ("A sign hangs over the hill crossing: WE ARE OPEN. Two rails part below.", ""),
    ("At the hill crossing I turn the switch, and both rails shine in the rain.", "'I'"),
    ("Slowly I turn the switch on the hill crossing, and both rails shine in the rain.", "'I'"),
    ("On the hill crossing you stand beside two pairs of rails in the rain.", "'you'"),
]


@pytest.mark.parametrize(("text", "word"), PERSONS)
@pytest.mark.parametrize("path", ["base", "walk", "say"])
def test_only_who_acts_is_somebody_in_a_text_of_a_strong_model(path: str, text: str, word: str) -> None:
    faults = TextJudge(is_weak=False).faults(passage(path), text)
    is_camera = path != "say"
    says_person = any(fault.startswith(f"it says {word}") for fault in faults)
    assert says_person == (bool(word) and (is_camera or word != "'you'"))
    assert bool(faults) == says_person


def test_the_person_of_a_strong_text_is_judged_before_it_is_changed() -> None:
    letter = "A capital I is carved over the hill crossing, and your brother's lamp hangs in it."
    assert tidy_text(passage("base"), letter, STRONG_PLAN) == letter
    spoken = f"{letter} You turn the switch: 'I know your name.'"
    assert repair_text(passage("base"), spoken, STRONG_PLAN, TextJudge(is_weak=False)) == (
        "A capital I is carved over the hill crossing, and your brother's lamp hangs in it."
    )


@pytest.mark.parametrize("text", ["The gate shoots open, and the tram rolls on.", "The driver kills the lamps."])
def test_a_word_of_killing_is_only_refused_where_the_rules_forbid_the_word(text: str) -> None:
    judge = TextJudge(is_weak=False)
    assert judge.faults(passage("e2.base"), text) == []
    assert "read as a killing" in judge.faults(replace(passage("e2.base"), leads_to=""), text)[0]


@pytest.mark.parametrize("text", ["You do not find it here.", "The drawer is empty: nothing, not even dust."])
def test_what_is_read_may_say_what_is_not_there(text: str) -> None:
    def script(body: Body, number: int) -> str:
        answer = json.loads(good(body))
        if kind_of(body) == "place":
            for part in (answer, *(part for part in answer.values() if isinstance(part, dict))):
                part |= {name: f"{part[name]} {text}" for name in ("say", "hint") if name in part}
        return json.dumps(answer)

    world, report, _ = generate_from(script)
    assert report.again == 0 and not report.notes
    assert all(text in (state.narration or "") for state in world.states.values())
    assert all(text in (event.narration or "") for event in world.events)
    assert all(text in event.locked_hint for event in world.events if event.locked_hint)


def test_a_repair_leaves_what_a_strong_model_says_of_a_thing_that_is_taken() -> None:
    sentences = ["You take the signal lamp without a sound.", *(f"The rain counts to {n} for you." for n in range(12))]
    plan = replace(PLAN, is_weak=False)
    new_text = repair_text(passage("e1.say", "p1"), " ".join(sentences), plan, TextJudge(is_weak=False))
    assert "without a sound" in new_text


def test_a_strong_model_is_told_what_a_weak_one_is_not() -> None:
    for size, is_strong in (("", True), ("-1b", False)):
        _, _, requests = generate_from(good, size=size, features=["variants"])
        system = requests[0]["messages"][0]["content"]
        basis, *_, place = [body["messages"][-1]["content"] for body in requests]
        [first] = [text for body in requests if "begins here" in (text := body["messages"][-1]["content"])]
        told = (
            '\nsay and hint are read, and no picture is made of them: they may use "not"' in system,
            "say what somebody is" in system,
            "who did what, and why" in basis,
            "the same moment told a second time" in first,
            "400 for base, 320 for the base of a move" in place,
        )
        assert told == (is_strong,) * 5


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The boat -- her boat -- is gone.", "The boat - her boat - is gone."),
        ("The boat---her boat---is gone.", "The boat - her boat - is gone."),
        ("It is, — well — late.", "It is - well - late."),
        ("He says: 'Wait—'", "He says: 'Wait -'"),
        ('"Then I--" The boy stops.', '"Then I -" The boy stops.'),
        ("A half-open door of 1920.", "A half-open door of 1920."),
        ("'So I lied,' says Heron, 'and you know it.'", "'So I lied,' says Heron, 'and you know it.'"),
    ],
)
def test_a_dash_of_any_kind_is_one_dash(text: str, expected: str) -> None:
    assert sentence(text) == expected


@pytest.mark.parametrize(
    ("thing", "expected"),
    [
        ("her own pronunciation", "her own pronunciation"),
        ("all the letters", "all the letters"),
        ("every bell of the tower", "every bell of the tower"),
        ("the the letter", "the letter"),
        ("her letter", "the letter"),
    ],
)
def test_a_phrase_has_one_article_and_keeps_whose_own_it_is(thing: str, expected: str) -> None:
    assert the(thing) == the(the(thing)) == expected


def test_a_word_before_a_noun_names_nothing_and_labels_nothing() -> None:
    assert not points_to("He lifts his own hat, and all the boats turn.", "her own portrait")
    assert points_to("The portraits hang there.", "all the portraits")
    labels = {"her own portrait": "portrait", "all the letters": "letters", "a lamp": "lamp"}
    assert {thing: label_of(thing) for thing in labels} == labels


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The k1 gleams in his hand at a p2.", "The signal lamp gleams in his hand at the market street."),
        ("She lifts her k1.", "She lifts the signal lamp."),
        ("The k9 barks.", "The k9 barks."),
    ],
)
def test_a_name_in_the_place_of_an_id_has_one_article(text: str, expected: str) -> None:
    assert tidy_text(passage("say"), text, STRONG_PLAN) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A spark shines there, no larger than a grain of rice.", "barely larger than a grain of rice."),
        ("No more than a whisper of rain hangs there.", "Barely more than a whisper of rain hangs there."),
        ("No sooner has he turned than the lamp is lit.", "Hardly has he turned when the lamp is lit."),
        ("It is no doubt the boy, none other than Osip.", "It is surely the boy, indeed Osip."),
        ("No fewer than six lamps and nothing but rain.", "Fully six lamps and only rain."),
        ("The door of No. 7, not far from the tram.", "The door of Number 7, close to the tram."),
        ("The driver no longer turns, and no lamp is lit.", "The driver no longer turns, and no lamp is lit."),
        ("There is no larger lamp there.", "There is no larger lamp there."),
    ],
)
def test_a_negation_that_denies_nothing_is_said_in_other_words_in_a_picture(text: str, expected: str) -> None:
    assert tidy_text(passage("base"), text, STRONG_PLAN).endswith(expected)
    assert tidy_text(passage("say"), text, STRONG_PLAN) == text


@pytest.mark.parametrize(
    ("text", "is_fit"),
    [
        ("You unfold the letter. I consigned nothing, it says, and I am alive.", True),
        ("She writes: I consigned nothing, and my lamp belongs to Nell.", True),
        ("I unfold the letter and read it by my lamp.", False),
    ],
)
def test_a_letter_may_say_i_without_quotation_marks(text: str, is_fit: bool) -> None:
    assert (TextJudge(is_weak=False).faults(passage("say"), text) == []) == is_fit


def test_what_may_be_told_twice_is_not_sent_back_without_a_reason() -> None:
    def script(body: Body, number: int) -> str:
        answer = json.loads(good(body))
        if kind_of(body) == "place":
            for part in answer.values():
                if isinstance(part, dict) and "step2" in part:
                    part["step2"] = {"base": "The tram stands in the water.", "camera": "A wide view of the water."}
        return json.dumps(answer)

    _, report, requests = generate_from(script, states=10)
    assert report.again == 0 and not any("This cannot" in body["messages"][-1]["content"] for body in requests)


def test_what_was_written_of_a_move_holds_no_hint() -> None:
    _, _, requests = generate_from(good)
    questions = [body["messages"][-1]["content"] for body in requests if kind_of(body) == "place"]
    quotes = [line for text in questions for line in text.splitlines() if line.startswith("What was written of")]
    assert quotes and not any("It is locked" in line for line in quotes)


def test_no_text_of_a_strong_model_copies_what_really_happened() -> None:
    truth = "The clerk sold the pumps of the underpass for a boat, and gave the boy the key."
    judge = TextJudge(is_weak=False, secret=truth)
    copied = "You hear it: the clerk sold the pumps of the underpass for a small price."
    assert any("it repeats what really happened" in fault for fault in judge.faults(passage("say"), copied))
    assert judge.faults(passage("say"), "You hear it: the clerk sold the pumps of the tunnel.") == []


@pytest.mark.parametrize("thing", ["half-moon window", "half door", "all-night diner"])
def test_a_word_that_begins_like_all_or_half_takes_an_article(thing: str) -> None:
    assert the(f"the {thing}") == f"the {thing}"


def test_a_text_that_is_as_long_as_it_may_be_and_has_its_end_is_whole() -> None:
    longest = f"You go on, and the wind goes with you, {'mile after mile and ' * 10}".ljust(255, "o") + " on."

    def script(body: Body, number: int) -> str:
        answer = json.loads(good(body))
        if kind_of(body) == "place" and "begins here" in body["messages"][-1]["content"]:
            answer["say"] = longest
        return json.dumps(answer)

    world, report, _ = generate_from(script)
    assert len(longest) == 259
    assert world.states[world.entrance.state].narration == longest and report.again == 0
