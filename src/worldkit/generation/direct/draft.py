"""Reads a plan that a model wrote: as much as there is in its answer, and what has to be put right in it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, count
from typing import Any

from worldkit.core.model import EndingKind
from worldkit.generation.direct.basis import Basis
from worldkit.generation.direct.forbidden import allowed_name, forbidden_reason, visible_phrase
from worldkit.generation.direct.naming import proper_names
from worldkit.generation.direct.person import verb_phrase
from worldkit.generation.direct.plan import Ids, MoveOutline, WorldPlan
from worldkit.generation.direct.plan_form import (
    FEATURE_OF_TIMED_EVENT,
    MAX_NEEDED_KEYS,
    STAY,
    own_timed_move,
    read_timed,
)
from worldkit.generation.direct.schema import as_list, as_object
from worldkit.generation.direct.wording import (
    bare,
    is_clause,
    names_id,
    phrase,
    place_name,
    plain,
    shorten,
    the,
    with_names_of_ids,
)
from worldkit.generation.planning.plan import PlanEnding, PlanPlace
from worldkit.generation.planning.stock import Thing
from worldkit.generation.text.english import title

MAX_MOVES_READ, MAX_SIGHTS_READ = 8, 3
"""Moves and sights of a place that are read at most."""
MAX_KEY_CHARACTERS, MAX_SIGHT_CHARACTERS, MAX_TITLE_CHARACTERS, MAX_DETAIL_CHARACTERS = 60, 80, 48, 160
"""Characters of a key, of a sight, of a title and of what a key says at most."""


@dataclass(frozen=True, slots=True)
class PlanDraft:
    """What could be read of a plan, what has to be put right in it, and how many words are the model's."""

    plan: WorldPlan
    refusals: tuple[str, ...]
    words: int


def read(
    data: Any, basis: Basis, ids: Ids, features: frozenset[str] = frozenset(), *, is_weak: bool = True
) -> PlanDraft:
    """Read as much of a plan as there is in what a model answered, which may be anything at all."""
    return _PlanReader(as_object(data), basis, ids, features, is_weak).read()


@dataclass
class _PlanReader:
    data: Mapping[str, Any]
    basis: Basis
    ids: Ids
    features: frozenset[str]
    is_weak: bool
    refusals: list[str] = field(default_factory=list)
    words: int = 0
    keys: dict[str, str] = field(default_factory=dict)
    details: dict[str, str] = field(default_factory=dict)
    titles: set[str] = field(default_factory=set)

    def read(self) -> PlanDraft:
        self.learned = {*self._key_ids(self.data.get("learned"))}
        self.names = self.basis.names | self._new_names()
        self._read_keys()
        variants = (self.ids.inner[0], self.ids.inner[-1]) if "variants" in self.features else ()
        places = [
            PlanPlace(id, name, self._sights(id), has_variant=id in variants)
            for id, name in zip(self.ids.inner, self.basis.places, strict=True)
        ]
        names = {place.name.lower() for place in places}
        places += [self._ending(id, names) for id in self.ids.endings]
        moves: list[MoveOutline] = []
        for id in self.ids.inner:
            items = as_list(self._body(id).get("do"))
            if not items:
                self.refusals.append(f"{id}.do: expected two or three moves")
            moves += [move for item in items[:MAX_MOVES_READ] if (move := self._move(id, item))]
        moves = self._with_one_source(moves)
        self.words += len(moves)
        for name, feature in FEATURE_OF_TIMED_EVENT.items():
            if feature not in self.features:
                continue
            move, refusal = read_timed(name, self._body(name), self.ids, self.names)
            self.words += move is not None
            self.refusals += filter(None, [refusal])
            moves.append(move or own_timed_move(self.basis, self.ids, places, is_hidden=feature == "hidden"))
        plan = WorldPlan(
            self.basis,
            tuple(places),
            tuple(moves),
            self.keys,
            frozenset(self.learned),
            self.details,
            is_weak=self.is_weak,
        )
        return PlanDraft(plan, tuple(self.refusals), self.words)

    def _with_one_source(self, moves: Sequence[MoveOutline]) -> list[MoveOutline]:
        """Return moves by which each thing is taken once: it lies in one place."""
        sources: dict[str, str] = {}
        for move in moves:
            if move.takes and move.takes not in self.learned and sources.setdefault(move.takes, move.at) != move.at:
                thing = the(self.keys[move.takes])
                self.refusals.append(f"{move.at}.do, {move.do!r}: {thing} is taken at {sources[move.takes]} already")
        return [move for move in moves if move.at == sources.get(move.takes or "", move.at)]

    def _new_names(self) -> frozenset[str]:
        """Return the names in the plan: somebody may be met first."""
        bodies = [self._body(id) for id in (*self.ids.inner, *self.ids.endings)]
        sights = [sight for body in bodies for sight in as_list(body.get("see"))[:MAX_SIGHTS_READ]]
        deeds = [as_object(move).get("do") for body in bodies for move in as_list(body.get("do"))[:MAX_MOVES_READ]]
        key_names = [self._key_name(id) for id in self.ids.keys]
        items, do_texts = (tuple(map(plain, values)) for values in ((*key_names, *sights), deeds))
        names = tuple(plain(self._body(id).get("name")) for id in self.ids.endings)
        return proper_names((), (*items, *names), do_texts)

    def _body(self, id: str) -> Mapping[str, Any]:
        return as_object(self.data.get(id))

    def _key_name(self, id: str) -> Any:
        value = self.data.get(id)
        return as_object(value).get("name", value)

    def _read_keys(self) -> None:
        for id in self.ids.keys:
            thing = (phrase if id in self.learned else _thing)(self._key_name(id), MAX_KEY_CHARACTERS, self.names)
            used_names = {bare(other).lower() for other in (*self.keys.values(), *self.basis.places)}
            if not thing or bare(thing).lower() in used_names:
                self.refusals.append(
                    f"{id}: expected a thing that can be carried, other than keys and places, in at most "
                    f"{MAX_KEY_CHARACTERS} characters; what is known is listed in learned"
                )
                self.learned -= {id}
                own_things = (*self.basis.things, "a bunch of keys", "a lamp", "a coil of rope", "a folded map")
                things = chain(own_things, (f"a key with {number} teeth" for number in count(2)))
                thing = next(thing for thing in things if bare(thing).lower() not in used_names)
            else:
                self.words += 1
                if detail := plain(self._body(id).get("detail")).rstrip("."):
                    self.details[id] = shorten(detail, MAX_DETAIL_CHARACTERS)
            self.keys[id] = thing

    def _sights(self, id: str) -> tuple[Thing, ...]:
        """Return what is seen in a place."""
        items = as_list(self._body(id).get("see"))
        sights: dict[str, Thing] = {}
        for item in items[:6]:
            thing = _thing(allowed_name(plain(item)), MAX_SIGHT_CHARACTERS, self.names)
            if thing:
                sights.setdefault(bare(thing).lower(), Thing(thing))
        new_sights = tuple(sights.values())[:MAX_SIGHTS_READ]
        self.words += len(new_sights)
        if not new_sights:
            self.refusals.append(f"{id}.see: expected two or three things that stand only there")
        return new_sights

    def _ending(self, id: str, names: set[str]) -> PlanPlace:
        is_won = id in self.ids.wins
        name = place_name(visible_phrase(self._body(id).get("name"), 40, self.names))
        ending_title = plain(self._body(id).get("title")).rstrip(".")
        if not name or name.lower() in names or len(name.split()) > 6 or is_clause(name):
            self.refusals.append(f"{id}.name: expected a place of two to five words, other than the other places")
            # what is seen at an ending without a name is where the last place was
            name = f"{self.basis.places[-int(id[1:])]} in {'full light' if is_won else 'the dark'}"
        else:
            self.words += 1
        names.add(name.lower())
        outcome: EndingKind = "win" if is_won else "lose"
        if len(ending_title) > MAX_TITLE_CHARACTERS:
            self.refusals.append(
                f"{id}.title: it has {len(ending_title)} characters, and at most {MAX_TITLE_CHARACTERS} fit"
            )
        if not 2 < len(ending_title) <= MAX_TITLE_CHARACTERS or ending_title.lower() in self.titles:
            ending_title = title(
                shorten(self.basis.goal if is_won else self.basis.stake, MAX_TITLE_CHARACTERS).rstrip(".")
            )
        self.titles.add(ending_title.lower())
        return PlanPlace(id, name, self._sights(id), PlanEnding(outcome, ending_title))

    def _move(self, at: str, item: Any) -> MoveOutline | None:
        body = as_object(item)
        target = str(body.get("to"))
        do = self._words(body.get("do"), leads_on=target not in (STAY, at))
        if len(do.split()) < 2:
            reason = forbidden_reason(body.get("do"))
            self.refusals.append(f"{at}.do: expected what is done in two to ten words, begun with a verb{reason}")
            return None
        if target not in (*self.ids.inner, *self.ids.endings, STAY):
            self.refusals.append(f"{at}.do, {do!r}: to is {target!r}; expected one of the places, an ending, or {STAY}")
            return None
        takes = next(iter(self._key_ids(body.get("takes"))), None)
        needs = self._key_ids(body.get("needs"))[:MAX_NEEDED_KEYS]
        return MoveOutline(do, at, None if target in (STAY, at) else target, takes, needs)

    def _key_ids(self, value: Any) -> tuple[str, ...]:
        """Return the different ids of keys in a value: a list of them, or one."""
        ids = [value] if isinstance(value, str) else as_list(value)
        return tuple(dict.fromkeys(id for id in ids if isinstance(id, str) and id in self.ids.keys))

    def _words(self, value: Any, *, leads_on: bool) -> str:
        """Return what is done, with the things themselves where a model named the ids of keys."""
        names = {id: the(name) for id, name in self.keys.items()}
        text = with_names_of_ids(str(value or ""), names)
        do = verb_phrase(visible_phrase(text, 80, self.names, may_kill=leads_on), self.basis.who)
        return "" if names_id(do, self.ids.every_id) else do


def _thing(value: Any, longest: int, names: Collection[str]) -> str:
    """Return the phrase of a thing that is there; empty when it is a sentence: "the man is in the pit"."""
    text = visible_phrase(value, longest, names)
    return "" if is_clause(text) else text
