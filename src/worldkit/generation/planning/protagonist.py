"""Whose story a premise tells: who has to do something, one of a group, the first of those who do it together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from worldkit.assessment.names import Name, Premise
from worldkit.generation.planning.deeds import deeds_of, is_harmful
from worldkit.generation.planning.goal_words import SUBJECT_PRONOUNS, WORD
from worldkit.generation.planning.kinds import kind_of
from worldkit.generation.planning.people import trade_of
from worldkit.generation.planning.senses import senses_of
from worldkit.generation.planning.unexplained import find_missing
from worldkit.generation.text import word_sets
from worldkit.generation.text.constraints import clean
from worldkit.language.capitals import is_name_of_town
from worldkit.language.lexicon import lexicon
from worldkit.language.word_sets import word_set

MAX_NAME_CHARACTERS = 32

_PLAIN_WORDS = word_sets.word_set("premise", "plain_words")
"""Words before a noun, or nouns, that say nothing of how somebody or something looks."""
_MEMBERS = word_sets.word_map("premise", "members")
"""What one of a group is called."""


@dataclass(frozen=True, slots=True)
class Protagonist:
    """Whose story a premise tells: one of them, several, how many (0 where it does not say), and who else is named."""

    name: str
    plural: str
    count: int
    others: Sequence[Name]


def phrases_of(names: Iterable[Name]) -> list[str]:
    """Return what is named, in words that the prose may take over, each head once."""
    phrases: dict[str, str] = {}
    for name in names:
        words = [word for word in _common_words(name) if WORD.fullmatch(word)]
        modifiers = [word for word in words[:-1] if word not in _PLAIN_WORDS and word not in word_sets.HANGING_WORDS]
        for kept_modifiers in (modifiers[-2:], modifiers[-1:], []):
            phrase = " ".join([*kept_modifiers, words[-1]]) if words else ""
            if phrase and len(phrase) <= MAX_NAME_CHARACTERS and clean(phrase) and words[-1] not in _PLAIN_WORDS:
                phrases.setdefault(words[-1], phrase)
                break
    return list(phrases.values())


def _common_words(name: Name) -> list[str]:
    """Return the words of a name that say what somebody or something is, in small letters.

    Of King Arthur that is the king, of Hyde Park all of it, and of Emma nothing.
    """
    words = name.phrase.split()
    if name.phrase == name.phrase.lower() or not words[-1][0].isupper():
        return words
    lower_words = [word.lower() for word in words]
    if not words[0][0].isupper():
        titles = [word for word in words if not word[0].isupper()]
        # the baker Emma Schmidt is a baker, and a mall Santa no mall
        return titles if name.role == "who" and _is_title(titles[-1]) else lower_words
    no_nouns = word_set("given_names") | word_set("before_names")
    is_called_by_nouns = all(lexicon().knows(word) and word not in no_nouns for word in lower_words)
    if len(words) > 1 and name.role == "who" and is_called_by_nouns and _is_title(lower_words[-1]):
        is_no_person = all(sense.kind != "p" for sense in senses_of(lower_words[-1])[:1])
        is_title_of_name = is_no_person and words[0] in word_sets.word_set("facts", "titles")
        return lower_words[:1] if is_title_of_name else lower_words  # Captain Fox, but the Snow Queen
    place = " ".join(lower_words)
    if name.role == "where" and (is_name_of_town(place) or (len(words) > 1 and kind_of(place))):
        return lower_words
    is_titled = len(words) > 1 and name.role == "who" and _is_title(lower_words[0])
    return lower_words[:1] if is_titled else []


def _is_title(noun: str) -> bool:
    senses = lexicon().senses(noun)[:1]
    return trade_of(noun) is not None or any(sense.kind == "p" and sense.frequency for sense in senses)


def find_hero(premise_names: Premise) -> Name | None:
    """Return whose story a premise tells, else whoever or whatever acts in it first, since a model can tell of any."""
    if player := next((name for name in premise_names.who if name.is_player), None):
        return player
    chief, first = find_chief(premise_names), next(iter(premise_names.who), None)
    order = next(iter(premise_names.orders), None)
    # a shadow that wants to be free of its owner is nobody to find_chief, and the owner is not who wants it
    is_object = chief is None or (order is not None and order.verb_start <= chief.start and not chief.is_chief)
    return first if is_object and first and (chief is None or first.is_chief) else chief


def find_chief(premise_names: Premise) -> Name | None:
    """Return whose story a premise tells; None for nobody, or for somebody of whom it says no more than the name.

    Whom it calls its reader comes before all others. Who or what is missing is not who looks for it.
    """
    if players := [name for name in premise_names.who if name.is_player]:
        return next((name for name in players if phrases_of([name])), None)
    text = premise_names.plain_story
    if _TELLER.search(text):
        return None
    chief = _acting_name(premise_names)
    if chief is None or phrases_of([chief]):
        return chief
    # Zoe, an inventor, has to win the fair
    known_names = filter(lambda name: phrases_of([name]), premise_names.who)
    return next((name for name in known_names if _IDENTITY.fullmatch(text[chief.end : name.start])), None)


_TELLER = re.compile(r"\b(?:i|me)\b")
_IDENTITY = re.compile(r"(?:,| is| was|) (?:an?|the) ")
"""What stands between what somebody is called and what they are: Zoe, an inventor, or Milo the snail."""


def given_name_of(chief: Name, premise_names: Premise) -> str:
    """Return what a protagonist is called: Ida Crane, of Sheriff Ida Crane; empty where a premise does not say."""
    common_words, text = _common_words(chief), premise_names.plain_story
    if called := [word for word in chief.phrase.split() if word[0].isupper() and word.lower() not in common_words]:
        return " ".join(called)
    links = ((name, text[name.end : chief.start]) for name in premise_names.who)
    called_names = (name for name, link in links if _IDENTITY.fullmatch(link) and not phrases_of([name]))
    return next((name.phrase for name in called_names), "")


def _acting_name(premise_names: Premise) -> Name | None:
    """Return who has to do something, else whom a premise names first."""
    missing_words = find_missing(premise_names.plain_story).split()
    missing_words += find_dead(premise_names.plain_story)
    alive = [name for name in premise_names.who if _may_act(name) and name.lemma not in word_set("errands")]
    alive = [name for name in alive if name.phrase.split()[-1] not in missing_words]
    alive += [name for name in premise_names.what if phrases_of([name]) and trade_of(name.lemma)]
    known_names = [name for name in alive if phrases_of([name])]
    chiefs = [name for name in alive if name.is_chief] or known_names
    order = next((clause for clause in premise_names.clauses if clause.kind in ("order", "forbidden")), None)
    if order is None:
        return next(iter(_without_background(chiefs, known_names, premise_names)), None)
    if order.subject is None or order.subject.text in SUBJECT_PRONOUNS | {"it", "you"}:
        return None
    if actor := next((name for name in alive if order.subject.is_part_of(name)), None):
        return actor
    return next(iter(_without_background(chiefs, known_names, premise_names)), None)


def find_dead(text: str) -> list[str]:
    """Return the words for those of whom a text in small letters says that they are dead."""
    victims = [match[0].split()[-1] for match in _VICTIM.finditer(text)]
    return [match[1] for match in _DEAD_PERSON.finditer(text)] + victims


_KILLING_VERBS = "(?:killed|murdered|strangled|stabbed)"
_DEAD_PERSON = re.compile(
    r"([a-z-]+)(?: (?:of|in|on|at) (?:the|an?) [a-z-]+(?: [a-z-]+)?)?"
    rf" (?:(?:is|are|was|were) (?:dead|buried(?! alive)|{_KILLING_VERBS})|dies|die|died|has died)\b"
)
_VICTIM = re.compile(
    rf"\b(?<!was )(?<!were )(?<!is )(?<!are ){_KILLING_VERBS} (?:the|an?|h(?:is|er)|my|our|their)"
    r"(?: (?!(?:and|as|at|but|by|for|from|in|of|on|or|to|when|while|who|with)\b)[a-z'-]+){1,3}"
)


def _without_background(chiefs: Sequence[Name], known_names: Sequence[Name], premise_names: Premise) -> list[Name]:
    """Return these names without those who have done harm, or only did something before the story begins.

    Who does harm now is the protagonist where a premise names nobody else who could undo it.
    """
    deeds = deeds_of(premise_names)
    past_names = [name for name in chiefs if any(deed.is_over and deed.is_by(name) for deed in deeds)]
    harmful_deeds = [deed for deed in deeds if is_harmful(deed)]
    culprits = [name for name in known_names if any(deed.is_by(name) for deed in harmful_deeds)]
    others = [name for name in chiefs if name not in culprits]
    others = [name for name in others if name not in past_names] or others
    return others or [name for name in chiefs if name not in past_names]


def _may_act(name: Name) -> bool:
    if not name.phrase.islower():
        return True  # Lily, or Princess Lily
    if not phrases_of([name]):
        return False
    senses = lexicon().senses(name.lemma)
    # a town is its people, too, but nobody
    kinds = "pa" if senses and senses[0].kind == "l" and senses[0].frequency > 1 else "pag"
    if not senses or trade_of(name.lemma) is not None or any(sense.kind in kinds for sense in senses):
        return True
    # a lamp acts where it wants something
    return name.role == "who" and name.is_chief and name.count == 1 and senses[0].kind == "t"


def protagonist_of(chief: Name | None, premise_names: Premise, text: str) -> Protagonist:
    """Return what a premise in small letters tells of its chief, who may be a group, one of several, or nobody."""
    others = [name for name in premise_names.who if name is not chief]
    if chief is None:
        return Protagonist("", "", 1, others)
    if _is_group(chief):
        name = _MEMBERS.get(chief.lemma.split()[-1], "member")  # a sailor of a crew
        return Protagonist(name, phrases_of([chief])[0], 0, others)
    phrase = phrases_of([chief])[0]
    *modifiers, noun = phrase.split()
    if chief.count != 1:
        noun = next((base for base in lexicon().lemmas(noun, "n") if base != noun), noun)
    owner = re.search(r"\b(?:an?|the) (?:[a-z]+ )?([a-z]+'s) \Z", text[: chief.start])
    name = " ".join([*(owner.groups() if owner else ()), *modifiers, noun])
    return Protagonist(name, phrase, chief.count, others)


def _is_group(chief: Name) -> bool:
    """Say whether several are meant by a noun in the singular: a crew, a family."""
    kinds = [sense.kind for sense in lexicon().senses(chief.lemma)[:2]]
    return chief.lemma in _MEMBERS or (kinds[:1] == ["g"] and kinds[1:] != ["p"])
