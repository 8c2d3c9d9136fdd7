"""Playtests of many worlds at once, on any executor."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from worldkit.core.argument_checks import checked
from worldkit.exploration.batch import Executor, check_options, map_items
from worldkit.exploration.progress import Progress
from worldkit.simulation.result import Playtest
from worldkit.simulation.run import playtest
from worldkit.world import World


@checked
def playtest_many(
    worlds: Iterable[World], executor: Executor | None = None, *, progress: Progress = None, **options: Any
) -> list[Playtest | Exception]:
    """Playtest many worlds.

    Args:
        worlds: The worlds.
        executor: A ``concurrent.futures`` pool, or anything with such a ``submit``; None plays here, one by one.
            For a pool of processes a policy that is a function must be importable.
        progress: True for a line on standard error, or a callable that gets a text and the part done, 0 to 1.
        **options: As for ``playtest``: ``runs``, ``policy``, ``seed``, ``steps`` and so on, the same for all.

    Returns:
        A result for every world, in order. Where one failed, its exception stands in its place.

    Raises:
        WrongArgument: ``playtest`` takes no such option.

    Example:
        >>> [len(result.endings) for result in wk.playtest_many([world], runs=10)]
        [1]
    """
    check_options(playtest, options)
    return map_items(partial(playtest, **options), worlds, executor, progress)
