"""What came of asking a peer."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class PeerAnswer:
    """What a peer found out.

    Attributes:
        positions: How many positions can be reached; None when the peer does not say.
        stuck: From how many of them no ending can be reached; None when the peer does not say.
        lengths: The least number of steps to every ending that can be reached; None when it does not say.
        seconds: Processor time it took, as measured where it ran; None: the caller measures.
        prepared: Seconds spent before, on generating and compiling, not part of ``seconds``.
    """

    positions: int | None
    stuck: int | None = None
    lengths: dict[int, int] | None = None
    seconds: float | None = None
    prepared: float | None = None


@dataclass(frozen=True)
class Outcome:
    """A peer's answer, or why there is none.

    Attributes:
        answer: The answer.
        seconds: Processor time it took; with no answer, how much it had, 0 when that says nothing.
        why: Why there is no answer, in words; empty when there is one.
        skipped: It was never started.
    """

    answer: PeerAnswer | None
    seconds: float
    why: str = ""
    skipped: bool = field(default=False)

    def to_json(self) -> dict[str, Any]:
        """Return it for the report; how long each route is, is left out."""
        result: dict[str, Any] = {"seconds": round(self.seconds, 6)}
        if self.answer is not None:
            result |= {
                key: value
                for key, value in asdict(self.answer).items()
                if key in _REPORTED_FIELDS and value is not None
            }
        return result | ({"why": self.why} if self.why else {})


_REPORTED_FIELDS = ("positions", "stuck", "prepared")
