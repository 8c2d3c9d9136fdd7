"""The texts that a place and its events need, each with what it has to name and what it must not tell."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

from worldkit.core.progress import Address
from worldkit.generation.direct.basis import setting
from worldkit.generation.direct.naming import mentions, names_beside, names_in, points_to
from worldkit.generation.direct.person import acts, agreeing
from worldkit.generation.direct.plan import MoveOutline, WorldPlan
from worldkit.generation.direct.wording import bare, is_many, normal_text, the
from worldkit.generation.planning.plan import PlanPlace
from worldkit.generation.text.english import capital, listing, preposition

PHASE_COUNT = 2
"""Steps of a move that is told step by step: what leads to a win, and of a strong model also what leads to a loss."""
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

VISIBLE_FORMS: frozenset[Form] = frozenset(("base", "movement", "ambient", "event", "phase"))
"""What a picture is made of: a word of absence there is drawn. Cameras and narration are exempt."""

DETAIL_FORMS: frozenset[Form] = frozenset(("camera", "movement", "ambient"))
"""What shows a place and tells nothing of the story."""

_DETERMINERS = "(?:the|an?|his|her|their|its|your)"


@dataclass(frozen=True, slots=True)
class Passage:
    """A text that a model is asked for.

    Attributes:
        key: Where it stands in a model's answer.
        names: What it has to name, each with a sentence that names it, for a text that does not.
        plain: The text that is used when no text of the model is accepted; ``is_template`` says that the templates tell
            its place, and have it where it has to be told. No model is asked for one that ``is_told``.
        elsewhere: The places in which nothing of it is.
        leads_to: The place that a move leads to.
        strange_sights, sight_heads: What is seen in other places, and words for what is seen or carried anywhere; those
            of its own place, and of what the hero has by then, are among its ``own_words``.
        absent: The things to carry that have no part in it; ``own_names`` of the place may hold theirs.
    """

    at: Address
    key: tuple[str, ...]
    form: Form
    names: Mapping[str, str] = field(default_factory=dict)
    plain: str = ""
    is_template: bool = False
    is_told: bool = False
    elsewhere: tuple[str, ...] = ()
    leads_to: str = ""
    strange_sights: tuple[str, ...] = ()
    sight_heads: frozenset[str] = frozenset()
    own_words: frozenset[str] = frozenset()
    absent: tuple[str, ...] = ()
    own_names: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """Its key as a model is told it, such as ``"e1.base"``."""
        return ".".join(self.key)

    def unnamed(self, text: str) -> list[str]:
        """Return those of ``names`` that a text does not name."""
        return [name for name in self.names if not points_to(text, name)]

    def other_place(self, text: str) -> str:
        """Return another place in which a text says that something is or goes on; empty when it tells of its own."""
        stays = "(?:stand|sitt?|wait|kneel)(?:s|ing)? (?:at|on|by|near)"  # what can be seen from afar is at a place
        there = rf"\b(?:in|inside|outside|into|enters?|entering|{stays}) (?:{_DETERMINERS} )?"
        names = names_in(text, self.elsewhere)
        if self.is_template and self.form in DETAIL_FORMS:  # the templates keep to what is here
            return next(iter(names), "")
        return next((n for n in names if re.search(rf"{there}{re.escape(bare(n))}\b", text, re.IGNORECASE)), "")

    def sight_elsewhere(self, text: str) -> str:
        """Return what a text shows of another place, by its name or as "the ring"; empty where it shows none of it."""
        nouns = {*re.findall(r"\bthe ([a-z-]+)\b", text.lower())} & self.sight_heads - self.own_words
        return next(iter([*names_in(text, self.strange_sights), *sorted(nouns)]), "")


def all_passages(plan: WorldPlan, always: Mapping[str, Collection[str]] = MappingProxyType({})) -> list[Passage]:
    """Return every text that a plan needs, given the keys that are held in each place in every run."""
    return [passage for place in plan.places for passage in passages(plan, place, always.get(place.id, ()))]


def passages(plan: WorldPlan, place: PlanPlace, always: Collection[str] = ()) -> list[Passage]:
    """Return the texts that a place needs, in the order of their places in an answer."""
    basis, id = plan.basis, plan.state_ids[place.id]
    texts = _state(plan, place, id, "", always)
    if place.end:
        subtitle = place.end.subtitle or f"{capital(basis.goal if place.end.kind == 'win' else basis.stake)}."
        is_told = plan.templates_tell(place)
        texts.append(Passage(("state", id, "subtitle"), ("subtitle",), "subtitle", plain=subtitle, is_told=is_told))
    if place.has_variant:
        texts += _state(plan, place, id, "other", always)
    events_here = [(name, move) for name, move in plan.events.items() if move.at == place.id]
    for number, (name, move) in enumerate(events_here, 1):
        texts += _event(plan, move, f"e{number}", name, always)
    return texts


def _state(plan: WorldPlan, place: PlanPlace, id: str, version: str, always: Collection[str]) -> list[Passage]:
    basis, name, who = plan.basis, the(place.name), capital(plan.basis.who)
    takes = [thing for move in plan.at(place.id) if (thing := plan.thing_taken(move))]
    sights = listing(place.sees)
    stands, walks = agreeing("stand", basis.who), agreeing("walk", basis.who)
    is_first = place == plan.places[0]
    key, field = ((version,), "variant.B.") if version else ((), "")
    other_places = names_beside(plan.place_names, place.name)
    needs = {key for move in plan.moves if place.ending and move.to == place.id for key in move.needs}
    held_things = [thing for key, thing in plan.keys.items() if key in always or key in needs]
    strange_sights = names_beside(plan.sights, *place.sees, place.name)
    own_texts = (place.name, *place.sees, *takes, *held_things, *(move.do for move in plan.at(place.id)), basis.story)
    own_words = frozenset(normal_text(" ".join(own_texts)).split())
    absent_keys = unlikely_keys = _things_beside(plan, {*always, *needs})
    if plan.is_weak:  # it lays down what the hero surely carries
        absent_keys = _things_beside(plan, needs)
    elif place.ending:  # whatever was found on the way may be seen there
        absent_keys = ()

    def passage(field_: str, key_: str, form: Form, plain: str, **options: Any) -> Passage:
        options["elsewhere"] = () if form == "narration" else other_places
        if form in ("base", "ambient"):
            options["absent"] = tuple(thing for thing in absent_keys if thing not in takes)
        elif plan.is_weak:  # it takes one again at each visit; of a strong model the hero may be seen to carry one
            options["absent"] = unlikely_keys
        options["own_names"] = (place.name, *((place_of_premise,) if place_of_premise else ()))
        field_at = field + field_
        plain = place.template_texts.get(field_at, plain)
        if place.template_texts and not version:
            options |= {"is_template": True, "strange_sights": strange_sights}
            options |= {"sight_heads": plan.sight_heads, "own_words": own_words}
        return Passage(("state", id, field_at), (*key, key_), form, plain=plain, **options)

    place_of_premise = setting(basis.premise) if is_first else ""
    in_setting = f" in {place_of_premise}" if place_of_premise and not mentions(name, place_of_premise) else ""
    keys_here = listing(takes)
    keys_in_reach = f" {capital(keys_here)} {agreeing('lie', keys_here)} within reach." if takes else ""
    is_all_there_is = place.sees == (f"the {place.name}",)
    view = "seen from one end to the other" if is_all_there_is else f"with {sights}"
    own_name = f"{capital(name)}{in_setting}"
    first_sight, second_sight = the(place.sees[0]), the(place.sees[1 % len(place.sees)])
    names = {place.name: f"{own_name}."}
    if in_setting and plan.is_weak and not version:
        names[place_of_premise] = f"{own_name}."
    # whoever answers has to be seen
    answers = [move.do for move in plan.at(place.id) if move.is_told and move.takes in plan.learned]
    names |= {sight: f"{own_name}." for sight in place.sees if any(mentions(do, sight) for do in answers)}
    texts = [
        passage("base", "base", "base", f"{own_name}, {view}.{keys_in_reach}", names=names),
        passage("camera.static", "still", "camera", f"A wide, level view of {name}, {first_sight} in the middle."),
        passage("camera.dynamic", "pan", "camera", f"The camera follows {basis.who} past {the(place.sees[-1])}."),
        passage("movement.static", "stand", "movement", f"{who} {stands} still before {first_sight}."),
        passage("movement.dynamic", "walk", "movement", f"{who} {walks} on through {name}."),
        passage("ambient.0", "ambient1", "ambient", f"Light moves slowly over {first_sight}."),
        passage("ambient.1", "ambient2", "ambient", f"Shadows shift around {second_sight}."),
    ]
    is_told = plan.templates_tell(place)
    if not version and (not is_told or "narration" in place.template_texts):
        narration = f"You have to {basis.goal}." if is_first else f"You are {preposition(place.name)} {name}."
        texts.append(passage("narration", "say", "narration", narration, is_told=is_told))
    return texts


def _things_beside(plan: WorldPlan, keys: Collection[str]) -> tuple[str, ...]:
    """Return the things to carry, without those of some keys."""
    return tuple(thing for key, thing in plan.keys.items() if key not in keys and key not in plan.learned)


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
    source = plan.source(key).name
    return f"You need {the(plan.keys[key])}: {asks} {it} {preposition(source)} {the(source)}."


def _event(plan: WorldPlan, move: MoveOutline, key: str, name: str, always: Collection[str]) -> list[Passage]:
    basis, kind, do = plan.basis, plan.kind(move), move.do
    at = ("event", name)
    picture, narration = f"{capital(acts(basis.who, do))}.", f"You {do}."
    if move.after_s:
        picture = narration = f"{capital(do)}."
    target = plan.place(move.to) if move.to else None
    options: dict[str, Any] = {"leads_to": target.name if target else "", "is_told": move.is_told}

    def passage(field: str, path: Sequence[str], form: Form, plain: str, **more_options: Any) -> Passage:
        plain = move.template_texts.get(field, plain)
        return Passage((*at, field), (key, *path), form, plain=plain, **options, **more_options)

    texts = [passage("base", ["base"], "event", picture)]
    if not (move.is_told and move.template_texts) or "narration" in move.template_texts:
        texts.append(passage("narration", ["say"], "narration", narration))
    if missing_keys := lacking(move, () if plan.is_weak else always):
        hint = _plain_hint(plan, missing_keys)
        sources = [plan.source(key) for key in missing_keys]
        names = {source.name: hint for source in sources if source.id != move.at}  # a text may say that it is here
        texts.append(passage("hint", ["hint"], "hint", hint, names=names))
    if target and (kind == "win" or (kind == "lose" and not plan.is_weak)):
        to = the(target.name)
        steps = (picture, f"{capital(basis.who)} {agreeing('reach', basis.who)} {to}.")
        cameras = ("Close on the hands and what they do.", f"A wide view that opens on {to}.")
        for number in range(PHASE_COUNT):
            field, path = f"phases.{number}", f"step{number + 1}"
            texts.append(passage(f"{field}.base", [path, "base"], "phase", steps[number]))
            texts.append(passage(f"{field}.camera", [path, "camera"], "camera", cameras[number]))
    return texts
