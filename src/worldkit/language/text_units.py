"""The sentences and words of a text, as the parts of quality count them."""

from __future__ import annotations

import re

SENTENCE = re.compile(r"[^.!?…]+[.!?…]*[\"”’')\]]*")
"""A sentence with the marks that end it."""
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
"""A word: letters, and apostrophes between them."""


def words_in(text: str) -> tuple[str, ...]:
    """Return the words of a text in lower case, without a possessive ``'s``."""
    return tuple(word.lower().replace("’", "'").removesuffix("'s") for word in WORD.findall(text))
