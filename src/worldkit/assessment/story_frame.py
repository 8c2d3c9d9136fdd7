"""What only asks for a story, or says that there is one: "Make a funny story about", "A world where"."""

from __future__ import annotations

import re
from itertools import takewhile

from worldkit.language.tagging import tag
from worldkit.language.word_sets import word_set


def _any_of(name: str) -> str:
    return "|".join(word.replace("_", " ") for word in sorted(word_set(name), key=len, reverse=True))


_REQUEST = re.compile(
    rf"\s*(?:(?:{_any_of('politeness')}),? )*"
    rf"(?:(?:{_any_of('asking_for_stories')})(?: up)?(?: (?:me|us))?(?: please)? )?",
    re.IGNORECASE,
)
_SUPPOSITION = re.compile(
    r"\s*(?:(?:imagine|suppose|what if)(?: that)?|once upon a time,?(?: there (?:was|were|lived))?) ", re.IGNORECASE
)
_NOUN = re.compile(
    rf"it\b|(?:(?:an?|the|my|our|your|some|this|another) )?(?:json )?(?P<modifiers>(?:[a-z-]+,? ){{0,4}}?)"
    rf"(?:(?P<story>{_any_of('stories')})|{_any_of('games')})\b(?! (?:{_any_of('stories')}|{_any_of('games')})\b)"
    r"(?P<audience> for (?:(?:my|the|an?|small|young|old|two|three|\d+) )*[a-z-]+)?",
    re.IGNORECASE,
)
_NUMBER = (
    r"(?:(?:at least|at most|about|exactly|up to|only) )?"
    r"(?:\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten|several|multiple|many)"
)
_FORM = re.compile(
    rf"(?:,? (?:with|in|of|using|having|and)|,) {_NUMBER} (?:[a-z-]+ )?(?:{_any_of('parts_of_stories')})\b"
    r"(?! (?:of|in|who|that)\b)",
    re.IGNORECASE,
)
"""What is asked of the form of a story: with six states and a win ending."""
_PLACE_PREPOSITION = r"(?= (?:in|on|at|aboard|under|inside) )"
_SUBJECT = re.compile(r"(?:,? (?:is |was )?(?:all )?about(?: how)?| of| between)(?= )", re.IGNORECASE)
"""What stands before the subject of a story."""
_OPENING = re.compile(
    r":|,? (?:where(?:in)?|in which|(?:that |which )?(?:follow|feature)(?:s|ing))(?= )"
    rf"|,? (?:that (?:is|takes place|plays|happens)(?: set)?|set){_PLACE_PREPOSITION}",
    re.IGNORECASE,
)
"""What opens what a story tells."""
_POSSIBLE_OPENING = re.compile(rf" with(?= )|{_PLACE_PREPOSITION}|[.!?]?\s*\Z|[.!?](?= )", re.IGNORECASE)
"""What opens it too where the story is asked for, or where nothing is said that happens."""
_RELATIVE = re.compile(r" (?:that|which|whose) ", re.IGNORECASE)
_CLAUSE = re.compile(r"[^.,;:!?]*")


def without_form(text: str) -> str:
    """Return a text that asks for a story, without what it asks of its form.

    Example:
        >>> without_form("Write a story in 300 words about two states.")
        'Write a story about two states.'
        >>> without_form("A diver with two endings to choose from.")
        'A diver with two endings to choose from.'
    """
    request = _REQUEST.match(text)
    return _FORM.sub("", text) if request and request[0].strip() else text


def without_story_frame(text: str) -> str:
    """Return a text with blanks for what only asks for a story, or says that there is one; words keep their places.

    What a story is like stays where nothing else is said: the pirate, of "a pirate adventure".

    Example:
        >>> without_story_frame("A tale of a lost umbrella").strip()
        'a lost umbrella'
        >>> without_story_frame("Make a pirate adventure.").strip()
        'pirate'
        >>> without_story_frame("Tell a story to the king.").strip()
        'Tell a story to the king.'
    """
    if supposition := _SUPPOSITION.match(text):
        text = _blanked(text, 0, supposition.end())
    request = _REQUEST.match(text)
    start = request.end() if request else 0
    noun = _NOUN.match(text, start)
    if noun is None:
        return text
    is_asked_for = bool(text[:start].strip())
    subject = _SUBJECT.match(text, noun.end())
    if (
        subject
        and (is_asked_for or noun["story"] or subject[0].endswith("about"))
        and not _has_verb(text, subject.end())
    ):
        end = subject.end()
    elif opening := _OPENING.match(text, noun.end()):
        end = opening.end()
    elif noun["modifiers"] is None:
        return text
    elif (joint := _POSSIBLE_OPENING.match(text, noun.end())) and (is_asked_for or not _has_verb(text, joint.end())):
        end = joint.end()
    elif is_asked_for and _RELATIVE.match(text, noun.end()):
        return _blanked(text, 0, start)
    else:
        return text
    if any(character.isalpha() for character in text[end:]):
        return _blanked(text, 0, end)
    start, end = noun.span("modifiers")
    return _blanked(_blanked(text, 0, start), end, len(text))


def _has_verb(text: str, start: int) -> bool:
    """Say whether a clause says that something happens: a game in the park turns into a battle."""
    clause = _CLAUSE.match(text, start)
    tokens = tag(clause[0] if clause else "")
    main_tokens = takewhile(lambda token: token.tag != "W" and token.word != "that", tokens)
    return any(token.tag in "VX" for token in main_tokens)


def _blanked(text: str, start: int, end: int) -> str:
    return f"{text[:start]}{' ' * (end - start)}{text[end:]}"
