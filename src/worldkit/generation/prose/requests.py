"""What a string of a world is wanted for: where it goes, what is said without a model, and what a model is asked."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations

from worldkit.core.progress import Address
from worldkit.generation.engines.base import seed_of
from worldkit.generation.planning import nouns
from worldkit.generation.planning.nouns import TextSetting
from worldkit.generation.planning.plan import Plan, PlanPlace
from worldkit.generation.planning.roofs import is_roofed
from worldkit.generation.planning.sorts import Verbs, sort_of
from worldkit.generation.planning.stock import Thing
from worldkit.generation.text import phrases
from worldkit.generation.text.constraints import clean, faults
from worldkit.generation.text.english import plain, stem
from worldkit.generation.text.phrases import fill
from worldkit.generation.text.word_sets import HANGING_WORDS, word_set, words
from worldkit.generation.tiny import finite_grammar
from worldkit.generation.tiny.finite_grammar import FRONT_WAYS, TAILS, Choices

CALM_VERBS = word_set("requests", "calm")
"""What a thing may do in a template whatever else is said there."""
MAX_DRAWS = 6
"""Texts that are drawn for a question without a model, of which the first that is new is taken."""
_WORDS = re.compile("[a-z]+")
_BODILY_WORD = re.compile(rf"\b(?:{'|'.join(words('requests', 'bodily'))})\b")


@dataclass(frozen=True, slots=True)
class Question:
    """What a model is asked for a field.

    Attributes:
        kind: The family of worked examples.
        text: The question.
        prefix: How the answer begins.
        frame: What follows, as ``finite_grammar.grammar`` reads it.
        choices: Words for its slots; verbs with the name of the tail that each takes.
        avoid: Words that are not drawn for it.
        min_characters: Characters that an answer has at least.
        tail: The name of the tail that no verb of the frame comes before.
        spot: Where it is told of, so that known words can be drawn.
        suffix: What the frame ends with, for a model that is not held to it.
    """

    kind: str
    text: str
    prefix: str
    frame: str
    choices: Choices
    avoid: frozenset[str] = frozenset()
    min_characters: int = 0
    tail: str = ""
    spot: TextSetting | None = None
    suffix: str = ""

    def grammar(self, seed: int, attempt: int) -> str:
        """Return the grammar that a small model's answer is held to; another for every attempt."""
        return finite_grammar.grammar(self.frame, self.choices, self._scene(attempt), self.tail, seed)

    def random_answer(self, dice: random.Random, attempt: int) -> str:
        """Return what a grammar of the question allows, drawn without a model."""
        seed = dice.getrandbits(64)
        return finite_grammar.random_answer(self.frame, self.choices, self._scene(attempt), dice, self.tail, seed)

    def _scene(self, attempt: int) -> nouns.SceneNouns:
        return nouns.draw(self.spot, self.avoid, attempt) if self.spot else nouns.SceneNouns({})


@dataclass(frozen=True, slots=True)
class Sight:
    """A thing that is seen at the end of a text, and the address of the description that says where it stands."""

    at: Address
    thing: Thing


@dataclass(frozen=True, slots=True)
class OnDemand(Iterable[str]):
    """Texts that are made as they are read, anew each time: of most only the first is wanted."""

    make: Callable[[], Iterator[str]]

    def __iter__(self) -> Iterator[str]:
        return self.make()


@dataclass(frozen=True, slots=True)
class Field:
    """One string wanted.

    Attributes:
        at: Where it goes.
        stock: Templates: what may be said without a model; empty where answers are drawn.
        question: What a model is asked, if one is.
        sight: What the text of a model that is held to a frame ends with, in the words of the description.
        answers: Answers to the question that no model gave.
    """

    at: Address
    stock: Iterable[str] = ()
    question: Question | None = None
    sight: Sight | None = None
    answers: Iterable[str] = ()


PENDING_TEXT = "…"
"""What stands where a text is still to be written."""


def texts_to_come(fields: Iterable[Field]) -> dict[Address, str]:
    """Return the texts of a plan before a model is asked for any."""
    return {item.at: PENDING_TEXT if item.question else next(filter(clean, item.stock)) for item in fields}


_VERB_WITHOUT_PLACE = re.compile(r"\b(?:lies?|stretch(?:es)?|spreads?|widens?)\.(?= |\Z)")
"""What says nothing of a place without more: the desert lies."""


class Turns:
    """Which templates of a family come first in a world: those that it has told least; ``first`` count as told."""

    def __init__(self, plan: Plan, first: int = 0) -> None:
        self._world = (plan.premise, *(place.id for place in plan.places))
        self._first = first
        self._times_told = Counter[str]()
        self._orders: dict[str, list[str]] = {}

    def lines(self, family: str) -> list[str]:
        """Return the templates of a family, or of several, in the order that this world has them in by now."""
        if family not in self._orders:
            lines = [line for name in family.split() for line in phrases.family(name)]
            order = random.Random(seed_of(family, *self._world)).sample(lines, len(lines))
            first = self._first % len(order)
            self._orders[family] = [*order[first:], *order[:first]]
        return sorted(self._orders[family], key=self._times_told.__getitem__)

    def tell(self, line: str) -> None:
        """Count that a template is told."""
        self._times_told[line] += 1


class Texts:
    """What the fields of one place or step have in common."""

    def __init__(self, plan: Plan, place: PlanPlace, dice: random.Random, turns: Turns) -> None:
        self.plan, self.place, self.dice, self.turns = plan, place, dice, turns
        # what a model is asked draws from dice of its own, so that another question changes no template
        self.question_dice = random.Random(dice.getrandbits(64))
        props = _distinct_first(place)
        self.things = dict(zip("abc", (*props, props[-1], props[-1]), strict=False)) | {"place": Thing(place.name)}
        self.previous_things: tuple[Thing, ...] = ()
        self.genre = plan.surroundings
        self.has_roof = is_roofed(place, self.genre)
        self.words = {"place": place.name, "who": plan.who, "goal": plan.goal}

    def stock(self, *families: str, end: str = "") -> Iterable[str]:
        """Return every template of these families filled in, those first whose turn it is and that are fit to say.

        Several families in one text take turns with one another. ``end`` is what each text ends with.
        """
        all_lines, fit_lines = list[str](), list[str]()
        for family in families:
            lines = self.turns.lines(family)
            all_lines += lines
            fit_of_family = self._fit(lines)
            fit_lines += fit_of_family
            for line in fit_of_family[:1]:
                self.turns.tell(line)
        things, words = dict(self.things), {**self.words, **self._rests()}
        templates = dict.fromkeys(fit_lines + all_lines)
        return OnDemand(lambda: (fill(line, things, words) + end for line in templates))

    def random_answers(self, question: Question) -> Iterable[str]:
        """Return texts that answer a question without a model: what its grammar allows, at random."""
        return OnDemand(lambda: self._random_answers(question))

    def _random_answers(self, question: Question) -> Iterator[str]:
        unfit_texts = list[str]()
        for attempt in range(MAX_DRAWS):
            dice = random.Random(seed_of("drawn", self.plan.premise, self.place.id, question.text, attempt))
            text = question.prefix + question.random_answer(dice, attempt)
            is_fit = not faults(text, min_characters=question.min_characters, prefix=question.prefix)
            if is_fit and not _VERB_WITHOUT_PLACE.search(text):
                yield text
            else:
                unfit_texts.append(text)
        if len(unfit_texts) == MAX_DRAWS:  # what it ends with was not drawn, and may say a long name again
            yield min(unfit_texts, key=lambda text: len(faults(text.removesuffix(question.suffix))))

    def _fit(self, texts: Iterable[str]) -> list[str]:
        """Return those of these texts that give no hands to who has none, nor say a word that a thing is called."""
        heads = {thing.head for thing in self.things.values()}
        unsaid_texts = [text for text in texts if heads.isdisjoint(_WORDS.findall(text))]
        return [text for text in unsaid_texts if self.plan.has_hands or not _BODILY_WORD.search(text)]

    def _rests(self) -> dict[str, str]:
        """Return what each thing does in a description, in one word: ``va`` is what ``a`` does."""
        words: dict[str, str] = {}
        for letter, thing in self.things.items():
            one_word_verbs = [verb for verb in sort_of(thing).rests if " " not in verb and verb[:4] not in thing.text]
            verb = self.dice.choice([verb for verb in one_word_verbs if verb in CALM_VERBS] or ["waits"])
            words[f"v{letter}"] = plain(verb) if thing.many else verb
        return words

    def question(
        self, kind: str, text: str, prefix: str, frame: str, choices: Choices, *said_texts: str, tail: str = ""
    ) -> Question:
        """Return a question whose answer says no word again of these texts, nor of the name of the place."""
        seed = self.question_dice.getrandbits(64)
        place, bearers = self.place, (self.things["a"], self.things["b"])
        spot = TextSetting(
            self.genre, self.has_roof, place.props, seed, self.previous_things, place.name, bearers, self.plan.air
        )
        # what may be chosen is not said again in what follows it: nothing glows in the glow of the embers
        avoid = said(place.name, *said_texts, *(text for texts in choices.values() for text in texts))
        return Question(kind, text, prefix, frame, choices, avoid, tail=tail, spot=spot)

    def verbs(self, thing: Thing, used_verbs: Sequence[str] = (), *, before: bool = False) -> Verbs:
        """Draw what a thing may do, in verbs before or behind it: if possible others than those used already."""
        plain_verbs = {plain(verb) for verb in used_verbs}
        every = fronted(sort_of(thing).rests) if before else sort_of(thing).rests
        free = {verb: tail for verb, tail in every.items() if plain(verb) not in plain_verbs} or every
        return self.drawn(thing, free)

    def drawn(self, thing: Thing, verbs: Verbs, most: int = 2) -> Verbs:
        """Draw some of these verbs as a thing needs them, none that its name says: a leaning fence does not lean."""
        free = {verb: tail for verb, tail in verbs.items() if verb[:4] not in thing.text} or verbs
        drawn_verbs = self.question_dice.sample(sorted(free.items()), min(most, len(free)))
        return {plain(verb) if thing.many else verb: tail for verb, tail in drawn_verbs}


def _distinct_first(place: PlanPlace) -> Sequence[Thing]:
    """Return the things of a place, those first that say no word too often beside its name and one another."""

    def most(order: Sequence[Thing]) -> int:
        words = [stem for text in (place.name, *(thing.bare for thing in order[:2])) for stem in stems(text)]
        return max(map(words.count, words), default=0)

    orders = [place.props, *permutations(place.props[:4])]
    return next((order for order in orders if most(order) < 3), place.props)


def stems(text: str) -> list[str]:
    """Return the stems of a text's words: one that is said three times is said too often for ``faults``."""
    words = _WORDS.findall(text.lower())
    return [stem(word) for word in words if len(word) > 2 and word not in HANGING_WORDS]


def fronted(verbs: Verbs) -> Verbs:
    """Return those of these verbs that may stand before what does it: "on the shelf lies a key"."""
    return {
        verb: tail for verb, tail in verbs.items() if " " not in verb and not FRONT_WAYS.isdisjoint(TAILS[tail].ways)
    }


def said(*texts: str) -> frozenset[str]:
    """Return the words that texts hold already, so that what is written around them does not say them again."""
    return frozenset(word for word in _WORDS.findall(" ".join(texts).lower()) if word not in HANGING_WORDS) - {"s"}
