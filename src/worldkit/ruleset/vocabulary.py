"""Words that prose must not have, and a fast filter for texts that may have some.

Python's ``re`` tries an alternation at every character. The engine that pydantic includes (Rust's
``regex``, a DFA) scans a megabyte in a millisecond or two, but it has no lookbehind, is slow at Unicode
word boundaries, and only reports whether there is a match. So it filters the texts, for all
vocabularies in one pass, and ``re`` finds the words in those.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from pydantic_core import SchemaValidator, core_schema

_CHUNK = 64
_APOSTROPHE = "['’‘ʼ]"
_HYPHEN = "[-‐‑]"


class Vocabulary:
    """Words and phrases, matched whole and without regard to case.

    Args:
        words: Alternatives, in the syntax of ``re``.
        probe: Alternatives that match at least what ``words`` match, in a syntax that both engines support.
    """

    def __init__(self, words: str, probe: str) -> None:
        self.pattern = re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
        self.probe = probe

    def words(self, text: str) -> list[str]:
        """Return the words of the vocabulary in a text, as written there, each once."""
        return list(dict.fromkeys(match[0] for match in self.pattern.finditer(text)))


_NEGATIONS = f"no|not|never|without|none|nothing|(?:do|does|ca|wo)n{_APOSTROPHE}?t"

NEGATION = Vocabulary(_NEGATIONS, probe=rf"(?:{_NEGATIONS})(?:[^a-z]|$)")
"""no, not, never, without, none, nothing, don't, doesn't, can't, won't; the apostrophe straight, curly or left out."""

WHITEOUT = Vocabulary(
    rf"white{_HYPHEN}?out|blinding|blown(?:\s+|{_HYPHEN})white|bloom(?:ed|ing)?|over{_HYPHEN}?exposed|washed(?:\s+|{_HYPHEN})out",
    probe=f"white{_HYPHEN}?out|blinding|blown|bloom|over{_HYPHEN}?exposed|washed",
)
"""white-out, blinding, blown white, bloom, bloomed, blooming, over-exposed, washed out. "White out" in two words is
left alone, as in "a figure in white out on the ice", and so is "over exposed" ("spray over exposed rock")."""

_GUN_DOWN = r"guns?\s+(?:him|her|them|the\s+[\w'’-]+)\s+down|gunned\s+down"

LETHAL = Vocabulary(
    rf"kill(?:s|ed|ing)?|shoot(?:s|ing)?|execut(?:es?|ed|ion)|{_GUN_DOWN}|lying\s+on\s+the\s+ground",
    probe="kill|shoot|execut|gun(?:s|ned)?[^a-z]|lying[^a-z]+on[^a-z]",
)
"""kill, kills, killed, killing; shoot, shoots, shooting; execute, executes, executed, execution; gun him, her, them or
"the <word>" down; gunned down; lying on the ground. Not executive, killer, shot, dead or corpse."""


def fast_filter(pattern: str) -> Callable[[str], bool]:
    """Return a function that says whether a text matches anywhere, without regard to case; false for lone surrogates.

    Args:
        pattern: A pattern in the syntax of Rust's ``regex``.
    """
    schema = core_schema.str_schema(pattern=f"(?i){pattern}", regex_engine="rust-regex")
    return SchemaValidator(schema).isinstance_python


_PROBE = "|".join(vocabulary.probe for vocabulary in (NEGATION, WHITEOUT, LETHAL))
is_suspect = fast_filter(f"(?:^|[^a-z])(?:{_PROBE})")
"""Whether a text may have a word of some vocabulary; if not, it has none."""


def find_suspects(texts: Sequence[str]) -> Iterator[int]:
    """Yield the indices of the texts that may have a word of some vocabulary; the others have none."""
    for start in range(0, len(texts), _CHUNK):
        chunk = texts[start : start + _CHUNK]
        if is_suspect("\n".join(chunk)):
            for position, text in enumerate(chunk, start):
                if is_suspect(text):
                    yield position
