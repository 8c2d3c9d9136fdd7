"""Which sentences of a text tell, and which are said in it, also where a speech has several."""

from __future__ import annotations

import re
from dataclasses import dataclass

from worldkit.generation.planning.chunking import sentences

QUOTATION_MARK = re.compile(r"[\"“”«»]")

_CUE = re.compile(r"[A-Z][A-Z'’]+(?: [A-Z'’]+){0,2}(?:[.:]| \([^)]{1,40}\))* (?=[A-Z][^A-Z]|[\"“])")
"""Who speaks in a play or a script, before what is said."""


def without_speech(text: str) -> str:
    """Return a text without what is said in it; a mark that nothing closes opens no speech."""
    for opening, closing in ('""', "“”", "«»"):
        # behind the last mark that closes a speech, each one that opens another would be looked at to the end
        end = text.rfind(closing) + 1
        text = re.sub(f"{opening}[^{closing}]*{closing}", " ", text[:end]) + text[end:]
    return text


@dataclass(frozen=True, slots=True)
class StorySentence:
    """A sentence of a text, and whether it, or a part of it, is said by somebody."""

    text: str
    is_said: bool


def story_sentences(text: str) -> list[StorySentence]:
    """Return the sentences of a text; a speech that a paragraph does not close ends with it."""
    result = []
    for paragraph in re.split(r"\n\s*\n", text):
        is_open = False
        is_speech = bool(_CUE.match(" ".join(paragraph.split())))
        for sentence in sentences(paragraph):
            is_said = is_open or is_speech
            for mark in QUOTATION_MARK.findall(sentence):
                is_said = True
                is_open = mark in "“«" or (mark == '"' and not is_open)
            result.append(StorySentence(sentence, is_said))
    return result
