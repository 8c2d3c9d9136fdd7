"""The strings that a place wants."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, cycle

from worldkit.core.progress import Address
from worldkit.generation.engines.base import seed_of
from worldkit.generation.planning.assignment import shuffled
from worldkit.generation.planning.kinds import common_motions
from worldkit.generation.planning.nouns import has_light_of, surroundings
from worldkit.generation.planning.plan import Plan, PlanPlace
from worldkit.generation.planning.sorts import is_alive, sort_of
from worldkit.generation.planning.stock import Thing, stock
from worldkit.generation.prose.requests import Field, OnDemand, Question, Texts, Turns, fronted, stems
from worldkit.generation.prose.sights import found
from worldkit.generation.text import phrases
from worldkit.generation.text.english import capital, plain
from worldkit.generation.text.phrases import fill

MAX_VERBS = 6
GENRE_PHRASE_SHARE = 0.65
"""Which share of the places is shown by a phrase of its genre."""
PREPOSITIONS = (" around",)
SENTENCE_ORDERS = phrases.composition("orders")
"""How the sentences of a description follow one another; ``P`` is the one about the place itself."""
SHOTS = phrases.composition("shots")
CAMERA_MOVES = phrases.composition("moves")
POSE_PREFIXES: Mapping[str, tuple[str, ...]] = {"": ("",), "win": ("won_", ""), "lose": ("lost_", "")}
"""How the families of stances and gaits begin, by how it ends in the place; the first comes first."""


class PlaceTexts(Texts):
    """The fields of a place; ``turn`` is its number in the world."""

    def __init__(self, plan: Plan, place: PlanPlace, dice: random.Random, turn: int, turns: Turns) -> None:
        super().__init__(plan, place, dice, turns)
        self.turn = turn
        steps_here = [step for step in plan.steps if step.at == place.id]
        self.takeable_things = [step.thing for step in steps_here if step.kind == "take"]
        self.extra = self._extra()
        self.way = next((step.thing for step in steps_here if step.kind in ("way", "lock", "drop")), None)

    def fields(self) -> Iterator[Field]:
        """Yield every field of the place."""
        yield self._drawn("base", self._base())
        toward = f", toward {self.way.the}." if self.way else "."
        yield self._drawn("camera.static", self._still())
        yield Field(self._at("camera.dynamic"), self.stock("moving", end=toward), self._moving())
        poses = POSE_PREFIXES[self.place.end.kind if self.place.end else ""]
        yield Field(self._at("movement.static"), self.stock(*(f"{pose}stance" for pose in poses)))
        yield Field(self._at("movement.dynamic"), self.stock(*(f"{pose}gait" for pose in poses)))
        yield self._drawn("ambient.0", self._ambient(self.things["c"]))
        motions = self._motions()
        first = self.turn % max(1, len(motions))
        of_place = self.random_answers(self._ambient(self.things["a"]))
        others = self._in_light(common_motions(self.has_roof))
        stirring = OnDemand(lambda: chain(motions[first:], motions[:first], of_place, others))
        yield Field(self._at("ambient.1"), stirring)
        if self.turn == 0:
            goal = f"You have to {self.plan.goal} {self.plan.deadline}".rstrip()
            yield Field(self._at("narration"), (f"{goal}.",))
        elif self.place.end is None:
            yield Field(self._at("narration"), self.stock(*self._line_families()), self._line())

    def _at(self, name: str) -> Address:
        return ("state", self.place.id, name)

    def _motions(self) -> Sequence[str]:
        """Return the small movements of the world that fit here: no grass bends in a room."""
        motions = [text.removeprefix("~") for text in self.plan.motions if text.startswith("~") is not self.has_roof]
        return self._in_light(motions)

    def _in_light(self, texts: Sequence[str]) -> list[str]:
        """Return those of these texts that tell of no other light than the world's; all where every one does."""
        return [text for text in texts if has_light_of(text, self.plan.air)] or list(texts)

    def _line_families(self) -> tuple[str, ...]:
        """Return the families of what is told here: in every third place of the task, else of what stands here."""
        sort = sort_of(self.things["a"])
        if self.turn % 3 == 2:
            return ("line_goal", "line")
        if is_alive(self.things["a"]):
            return ("line_alive", "line")
        if self.turn % 3 == 1 and sort.near:
            return (phrases.table("touched").get(sort.name, "line_touch"), "line")
        return ("line",)

    def _extra(self) -> str:
        """Return a sentence for each thing to be taken here, that shows it."""
        sentences = cycle(shuffled(self.dice, phrases.family("found")))
        things = zip(self.takeable_things, sentences, strict=False)
        return "".join(f" {found(self.plan, self.place.id, thing, sentence)}" for thing, sentence in things)

    def _drawn(self, name: str, question: Question) -> Field:
        return Field(self._at(name), question=question, answers=self.random_answers(question))

    def _base(self) -> Question:
        a, b, c = (self.things[letter] for letter in "abc")
        extra, order = self.extra, self._order()
        one = self.verbs(a, before="{front} {one}" in order)
        two = self.verbs(b, list(one), before="{front} {two}" in order)
        choices: dict[str, Iterable[str]] = {"one": one, "two": two}
        lies_around = self.turn % 3 == 2 and c not in (a, b) and sort_of(c).wide and c.bare not in extra
        verbs = phrases.table("wide" if lies_around else "indoors" if self.has_roof else "outdoors")
        choices["stand"] = self.drawn(self.things["place"], verbs, MAX_VERBS)
        of_place = "{stand}{tail}"
        if lies_around:
            of_place, choices["around"] = f"{{stand}}{{around}} {c.text}", PREPOSITIONS
        elif sight := self._draw_sensation(f"{self.place.name} {a.bare} {b.bare} {extra}"):
            of_place, choices["is"] = "{is}", sight
        sentences = order.replace("{P}", f"{capital(self.place.the)} {of_place}.").replace(" {front}", "{front}")
        for gap, thing in {"a": a, "b": b}.items():
            sentences = sentences.replace(f"{{{gap}}}", thing.text).replace(f"{{{gap.upper()}}}", capital(thing.text))
        prefix = sentences.partition(" {")[0]
        frame = sentences.removeprefix(prefix) + extra
        text = f"Place: {self.place.the}. Things there: {a.text}, {b.text}."
        question = self.question("place", text, prefix, frame, choices, a.text, b.text, c.text)
        return replace(question, min_characters=60, suffix=extra)

    def _order(self) -> str:
        """Return the order of the sentences here; the places of a world take turns."""
        order = self._turn(SENTENCE_ORDERS, "orders", 1)[0]
        for slot, letter in (("one", "a"), ("two", "b")):
            if not fronted(sort_of(self.things[letter]).rests):
                # the verb stands behind what it is said of
                order = order.replace(f"{{front}} {{{slot}}} {{{letter}}}", f"{{{letter.upper()}}} {{{slot}}}{{tail}}")
        return order

    def _draw_sensation(self, beside: str) -> Sequence[str]:
        """Draw what can be seen, heard or smelled here, for two places of three, in no word that is said beside it."""
        source = surroundings(self.genre, self.has_roof)
        # what a genre's rooms are like says nothing of a place that only the premise puts there
        if not source.alone and not self._at_home():
            source = surroundings("common", self.has_roof)
        sensations = self._in_light(source.places)
        if self.things["place"].many:
            sensations = [plain(each) for each in sensations if not re.search(r"\bits(?:elf)?\b", each)]
        # drawn whether it is said or not, so that what comes after hangs on nothing here
        is_own = self.question_dice.random() < GENRE_PHRASE_SHARE
        [sensation] = self._turn(sensations, "seen", 1)
        return [sensation] if is_own and set(stems(sensation)).isdisjoint(stems(beside)) else []

    def _turn(self, texts: Sequence[str], what: str, count: int = 3) -> list[str]:
        """Return those of these texts that it is the place's turn to have: the same order for all places of a world."""
        order = random.Random(seed_of(what, self.plan.premise)).sample(texts, len(texts))
        return [order[(self.turn * count + n) % len(order)] for n in range(count)]

    def _at_home(self) -> bool:
        """Say whether the place is one of its genre, or of the name of one."""
        genre = stock().genres.get(self.genre)
        if genre is None:
            return False
        spots = [*genre.places, *(ending.place for ending in (*genre.goals, *genre.losses))]
        return self.place.name.split()[-1] in {word for spot in spots for word in spot.name.split()} | genre.words

    def _still(self) -> Question:
        """Return the question for the camera that stays where it is."""
        a, b = self.question_dice.sample([self.things["a"], self.things["b"]], 2)
        prefix = f"{self.question_dice.choice(SHOTS)} {a.text}, with {b.text}"
        text = f"Place: {self.place.the}. Still shot of {a.text} and {b.text}."
        choices = {"framing": self.question_dice.sample(phrases.family("framing"), 3)}
        return self.question("shot", text, prefix, " {framing}.", choices, a.text, b.text, "shot wide frame")

    def _moving(self) -> Question:
        """Return the question for the camera that moves."""
        thing, move = (
            self.question_dice.choice([self.things["b"], self.things["c"]]),
            self.question_dice.choice(CAMERA_MOVES),
        )
        sentence = f"camera {move} {thing.the}"
        prefix = f"Toward {self.way.the}, the {sentence}" if self.way else f"The {sentence}"
        tail = "flight" if move.endswith(" over") else "camera"
        text = f"Place: {self.place.the}. Moving shot past {thing.text}."
        return self.question("travel", text, prefix, "{tail}.", {}, prefix, "shot direction motion", tail=tail)

    def _ambient(self, thing: Thing) -> Question:
        """Return the question for a small movement of a thing."""
        text = f"Place: {self.place.the}. What {thing.text} {'do' if thing.many else 'does'}."
        choices = {"one": self.drawn(thing, sort_of(thing).stirs)}
        return self.question("ambient", text, capital(thing.text), " {one}{tail}.", choices, thing.text)

    def _line(self) -> Question:
        """Return the question for what the player is told on arriving; in every third place it ends with the task."""
        tails = phrases.table("you")
        verbs = {verb: tails[verb] for verb in self.question_dice.sample(self._fit(sorted(tails)), 3)}
        if self.turn % 3 == 2:
            afterthoughts = [fill(text, {}, self.words) for text in phrases.family("then_goal")]
        else:
            afterthoughts = self._turn(phrases.family("then"), "then")
        text = f"Place: {self.place.the}. Things there: {self.things['a'].text}, {self.things['b'].text}."
        return self.question("line", text, "You", " {you}{tail}{then}.", {"you": verbs, "then": afterthoughts})


def description(plan: Plan, place: PlanPlace, at: Address, seed: int) -> Field:
    """Return the field of a place's description, put anew by every seed and about other things."""
    dice = random.Random(seed_of("description", plan.premise, place.id, seed))
    place = replace(place, props=tuple(shuffled(dice, place.props)))
    return replace(next(PlaceTexts(plan, place, dice, seed, Turns(plan, seed)).fields()), at=at)
