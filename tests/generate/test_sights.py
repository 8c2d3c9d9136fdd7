"""What comes into view at the end of an event stands where the description of the place says that it stands."""

from __future__ import annotations

import pytest

from tests.generate.test_write import Parrot
from worldkit.core.progress import Address, Progress, ignore
from worldkit.generation.engines.base import Ask, Reply
from worldkit.generation.planning.planner import plan
from worldkit.generation.planning.stock import Thing
from worldkit.generation.prose.fields import wanted
from worldkit.generation.prose.requests import Field, Question, Sight
from worldkit.generation.prose.sights import sight, with_sight
from worldkit.generation.prose.writer import ProseJob, Writer
from worldkit.generation.text import phrases
from worldkit.generation.text.constraints import faults

CHART = Thing("a chart")
BRIDGE: Address = ("state", "bridge", "base")
GO: Address = ("event", "go", "base")
DESCRIPTION = "The bridge glows in the lamplight. On the bench lies a chart; brass lamps glow while a wheel shines."
WAY = "The sailor climbs the ladder slowly."


@pytest.mark.parametrize(
    ("thing", "sentence"),
    [
        ("a chart", "On the bench lies a chart."),
        ("brass lamps", "Brass lamps glow."),
        ("a wheel", "A wheel shines."),
        ("a stove", "A stove comes into view."),
        ("charts", "Charts come into view."),
    ],
)
def test_a_thing_is_seen_as_its_place_is_described(thing: str, sentence: str) -> None:
    assert sight(DESCRIPTION, Thing(thing)) == sentence


@pytest.mark.parametrize(
    "description",
    [
        "On the floor stands a lamp post.",
        "A lamp post stands on the pier.",
        "First a chair, then a lamp, then all of the pier comes out of the fog.",
    ],
)
def test_a_clause_about_something_else_is_no_sight(description: str) -> None:
    assert sight(description, Thing("a lamp")) == "A lamp comes into view."


def test_what_would_be_said_too_often_is_left_out() -> None:
    text = "The sailor takes the chart from under the chart."
    assert with_sight(text, DESCRIPTION, CHART) == text


class Viewer:
    """Somebody who watches a world being written."""

    def __init__(self) -> None:
        self.texts: dict[Address, str] = {}

    def __call__(self, done: int, total: int, stage: str) -> None: ...

    def planned(self, document: object, texts: object) -> None: ...

    def wrote(self, at: Address, text: str) -> None:
        """Keep what is shown last at an address."""
        self.texts[at] = text


def _written_texts(*, capable: bool, progress: Progress = ignore) -> dict[Address, str]:
    fields = [
        Field(
            GO,
            ("The sailor goes.",),
            Question("step", "The sailor climbs.", "The sailor", ".", {}),
            Sight(BRIDGE, CHART),
        ),
        Field(BRIDGE, ("The bridge lies quiet.",), Question("place", "Place: the bridge.", "The bridge", ".", {})),
    ]

    def answer(ask: Ask, _: int) -> Reply:
        return Reply(DESCRIPTION if ask.prefix == "The bridge" else WAY, True, -1.0, 5)

    job = ProseJob(plan("A sailor must steal the chart.", states=5), tuple(fields), 1)
    return Writer(Parrot(answer, capable)).write([job], progress)[0].texts


def test_an_event_of_a_small_model_ends_with_what_its_description_says() -> None:
    assert _written_texts(capable=False)[GO] == f"{WAY} On the bench lies a chart."


def test_who_is_named_again_is_named_shortly() -> None:
    text = "The goose finds the night guard. The view holds still."
    description = "The night guard looks up beside the table while cabinets stand on the floor."
    assert with_sight(text, description, Thing("the night guard")) == f"{text} The guard looks up beside the table."


@pytest.mark.parametrize(("premise", "is_seen"), [("find the letter", True), ("burn the letter", False)])
def test_a_goal_shows_its_object_where_it_is_still_there(premise: str, is_seen: bool) -> None:
    widow = plan(f"A widow must {premise} in the library.")
    [goal] = [step.name for step in widow.steps if step.kind == "goal"]
    [sight_of_goal] = [item.sight for item in wanted(widow, 1) if item.at == ("event", goal, "base")]
    assert sight_of_goal and (sight_of_goal.thing.bare == "letter") == is_seen


def test_whoever_watches_sees_the_texts_of_the_world() -> None:
    viewer = Viewer()
    assert _written_texts(capable=False, progress=viewer) == viewer.texts


def _sentences(choice: str) -> str:
    return (
        f"The keeper waits. {choice}."
        if choice[0].isupper()
        else f"The keeper waits{' ' * choice[0].isalpha()}{choice}."
    )


@pytest.mark.parametrize("family", ["framing", "winning", "dimming", "falling", "then", "manner", "taking"])
def test_nothing_that_a_small_model_may_choose_is_refused_afterwards(family: str) -> None:
    refused = {
        choice: problems
        for choice in phrases.family(family)
        if (problems := faults(_sentences(choice.format(it="it", goal="go on"))))
    }
    assert refused == {}


def test_a_capable_model_says_itself_what_is_seen() -> None:
    assert _written_texts(capable=True)[GO] == WAY


def test_a_model_is_asked_nothing_twice_about_where_a_thing_stands() -> None:
    fields = wanted(plan("A sailor must steal the chart before the storm.", states=9), 1)
    asked = {item.at[0]: set[str]() for item in fields}
    for item in fields:
        if item.question and item.at[2] == "base":
            asked[item.at[0]] |= set(item.question.choices)
    assert {"one", "two"} <= asked["state"]
    assert asked["event"] <= {"how", "then", "pace"}


def test_a_goal_ends_with_what_it_is_about() -> None:
    bank = plan("A goose looks for the night guard at a bank.")
    [goal] = [step.name for step in bank.steps if step.kind == "goal"]
    [sight_of_goal] = [item.sight for item in wanted(bank, 1) if item.at == ("event", goal, "base")]
    assert bank.goal == "find the night guard"
    assert sight_of_goal and sight_of_goal.thing.bare == "night guard"


def test_another_question_to_a_model_changes_no_template(monkeypatch: pytest.MonkeyPatch) -> None:
    sailor = plan("A sailor must steal the chart before the storm.", states=9)

    def templates() -> list[list[str]]:
        # the second small movement may be one that answers a question
        return [[*item.stock] for item in wanted(sailor, 1) if item.at[2] != "ambient.1"]

    templates_before = templates()
    monkeypatch.setattr("worldkit.generation.prose.requests.Texts.question", lambda texts, *_, **__: None)
    monkeypatch.setattr("worldkit.generation.prose.requests.Texts.random_answers", lambda *_: ())
    monkeypatch.setattr("worldkit.generation.prose.place_fields.PlaceTexts._base", lambda texts: None)
    assert templates() == templates_before
