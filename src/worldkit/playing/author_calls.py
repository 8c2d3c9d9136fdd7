"""``AuthorCalls``: what an author does to a run by hand, be it of a world or of a campaign; its trace says so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from worldkit.playing import author_changes
from worldkit.playing.run import Run
from worldkit.playing.run_view import RunView
from worldkit.playing.trace import Step


class AuthorCalls(RunView):
    """What an author does to a run; in a campaign to the act that is played, until it ends or begins again."""

    def _change(self, change: Callable[[Run], Step]) -> Step:
        """Change the run of the world being played."""
        return change(self._played)

    def grant(self, *flags: str) -> Step:
        """Give the player flags by hand, to see what would be; the trace says that the author did it.

        Args:
            flags: The flags.

        Raises:
            NotAvailable: Something plays.
            WorldError: A flag is no string.

        Example:
            >>> session = wk.Session(world)
            >>> step = session.grant("mitten")
            >>> sorted(session.flags)
            ['mitten']
        """
        return self._change(lambda run: author_changes.grant(run, flags))

    def revoke(self, *flags: str) -> Step:
        """Take flags from the player by hand, to see what would be; the trace says that the author did it.

        Args:
            flags: The flags.

        Raises:
            NotAvailable: Something plays.

        Example:
            >>> session = wk.Session(world)
            >>> step = session.grant("mitten")
            >>> step = session.revoke("mitten")
            >>> session.flags
            frozenset()
        """
        return self._change(lambda run: author_changes.revoke(run, flags))

    def say(self, text: str) -> Step:
        """Show the player a line, until another one is shown; the trace records it.

        Args:
            text: The line.

        Raises:
            NotAvailable: Something plays.

        Example:
            >>> session = wk.Session(world)
            >>> step = session.say("The wind turns.")
            >>> session.line
            'The wind turns.'
        """
        return self._change(lambda run: author_changes.say(run, text))

    def stop(self, text: str = "") -> Step:
        """End the run here: nothing is offered, and nothing fires by itself. That can be undone.

        Args:
            text: Why, for the player.

        Raises:
            NotAvailable: Something plays.

        Example:
            >>> session = wk.Session(world)
            >>> step = session.stop("The park closes.")
            >>> session.over, session.offers
            (True, [])
        """
        return self._change(lambda run: author_changes.stop(run, text))

    def apply(self, ops: Iterable[Mapping[str, Any]], *, strict: bool = False) -> Step:
        """Change the world of this run, from now on; the player stays where they stand.

        The trace records the operations, so that a replay of it in ``first_world`` makes the same change at the same
        moment. Undo takes the change back; ``restart`` and ``retry`` begin without it. What is renamed is followed.

        Args:
            ops: Operations, as ``World.apply`` takes them.
            strict: Refuse the batch if it introduces an error-level lint that was not there before.

        Returns:
            The step ``author:apply``.

        Raises:
            NotAvailable: Something plays.
            OpError: An operation was refused; nothing has changed.
            RuleViolation: ``strict``, and new errors would appear.
            WorldError: The player would stand in a state that is gone; nothing has changed.

        Example:
            >>> session = wk.Session(world)
            >>> session.apply([{"op": "set_field", "state": "bench", "field": "base", "value": "An empty bench."}])
            Step('author:apply' by author, in 'lane', at 0 ms, Edit base of state bench)
            >>> session.fire("walk_up_the_lane").state, session.here.base
            ('bench', 'An empty bench.')
        """
        return self._change(lambda run: author_changes.apply(run, ops, strict))
