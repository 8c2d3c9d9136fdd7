"""Assigns the places, goals and dangers of a plan, out of what the premise says and what its genre holds."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import permutations
from typing import TypeVar

from worldkit.generation.engines.base import seed_of
from worldkit.generation.planning.goal_parts import object_of
from worldkit.generation.planning.goal_words import ABSENCE_WORD
from worldkit.generation.planning.kinds import OPEN_PARTS, kind_of, part_called, verb_of
from worldkit.generation.planning.people import is_person
from worldkit.generation.planning.premise import Reading
from worldkit.generation.planning.roofs import is_roofed, roofed
from worldkit.generation.planning.senses import (
    is_portable,
    is_vehicle,
    is_visible,
    is_wrongdoer,
    means_somebody,
    stands_in_open,
)
from worldkit.generation.planning.setting import (
    MAX_PART_NAME_CHARACTERS,
    OWN_GENRE,
    building_or_ground,
    has_roof,
    losses_of,
)
from worldkit.generation.planning.stock import StockEnding, StockPlace, Thing, by_head, stock
from worldkit.generation.text.english import a, the
from worldkit.generation.text.word_sets import word_set, words
from worldkit.language.lexicon import lexicon

T = TypeVar("T")


def shuffled(dice: random.Random, items: Iterable[T]) -> list[T]:
    """Return items in drawn order."""
    order = list(items)
    dice.shuffle(order)
    return order


_SUBSTANCES = word_set("assignment", "substances")
_WRITTEN_NOUNS = word_set("premise", "written")
_OPEN_ROAD, _CROSSING = "open road", "crossing"
"""Where somebody is who has got out of a building, and the part of the data that shows such a place."""
_QUESTION = re.compile(r"(?:find out|learn|discover) (why|whether|what(?= happened))\b")
"""Begins a goal that ends with an answer."""
_UNMASKING_VERBS = ("find", "expose", "unmask", "identify", "name")
_DESERTED_WORDS = word_set("assignment", "deserted")
_SILENCE_WORDS = word_set("assignment", "silent")
"""Words of premises in whose places nobody works."""
_DEPARTURES = word_set("assignment", "departures")
"""What those have done who are no longer there to be asked."""
_THEFTS = word_set("assignment", "thefts")
_CRIMES = word_set("assignment", "crimes")
"""Words of deeds of which one asks who did them, whatever a premise asks."""
_ESCAPE_GOAL = re.compile(r"(?:escape|flee|leave|break out of|get out of) (?:from )?(?:the|an?) ")


def named(noun: str) -> Thing:
    """Return a premise's noun as a thing, with an article unless it is many or a substance."""
    phrase = Thing(noun)
    if noun.startswith("other "):
        return Thing(phrase.the)
    return phrase if phrase.many or phrase.head in _SUBSTANCES else Thing(a(noun))


def _shown(noun: str) -> str:
    """Return a premise's noun as it can be seen: what is said stands on a slip of paper."""
    last_word = noun.split()[-1]
    return f"slip with the {noun}" if {last_word, *lexicon().lemmas(last_word, "n")} & _WRITTEN_NOUNS else noun


@dataclass
class Assignment:
    """Draws places and endings for what a premise says."""

    reading: Reading
    dice: random.Random

    def __post_init__(self) -> None:
        # how an ending is put has dice of its own, so that another text of the data changes no plan
        self.text_dice = random.Random(seed_of("endings", self.reading.logline, self.reading.goal))
        verb, it = verb_of(self.reading.goal), Thing(object_of(self.reading.goal) or "a goal").head
        is_plain_riddle = not self.reading.goal and self.reading.genre.name == OWN_GENRE
        seeks_wrongdoer = verb in _UNMASKING_VERBS and is_wrongdoer(it)
        self.is_riddle = is_plain_riddle or seeks_wrongdoer or verb == "solve"
        premise_words = set(re.findall("[a-z]+", self.reading.logline.lower()))
        # what was stolen is seen again in the end, and not from the start
        self.is_stolen = not _THEFTS.isdisjoint(self.reading.goal.split())
        residents = self._residents(premise_words)
        self.are_people_silent = not premise_words.isdisjoint(_SILENCE_WORDS)
        asks_who = seeks_wrongdoer or "who" in self.reading.goal.split()
        # who killed somebody is asked as what happened to them
        is_mystery = self.is_riddle and (asks_who or bool(premise_words & _CRIMES))
        self.culprit = self._draw_culprit(residents) if is_mystery else ""
        people = dict.fromkeys([*self.reading.companions, *filter(None, [self.culprit])])
        self.placed_names = [*people, *self.reading.things]
        if residents and not people and premise_words.isdisjoint(_DESERTED_WORDS):
            self.placed_names.append(self.text_dice.choice(residents))

    def _draw_culprit(self, residents: Sequence[str]) -> str:
        """Draw who it was: whom the premise accuses, else somebody who is there; the butler murdered the lord."""
        story = self.reading.logline.lower()
        accused_names = [name for name in self.reading.companions if any(f"{name} {deed}" in story for deed in _CRIMES)]
        return self.text_dice.choice(accused_names or residents or words("assignment", "suspects"))

    def _residents(self, premise_words: set[str]) -> list[str]:
        """Return who works where the story is, but for those whom the premise names."""
        genre, kind = self.reading.genre, kind_of(self.reading.setting) if self.reading.setting else None
        people = (kind.people if kind else ()) if genre.name == OWN_GENRE else [who for who, _ in genre.who]
        named_words = premise_words | {*self.reading.who.split()}
        return [name for name in people if named_words.isdisjoint(name.split())]

    def stock_endings(self, wins: int, losses: int) -> tuple[StockEnding, list[StockEnding], list[StockEnding]]:
        """Return the goal, the dangers and the further goals of a world with so many endings that are won and lost."""
        genre = self.reading.genre
        goals = shuffled(self.dice, genre.goals)
        goal = self._own_goal() if self.reading.goal else goals[0]
        if self.is_riddle and not self.reading.goal:
            answer = stock().ending_text(self._deed(goal.do, ""), "", self.text_dice)
            goal = replace(goal, title=answer.title, subtitle=answer.subtitle)
        if self.culprit:
            culprit = the(self.culprit)
            place = replace(goal.place, props=(Thing(culprit), *goal.place.props[:2]))
            goal = replace(goal, subtitle=f"It was {culprit}. {goal.subtitle}", place=place)
        other_spots = [spot for spot in shuffled(self.dice, genre.places) if spot.name != goal.place.name]
        # how the premise's own goal is missed hangs on the goal, and not on where it is
        is_of_goal = self.reading.goal or genre.name == OWN_GENRE
        dangers = shuffled(self.text_dice, losses_of(goal.do, other_spots) if is_of_goal else genre.losses)
        # a goal that leads to a place is not won in another
        other_goals = [] if self.reading.destination else goals[1:wins]
        while len(other_goals) < wins - 1:
            other_goals.append(self._other_goal(goal, other_spots[len(other_goals)]))
        return goal, dangers[:losses], other_goals

    def _own_goal(self) -> StockEnding:
        """Return the goal the premise sets, with the place and ending of the stock's goal that has the same object."""
        do, genre = self.reading.goal, self.reading.genre
        it = ABSENCE_WORD.sub("", object_of(do))
        about = Thing(it or do).head
        stock_goal = next((goal for goal in genre.goals if self._is_same(goal.do, do, about)), None)
        if self.reading.destination and (stock_goal is None or stock_goal.do != do):
            place = self._named_place(self.reading.destination, genre.places)
        else:
            has_place = stock_goal is not None and self._may_hold(stock_goal.place, about)
            place = self._outside() or (stock_goal.place if stock_goal and has_place else self._place_for(about))
        # by now it is known: what was "a letter" at the outset is the letter
        goal_things = [Thing(the(_shown(Thing(it).bare)))] if it and self._is_shown(Thing(it).bare) else []
        premise_things = (*self.reading.companions, *self.reading.things)
        goal_things += [
            Thing(f"the {ABSENCE_WORD.sub('', _shown(thing))}")
            for thing in premise_things
            if thing.split()[-1] in do.split() and self._is_shown(thing)
        ]
        goal_things = [thing for thing in goal_things if not self._is_explained(thing.bare)]
        heads = by_head(goal_things or place.props)
        for prop in place.props:
            if not heads.keys() & set(prop.bare.split()):
                heads[prop.head] = prop
        end = stock_goal if stock_goal and stock().alike(stock_goal.do.split()[0], do.split()[0]) else None
        ending = end or stock().ending_text(self._deed(do, it), it and Thing(it).the, self.text_dice)
        place = replace(place, props=tuple(heads.values())[:3])
        return StockEnding(do, ending.title, ending.subtitle, place, end.tool if end else None)

    def _is_shown(self, noun: str) -> bool:
        """Say whether a noun of the goal names a thing to be seen where it is reached, and not one of the places."""
        return is_visible(noun) and noun not in (self.reading.setting, *self.reading.spots)

    def _other_goal(self, goal: StockEnding, spot: StockPlace) -> StockEnding:
        """Return a further way to win: the same task, done in another place."""
        ending = stock().ending_text(goal.do.split()[0], "", self.text_dice)
        do = f"{goal.do} by way of {the(spot.name)}"
        if self.reading.destination:
            # whichever way one comes, it ends in the place that the goal names
            name = f"{goal.place.name} beyond {the(spot.name)}"
            name = name if len(name) <= MAX_PART_NAME_CHARACTERS else f"far {goal.place.name}"
            spot = replace(goal.place, name=name)
        return StockEnding(do, ending.title, ending.subtitle, spot)

    def _deed(self, goal: str, it: str) -> str:
        """Return the verb or the question of a goal as endings know it: a person is met, what is fixed is beheld."""
        if (question := _QUESTION.match(goal)) and not self.culprit:
            return question[1]
        verb = verb_of(goal)
        if verb in ("save", "guard", "protect", "defend", "spare"):
            return "rescue" if it and means_somebody(Thing(it).head) else "defend"
        if verb not in ("find", "discover"):
            return verb
        if it and means_somebody(Thing(it).head):
            return "meet"
        return verb if it and is_portable(Thing(it).head) else "behold"

    def _is_same(self, stock_do: str, do: str, about: str) -> bool:
        """Say whether a goal of the stock is about the same thing, or where it is about none, is the same."""
        return stock_do == do or Thing(object_of(stock_do) or "a goal").head == about

    def _place_for(self, about: str) -> StockPlace:
        """Return where a goal of the premise is reached: a place that it names for it, else the likeliest part."""
        for spot in self.reading.spots:
            if spot.split()[-1] in self.reading.goal.split():
                return self._named_place(spot, self.reading.genre.places)
        all_places = shuffled(self.dice, self.reading.genre.places)
        places = [spot for spot in all_places if self._may_hold(spot, about)] or all_places
        return max(places, key=lambda spot: about in {*spot.name.split(), *(prop.head for prop in spot.props)})

    def _may_hold(self, spot: StockPlace, thing: str) -> bool:
        """Say whether a thing may be in a place: what stands under the sky is in none with a roof."""
        return not (stands_in_open(thing) and is_roofed(spot, self.reading.genre.name))

    def _outside(self) -> StockPlace | None:
        """Return where somebody is who has got out of a building that the premise names; None for another goal."""
        reading = self.reading
        if not reading.setting or reading.genre.name != OWN_GENRE or not reading.goal.endswith(reading.setting):
            return None
        is_building = self._has_roof(reading.setting) and not is_vehicle(reading.setting)
        part = part_called(_CROSSING) if is_building and _ESCAPE_GOAL.match(reading.goal) else None
        return StockPlace(_OPEN_ROAD, part.props, False) if part else None

    def _named_place(self, name: str, spots: Sequence[StockPlace]) -> StockPlace:
        """Return a place that the premise names, as the genre has it or with what such places have (``_props_of``)."""
        genre_place = next((spot for spot in self.reading.genre.places if spot.name == name), None)
        return genre_place or StockPlace(name, self._props_of(name, spots), self._has_roof(name))

    def spots(self, count: int, endings: Sequence[StockEnding]) -> list[StockPlace]:
        """Return so many places, the premise's own first, of other names than those of the endings."""
        used_names = {ending.place.name for ending in endings}
        shown_heads = {prop.head for ending in endings for prop in ending.place.props}
        premise_names = dict.fromkeys([self.reading.setting, *self.reading.spots])
        own_names = [name for name in premise_names if name and name not in used_names]
        pool = [spot for spot in shuffled(self.dice, self.reading.genre.places) if spot.name not in used_names]
        # what is shown where it ends is not seen before, where there are other places
        pool.sort(key=lambda spot: not shown_heads.isdisjoint(prop.head for prop in spot.props))
        heads = {name.split()[-1] for name in own_names}
        pool = [spot for spot in pool if not heads & set(spot.name.split())] or pool
        far = pool[count - 1 :] or pool
        chosen_spots = {name: self._named_place(name, far) for name in own_names[: max(1, count - 2)]}
        for spot in pool:
            chosen_spots.setdefault(spot.name, spot)
        spare_props: dict[bool | None, list[Thing]] = {}
        for spot in [*far, *pool]:
            spare_props.setdefault(spot.is_roofed, []).extend(spot.props)
        for qualifier in [*stock().qualifiers, *map(" ".join, permutations(stock().qualifiers, 2))]:
            if len(chosen_spots) >= count:
                break
            for spot in (spot for spot in pool if not {*qualifier.split()} & {*spot.name.split()}):
                name, props = f"{qualifier} {spot.name}", self._some(spare_props[spot.is_roofed])
                chosen_spots.setdefault(name, replace(spot, name=name, props=props))
        return self._with_named(list(chosen_spots.values())[:count])

    def _has_roof(self, name: str) -> bool | None:
        if name.split()[-1] in OPEN_PARTS:
            return False
        if kind := kind_of(name):
            # a greenhouse has the parts of a garden
            return None if kind.genre else kind.is_roofed or roofed(name, self.reading.genre.name)
        return has_roof(name)

    def _props_of(self, name: str, spots: Sequence[StockPlace]) -> tuple[Thing, ...]:
        """Return what stands in a place that the premise names: what is in the open stays out of a place with a roof.

        In the chief place that is what stands in these spots of the genre, which the world does without.
        """
        if name == self.reading.setting:
            # as many as a place shows, or those of the places that the world has
            sources = [spots, self.reading.genre.places]
        elif kind := kind_of(name):
            sources = [stock().genres[kind.genre].places if kind.genre else kind.parts]
        elif part := part_called(name):
            return self._some(part.props)
        else:
            sources = [building_or_ground(name).parts]
        parts = next(filter(None, (self._of_same_roof(name, source) for source in sources)), sources[0])
        return self._some([prop for part in parts for prop in part.props])

    def _of_same_roof(self, name: str, parts: Sequence[StockPlace]) -> Sequence[StockPlace]:
        """Return those of these parts that have a roof if a place has one, and none if it has none."""
        words = self.reading.genre.surroundings
        side = is_roofed(StockPlace(name, (), self._has_roof(name)), words)
        return [part for part in parts if is_roofed(part, words) is side]

    def _with_named(self, spots: list[StockPlace]) -> list[StockPlace]:
        """Put what the premise names into the places, but for what the goal is about: that is at the end.

        What is to be explained is there from the start.
        """
        goal = self.reading.goal.split()
        thing_counts = dict.fromkeys(range(1, len(spots)), 0)
        for thing in filter(is_visible, self.placed_names):
            is_of_goal = thing.split()[-1] in goal and not thing.startswith("other ")
            if self._is_around(thing) or (is_of_goal and not self._is_explained(thing)):
                continue
            # where the fewest are yet, so that none drives another out
            fewest = min(thing_counts.values())
            at = self.dice.choice([at for at, count in thing_counts.items() if count == fewest])
            if is_of_goal:
                at = 0
            else:
                thing_counts[at] += 1
            other_props = [prop for prop in spots[at].props if prop.head != thing.split()[-1]]
            spots[at] = replace(spots[at], props=(named(_shown(thing)), *other_props[:2]))
        return spots

    def _is_explained(self, thing: str) -> bool:
        """Say whether what a goal is about is there from the start, since it is what the riddle is about.

        Whose riddle it is answers no question, but who is a riddle does.
        """
        goal = self.reading.goal.split()
        answers_why = "why" in goal and _DEPARTURES.isdisjoint(goal)
        return self.is_riddle and not self.is_stolen and (answers_why or not is_person(Thing(thing)))

    def _is_around(self, thing: str) -> bool:
        """Say whether all of the world is in a thing: there is no ship in the galley of a ship."""
        kind, spots = kind_of(thing), {part.name for part in self.reading.genre.places}
        return kind is not None and bool(kind.parts) and spots == {part.name for part in kind.parts}

    def _some(self, things: Sequence[Thing]) -> tuple[Thing, ...]:
        """Draw three of these things, one that is single first: it is what a camera is turned on."""
        drawn_things = by_head(self.dice.sample(things, len(things))).values()
        return tuple(sorted(list(drawn_things)[:6], key=lambda thing: thing.many)[:3])
