"""Short texts from a model as plain words: phrases, sentences, and names with their articles."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from typing import Any

from worldkit.generation.planning.chunking import sentences
from worldkit.generation.text.english import capital, is_plural, without_hanging_end
from worldkit.generation.text.english import the as noun_with_article
from worldkit.generation.text.word_sets import word_set, words
from worldkit.language.lexicon import lexicon

TAKING_VERB = re.compile(r"(?:take|pick up|grab|get|collect|fetch|find|steal|lift)\b", re.IGNORECASE)
"""What a move begins with by which something is got."""
_ID = re.compile(r"\b(?:(?i:the|an?|some|his|her|their|its|my|your|our) )?([kplw]\d{1,2})\b")
_MARKUP_CHARACTERS = re.compile(r"[*_`#<>{}\[\]\\|~^]+")
_CAPITALS = re.compile(r"\AA\b|\b[A-Z][a-z]+\b(?![A-Z])")
_SPACE = re.compile(r"\s+")
ARTICLE = re.compile(r"\A(?:(?:an?|the|some|his|her|their|its|my|your|our)\s+(?!own\b))+", re.IGNORECASE)
_DETERMINER = re.compile(
    r"(?:(?:all|both|every|each|this|these|those|another|either|one of|some of|his|her|their|its|my|your|our)(?![\w-])"
    r"|half (?:an?|of|the)\b)",
    re.IGNORECASE,
)
"""What a phrase begins with that takes no article: all the letters, her own pronunciation."""
_PLACEHOLDER = re.compile(r"\b(?:[pewlk]\d{1,2}|n/?a|tbd|null|undefined|lorem ipsum)\b", re.IGNORECASE)
_PLAIN_PUNCTUATION = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "…": "..."})
_DASH = re.compile(r"\s*(?:[—―]|(?<!-)-{2,3}(?!-))\s*|\s+–\s+")
_BREAK_OFF_DASH = re.compile(r",?\s+-\s*(?=[\"'](?:\W|\Z))")
"""What stands between what is said and its end, where that is broken off by a dash."""
QUOTE = re.compile(r"\"[^\"]*\"|(?<![\w'])'(?:[^']|(?<=\w)'(?=\w)|(?<=s)'(?= [a-z]))+'(?!\w)")
"""What somebody says or a sign says, with the apostrophes of its words: 'The chefs' table is mine.'"""
_END_OF_SENTENCE = (".", "!", "?", *(f"{mark}{quote}" for mark in (*".!?", " -") for quote in "\"'"))
_NUMBERED_NAME = re.compile(r"(?:[a-z'-]+ )+\d+\b")
_SIDE = re.compile(r"(inside|outside)(?: of)? (?=\w)")
_POSITIONS = word_set("direct", "positions")
_MEASURES = word_set("direct", "measures")
QUESTION_WORDS = frozenset(("what", "who", "whom", "whose", "why", "how", "where", "when", "which", "that", "whether"))
"""What a phrase begins with that is known: what Maud has been hiding."""
_CAPITALIZED_NAMES = frozenset(map(capital, (*words("english", "calendar"), *words("english", "peoples"))))
"""Days, months and peoples, which are names wherever they have a capital."""
_NUMBERS = word_set("english", "numbers") | {"several", "many", "both"}


def plain(value: Any, longest: int = 2_000, dash: str = ", ") -> str:
    """Return a value as one line without control characters and marks of markup; empty when it is no text."""
    if not isinstance(value, str):
        return ""
    text = "".join(" " if unicodedata.category(letter)[0] in "CZ" else letter for letter in value[:longest])
    # a dash with a long row of spaces before it is looked for at each of them
    text = _MARKUP_CHARACTERS.sub("", _DASH.sub(dash, _SPACE.sub(" ", text)).translate(_PLAIN_PUNCTUATION))
    return re.sub(r",(?: ?[,.!?;:])+", lambda match: match[0][-1], _SPACE.sub(" ", text).replace(" ,", ",")).strip(
        " ,;:-"
    )


def phrase(value: Any, longest: int = 60, names: Collection[str] = ()) -> str:
    """Return a value as a phrase inside a sentence, without a full stop and capitals; empty when it is none."""
    text = plain(value).rstrip(".!?\"'").lstrip("\"'")
    if not 2 < len(text) <= longest or not re.search(r"[A-Za-z]{2}", text) or _PLACEHOLDER.fullmatch(text):
        return ""
    return _CAPITALS.sub(
        lambda match: match[0] if match[0] in names or match[0] in _CAPITALIZED_NAMES else match[0].lower(), text
    )


def sentence(value: Any) -> str:
    """Return a value as one or more sentences: a capital first, a full stop last; empty when it is no text."""
    text = _BREAK_OFF_DASH.sub(" -", plain(value, dash=" - ").replace(", - ", " - "))
    if len(text) < 3 or not re.search(r"[A-Za-z]{2}", text):
        return ""
    text = capital(text)
    return text if text.endswith(_END_OF_SENTENCE) else f"{text}."


def ends_sentence(value: Any) -> bool:
    """Say whether a value is a text whose last sentence has its end."""
    return plain(value).endswith(_END_OF_SENTENCE)


def normal_text(text: str) -> str:
    """Return the words of a text in small letters, so that texts with the same words are equal."""
    return " ".join(re.findall(r"[\w']+", text.lower()))


def is_clause(text: str) -> bool:
    """Say whether a phrase says that something is or does something: the man is in the pit, but not a man who is."""
    for match in re.finditer(r"\b(?:is|are|was|were|has|have|must|(can|will))\b(?: (\w+))?", text, re.IGNORECASE):
        # an oil can and a last will are things
        is_verb = not match[1] or (match[2] or "").lower() in lexicon().lemmas((match[2] or "").lower(), "v")
        if is_verb:
            return not re.search(r"\b(?:that|which|who|where|whose)\b", text[: match.start()])
    return False


def names_id(text: str, ids: Collection[str]) -> bool:
    """Say whether a text names an id of the plan, such as ``p2`` or ``k1``, which means nothing to a player."""
    return any(word in ids for word in re.findall(r"\w+", text))


def with_names_of_ids(text: str, names: Mapping[str, str]) -> str:
    """Return a text with names in the place of ids, each with what stands before a noun: the k1, a p2."""

    def name(match: re.Match[str]) -> str:
        text_of_id = names.get(match[1], match[0])
        return capital(text_of_id) if match[0][0].isupper() else text_of_id

    return _ID.sub(name, text)


def bare(thing: str) -> str:
    """Return a thing without its article: ``a brass key`` is a ``brass key``."""
    return ARTICLE.sub("", thing, count=1)


def place_name(name: str) -> str:
    """Return a name of a place that an article can stand before; empty for a position, such as ``behind the mill``."""
    name = bare(name)
    side = _SIDE.match(name)
    if side:
        whole = name[side.end() :]
        return f"{side[1]} of {whole if ARTICLE.match(whole) else the(whole)}"
    return "" if name.partition(" ")[0].lower() in _POSITIONS else name


def the(thing: str) -> str:
    """Return a thing with the definite article; a name with a capital stays as it is, and so does what is known."""
    name = bare(thing)
    words = name.split()
    numbered = _NUMBERED_NAME.match(name)
    is_number = numbered is not None and noun_with_article(numbered[0]) == numbered[0]
    if is_number or _DETERMINER.match(name) or (words and words[0].lower() in QUESTION_WORDS):
        return name  # room 31, all the letters, or what Maud has been hiding
    is_owned = any(word.endswith(("'s", "s'")) for word in words[:-1])
    is_name = name[:1].isupper() and (is_owned or not words[-1][:1].islower())
    return name if is_name and name == thing else f"the {name}"


def head(thing: str) -> str:
    """Return the word that a phrase turns on: of ``a brass key of the mill``, ``key``; of ``a ring of keys``, too."""
    name = bare(thing).lower()
    measure, _, measured = name.partition(" of ")
    if measured and not ARTICLE.match(measured) and measure.split()[-1] in _MEASURES:
        name = bare(measured)
    words = re.split(r" (?:of|in|on|with|from|at|by|behind|under|near|for) ", name)[0].split()
    return re.sub(r"[^\w'-]", "", words[-1]) if words else ""


def is_many(noun: str) -> bool:
    """Say whether a verb after a phrase is in the plural: ``the two chefs``, ``a boy and a dog``."""
    words = bare(noun).lower().split()
    if " and " in noun.lower():
        return True
    if not words or noun.lower().startswith(("a ", "an ")):
        return False
    if noun[:1].isupper() and words[1:2] in ([], ["of"]):
        return False  # a name: Eleven, Seven of Nine
    if all(word[:1].isupper() for word in noun.split()) and words[0] not in _NUMBERS and bare(noun) == noun:
        return False  # a name: Silas, Agnes Miles
    return words[0] in _NUMBERS or is_plural(head(noun).lower())


def shorten(text: str, longest: int) -> str:
    """Return a text that is short enough: whole sentences of it, else its beginning up to the end of a clause."""
    if len(text) <= longest:
        return text
    whole_sentences = ""
    for part in sentences(text):
        if len(whole_sentences) + len(part) + 1 > longest:
            break
        whole_sentences = f"{whole_sentences} {part}".strip()
    if len(whole_sentences) >= longest // 4:
        return whole_sentences
    beginning = text[: longest - 1]
    for mark in (", ", "; ", " and ", " with ", " as ", " while "):
        if (at := beginning.rfind(mark)) > longest // 3:
            return f"{beginning[:at].rstrip(' ,;')}."
    beginning = without_hanging_end(beginning.rpartition(" ")[0])
    return f"{beginning.rstrip(' ,;')}." if beginning else ""
