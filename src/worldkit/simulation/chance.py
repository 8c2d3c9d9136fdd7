"""``Chance``, ``BrokenChances`` and ``OddsComparison``: probabilities, and odds beside each other."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING

from worldkit.core.argument_checks import checked_methods
from worldkit.core.brief import shown_briefly
from worldkit.core.json_values import escape_unprintable, quote
from worldkit.simulation.pacing import format_average, format_percent

if TYPE_CHECKING:
    from worldkit.simulation.odds_result import Odds

LEFT_STYLE, RIGHT_STYLE = "text-align:left;padding:3px 16px 3px 0", "text-align:right;padding:3px 16px 3px 0"


ROUNDING_TOLERANCE = 1e-12
"""A probability that is so near to 1 is 1: sums of thousands of products differ by more than that."""


def cell(text: str, align: str = LEFT_STYLE) -> str:
    """Return a table's cell with a text."""
    return f"<td style='{align}'>{html.escape(escape_unprintable(text))}</td>"


@checked_methods
@dataclass(frozen=True, slots=True)
class Chance:
    """A probability, or the share of simulated plays with its 95 % interval.

    Attributes:
        value: The probability, 0 to 1.
        low: The lower bound; the value itself when it is exact.
        high: The upper bound.

    Example:
        >>> wk.odds(world).endings["two_mittens"].value
        1.0
    """

    value: float
    low: float
    high: float

    @classmethod
    def exactly(cls, value: float) -> Chance:
        """Return an exact probability, corrected for rounding.

        Example:
            >>> wk.Chance.exactly(0.5)
            Chance(value=0.5, low=0.5, high=0.5)
        """
        probability = 1.0 if value > 1 - ROUNDING_TOLERANCE else max(0.0, value)
        return cls(probability, probability, probability)

    def __float__(self) -> float:
        return self.value


@shown_briefly
@checked_methods
class BrokenChances(dict[str, Chance]):
    """The probability that a play breaks each property, by the names of the properties.

    Attributes:
        omitted: The names of the properties that have none, because they are combined of others.

    Example:
        >>> wk.odds(wk.samples.load("lighthouse")).broken().omitted[0]
        'every ending can be reached'
    """

    def __init__(self, omitted: tuple[str, ...] = ()) -> None:
        super().__init__()
        self.omitted = omitted

    def __repr__(self) -> str:
        if not self.omitted:
            return super().__repr__()
        return f"{super().__repr__()}\nnot computed, being combined of others: {', '.join(map(quote, self.omitted))}"


@shown_briefly
@checked_methods
class OddsComparison:
    """Two odds beside each other: what an edit, or another policy, changes.

    Args:
        before: The first odds.
        after: The second ones.

    Example:
        >>> shy = wk.WeightedPolicy({"hold_out_the_mitten": 0.1})
        >>> wk.odds(world).compare(wk.odds(world, shy))
        an ending         100 % ->    100 %
        steps              12.0 ->     48.0
        seconds            54.0 ->    207.0
        two_mittens       100 % ->    100 %
    """

    def __init__(self, before: Odds, after: Odds) -> None:
        self.before = before
        self.after = after

    @property
    def rows(self) -> list[tuple[str, float, float]]:
        """The figures compared, before and after: an ending at all, steps, seconds, and each ending by its state."""
        before, after = self.before, self.after
        rows = [
            ("an ending", before.ended, after.ended),
            ("steps", before.expected_steps, after.expected_steps),
            ("seconds", before.expected_seconds, after.expected_seconds),
        ]
        impossible = Chance.exactly(0.0)
        for id in dict.fromkeys((*before.endings, *after.endings)):
            rows.append((id, before.endings.get(id, impossible).value, after.endings.get(id, impossible).value))
        return rows

    def _texts(self) -> list[tuple[str, str, str]]:
        def text(index: int, value: float) -> str:  # a state may be called steps, too
            return format_average(value) if index in (1, 2) else format_percent(value, 1)

        return [
            (escape_unprintable(name), text(index, one), text(index, other))
            for index, (name, one, other) in enumerate(self.rows)
        ]

    def __repr__(self) -> str:
        rows = self._texts()
        name_width = max(len(name) for name, _, _ in rows)
        return "\n".join(f"{name:<{name_width}}  {one:>10} -> {other:>8}" for name, one, other in rows)

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr>{cell(name)}{cell(one, RIGHT_STYLE)}{cell(other, RIGHT_STYLE)}</tr>"
            for name, one, other in self._texts()
        )
        return f"<table><tr><th></th><th>before</th><th>after</th></tr>{rows}</table>"
