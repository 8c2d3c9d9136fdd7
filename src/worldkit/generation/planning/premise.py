"""Reading a premise: whose story, where, what for; so that any text at all can be read.

What a premise names is read by ``worldkit.assessment.premise``, which also judges afterwards whether a world keeps it.
Here it becomes what a plan is drawn from. Whatever is not named is filled in to fit (``setting``). What is taken over
is plain lower-case words that every prose rule allows, so that a premise can hold markup, other scripts or orders to a
model and none of it goes further than the logline.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable
from dataclasses import dataclass

from worldkit.assessment.names import Name, Premise
from worldkit.assessment.premise import LIMIT, read_premise, without_proper_names
from worldkit.core.characters import first_characters
from worldkit.generation.planning.goal import find_orders, goal_of
from worldkit.generation.planning.goal_parts import destination
from worldkit.generation.planning.goal_phrases import WORD, GoalContext, verb_phrase
from worldkit.generation.planning.kinds import Trade, has_hands, kind_of, look_of, plain_looks, trade_of
from worldkit.generation.planning.setting import genre_for, is_place
from worldkit.generation.planning.situation import find_missing, goal_of_situation
from worldkit.generation.planning.stock import Genre, Stock
from worldkit.generation.text import word_sets
from worldkit.generation.text.constraints import clean
from worldkit.generation.text.english import a
from worldkit.generation.text.lexicon import HANGING
from worldkit.language.identification import may_be_english
from worldkit.language.lexicon import lexicon

LOGLINE = 400
MAX_CHARACTERS = 4000
LONGEST_NAME = 32

_TIMES = [[time] for time in word_sets.words("premise", "times")]
_DAYS = word_sets.word_set("premise", "days")
_PARTICLES = word_sets.word_set("premise", "particles")
_NUMBERS = dict(enumerate(word_sets.words("premise", "numbers"), 2))
_PLAIN_WORDS = word_sets.word_set("premise", "plain_words")
"""Words before a noun, or nouns, that say nothing of how somebody or something looks."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a premise says, as far as it could be read.

    Attributes:
        genre: What the world is made of, where the premise does not say: a genre of the stock, or one put together for
            the place and the trade that it names.
        who: The player's character in one word, and
        look: as one description.
        setting: The chief place, such as ``"drowned cathedral"``; empty when there is none.
        spots: Other places named.
        things: Things named.
        companions: Others who are named, people and animals: ``"missing patient"``.
        goal: What is to be done, as a verb phrase; empty when it does not say.
        destination: The place where that is done, when the goal leads to one: ``"airlock"``; empty otherwise.
        deadline: What threatens, such as ``"before the storm"``; empty when nothing does.
        logline: The premise itself, on one line and cut to length; empty when it is blank.
    """

    genre: Genre
    who: str
    look: str
    setting: str
    spots: tuple[str, ...]
    things: tuple[str, ...]
    companions: tuple[str, ...]
    goal: str
    destination: str
    deadline: str
    logline: str


def read(premise: str, stock: Stock, dice: random.Random) -> Reading:
    """Read a premise.

    Args:
        premise: Any text, also none.
        stock: What it is read against.
        dice: Decides where the premise leaves a choice.
    """
    # half a surrogate pair is no character, and cannot be saved
    line = " ".join(premise[: MAX_CHARACTERS * 4].encode("utf-8", "ignore").decode().split())
    # of a premise in another language only the logline is kept
    english_text = line[:MAX_CHARACTERS] if may_be_english(line[:LIMIT]) else ""
    text = without_proper_names(english_text).lower().replace("’", "'")
    premise_names = read_premise(english_text)
    chief = _chief(premise_names, text, find_missing(text))
    other_names = [name for name in premise_names.who if name is not chief]
    places = _phrases(_places(premise_names))
    chief_name = _chief_words(chief) if chief else ""
    if chief and (origin := _origin(chief, premise_names, text)):
        # the ghost of an accountant is one person
        chief_name = f"{_phrases([origin])[0]}'s {chief_name}"
        other_names.remove(origin)
    attributes = [word for phrase in (chief_name, *_phrases(premise_names.what)) for word in phrase.split()[:-1]]
    setting = next((place for place in [*places, *attributes] if place in places or _is_location_word(place)), "")
    genre = genre_for(text, setting, chief_name, stock, dice)
    plural_name = _phrases([chief])[0] if chief and chief.count != 1 else ""
    who, look = _person(chief_name, plural_name, chief.count if chief else 1, genre, text, dice)
    # what is only said to come later, such as the opening, is not there yet
    present_names = [name for name in premise_names.what if not _LATER.search(premise_names.text[: name.start].lower())]
    things = [
        thing
        for thing in _phrases(present_names or premise_names.what)
        if thing.split()[-1] not in (*who.split(), *setting.split())
    ]
    companions = [other for other in _phrases(other_names) if other.split()[-1] not in who.split()]
    if chief and chief.count != 1:
        companions.insert(0, f"other {who}")
    antecedent = _antecedent(text, [*things, *companions, *places], who)
    context = GoalContext(stock.goal_verbs, len(text) <= LOGLINE, who, setting, antecedent)
    allowed_text = _FORBIDDEN.sub("", text)
    goal = (
        goal_of_situation(allowed_text, context) or goal_of(allowed_text, context) or _task(premise_names.task, context)
    )
    goal = goal or next(
        (f"find the {name}" for name in (*things, *companions) if is_visible(name) and name != f"other {who}"), ""
    )
    return Reading(
        genre=genre,
        who=who,
        look=look,
        setting=setting,
        spots=tuple(places[1:4]),
        things=tuple(things[:4]),
        companions=tuple(companions[:3]),
        goal=goal,
        destination=_destination(goal, [setting, *places]),
        deadline=_deadline(text),
        logline=_shorten(line, LOGLINE),
    )


def _chief(premise_names: Premise, text: str, missing_name: str) -> Name | None:
    """Return whose story a premise tells: who has to do something, else whom it names first; None for nobody."""
    alive = [name for name in premise_names.who if _phrases([name]) and _may_act(name)]
    alive = [name for name in alive if name.phrase.split()[-1] not in missing_name.split()]
    alive += [name for name in premise_names.what if _phrases([name]) and trade_of(name.lemma)]
    order = next(iter(find_orders(text)), None)
    chiefs = [name for name in alive if name.is_chief] or alive
    earlier_chiefs = [name for name in chiefs if order and name.end <= order.start()]
    if earlier_chiefs:
        return earlier_chiefs[-1]
    # who is to be found or told is not who has to do it
    objects = {task.object for task in premise_names.task}
    return next((name for name in chiefs if not (order and name.start >= order.end() and name.phrase in objects)), None)


def _origin(chief: Name, premise_names: Premise, text: str) -> Name | None:
    """Return whose ghost the protagonist is; None when it is nobody's."""
    words = lexicon()
    spirits = {sense.id for sense in words.senses("spirit")}
    kinds = {ancestor for sense in words.senses(chief.lemma) for ancestor in words.ancestors(sense.id)}
    if not spirits & kinds and chief.lemma != "spirit":
        return None
    names = (name for name in premise_names.who if _phrases([name]))
    return next(
        (name for name in names if re.fullmatch(r" of (?:an?|the|his|her) ", text[chief.end : name.start])), None
    )


def _may_act(name: Name) -> bool:
    senses = lexicon().senses(name.lemma)
    return not senses or trade_of(name.lemma) is not None or any(sense.kind in "pag" for sense in senses)


def _places(premise_names: Premise) -> list[Name]:
    """Return the places that a premise names, the chief one first, one with a roof before the ground it stands on.

    A thing that is a known kind of place is one too, unless it is what is to be moved, mended and the like.
    """
    objects = {task.object for task in premise_names.task}
    entered_names = {task.object for task in premise_names.task if task.lemma in _ENTERING}
    named_places = [name for name in premise_names.where if name.phrase not in objects or kind_of(name.phrase)]
    # before the fair: what comes later is where the story is only when nothing else is named
    is_later = all(_LATER.search(premise_names.text[: name.start].lower()) for name in named_places)
    places = [] if is_later else named_places
    located_names = [
        name
        for name in premise_names.what
        if name.phrase in entered_names or _LOCATIVE.search(premise_names.text[: name.start].lower())
    ]
    places = places or [name for name in located_names if (kind := kind_of(name.phrase)) and kind.name != "imagined"]
    # a word that no lexicon knows is a place where it is said to be one
    places = places or [name for name in located_names if not name.senses and name.phrase not in objects]
    return sorted(places or named_places, key=_is_ground)


_FORBIDDEN = re.compile(
    r"\b(?:(?:must|may|shall|should) (?:not|never)|mustn't|(?:nobody|no one) (?:may|must|can|is to)"
    r"|(?:\A|(?<=[.!?] ))(?:don't|never)) [^.!?;,]*"
)
"""What is not to be done, which is nobody's task."""

_LOCATIVE = re.compile(
    r"\b(?:in|inside|into|at|aboard|through|on|from|across|under|beneath|of|to) "
    r"(?:(?:an?|the|his|her|their|its|this) )?(?:[a-z-]+ )?\Z"
)
_LATER = re.compile(r"\b(?:before|until) (?:(?:an?|the|his|her|their|its|next) )?(?:[a-z-]+ )?\Z")
_ENTERING = word_sets.word_set("premise", "entering")
"""Verbs whose object is a place as much as a thing: who is to land an airship is on it."""


def _is_location_word(word: str) -> bool:
    """Say whether a word before a noun says where one is: the harbour clock, a train conductor, and no road map."""
    kind = kind_of(word)
    return kind is not None and kind.name not in ("imagined", "road", "town", "building", "ground")


def _is_ground(name: Name) -> bool:
    kind = kind_of(name.phrase)
    return kind is None or not (kind.genre or kind.is_roofed)


def _phrases(names: Iterable[Name]) -> list[str]:
    """Return what is named, in words that the prose may take over, each head once."""
    phrases: dict[str, str] = {}
    for name in names:
        words = [word for word in name.phrase.split() if WORD.fullmatch(word)]
        modifiers = [word for word in words[:-1] if word not in _PLAIN_WORDS and word not in HANGING]
        for kept_modifiers in (modifiers[-2:], modifiers[-1:], []):
            phrase = " ".join([*kept_modifiers, words[-1]]) if words else ""
            if phrase and len(phrase) <= LONGEST_NAME and clean(phrase) and words[-1] not in _PLAIN_WORDS:
                phrases.setdefault(words[-1], phrase)
                break
    return list(phrases.values())


def _chief_words(chief: Name) -> str:
    """Return how a premise calls its protagonist, as one of those there are."""
    phrase = _phrases([chief])[0]
    *modifiers, noun = phrase.split()
    singular = next(iter(lexicon().lemmas(noun, "n")), noun) if chief.count != 1 else noun
    return " ".join([*modifiers, singular])


def _person(
    chief_name: str, plural_name: str, count: int, genre: Genre, text: str, dice: random.Random
) -> tuple[str, str]:
    """Return the word for the player's character, and how they look.

    Args:
        chief_name: The protagonist, as one; empty without one.
        plural_name: What the premise calls them where there are several.
        count: How many there are; 0 when it does not say.
        genre: Whose characters are taken without a protagonist.
        text: The premise, in small letters.
        dice: Decides between looks.
    """
    if not chief_name:
        return dice.choice(genre.who)
    words = chief_name.split()
    genre_looks = dict(genre.who)
    if words[-1] in genre_looks and set(words) <= set(genre_looks[words[-1]].split()):
        return words[-1], genre_looks[words[-1]]
    trade = trade_of(chief_name)
    compound = " ".join(words[-2:])
    # "field hand" and "night watch" say little by their last word alone
    who = compound if len(words) > 1 and (compound in lexicon() or words[-1] in _PAIRS) else words[-1]
    article_phrase = a(chief_name) if count == 1 else f"one of {_NUMBERS.get(count, 'the')} {plural_name}"
    return who, f"{article_phrase}{',' if count != 1 else ''} {_appearance(chief_name, trade, text, dice)}"


_PAIRS = word_sets.word_set("premise", "pairs")
"""Words for people that say little by themselves."""


def _appearance(chief_name: str, trade: Trade | None, text: str, dice: random.Random) -> str:
    if trade is not None:
        return trade.look
    if not has_hands(chief_name, text):
        return look_of(chief_name, text)
    return dice.choice(plain_looks())


def _antecedent(text: str, premise_phrases: list[str], who: str) -> str:
    """Return what "it" may be where the premise says what must be done, with its article; empty for nothing."""
    start = next((order.end() for order in find_orders(text)), 0)
    earlier_phrases = [phrase for phrase in premise_phrases if phrase.split()[-1] != who and phrase in text[:start]]
    return f"the {earlier_phrases[0]}" if earlier_phrases else ""


_SEEN = frozenset(word_sets.word_map("premise", "seen").values())
"""Nouns of things that have another sense first."""
_UNSEEN = word_sets.word_set("premise", "unseen")
"""Nouns of what is said or thought, which some sense of theirs would put among things."""


def is_visible(noun: str) -> bool:
    """Say whether a noun names something to be seen: a lantern, and no tournament; so does one that is unknown."""
    words, parts = lexicon(), noun.split()
    endings = [" ".join(parts[first:]) for first in range(len(parts))]
    lemmas = [next(iter(words.lemmas(ending, "n")), ending) for ending in endings]
    if not _SEEN.isdisjoint(endings):
        return True
    if lemmas[-1] in _UNSEEN:
        return False
    # a hearing aid is more than an aid
    lemma = next((lemma for lemma in lemmas if words.senses(lemma)), "")
    senses, counts = words.senses(lemma), words.counts(lemma)
    if not senses or senses[0].kind in "pagtl":
        return True
    return counts.get("n", 0) >= counts.get("v", 0) and any(sense.kind in "pagtcl" for sense in senses[:2])


def _task(tasks: Iterable[Name], context: GoalContext) -> str:
    """Return the first task that has an object, as a verb phrase that stands by itself; empty for none."""
    for task in tasks:
        words = task.phrase.split()[1:]
        particle = words[:1] if words and words[0] in _PARTICLES | {"for"} else []
        if task.object and (goal := verb_phrase(" ".join([task.lemma, *particle, "the", task.object]), context)):
            return goal
    return ""


_HOME = "family home"
"""What the home is called to which somebody is brought."""


def _destination(goal: str, premise_places: Iterable[str]) -> str:
    """Return the place that a goal leads to, as the premise calls it; empty when it leads to none."""
    name = destination(goal)
    if name == "home":
        return _HOME
    if not name:
        return ""
    head = name.partition(" of ")[0].split()[-1]
    for place in premise_places:
        if place and place.split()[-1] == head:
            return place
    # what is found may be a thing: only what the premise calls a place is one
    is_reached = goal.split()[0] not in ("find", "discover") and is_place(name)
    return name if is_reached and len(name) <= LONGEST_NAME and clean(name) else ""


def _deadline(text: str) -> str:
    match = re.search(r"\bbefore ((?:[a-z'-]+ ?){1,7})", text)
    if not match:
        return ""
    words = match[1].split()
    words = words[: words.index("to")] if "to" in words else words
    while words and words[-1] in HANGING - _PARTICLES:
        words.pop()
    if words and words[0] in ("he", "she", "they", "it") and len(words) < 3:
        return ""
    words = ["the" if word in ("his", "her", "their", "my", "our", "your") else word for word in words]
    phrase = " ".join(["before", *(word.capitalize() if word in _DAYS else word for word in words)])
    return phrase if (len(words) > 1 or words in _TIMES) and clean(phrase) else ""


def _shorten(line: str, limit: int) -> str:
    return line if len(line) <= limit else f"{first_characters(line, limit - 1).rstrip()}…"
