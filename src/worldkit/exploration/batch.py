"""The same question to many worlds, with options that are checked once."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from worldkit.core.argument_checks import checked, expect_each
from worldkit.core.document import Document
from worldkit.core.errors import WrongArgument
from worldkit.core.quoting import did_you_mean, quote
from worldkit.exploration.executors import BatchInterrupted, Executor, map_items
from worldkit.exploration.exhaustive import explore
from worldkit.exploration.progress import Progress
from worldkit.exploration.result import Exploration

if TYPE_CHECKING:
    from worldkit.exploration.result import Detached
    from worldkit.world import World


def check_options(function: Callable[..., Any], options: Mapping[str, Any]) -> None:
    """Refuse options that a function of a world does not take: with them every world would fail.

    Raises:
        WrongArgument: There is one.
    """
    _, *names = inspect.signature(function).parameters
    for name in options:
        if name not in names:
            expected = f"arguments of worldkit.{function.__name__}: {', '.join(names)}"
            raise WrongArgument("options", expected, quote(name) + did_you_mean(name, names))


def refuse_wrong_option(results: Iterable[object], options: Mapping[str, Any]) -> None:
    """Raise the refusal of an option's value, which is the caller's mistake and no trouble of one world.

    Args:
        results: What came of each world.
        options: The options.

    Raises:
        WrongArgument: A world's result is such a refusal.
    """
    for result in results:
        if isinstance(result, WrongArgument) and result.argument in options:
            raise result


@checked
def explore_many(
    worlds: Iterable[World],
    executor: Executor | None = None,
    *,
    progress: Progress = None,
    **options: Any,
) -> list[Exploration | Exception]:
    """Explore many worlds, on an executor if there is one.

    Args:
        worlds: The worlds.
        executor: A pool of ``concurrent.futures``, or anything with such a ``submit``, as the client of a Dask
            cluster has; None explores here, one world after the other.
        progress: True for a line on standard error, or a callable that gets ``("3 of 8", 0.375)``.
        options: What ``explore`` takes besides; picklable for a pool of processes.

    Returns:
        An exploration for every world, in order; where one failed, its exception stands in its place.

    Raises:
        WrongArgument: ``explore`` takes no such option, or not with this value.
        BatchInterrupted: It was interrupted; holds the explorations that were there by then.

    Example:
        >>> [found.positions for found in wk.explore_many([world, wk.World.new("Empty")])]
        [5, 1]
    """
    check_options(explore, options)
    work = list(expect_each(worlds, Document, "worlds", "a list of which each is a World"))
    try:
        results = map_items(_Explore(options), work, executor, progress)
    except BatchInterrupted as stop:
        raise BatchInterrupted(_explorations(work, stop.results)) from None
    refuse_wrong_option(results, options)
    return _explorations(work, results)


def _explorations(worlds: Iterable[World], results: Iterable[Any]) -> list[Any]:
    """Return explorations of what was found in worlds; an exception, or None for no result, stays what it is."""
    pairs = zip(worlds, results, strict=True)
    return [Exploration(world, *data) if isinstance(data, tuple) else data for world, data in pairs]


class _Explore:
    """Explores a world and leaves it behind: only what was found travels back."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        self.options = dict(options)

    def __call__(self, world: World) -> Detached:
        exploration = explore(world, **self.options)
        _ = exploration.positions  # counted here, where it costs the caller nothing
        return exploration.detached()
