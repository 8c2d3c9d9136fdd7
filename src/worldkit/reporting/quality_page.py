"""How quality shows itself on a page: four parts, each with its evidence. No script, all text escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from worldkit.reporting.playtest_style import STYLE

if TYPE_CHECKING:
    from worldkit.assessment.evidence import KeptName
    from worldkit.assessment.names import Name

MATCHES = {
    "same": "the same word",
    "synonym": "a synonym",
    "kind": "a kind of it",
    "head": "its last word alone",
}
"""How a text names what the premise names, in words."""


def premise_table(kept: Sequence[KeptName], missed: Sequence[Name]) -> str:
    """Return what of a premise stands in a world as a piece of HTML; empty without a premise.

    Args:
        kept: The names that stand in it, with where.
        missed: The names that do not.
    """
    if not kept and not missed:
        return ""
    return f"<div class='wkpt'><style>{STYLE}</style>{premise_rows(kept, missed)}</div>"


def premise_rows(kept: Sequence[KeptName], missed: Sequence[Name]) -> str:
    """Return that as a table, what is missing first."""
    rows = [
        f"<tr><td class='word'>{name.role}</td><td>{escape(name.phrase)}</td><td><b>not in this world</b></td></tr>"
        for name in missed
    ]
    for each in kept:
        first = each.evidence[0]
        how = MATCHES[first.match]
        place = f"<small><code>{escape(first.key)}</code>, {how}</small>"
        rows.append(
            f"<tr><td class='word'>{each.name.role}</td><td>{escape(each.name.phrase)}</td>"
            f"<td>{marked(first.sentence, first.word)}{place}</td></tr>"
        )
    head = "<tr><th>role</th><th>the premise names</th><th>where it stands in the world</th></tr>"
    return f"<table><thead>{head}</thead><tbody>{''.join(rows)}</tbody></table>"


def marked(sentence: str, word: str) -> str:
    """Return a sentence with a word in it in bold, escaped."""
    at = sentence.lower().find(word.lower()) if len(sentence.lower()) == len(sentence) else -1
    if at < 0 or not word:
        return escape(sentence)
    end = at + len(word)
    return f"{escape(sentence[:at])}<b>{escape(sentence[at:end])}</b>{escape(sentence[end:])}"
