"""Reading a premise: whose story, where, what for; by word lists, so that any text at all can be read.

Whatever is not understood is left to the stock. What is taken over is plain lower-case words that every prose rule
allows, so that a premise can hold markup, other scripts or orders to a model and none of it goes further than
the logline.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

from worldkit.generate.constrain import clean
from worldkit.generate.english import a, plain, word_list
from worldkit.generate.lexicon import HANGING
from worldkit.generate.stock import Genre, Stock

LOGLINE = 400
READ = 4000

_WORD = re.compile(r"[a-z]+(?:[-'][a-z]+)*")
_MUST = re.compile(
    r"\b(?:must|has to|have to|needs? to|tr(?:y|ies|ying) to|wants? to|hopes? to|sets? out to|sent to|ordered to"
    r"|asked to|hired to|determined to|races? to)\s+"
)
_BREAK = re.compile(r"[.,;:!?()\"“”]|\b(?:before|while|but|until|because|when|as|after|so|where|which|who|if|and)\b")
_LINKS = frozenset(word_list("a an the his her their my your our its this that these those some one every another"))
_SOFTER = dict.fromkeys(word_list("kill slay murder shoot assassinate defeat"), "face")
_TIMES = [[time] for time in word_list("dark dawn dusk midnight noon sunrise sunset nightfall morning winter spring")]
_PARTICLES = frozenset(word_list("out up down off in over"))
_WORN = frozenset(word_list("old young little lost small great last long big tiny tired lonely blind brave retired"))


@dataclass(frozen=True, slots=True)
class Reading:
    """What a premise says, as far as it could be read.

    Attributes:
        genre: The nearest genre of the stock.
        who: The player's character in one word, and
        look: as one description.
        setting: The chief place, such as ``"drowned cathedral"``; empty when there is none.
        spots: Other places named.
        things: Things named.
        goal: What is to be done, as a verb phrase; empty when it does not say.
        deadline: What threatens, such as ``"before the storm"``; empty when nothing does.
        logline: The premise itself, on one line and cut to length; empty when it is blank.
    """

    genre: Genre
    who: str
    look: str
    setting: str
    spots: tuple[str, ...]
    things: tuple[str, ...]
    goal: str
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
    line = " ".join(premise[: READ * 4].encode("utf-8", "ignore").decode().split())
    text = line[:READ].lower().replace("’", "'")
    spoken = _WORD.findall(text)
    genre = _genre(spoken, stock, dice)
    persons = noun_phrases(text, stock.persons)
    places = noun_phrases(text, stock.settings)
    things = noun_phrases(text, stock.things)
    goal = _goal(text, stock)
    who, look = _person(persons, genre, dice)
    return Reading(
        genre=genre,
        who=who,
        look=look,
        setting=places[0] if places else "",
        spots=tuple(places[1:4]),
        things=tuple(thing for thing in things if thing.split()[-1] not in stock.settings)[:4],
        goal=goal,
        deadline=_deadline(text),
        logline=_cut(line, LOGLINE),
    )


def _genre(spoken: list[str], stock: Stock, dice: random.Random) -> Genre:
    said = set(spoken) | {_one(word) for word in spoken}
    scores = {name: len(genre.words & said) for name, genre in stock.genres.items()}
    best = max(scores.values())
    return stock.genres[dice.choice([name for name, score in scores.items() if score == best])]


def noun_phrases(text: str, heads: frozenset[str]) -> list[str]:
    """Return noun phrases whose head is one of these words, with up to two words between it and its article."""
    found: dict[str, str] = {}
    for part in re.split(r"[^a-z' -]+", text):
        words = part.split()
        for at, word in enumerate(words):
            if word not in heads and _one(word) in heads:
                word = _one(word)
            if word not in heads:
                continue
            if at + 1 < len(words) and words[at + 1] in heads:
                continue
            lead: list[str] = []
            for back in range(1, 4):
                if at - back < 0:
                    break
                before = words[at - back]
                if before in _LINKS:
                    phrase = " ".join([*reversed(lead), word])
                    if clean(phrase) and all(_WORD.fullmatch(w) and not w.endswith("ly") for w in lead):
                        found[word] = phrase
                    break
                if before in HANGING or "'" in before:
                    break
                lead.append(before)
            if clean(word):
                found.setdefault(word, word)
    return [phrase for phrase in found.values() if len(phrase) <= 32]


def _person(persons: list[str], genre: Genre, dice: random.Random) -> tuple[str, str]:
    known = dict(genre.who)
    if not persons:
        return dice.choice(genre.who)
    who = persons[0].split()[-1]
    if who in known:
        return who, known[who]
    dress = dice.choice(genre.who)[1]
    dress = re.sub(r"\A.*?\b(in|,) ", r"\1 ", dress, count=1) if " in " in dress else "in plain travelling clothes"
    return who, f"{a(persons[0])} {dress}"


def _goal(text: str, stock: Stock) -> str:
    starts = [match.end() for match in _MUST.finditer(text)]
    first = _WORD.match(text)
    if first and first[0] in stock.goal_verbs:
        starts.append(0)
    for start in starts:
        if goal := _verb_phrase(text[start:], stock.goal_verbs | frozenset(_SOFTER)):
            return goal
    words = re.findall(r"[a-z'-]+|[^\sa-z'-]", text)
    for at, word in enumerate(words[:-1]):
        after = words[at + 1]
        many = word not in stock.persons
        verb = after if many else plain(after)
        if _one(word) in stock.persons and (many or verb != after) and verb in stock.goal_verbs:
            rest = text.partition(f"{word} {after}")[2]
            if goal := _verb_phrase(verb + rest, stock.goal_verbs):
                return goal
    return ""


def _verb_phrase(text: str, verbs: frozenset[str]) -> str:
    clause = _BREAK.split(text, maxsplit=1)[0]
    words = clause.split()[:8]
    if not words or words[0] not in verbs or not all(_WORD.fullmatch(word) for word in words):
        return ""
    words[0] = _SOFTER.get(words[0], words[0])
    words = ["the" if word in ("his", "her", "their", "my", "your", "our", "its") else word for word in words]
    while words and (words[-1] in HANGING or words[-1] in _WORN):
        words.pop()
    if words[0] == "search" and "for" in words[1:-1]:
        words = ["find", *words[words.index("for") + 1 :]]
    for at, word in enumerate(words):
        if at > 2 and word in ("in", "inside", "at", "on", "aboard", "through"):
            words = words[:at]  # where it is done is said by the setting
            break
    phrase = " ".join(words)
    return phrase if len(words) > 1 and len(phrase) <= 48 and clean(phrase) else ""


def _deadline(text: str) -> str:
    match = re.search(r"\bbefore ((?:[a-z'-]+ ?){1,7})", text)
    if not match:
        return ""
    words = match[1].split()
    while words and words[-1] in HANGING - _PARTICLES:
        words.pop()
    phrase = f"before {' '.join(words)}"
    return phrase if (len(words) > 1 or words in _TIMES) and clean(phrase) else ""


def _one(word: str) -> str:
    """Return a plural as its singular, near enough to look it up."""
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _cut(line: str, limit: int) -> str:
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip()}…"
