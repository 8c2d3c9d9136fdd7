"""Draws a plan from a premise and the stock: seeded, checked by playing it out, never a dead end.

The places that are not endings form a tree of ways there and back, so all of it stays open. Into it go one way that
does not lead back, locks on some of its ways with their keys outside what they lock, a tool that the goal needs, and
one door to each ending. So the win stays within reach until an ending by construction; ``flaws`` proves it for each.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from worldkit.core.argument_checks import refusal
from worldkit.core.errors import WorldError
from worldkit.generation.engines.base import seed_of
from worldkit.generation.planning import premise as reader
from worldkit.generation.planning.assignment import Assignment, shuffled
from worldkit.generation.planning.fitting import settled, suited
from worldkit.generation.planning.goal_parts import object_of
from worldkit.generation.planning.kinds import common, has_hands, task_of, trade_of
from worldkit.generation.planning.nouns import is_roofed
from worldkit.generation.planning.plan import Kind, Plan, PlanEnding, PlanPlace, flaws
from worldkit.generation.planning.plan_builder import Need, PlanBuilder
from worldkit.generation.planning.premise import Reading
from worldkit.generation.planning.setting import OWN, is_setting
from worldkit.generation.planning.stock import (
    Genre,
    KeyAndDoor,
    OneWayMove,
    StockEnding,
    Thing,
    VerbPhrase,
    stock,
)
from worldkit.generation.text.english import a, capital, the, title
from worldkit.generation.text.word_sets import word_set

FEWEST, MOST = 5, 200
TRIES = 40


def plan(premise: str, seed: int = 1, states: int = 6) -> Plan:
    """Draw a plan.

    Args:
        premise: What the world is about; any text.
        seed: Same premise, seed and size, same plan.
        states: How many states, endings included.

    Returns:
        A plan without flaws.

    Raises:
        WrongArgument: ``states`` is out of bounds.
    """
    check_size(states)
    for attempt in range(TRIES):
        dice = random.Random(seed_of("plan", premise, seed, states, attempt))
        result = _Planner(_with_setting(reader.read(premise, dice)), dice, premise, states).draw()
        if not flaws(result):
            return result
    raise WorldError(f"no plan of {states} states without flaws in {TRIES} tries; this is a defect, please report it")


def _with_setting(reading: Reading) -> Reading:
    """Return a reading without the places that are no settings."""
    spots = tuple(spot for spot in reading.spots if is_setting(spot))
    return replace(reading, setting=reading.setting if is_setting(reading.setting) else "", spots=spots)


def check_size(states: int) -> None:
    """Check how many states a world is wanted with.

    Raises:
        WrongArgument: It is out of bounds.
    """
    if not FEWEST <= states <= MOST:
        raise refusal("states", f"{FEWEST} to {MOST} states", states)


def shape(states: int) -> tuple[int, int]:
    """Return how many of so many states are endings that are won, and how many that are lost."""
    endings = 2 + (states >= 8) + (states >= 14)
    losses = 2 if endings >= 3 else 1
    return endings - losses, losses


@dataclass
class _Planner(PlanBuilder):
    reading: Reading
    dice: random.Random
    premise: str
    states: int

    @property
    def has_common_passages(self) -> bool:
        """Whether one gets about here as anywhere: nothing is known of such ways in the world's genre."""
        return self.reading.genre.name == OWN and not self.reading.genre.one_way_moves

    def draw(self) -> Plan:
        genre = self.reading.genre
        assignment = Assignment(self.reading, self.dice)
        endings = sum(shape(self.states))
        goal, losses, other_goals = assignment.stock_endings(endings)
        for spot in assignment.spots(self.states - endings, [goal, *losses, *other_goals]):
            self.add_place(spot.name, spot.props, roofed=spot.is_roofed)
        self.inner = len(self.places)
        self.parent = self._tree(self.inner)
        self.children = [[c for c, p in enumerate(self.parent) if p == i] for i in range(self.inner)]
        self.spare_ways = [*shuffled(self.dice, genre.ways), *shuffled(self.dice, stock().ways)]
        self.common_ways = {roof: shuffled(self.dice, common(roof).passages.ways) for roof in (True, False)}
        locks = self._locks(genre)
        for at in range(1, self.inner):
            self._connect(at, locks.get(at))
        self._drop(locks)
        self._goal(goal, genre, locks)
        for other_goal in other_goals:
            tool = next(step for step in self.steps if step.kind == "goal")
            self._end(other_goal, "goal", self._free_place(), (tool.requires, tool.hint))
        for loss in losses:
            self._end(loss, "fall", self._free_place())
        self._acts(genre)
        return self._finish_plan(goal)

    # ---- places ------------------------------------------------------------------------------

    def _tree(self, count: int) -> list[int]:
        parent = [-1]
        for at in range(1, count):
            open_ = [p for p in range(max(0, at - 4), at) if parent.count(p) < 3]
            # the second place hangs on the first and so does the third: the entrance is a choice
            parent.append(0 if at <= 2 else self.dice.choice(open_))
        return parent

    def _under(self, top: int) -> set[int]:
        descendants, stack = set(), [top]
        while stack:
            at = stack.pop()
            descendants.add(at)
            stack += self.children[at]
        return descendants

    # ---- locks -------------------------------------------------------------------------------

    def _locks(self, genre: Genre) -> dict[int, KeyAndDoor]:
        """Lock some ways into the tree, and lay each key outside of what it opens and what opens later."""
        count = self.inner
        lock_count = min(1 + (count >= 6) + (count >= 12) + (count >= 30), len(genre.keys))
        keys = shuffled(self.dice, genre.keys)
        doors = [at for at in shuffled(self.dice, range(1, count)) if len(self._under(at)) < count - 1]
        locks: dict[int, KeyAndDoor] = {}
        closed: set[int] = set()
        for at in sorted(doors, key=lambda at: len(self._under(at)), reverse=True):
            if len(locks) == lock_count:
                break
            under = self._under(at)
            outside = [p for p in range(count) if p not in closed | under]
            if under & closed or not outside:
                continue
            key = self._key(at, keys, [lock.key for lock in locks.values()])
            locks[at] = key
            closed |= under
            away = [p for p in outside if p != self.parent[at]] or outside
            self.add_taking(key.key, self._hiding_place(away), f"It opens {key.door.the}.")
        return locks

    def _key(self, at: int, keys: Sequence[KeyAndDoor], taken_things: Sequence[Thing]) -> KeyAndDoor:
        """Return what opens the way to a place: a lock that suits a place with a roof, or without one."""
        roof = self.places[at].is_roofed
        is_common = self.has_common_passages and roof is not None
        suitable_keys = shuffled(self.dice, common(bool(roof)).passages.keys) if is_common else keys
        return next(key for key in [*suitable_keys, *keys] if key.key not in taken_things)

    # ---- steps -------------------------------------------------------------------------------

    def _connect(self, at: int, lock: KeyAndDoor | None) -> None:
        home = self.parent[at]
        if lock:
            self.add_step(f"open {lock.door.the}", "lock", home, at, lock.door, self.need_of(lock.key))
        else:
            self.add_way("way", home, at, self._way(self.places[home], self.places[at]))
        self.add_way_back(at, home)

    def _way(self, home: PlanPlace, place: PlanPlace) -> VerbPhrase:
        if self.has_common_passages:
            ways = self.common_ways[self._are_roofed(home, place)]
            if ways:
                return ways.pop()
        if not self.spare_ways:
            return VerbPhrase("go on to", Thing(place.the))
        way = suited(self.spare_ways, self.reading.genre, home, place)[0]
        self.spare_ways.remove(way)
        return way

    def _drop(self, locks: dict[int, KeyAndDoor]) -> None:
        """Add a way that leads on but not back, and the thing that it takes.

        It never leads into what is locked: the tree leads back from everywhere.
        """
        under = {lock: self._under(lock) for lock in locks}
        locks_around = {at: {lock for lock in locks if at in under[lock]} for at in range(self.inner)}
        pairs = [
            (x, y)
            for x in range(1, self.inner)
            for y in range(self.inner)
            if y not in (x, self.parent[x]) and self.parent[y] != x and locks_around[y] <= locks_around[x]
        ]
        if not pairs:
            return
        x, y = self.dice.choice([pair for pair in pairs if not locks_around[pair[0]]] or pairs)
        moves = self._one_way_moves(self.places[x], self.places[y])
        move = self.dice.choice([move for move in moves if not self.grants(move.tool)] or moves)
        elsewhere = [at for at in range(self.inner) if at != x]
        self.add_taking(move.tool, self._hiding_place(elsewhere), f"With it you can {move.verb} {move.thing.the}.")
        self.add_way("drop", x, y, move, self.need_of(move.tool))

    def _one_way_moves(self, place: PlanPlace, other: PlanPlace) -> Sequence[OneWayMove]:
        if self.has_common_passages:
            return common(self._are_roofed(place, other)).passages.one_way_moves
        genre = self.reading.genre
        return suited(genre.one_way_moves or stock().one_way_moves, genre, place, other)

    def _are_roofed(self, *places: PlanPlace) -> bool:
        return all(is_roofed(place, self.reading.genre.name) for place in places)

    def _goal(self, goal: StockEnding, genre: Genre, locks: dict[int, KeyAndDoor]) -> None:
        count = self.inner
        behind = [at for lock in locks for at in self._under(lock)] or [count - 1]
        at = max(behind, key=lambda p: (not self.children[p], p))
        tools = [goal.tool] if goal.tool else self._tools(genre, goal.do)
        unused_tools = [tool for tool in tools if not self.grants(tool)] or tools
        tool = next((tool for tool in unused_tools if tool.head not in goal.do.split()), unused_tools[0])
        elsewhere = [p for p in range(count) if p != at] or [at]
        self.add_taking(tool, self._hiding_place(elsewhere), f"With it you can {goal.do}.")
        self._end(goal, "goal", at, self.need_of(tool))

    def _tools(self, genre: Genre, goal: str) -> list[Thing]:
        """Return what may be needed for a goal, the likeliest first: what the task takes, or the trade works with."""
        task, trade = task_of(goal), trade_of(self.reading.who)
        trade_tools, task_tools = shuffled(self.dice, genre.tools), shuffled(self.dice, task.tools)
        is_by_trade = task.is_by_trade and trade is not None and trade.is_worker
        return [*trade_tools, *task_tools] if is_by_trade else [*task_tools, *trade_tools]

    def _hiding_place(self, candidates: Sequence[int]) -> int:
        """Draw a place for a thing from those in which the fewest things are taken yet."""
        places_of_things = [step.at for step in self.steps if step.kind == "take"]
        counts = {at: places_of_things.count(self.places[at].id) for at in candidates}
        fewest = min(counts.values())
        return self.dice.choice([at for at in candidates if counts[at] == fewest])

    def _free_place(self) -> int:
        """Return a place from which no way leads to an ending yet; any but the first when there is none."""
        ways_out = {step.at for step in self.steps if step.kind in ("goal", "fall")}
        every = range(1, self.inner)
        return self.dice.choice([at for at in every if self.places[at].id not in ways_out] or list(every))

    def _end(self, ending: StockEnding, kind: Kind, at: int, need: Need = ((), "")) -> None:
        end = PlanEnding("win" if kind == "goal" else "lose", ending.title, ending.subtitle)
        spot = ending.place
        to = self.add_place(spot.name, spot.props, end, spot.is_roofed)
        thing = next((prop for prop in spot.props if prop.head in ending.do.split()), spot.props[0])
        self.add_step(ending.do, kind, at, to, thing, need)

    def _acts(self, genre: Genre) -> None:
        act_count, used_places = 1 + (self.inner > 3), set[int]()
        for act, fit in settled(shuffled(self.dice, genre.acts), genre, self.places[: self.inner]):
            free = [at for at in fit if at not in used_places]
            if len(used_places) == act_count or not free:
                continue
            at = self.dice.choice(free)
            used_places.add(at)
            place = self.places[at]
            if act.thing.head not in {prop.head for prop in place.props}:
                place = self.places[at] = replace(place, props=(*place.props[:2], act.thing))
            self.add_way("act", at, None, act)

    # ---- the whole ---------------------------------------------------------------------------

    def _finish_plan(self, goal: StockEnding) -> Plan:
        reading = self.reading
        setting = reading.setting or self.places[0].name
        logline = reading.logline or f"{capital(a(reading.who))} has to {goal.do} {reading.deadline}".rstrip() + "."
        return Plan(
            premise=self.premise,
            name=called(reading.setting, goal.do if reading.goal or not reading.setting else "", stock().settings),
            logline=logline,
            who=reading.who,
            look=reading.look,
            air=self.dice.choice(reading.genre.air),
            motions=tuple(shuffled(self.dice, reading.genre.motions)),
            setting=setting,
            goal=goal.do,
            deadline=reading.deadline,
            places=tuple(self.places),
            steps=tuple(self.steps),
            genre=reading.genre.name,
            surroundings=reading.genre.surroundings,
            is_roofed=reading.genre.is_roofed,
            has_hands=has_hands(reading.who, self.premise.lower()),
            proper_words=reading.proper_words,
        )


def called(setting: str, goal: str, places: frozenset[str]) -> str:
    """Return what a world is called: after its chief place, else after what its goal is about, else after the goal.

    Args:
        setting: The chief place; empty when there is none.
        goal: The goal; empty when the premise sets none and has a place.
        places: Words for places.
    """
    it = object_of(goal, places)
    if setting and (setting not in _ANYWHERE or not it):
        return title(the(setting))
    if not it:
        return title(goal)
    rest = goal.partition(it)[2]
    has_clause = rest.split()[:1] and rest.split()[0] in _TELLING and len(it + rest) <= 40
    return title(f"{Thing(it).the}{rest if has_clause else ''}")


_ANYWHERE = word_set("planner", "anywhere")
"""Places that say little by themselves."""
_TELLING = word_set("planner", "telling")
