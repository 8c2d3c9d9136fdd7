"""What counts as naming a thing, a place or a deed in a text, and what kind of thing a phrase names.

And which words of an answer are names: those keep their capitals inside a sentence.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

from worldkit.generation.direct.wording import bare, head, normal_text
from worldkit.generation.planning.chunking import MAX_ABBREVIATION_CHARACTERS, TITLE_AT_END
from worldkit.generation.text.english import stem
from worldkit.generation.text.word_sets import HANGING_WORDS, PREPOSITIONS, word_set
from worldkit.language.lexicon import lexicon
from worldkit.language.phrases import noun_phrases
from worldkit.language.tagging import is_closed_word, tag

_EMPTY_WORDS = word_set("direct", "empty")
_NON_NAME_WORDS = _EMPTY_WORDS | HANGING_WORDS | set(PREPOSITIONS) | {"all", "both", "half", "own"}
"""Words of a name that alone do not name it."""

_DETERMINER_PHRASE = re.compile(
    r"\A(?:(?:all|both|half|one|some|each|every|another|either|these|those|this|that)\s+(?:of\s+)?(?:the\s+)?"
    r"|(?:his|her|their|its|my|your|our)\s+own\s+)",
    re.IGNORECASE,
)
_MIN_NOUN_USES = 3
"""Uses as a noun, of which a word that is one by itself has more: a painting, but nothing swinging."""

_NAME_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_SENTENCE_END_MARKS, _OPENING_MARKS, _CLOSING_MARKS = ".!?:…*#;", ('"', "“", "‘", "«", "(", "["), "\"”’'»)]_"
_PARAGRAPH = re.compile(r"\n\s*\n")
_CONTENT_TAGS = frozenset("ANVIGE")


def mentions(text: str, thing: str) -> bool:
    """Say whether a text names a thing: by the word it turns on, in the singular, the plural or the possessive."""
    noun = _word_stem(head(thing))
    text = text.lower().replace("’", "'")
    return not noun or any(_word_stem(word) == noun for word in re.findall(r"[\w'-]+", text))


def _word_stem(word: str) -> str:
    return stem(word.removesuffix("'").removesuffix("'s"))


def points_to(text: str, thing: str) -> bool:
    """Say whether a text names a thing by any word of its name that says something: the keys, for a ring of keys."""
    words = [
        word for word in re.findall(r"[\w'-]+", bare(thing).lower()) if len(word) > 2 and word not in _NON_NAME_WORDS
    ]
    return mentions(text, thing) or any(mentions(text, word) for word in words)


def shows(text: str, somebody: str) -> bool:
    """Say whether a text names somebody, who may have a name of several words: Marta is Marta Weil."""
    return points_to(text, somebody) if somebody[:1].isupper() else mentions(text, somebody)


def content_words(text: str) -> list[str]:
    """Return the words of a text that say something by themselves: no prepositions, no commonest verbs."""
    words = re.findall(r"[\w'-]+", text.lower())
    return [word for word in words if len(word) > 3 and word not in _EMPTY_WORDS]


def contains_name(text: str, name: str) -> bool:
    """Say whether a text has the words of a name in a row: toward the mill has the mill, and no ward."""
    return f" {normal_text(bare(name))} " in f" {normal_text(text)} "


def names_in(text: str, names: Iterable[str]) -> list[str]:
    """Return those of some names whose words a text has in a row."""
    words = f" {_words(text)} "
    return [name for name in names if f" {_words(bare(name))} " in words]


@lru_cache(maxsize=4096)
def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def names_beside(names: Iterable[str], *own_texts: str) -> tuple[str, ...]:
    """Return those of some names that do not stand in some texts."""
    return tuple(name for name in names if not any(bare(name).lower() in text.lower() for text in own_texts))


def without_names(text: str, names: Iterable[str]) -> str:
    """Return a text without the names: the stairs to the lamp room hold no lamp once the room is left out."""
    for name in names:
        text = re.sub(rf"\b{re.escape(bare(name))}\b", "", text, flags=re.IGNORECASE)
    return text


def is_somebody(name: str) -> bool:
    """Say whether a phrase names a person or an animal and no place: the lonely man, but not his house."""
    words = lexicon()
    senses = next((senses for lemma in words.lemmas(head(name), "n") if (senses := words.senses(lemma))), ())
    return bool(senses) and all(sense.kind in ("p", "a") for sense in senses[:2])


def label(thing: str) -> str:
    """Return a thing without what stands before its noun: her own portrait, all the letters."""
    return _DETERMINER_PHRASE.sub("", bare(thing))


_STOP_OF_TITLE = re.compile(r"\b(Mr|Mrs|Ms|Dr|St|Prof|Capt|Sgt|Lt|Rev)\.(?= )", re.IGNORECASE)


def thing_seen(sight: str) -> str:
    """Return the thing itself of what is seen: of "a letter lying on the desk", the letter, without its article."""
    text = f"the {label(sight)}"
    tokens = tag(_STOP_OF_TITLE.sub(r"\1 ", text))
    phrases_by_start = {phrase.first: phrase for phrase in noun_phrases(tokens)}
    if 0 not in phrases_by_start:
        return ""
    last = phrases_by_start[0].last
    inner = last + 2 + sum(token.tag == "G" for token in tokens[last + 2 : last + 3])  # a row of roasting hearths
    if inner in phrases_by_start and tokens[last + 1].word == "of":
        last = phrases_by_start[inner].last
    # what is seen is no sentence: candle stubs are nouns
    while last + 1 < len(tokens) and tokens[last + 1].tag == "V" and lexicon().lemmas(tokens[last + 1].word, "n"):
        last += 1
    # an engine cold to the touch, a curtain half drawn
    while last > 1 and tokens[last - 1].tag == "N" and _says_how(tokens[last].word):
        last -= 1
    return text[len("the ") : tokens[last].end]


def _says_how(word: str) -> bool:
    """Say whether a word behind a noun rather says how something is: cold, half, swinging."""
    counts = lexicon().counts(word)
    as_noun = counts.get("n", 0)
    is_rare_noun = word.endswith("ing") and as_noun < _MIN_NOUN_USES
    return word == "half" or is_rare_noun or as_noun < max(counts.get("a", 0), counts.get("r", 0))


def kind_of_somebody(label: str, others: Iterable[str]) -> str:
    """Return what somebody with a name is, by the phrases of who is there: a bear; of everything else, the label."""
    for other in others:
        if label[:1].isupper() and (rest := other.removeprefix(label)) != other:
            match = re.match(r",? (?:the|an?) ([^,]+)", rest)
            if match and (kind := thing_seen(match[1])):
                return kind
    return label


def label_named(do: str, sights: Sequence[str]) -> str:
    """Return the label of what is seen that the words of a deed name; empty where they name nothing of it."""
    for sight in sights:
        thing = thing_seen(sight) or label(sight)
        # talk to Tam names Tam roped to a post
        names = set(re.findall(r"\b[A-Z]\w+", sight))
        if mentions(do, thing) or not names.isdisjoint(re.findall(r"\w+", do)):
            return thing
    tagged_sights = [(sight, tag(sight)) for sight in sights]
    parts = (
        label(sight[tokens[phrase.first].start : tokens[phrase.last].end])
        for sight, tokens in tagged_sights
        for phrase in noun_phrases(tokens)
    )
    return next((part for part in parts if mentions(do, part)), "")


@lru_cache(maxsize=32)
def proper_names(texts: tuple[str, ...], items: tuple[str, ...], deeds: tuple[str, ...] = ()) -> frozenset[str]:
    """Return the words of an answer that are names, given its sentences, its phrases of things, and those of deeds.

    Where few phrases begin with a capital, it means a name, such as Justice.
    """
    names = {word for text in texts for word in inner_capitals(text)}
    names |= _first_names(texts, items)
    for phrases in (items, deeds):
        if not _is_title_case(phrases):
            names |= {word for phrase in phrases for word in inner_capitals(phrase)}
    if not _is_title_case(items):
        names |= {words[0] for item in items if len(words := _NAME_WORD.findall(item)) > 1 and words[1] in names}
        names |= _rare_beginnings(items)
    names |= {part for name in names for part in name.split("-")}
    return frozenset(name for name in names if name != "I")


def _rare_beginnings(items: tuple[str, ...]) -> set[str]:
    """Return the words with a capital that phrases begin with, where most of them begin with a small letter."""
    first_words = [match[0] for item in items if (match := _NAME_WORD.match(item))]
    capitals = [word for word in first_words if word[0].isupper()]
    return {word for word in capitals if not is_closed_word(word.lower())} if len(capitals) * 2 <= len(items) else set()


def inner_capitals(text: str) -> Iterable[str]:
    """Yield the words that have a capital though they begin no sentence."""
    for match in _NAME_WORD.finditer(text):
        if match[0][0].isupper() and not begins_sentence(text, match.start()):
            yield match[0]


def begins_sentence(text: str, at: int) -> bool:
    """Say whether a word, given with where it stands in a text, begins a sentence, and has its capital by that."""
    before = _PARAGRAPH.split(text[max(0, at - MAX_ABBREVIATION_CHARACTERS) : at])[-1]
    if before.endswith(_OPENING_MARKS) or not before.strip(" —–-"):
        return True
    before = before.rstrip().rstrip(_CLOSING_MARKS).rstrip()
    return not before or (before[-1] in _SENTENCE_END_MARKS and not TITLE_AT_END.search(before))


def _first_names(texts: tuple[str, ...], items: tuple[str, ...]) -> set[str]:
    """Return the first words that are names: no word of the lexicon, or the beginning of several texts."""
    first_words = Counter(
        match[0] for text in (*texts, *items) if (match := _NAME_WORD.match(text)) and match[0][0].isupper()
    )
    lower_words = {word for text in (*texts, *items) for word in _NAME_WORD.findall(text) if word.islower()}
    names = set()
    for word, times in first_words.items():
        is_known = lexicon().knows(word.lower())
        is_content = tag(word)[0].tag in _CONTENT_TAGS
        if is_content and word.lower() not in lower_words and (times > 1 or not is_known):
            names.add(word)
    return names


def _is_title_case(items: tuple[str, ...]) -> bool:
    """Say whether a model begins every word of its phrases with a capital: then a capital tells nothing."""
    long_items = [words for item in items if len(words := _NAME_WORD.findall(item)) > 1]
    capitals = [words for words in long_items if all(word[0].isupper() for word in words if len(word) > 3)]
    return len(capitals) * 2 > len(long_items)
