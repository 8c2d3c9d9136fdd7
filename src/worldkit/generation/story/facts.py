"""What a text says of its people, places and light, in its own words: the facts that its world keeps to."""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import chain, pairwise

from worldkit.generation.planning import premise as reader
from worldkit.generation.planning import sketch
from worldkit.generation.planning.chunking import phrases_of, sentences
from worldkit.generation.planning.people import has_hands, look_of
from worldkit.generation.planning.premise import Reading
from worldkit.generation.planning.setting import OWN_GENRE, genre_for
from worldkit.generation.planning.stock import Genre, stock
from worldkit.generation.story.people import Person, is_she
from worldkit.generation.story.people import people as people_of
from worldkit.generation.story.places import places
from worldkit.generation.story.units import QUOTATION_MARK, units, without_speech
from worldkit.generation.text.constraints import clean
from worldkit.generation.text.english import a, capital, listing
from worldkit.generation.text.word_sets import word_map, word_set, words

MIN_GENRE_WORDS = 5
"""Words of a genre that a text is full of, at least; of any other it has much fewer."""
_LIGHT = word_map("facts", "light")
"""Words for light and weather, each with what it is called in the sentence about the air."""
_HUES = word_set("facts", "hues")
_CLOTHES = words("facts", "worn")
_DRESS = re.compile(rf"\bin (?:an?|his|her|their|my|the) ((?:[a-z-]+ ){{0,3}}(?:{'|'.join(_CLOTHES)}))\b")
_NECESSITY = re.compile(
    r"\b(?:must(?! have)|had to|have to|has to|unless|or else|otherwise|only chance|last chance|too late)\b"
    r"|(?<!just )\bin time\b"
    r"|\bif (?:\w+ ){1,2}(?:(?:does|do|did|can|could|is|are|was|were) not|fails?|failed)\b",
    re.IGNORECASE,
)
_DEADLINE_WORD = re.compile(r"\b(?:before|until)\b", re.IGNORECASE)
_ROAD_NOUNS = word_set("facts", "passed_along")
_SEARCH = re.compile(r"\b(?:find|found|look|search|seek|sought|lost|missing)", re.IGNORECASE)
_LOSSES = word_set("facts", "losses")


@dataclass(frozen=True, slots=True)
class StoryFacts:
    """What a text holds to from beginning to end.

    Attributes:
        subject: The player's character, as a description.
        people: Who is in it, the most often named first.
        places: Where it happens, as the text calls it, in order.
        air: Its light and weather, as the sentence that is added to every prompt.
        stake: What is at stake, in the text's own sentence; empty when it does not say.
        who: The player's character in one word.
        hero: The player's character by name, or in a phrase such as ``the traveller``.
        things: What matters in it, as far as a capable model says so.
    """

    subject: str
    people: tuple[Person, ...]
    places: tuple[str, ...]
    air: str
    stake: str
    who: str
    hero: str = ""
    things: tuple[str, ...] = ()

    def __str__(self) -> str:
        people = listing([person.name for person in self.people]) if self.people else "nobody named"
        things = f" Things: {listing(self.things)}." if self.things else ""
        places = listing(self.places)
        return f"{self.subject} People: {people}. Places: {places}.{things} {self.air} {self.stake}".strip()


def read(text: str, dice: random.Random) -> tuple[StoryFacts, Reading]:
    """Return the facts of a text, without the places, which its beats name; and what it says read as a premise."""
    reading = reader.read(text, dice)
    people = people_of(text)
    chief = people[0] if people and people[0].name[0].isupper() and not _told_by_one(text) else None
    who, look = _who(text, chief)
    if not clean(look):  # it stands in every base, where a rule would refuse it
        who, look = reading.who, reading.look
    hero = chief.name if chief else f"the {who}"
    no_settings = _ROAD_NOUNS.union(*(person.name.lower().split() for person in people))
    if not no_settings.isdisjoint(reading.setting.split()[-1:]):
        place = next((name for name in places(text) if name.split()[-1] not in no_settings), "village")
        reading = replace(reading, genre=genre_for(text.lower(), place, "", dice))
    if reading.genre.name == OWN_GENRE and (genre := _genre_of(text)):
        reading = replace(reading, genre=genre)
    facts = StoryFacts(f"{capital(look)}.", people, (), _air(text, reading, dice), "", who, hero)
    return with_stake(facts, reading, text, dice)


def _genre_of(text: str) -> Genre | None:
    """Return the genre of the stock whose own words a text is full of, and of no other; None for none."""
    text_words = {form for word in re.findall(r"[a-z]+", text.lower()) for form in (word, word.removesuffix("s"))}
    counts = Counter({name: len(genre.words & text_words) for name, genre in stock().genres.items()})
    (name, count), (_, next_count) = counts.most_common(2)
    return stock().genres[name] if count >= max(MIN_GENRE_WORDS, 1.5 * next_count) else None


def with_stake(facts: StoryFacts, reading: Reading, text: str, dice: random.Random) -> tuple[StoryFacts, Reading]:
    """Return facts with what is at stake in a text or a part of it, and a reading with what that says is to be done."""
    stake = _stake(text)
    stake_reading = reader.read(stake, dice) if stake else replace(reading, goal="")
    goal, names = stake_reading.goal, stake_reading.proper_words
    if goal.startswith("find ") and not _SEARCH.search(stake):
        goal = ""  # what is only named there is not looked for
    deadline = stake_reading.deadline if goal else ""
    return replace(facts, stake=stake), replace(reading, goal=goal, deadline=deadline, proper_words=names)


def _who(text: str, person: Person | None) -> tuple[str, str]:
    """Return the word for the player's character, and their description."""
    if person is not None and person.words:
        head = sketch.who(person.words[0])
        clothing = "" if " in " in person.words[0] or not has_hands(head) else f", {_dress(text, person.name)}"
        return head, f"{person.name}, {person.words[0]}{clothing}"
    persons = phrases_of(text.lower(), stock().persons)
    if person is not None:
        is_woman = is_she(text, person.name)
        who = "traveller" if is_woman is None else "woman" if is_woman else "man"
        return who, f"{person.name}, {a(who)} {_dress(text, person.name)}"
    if persons and not _told_by_one(text):
        who = persons[0].split()[-1]
        return who, f"{a(persons[0])} {_dress(text, persons[0]) if has_hands(who) else look_of(who, text)}"
    return "traveller", f"a traveller {_dress(text, '')}"


def _dress(text: str, who: str) -> str:
    """Return what somebody wears, where a sentence that names them says so."""
    first = who.split()[0] if who else ""
    for sentence in sentences(text) if first else ():
        match = _DRESS.search(sentence)
        if match and first in sentence and clean(match[1]):
            return f"in {match[1] if match[1].endswith('boots') else a(match[1])}"
    return "in plain travelling clothes"


def _told_by_one(text: str) -> bool:
    """Say whether somebody tells the text of themselves."""
    return len(re.findall(r"\b(?:I|my)\b", without_speech(text))) >= max(3, len(text) // 600)


def _air(text: str, reading: Reading, dice: random.Random) -> str:
    words = re.findall(r"[a-z]+", text.lower())
    light_words: dict[str, str] = {}
    for before, word in pairwise(["", *words]):
        light = _LIGHT.get(word, "")
        if before in _HUES and len(light.split()) == 1:
            light_words[light] = f"{before} {light}"
        elif light:
            light_words.setdefault(light, light)
    counts = Counter(words)

    def rank(light: str) -> tuple[bool, int]:
        # wind is in the air, but nothing stands in it as in light
        is_last = light in ("wind", "dust", "smoke") or light_words[light] == "light"
        return is_last, -max(counts[word] for word, light_of_word in _LIGHT.items() if light_of_word == light)

    phrases = [light_words[light] for light in sorted(light_words, key=rank) if clean(light_words[light])][:3]
    if len(phrases) < 2 or phrases[0] in ("wind", "dust", "smoke"):
        return dice.choice(reading.genre.air)
    return f"{capital(', '.join(phrases))}."


def _stake(text: str) -> str:
    short_sentences = [each for each in units(text) if len(each.text) <= 240 and len(each.text.split()) > 4]
    narration = [each.text for each in short_sentences if not each.is_said]
    speech = [each.text for each in short_sentences if each.is_said]
    must = (sentence for sentence in narration if _NECESSITY.search(sentence))
    warning = (sentence for sentence in speech if _NECESSITY.search(sentence) and _tells_of_loss(sentence))
    demand = (sentence for sentence in speech if _NECESSITY.search(sentence))
    # "she looked at his case before she looked at him" loses nothing
    too_late = (sentence for sentence in narration if _DEADLINE_WORD.search(sentence) and _tells_of_loss(sentence))
    return QUOTATION_MARK.sub("", next(chain(must, warning, demand, too_late), ""))


def _tells_of_loss(sentence: str) -> bool:
    return not _LOSSES.isdisjoint(re.findall(r"[a-z]+", sentence.lower()))
