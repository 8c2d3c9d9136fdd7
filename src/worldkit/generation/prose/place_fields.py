"""The strings that a place wants."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import cycle

from worldkit.core.progress import Address
from worldkit.generation.engines.base import seed_of
from worldkit.generation.planning.assignment import shuffled
from worldkit.generation.planning.kinds import common_motions
from worldkit.generation.planning.nouns import surroundings
from worldkit.generation.planning.plan import Plan, PlanPlace
from worldkit.generation.planning.setting import OWN
from worldkit.generation.planning.sorts import is_alive, sort_of
from worldkit.generation.planning.stock import Thing, stock
from worldkit.generation.prose import phrases
from worldkit.generation.prose.requests import Field, Question, Texts, fronted, hidden, said, stems
from worldkit.generation.text.english import capital, plain

VERBS = 6
OWN_SHARE = 0.65
"""Which share of the places is shown by a phrase of its genre."""
AROUND = (" around",)
ORDERS = phrases.composition("orders")
"""How the sentences of a description follow one another; ``P`` is the one about the place itself."""
PLAIN = {
    order: order.replace("{front} {one} {a}", "{A} {one}{tail}").replace("{front} {two} {b}", "{B} {two}{tail}")
    for order in ORDERS
}
"""The same with the verb behind what it is said of."""
SHOTS = phrases.composition("shots")
MOVES = phrases.composition("moves")

POSES: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "": (("stance",), ("gait",)),
    "win": (("won_stance", "stance"), ("won_gait", "gait")),
    "lose": (("lost_stance", "stance"), ("lost_gait", "gait")),
}
"""Families of stances and gaits, by how it ends in the place; the first comes first."""


class PlaceTexts(Texts):
    """The fields of a place.

    Args:
        plan: The plan.
        place: The place.
        number: Which of the plan's places it is.
        dice: Decides which templates, things and verbs each field gets.
    """

    def __init__(self, plan: Plan, place: PlanPlace, number: int, dice: random.Random) -> None:
        super().__init__(plan, place, dice, number)
        self.number = number
        steps_here = [step for step in plan.steps if step.at == place.id]
        self.takeable_things = [step.thing for step in steps_here if step.kind == "take"]
        self.way = next((step.thing for step in steps_here if step.kind in ("way", "lock", "drop")), None)

    def fields(self) -> Iterator[Field]:
        """Yield every field of the place."""
        yield Field(self.at("base"), tuple(text + self.extra() for text in self.stock("base")), self.base())
        toward = f", toward {self.way.the}." if self.way else "."
        yield Field(self.at("camera.static"), self.stock("still"), self.still())
        moving = tuple(text + toward for text in self.stock("moving"))
        yield Field(self.at("camera.dynamic"), moving, self.moving())
        stances, gaits = POSES[self.place.end.kind if self.place.end else ""]
        yield Field(self.at("movement.static"), self.stock(*stances))
        yield Field(self.at("movement.dynamic"), self.stock(*gaits))
        yield Field(self.at("ambient.0"), self.stock(*self._ambient_families()), self.ambient())
        motions = self._motions()
        yield Field(self.at("ambient.1"), (motions[self.number % len(motions)],))
        if self.number == 0:
            goal = f"You have to {self.plan.goal} {self.plan.deadline}".rstrip()
            yield Field(self.at("narration"), (f"{goal}.",))
        elif self.place.end is None:
            yield Field(self.at("narration"), self.lines(), self.line())

    def _motions(self) -> Sequence[str]:
        """Return the small movements of the world that fit here: no grass bends in a room."""
        elsewhere = common_motions(not self.has_roof)
        if self.plan.genre != OWN or set(elsewhere).isdisjoint(self.plan.motions):
            return self.plan.motions
        return common_motions(self.has_roof)

    def _ambient_families(self) -> tuple[str, ...]:
        """Return the families of what may be seen to move here; every other thing that lies loose is seen to stir."""
        if is_alive(self.things["c"]):
            return ("ambient_alive",)
        is_loose = any(verb.startswith("shifts") for verb in sort_of(self.things["c"]).stirs)
        return ("ambient_loose", "ambient") if is_loose and self.number % 2 else ("ambient",)

    def lines(self) -> tuple[str, ...]:
        """Return what the player may be told here: in every third place of the task, else of what stands here."""
        thing = self.things["a"]
        if self.number % 3 == 2:
            return self.stock("line_goal", "line")
        if is_alive(thing):
            return self.stock("line_alive", "line")
        if self.number % 3 == 1 and sort_of(thing).near:
            return self.stock(phrases.touch_families(sort_of(thing).name), "line")
        return self.stock("line")

    def at(self, name: str) -> Address:
        """Return the address of one of the place's fields."""
        return ("state", self.place.id, name)

    def extra(self) -> str:
        """Return a sentence for each thing to be taken here, that shows it."""
        sentences = cycle(shuffled(self.dice, phrases.family("found")))
        return "".join(f" {self._shown(thing, next(sentences))}" for thing in self.takeable_things)

    def _shown(self, thing: Thing, sentence: str) -> str:
        where = hidden(self.plan, self.place.id, thing)
        return phrases.fill(sentence, {"c": thing}, {"spot": where, "Spot": capital(where)})

    def base(self) -> Question:
        """Return the question for the description."""
        a, b, c = (self.things[letter] for letter in "abc")
        extra = self.extra()
        place = self.things["place"]
        order = self._order()
        one = self.verbs(a, before="{front} {one}" in order)
        two = self.verbs(b, list(one), before="{front} {two}" in order)
        choices: dict[str, Iterable[str]] = {"one": one, "two": two}
        first = "{stand}{tail}"
        if self.number % 3 == 2 and c not in (a, b) and sort_of(c).wide and c.bare not in extra:
            first = f"{{stand}}{{around}} {c.text}"
            choices["around"] = AROUND
            choices["stand"] = self.drawn(place, phrases.verbs("wide"), VERBS)
        else:
            choices["stand"] = self.drawn(place, phrases.verbs("indoors" if self.has_roof else "outdoors"), VERBS)
            if sight := self._draw_sensation(f"{self.place.name} {a.bare} {b.bare} {extra}"):
                first, choices["is"] = "{is}", sight
        avoid = said(self.place.name, a.text, b.text, c.text)
        text = f"Place: {self.place.the}. Things there: {a.text}, {b.text}."
        prefix, frame = self._ordered(order, first, extra)
        question = Question("place", text, prefix, frame, choices, avoid, spot=self.spot())
        return replace(question, min_characters=60, suffix=extra)

    def _order(self) -> str:
        """Return the order of the sentences here; the places of a world take turns."""
        order = self._turn(ORDERS, "orders", 1)[0]
        for slot, letter in (("one", "a"), ("two", "b")):
            if f"{{front}} {{{slot}}}" in order and not fronted(sort_of(self.things[letter]).rests):
                order = PLAIN[order]
        return order

    def _ordered(self, order: str, place: str, extra: str) -> tuple[str, str]:
        """Return how a description in an order begins, and what follows."""
        a, b = self.things["a"].text, self.things["b"].text
        sentence = order.replace("{P}", f"{capital(self.place.the)} {place}.").replace(" {front}", "{front}")
        for gap, text in (("{A}", capital(a)), ("{B}", capital(b)), ("{a}", a), ("{b}", b)):
            sentence = sentence.replace(gap, text)
        prefix = sentence.partition(" {")[0]
        return prefix, f"{sentence.removeprefix(prefix)}{extra}"

    def _draw_sensation(self, beside: str) -> Sequence[str]:
        """Draw what can be seen, heard or smelled here as a whole phrase, for two places of three.

        Args:
            beside: What is said beside it, of which it says no word again.
        """
        own_surroundings = surroundings(self.genre, self.has_roof)
        # what a genre's rooms are like says nothing of a place that only the premise puts there
        place_names = list(
            (
                own_surroundings if own_surroundings.alone or self._at_home() else surroundings("common", self.has_roof)
            ).places
        )
        if self.things["place"].many:
            place_names = [plain(each) for each in place_names if not re.search(r"\bits(?:elf)?\b", each)]
        # drawn whether anything is left or not, so that what comes after hangs on nothing here
        is_own = self.dice.random() < OWN_SHARE
        place_names = [each for each in place_names if set(stems(each)).isdisjoint(stems(beside))]
        return self._turn(place_names, "seen", 1) if is_own and place_names else []

    def _turn(self, texts: Sequence[str], what: str, count: int = 3) -> list[str]:
        """Return those of these texts that it is the place's turn to have: the same order for all places of a world."""
        order = random.Random(seed_of(what, self.plan.premise)).sample(texts, len(texts))
        return [order[(self.number * count + n) % len(order)] for n in range(count)]

    def _at_home(self) -> bool:
        """Say whether the place is one of its genre, or of the name of one."""
        genre = stock().genres.get(self.genre)
        if genre is None:
            return False
        spots = [*genre.places, *(ending.place for ending in (*genre.goals, *genre.losses))]
        return self.place.name.split()[-1] in {word for spot in spots for word in spot.name.split()} | genre.words

    def still(self) -> Question:
        """Return the question for the camera that stays where it is."""
        a, b = self.dice.sample([self.things["a"], self.things["b"]], 2)
        prefix = f"{self.dice.choice(SHOTS)} {a.text}, with {b.text}"
        avoid = said(self.place.name, a.text, b.text, "shot wide frame")
        text = f"Place: {self.place.the}. Still shot of {a.text} and {b.text}."
        first = next(iter(sort_of(b).rests.values()))
        where = {"at": "near", "against": "up", "along": "away", "hung": "shown"}.get(first, first)
        return Question("shot", text, prefix, "{tail}.", {}, avoid, tail=where, spot=self.spot())

    def moving(self) -> Question:
        """Return the question for the camera that moves."""
        thing, move = self.dice.choice([self.things["b"], self.things["c"]]), self.dice.choice(MOVES)
        sentence = f"camera {move} {thing.the}"
        prefix = f"Toward {self.way.the}, the {sentence}" if self.way else f"The {sentence}"
        avoid = said(self.place.name, prefix, "shot direction motion")
        text = f"Place: {self.place.the}. Moving shot past {thing.text}."
        tail = "flight" if move.endswith(" over") else "camera"
        return Question("travel", text, prefix, "{tail}.", {}, avoid, tail=tail, spot=self.spot())

    def ambient(self) -> Question:
        """Return the question for a small movement."""
        thing = self.things["c"]
        avoid = said(self.place.name, thing.text)
        text = f"Place: {self.place.the}. What {thing.text} {'do' if thing.many else 'does'}."
        choices = {"one": self.drawn(thing, sort_of(thing).stirs)}
        return Question("ambient", text, capital(thing.text), " {one}{tail}.", choices, avoid, spot=self.spot())

    def _afterthoughts(self) -> list[str]:
        """Return what the sentence about the player may end with: in every third place it is about the task."""
        if self.number % 3 == 2:
            return [phrases.fill(text, {}, self.words) for text in phrases.family("then_goal")]
        return self._turn(phrases.family("then"), "then")

    def line(self) -> Question:
        """Return the question for what the player is told on arriving."""
        a, b = self.things["a"], self.things["b"]
        avoid = said(self.place.name)
        text = f"Place: {self.place.the}. Things there: {a.text}, {b.text}."
        choices = {
            "you": dict(self.dice.sample(sorted(phrases.verbs("you").items()), 3)),
            "then": self._afterthoughts(),
        }
        return Question("line", text, "You", " {you}{tail}{then}.", choices, avoid, spot=self.spot())
