"""What a model is asked for when a player typed an action, and the operations made of its answer.

The answer holds words and the ids of places that the ways on lead to. It names no operation, so that whatever a typed
action or the story tell the model to do, it can only produce the new event, the new place and its exits. What they do
to play is decided by playing every possible run (docs/spec/runtime.md#exhaustive-play).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from worldkit.core.document import json_of
from worldkit.core.json_values import Json, deep_copy, quote
from worldkit.core.model import State
from worldkit.core.prompt_parts import MAX_PROMPT_LENGTH
from worldkit.core.quoting import name_list
from worldkit.core.unsent_prose import with_layers
from worldkit.editing.naming import UnusedNames, cut_name, unused_name
from worldkit.exploration import explore_counted
from worldkit.generation.action.situation import MAX_DESTINATIONS, Situation
from worldkit.generation.direct.forbidden import forbidden_words
from worldkit.generation.direct.schema import TEXT, as_list, as_object, closed_object, list_of, one_of, texts_in
from worldkit.generation.direct.wording import bare, plain, shorten
from worldkit.generation.engines.replies import AnswerRejected
from worldkit.generation.planning.chunking import sentences
from worldkit.generation.planning.sketch import layers_of
from worldkit.generation.revision.applying import harm
from worldkit.generation.revision.model_operations import word_runs
from worldkit.generation.revision.new_places import way_ops
from worldkit.generation.text.data import read_data, read_typed
from worldkit.generation.text.english import capital, short_slug, slug
from worldkit.playing.position import Position
from worldkit.playing.prompts import budget
from worldkit.world import World

MAX_TOKENS = 700
"""Tokens of an answer."""
WAY_COUNT = 2
"""How many ways lead on from the new place."""
_MAX_CHOICE_CHARACTERS, _MAX_SENTENCE_CHARACTERS, _MAX_BASE_CHARACTERS, _MAX_NAME_CHARACTERS, _MAX_ID_CHARACTERS = (
    60,
    220,
    420,
    40,
    30,
)

EXAMPLE = read_data("worked_example.json", "action")
SYSTEM: str = f"{read_typed(str, 'prompts.toml', 'action')}{json.dumps(EXAMPLE)}\n"
"""What a model is told it does."""
_EXAMPLE_RUNS = frozenset(run for text in texts_in(EXAMPLE) for run in word_runs(text))


@dataclass(frozen=True, slots=True)
class SceneExit:
    """A way on from the new place: what the hero does, as a label, where it leads, and what the camera sees."""

    do: str
    to: str
    view: str


@dataclass(frozen=True, slots=True)
class NewScene:
    """What a model wrote for an action.

    Attributes:
        choice: What the hero does, as a label.
        view: What the camera sees meanwhile.
        place: The name of the new place.
        base: What the camera sees there.
        narration: What the player is told there; may be empty.
        ways: The ways on.
    """

    choice: str
    view: str
    place: str
    base: str
    narration: str
    ways: tuple[SceneExit, ...]


def answer_schema(situation: Situation) -> dict[str, Any]:
    """Return the JSON Schema of an answer."""
    # where it leads is chosen first, so that what is written after it leads there
    way = closed_object(to=one_of(situation.destinations), do=TEXT, seen=TEXT)
    return closed_object(
        choice=TEXT, seen=TEXT, place=TEXT, base=TEXT, told=TEXT, ways=list_of(way, WAY_COUNT, WAY_COUNT)
    )


def read_scene(answer: Any, situation: Situation) -> NewScene:
    """Return the scene of an answer, which may be any JSON value.

    Raises:
        AnswerRejected: It is none; says what to mend.
    """
    if not isinstance(answer, dict):
        raise AnswerRejected(f"expected an object with {name_list(list(EXAMPLE))}")
    ways = [_way(number, item, situation) for number, item in enumerate(as_list(answer.get("ways"))[:WAY_COUNT], 1)]
    if len(ways) < WAY_COUNT:
        raise AnswerRejected(f'expected {WAY_COUNT} ways under "ways", each with "do", "to" and "seen"')
    choice = _label(answer.get("choice"), "choice")
    labels = [choice, *(way.do for way in ways)]
    if len({label.casefold() for label in labels}) < len(labels):
        raise AnswerRejected(f"expected three different labels in choice and ways, got {name_list(labels)}")
    place = bare(plain(answer.get("place"), 200)).rstrip(".")
    if not any(map(str.isalpha, place)):
        raise AnswerRejected('expected the name of the new place under "place"')
    if (id := slug(place)) and (id in situation.world.states or id == slug(situation.state)):
        raise AnswerRejected(f"{name_list([place])} is a place that exists; name the new place where the action leads")
    consequence = answer.get("told")
    return NewScene(
        choice,
        _prose(answer.get("seen"), "seen", _MAX_SENTENCE_CHARACTERS),
        place
        if len(place) <= _MAX_NAME_CHARACTERS
        else place[:_MAX_NAME_CHARACTERS].rpartition(" ")[0] or place[:_MAX_NAME_CHARACTERS],
        _prose(answer.get("base"), "base", _MAX_BASE_CHARACTERS),
        _prose(consequence, "told", _MAX_SENTENCE_CHARACTERS)
        if isinstance(consequence, str) and consequence.strip()
        else "",
        tuple(ways),
    )


def _way(number: int, item: Any, situation: Situation) -> SceneExit:
    body = as_object(item)
    to = body.get("to")
    if to not in situation.destinations:
        expected = name_list(situation.destinations, MAX_DESTINATIONS)
        raise AnswerRejected(f"way {number} leads to {quote(str(to))}; expected one of {expected}")
    name = f"ways[{number - 1}]"
    return SceneExit(
        _label(body.get("do"), f"{name}.do"),
        str(to),
        _prose(body.get("seen"), f"{name}.seen", _MAX_SENTENCE_CHARACTERS),
    )


def _label(value: Any, name: str) -> str:
    text = plain(value, 400).rstrip(".!\"'").lstrip("\"'")
    if not any(map(str.isalpha, text)):
        raise AnswerRejected(f"expected what the hero does in 2 to 6 words under {name}")
    if len(text) > _MAX_CHOICE_CHARACTERS:
        raise AnswerRejected(
            f"{name} has {len(text)} characters; expected at most {_MAX_CHOICE_CHARACTERS}, 2 to 6 words"
        )
    if words := forbidden_words(text):
        raise AnswerRejected(f"{name} holds {name_list(words)}; say what is done in other words")
    return capital(text)


def _prose(value: Any, name: str, longest: int) -> str:
    """Return a text's sentences that keep the rules of prose; those that do not are left out where others remain."""
    text = plain(value)
    parts = [part for part in sentences(text) if any(map(str.isalpha, part))]
    if not parts:
        raise AnswerRejected(f"{name} is empty; expected what the camera sees, in a sentence")
    if runs := word_runs(text) & _EXAMPLE_RUNS:
        raise AnswerRejected(f"{name} repeats the example, {name_list([min(runs)])}; write it for this story")
    fit_parts = [part for part in parts if not forbidden_words(part)]
    if not fit_parts:
        raise AnswerRejected(f"{name} holds {name_list(forbidden_words(text))}; say what is there instead")
    prose = capital(shorten(" ".join(fit_parts), longest))
    return prose if prose.endswith((".", "!", "?", '"', "。", "！", "？")) else f"{prose}."


def addition_ops(situation: Situation, scene: NewScene) -> list[Json]:
    """Return the operations that add what a model wrote to where the player stands."""
    world, state = situation.world, situation.state
    place = unused_name(
        f"{cut_name(state, _MAX_ID_CHARACTERS)}_{short_slug(scene.place, _MAX_ID_CHARACTERS) or 'place'}", world.states
    )
    rows = [(scene.choice, state, place, scene.view), *((way.do, place, way.to, way.view) for way in scene.ways)]
    names = UnusedNames(world.events_by_name)
    events: list[Json] = [
        {
            "name": names.take(short_slug(label, _MAX_ID_CHARACTERS) or "act"),
            "from": [start],
            "to": to,
            "detail": label,
            "base": view,
        }
        for label, start, to, view in rows
    ]
    return [{"op": "add_state", "id": place, "state": _state_body(situation, scene)}, *way_ops(world, events)]


def _state_body(situation: Situation, scene: NewScene) -> Json:
    """Return the new state, filmed as the one it begins in where its prompt has room for that."""
    world = situation.world
    origin = json_of(world)["scene"]["states"][situation.state]
    body: Json = {"base": with_layers(scene.base, layers_of(world))}
    if scene.narration:
        body["narration"] = scene.narration
    shot = {key: deep_copy(origin[key]) for key in ("camera", "movement") if key in origin}
    return body | shot if budget(State.model_validate(body | shot)) <= MAX_PROMPT_LENGTH else body


def play_problems(before: World, after: World, position: Position, place: str) -> list[str]:
    """Return what an addition did to play that nobody wants, in sentences; empty when it did no harm.

    Every run is played from the entrance, and every run on from where the player stands, which is ``position``.
    """
    for start in (None, position):
        old, new = (explore_counted(world, start) for world in (before, after))
        if position.state in old.unreachable_states:
            continue  # nothing of it can happen in these runs
        # a run that was stuck where the action begins is stuck in the new place too; the addition did not cause it
        known_traps = {place} if position.state in old.soft_lock_states else set[str]()
        if problems := harm(old, new, known_traps):
            return problems
    return []
