"""Claims about the agreement of text with graph, as values."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

from worldkit.core.json_values import Json

Check = Literal["arrival", "denial", "hint"]
CHECKS: tuple[Check, ...] = ("arrival", "denial", "hint")
Outcome = Literal["holds", "fails", "open"]
"""``"open"``: it cannot be told, for the reason given."""


@dataclass(frozen=True, slots=True)
class TextClaim:
    """Something that a text and the graph should agree on.

    Attributes:
        check: ``"arrival"``: a place is named where one arrives. ``"denial"``: nothing denies what was granted.
            ``"hint"``: a hint says where what is needed is.
        outcome: Whether it holds.
        key: The text, such as ``"state[lane].base"``, or what it should be about, such as ``"state[lane]"``.
        sentence: The sentence that shows it; empty where none does.
        reason: Why, in one sentence.
    """

    check: Check
    outcome: Outcome
    key: str
    sentence: str
    reason: str

    def to_dict(self) -> Json:
        """Return it as JSON values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Agreement:
    """Whether the texts of a world agree with its graph.

    Attributes:
        claims: Every claim that was checked, in world order.
    """

    claims: tuple[TextClaim, ...]

    def of(self, check: Check) -> tuple[TextClaim, ...]:
        """Return the claims of one check."""
        return tuple(claim for claim in self.claims if claim.check == check)

    def decided(self, check: Check) -> tuple[TextClaim, ...]:
        """Return the claims of one check that hold or fail."""
        return tuple(claim for claim in self.of(check) if claim.outcome != "open")

    def share(self, check: Check) -> float | None:
        """Return which share of the claims of one check holds; None when none can be decided."""
        claims = self.decided(check)
        return sum(claim.outcome == "holds" for claim in claims) / len(claims) if claims else None

    @property
    def failures(self) -> tuple[TextClaim, ...]:
        """The claims that do not hold."""
        return tuple(claim for claim in self.claims if claim.outcome == "fails")

    def to_dict(self) -> Json:
        """Return it as JSON values."""
        return {
            "shares": {check: self.share(check) for check in CHECKS},
            "claims": [claim.to_dict() for claim in self.claims],
        }
