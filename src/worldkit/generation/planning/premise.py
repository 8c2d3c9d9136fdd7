"""Reading a premise: whose story, where, what for; so that any text at all can be read.

What a premise names is read by ``worldkit.assessment.premise``, which also judges afterwards whether a world keeps it.
Here it becomes what a plan is drawn from. Whatever is not named is filled in to fit (``setting``). What is taken over
is plain lower-case words that every prose rule allows, so that a premise can hold markup, other scripts or orders to a
model and none of it goes further than the logline.
"""

from __future__ import annotations

import itertools
import random
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace

from worldkit.assessment.names import Name, Premise
from worldkit.assessment.premise import MAX_PREMISE_CHARACTERS, read_premise
from worldkit.core.characters import first_characters
from worldkit.generation.planning.antecedent import find_antecedent, is_it
from worldkit.generation.planning.deeds import deeds_of
from worldkit.generation.planning.goal_phrases import GoalContext
from worldkit.generation.planning.goal_words import SUBJECT_PRONOUNS
from worldkit.generation.planning.goals import goal_of_premise, search_of
from worldkit.generation.planning.kinds import names as place_kinds
from worldkit.generation.planning.people import has_hands, look_of, plain_looks, trade_of
from worldkit.generation.planning.premise_places import LATER_TIME_OPENING, destination_of, is_location_word, places_of
from worldkit.generation.planning.proper_words import proper_words, without_accents
from worldkit.generation.planning.protagonist import (
    Protagonist,
    find_chief,
    find_dead,
    given_name_of,
    phrases_of,
    protagonist_of,
)
from worldkit.generation.planning.senses import is_vehicle
from worldkit.generation.planning.setting import DEFAULT_GENRES, genre_for, is_setting
from worldkit.generation.planning.stock import Genre
from worldkit.generation.planning.unexplained import tells_state_or_change
from worldkit.generation.text import word_sets
from worldkit.generation.text.constraints import clean
from worldkit.generation.text.english import a
from worldkit.language.capitals import in_sentence_case, is_name_of_town
from worldkit.language.identification import may_be_english
from worldkit.language.lexicon import lexicon
from worldkit.language.plain_text import plain_text

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")
"""Characters that neither XML nor PostgreSQL holds, some of which are white space."""
MAX_LOGLINE_CHARACTERS = 400

_NUMBERS = dict(enumerate(word_sets.words("english", "numbers")[:6], 2))
"""Two to seven in words."""


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
        further_tasks: What else is to be done with something named: a verb, and the word that its object turns on.
        logline: The premise itself, on one line and cut to length; empty when it is blank.
        proper_words: What of all this has capitals or accents in the premise, as it stands there: ``"Hadrian's Wall"``.
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
    further_tasks: tuple[tuple[str, str], ...]
    logline: str
    proper_words: tuple[str, ...] = ()


def read(premise: str, dice: random.Random) -> Reading:
    """Read a premise, which may be any text, also none; where it leaves a choice, dice decide."""
    # half a surrogate pair is no character, and cannot be saved
    text = plain_text(premise.encode("utf-8", "ignore").decode())
    line = " ".join(_CONTROLS.sub(" ", unicodedata.normalize("NFC", text)).split())
    # of a premise in another language only the logline is kept
    english_line = in_sentence_case(line) if may_be_english(line[:MAX_PREMISE_CHARACTERS]) else ""
    premise_names = read_premise(without_accents(english_line))
    chief = find_chief(premise_names)
    # a mere name is played by somebody of the place, who does what it does
    hero = chief or next((name for name in premise_names.who if name.is_chief and name.phrase[0].isupper()), None)
    reading = _read_for(chief, premise_names, dice, hero=hero)
    if chief and not chief.is_player and _is_only_object(chief, reading.goal, premise_names):
        reading = _read_for(None, premise_names, dice)
    elif chief and not reading.goal and tells_state_or_change(premise_names.plain_story):
        # somebody else may ask about what is only told of somebody: why a mime is called as a witness
        onlooker_reading = _read_for(None, premise_names, dice, reading.genre)
        reading = onlooker_reading if onlooker_reading.goal.startswith("find out ") else reading
    used_names = (reading.setting, *reading.spots, *reading.things, *reading.companions)
    used_text = " ".join([reading.look, *used_names, reading.goal, reading.deadline])
    logline = (
        line
        if len(line) <= MAX_LOGLINE_CHARACTERS
        else f"{first_characters(line, MAX_LOGLINE_CHARACTERS - 1).rstrip()}…"
    )
    return replace(reading, logline=logline, proper_words=proper_words(english_line, used_text))


def _is_only_object(chief: Name, goal: str, premise_names: Premise) -> bool:
    """Say whether a premise names its protagonist only as what something is done to: a moth, where a lamp loves one."""
    text, deeds = premise_names.plain_story, [] if premise_names.orders else deeds_of(premise_names)
    head = chief.phrase.split()[-1].lower()
    # who put the mayor in the piano: the mayor did not
    goal = goal.removeprefix("find out who ")
    object_words = re.split(r"\b(?:who|what|which|whose|whether|how|why|that)\b", goal)[0].split()
    is_object = head in object_words or any(deed.is_done_to(chief) and not deed.is_passive for deed in deeds)
    return chief.count == 1 and is_object and len(re.findall(rf"\b{re.escape(head)}\b", text)) <= 1


def _read_for(
    chief: Name | None,
    premise_names: Premise,
    dice: random.Random,
    genre: Genre | None = None,
    *,
    hero: Name | None = None,
) -> Reading:
    """Read a premise whose protagonist and whose hero are known; without a genre, in the one that it suggests."""
    text = premise_names.plain_story
    protagonist = protagonist_of(chief, premise_names, text)
    places = list(filter(is_setting, phrases_of(places_of(premise_names))))
    # the captain of a submarine may be anywhere, and the guards of a palace are there
    others_phrases = [name for name in phrases_of(protagonist.others) if not is_vehicle(name.split()[0])]
    named_phrases = (protagonist.name, *phrases_of(premise_names.what), *others_phrases)
    qualifiers = [phrase.rpartition(" ")[0] for phrase in named_phrases]
    # a space station is more than space
    attributes = [*filter(place_kinds().__contains__, qualifiers), *" ".join(qualifiers).split()]
    setting = next((place for place in [*places, *attributes] if place in places or is_location_word(place)), "")
    genre = genre or genre_for(text, setting, protagonist.name, dice)
    given_name = given_name_of(chief, premise_names) if chief else hero.phrase if hero else ""
    called = given_name if "'" not in given_name and clean(given_name) else ""
    who, look = _person(protagonist, genre, text, dice, is_named=bool(called))
    look = f"{called}, {look}" if called else look

    def things_of(names: Iterable[Name]) -> list[str]:
        return [phrase for phrase in phrases_of(names) if phrase.split()[-1] not in (*who.split(), *setting.split())]

    # one row closer is no row; and what is only said to come later, such as the opening, is not there yet
    all_names = [name for name in premise_names.what if not _MEASURE.match(premise_names.text, name.start)]
    present_names = [
        name for name in all_names if not LATER_TIME_OPENING.search(premise_names.text[: name.start].lower())
    ]
    things = things_of(present_names)
    others = f"other {who}"
    companions = [other for other in phrases_of(protagonist.others) if other.split()[-1] not in who.split()]
    if protagonist.count != 1:
        companions.insert(0, others)
    names = [*things, *companions]
    it = find_antecedent(premise_names, filter(is_it, names), places, who, "it")
    them = find_antecedent(premise_names, names, places, who, "them")
    him = find_antecedent(premise_names, companions, (), who, "him")
    others_deeds = [deed for deed in deeds_of(premise_names) if deed.is_unintended or not deed.is_by(hero)]
    context = GoalContext(who, setting, it, them, him, others_deeds)
    is_played = chief is not None or (hero is not None and not tells_state_or_change(text))
    goal = goal_of_premise(premise_names, context, has_chief=is_played)
    if not goal:
        things = things if present_names else things_of(all_names)
        goal = search_of(premise_names, [*things, *(name for name in companions if name != others)])
    if not goal and chief is None:
        goal = next((_FEELINGS[word] for word in re.findall("[a-z]+", text) if word in _FEELINGS), "")
    dead_words = find_dead(text)
    companions = [f"portrait of the {name}" if name.split()[-1] in dead_words else name for name in companions]
    deadline = read_deadline(text)
    if not goal and deadline.split()[-1:] == setting.split()[-1:]:
        deadline = ""  # the night before the Bastille is told in it
    return Reading(
        genre=genre,
        who=who,
        look=look,
        setting=setting,
        spots=tuple(itertools.filterfalse(is_name_of_town, places[1:4])),
        things=tuple(things[:4]),
        companions=tuple(companions[:3]),
        goal=goal,
        destination=destination_of(goal, [setting, *places]),
        deadline=deadline,
        further_tasks=tuple(
            (clause.verb, clause.object.text.split()[-1])
            for clause in premise_names.orders
            if clause.object and not clause.is_passive and clause.object.text not in goal
        ),
        logline="",
    )


_FEELINGS = word_sets.word_map("goal", "feelings")
_MEASURE = re.compile(r"(?<=\bby )[a-z]+|[a-z]+ (?:closer|nearer|farther|further|higher|lower|later|deeper)\b")
"""What only says how something is done, or by how much: by hand, one row closer."""
_COMPOUND_HEADS = word_sets.word_set("premise", "pairs")
"""Words for people that say little by themselves."""


def _person(
    protagonist: Protagonist, genre: Genre, text: str, dice: random.Random, *, is_named: bool
) -> tuple[str, str]:
    """Return the word for the player's character, and how they look; one of the genre's where only a name is known."""
    name = protagonist.name
    if not name:
        newcomers = [("newcomer", f"a newcomer {look}") for look in plain_looks()]
        # a conductor of whom the premise tells is somebody else
        others = [(who, look) for who, look in genre.who if who not in text.split()] or newcomers
        return dice.choice(newcomers if is_named and genre.name in DEFAULT_GENRES else others)
    words = name.split()
    genre_looks = dict(genre.who)
    if words[-1] in genre_looks and set(words) <= set(genre_looks[words[-1]].split()):
        return words[-1], genre_looks[words[-1]]
    if trade := trade_of(name):
        look = trade.look
    else:
        look = dice.choice(plain_looks()) if has_hands(name, text) else look_of(name, text)
    compound = " ".join(words[-2:])
    # "field hand" and "night watch" say little by their last word alone
    who = compound if len(words) > 1 and (compound in lexicon() or words[-1] in _COMPOUND_HEADS) else words[-1]
    if protagonist.count != 1:
        return who, f"one of {_NUMBERS.get(protagonist.count, 'the')} {protagonist.plural}, {look}"
    return who, f"{a(name)} {look}"


_DAYS = word_sets.word_set("premise", "days")
_TIMES = [[time] for time in (*word_sets.words("premise", "times"), *_DAYS)]
_PARTICLES = word_sets.word_set("premise", "particles")
_DEADLINE = re.compile(r"\bbefore (?!every |each )((?:[a-z'-]+ ?)+)")
_MAX_DEADLINE_WORDS = 9
"""Words of a deadline, without "before"."""
_DEFAULT_DEADLINE = "before it is too late"


def read_deadline(text: str) -> str:
    """Return what threatens, such as ``"before the storm"``; empty when nothing does."""
    match = _DEADLINE.search(text)
    if not match:
        return ""
    words = _DEADLINE_END.split(match[1])[0].split()
    words = words[: words.index("to")] if "to" in words else words
    subject_at = next((at for at, word in enumerate(words) if at and word in SUBJECT_PRONOUNS), len(words))
    words = words[:subject_at]
    if not _OBJECTS.isdisjoint(words[-1:]):  # the bank takes it
        words = _DEFAULT_DEADLINE.split()[1:]
    while words and words[-1] in word_sets.HANGING_WORDS - _PARTICLES:
        words.pop()
    if len(words) > _MAX_DEADLINE_WORDS:
        return ""
    words = ["the" if word in ("his", "her", "their", "my", "our", "your") else word for word in words]
    phrase = " ".join(["before", *(word.capitalize() if word in _DAYS else word for word in words)])
    return phrase if (len(words) > 1 or words in _TIMES) and clean(phrase) else ""


_DEADLINE_END = re.compile(r"\b(?:before|while|but|until|because|when|after|so|if|and|or|then|lest|though|although)\b")
_OBJECTS = frozenset(["it", "him", "her", "them", "me", "us", "you"])
