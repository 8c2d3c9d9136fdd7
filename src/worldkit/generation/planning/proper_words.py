"""Words that keep the capitals and accents of a premise, though it is read in plain small letters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from worldkit.generation.planning.senses import senses_of
from worldkit.language.capitals import is_name_of_owner, is_name_of_town
from worldkit.language.tagging import is_closed_word, tags_of_closed_word
from worldkit.language.word_sets import word_set

_WORDS_BEFORE_NAMES = word_set("before_names") | {"st", "mt"}
_WORD = r"[^\W\d_][^\W\d_’'-]*(?:[-’'][^\W\d_]+)*"


def without_accents(text: str) -> str:
    """Return a text of the same length whose accented letters have none: ``fiance``."""
    pairs = ((char, unicodedata.normalize("NFD", char)[0]) for char in text)
    return "".join(base if base.isascii() and base.isalpha() else char for char, base in pairs)


def proper_words(premise: str, text: str) -> tuple[str, ...]:
    """Return what has capitals in the middle of a sentence of a premise, or accents, and stands in a text.

    Words with capitals that follow one another are one: "opera" has a small letter without the Royal before it. The
    text is what was read of the premise, in small letters and without accents.
    """
    words = (word for word in re.findall(_WORD, premise) if not word.replace("’", "'").isascii())
    names = dict.fromkeys([*_capitals(premise), *(word for word in words if plain_form(word).isascii())])
    return tuple(
        name
        for name in names
        if re.search(rf"\b{re.escape(plain_form(name))}\b", text)
        and not (name[:1].isupper() and re.search(rf"\b{re.escape(name.lower())}\b", premise))
    )


def plain_form(name: str) -> str:
    """Return a name as it is read: in small letters, without accents."""
    return without_accents(name.replace("’", "'").replace(".", "")).lower()


def _capitals(premise: str) -> Iterator[str]:
    """Yield the words with capitals inside a sentence, joined where they follow one another."""
    run, before = list[str](), ""
    ends_sentence = True
    for part in [*premise.split(), ""]:
        word = re.sub(r"\A[^\w]+|[^\w]+\Z", "", part)
        has_capital = bool(re.fullmatch(_WORD, word)) and word[0].isupper() and not is_closed_word(word.lower())
        is_before_name = word.lower() in _WORDS_BEFORE_NAMES
        is_name = is_name_of_town(plain_form(word)) or is_name_of_owner(without_accents(word.replace("’", "'")))
        if has_capital and (not ends_sentence or is_before_name or is_name):
            run.append(f"{word}." if is_before_name and part.endswith(".") else word)
        if run and (not has_capital or not part.endswith(run[-1])):
            name = " ".join(run).removesuffix("'s").removesuffix("’s")
            is_person = any(sense.kind == "p" for sense in senses_of(plain_form(name))[:2])
            if not (is_person and "D" in tags_of_closed_word(before)):  # the Queen is one of many here
                yield name
            run = []
        before = before if run else word.lower()
        is_end = part.rstrip("”\"')").endswith((".", "!", "?", ":", ";")) or part in ("(", "“", '"')
        ends_sentence = is_end and not is_before_name
