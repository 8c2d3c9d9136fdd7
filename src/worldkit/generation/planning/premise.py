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
from dataclasses import dataclass, replace

from worldkit.assessment.names import Name, Premise
from worldkit.assessment.premise import LIMIT, read_premise, story_text
from worldkit.assessment.story_frame import without_story_frame
from worldkit.core.characters import first_characters
from worldkit.generation.planning.antecedent import find_antecedent
from worldkit.generation.planning.deadline import read_deadline
from worldkit.generation.planning.deeds import deeds_of, goal_of_deeds
from worldkit.generation.planning.goal import find_orders, goal_of_narration, goal_of_orders
from worldkit.generation.planning.goal_parts import destination
from worldkit.generation.planning.goal_phrases import GoalContext, verb_phrase
from worldkit.generation.planning.kinds import has_hands, kind_of, look_of, plain_looks, trade_of
from worldkit.generation.planning.proper_words import proper_words, without_accents
from worldkit.generation.planning.protagonist import LONGEST_NAME, Protagonist, find_chief, phrases_of, protagonist_of
from worldkit.generation.planning.senses import is_visible
from worldkit.generation.planning.setting import genre_for, is_place, is_setting
from worldkit.generation.planning.situation import find_missing, goal_of_situation
from worldkit.generation.planning.stock import Genre
from worldkit.generation.planning.unexplained import (
    goal_of_discovery,
    goal_of_strange_fact,
    goal_of_unknown_person,
    tells_state_or_change,
)
from worldkit.generation.text import word_sets
from worldkit.generation.text.constraints import clean
from worldkit.generation.text.english import a
from worldkit.language.identification import may_be_english
from worldkit.language.lexicon import lexicon

LOGLINE = 400
MAX_CHARACTERS = 4000

_PARTICLES = word_sets.word_set("premise", "particles")
_NUMBERS = dict(enumerate(word_sets.words("premise", "numbers"), 2))


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
    logline: str
    proper_words: tuple[str, ...] = ()


def read(premise: str, dice: random.Random) -> Reading:
    """Read a premise, which may be any text, also none; where it leaves a choice, dice decide."""
    # half a surrogate pair is no character, and cannot be saved
    line = " ".join(premise[: MAX_CHARACTERS * 4].encode("utf-8", "ignore").decode().split())
    # of a premise in another language only the logline is kept
    english_text = without_accents(line[:MAX_CHARACTERS]) if may_be_english(line[:LIMIT]) else ""
    story = without_story_frame(english_text).strip()
    text = text_to_read(story)
    premise_names = read_premise(story)
    chief = find_chief(premise_names, text, find_missing(text))
    reading = _read_for(chief, premise_names, text, dice)
    if chief and _is_only_object(chief, reading.goal, text):
        reading = _read_for(None, premise_names, text, dice)
    elif chief and not reading.goal and tells_state_or_change(text):
        # somebody else may ask about what is only told of somebody: why a mime is called as a witness
        onlooker_reading = _read_for(None, premise_names, text, dice, reading.genre)
        reading = onlooker_reading if onlooker_reading.goal.startswith("find out ") else reading
    used_names = (reading.setting, *reading.spots, *reading.things, *reading.companions)
    used_text = " ".join([reading.look, *used_names, reading.goal, reading.deadline])
    logline = line if len(line) <= LOGLINE else f"{first_characters(line, LOGLINE - 1).rstrip()}…"
    return replace(reading, logline=logline, proper_words=proper_words(line, used_text))


def text_to_read(premise: str) -> str:
    """Return a premise in small letters, with blanks for what people are called; every word keeps its place."""
    return story_text(premise).lower().replace("’", "'")


def _is_only_object(chief: Name, goal: str, text: str) -> bool:
    """Say whether a premise names its protagonist only as what something is done to: a moth, where a lamp loves one."""
    head = chief.phrase.split()[-1].lower()
    object_words = re.split(r"\b(?:who|what|which|whose|whether|how|why|that)\b", goal)[0].split()
    is_object = head in object_words or (
        not find_orders(text) and any(deed.is_done_to(chief) for deed in deeds_of(text))
    )
    return chief.count == 1 and is_object and len(re.findall(rf"\b{re.escape(head)}\b", text)) <= 1


def _read_for(
    chief: Name | None, premise_names: Premise, text: str, dice: random.Random, genre: Genre | None = None
) -> Reading:
    """Read a premise in small letters whose protagonist is known; without a genre, in the one that it suggests."""
    protagonist = protagonist_of(chief, premise_names, text)
    places = list(filter(is_setting, phrases_of(_places(premise_names))))
    named_phrases = (protagonist.name, *phrases_of(premise_names.what))
    attributes = [word for phrase in named_phrases for word in phrase.split()[:-1]]
    setting = next((place for place in [*places, *attributes] if place in places or _is_location_word(place)), "")
    genre = genre or genre_for(text, setting, protagonist.name, dice)
    who, look = _person(protagonist, genre, text, dice)

    def things_of(names: Iterable[Name]) -> list[str]:
        return [phrase for phrase in phrases_of(names) if phrase.split()[-1] not in (*who.split(), *setting.split())]

    # one row closer is no row; and what is only said to come later, such as the opening, is not there yet
    all_names = [name for name in premise_names.what if not _MEASURE.match(premise_names.text, name.start)]
    present_names = [name for name in all_names if not _LATER.search(premise_names.text[: name.start].lower())]
    things = things_of(present_names)
    others = f"other {who}"
    companions = [other for other in phrases_of(protagonist.others) if other.split()[-1] not in who.split()]
    if protagonist.count != 1:
        companions.insert(0, others)
    names = [*things, *companions]
    it, them = (find_antecedent(text, names, places, who, pronoun) for pronoun in ("it", "them"))
    him = find_antecedent(text, companions, (), who, "him")
    others_deeds = [deed for deed in deeds_of(text) if not deed.is_by(chief)]
    context = GoalContext(len(text) <= LOGLINE, who, setting, it, them, him, others_deeds)
    allowed_text = _FORBIDDEN.sub("", text)
    goal = _goal(allowed_text, premise_names, context, has_chief=chief is not None)
    if not goal:
        things = things if present_names else things_of(all_names)
        wanted_names = (
            name
            for name in (*things, *companions)
            if is_visible(name)
            and name != others
            and name.split()[-1] in allowed_text
            and not _PREDICATE.search(allowed_text[: allowed_text.find(name)])
            and not (name in companions and _TOGETHER.search(allowed_text[: allowed_text.find(name)]))
        )
        goal = next((f"find the {name}" for name in wanted_names), "")
    deadline = read_deadline(text, goal)
    if not goal and deadline.split()[-1:] == setting.split()[-1:]:
        deadline = ""  # the night before the Bastille is told in it
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
        deadline=deadline,
        logline="",
    )


def _goal(text: str, premise_names: Premise, context: GoalContext, *, has_chief: bool) -> str:
    """Return what is to be done: what must be, before what somebody does, but after what calls for it by itself."""
    if find_orders(text):
        goal = goal_of_orders(text, context) or goal_of_deeds(context.others_deeds)
    else:
        goal = goal_of_situation(text, context) or goal_of_discovery(text, context)
        goal = goal or ("" if has_chief else goal_of_strange_fact(text, context))
    goal = goal or goal_of_narration(text, context) or _task(premise_names, context)
    return goal or goal_of_unknown_person(text, context)


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
_MEASURE = re.compile(r"(?<=\bby )[a-z]+|[a-z]+ (?:closer|nearer|farther|further|higher|lower|later|deeper)\b")
"""What only says how something is done, or by how much: by hand, one row closer."""
_ENTERING = word_sets.word_set("premise", "entering")
"""Verbs whose object is a place as much as a thing: who is to land an airship is on it."""


def _is_location_word(word: str) -> bool:
    """Say whether a word before a noun says where one is: the harbour clock, a train conductor, and no road map."""
    kind = kind_of(word)
    return kind is not None and kind.name not in ("imagined", "road", "town", "building", "ground")


def _is_ground(name: Name) -> bool:
    kind = kind_of(name.phrase)
    return kind is None or not (kind.genre or kind.is_roofed)


_PAIRS = word_sets.word_set("premise", "pairs")
"""Words for people that say little by themselves."""


def _person(protagonist: Protagonist, genre: Genre, text: str, dice: random.Random) -> tuple[str, str]:
    """Return the word for the player's character, and how they look; one of the genre's where nobody is named."""
    name = protagonist.name
    if not name:
        return dice.choice(genre.who)
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
    who = compound if len(words) > 1 and (compound in lexicon() or words[-1] in _PAIRS) else words[-1]
    if protagonist.count == 1:
        return who, f"{a(name)} {look}"
    return who, f"one of {_NUMBERS.get(protagonist.count, 'the')} {protagonist.plural}, {look}"


_TOGETHER = re.compile(r" and (?:an?|the|his|her|their|its|my|our|your) (?:[a-z-]+ )?\Z")
"""What stands before somebody who is there from the start: a pirate and a parrot."""
_PREDICATE = re.compile(
    r"(?<!you )\b(?:is|are|was|were|becomes?|became|as)(?: (?:once|now|still|also))?"
    r" (?:an?|the|his|her|their|its) (?:[a-z-]+ )?\Z"
    r"|\b(?:home|back|away) from (?:an?|the|his|her|their|its) (?:[a-z-]+ )?\Z"
)
"""What stands before a noun that says what somebody is (a mime is called as a witness), or where they come from."""


def _task(premise_names: Premise, context: GoalContext) -> str:
    """Return the first task that has an object, as a verb phrase that stands by itself; empty for none."""
    others_verbs = [deed.at for deed in context.others_deeds]
    for task in premise_names.task:
        if task.start in others_verbs:
            continue
        words = task.phrase.split()[1:]
        particle = words[:1] if words and words[0] in _PARTICLES | {"for", "back"} else []
        is_name = bool(words) and words[len(particle) :] == task.object.split() and task.end <= len(premise_names.text)
        is_name = is_name and premise_names.text[task.end - len(task.object) :][:1].isupper()
        article = [] if is_name else ["the"]
        if task.object and (goal := verb_phrase(" ".join([task.lemma, *particle, *article, task.object]), context)):
            return goal
    return ""


def _destination(goal: str, premise_places: Iterable[str]) -> str:
    """Return the place that a goal leads to, as the premise calls it; empty when it leads to none."""
    name = destination(goal)
    if name == "home":
        return "family home"
    if not name:
        return ""
    head = name.partition(" of ")[0].split()[-1]
    for place in premise_places:
        if place and place.split()[-1] == head:
            return place
    # what is found may be a thing: only what the premise calls a place is one
    is_reached = goal.split()[0] not in ("find", "discover") and is_place(name)
    return name if is_reached and len(name) <= LONGEST_NAME and clean(name) else ""
