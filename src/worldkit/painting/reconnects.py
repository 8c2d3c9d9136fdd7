"""When to connect again after a connection was lost, and how long to wait."""

from __future__ import annotations

from dataclasses import dataclass, replace

RETRY_DELAYS_SECONDS = (0.5, 0.9, 1.6, 2.9, 5.2)
"""Seconds before each try, without the jitter."""
MAX_RETRIES_PER_SESSION = 20
NORMAL_CLOSE_CODE = 1000
ABNORMAL_CLOSE_CODE = 1006
"""The code of a connection that broke without being closed."""
REFUSAL_CLOSE_CODES = (1003, 1008, 4401, 4403)


@dataclass(frozen=True, slots=True)
class Reconnects:
    """How often a session has connected again.

    Attributes:
        tries: Tries since the last message of the server.
        in_all: Tries in this session.

    Source:
        docs/spec/frames.md#world-models-over-websocket-protocol-1
    """

    tries: int = 0
    in_all: int = 0

    def after_message(self) -> Reconnects:
        """Return the count after a message of the server: the next loss begins with the shortest wait."""
        return replace(self, tries=0) if self.tries else self

    def wait_after(self, close_code: int, random: float) -> float | None:
        """Return how many seconds to wait before the next try; None when there is none.

        Args:
            close_code: The code that the connection was closed with; 1006 when it broke.
            random: A number from 0 to 1; spreads the tries of many clients by a fifth either way.
        """
        is_final = close_code == NORMAL_CLOSE_CODE or close_code in REFUSAL_CLOSE_CODES
        if is_final or self.tries >= len(RETRY_DELAYS_SECONDS) or self.in_all >= MAX_RETRIES_PER_SESSION:
            return None
        return RETRY_DELAYS_SECONDS[self.tries] * (0.8 + 0.4 * random)

    def after_try(self) -> Reconnects:
        """Return the count after one more try."""
        return Reconnects(self.tries + 1, self.in_all + 1)
