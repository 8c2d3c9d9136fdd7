"""A plan as a model writes it: the JSON Schema it is asked under, and the reading of whatever comes back."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count
from typing import Any

from worldkit.generation.direct.basis import Basis
from worldkit.generation.direct.claims import OUTCOME_WORDS, Outcome, contradiction
from worldkit.generation.direct.judge import repeats_question
from worldkit.generation.direct.plan import Ids, MoveOutline, PlaceOutline, WorldPlan
from worldkit.generation.direct.proper_names import proper_names
from worldkit.generation.direct.schema import TEXT, as_list, as_object, closed_object, list_of, one_of
from worldkit.generation.direct.shape import SHAPE_MOVES, graph_text
from worldkit.generation.direct.verbs import verb_phrase
from worldkit.generation.direct.wording import (
    TAKING,
    bare,
    content_words,
    ends_in_verb,
    forbidden_words,
    is_clause,
    is_thing,
    mentions,
    names_id,
    normal_text,
    phrase,
    place_name,
    plain,
    points_to,
    shorten,
    the,
    without_names,
)
from worldkit.generation.text.english import stem, title
from worldkit.language.lexicon import lexicon

_CARRYING_OFF = re.compile(r"(?:take|pick up|collect|fetch|steal) (?=(?:the|his|her|their|its|your)\b)", re.IGNORECASE)
"""The taking of something: take the ledger, but not take cover, lift the lid and find out."""
_ORIGIN = re.compile(r" (?:from|off|out of) .*")
_USING = re.compile(r"use\b", re.IGNORECASE)
STAY, NONE = "stay", "none"
MOVES, SIGHTS = 8, 3
"""Moves and sights of a place that are read at most."""
LONGEST_KEY, LONGEST_SIGHT = 60, 80
"""Characters of a key and of a sight at most."""
SECONDS = (45, 60, 90, 120)
"""After how long something may happen by itself."""
_BY_ITSELF = {"clock": "timers", "surprise": "hidden"}
"""What happens by itself, each with the feature that asks for it."""


def schema(ids: Ids, features: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Return the JSON Schema of a plan; the features ``"timers"`` and ``"hidden"`` ask for one such event."""
    move = closed_object(do=TEXT, to=one_of([*ids.inner, *ids.endings, STAY]), key=one_of([NONE, *ids.keys]))
    place = closed_object(see=list_of(TEXT, 2, 3), do=list_of(move, 2, SHAPE_MOVES))
    ending = closed_object(name=TEXT, see=list_of(TEXT, 1, 2), title=TEXT)
    seconds = {"type": "integer", "enum": list(SECONDS)}
    by_itself = {"at": one_of(ids.inner[1:]), "what": TEXT, "seconds": seconds}
    forms = {"clock": closed_object(**by_itself, to=one_of(ids.losses)), "surprise": closed_object(**by_itself)}
    return closed_object(
        **dict.fromkeys(ids.keys, TEXT),
        learned={"type": "array", "items": one_of(ids.keys)},
        **dict.fromkeys(ids.inner, place),
        **dict.fromkeys(ids.endings, ending),
        **{name: forms[name] for name, feature in _BY_ITSELF.items() if feature in features},
    )


def question(basis: Basis, ids: Ids, graph: Sequence[MoveOutline], features: frozenset[str] = frozenset()) -> str:
    """Return what a model is asked for the plan; the moves of the graph hold, and are a suggestion."""
    places = ", ".join(f"{id} {the(name)}" for id, name in zip(ids.inner, basis.places, strict=True))
    extras = ""
    if "timers" in features:
        extras += " clock: what goes wrong by itself when the hero stays too long at a place; to: how it ends."
    if "hidden" in features:
        extras += " surprise: what happens by itself at a place after a while."
    if basis.chapter:
        extras += basis.chapter.plan_rules(ids.inner)
    return (
        f"Plan this world. Places: {places}; play begins in p1. Endings: {', '.join(ids.wins)} won, "
        f"{', '.join(ids.losses)} lost. Keys: {', '.join(ids.keys)}, each a thing to carry or something to learn. "
        "see: what stands only there. do: what the hero can do there, begun with a verb. to: where it leads, or stay. "
        "key: what is taken or learned there (to stay), or what the way needs. "
        "learned: the keys that one knows and does not carry, such as a password." + extras + "\n"
        f"An example of a shape that holds: {graph_text(graph, ids.inner)}."
    )


@dataclass(frozen=True, slots=True)
class PlanDraft:
    """What could be read of a model's plan.

    Attributes:
        plan: The plan with the moves as they were written; it may not hold.
        refusals: What has to be put right in it.
        words: How many of its names and moves are the model's.
    """

    plan: WorldPlan
    refusals: tuple[str, ...]
    words: int


def read(
    data: Any, basis: Basis, ids: Ids, features: frozenset[str] = frozenset(), *, is_weak: bool = True
) -> PlanDraft:
    """Read as much of a plan as there is in what a model answered, which may be anything at all.

    What a weak model says that contradicts itself is put right or refused.
    """
    return _PlanReader(as_object(data), basis, ids, features, is_weak).read()


def as_answer(plan: WorldPlan) -> dict[str, Any]:
    """Return a plan as a model would have to write it."""
    body: dict[str, Any] = {**plan.keys, "learned": sorted(plan.learned)}
    for place in plan.places:
        sees = list(place.sees)
        if place.ending:
            body[place.id] = {"name": place.name, "see": sees, "title": place.title}
        else:
            moves = [
                {"do": move.do, "to": move.to or STAY, "key": move.takes or move.needs or NONE}
                for move in plan.at(place.id)
                if not move.after_s
            ]
            body[place.id] = {"see": sees, "do": moves}
    for move in plan.moves:
        if move.after_s:
            name = "surprise" if move.is_hidden else "clock"
            ending = {"to": move.to} if move.to else {}
            body[name] = {"at": move.at, "what": move.do, "seconds": move.after_s, **ending}
    return body


class _PlanReader:
    def __init__(
        self, data: Mapping[str, Any], basis: Basis, ids: Ids, features: frozenset[str], is_weak: bool
    ) -> None:
        self.data, self.basis, self.ids, self.features, self.is_weak = data, basis, ids, features, is_weak
        self.learned = frozenset(key for key in map(str, as_list(data.get("learned"))) if key in ids.keys)
        self.refusals: list[str] = []
        self.words = 0
        self.keys: Mapping[str, str] = {}
        self.titles: set[str] = set()
        self.names = basis.names | self._new_names()

    def read(self) -> PlanDraft:
        self.keys = keys = self._keys()
        earlier_sights: set[str] = set()
        variants = (self.ids.inner[0], self.ids.inner[-1]) if "variants" in self.features else ()
        places = [
            PlaceOutline(id, name, self._sights(id, earlier_sights), has_variant=id in variants)
            for id, name in zip(self.ids.inner, self.basis.places, strict=True)
        ]
        names = {place.name.lower() for place in places}
        places += [self._ending(id, earlier_sights, names) for id in self.ids.endings]
        moves: list[MoveOutline] = []
        for id in self.ids.inner:
            items = as_list(self._body(id).get("do"))
            if not items:
                self.refusals.append(f"{id}.do: expected two or three moves")
            moves += [move for item in items[:MOVES] if (move := self._move(id, item))]
        self.words += len(moves)
        for name, feature in _BY_ITSELF.items():
            is_hidden = feature == "hidden"
            if move := self._by_itself(name, is_hidden=is_hidden):
                moves.append(move)
                self.words += 1
            elif feature in self.features:
                self.refusals.append(f"{name}: expected at, one of the places but p1, and what happens there by itself")
                moves.append(self._own_by_itself(places, is_hidden=is_hidden))
        learned = frozenset(key for key in self.learned if not (self.is_weak and is_thing(keys[key])))
        plan = WorldPlan(self.basis, tuple(places), tuple(moves), keys, learned)
        return PlanDraft(plan, tuple(self.refusals), self.words)

    def _new_names(self) -> frozenset[str]:
        """Return the names in the plan that are no words: somebody may be met first in it."""
        bodies = [self._body(id) for id in (*self.ids.inner, *self.ids.endings)]
        sights = [sight for body in bodies for sight in as_list(body.get("see"))[:SIGHTS]]
        deeds = [as_object(move).get("do") for body in bodies for move in as_list(body.get("do"))[:MOVES]]
        texts = tuple(plain(text) for text in (*map(self.data.get, self.ids.keys), *sights, *deeds))
        return frozenset(name for name in proper_names((), texts) if name.lower() not in lexicon())

    def _body(self, id: str) -> Mapping[str, Any]:
        return as_object(self.data.get(id))

    def _keys(self) -> dict[str, str]:
        keys: dict[str, str] = {}
        for id in self.ids.keys:
            is_known = id in self.learned
            thing = (visible_phrase if is_known else _thing)(self.data.get(id), LONGEST_KEY, self.names)
            used_names = {bare(other).lower() for other in (*keys.values(), *self.basis.places)}
            if not thing or bare(thing).lower() in used_names:
                self.refusals.append(
                    f"{id}: expected a thing that can be carried, other than keys and places, in at most {LONGEST_KEY} "
                    f"characters; what is known is listed in learned"
                )
                self.learned -= {id}
                thing = self._own_key(used_names)
            else:
                self.words += 1
            keys[id] = thing
        return keys

    def _own_key(self, used_names: Collection[str]) -> str:
        own_things = (*self.basis.things, "a bunch of keys", "a lamp", "a coil of rope", "a folded map")
        things = chain(own_things, (f"a key with {number} teeth" for number in count(2)))
        return next(thing for thing in things if bare(thing).lower() not in used_names)

    def _sights(self, id: str, earlier_sights: set[str]) -> tuple[str, ...]:
        """Return what is seen in a place; a thing that was seen in one before stands there already."""
        items = as_list(self._body(id).get("see"))
        sights: dict[str, str] = {}
        for item in items[:6]:
            thing = _thing(item, LONGEST_SIGHT, self.names)
            if thing and bare(thing).lower() not in earlier_sights and not self._is_place(thing):
                sights.setdefault(bare(thing).lower(), thing)
        new_sights = dict(list(sights.items())[:SIGHTS])
        earlier_sights.update(new_sights)
        self.words += len(new_sights)
        if not new_sights:
            self.refusals.append(f"{id}.see: expected two or three things that stand only there")
        return tuple(new_sights.values())

    def _is_place(self, thing: str) -> bool:
        """Say whether what is seen is a place of the story itself, such as the marketplace in full light."""
        noun = re.split(r" (?:in|at|by|under|with) ", bare(thing).lower())[0]
        return any(noun == bare(place).lower() for place in self.basis.places)

    def _ending(self, id: str, earlier_sights: set[str], names: set[str]) -> PlaceOutline:
        is_won = id in self.ids.wins
        name = place_name(visible_phrase(self._body(id).get("name"), 40, self.names))
        ending_title = plain(self._body(id).get("title")).rstrip(".")
        if not name or name.lower() in names or len(name.split()) > 6 or is_clause(name) or ends_in_verb(name):
            self.refusals.append(f"{id}.name: expected a place of two to five words, other than the other places")
            # what is seen at an ending without a name is where the last place was
            name = f"{self.basis.places[-int(id[1:])]} in {'full light' if is_won else 'the dark'}"
        else:
            self.words += 1
        names.add(name.lower())
        outcome: Outcome = "win" if is_won else "lose"
        word = contradiction(outcome, ending_title, f"{self.basis.story} {name}") if self.is_weak else ""
        if word:
            self.refusals.append(f"{id}.title: it says {word!r}, and this ending is {OUTCOME_WORDS[outcome]}")
            ending_title = ""
        if not 2 < len(ending_title) <= 48 or ending_title.lower() in self.titles:
            ending_title = title(shorten(self.basis.goal if is_won else self.basis.stake, 48).rstrip("."))
        self.titles.add(ending_title.lower())
        return PlaceOutline(id, name, self._sights(id, earlier_sights), outcome, ending_title)

    def _move(self, at: str, item: Any) -> MoveOutline | None:
        body = as_object(item)
        do, target, key_text = self._words(body.get("do")), str(body.get("to")), str(body.get("key"))
        if len(do.split()) < 2:
            self.refusals.append(f"{at}.do: expected what is done in two to ten words, begun with a verb")
            return None
        if target not in (*self.ids.inner, *self.ids.endings, STAY):
            self.refusals.append(f"{at}.do, {do!r}: to is {target!r}; expected one of the places, an ending, or {STAY}")
            return None
        key_id = key_text if key_text in self.ids.keys else None
        if self.is_weak:
            if reason := self._contradiction(do, target):
                self.refusals.append(f"{at}.do, {do!r}: {reason}")
                return None
            do, key_id = self._agreeing(do, key_id, stays=target in (STAY, at))
        if target in (STAY, at):
            return MoveOutline(do, at, None, takes=key_id)
        return MoveOutline(do, at, target, needs=key_id)

    def _contradiction(self, do: str, target: str) -> str:
        """Return why what is done cannot lead where a weak model has it lead; empty where it can."""
        takes = any(TAKING.match(part) for part in re.split(r" and | then |, ", do))
        do_without_places = without_names(do, self.basis.places)
        taken_things = [thing for thing in self.keys.values() if takes and mentions(do_without_places, thing)]
        if taken_things and target in (*self.ids.inner, *self.ids.endings):
            return f"{the(taken_things[0])} is taken, so to is {STAY} and key names it"
        if target not in self.ids.wins and self._tells_goal(do):
            return f"this is what is wanted at last, and only a move to {' or '.join(self.ids.wins)} does it"
        return ""

    def _agreeing(self, do: str, key_id: str | None, *, stays: bool) -> tuple[str, str | None]:
        """Return what is done and its key so that they agree, where a weak model names one thing and means another."""
        if not stays:
            return self._without_other_keys(do, key_id), key_id
        if TAKING.match(do):
            # what is taken is what the words say is taken; what is no key stays where it is
            if key_id is None or not points_to(do, self.keys[key_id]):
                key_id = next((id for id, thing in self.keys.items() if mentions(do, thing)), key_id)
            if key_id is None and _CARRYING_OFF.match(do):
                do = _CARRYING_OFF.sub("look closely at ", _ORIGIN.sub("", do))
        elif key_id and _USING.match(do):
            do = f"take {the(self.keys[key_id])}"  # it is used where it is needed
        return do, key_id

    def _tells_goal(self, do: str) -> bool:
        """Say whether what is done is the goal: weak models offer that in every place."""
        if normal_text(self.basis.goal) in normal_text(do):
            return True
        # the way to the heart of the department store is not yet the way out of it
        place_stems = {stem(word) for place in self.basis.places for word in content_words(place)}
        goal_stems = [stem(word) for word in content_words(self.basis.goal) if stem(word) not in place_stems][:2]
        return len(goal_stems) == 2 and {stem(word) for word in content_words(do)}.issuperset(goal_stems)

    def _without_other_keys(self, do: str, key_id: str | None) -> str:
        """Return what is done without a key that it does not need: open the gate with the lamp, use the lamp to go."""
        for id, thing in self.keys.items():
            if id != key_id:
                name = rf"(?:the |an? )?{re.escape(bare(thing))}"
                shorter_text = re.sub(rf" (?:with|using|on|by|holding) {name}\Z", "", do)
                shorter_text = re.sub(rf"\Ause {name} to ", "", shorter_text)
                do = shorter_text if len(shorter_text.split()) > 1 else do
        return do

    def _words(self, value: Any) -> str:
        """Return what is done, with the things themselves where a model named the ids of keys."""

        def named(match: re.Match[str]) -> str:
            return the(self.keys[match[1]]) if match[1] in self.keys else match[0]

        text = re.sub(r"\b(?:the )?(k\d)\b", named, str(value or ""))
        do = verb_phrase(visible_phrase(text, 80, self.names), self.basis.who)
        return "" if names_id(do, self.ids.every_id) else do

    def _by_itself(self, name: str, is_hidden: bool) -> MoveOutline | None:
        body = self._body(name)
        at, what, seconds = body.get("at"), visible_phrase(body.get("what"), 90, self.names), body.get("seconds")
        if at not in self.ids.inner[1:] or not what:
            return None
        after = seconds if isinstance(seconds, int) and seconds in SECONDS else SECONDS[1]
        ending = str(body.get("to"))
        loss = ending if ending in self.ids.losses else self.ids.losses[0]
        return MoveOutline(what, str(at), None if is_hidden else loss, after_s=after, is_hidden=is_hidden)

    def _own_by_itself(self, places: Sequence[PlaceOutline], *, is_hidden: bool) -> MoveOutline:
        """Return what happens by itself in words of the basis and the plan, since a caller wished for it."""
        at = self.ids.inner[-1]
        if is_hidden:
            sights = next(place.sees for place in places if place.id == at)
            thing = the(sights[0]) if sights else "the floor"
            return MoveOutline(f"the light moves over {thing}", at, None, after_s=SECONDS[0], is_hidden=True)
        stake = self.basis.stake.rstrip(".")
        what = "time runs out" if forbidden_words(stake) else stake
        return MoveOutline(what, at, self.ids.losses[0], after_s=SECONDS[2])


def _thing(value: Any, longest: int, names: Collection[str]) -> str:
    """Return the phrase of a thing that is there; empty when it is a sentence: "the man is in the pit"."""
    text = visible_phrase(value, longest, names)
    return "" if is_clause(text) else text


def visible_phrase(value: Any, longest: int, names: Collection[str] = ()) -> str:
    """Return a phrase of something that is there and that a rule allows, else nothing; also nothing of the question."""
    text = phrase(value, longest, names)
    return "" if forbidden_words(text) or repeats_question(text) else text
