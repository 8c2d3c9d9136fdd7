"""``EngineAnswer``: the interface of what every engine returns about a transition system."""

from __future__ import annotations

from typing import Protocol


class EngineAnswer(Protocol):
    """What an engine found; states and events are indices, masks are the system's.

    An engine that could not decide something says None there, and why in ``undecided``. ``reached`` and
    ``fired`` of an answer whose ``coverage_exact`` is False are what was seen, and no claim about the rest;
    so are ``stuck`` and ``idle`` where ``stuck_undecided`` and ``idle_undecided`` hold states. What is said to be
    stuck or idle always is.
    """

    @property
    def engine(self) -> str:
        """The engine's name, one of ``engine.ENGINES``."""

    @property
    def reached(self) -> frozenset[int]:
        """The states that can be reached, those a sequence only passes through among them."""

    @property
    def fired(self) -> frozenset[int]:
        """The events that can be fired."""

    @property
    def coverage_exact(self) -> bool:
        """Whether ``reached`` and ``fired`` are complete."""

    @property
    def classes(self) -> int | None:
        """How many positions of the system can be reached: classes of real ones; None when they were not counted."""

    @property
    def classes_seen(self) -> int:
        """How many of them (at least) were found, for an answer that is not complete."""

    @property
    def stuck_classes(self) -> int | None:
        """From how many of them no ending can be reached; None when they were not counted."""

    @property
    def stuck(self) -> frozenset[int] | None:
        """The states that have such a position, as far as they are known."""

    @property
    def stuck_undecided(self) -> frozenset[int]:
        """The other states of which that is not known."""

    @property
    def idle(self) -> frozenset[int] | None:
        """The states with a position, not over, in which nothing at all can be done, as far as they are known.

        A one-shot that stays and whose use is no bit of the mask counts as used up once its grants are held.
        """

    @property
    def idle_undecided(self) -> frozenset[int]:
        """The other states of which that is not known."""

    @property
    def undecided(self) -> tuple[str, ...]:
        """What was not decided and why, one sentence each; empty when everything was."""

    def is_reached(self, state: int, mask: int) -> bool:
        """Say whether a position can be reached (was seen, when the answer is not complete)."""

    def is_stuck(self, state: int, mask: int) -> bool:
        """Say whether a position is known to be reached and one from which no ending can be reached."""

    def fewest_stuck(self, state: int) -> int | None:
        """Return the mask of a soft-locked position of a state with the fewest bits; None when there is none."""

    def fewest_idle(self, state: int) -> int | None:
        """Return the mask of a position of a state in which nothing can be done, with the fewest bits, or None."""
