"""A plan as a model writes it: the JSON Schema it is asked under, and the reading of what comes back.

Places, endings and keys have ids that the schema fixes, so that a step can name nothing that is not there. What is left
to go wrong (ways that do not connect, a key behind its own lock) is found by playing the plan, and said in words that
a model can act on.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, cast

from worldkit.generation.planning.assignment import named
from worldkit.generation.planning.goal import LONGEST, MOST
from worldkit.generation.planning.plan import End, Kind, Place, Plan, Step, flaws
from worldkit.generation.planning.planner import shape
from worldkit.generation.planning.stock import Thing
from worldkit.generation.text.constraints import clean, faults
from worldkit.generation.text.english import slug, title

LARGEST = 24
"""States of the largest plan that a model is asked for: a longer one runs out of most models' hands."""
KEYS = ("k1", "k2", "k3", "k4")
KINDS = ("way", "back", "drop", "lock", "goal", "fall", "take", "act")
NONE = "none"

_PHRASE = re.compile(r"[a-z][a-z' -]*[a-z]")
_SENTENCE = re.compile(r"[A-Z][A-Za-z0-9',;: -]*[.!?]")
_ARTICLE = re.compile(r"(?:a|an|the|some) ")


@dataclass(frozen=True, slots=True)
class Ids:
    """The ids of a plan of some size."""

    inner: tuple[str, ...]
    wins: tuple[str, ...]
    losses: tuple[str, ...]


def ids(states: int) -> Ids:
    """Return the ids of a plan of so many states, endings included."""
    wins, losses = shape(states)
    inner = states - wins - losses
    return Ids(
        tuple(f"p{n}" for n in range(1, inner + 1)),
        tuple(f"w{n}" for n in range(1, wins + 1)),
        tuple(f"l{n}" for n in range(1, losses + 1)),
    )


def schema(states: int) -> dict[str, Any]:
    """Return the JSON Schema of a draft of so many states."""
    known = ids(states)
    text = {"type": "string"}
    things = {"type": "array", "items": text, "minItems": 2, "maxItems": 4}
    place = _object(name=text, things=things)
    ending = _object(name=text, things=things, title=text, subtitle=text)
    step = _object(
        kind={"enum": list(KINDS)},
        do=text,
        at={"enum": list(known.inner)},
        to={"enum": [*known.inner, *known.wins, *known.losses, NONE]},
        thing=text,
        key={"enum": [*KEYS, NONE]},
    )
    return _object(
        name=text,
        who=text,
        look=text,
        air=text,
        setting=text,
        goal=text,
        places=_object(**dict.fromkeys(known.inner, place)),
        endings=_object(**dict.fromkeys([*known.wins, *known.losses], ending)),
        keys=_object(**dict.fromkeys(KEYS, text)),
        steps={"type": "array", "items": step, "minItems": states, "maxItems": 4 * states},
    )


def _object(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def read(data: Any, drawn: Plan, states: int) -> tuple[Plan | None, list[str]]:
    """Read a draft into a plan.

    Args:
        data: The draft as JSON values; anything at all.
        drawn: The plan a seed drew: what a draft has no say in, or says unfit, is taken from it.
        states: How many states were asked for.

    Returns:
        The plan and no refusals, or no plan and what has to be put right.
    """
    reader = _Reader(drawn, ids(states))
    made = reader.read(data if isinstance(data, Mapping) else {})
    if reader.refusals:
        return None, reader.refusals
    if found := [*_missing(made), *flaws(made)]:
        return None, found
    return made, []


def _missing(plan: Plan) -> list[str]:
    """Return what a world worth playing has and this plan lacks."""
    ways = {(step.at, step.to) for step in plan.steps if step.to}
    first = plan.places[0]
    inner = {place.id for place in plan.places if place.end is None}
    found = []
    if len({to for at, to in ways if at == first.id}) < 2:
        found.append(f"{first.id} needs ways to at least two other places")
    if not any((to, at) in ways for at, to in ways):
        found.append("one way at least has to lead there and back")
    if not any(step.kind == "lock" for step in plan.steps):
        found.append("a step of the kind lock is needed, with a key that is taken elsewhere")
    if not any(to in inner and (to, at) not in ways for at, to in ways):
        found.append("a step of the kind drop is needed: to a place from which no step leads straight back")
    if not any(step.kind == "act" for step in plan.steps):
        found.append("a step of the kind act is needed: something done on the spot")
    return found


@dataclass
class _Reader:
    drawn: Plan
    ids: Ids
    refusals: list[str] = field(default_factory=list)
    renamed: dict[str, str] = field(default_factory=dict)

    def read(self, data: Mapping[str, Any]) -> Plan:
        drawn = self.drawn
        places = [self._place(id, _under(data, "places", id), None) for id in self.ids.inner]
        for ends, kind in ((self.ids.wins, "win"), (self.ids.losses, "lose")):
            places += [self._place(id, _under(data, "endings", id), kind) for id in ends]
        keys = {id: self._thing(text) for id, text in _mapping(data, "keys").items() if id in KEYS}
        given = data.get("steps")
        listed = given if isinstance(given, list) else []
        if not listed:
            self.refusals.append("steps: expected a list of steps")
        steps = [step for n, item in enumerate(listed, 1) if (step := self._step(n, item, keys))]
        who, look = _plain(data.get("who")), _plain(data.get("look"))
        fits = len(who.split()) == 1 and len(who) > 2 and 8 < len(look) <= 120 and bool(_ARTICLE.match(look))
        air, goal, setting = str(data.get("air", "")), _plain(data.get("goal")), _plain(data.get("setting"))
        named_things = " ".join(place.name for place in places)
        return replace(
            drawn,
            name=_title(data.get("name")) or drawn.name,
            who=who if fits else drawn.who,
            look=look if fits else drawn.look,
            air=air if len(air) > 20 and not faults(air, longest=160) else drawn.air,
            goal=goal if 1 < len(goal.split()) <= MOST else drawn.goal,
            setting=_ARTICLE.sub("", setting, count=1)[:32] or drawn.setting,
            foreign=frozenset(word for word in drawn.foreign if word not in named_things),
            places=tuple(places),
            steps=tuple(self._hinted(steps, {place.id: place for place in places})),
        )

    def _place(self, id: str, body: Mapping[str, Any], kind: str | None) -> Place:
        name = _ARTICLE.sub("", _plain(body.get("name")), count=1)
        if not 2 < len(name) <= 36:
            self.refusals.append(f"{id}.name: expected a place in two to five plain lower-case words, in English")
            name = id
        given = body.get("things")
        props = [self._thing(item) for item in given] if isinstance(given, list) else []
        seen = {thing.text: thing for thing in props if thing}
        if not 2 <= len(seen) <= 4:
            self.refusals.append(f"{id}.things: expected two to four things, each such as 'a brass key' or 'oil drums'")
            seen = {"a lamp": Thing("a lamp")}
        own = slug(name)
        number = 2
        while own in self.renamed.values():
            own, number = f"{slug(name)}_{number}", number + 1
        self.renamed[id] = own
        return Place(own, name, tuple(seen.values()), self._end(id, body, kind))

    def _end(self, id: str, body: Mapping[str, Any], kind: str | None) -> End | None:
        if kind is None:
            return None
        heading, subtitle = _title(body.get("title")), " ".join(str(body.get("subtitle", "")).split())
        if not heading:
            self.refusals.append(f"{id}.title: expected a title of at most six plain words")
        if not (8 < len(subtitle) <= 140 and _SENTENCE.fullmatch(subtitle) and clean(subtitle)):
            self.refusals.append(f"{id}.subtitle: expected a plain sentence of at most 140 characters, with its stop")
        ending: Literal["win", "lose"] = "win" if kind == "win" else "lose"
        return End(ending, heading, subtitle)

    def _thing(self, item: Any) -> Thing | None:
        text = re.sub(r"\A(?:the|some) ", "", _plain(item))
        if not 2 < len(text) <= 36:
            return None
        return Thing(text) if text.startswith(("a ", "an ")) else named(text)

    def _step(self, number: int, item: Any, keys: Mapping[str, Thing | None]) -> Step | None:
        body = item if isinstance(item, Mapping) else {}
        kind, at, to, key = (str(body.get(name)) for name in ("kind", "at", "to", "key"))
        here = f"step {number}"
        do = re.sub(r"\Ato ", "", _plain(body.get("do")))
        thing, held = self._thing(body.get("thing")), keys.get(key)
        where = {"goal": self.ids.wins, "fall": self.ids.losses, "take": (NONE, at), "act": (NONE, at)}
        wrong = ""
        if kind not in KINDS or at not in self.ids.inner:
            wrong = f"kind: expected one of {', '.join(KINDS)}; at: one of {', '.join(self.ids.inner)}"
        elif to not in where.get(kind, self.ids.inner) or (to == at and kind not in ("take", "act")):
            led = ", ".join(where.get(kind, self.ids.inner))
            wrong = f"to: a step of the kind {kind} at {at} leads to another one of {led}"
        elif not 1 < len(do.split()) <= MOST or len(do) > LONGEST:
            wrong = "do: expected what is done in two to twelve plain lower-case words, such as 'climb the worn stair'"
        elif thing is None and kind != "take":
            wrong = "thing: expected the thing it is done with, such as 'a worn stair'"
        elif kind in ("take", "lock") and held is None:
            wrong = f"key: a step of the kind {kind} needs one of {', '.join(KEYS)}, named under keys"
        if wrong:
            self.refusals.append(f"{here}, {wrong}")
            return None
        flags = (slug(held.bare),) if held else ()
        used = held if kind == "take" and held else thing
        assert used is not None
        return Step(
            name="",
            do=f"take {used.the}" if kind == "take" else do,
            kind=cast(Kind, kind),
            at=self.renamed[at],
            to=None if kind in ("take", "act") else self.renamed[to],
            thing=used,
            requires=() if kind in ("take", "act", "back", "fall") else flags,
            grants=flags if kind == "take" else (),
        )

    def _hinted(self, steps: list[Step], places: Mapping[str, Place]) -> list[Step]:
        """Name the steps and say of each lock where its key lies, and of each key what it is good for."""
        taken: set[str] = set()
        made = []
        source = {flag: step for step in steps for flag in step.grants}
        for step in steps:
            hint = ""
            if step.requires and (found := source.get(step.requires[0])):
                hint = f"Needs {found.thing.the}: look around the {places[found.at].name}."
            elif step.requires:
                self.refusals.append(f"'{step.do}' needs {step.requires[0]}, and no step of the kind take gives it")
            elif step.grants:
                use = next((other.do for other in steps if set(step.grants) & set(other.requires)), "")
                hint = f"With it you can {use}." if use else "It may be of use."
            if step.grants and source[step.grants[0]] is not step:
                self.refusals.append(f"'{step.do}' stands twice; every key is taken once")
            name, number = slug(step.do), 2
            while name in taken:
                name, number = f"{slug(step.do)}_{number}", number + 1
            taken.add(name)
            made.append(replace(step, name=name, hint=hint))
        return made


def _under(data: Mapping[str, Any], group: str, id: str) -> Mapping[str, Any]:
    return _mapping(_mapping(data, group), id)


def _mapping(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = data.get(name)
    return found if isinstance(found, Mapping) else {}


def _plain(item: Any) -> str:
    """Return a phrase in lower case when it is plain words that every prose rule allows, else nothing."""
    text = " ".join(item.lower().split()).rstrip(".") if isinstance(item, str) and len(item) <= 200 else ""
    whole = text.replace(",", "")
    return text if _PHRASE.fullmatch(whole) and clean(text) else ""


def _title(item: Any) -> str:
    text = _plain(item)
    return title(text) if len(text) <= 48 and len(text.split()) <= 6 and "," not in text else ""
