"""Quality as plain text: a paragraph for each part, then its evidence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from worldkit.assessment.claims import CHECKS
from worldkit.assessment.names import ROLES
from worldkit.core.quoting import format_count, on_one_line
from worldkit.core.spoken_names import world_title

if TYPE_CHECKING:
    from worldkit.assessment.claims import Agreement, Check, TextClaim
    from worldkit.assessment.diversity import Diversity
    from worldkit.assessment.evidence import PremiseCheck
    from worldkit.assessment.proofs import Proofs
    from worldkit.assessment.result import Quality

MAX_LINES = 6
"""Lines of evidence of one kind."""
MAX_WORLDS = 5
"""Worlds of several that are shown one by one."""
CHECK_WORDS: dict[Check, str] = {
    "arrival": "places are named where one arrives",
    "denial": "flags are denied by no text",
    "hint": "hints say where what is needed is",
}


def text(quality: Quality) -> str:
    """Return quality as plain text."""
    lines: list[str] = []
    for number, world in enumerate(quality.worlds[:MAX_WORLDS]):
        lines.append(f"Quality of {on_one_line(world_title(world))!r}")
        lines += _indented(proofs_lines(quality.proofs[number]))
        lines += _indented(agreement_lines(quality.agreement[number]))
        check = quality.premises[number]
        if check is not None:
            lines += _indented(premise_lines(check))
    if len(quality.worlds) > MAX_WORLDS:
        lines.append(f"and {len(quality.worlds) - MAX_WORLDS:,} more worlds")
    lines += _indented(diversity_lines(quality.diversity))
    return "\n".join(lines)


def _indented(lines: Iterator[str]) -> Iterator[str]:
    """Yield the first line as it is and the others two blanks in."""
    for number, line in enumerate(lines):
        yield on_one_line(line) if number == 0 else f"  {on_one_line(line)}"


def percent(share: float | None) -> str:
    """Return a share in words."""
    return "not applicable" if share is None else f"{100 * share:.0f} %"


def proofs_sentence(proofs: Proofs) -> str:
    """Return what is proven in one sentence."""
    count = proofs.error_count
    errors = format_count(count, "error") if count else "no errors"
    gate = f"the gate is {'' if proofs.verdict.passed else 'not '}passed ({proofs.verdict.score} points)"
    reachable_count = sum(reach is True for reach in proofs.endings.values())
    total = len(proofs.endings)
    endings = f"{reachable_count} of {format_count(total, 'ending')} can be reached" if total else "no endings"
    if proofs.soft_locks is None:
        soft_locks = "soft-locks were not decided"
    else:
        locks = len(proofs.soft_locks)
        soft_locks = format_count(locks, "soft-lock") if locks else "no soft-lock"
    return f"{errors}; {gate}; {endings}; {soft_locks}."


def choices_sentence(proofs: Proofs) -> str:
    """Return what choices change in one sentence."""
    if not proofs.choices:
        return "There is no choice in any position."
    return (
        f"Choice weight {percent(proofs.choice_weight)}: {proofs.weighty:,} of {proofs.choices:,} choices change which "
        "endings remain."
    )


def proofs_lines(proofs: Proofs) -> Iterator[str]:
    """Yield what is proven, with evidence."""
    yield f"Proofs: {proofs_sentence(proofs)}"
    yield choices_sentence(proofs)
    lost_by_choice = [
        (state.state, name, lost_endings) for state in proofs.states for name, lost_endings in state.events.items()
    ]
    for state, name, lost_endings in lost_by_choice[:MAX_LINES]:
        yield f"  {name!r} in {state!r} gives up {', '.join(map(repr, lost_endings))}"
    yield from _rest_line(
        len(lost_by_choice), "more event that gives up an ending", "more events that give up an ending"
    )
    for error in proofs.errors[:MAX_LINES]:
        yield f"  error: {error}"
    for state, route in (proofs.soft_locks or {}).items():
        yield f"  stuck in {state!r} after {', '.join(map(repr, route)) or 'nothing at all'}"
    yield from (f"  {each}" for each in proofs.undecided)


def agreement_lines(agreement: Agreement) -> Iterator[str]:
    """Yield whether texts agree with the graph, with evidence."""
    shares = "; ".join(f"{CHECK_WORDS[check]}: {_share_of(agreement, check)}" for check in CHECKS)
    yield f"Agreement: {shares}."
    for claim in agreement.failures[:MAX_LINES]:
        yield claim_line(claim)
    yield from _rest_line(len(agreement.failures), "more claim that does not hold", "more claims that do not hold")


def _share_of(agreement: Agreement, check: Check) -> str:
    claims = agreement.decided(check)
    return f"{sum(claim.outcome == 'holds' for claim in claims)} of {len(claims)}" if claims else "nothing to check"


def claim_line(claim: TextClaim) -> str:
    """Return a claim in one line."""
    sentence_text = f", “{claim.sentence}”" if claim.sentence else ""
    return f"  {claim.key}: {claim.reason}{sentence_text}"


def premise_sentence(check: PremiseCheck) -> str:
    """Return what of a premise is kept in one sentence."""
    if not check.premise.names:
        return "the premise names nothing that could be looked for."
    parts = []
    for role in ROLES:
        total = len(check.premise.of(role))
        if total:
            missed_count = sum(name.role == role for name in check.missed)
            parts.append(f"{role} {total - missed_count} of {total}")
    missed_phrases = ", ".join(name.phrase for name in check.missed if name.is_chief)
    return f"{', '.join(parts)} kept" + (f"; this world is not about: {missed_phrases}." if missed_phrases else ".")


def premise_lines(check: PremiseCheck) -> Iterator[str]:
    """Yield what of a premise is kept, with evidence."""
    yield f"Premise: {premise_sentence(check)}"
    for name in check.missed:
        yield f"  not in this world: {name.phrase} ({name.role})"
    for each in check.kept[:MAX_LINES]:
        first = each.evidence[0]
        yield f"  {each.name.phrase} ({each.name.role}): {first.key}, “{first.sentence}”"
    yield from _rest_line(len(check.kept), "more name that is kept", "more names that are kept")


def diversity_sentence(diversity: Diversity) -> str:
    """Return how much worlds differ in one sentence."""
    grams = ", ".join(f"{order}: {percent(share)}" for order, share in diversity.distinct.items())
    distinct_shares = f"distinct n-grams {grams} of {diversity.words:,} words" if grams else "no prose"
    if diversity.worlds == 1:
        return f"one world alone; {distinct_shares}."
    return (
        f"{diversity.worlds:,} worlds, {format_count(diversity.plots, 'plot')}; in one world "
        f"alone stand {percent(diversity.own_sentences)} of the sentences and {percent(diversity.own_names)} of the "
        f"names; {distinct_shares}."
    )


def diversity_lines(diversity: Diversity) -> Iterator[str]:
    """Yield how much worlds differ, with evidence."""
    yield f"Diversity: {diversity_sentence(diversity)}"
    for each in diversity.sentences[:MAX_LINES]:
        yield f"  in {len(each.worlds)} worlds: “{each.text}”"
    for each in diversity.alike[:MAX_LINES]:
        yield f"  one plot in {len(each.worlds)} worlds: {each.text}"


def _rest_line(count: int, one: str, several: str) -> Iterator[str]:
    if count > MAX_LINES:
        yield f"  and {count - MAX_LINES:,} {one if count == MAX_LINES + 1 else several}"
