"""Reading a premise: who, where, which things, and what is to be done.

By the lexicon, without a model, the same every time, in a millisecond. Every noun phrase of the premise gets a role by
what its words can mean and by where it stands; docs/quality.md says the rules, and where they fail.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import islice

from worldkit.assessment.clauses import ClauseReader, VerbAt, clauses_in
from worldkit.assessment.names import ROLES, Name, Premise, Role
from worldkit.assessment.roles import agents_of, players_of, role_of
from worldkit.assessment.story_frame import without_form, without_story_frame
from worldkit.assessment.wording import plain_wording
from worldkit.language.capitals import in_sentence_case
from worldkit.language.identification import may_be_english
from worldkit.language.lexicon import lexicon
from worldkit.language.phrases import NounPhrase, noun_phrases
from worldkit.language.plain_text import plain_text
from worldkit.language.spelling import corrected, corrections
from worldkit.language.tagging import Token, is_closed_word, tag
from worldkit.language.word_sets import word_set

MAX_PREMISE_CHARACTERS = 1200
"""Characters of a premise that are read: the rest names more than a world of six states could hold."""
MAX_NAMES_PER_ROLE = 8
"""Names of one role that are taken, in the order of the premise."""
MAX_TASKS = 3
"""Tasks of a premise that are taken."""
_MAX_INTRODUCTION_TOKENS = 5
"""Tokens from the verb that says who the player is to that at most."""
_TITLE = r"(?:Mr|Mrs|Ms|Dr|Prof|Capt|Sgt|Lt|Rev)\."
_NAMING_WORD = re.compile(r"\s[(“\"]?(?:named|called)(?=\s)")
"""What a name follows: in "a captain named Ahab"."""
_QUOTED_NAME = re.compile(r"\s+(?:\"[^\"]{1,40}\"|“[^”]{1,40}”)")
_PARTICLES = word_set("name_particles")
_INITIAL = r"[^\W\d_]\.(?=\s+[^\W\d_])"
_NAME_WORD = re.compile(rf"\s+((?:{_TITLE}|St\.|{_INITIAL}|[^\W\d_][\w'’-]*)(?:,? [JS]r\.)?)")
_SYMBOLS = frozenset(("So", "Sk", "Cf", "Cc"))
_HYPHEN = re.compile(r"[-'’]")
_ABBREVIATION = re.compile(rf"\b(?:{_TITLE}|(?:St|Mt)\.)(?= \w)")
PREDICATE_OPENING = re.compile(
    r"(?<!you )\b(?:be|is|are|was|were|becom(?:es?|ing)|became|as)(?: (?:once|now|still|also))?"
    r" (?:an?|the|his|her|their|its) (?:[a-z-]+ )?\Z"
    r"|\bbe(?:come)? \Z|\b(?:home|back|away) from (?:an?|the|his|her|their|its) (?:[a-z-]+ )?\Z"
)
"""What stands before a noun that says what somebody is (a mime is called as a witness), or where they come from."""
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


@lru_cache(maxsize=256)
def read_premise(text: str) -> Premise:
    """Return what a premise names.

    Args:
        text: The premise, in any words and with any markup; the first 1,200 characters are read. Another language than
            English names nothing.
    """
    line = _without_symbols(_beginning(plain_text(text)).encode("utf-8", "replace").decode())
    if not may_be_english(line):
        return Premise(line, ())
    word_corrections = tuple(corrections(line).items())
    line = without_form(plain_wording(in_sentence_case(corrected(line))))
    story = without_proper_names(without_story_frame(line))
    tokens = tag(story)
    phrases = noun_phrases(tokens)
    agents, players = agents_of(tokens, phrases), players_of(tokens, phrases)
    player_starts = [phrase.first for phrase in phrases if id(phrase) in players]
    verbs = [
        verb for verb in ClauseReader(tokens, phrases).verbs() if not _only_introduces(verb.at, player_starts, tokens)
    ]
    tasks = list(islice(_tasks_of(verbs), MAX_TASKS))
    objects = {id(task.object) for task in tasks if task.object is not None}
    names: list[Name] = []
    lemmas: set[tuple[str, str]] = set()
    for phrase in phrases:
        is_agent, is_object, is_player = (id(phrase) in ids for ids in (agents, objects, players))
        role = role_of(phrase, tokens, is_agent=is_agent, is_object=is_object, is_player=is_player)
        is_introduction = phrase.lemma == "play" and _only_introduces(phrase.last, player_starts, tokens)
        if role is None or (role, phrase.lemma) in lemmas or is_introduction:
            continue
        lemmas.add((role, phrase.lemma))
        is_chief = is_player or (is_agent if role == "who" else is_object)
        names.append(_name(phrase, role, tokens, is_chief=is_chief, is_player=is_player))
    names += [_task_name(task, tokens) for task in tasks if not _only_happens(task)]
    chief_names = tuple(_first_names(_with_chief_place(list(_without_predicates(names, story.lower())), tokens)))
    return Premise(line, chief_names, story, tuple(clauses_in(verbs, tokens)), word_corrections)


def _without_predicates(names: Sequence[Name], text: str) -> Iterator[Name]:
    """Yield these names but for those that only say what somebody is whom a common noun names before: a witness."""
    first_start = min((name.start for name in names if name.role == "who" and name.phrase.islower()), default=0)
    for name in names:
        is_other = name.role != "who" or name.is_chief or name.start <= first_start
        if is_other or not PREDICATE_OPENING.search(text[: name.start]):
            yield name


def _beginning(text: str) -> str:
    """Return as much of a text as is read, without a word that this would cut."""
    if len(text) <= MAX_PREMISE_CHARACTERS or text[MAX_PREMISE_CHARACTERS].isspace():
        return text[:MAX_PREMISE_CHARACTERS]
    end = text.rfind(" ", 0, MAX_PREMISE_CHARACTERS)
    return text[: end if end > 0 else MAX_PREMISE_CHARACTERS]


def _without_symbols(text: str) -> str:
    """Return a text with blanks for emoji and for control characters, which are no marks of a sentence."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(" " if char == "\ufe0f" or unicodedata.category(char) in _SYMBOLS else char for char in text)


def _only_introduces(at: int, player_starts: Sequence[int], tokens: Sequence[Token]) -> bool:
    """Say whether a verb only says who the player is, which is no task: play as a mouse."""
    return any(
        0 < start - at <= _MAX_INTRODUCTION_TOKENS and not any(token.tag in "SOWC" for token in tokens[at:start])
        for start in player_starts
    )


def without_proper_names(text: str) -> str:
    """Return a text with blanks for what people are called, and for full stops that end no sentence.

    A name says nothing of who somebody is. Blanks keep the places of all other words.

    Example:
        >>> without_proper_names("A captain named Ahab, near St. Ives.")
        'A captain           , near St  Ives.'
    """
    parts, start = [], 0
    for match in _NAMING_WORD.finditer(text):
        if match.start() >= start and (end := _end_of_name(text, match.end())) > match.end():
            parts += [text[start : match.start()], " " * (end - match.start())]
            start = end
    return _ABBREVIATION.sub(lambda word: f"{word[0][:-1]} ", "".join([*parts, text[start:]]))


def _end_of_name(text: str, start: int) -> int:
    """Return where the name ends that begins at a place of a text; the place itself where none does."""
    if quoted_name := _QUOTED_NAME.match(text, start):
        return quoted_name.end()
    end, position = start, start
    while word := _NAME_WORD.match(text, position):
        if text[end - 1] == "." and is_closed_word(word[1].lower()):
            break  # "a spy called M. She must hide": the full stop ends a sentence
        position = word.end()
        # the capital of "al-Rashid" and "d'Artagnan" stands after the particle
        if any(part[:1].isupper() for part in _HYPHEN.split(word[1])[:2]):
            end = position
        elif word[1] not in _PARTICLES:
            break
    return end


def _first_names(names: Sequence[Name]) -> Iterator[Name]:
    counts = dict.fromkeys(ROLES, 0)
    for name in sorted(names, key=lambda name: name.start):
        counts[name.role] += 1
        if counts[name.role] <= MAX_NAMES_PER_ROLE:
            yield name


def _with_chief_place(names: list[Name], tokens: Sequence[Token]) -> list[Name]:
    """Mark the place that most of the premise is set in: the first, unless a later one holds it (a room of a hotel)."""
    chief, second = [*(name for name in names if name.role == "where"), None, None][:2]
    if chief and second:
        number = next((number for number, token in enumerate(tokens) if token.start == second.start), 0)
        words_before = [token.word for token in tokens[max(0, number - 2) : number] if token.tag != "D"]
        is_held = words_before[-1:] and words_before[-1] in ("of", "in", "at", "on", "aboard", "under")
        chief = second if is_held and chief.end + 12 > second.start else chief
    return [replace(name, is_chief=True) if name is chief else name for name in names]


def _name(phrase: NounPhrase, role: Role, tokens: Sequence[Token], *, is_chief: bool, is_player: bool) -> Name:
    sense_kinds: dict[str, str] = {"who": "pag", "where": "lg", "what": "tclfxm"}
    senses = [sense for sense in phrase.senses if sense.kind in sense_kinds[role]]
    if role == "who" and sum(sense.frequency for sense in senses) * 5 < sum(s.frequency for s in phrase.senses):
        senses = list(phrase.senses)  # who acts may be a memory: a recollection is one, too
    highest_frequency = max((sense.frequency for sense in senses), default=0)
    # a sense that was never counted beside one that was is a meaning few would think of
    sense_ids = frozenset(sense.id for sense in senses[:3] if sense.frequency * 20 >= highest_frequency)
    words_start = phrase.first + len(phrase.article.split())
    # marks, "and" and adverbs are no words of a phrase
    phrase_tokens = [token for token in tokens[words_start : phrase.last + 1] if token.tag not in "SCR"]
    return Name(
        role=role,
        phrase=" ".join(token.text for token in phrase_tokens) if phrase.is_name else phrase.text,
        lemma=phrase.lemma,
        modifiers=phrase.modifiers,
        senses=sense_ids,
        count=_count(phrase),
        start=phrase_tokens[0].start,
        end=tokens[phrase.last].end,
        is_chief=is_chief,
        is_player=is_player,
    )


def _count(phrase: NounPhrase) -> int:
    for word in phrase.article.split():
        if word in _NUMBERS:
            return _NUMBERS.index(word) + 1
        if word == "both":
            return 2
    return 0 if phrase.is_plural else 1


def _tasks_of(verbs: Sequence[VerbAt]) -> Iterator[VerbAt]:
    """Yield the verbs of what is to be done: what must be, else what the main clauses do and what for.

    That somebody arrives or refuses tells what happens; what is to be done is done to something.
    """
    tasks = [verb for verb in verbs if verb.kind == "order"]
    if not tasks:
        told_verbs = [verb for verb in verbs if verb.kind == "told"][:2]
        tasks = [verb for verb in verbs if verb in told_verbs or verb.kind == "purpose"]
    for task in tasks:
        is_light = task.kind == "told" or task.verb in word_set("light")
        if task.verb not in word_set("empty_verbs") and (task.object is not None or not is_light):
            yield task


def _only_happens(task: VerbAt) -> bool:
    """Say whether a task only happens to somebody, and is nobody's: a goblin inherits a throne."""
    return task.kind == "told" and task.verb in word_set("happening")


def _task_name(task: VerbAt, tokens: Sequence[Token]) -> Name:
    """Return a task as a name."""
    verb, target = task.verb, task.object
    senses = lexicon().senses(verb, "v")
    highest_frequency = max((sense.frequency for sense in senses), default=0)
    is_recovery = task.particle == "back" and verb in ("get", "win", "take")
    recovery_ids = {sense.id for sense in lexicon().senses("recover", "v")[:1]} if is_recovery else set()
    words = [verb, task.particle, *([target.article, target.text] if target else [])]
    end = tokens[task.at].end
    return Name(
        role="task",
        phrase=" ".join(word for word in words if word),
        lemma=verb,
        senses=frozenset(sense.id for sense in senses[:4] if sense.frequency * 5 >= highest_frequency) | recovery_ids,
        start=tokens[task.at].start,
        end=max(end, tokens[target.last].end) if target else end,
        object=target.text if target else "",
        is_chief=True,
        # what is told is done by somebody, and nobody says that it is wanted: two sisters keep lighthouses
        is_told=task.kind == "told",
    )
