"""What of a premise stands in a world is shown with its place; the world is only read."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import worldkit as wk
from tests.strategies import documents
from worldkit.assessment.evidence import check_premise
from worldkit.assessment.premise import read_premise


def world_of(**bases: str) -> wk.World:
    states = {id: {"base": base} for id, base in bases.items()}
    scene = {"states": states, "events": []}
    return wk.World.from_dict(
        {
            "schemaVersion": "1.0",
            "name": "A World",
            "description": "Two chefs in a department store find a kitten.",
            "entrance": {"state": next(iter(bases))},
            "scene": scene,
        }
    )


def names(world: wk.World, premise: str) -> tuple[list[str], list[str]]:
    check = check_premise(world, premise)
    return [each.name.phrase for each in check.kept], [name.phrase for name in check.missed]


def test_a_name_in_an_id_or_a_text_is_kept_with_its_place() -> None:
    world = world_of(department_store="Dark shelves.", kitchen="The chef waits. A kitten sleeps.")
    check = check_premise(world, "A chef looks for a kitten in a department store.")
    assert {each.name.phrase: each.evidence[0].key for each in check.kept} == {
        "chef": "state[kitchen].base",
        "kitten": "state[kitchen].base",
        "department store": "state[department_store]",
    }
    assert check.kept[1].evidence[0].sentence == "A kitten sleeps."
    assert [name.phrase for name in check.missed] == ["look for a kitten"]


def test_synonyms_kinds_and_the_last_word_count_and_say_so() -> None:
    world = world_of(a="A terrier guards the store. The physician waits.")
    check = check_premise(world, "A doctor must find a dog in a department store.")
    assert {each.name.phrase: each.evidence[0].match for each in check.kept} == {
        "doctor": "synonym",
        "dog": "kind",
        "department store": "head",
    }


@pytest.mark.parametrize(
    ("premise", "base", "who"),
    [
        ("A memory must find the person it belongs to.", "A recollection drifts to a man on the stairs.", 2),
        ("The last number wants to be counted.", "The last number stands on the roof.", 1),
        ("A feeling has to get out of a letter.", "An emotion stirs in the letter.", 1),
        ("You are the memory of a house.", "A shimmer of remembrance fills the house.", 1),
    ],
)
def test_a_hero_who_is_no_person_is_found_by_its_own_meaning(premise: str, base: str, who: int) -> None:
    check = check_premise(world_of(a=base), premise)
    assert (check.share("who"), len(check.premise.who)) == (1.0, who)


def test_a_compound_is_the_same_in_one_word_and_in_two() -> None:
    assert names(world_of(barber_shop="Mirrors."), "Two gunslingers meet in the barber shop.")[0] == ["barber shop"]
    assert names(world_of(a="The barbershop is dark."), "A duel in the barber shop.")[0] == ["barber shop"]


def test_what_is_recovered_has_been_got_back() -> None:
    premise = "A boy sells his shadow and wants it back."
    assert "get back his shadow" in names(world_of(a="The boy recovers his shadow."), premise)[0]
    assert "get back his shadow" in names(world_of(a="The boy gets back his shadow."), premise)[0]
    assert "get back his shadow" in names(world_of(a="The boy sees his shadow."), premise)[1]


def test_another_station_is_no_space_station() -> None:
    world = world_of(a="The engineer stands in the railway station.")
    assert names(world, "An engineer wakes on a space station.")[1] == ["space station"]


def test_one_chef_does_not_keep_two() -> None:
    premise = "Two chefs are locked in a kitchen."
    assert "chefs" in names(world_of(kitchen="The chef waits."), premise)[1]
    assert "chefs" in names(world_of(kitchen="The chefs wait."), premise)[0]
    assert "chefs" in names(world_of(kitchen="One chef glares at the other chef."), premise)[0]


def test_an_adverb_is_no_well() -> None:
    assert names(world_of(a="She sings well and sleeps."), "A girl looks into a well.")[0] == []


def test_the_description_does_not_count() -> None:
    assert names(world_of(a="Dust."), "Two chefs in a department store find a kitten.")[0] == []


def test_a_task_is_kept_where_one_event_has_its_verb_and_its_object() -> None:
    world = world_of(a="Dust.").apply(
        [
            {
                "op": "add_event",
                "event": {"name": "take_the_cat", "kind": "override", "from": ["a"], "base": "She takes the kitten."},
            }
        ]
    )
    present, absent = names(world, "A girl must find her kitten.")
    assert present == ["find her kitten", "kitten"]
    assert absent == ["girl"]


@given(documents(), st.sampled_from(["A fox must find a key in the attic.", "Rain.", ""]))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_kept_and_missed_are_all_names_and_the_world_is_as_before(raw: dict, premise: str) -> None:  # type: ignore[type-arg]
    world = wk.World.from_dict(raw)
    before = world.to_json()
    check = check_premise(world, premise)
    assert sorted([*(each.name.start for each in check.kept), *(name.start for name in check.missed)]) == sorted(
        name.start for name in read_premise(premise).names
    )
    assert all(each.evidence for each in check.kept)
    assert world.to_json() == before


def test_a_report_of_generation_says_what_is_kept_and_what_is_not() -> None:
    [result] = wk.generate_many(["A poet on Neptune repairs a xylophone before lunch."], model="templates")
    report = result.report
    assert report is not None
    assert {name.phrase for name in report.missed} | {each.name.phrase for each in report.kept} == {
        name.phrase for name in read_premise(result.premise).names
    }
    assert report.premise_kept in str(report)
    assert "not in this world" in report._repr_html_() or not report.missed


def test_hostile_words_are_escaped_in_a_report() -> None:
    [result] = wk.generate_many(["A <script>alert(1)</script> fox wants to find a <b>key</b>."], model="templates")
    assert result.report is not None
    assert "<script>" not in result.report._repr_html_().replace("<style>", "")
