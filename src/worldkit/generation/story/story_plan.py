"""A plan that follows beats: one place a beat in order, and around them what makes a story playable."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain

from worldkit.core.errors import WorldError
from worldkit.generation.direct.chapter_text import TextBeat
from worldkit.generation.planning.assignment import named, shuffled
from worldkit.generation.planning.chunking import phrases_of
from worldkit.generation.planning.kinds import common_passages
from worldkit.generation.planning.people import has_hands, is_animal
from worldkit.generation.planning.plan import Plan, PlanBuilder, PlanEnding, flaws
from worldkit.generation.planning.premise import Reading
from worldkit.generation.planning.roofs import is_roofed
from worldkit.generation.planning.setting import OWN_GENRE
from worldkit.generation.planning.sketch import filled, plain
from worldkit.generation.planning.stock import (
    KeyAndDoor,
    PlacePassages,
    StockEnding,
    StockPlace,
    Thing,
    VerbPhrase,
    stock,
)
from worldkit.generation.story.facts import StoryFacts
from worldkit.generation.story.places import places
from worldkit.generation.text.english import lowered, the, title
from worldkit.generation.text.word_sets import word_set


def spine(
    beats: Sequence[TextBeat], facts: StoryFacts, reading: Reading, story_title: str, dice: random.Random
) -> Plan:
    """Return a plan in which the beats are played in order.

    The places of the beats stand in a row, there and back; the last is the win. A side place off the first holds the
    key of a lock on the way; a tool is needed to win; one door leads to a loss, and one way leads back to the start.
    """
    plan = _Spine(beats, facts, reading, dice).draw(story_title)
    if problems := flaws(plan):
        raise WorldError(f"the plan of the text has flaws; please report it: {problems}")
    return plan


@dataclass
class _Spine(PlanBuilder):
    beats: Sequence[TextBeat]
    facts: StoryFacts
    reading: Reading
    dice: random.Random

    def draw(self, story_title: str) -> Plan:
        genre, last = self.reading.genre, len(self.beats) - 1
        for beat in self.beats:
            self._place(StockPlace(self._name(beat), tuple(beat.things)))
        goal = self._goal()
        win = stock().ending_text(goal.split()[0], "", self.dice)
        self.places[last] = replace(self.places[last], end=PlanEnding("win", win.title, self.beats[-1].summary))
        side = self._place(self._free_spot())
        losing, loss = self._losing_end()
        self._ways(goal, side)
        self.add_step(loss.do, "fall", last - 1, losing, self.places[losing].props[0])
        for act, at in zip(shuffled(self.dice, genre.acts), (0, last - 1), strict=False):
            self.add_way("act", at, None, act)
        setting = next(iter(places(" ".join(beat.text for beat in self.beats))), self.places[0].name)
        look = self.facts.subject.rstrip(".")
        return Plan(
            premise=self.beats[0].text,
            name=story_title or title(the(setting)),
            logline=self.facts.stake or self.beats[-1].summary,
            who=self.facts.who,
            look=look if self.facts.hero[:1].isupper() else lowered(look),
            air=self.facts.air,
            motions=tuple(shuffled(self.dice, genre.motions)),
            setting=setting,
            goal=goal,
            deadline=self.reading.deadline,
            places=tuple(self.places),
            steps=tuple(self.steps),
            genre=genre.name,
            surroundings=genre.surroundings,
            has_hands=has_hands(self.facts.who),
            proper_words=self.reading.proper_words,
        )

    # ---- places ------------------------------------------------------------------------------

    def _used_names(self) -> set[str]:
        return {place.name for place in self.places}

    def _name(self, beat: TextBeat) -> str:
        """Return a name that no place has yet: the text's own, made unique by an object that stands there."""
        base, used_names = plain(beat.place), self._used_names()
        if base:
            fixtures = (thing for thing in beat.things if not thing.many and thing.head not in _PORTABLE_THINGS)
            nouns = (plain(thing.bare) for thing in fixtures if not is_animal(thing.bare))
            qualified_names = (f"{base} with the {noun}" for noun in nouns if noun)
            others = (f"{word} {base}" for word in ("rest of the", *stock().qualifiers))
            candidates = chain([base], qualified_names, others)
            if free := next((name for name in candidates if name not in used_names), None):
                return free
        return self._free_spot().name

    def _place(self, spot: StockPlace, end: PlanEnding | None = None) -> int:
        plain_things = [thing for thing in spot.props if plain(thing.bare)]
        return self.add_place(replace(spot, props=filled(plain_things, self.reading.genre, self.dice)[:6]), end)

    def _free_spot(self) -> StockPlace:
        """Return a place of the genre that the plan does not have yet, qualified where it has all of them."""
        spots = shuffled(self.dice, self.reading.genre.places)
        qualified_spots = (replace(spot, name=f"{word} {spot.name}") for word in stock().qualifiers for spot in spots)
        used_names = self._used_names()
        return next(spot for spot in chain(spots, qualified_spots) if spot.name not in used_names)

    def _losing_end(self) -> tuple[int, StockEnding]:
        losses, used_names = shuffled(self.dice, self.reading.genre.losses), self._used_names()
        loss = next((one for one in losses if one.place.name not in used_names), losses[0])
        name = loss.place.name if loss.place.name not in used_names else f"far {loss.place.name}"
        end = PlanEnding("lose", loss.title, loss.subtitle)
        return self._place(replace(loss.place, name=name), end), loss

    # ---- steps -------------------------------------------------------------------------------

    def _ways(self, goal: str, side: int) -> None:
        last = len(self.beats) - 1
        lock, key_place, locked_at = self._lock(side)
        tool = self._tool(goal)
        self._add_way_there_and_back(0, side)
        self.add_taking(lock.key, key_place, f"It opens {lock.door.the}.")
        self.add_taking(tool, 1, f"With it you can {goal}.")
        for at in range(last - 1):
            if at == locked_at:
                self.add_step(f"open {lock.door.the}", "lock", at, at + 1, lock.door, self.need_of(lock.key))
                self.add_way_back(at + 1, at)
            else:
                self._add_way_there_and_back(at, at + 1)
        self.add_way("drop", last - 1, 0, self.dice.choice(self._passages(last - 1, 0).one_way_moves))
        self.add_step(goal, "goal", last - 1, last, self.places[last].props[0], self.need_of(tool))

    def _lock(self, side: int) -> tuple[KeyAndDoor, int, int]:
        """Return a key with what it opens, as the text names them, where it lies, and behind which place the lock is.

        The lock comes with the key of the text, or as late as it can, and then the key lies aside.
        """
        lock = shuffled(self.dice, self._passages(1, 2).keys)[0]
        texts = [beat.text.lower() for beat in self.beats]
        keys, doors = (phrases_of(" ".join(texts), heads) for heads in (_KEY_NOUNS, _DOOR_NOUNS))
        if not keys:
            return lock, side, 1
        key = named(keys[0])
        named_at = next((at for at, text in enumerate(texts) if re.search(rf"\b{key.head}", text)), len(texts))
        locked_at = min(max(named_at, 1), len(texts) - 3)
        for at, place in enumerate(self.places):
            if any(prop.head == key.head for prop in place.props):
                self._take_out(key, at)
        door = named(doors[0]) if doors else lock.door
        return KeyAndDoor(key, door), named_at if named_at <= locked_at else side, locked_at

    def _take_out(self, thing: Thing, at: int) -> None:
        """Let a thing that is taken away be no prop of the place."""
        props = [prop for prop in self.places[at].props if prop.head != thing.head]
        self.places[at] = replace(self.places[at], props=filled(props, self.reading.genre, self.dice))

    def _add_way_there_and_back(self, at: int, to: int) -> None:
        used_things = {step.thing for step in self.steps}
        ways = [*shuffled(self.dice, self._passages(at, to).ways), *shuffled(self.dice, stock().ways)]
        going_on = VerbPhrase("go on to", Thing(self.places[to].the))
        self.add_way("way", at, to, next((way for way in ways if way.thing not in used_things), going_on))
        self.add_way_back(to, at)

    def _passages(self, at: int, to: int) -> PlacePassages:
        """Return how one gets from a place to another: a text's places lie anywhere, whatever its chief place is."""
        genre = self.reading.genre
        if genre.name != OWN_GENRE:
            return genre.passages
        return common_passages(all(is_roofed(self.places[place], genre.name) for place in (at, to)))

    def _goal(self) -> str:
        """Return what the text says is to be done; to get to the last place when that is to find one on the way."""
        *on_the_way, last = self.places
        goal = self.reading.goal
        searched = goal.removeprefix("find the ")
        is_on_the_way = goal != searched and any(searched == place.name for place in on_the_way)
        return goal if goal and not is_on_the_way else f"reach {last.the}"

    def _tool(self, goal: str) -> Thing:
        """Return what is needed to win: something of the second beat to take along, else of the genre."""
        head = goal.split()[-1]
        named_words = {head, *(word for place in self.places for word in place.name.split())}
        fit = (
            thing
            for thing in self.beats[1].things
            if thing.head in _PORTABLE_THINGS - named_words and plain(thing.bare)
        )
        tools = (tool for tool in shuffled(self.dice, self.reading.genre.tools) if tool.head != head)
        tool = next(chain(fit, tools))
        self._take_out(tool, 1)
        return tool


_KEY_NOUNS, _DOOR_NOUNS = frozenset(["key", "keycard"]), frozenset(["door", "gate", "hatch", "trapdoor"])
_PORTABLE_THINGS = word_set("story_plan", "portable")
"""Things of the stock that somebody can take along."""
