"""Draws a plan from a premise and the stock: seeded, checked by playing it out, never a dead end.

The places that are not endings form a tree of ways there and back, so all of it stays open. Into it go one way that
does not lead back, locks on some of its ways with their keys outside what they lock, a tool that the goal needs, and
one door to each ending. So the win stays within reach until an ending by construction; ``flaws`` proves it for each.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

from worldkit.core.errors import WorldError
from worldkit.generation.engines.base import seed_of
from worldkit.generation.planning import premise as reader
from worldkit.generation.planning.assignment import Assignment, named, shuffled
from worldkit.generation.planning.goal_parts import carried_thing, object_of, receiver_of, world_names
from worldkit.generation.planning.kinds import common_passages, task_of
from worldkit.generation.planning.people import has_hands, is_person, trade_of
from worldkit.generation.planning.plan import (
    Kind,
    Need,
    Plan,
    PlanBuilder,
    PlanEnding,
    PlanPlace,
    check_size,
    flaws,
    shape,
)
from worldkit.generation.planning.premise import Reading
from worldkit.generation.planning.roofs import is_roofed, settled, suited
from worldkit.generation.planning.stock import KeyAndDoor, StockEnding, Thing, VerbPhrase, stock
from worldkit.generation.planning.tree import PlaceTree
from worldkit.generation.text.english import a, capital, the

MAX_ATTEMPTS = 40
MIN_PROPS = 2
"""Things that are seen in a place, at least."""


def plan(premise: str, seed: int = 1, states: int = 6) -> Plan:
    """Draw a plan without flaws, of so many states, endings included: the same for the same premise, seed and size."""
    check_size(states)
    for attempt in range(MAX_ATTEMPTS):
        dice = random.Random(seed_of("plan", premise, seed, states, attempt))
        result = _Planner(reader.read(premise, dice), dice, premise, seed, states).draw()
        if not flaws(result):
            return result
    raise WorldError(
        f"no plan of {states} states without flaws in {MAX_ATTEMPTS} tries; this is a defect, please report it"
    )


@dataclass
class _Planner(PlanBuilder):
    reading: Reading
    dice: random.Random
    premise: str
    seed: int
    states: int

    def draw(self) -> Plan:
        self.genre = genre = self.reading.genre
        assignment = Assignment(self.reading, self.dice)
        goal, losses, other_goals = assignment.stock_endings(*shape(self.states))
        endings = [goal, *losses, *other_goals]
        for spot in assignment.spots(self.states - len(endings), endings):
            self.add_place(spot)
        self.inner = len(self.places)
        self.tree = PlaceTree(self.inner, self.dice)
        self.spare_ways = [*shuffled(self.dice, genre.passages.ways), *shuffled(self.dice, stock().ways)]
        self.common_ways = {roof: shuffled(self.dice, common_passages(roof).ways)[::-1] for roof in (True, False)}
        self.locks = self._locks()
        for at in range(1, self.inner):
            self._connect(at)
        self._drop()
        need = self._goal(goal, assignment.culprit)
        carried = carried_thing(goal.do)
        for other_goal in other_goals:
            self._end(other_goal, "goal", self._free_place(), need)
        for loss in losses:
            # what one has to deliver can only be lost once one has it
            self._end(loss, "fall", self._free_place(), need if carried else ((), ""))
        self._acts()
        if not assignment.are_people_silent:
            self._ask_people(assignment.culprit)
        return self._finish_plan(goal)

    # ---- locks -------------------------------------------------------------------------------

    def _locks(self) -> dict[int, KeyAndDoor]:
        """Lock some ways into the tree, and lay each key outside of what it opens and what opens later."""
        count, every_key = self.inner, self.genre.passages.keys
        lock_count = min(1 + (count >= 6) + (count >= 12) + (count >= 30), len(every_key))
        keys = shuffled(self.dice, every_key)
        doors = shuffled(self.dice, range(1, count))
        locks: dict[int, KeyAndDoor] = {}
        closed: set[int] = set()
        for at in sorted(doors, key=lambda at: len(self.tree.under[at]), reverse=True):
            if len(locks) == lock_count:
                break
            under = self.tree.under[at]
            outside = [p for p in range(count) if p not in closed | under]
            if under & closed or not outside:
                continue
            key = self._key(at, keys, [lock.key for lock in locks.values()])
            locks[at] = key
            closed |= under
            away = [p for p in outside if p != self.tree.parent[at]] or outside
            self.add_taking(key.key, self._hiding_place(away), f"It opens {key.door.the}.")
        return locks

    def _key(self, at: int, keys: Sequence[KeyAndDoor], taken_things: Sequence[Thing]) -> KeyAndDoor:
        """Return what opens the way to a place: a lock that suits a place with a roof, or without one."""
        roof = self.places[at].is_roofed
        is_common = self.genre.has_common_passages and roof is not None
        suitable_keys = shuffled(self.dice, common_passages(bool(roof)).keys) if is_common else keys
        return next(key for key in [*suitable_keys, *keys] if key.key not in taken_things)

    # ---- steps -------------------------------------------------------------------------------

    def _connect(self, at: int) -> None:
        home = self.tree.parent[at]
        if lock := self.locks.get(at):
            self.add_step(f"open {lock.door.the}", "lock", home, at, lock.door, self.need_of(lock.key))
        else:
            self.add_way("way", home, at, self._way(self.places[home], self.places[at]))
        self.add_way_back(at, home)

    def _way(self, home: PlanPlace, place: PlanPlace) -> VerbPhrase:
        common_ways = self.common_ways[self._are_roofed(home, place)] if self.genre.has_common_passages else []
        ways = common_ways or self.spare_ways
        if not ways:
            return VerbPhrase("go on to", Thing(place.the))
        way = suited(ways, self.genre, home, place)[0]
        ways.remove(way)
        return way

    def _drop(self) -> None:
        """Add a way that leads on but not back, and the thing that it takes.

        It never leads into what is locked: the tree leads back from everywhere.
        """
        x, y = self.tree.draw_leap(self.locks, self.dice)
        ends = (self.places[x], self.places[y])
        is_common = self.genre.has_common_passages
        passages = common_passages(self._are_roofed(*ends)) if is_common else self.genre.passages
        moves = suited(passages.one_way_moves, self.genre, *ends)
        move = self.dice.choice([move for move in moves if not self.grants(move.tool)] or moves)
        elsewhere = [at for at in range(self.inner) if at != x]
        self.add_taking(move.tool, self._hiding_place(elsewhere), f"With it you can {move.verb} {move.thing.the}.")
        self.add_way("drop", x, y, move, self.need_of(move.tool))

    def _are_roofed(self, *places: PlanPlace) -> bool:
        return any(is_roofed(place, self.genre.name) for place in places)

    def _goal(self, goal: StockEnding, culprit: str) -> Need:
        """Add the way to the goal and the tool that it takes; return what a step requires that needs the tool."""
        behind = [at for lock in self.locks for at in self.tree.under[lock]]
        at = max(behind, key=lambda p: (len(self.tree.under[p]) == 1, p))
        use, carried = f"With it you can {goal.do}.", carried_thing(goal.do)
        tools = [goal.tool] if goal.tool else self._tools(goal.do)
        unused_tools = [tool for tool in tools if not self.grants(tool)] or tools
        tool = next((tool for tool in unused_tools if tool.head not in goal.do.split()), unused_tools[0])
        if carried and not goal.tool:
            tool, it = carried, object_of(goal.do)
            goal = replace(goal, do=goal.do.replace(it, tool.the))
            use = f"Now you can {goal.do.replace(tool.the, 'them' if tool.many else 'it')}."
            if receiver := receiver_of(goal.do, self.reading.things):
                others = [prop for prop in self.places[at].props if prop.head != receiver.split()[-1]]
                self.places[at] = replace(self.places[at], props=(named(receiver), *others))
        # one has to look for it: it is neither where one begins nor beside somebody who can say where it is
        elsewhere = [p for p in range(1, self.inner) if p != at]
        out_of_sight = [p for p in elsewhere if not any(map(is_person, self.places[p].props))]
        trail = f"It leads to {the(culprit)}. " if culprit else ""
        self.add_taking(tool, self._hiding_place(out_of_sight or elsewhere), trail + use)
        need = self.need_of(tool)
        self._end(goal, "goal", at, need)
        return need

    def _tools(self, goal: str) -> list[Thing]:
        """Return what may be needed for a goal, the likeliest first: what the task takes, or the trade works with."""
        task, trade = task_of(goal), trade_of(self.reading.who)
        trade_tools, task_tools = shuffled(self.dice, self.genre.tools), shuffled(self.dice, task.tools)
        is_by_trade = task.is_by_trade and trade is not None and trade.is_worker
        return [*trade_tools, *task_tools] if is_by_trade else [*task_tools, *trade_tools]

    def _hiding_place(self, candidates: Sequence[int]) -> int:
        """Draw a place for a thing from those in which the fewest things are taken yet."""
        places_of_things = [step.at for step in self.steps if step.kind == "take"]
        counts = {at: places_of_things.count(self.places[at].id) for at in candidates}
        fewest = min(counts.values())
        return self.dice.choice([at for at in candidates if counts[at] == fewest])

    def _free_place(self) -> int:
        """Return a place but the first from which no way leads to an ending yet."""
        ways_out = {step.at for step in self.steps if step.kind in ("goal", "fall")}
        return self.dice.choice([at for at in range(1, self.inner) if self.places[at].id not in ways_out])

    def _end(self, ending: StockEnding, kind: Kind, at: int, need: Need = ((), "")) -> None:
        end = PlanEnding("win" if kind == "goal" else "lose", ending.title, ending.subtitle)
        to, props = self.add_place(ending.place, end), ending.place.props
        thing = next((prop for prop in props if prop.head in ending.do.split()), props[0])
        self.add_step(ending.do, kind, at, to, thing, need)

    def _acts(self) -> None:
        act_count, used_places = self.dice.choice((1, 2, 2, 3)) if self.inner > 3 else 1, set[int]()
        for verb, head in self.reading.further_tasks:
            places = ((at, prop) for at in range(self.inner) for prop in self.places[at].props if prop.head == head)
            for at, thing in islice(places, 1):
                used_places.add(at)
                self.add_way("act", at, None, VerbPhrase(verb, thing))
        for act, fit in settled(shuffled(self.dice, self.genre.acts), self.genre, self.places[: self.inner]):
            free = [at for at in fit if at not in used_places]
            if len(used_places) >= act_count or not free:
                continue
            at = self.dice.choice(free)
            used_places.add(at)
            place = self.places[at]
            if act.thing.head not in {prop.head for prop in place.props}:
                self.places[at] = replace(place, props=(*place.props[:2], act.thing))
            self.add_way("act", at, None, act)

    def _ask_people(self, culprit: str) -> None:
        """Have people say where something is that is needed; the culprit lets the goal's tool slip."""
        untold_steps = [step for step in self.steps if step.kind == "take"]
        people = {at: prop for at in range(self.inner) for prop in self.places[at].props[::-1] if is_person(prop)}
        goal_tool = untold_steps[-1]
        for at, person in sorted(people.items(), key=lambda each: each[1].bare != culprit):
            # that something is where one came from says little, and what opened the way here is held by then
            here, entrance = self.places[at].id, self.places[0].id
            held_things = [lock.key for behind, lock in self.locks.items() if at in self.tree.under[behind]]
            fit_steps = [step for step in untold_steps if step.at != here and step.thing not in held_things]
            about = max(fit_steps, key=lambda step: (step.at != entrance, untold_steps.index(step)), default=None)
            if about:
                untold_steps.remove(about)
                is_denied = person.bare == culprit and about is goal_tool
                (self.add_denial if is_denied else self.add_question)(person, at, about)

    # ---- the whole ---------------------------------------------------------------------------

    def _finish_plan(self, goal: StockEnding) -> Plan:
        reading, genre = self.reading, self.genre
        logline = reading.logline or f"{capital(a(reading.who))} has to {goal.do} {reading.deadline}".rstrip() + "."
        place_names = [place.name for place in self.places[: self.inner]]
        names = world_names(reading.setting, goal.do if reading.goal or not reading.setting else "", place_names)
        return Plan(
            premise=self.premise,
            logline=logline,
            who=reading.who,
            look=reading.look,
            air=self.dice.choice(genre.air),
            motions=tuple(shuffled(self.dice, genre.motions)),
            setting=reading.setting or self.places[0].name,
            goal=goal.do,
            deadline=reading.deadline,
            places=self._places(),
            steps=tuple(self.steps),
            genre=genre.name,
            surroundings=genre.surroundings,
            has_hands=has_hands(reading.who, self.premise.lower()),
            proper_words=reading.proper_words,
            name=names[0] if self.seed == 1 else self.dice.choice(names),
        )

    def _places(self) -> tuple[PlanPlace, ...]:
        """Return the places; nothing stands there that can be taken elsewhere: there is one of it in the world."""
        taken_names = {step.thing.bare for step in self.steps if step.kind == "take"}
        places = []
        for place in self.places:
            props = tuple(prop for prop in place.props if prop.bare not in taken_names)
            # what was taken is seen again where it was taken to
            places.append(replace(place, props=props) if len(props) >= MIN_PROPS and not place.end else place)
        return tuple(places)
