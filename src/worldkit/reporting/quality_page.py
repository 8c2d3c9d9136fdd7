"""How quality shows itself on a page: four parts, each with its evidence. No script, all text escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from worldkit.assessment.claims import CHECKS
from worldkit.core.quoting import page_text
from worldkit.core.spoken_names import world_title
from worldkit.reporting.playtest_charts import code, share_bar
from worldkit.reporting.playtest_style import PAGE_STYLE, STYLE
from worldkit.reporting.quality_text import (
    CHECK_WORDS,
    choices_sentence,
    diversity_sentence,
    percent,
    premise_sentence,
    proofs_sentence,
)

if TYPE_CHECKING:
    from worldkit.assessment.claims import Agreement
    from worldkit.assessment.diversity import Diversity, Repeated
    from worldkit.assessment.evidence import KeptName
    from worldkit.assessment.names import Name
    from worldkit.assessment.proofs import Proofs
    from worldkit.assessment.result import Quality

MAX_WORLDS = 20
"""Worlds of several that are shown one by one."""
MAX_ROWS = 12
"""Rows of one table."""
MATCHES = {
    "same": "the same word",
    "synonym": "a synonym",
    "kind": "a kind of it",
    "head": "its last word alone",
}
"""How a text names what the premise names, in words."""


def fragment(quality: Quality) -> str:
    """Return quality as a piece of HTML, for a notebook's cell."""
    parts = []
    for number, world in enumerate(quality.worlds[:MAX_WORLDS]):
        check = quality.premises[number]
        name = page_text(world_title(world))
        parts.append(f"<section><p class='over'>Quality</p><p class='verdict'>{name}</p></section>")
        if check is not None:
            rows = premise_rows(check.kept, check.missed) if check.premise.names else ""
            parts.append(
                _part("Premise", premise_sentence(check), f"<p class='soft'>{page_text(check.premise.text)}</p>{rows}")
            )
        parts += [_proofs(quality.proofs[number]), _agreement(quality.agreement[number])]
    if len(quality.worlds) > MAX_WORLDS:
        parts.append(f"<p class='soft'>and {len(quality.worlds) - MAX_WORLDS:,} more worlds</p>")
    parts.append(_diversity(quality.diversity))
    return f"<div class='wkpt'><style>{STYLE}</style>{''.join(parts)}</div>"


def to_html(quality: Quality) -> str:
    """Return quality as a standalone page, without scripts."""
    title = (
        page_text(quality.worlds[0].name or "A world")
        if len(quality.worlds) == 1
        else f"{len(quality.worlds):,} worlds"
    )
    return (
        "<!doctype html><html lang='en'><meta charset='utf-8'><meta name='color-scheme' content='light dark'>"
        "<meta name='viewport' content='width=device-width'>"
        f"<title>Quality of {title}</title><style>{PAGE_STYLE}</style><body>{fragment(quality)}</body></html>"
    )


def _part(heading: str, sentence: str, body: str) -> str:
    sentence = sentence[:1].upper() + sentence[1:]
    return f"<section><h4>{heading}</h4><p>{page_text(sentence)}</p>{body}</section>"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of cells that are HTML; nothing when it has no rows."""
    lines = [f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows]
    if not lines:
        return ""
    rest_text = f"<p class='soft'>and {len(lines) - MAX_ROWS:,} more</p>" if len(lines) > MAX_ROWS else ""
    heads = "".join(f"<th>{name}</th>" for name in head)
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{''.join(lines[:MAX_ROWS])}</tbody></table>{rest_text}"


def _share(share: float | None, label: str) -> str:
    """Return a share as a bar; nothing where it does not apply."""
    return "" if share is None else share_bar(100 * share, f"{label}: {percent(share)}")


def _proofs(proofs: Proofs) -> str:
    unreachable_endings = [id for id, is_reached in proofs.endings.items() if is_reached is False]
    findings = [("error", page_text(error)) for error in proofs.errors]
    findings += [("the gate", page_text(issue)) for issue in proofs.verdict.issues]
    findings += [("ending out of reach", code(id)) for id in unreachable_endings]
    for state, route in (proofs.soft_locks or {}).items():
        path = " → ".join(map(code, route)) or "from the start"
        findings.append(("soft-lock", f"{code(state)}<small>{path}</small>"))
    findings += [("not decided", page_text(each)) for each in proofs.undecided]
    rows = [
        (
            code(state.state),
            share_bar(100 * state.weighty / max(1, state.choices), f"{state.weighty:,} of {state.choices:,} choices")
            + f"<small>{state.weighty:,} of {state.choices:,}</small>",
            "<br>".join(
                f"{code(name)} gives up {', '.join(map(code, lost_endings))}"
                for name, lost_endings in list(state.events.items())[:MAX_ROWS]
            ),
        )
        for state in sorted(proofs.states, key=lambda state: -state.weighty)
    ]
    body = _table(("finding", "where"), findings) + f"<p>{page_text(choices_sentence(proofs))}</p>"
    return _part("Proofs", proofs_sentence(proofs), body + _table(("choices in", "that change endings", "by"), rows))


def _agreement(agreement: Agreement) -> str:
    shares = "".join(
        f"<tr><td class='word'>{CHECK_WORDS[check].capitalize()}</td>"
        f"<td class='most'>{_share(agreement.share(check), CHECK_WORDS[check])}</td>"
        f"<td class='n'><b>{percent(agreement.share(check))}</b></td></tr>"
        for check in CHECKS
    )
    failures = [
        (code(claim.key), f"{page_text(claim.sentence)}<small>{page_text(claim.reason)}</small>")
        for claim in agreement.failures
    ]
    table = f"<table class='plain'>{shares}</table>{_table(('text', 'what does not agree'), failures)}"
    return f"<section><h4>Agreement of text with graph</h4>{table}</section>"


def _diversity(diversity: Diversity) -> str:
    def rows(kind: str, shared_texts: Iterable[Repeated]) -> list[tuple[str, str, str]]:
        return [(kind, page_text(each.text), f"{len(each.worlds):,}") for each in shared_texts]

    shared_rows = [
        *rows("sentence", diversity.sentences),
        *rows("name", diversity.names),
        *rows("plot", diversity.alike),
    ]
    return _part("Diversity", diversity_sentence(diversity), _table(("what", "repeated", "worlds"), shared_rows))


def premise_table(kept_names: Sequence[KeptName], missed_names: Sequence[Name]) -> str:
    """Return what of a premise stands in a world as a piece of HTML; empty without a premise.

    Args:
        kept_names: The names that stand in it, with where.
        missed_names: The names that do not.
    """
    if not kept_names and not missed_names:
        return ""
    return f"<div class='wkpt'><style>{STYLE}</style>{premise_rows(kept_names, missed_names)}</div>"


def premise_rows(kept_names: Sequence[KeptName], missed_names: Sequence[Name]) -> str:
    """Return that as a table, what is missing first."""
    rows = [
        f"<tr><td class='word'>{name.role}</td><td>{page_text(name.phrase)}</td><td><b>not in this world</b></td></tr>"
        for name in missed_names
    ]
    for each in kept_names:
        first = each.evidence[0]
        match_words = MATCHES[first.match]
        place = f"<small>{code(first.key)}, {match_words}</small>"
        rows.append(
            f"<tr><td class='word'>{each.name.role}</td><td>{page_text(each.name.phrase)}</td>"
            f"<td>{highlight(first.sentence, first.word)}{place}</td></tr>"
        )
    header = "<tr><th>role</th><th>the premise names</th><th>where it stands in the world</th></tr>"
    return f"<table><thead>{header}</thead><tbody>{''.join(rows)}</tbody></table>"


def highlight(sentence: str, word: str) -> str:
    """Return a sentence with a word in it in bold, escaped; not where it is only a part of another word."""
    match = re.search(rf"(?<!\w){re.escape(word)}(?!\w)", sentence, re.IGNORECASE) if word else None
    if match is None:
        return page_text(sentence)
    before, after = sentence[: match.start()], sentence[match.end() :]
    return f"{page_text(before)}<b>{page_text(match[0])}</b>{page_text(after)}"
