"""Find and replace over all prose of a world.

The editor does the same in the browser (``widgets/editor/tables/find.ts``), so that the preview needs no kernel;
``schema/conformance/find.json`` holds both to the same cases.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from worldkit.core.argument_checks import expect
from worldkit.core.characters import marks
from worldkit.core.document import Document, json_of
from worldkit.core.errors import WrongArgument
from worldkit.core.json_values import Json
from worldkit.core.prose import READERS, ProseText, Reader, check_readers, prose_of
from worldkit.editing.prose_edits import prose_ops


@dataclass(frozen=True, slots=True)
class TextMatch:
    """A text of a world that contains what was searched for.

    Attributes:
        key: The text's name in the world, such as ``state[lane].base``.
        kind: What it belongs to: ``"world"``, ``"state"`` or ``"event"``.
        id: The state's id or the event's name; empty for the world.
        reader: Who reads it: ``"player"``, ``"picture"``, ``"recognition"`` or ``"author"``.
        text: The whole text.
        spans: Where in the text it was found, as pairs of start and end.

    Example:
        >>> match = world.find_text("mitten")[1]
        >>> match.key, match.spans
        ('state[lane].base', ((241, 247),))
    """

    key: str
    kind: str
    id: str
    reader: Reader
    text: str
    spans: tuple[tuple[int, int], ...]


def search_pattern(text: str, *, match_case: bool = False, whole_words: bool = False) -> re.Pattern[str]:
    """Return the pattern that finds a text.

    Args:
        text: What to look for, letter by letter.
        match_case: Whether capitals and small letters differ.
        whole_words: Whether it must not stand inside a longer word.

    Raises:
        WrongArgument: The text is empty.
    """
    expect(text, (str,), "text", "the words to look for")
    if not text:
        raise WrongArgument("text", "at least one character to look for", "an empty text")
    pattern = re.escape(text)
    if whole_words:
        # a boundary counts only where the text itself begins or ends with a letter: "!" has no longer word
        letter = rf"[\w{marks()}]"
        # with its case, which says nothing here and would make the search slow
        before = f"(?-i:(?<!{letter}))" if re.match(letter, text[0]) else ""
        after = f"(?-i:(?!{letter}))" if re.match(letter, text[-1]) else ""
        pattern = f"{before}{pattern}{after}"
    return re.compile(pattern, 0 if match_case else re.IGNORECASE)


def replace_matches(text: str, pattern: re.Pattern[str], new: str, *, keep_capitals: bool) -> str:
    """Return a text with every match replaced.

    Args:
        pattern: What to replace.
        new: What to put there, letter by letter.
        keep_capitals: Whether a match that begins with a capital, or is all capitals, is replaced by such a text.
    """
    return pattern.sub(lambda match: _like(match[0], new) if keep_capitals else new, text)


def keeps_capitals(text: str, *, match_case: bool) -> bool:
    """Return whether a replacement copies the capitals of what it replaces: case is ignored, and it has none."""
    return not match_case and text == text.lower()


def find_text(
    world: Document,
    text: str,
    *,
    match_case: bool = False,
    whole_words: bool = False,
    readers: Collection[Reader] = READERS,
) -> list[TextMatch]:
    """Return the texts of a world in which something stands, in the order of the world."""
    pattern = search_pattern(text, match_case=match_case, whole_words=whole_words)
    matches: list[TextMatch] = []
    for prose in _read_by(world, readers):
        spans = tuple(match.span() for match in pattern.finditer(prose.text))
        if spans:
            matches.append(TextMatch(prose.key, prose.kind, prose.owner, prose.reader, prose.text, spans))
    return matches


def replace_ops(
    world: Document,
    text: str,
    new: str,
    *,
    match_case: bool = False,
    whole_words: bool = False,
    readers: Collection[Reader] = READERS,
) -> list[Json]:
    """Return the operations that replace a text in all prose of a world."""
    expect(new, (str,), "new", "the words to put in its place")
    pattern = search_pattern(text, match_case=match_case, whole_words=whole_words)
    capitals = keeps_capitals(text, match_case=match_case)
    return prose_ops(
        world,
        (
            (prose, replace_matches(prose.text, pattern, new, keep_capitals=capitals))
            for prose in _read_by(world, readers)
            if pattern.search(prose.text)
        ),
    )


def _read_by(world: Document, readers: Collection[Reader]) -> list[ProseText]:
    check_readers(readers)
    return [prose for prose in prose_of(json_of(world)) if prose.reader in readers]


def _like(match: str, new: str) -> str:
    """Return a replacement in the capitals of what it replaces."""
    if len(match) > 1 and match.upper() == match != match.lower():
        return new.upper()
    first = match[:1]
    return new[:1].upper() + new[1:] if first != first.lower() else new
