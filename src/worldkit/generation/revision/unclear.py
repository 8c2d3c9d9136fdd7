"""Refusing an instruction that only a capable model can follow: what was understood, and what is possible instead."""

from __future__ import annotations

from worldkit.generation.engines.base import TaskRefused
from worldkit.generation.prose.moods import MOODS
from worldkit.generation.revision.grammar import known_request
from worldkit.generation.revision.name_resolution import find_state
from worldkit.generation.revision.place_names import spoken_name
from worldkit.world import World


class BeyondGrammar(TaskRefused):
    """An instruction asks for what only a capable model can do."""


class Unclear(BeyondGrammar):
    """An instruction is of no kind that can be carried out without a capable model.

    Args:
        sentence: The part of it that is not understood.
        world: The world that it was said of, whose names the examples have.
        model: The name of the model that was asked for.
    """

    def __init__(self, sentence: str, world: World | None = None, model: str = "templates") -> None:
        self.sentence = sentence
        what = f'model="{model}"' if model == "templates" else f'model="{model}", a small model here,'
        kinds = "\n".join(f"  {each}" for each in examples(world))
        message = f"{sentence!r} is not an instruction that {what} can follow; nothing was changed."
        if (understood := known_request(sentence)) is not None:
            request, groups = understood
            here, there, _ = _three_places(world)
            names = {"here": here, "there": there, "moods": ", ".join(MOODS), "mood": next(iter(MOODS)), **groups}
            message = f"{sentence!r} {request.asks.format_map(names)}; {what} cannot do that, and nothing was changed. "
            message += f"Instead, {request.instead.format_map(names)}."
        super().__init__(
            f"{message} It follows these, several of them separated by semicolons:\n{kinds}\n"
            'For any other, name a capable model, model="chat:<base url>#<model>", or edit by hand: wk.edit(world)'
        )


def examples(world: World | None) -> list[str]:
    """Return an instruction of each kind that the grammar reads, for a person, with the names of a world's places."""
    here, there, far = _three_places(world)
    moods = ", ".join(name for name in MOODS if name != "cold")
    has_ending = world is None or any(state.ending for state in world.states.values())
    ending = "ending" if has_ending else far
    text = f'set the title of the ending to "Home"; set the description of the {here} to "..."'
    return [
        f"rename the {here} to the old {here}",
        f"make the {ending} colder (or {moods}); make everything darker",
        f"add a cellar under the {here}; add a shed between the {here} and the {there}",
        f"add a way from the {here} to the {far}; connect the {there} and the {far}",
        f"lock the {there} with a brass key; unlock the {there}",
        f"remove the {far}; start in the {there}",
        text if has_ending else text.partition("; ")[2],
    ]


def _three_places(world: World | None) -> list[str]:
    """Return what three places are called, such that each is found by it; the one where play begins first."""
    if world is None or not world.states:
        return ["lane", "yard", "tower"]
    ids = sorted((id for id, state in world.states.items() if state.ending is None), key=lambda id: id != world.start)
    names = [_findable_name(world, id) for id in ids[:3] or world.states]
    return (names + names[-1:] * 2)[:3]


def _findable_name(world: World, id: str) -> str:
    words = spoken_name(world, id)
    try:
        return words if find_state(world, words) == id else id
    except TaskRefused:
        return id
