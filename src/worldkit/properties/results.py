"""The results of checking properties: a proof, or a shortest run that shows the opposite."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import overload

from worldkit.core.argument_checks import checked_methods
from worldkit.core.brief import shown_briefly
from worldkit.core.errors import NoSuchKey
from worldkit.core.json_values import Json, escape_unprintable
from worldkit.core.quoting import format_count
from worldkit.playing.trace import Trace
from worldkit.properties.statements import Property

MAX_STEPS = 20
"""So many steps of a run are listed."""


@shown_briefly
@checked_methods
@dataclass(frozen=True, slots=True)
class PropertyResult:
    """The result of one property.

    Attributes:
        statement: The property, each of its names with what it stands for.
        name: What its file calls it; its text when it has no other name.
        holds: Whether it holds for every run; None when that was not decided.
        counterexample: A shortest run that breaks it: ``wk.play(world, trace=...)`` plays it, ``wk.save_run`` keeps it.
            None when the property holds, and when no single run shows it, as for what is never possible.
        witness: A shortest run to what is said to be possible; None for other properties.
        vacuous: What never happens, so that the property holds of nothing; empty when it says something.
        reason: Why it does not hold where no run shows it, or why it was not decided; empty otherwise.
        positions: How many positions were looked at.
        defect: Whether it was not decided because worldkit failed; the reason says what to report.

    Example:
        >>> result = wk.check(world, ['"walk_up_the_lane" before "hold_out_the_mitten"'])[0]
        >>> result.holds, result.counterexample, result.vacuous
        (True, None, '')
    """

    statement: Property
    name: str
    holds: bool | None
    counterexample: Trace | None = None
    witness: Trace | None = None
    vacuous: str = ""
    reason: str = ""
    positions: int = 0
    defect: bool = False

    @property
    def outcome(self) -> str:
        """``"holds"``, ``"broken"`` or ``"undecided"``; ``"vacuous"`` when it holds of nothing."""
        if self.holds is None:
            return "undecided"
        if not self.holds:
            return "broken"
        return "vacuous" if self.vacuous else "holds"

    @property
    def text(self) -> str:
        """The result in one line."""
        parts = []
        if self.counterexample is not None:
            parts.append(run_text(self.counterexample))
        if self.reason:
            parts.append(self.reason)
        if self.vacuous:
            parts.append(self.vacuous)
        if self.holds and not parts:
            parts.append("proven for every run")
        return escape_unprintable("; ".join(parts))

    def to_dict(self) -> Json:
        """Return it as JSON values, runs as the names to fire."""
        return {
            "name": self.name,
            "property": self.statement.text,
            "outcome": self.outcome,
            "holds": self.holds,
            "vacuous": self.vacuous,
            "reason": self.reason,
            "counterexample": None if self.counterexample is None else list(self.counterexample.events),
            "witness": None if self.witness is None else list(self.witness.events),
            "positions": self.positions,
        }


def run_text(run: Trace) -> str:
    """Return a run in one line: what to fire, and where it ends."""
    events = list(run.events)
    if not events:
        return f"at the beginning, in {run.start.state}"
    events_text = ", ".join(events[:MAX_STEPS]) + (
        f" and {len(events) - MAX_STEPS} more" if len(events) > MAX_STEPS else ""
    )
    return f"after {format_count(len(events), 'step')}: {events_text}"


@shown_briefly
@checked_methods
class PropertyResults(Sequence[PropertyResult]):
    """The results of several properties, by number or by name; ``passed`` says whether there are any and all hold.

    Args:
        results: One for each property.

    Example:
        >>> wk.check(world, ["always possible: win", "no ending within 2 steps"])
        2 of 2 properties hold
          holds      always possible: win      proven for every run
          holds      no ending within 2 steps  proven for every run
    """

    def __init__(self, results: Sequence[PropertyResult]) -> None:
        self._results = tuple(results)

    @overload
    def __getitem__(self, index: int | str) -> PropertyResult: ...
    @overload
    def __getitem__(self, index: slice) -> PropertyResults: ...
    def __getitem__(self, index: int | str | slice) -> PropertyResult | PropertyResults:
        if isinstance(index, str):
            by_name = {result.name: result for result in self._results}
            if index not in by_name:
                raise NoSuchKey(index, by_name)
            return by_name[index]
        return PropertyResults(self._results[index]) if isinstance(index, slice) else self._results[index]

    def __len__(self) -> int:
        return len(self._results)

    def __iter__(self) -> Iterator[PropertyResult]:
        return iter(self._results)

    @property
    def passed(self) -> bool:
        """Whether every property holds; without any, and where one was not decided, nothing has passed."""
        return bool(self._results) and all(result.holds is True for result in self._results)

    @property
    def broken(self) -> tuple[PropertyResult, ...]:
        """The properties that do not hold.

        Example:
            >>> results = wk.check(world, {"calm": wk.never("two_mittens"), "warm": wk.before("mitten", "two_mittens")})
            >>> [result.name for result in results.broken]
            ['calm']
            >>> results["calm"].holds
            False
        """
        return tuple(result for result in self._results if result.holds is False)

    def to_list(self) -> list[Json]:
        """Return every result as JSON values."""
        return [result.to_dict() for result in self._results]

    def _heading(self) -> str:
        if not self._results:
            return "there was no property to check"
        count, passed_count = len(self._results), sum(result.holds is True for result in self._results)
        heading = f"{passed_count} of {count} propert{'y holds' if count == 1 else 'ies hold'}"
        undecided_count = sum(result.holds is None for result in self._results)
        return heading + (f", {undecided_count} not decided" if undecided_count else "")

    def __repr__(self) -> str:
        names = [escape_unprintable(result.name) for result in self._results]
        name_width = min(max(map(len, names), default=0), 60)
        rows = zip(self._results, names, strict=True)
        lines = [f"  {result.outcome:<9}  {name:<{name_width}}  {result.text}".rstrip() for result, name in rows]
        return "\n".join([self._heading(), *lines])

    def _repr_html_(self) -> str:
        cell = " style='text-align:left;vertical-align:top;padding:4px 16px 4px 0'"
        word = " style='text-align:left;vertical-align:top;padding:4px 16px 4px 0;white-space:nowrap'"
        name_cell = " style='text-align:left;vertical-align:top;padding:4px 16px 4px 0;min-width:12em'"
        marks = {"holds": "✓", "vacuous": "○", "broken": "✗", "undecided": "?"}
        rows = "".join(
            f"<tr><td{word}>{_badge(result.outcome, marks[result.outcome])}</td><td{name_cell}>"
            f"{html.escape(escape_unprintable(result.name))}</td>"
            f"<td{cell}>{html.escape(result.text)}</td></tr>"
            for result in self._results
        )
        head = "".join(f"<th{cell}>{name}</th>" for name in ("result", "property", "why"))
        return f"<p><strong>{self._heading()}</strong></p><table><tr>{head}</tr>{rows}</table>"


_BACKGROUND_COLOURS: Mapping[str, str] = {
    "holds": "#1a7f56",
    "broken": "#b3372f",
    "undecided": "#8a5a00",
    "vacuous": "#6b6f76",
}
"""White text can be read on each of them, on a light page and on a dark one."""


def _badge(outcome: str, mark: str) -> str:
    style = f"background:{_BACKGROUND_COLOURS[outcome]};color:#fff;border-radius:10px;padding:1px 9px;font-size:.92em"
    return f"<span style='{style}'>{mark} {outcome}</span>"
