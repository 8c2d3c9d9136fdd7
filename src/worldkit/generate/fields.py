"""From a plan to the strings it wants written, each with what a model is asked and what is said without one."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from worldkit.generate import phrases
from worldkit.generate.constrain import clean
from worldkit.generate.engine import seed_of
from worldkit.generate.english import capital, plain, third
from worldkit.generate.lexicon import GLINT, HANGING, LIMBS, LOOSE, REST, STAND, STIR, SWAY, YOU
from worldkit.generate.moods import Mood
from worldkit.generate.plan import Place, Plan, Step
from worldkit.generate.stock import Thing

Address = tuple[str, str, str]
"""``("state" or "event", its id or name, the field)``."""

VERBS = 6
AROUND = (" around", " behind", " beyond", " beside")
ON = (" over", " around", " along", " beside")
PAST = (" past the", " toward the", " under the", " between the", " beside the", " along the")
SHOTS = (
    "A low wide shot of",
    "A close shot of",
    "A long level shot of",
    "A still corner shot of",
    "A high wide shot of",
)
MOVES = ("glides past", "tracks past", "drifts over", "moves slowly past", "pushes in past", "circles")


@dataclass(frozen=True, slots=True)
class Question:
    """What a model is asked for a field.

    Attributes:
        kind: The family of worked examples.
        text: The question.
        opening: How the answer begins.
        frame: What follows, as ``Grammar.of`` reads it.
        choices: Words for its slots.
        avoid: Words that its free parts must not hold.
        candidates: Answers to choose the best of.
        shortest: Characters that an answer has at least.
    """

    kind: str
    text: str
    opening: str
    frame: str
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)
    avoid: frozenset[str] = frozenset()
    candidates: int = 1
    shortest: int = 0


@dataclass(frozen=True, slots=True)
class Field:
    """One string wanted: where it goes, what is said without a model, and what a model is asked, if one is."""

    at: Address
    stock: tuple[str, ...]
    question: Question | None = None


def wanted(plan: Plan, seed: int) -> list[Field]:
    """Return every string a plan wants, in world order.

    Args:
        plan: The plan.
        seed: Decides which templates and verbs each gets.
    """
    dice = random.Random(seed_of("fields", plan.premise, seed, len(plan.places)))
    made: list[Field] = []
    for number, place in enumerate(plan.places):
        made += _State(plan, place, number, dice).fields()
    for step in plan.steps:
        made += _Event(plan, step, dice).fields()
    return made


def description(plan: Plan, place: Place, at: Address, seed: int) -> Field:
    """Return the field of a place's description, put anew by every seed.

    Args:
        plan: The plan it is in.
        place: The place.
        at: Where the string goes.
        seed: Decides what the sentences are about and how they are put.
    """
    dice = random.Random(seed_of("description", plan.premise, place.id, seed))
    things = list(place.props)
    dice.shuffle(things)
    texts = _State(plan, replace(place, props=tuple(things)), seed, dice)
    return Field(at, texts.stock(phrases.BASE), texts.base())


def sign(plan: Plan, place: Place, mood: Mood, at: Address, seed: int) -> Field:
    """Return the field of a sentence that shows a mood in a place.

    Args:
        plan: The plan it is in.
        place: The place.
        mood: The mood.
        at: Where the string goes.
        seed: Decides what shows it, and on what.
    """
    dice = random.Random(seed_of("sign", plan.premise, place.id, mood.name, seed))
    things = dice.sample(place.props, len(place.props)) or [Thing(place.name)]
    shown, verbs = dice.choice(sorted(mood.signs.items()))
    stock = [line.replace("{thing}", thing.the) for thing in things for line in mood.lines]
    dice.shuffle(stock)
    question = Question(
        "ambient",
        f"Place: the {place.name}. It is {mood.name} there. What {_lowered(shown)} does.",
        shown,
        " {one}{around}{thing}.",
        {"one": verbs, "around": ON, "thing": [f" {thing.the}" for thing in things[:4]]},
        candidates=2,
    )
    return Field(at, tuple(stock), question)


class _Texts:
    """What the fields of one place or step have in common."""

    def __init__(self, plan: Plan, place: Place, dice: random.Random) -> None:
        self.plan, self.place, self.dice = plan, place, dice
        self.shut_out = plan.foreign | LIMBS
        self.light = _lowered(plan.air.split(",")[0])
        props = list(place.props)
        while len(props) < 3:
            props.append(props[-1])
        self.things = dict(zip("abc", props, strict=False)) | {"place": Thing(place.name)}
        self.words = {"place": place.name, "light": self.light, "who": plan.who}

    def stock(self, *families: Iterable[str], **words: str) -> tuple[str, ...]:
        """Return every template of these families filled in, each family shuffled, those first that rules allow."""
        filled: list[str] = []
        for family in families:
            lines = [phrases.fill(line, self.things, {**self.words, **words}) for line in family]
            self.dice.shuffle(lines)
            filled += lines
        return tuple(sorted(filled, key=lambda line: not clean(line)))

    def verbs(self, thing: Thing, taken: Sequence[str] = ()) -> list[str]:
        """Draw the verbs a thing may have, those that another thing of the sentence may have left out."""
        used = {plain(verb) for verb in taken} | set(taken)
        free = [verb for verb in (SWAY if thing.head in LOOSE else REST) if plain(verb) not in used]
        return _agreeing(thing, self.dice.sample(free, min(VERBS, len(free))))


class _State(_Texts):
    def __init__(self, plan: Plan, place: Place, number: int, dice: random.Random) -> None:
        super().__init__(plan, place, dice)
        self.number = number
        here = [step for step in plan.steps if step.at == place.id]
        self.found = next((step.thing for step in here if step.kind == "take"), None)
        self.way = next((step.thing for step in here if step.kind in ("way", "lock", "drop")), None)

    def fields(self) -> Iterator[Field]:
        yield Field(self.at("base"), tuple(text + self.extra() for text in self.stock(phrases.BASE)), self.base())
        toward = f", toward {self.way.the}." if self.way else "."
        yield Field(self.at("camera.static"), self.stock(phrases.STILL), self.still())
        moving = tuple(text + toward for text in self.stock(phrases.MOVING))
        yield Field(self.at("camera.dynamic"), moving, self.moving())
        yield Field(self.at("movement.static"), self.stock(phrases.STANCE))
        yield Field(self.at("movement.dynamic"), self.stock(phrases.GAIT))
        yield Field(self.at("ambient.0"), self.stock(phrases.AMBIENT), self.ambient())
        motions = self.plan.motions
        yield Field(self.at("ambient.1"), (motions[self.number % len(motions)],))
        if self.number == 0:
            goal = f"You have to {self.plan.goal} {self.plan.deadline}".rstrip()
            yield Field(self.at("narration"), (f"{goal}.",))
        elif self.place.end is None:
            yield Field(self.at("narration"), self.stock(phrases.LINE), self.line())

    def at(self, name: str) -> Address:
        return ("state", self.place.id, name)

    def extra(self) -> str:
        """Return the sentence that shows the thing to be taken here."""
        if self.found is None:
            return ""
        lines = [phrases.fill(line, {"c": self.found}, {}) for line in phrases.FOUND]
        return f" {self.dice.choice(lines)}"

    def base(self) -> Question:
        a, b = self.things["a"], self.things["b"]
        c, one = self.things["c"], self.verbs(a)
        choices: dict[str, Sequence[str]] = {
            "stand": _agreeing(self.things["place"], self.dice.sample(STAND, VERBS)),
            "one": one,
            "two": self.verbs(b, one),
        }
        first = " {stand}{tail}."
        if self.number % 3 == 2 and c not in (a, b):
            first = f" {{stand}}{{around}} {c.text}."
            choices["around"] = AROUND
        frame = f"{first} {capital(a.text)} {{one}}{{tail}} while {b.text} {{two}}{{tail}}.{self.extra()}"
        avoid = _said(self.place.name, a.text, b.text, c.text) | self.shut_out
        text = f"Place: the {self.place.name}. Things there: {a.text}, {b.text}."
        return Question("place", text, f"The {self.place.name}", frame, choices, avoid, 3, shortest=60)

    def still(self) -> Question:
        a, b = self.dice.sample([self.things["a"], self.things["b"]], 2)
        opening = f"{self.dice.choice(SHOTS)} {a.text}, with {b.text}"
        avoid = _said(self.place.name, a.text, b.text, "shot wide frame") | self.shut_out
        text = f"Place: the {self.place.name}. Still shot of {a.text} and {b.text}."
        return Question("shot", text, opening, "{tail}.", avoid=avoid, candidates=3)

    def moving(self) -> Question:
        thing, move = self.dice.choice([self.things["b"], self.things["c"]]), self.dice.choice(MOVES)
        shown = f"camera {move} {thing.the}"
        opening = f"Toward {self.way.the}, the {shown}" if self.way else f"The {shown}"
        avoid = _said(self.place.name, opening, "shot direction motion") | self.shut_out
        text = f"Place: the {self.place.name}. Moving shot past {thing.text}."
        return Question("travel", text, opening, "{tail}.", avoid=avoid, candidates=3)

    def ambient(self) -> Question:
        thing = self.things["c"]
        avoid = _said(self.place.name, thing.text) | self.shut_out
        text = f"Place: the {self.place.name}. What {thing.text} {'do' if thing.many else 'does'}."
        verbs = _agreeing(thing, STIR if thing.head in LOOSE else GLINT)
        return Question("ambient", text, capital(thing.text), " {one}{tail}.", {"one": verbs}, avoid, 3)

    def line(self) -> Question:
        a, b = self.things["a"], self.things["b"]
        avoid = _said(self.place.name) | self.shut_out
        text = f"Place: the {self.place.name}. Things there: {a.text}, {b.text}."
        return Question("line", text, "You", " {you}{tail}.", {"you": self.dice.sample(YOU, 6)}, avoid, 3)


class _Event(_Texts):
    def __init__(self, plan: Plan, step: Step, dice: random.Random) -> None:
        super().__init__(plan, plan.place(step.to or step.at), dice)
        self.step = step
        self.words |= {"do": step.do, "does": third(step.do), "why": step.hint}

    def fields(self) -> Iterator[Field]:
        step = self.step
        families = {"take": phrases.TAKEN, "act": phrases.DONE, "back": phrases.RETURN, "goal": phrases.CLIMAX}
        base = self.stock(families.get(step.kind, phrases.STEP))
        yield Field(self.at("base"), base, self.base())
        if step.kind in ("way", "drop"):
            yield Field(self.at("narration"), self.stock(phrases.WENT), self.aside())
        elif step.kind == "act":
            yield Field(self.at("narration"), self.stock(phrases.PLAYED))
        elif step.kind == "take":
            yield Field(self.at("narration"), self.stock(phrases.GAINED))
        elif step.kind in ("goal", "fall"):
            yield Field(self.at("narration"), self.stock(phrases.ENDED))
        elif step.kind == "lock":
            key = next(s.thing for s in self.plan.steps if set(s.grants) & set(step.requires))
            self.things["b"] = key
            yield Field(self.at("narration"), self.stock(phrases.OPENED))

    def at(self, name: str) -> Address:
        return ("event", self.step.name, name)

    def base(self) -> Question:
        step, thing = self.step, self.things["b" if self.step.kind == "act" else "a"]
        opening = f"The {self.plan.who} {third(step.do)}"
        avoid = _said(step.do, self.place.name) | self.shut_out
        if step.kind == "take":
            text = f"The {self.plan.who} finds {step.thing.text} in the {self.place.name}."
            return Question("take", text, opening, " from{words}.", {}, avoid, 3)
        # the rest of a long or composed phrase is left alone: what a model adds to it makes no sense of it
        first = "{tail}" if step.kind in ("way", "drop", "lock", "act") else ""
        frame = f"{first}. {capital(thing.text)} {{one}}{{tail}}."
        sees = "" if step.kind == "act" else f" and sees {thing.text}"
        text = f"{opening}{sees}."
        kind = "act" if step.kind == "act" else "step"
        return Question(kind, text, opening, frame, {"one": self.verbs(thing)}, avoid | _said(thing.text), 3)

    def aside(self) -> Question:
        step = self.step
        avoid = _said(step.do, self.place.name) | self.shut_out
        text = f"You {step.do} to the {self.place.name}."
        return Question("aside", text, f"You {step.do}", "{past}{words}.", {"past": PAST}, avoid, 3)


def _agreeing(thing: Thing, verbs: Iterable[str]) -> list[str]:
    """Return verbs of the third person as a thing needs them."""
    return [plain(verb) if thing.many else verb for verb in verbs]


def _said(*texts: str) -> frozenset[str]:
    """Return the words that texts hold already, so that what is written around them does not say them again."""
    return frozenset(word for word in re.findall(r"[a-z]+", " ".join(texts).lower()) if word not in HANGING) - {"s"}


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]
