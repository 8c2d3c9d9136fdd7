"""Reading a premise: whose story, where, what for; by word lists, so that any text at all can be read.

Whatever is not understood is left to the stock. What is taken over is plain lower-case words that every prose rule
allows, so that a premise can hold markup, other scripts or orders to a model and none of it goes further than
the logline.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from itertools import pairwise

from worldkit.generation.planning.goal import WORD, Known, orders, purpose
from worldkit.generation.planning.stock import Genre, Stock
from worldkit.generation.text.constraints import clean
from worldkit.generation.text.english import a, plain, word_list
from worldkit.generation.text.lexicon import HANGING

LOGLINE = 400
READ = 4000
PLAINEST = ("town", "village")
"""Genres for a premise that points to none."""

_LINKS = frozenset(word_list("a an the his her their my your our its this that these those some one every another"))
_COUNTS = frozenset(word_list("two three four five six seven several"))
_TIMES = [[time] for time in word_list("dark dawn dusk midnight noon sunrise sunset nightfall morning winter spring")]
_PARTICLES = frozenset(word_list("out up down off in over"))
_ACTING = frozenset(
    word_list(
        "must has have is was needs need wants want tries try hopes longs sets wakes lives works runs gets goes finds"
    )
)
"""Words that a premise goes on with when it has named its character."""
_LEADING = frozenset(word_list("who whom whose that which where when while before to must can will still"))
_STUFF = frozenset(
    word_list("gold silver crystal fire star pearl well bell radio sail tree wheel engine film stone horse")
)
"""Things that are often only the first half of another: a silver spoon, a bell tower."""
_UNSEEN = frozenset(word_list("storm flood rain war night day sun wind winter snow spring summer time death world sea"))
_AGENT = re.compile(r"(?:er|or|ist|man|men|eer|ian|smith|herd|wright|maker|keeper|thief|ess|hand|girl|boy)s?\Z")
_BEASTS = frozenset(word_list("cat dog fox rabbit mouse hedgehog owl crow bear wolf kitten puppy horse whale elephant"))
_LIKE = frozenset(word_list("lonely elderly only family early ugly friendly lovely holy sickly silly ghostly kindly"))
_PAIRS = frozenset(
    word_list("hand teller master maker sweep spirit officer worker hunter fisher digger founder charmer")
)
"""Words for people that say little by themselves."""


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
    short = len(text) <= LOGLINE
    verbs = stock.goal_verbs
    places = _places(text, stock)
    setting = places[0] if places else ""
    genre = _genre(WORD.findall(text), setting, stock, dice)
    who, look = _person(_character(text, stock) if short else _named(text, stock), genre, dice)
    start = next((order.end() for order in orders(text)), 0)
    things = [thing for thing in _things(text, stock) if thing.split()[-1] != who.split()[-1]]
    before = [*_things(text[:start], stock), *noun_phrases(text[:start], stock.settings)]
    it = next((f"the {thing}" for thing in before if thing.split()[-1] != who), "")
    return Reading(
        genre=genre,
        who=who,
        look=look,
        setting=setting,
        spots=tuple(places[1:4]),
        things=tuple(thing for thing in things if thing.split()[-1] not in stock.settings)[:4],
        goal=purpose(text, Known(verbs, short, who, setting, it)),
        deadline=_deadline(text),
        logline=_cut(line, LOGLINE),
    )


def _genre(spoken: list[str], setting: str, stock: Stock, dice: random.Random) -> Genre:
    said = {_one(word.removesuffix("'s")) for word in spoken}
    where = set(map(_one, setting.split()))
    scores = {}
    for name, genre in stock.genres.items():
        words, near = set(map(_one, genre.words)), set(map(_one, genre.near))
        scores[name] = 2 * len(words & said) + len(near & said) + len((words | near) & where)
    best = max(scores.values())
    nearest = [name for name, score in scores.items() if score == best]
    # a premise that points nowhere is at home where most people are
    plainest = [name for name in nearest if name in PLAINEST]
    return stock.genres[dice.choice(plainest if spoken and not best else nearest)]


def _places(text: str, stock: Stock) -> list[str]:
    """Return the places named: those that stand by themselves before those that are half of another noun."""
    said = re.sub(r"\bbefore [^.;!?]*", "", text)
    threat = " ".join(re.findall(r"\bbefore [^.;!?]*? (?:in|over|at|of|on) ([^.;!?]*)", text))
    found = noun_phrases(said, stock.settings, stock.persons | stock.things)
    found = found or noun_phrases(threat, stock.settings) or noun_phrases(said, stock.settings)
    far = ("moon", "planet", "star", "asteroid")
    return [place for place in found if place not in far or re.search(rf"\b(?:on|to|reach) the {place}\b", said)]


def _things(text: str, stock: Stock) -> list[str]:
    return noun_phrases(text, stock.things, stock.persons | stock.settings)


def noun_phrases(text: str, heads: frozenset[str], behind: frozenset[str] = frozenset()) -> list[str]:
    """Return noun phrases whose head is one of these words, with up to two words between it and its article.

    Args:
        text: In small letters.
        heads: The words.
        behind: Words before which a head is only the first half of another noun.
    """
    found: dict[str, str] = {}
    for part in re.split(r"[^a-z' -]+", text):
        words = part.split()
        for at, said in enumerate(words):
            word = _one(said) if said not in heads and _one(said) in heads else said
            if word not in heads or _verb(words, at, word) or _half(words, at, word, heads, behind):
                continue
            lead: list[str] = []
            for back in range(1, 4):
                if at - back < 0:
                    break
                before = words[at - back]
                if before in _LINKS:
                    phrase = " ".join([*(other for other in reversed(lead) if other != "own"), word])
                    if clean(phrase) and all(WORD.fullmatch(w) and not w.endswith("ly") for w in lead):
                        found[word] = phrase
                    break
                if before in HANGING or before in _LEADING or "'" in before:
                    break
                lead.append(before)
            if clean(word):
                found.setdefault(word, word)
    return [phrase for phrase in found.values() if len(phrase) <= 32]


def _verb(words: list[str], at: int, word: str) -> bool:
    """Say whether a word is said as a verb: to ring, must photograph, a cartographer maps a canyon."""
    before = words[at - 1] if at else ""
    if before in _LEADING and before != "that":
        return before != "to" or at + 1 == len(words) or words[at + 1] in _LINKS or words[at + 1] in HANGING
    after = words[at + 1] if at + 1 < len(words) else ""
    return words[at] != word and bool(_AGENT.search(before)) and (after in _LINKS or after == "for")


def _half(words: list[str], at: int, word: str, heads: frozenset[str], behind: frozenset[str]) -> bool:
    """Say whether a word is only the first half of a noun: a bell tower, a silver spoon, a street sweeper."""
    if at + 1 == len(words):
        return False
    after = words[at + 1]
    if after in heads or _one(after) in heads or after in behind:
        return True
    if word != words[at] or not behind:
        return False
    agent = _AGENT.search(after) and after not in HANGING and after not in ("under", "after", "never", "whether")
    return bool(agent) or (word in _STUFF and after not in HANGING | _LEADING | _ACTING)


def _character(text: str, stock: Stock) -> str:
    """Return whom a premise is about, as it calls them, without article; empty when it does not say."""
    words = re.findall(r"[a-z'-]+|[^\sa-z'-]", text.removeprefix("you are "))
    if not words or words[0] in stock.goal_verbs:
        return ""
    if words[0] in ("a", "an", "the", *_COUNTS):
        known = stock.goal_verbs | _ACTING | frozenset(word_list("look search seek visit play"))
        named: list[str] = []
        for word, after in pairwise([*words[1:7], ""]):
            acting = word in _ACTING or (plain(word) in known and (word != plain(word) or words[0] in _COUNTS))
            acting = acting or (word.endswith("s") and not word.endswith(("ss", "'s")) and after in _LINKS)
            acting = acting or (word.endswith("ly") and word not in _LIKE)
            if named and (acting or word in HANGING or word in _LEADING or not WORD.fullmatch(word)):
                head = _one(named[-1]) if words[0] in _COUNTS else named[-1]
                if _somebody(head, acting, stock):
                    lead = [other for other in named[:-1] if other not in ("last", "only", "first", "next", "own")]
                    return " ".join([*lead[-2:], head])
                break
            named.append(word)
    order = next(iter(orders(text)), None)
    before = text[: order.start()] if order else text
    ordered = re.search(r"\b(?:an?|the|one) ((?:[a-z'-]+ ){0,2}([a-z'-]+)) \Z", before) if order else None
    if ordered and _somebody(ordered[2], True, stock) and not set(ordered[1].split()) & (HANGING | _LEADING):
        return ordered[1]
    return _named(before, stock)


def _somebody(head: str, acting: bool, stock: Stock) -> bool:
    if not clean(head) or len(head) > 20 or not WORD.fullmatch(head) or "'" in head:
        return False
    if head in stock.persons:
        return True
    return (acting or bool(_AGENT.search(head))) and head not in stock.settings | stock.things | _UNSEEN


def _named(text: str, stock: Stock) -> str:
    persons = noun_phrases(text, stock.persons)
    return persons[0] if persons else ""


def _person(called: str, genre: Genre, dice: random.Random) -> tuple[str, str]:
    known = dict(genre.who)
    if not called or not clean(called):
        return dice.choice(genre.who)
    words = called.split()
    who = words[-1]
    if who in known and set(words) <= set(known[who].split()):
        return who, known[who]
    if who in _PAIRS and len(words) > 1 and "'" not in words[-2]:
        who = " ".join(words[-2:])
    if words[-1] in _BEASTS:
        return who, f"{a(called)} with dust on its coat and bright, patient eyes"
    dress = dice.choice(genre.who)[1]
    dress = re.sub(r"\A.*?\b(in|,) ", r"\1 ", dress, count=1) if " in " in dress else "in plain travelling clothes"
    return who, f"{a(called)} {dress}"


def _deadline(text: str) -> str:
    match = re.search(r"\bbefore ((?:[a-z'-]+ ?){1,7})", text)
    if not match:
        return ""
    words = match[1].split()
    while words and words[-1] in HANGING - _PARTICLES:
        words.pop()
    if words and words[0] in ("he", "she", "they", "it") and len(words) < 3:
        return ""
    words = ["the" if word in ("his", "her", "their", "my", "our", "your") else word for word in words]
    phrase = f"before {' '.join(words)}"
    return phrase if (len(words) > 1 or words in _TIMES) and clean(phrase) else ""


def _one(word: str) -> str:
    """Return a plural as its singular, near enough to look it up."""
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _cut(line: str, limit: int) -> str:
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip()}…"
