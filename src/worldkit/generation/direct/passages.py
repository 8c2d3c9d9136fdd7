"""The texts that a place and its events need, each with what it has to name and what it must not tell."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Literal

from worldkit.core.progress import Address
from worldkit.generation.direct.claims import DETERMINERS, Outcome, goes_to
from worldkit.generation.direct.naming import contains_name, content_words, is_somebody, mentions, points_to
from worldkit.generation.direct.plan import MoveOutline, PlaceOutline, WorldPlan
from worldkit.generation.direct.premise_words import setting
from worldkit.generation.direct.verbs import acts, agreeing
from worldkit.generation.direct.wording import bare, head, is_many, the
from worldkit.generation.text.english import capital, listing

Form = Literal["base", "camera", "movement", "ambient", "narration", "hint", "event", "phase", "subtitle"]

LENGTHS: Mapping[Form, tuple[int, int]] = {
    "base": (40, 400),
    "camera": (10, 150),
    "movement": (10, 150),
    "ambient": (8, 120),
    "narration": (8, 260),
    "hint": (8, 160),
    "event": (12, 320),
    "phase": (12, 260),
    "subtitle": (6, 140),
}
"""Characters of a text at least and at most. Together they keep every prompt under 1,900 (docs/spec/rules.md)."""

VISIBLE: frozenset[Form] = frozenset(("base", "movement", "ambient", "event", "phase"))
"""What a picture is made of: a word of absence there is drawn. Cameras and narration are exempt."""

PHASES = 2
"""Steps of a move that is told step by step: what leads to a win, and of a strong model also what leads to a loss."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A text that a model is asked for.

    Attributes:
        key: Where it stands in a model's answer.
        names: What it has to name, each with a sentence that names it, for a text that does not.
        move_words, other_moves: The words of the move that it tells, and what else can be done there, with its words.
        plain: The text that is used when no text of the model is accepted.
        gives: The thing that the hero takes, which the text must not deny.
        elsewhere, unvisited: The places in which nothing of it is, and those to which the hero does not go in it.
        leads_to: The place that the hero goes to.
        bystanders: Who else is in the place: what the hero does is not told of them.
        absent: The things to carry that do not lie in this place; ``own_names`` of the place may hold their names.
        story: The premise and the goal, for the texts of an ending.
        later: What is done at last and not in this text.
    """

    at: Address
    key: tuple[str, ...]
    form: Form
    names: Mapping[str, str] = field(default_factory=dict)
    move_words: tuple[str, ...] = ()
    other_moves: tuple[tuple[str, tuple[str, ...]], ...] = ()
    plain: str = ""
    gives: str = ""
    elsewhere: tuple[str, ...] = ()
    unvisited: tuple[str, ...] = ()
    leads_to: str = ""
    bystanders: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    own_names: tuple[str, ...] = ()
    outcome: Outcome | None = None
    story: str = ""
    later: str = ""

    @property
    def path(self) -> str:
        """Its key as a model is told it, such as ``"e1.base"``."""
        return ".".join(self.key)

    def unnamed(self, text: str) -> list[str]:
        """Return those of ``names`` that a text does not name."""
        return [name for name in self.names if not points_to(text, name)]

    def other_place(self, text: str) -> str:
        """Return another place in which a text says that something is or goes on; empty when it tells of its own."""
        # what can be seen from afar is at a place; a hint says at which place something is, and what is taken is here
        at = "|at|on|by|near|from" if self.form == "hint" else "|from" if self.gives else ""
        there = rf"\b(?:in|inside|outside|into|enters?|entering{at}) (?:{DETERMINERS} )?"
        folded_text = text.casefold()
        for name in self.elsewhere:
            is_in_text = bare(name).casefold() in folded_text
            if is_in_text and re.search(rf"{there}{re.escape(bare(name))}\b", text, re.IGNORECASE):
                return name
        return ""

    def unvisited_place(self, text: str) -> str:
        """Return a place to which a text has the hero go, and the hero does not; empty when it has none."""
        return next((name for name in self.unvisited if goes_to(text, name)), "")

    def other_actor(self, text: str) -> str:
        """Return who else a text begins with; empty where it begins otherwise."""
        return next((name for name in self.bystanders if text.casefold().startswith(f"{the(name)} ".casefold())), "")

    def other_move(self, text: str) -> str:
        """Return another move of the place that a text tells instead of its own; empty where it tells none.

        A text may tell its move in words that are none of the plan's. Weak models shift texts: it is another move's
        where it has two words of that, and none of its own.
        """
        if any(mentions(text, word) for word in self.move_words):
            return ""
        for do, words in self.other_moves:
            other_words = set(words).difference(self.move_words)
            if sum(mentions(text, word) for word in other_words) >= min(2, len(other_words) or 1):
                return do
        return ""


def all_passages(plan: WorldPlan, always: Mapping[str, Collection[str]] = MappingProxyType({})) -> list[Passage]:
    """Return every text that a plan needs, given the keys that are held in each place in every run."""
    return [passage for place in plan.places for passage in passages(plan, place, always.get(place.id, ()))]


def passages(plan: WorldPlan, place: PlaceOutline, always: Collection[str] = ()) -> list[Passage]:
    """Return the texts that a place needs, in the order of their places in an answer."""
    basis, id = plan.basis, plan.state_ids[place.id]
    texts = _state(plan, place, id, "", always)
    if place.ending:
        subtitle = place.subtitle or f"{capital(basis.goal if place.ending == 'win' else basis.stake)}."
        texts.append(Passage(("state", id, "subtitle"), ("subtitle",), "subtitle", plain=subtitle))
        # what stands there may be called what a loss is called: the temple ruins
        story = " ".join((basis.story, place.name, *place.sees))
        texts = [replace(text, outcome=place.ending, story=story) for text in texts]
    if place.has_variant:
        texts += _state(plan, place, id, "other", always)
    events_here = [(name, move) for name, move in plan.events.items() if move.at == place.id]
    for number, (name, move) in enumerate(events_here, 1):
        texts += _event(plan, move, f"e{number}", name, always)
    return texts


def _state(plan: WorldPlan, place: PlaceOutline, id: str, version: str, always: Collection[str]) -> list[Passage]:
    basis, name, who = plan.basis, the(place.name), capital(plan.basis.who)
    takes = [thing for move in plan.at(place.id) if (thing := plan.thing_taken(move))]
    sights = listing(place.sees)
    stands, walks = agreeing("stand", basis.who), agreeing("walk", basis.who)
    is_first = place == plan.places[0]
    key, field = ((version,), "variant.B.") if version else ((), "")
    other_names = _names_of_others(plan, place)
    # whatever was found on the way may be seen at an ending
    absent_keys = tuple(
        thing
        for key, thing in plan.keys.items()
        if not (place.ending or key in always or thing in takes or key in plan.learned)
    )

    def passage(field_: str, key_: str, form: Form, plain: str, **options: Any) -> Passage:
        options["elsewhere"] = () if form == "narration" else other_names
        options["unvisited"] = other_names if form in ("base", "movement", "narration") else ()
        options["bystanders"] = _bystanders(plan, place) if form == "movement" else ()
        # the hero may carry one, so cameras and movements may show it
        options["absent"] = absent_keys if form in ("base", "ambient") else ()
        options["own_names"] = (place.name, *((place_of_premise,) if place_of_premise else ()))
        return Passage(("state", id, field + field_), (*key, key_), form, plain=plain, **options)

    place_of_premise = setting(basis.premise) if is_first else ""
    in_setting = f" in {place_of_premise}" if place_of_premise and not mentions(name, place_of_premise) else ""
    keys_here = listing(takes)
    keys_in_reach = f" {capital(keys_here)} {agreeing('lie', keys_here)} within reach." if takes else ""
    is_all_there_is = place.sees == (f"the {place.name}",)
    view = "seen from one end to the other" if is_all_there_is else f"with {sights}"
    own_name = f"{capital(name)}{in_setting}"
    first_sight, second_sight = the(place.sees[0]), the(place.sees[1 % len(place.sees)])
    names = {place.name: f"{own_name}."}
    if place_of_premise and plan.is_weak and not version:
        names[place_of_premise] = f"{own_name}."
    texts = [
        passage("base", "base", "base", f"{own_name}, {view}.{keys_in_reach}", names=names),
        passage("camera.static", "still", "camera", f"A wide, level view of {name}, {first_sight} in the middle."),
        passage("camera.dynamic", "pan", "camera", f"The camera follows {basis.who} past {the(place.sees[-1])}."),
        passage("movement.static", "stand", "movement", f"{who} {stands} still before {first_sight}."),
        passage("movement.dynamic", "walk", "movement", f"{who} {walks} on through {name}."),
        passage("ambient.0", "ambient1", "ambient", f"Light moves slowly over {first_sight}."),
        passage("ambient.1", "ambient2", "ambient", f"Shadows shift around {second_sight}."),
    ]
    if not version:
        narration = f"You have to {basis.goal}." if is_first else f"You are in {name}."
        texts.append(passage("narration", "say", "narration", narration))
    return texts


def _bystanders(plan: WorldPlan, place: PlaceOutline) -> tuple[str, ...]:
    # a weak model lists the hero among what is seen
    others = (sight for sight in place.sees if not contains_name(plan.basis.who, sight))
    return tuple(sight for sight in others if is_somebody(sight))


def _names_of_others(plan: WorldPlan, *places: PlaceOutline | None) -> tuple[str, ...]:
    """Return what the places but these are called, without names that stand in theirs."""
    own_names = [place.name.lower() for place in places if place]
    return tuple(
        name
        for other in plan.places
        # "his cabin" is the captain's cabin where the captain is the hero
        for name in (other.name, other.name.removeprefix(f"{bare(plan.basis.who)}'s "))
        if not any(bare(name).lower() in own_name for own_name in own_names)
    )


def _move_words(plan: WorldPlan, move: MoveOutline) -> tuple[str, ...]:
    """Return the words by which a text tells a move: those of what is done, its key, and where it leads."""
    key_words = [head(plan.keys[key]) for key in ([move.takes] if move.takes else move.needs)]
    return tuple(filter(None, (*content_words(move.do), *key_words, plan.place(move.to).name if move.to else "")))


def lacking(move: MoveOutline, always: Collection[str]) -> list[str]:
    """Return those keys that a move needs which the hero can lack where it is offered."""
    return [key for key in move.needs if key not in always]


def _plain_hint(plan: WorldPlan, missing_keys: Sequence[str]) -> str:
    """Return a hint that names some keys, each with where it is."""
    if len(missing_keys) > 1:
        parts = [f"{the(plan.keys[key])} from {the(plan.source(key).name)}" for key in missing_keys]
        return f"You need {listing(parts)}."
    [key] = missing_keys
    asks, it = "ask for" if key in plan.learned else "look for", "them" if is_many(plan.keys[key]) else "it"
    return f"You need {the(plan.keys[key])}: {asks} {it} in {the(plan.source(key).name)}."


def _event(plan: WorldPlan, move: MoveOutline, key: str, name: str, always: Collection[str]) -> list[Passage]:
    basis, kind, do, is_weak = plan.basis, plan.kind(move), move.do, plan.is_weak
    gives = plan.thing_taken(move)
    at = ("event", name)
    picture, narration = f"{capital(acts(basis.who, do))}.", f"You {do}."
    if move.after_s:
        picture = narration = f"{capital(do)}."
    place, target = plan.place(move.at), plan.place(move.to) if move.to else None
    leads_to = target.name if target else ""
    way: dict[str, Any] = {"unvisited": _names_of_others(plan, place, target), "leads_to": leads_to}
    others = tuple((other.do, _move_words(plan, other)) for other in plan.at(move.at) if other != move)
    name_options: dict[str, Any] = {} if move.after_s else {"bystanders": _bystanders(plan, place)}
    if is_weak and gives:
        way["elsewhere"] = _names_of_others(plan, place)
        name_options["names"] = {gives: picture}
    elif is_weak:
        name_options |= {"move_words": _move_words(plan, move), "other_moves": others}
    texts = [
        Passage((*at, "base"), (key, "base"), "event", plain=picture, gives=gives, **name_options, **way),
        Passage((*at, "narration"), (key, "say"), "narration", plain=narration, gives=gives, **way),
    ]
    if missing_keys := lacking(move, () if is_weak else always):
        sources = [plan.source(key) for key in missing_keys]
        hint = _plain_hint(plan, missing_keys)
        things = [plan.keys[key] for key in missing_keys if is_weak and key not in plan.learned]
        # a strong model may say that it is here
        source_names = [source.name for source in sources if is_weak or source.id != move.at]
        names = dict.fromkeys([*things, *source_names], hint)
        elsewhere = _names_of_others(plan, place, target, *sources)
        texts.append(Passage((*at, "hint"), (key, "hint"), "hint", names, plain=hint, elsewhere=elsewhere))
    if target and (kind == "win" or (kind == "lose" and not is_weak)):
        to = the(target.name)
        steps = (picture, f"{capital(basis.who)} {agreeing('reach', basis.who)} {to}.")
        cameras = ("Close on the hands and what they do.", f"A wide view that opens on {to}.")
        for number in range(PHASES):
            field, path = f"phases.{number}", (key, f"step{number + 1}")
            texts.append(Passage((*at, f"{field}.base"), (*path, "base"), "phase", plain=steps[number], **way))
            texts.append(Passage((*at, f"{field}.camera"), (*path, "camera"), "camera", plain=cameras[number]))
    is_goal = kind == "win" or basis.goal.lower() in do.lower()
    return texts if is_goal else [replace(text, later=basis.goal) for text in texts]
