"""The same work for many worlds, on any executor; a failure with one world does not affect the others."""

from __future__ import annotations

import collections
import inspect
import queue
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from worldkit.core.argument_checks import checked, expect_each
from worldkit.core.document import Document
from worldkit.core.errors import WrongArgument
from worldkit.core.quoting import did_you_mean, quote
from worldkit.exploration.exhaustive import explore
from worldkit.exploration.progress import Progress, progress_callback
from worldkit.exploration.result import Exploration

if TYPE_CHECKING:
    from worldkit.exploration.result import Detached
    from worldkit.world import World

T = TypeVar("T")
R = TypeVar("R")


class Executor(Protocol):
    """Anything that takes work like ``concurrent.futures``: its pools, or the client of a Dask cluster."""

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Any:
        """Return a future with ``result()``, ``cancel()`` and ``add_done_callback()``."""


def map_items(
    function: Callable[[T], R],
    items: Iterable[T],
    executor: Executor | None = None,
    progress: Progress = None,
) -> list[R | Exception]:
    """Call a function once for every item, on an executor if there is one, and return each result.

    Args:
        function: What to do. For a pool of processes it must be importable, and the items and results picklable.
        items: What to do it with.
        executor: A ``concurrent.futures`` pool, or anything with such a ``submit``; None works here, one by one.
        progress: True for a line on standard error, or a callable that gets ``("3 of 8", 0.375)``.

    Returns:
        A result for every item, in order. Where one failed, its exception stands in its place.
    """
    work = list(items)
    report = progress_callback(progress)
    results: list[R | Exception] = []
    futures: list[Any] = []
    try:
        if executor is not None:
            futures = [_submit(executor, function, item) for item in work]
        for number, item in enumerate(work, 1):
            try:
                if executor is None:
                    results.append(function(item))
                else:
                    future = futures[number - 1]
                    results.append(future if isinstance(future, Exception) else _result(future))
            except Exception as failure:
                results.append(failure)
            report(f"{number} of {len(work)}", number / len(work))
    except BaseException:
        for future in futures:
            if not isinstance(future, Exception):
                future.cancel()
        raise
    return results


AHEAD = 256
"""How many items an executor has been given whose results were not taken: enough for many processes, little memory."""


def map_lazily(
    function: Callable[[T], R], items: Iterable[T], executor: Executor | None = None
) -> Generator[R, None, None]:
    """Call a function for every item, on an executor if there is one, and yield the results in the order of the items.

    Neither items nor results are all kept at once. What has not begun is cancelled when the caller closes this.

    Args:
        function, executor: As for ``map_items``; an error of the function is raised.
    """
    if executor is None:
        yield from map(function, items)
        return
    futures: collections.deque[Any] = collections.deque()
    try:
        for item in items:
            futures.append(executor.submit(function, item))
            if len(futures) >= AHEAD:
                yield futures.popleft().result()
        while futures:
            yield futures.popleft().result()
    finally:
        for future in futures:
            future.cancel()


Finished = tuple[T, Any]
"""An item and its future."""


def completed(
    executor: Executor, function: Callable[[T], R], items: Sequence[T], results: queue.SimpleQueue[Finished[T]]
) -> Generator[tuple[T, R | Exception], None, None]:
    """Call a function for every item on an executor, and yield each item with its result as soon as that is there.

    Args:
        executor: As for ``map_items``.
        function: As for ``map_items``.
        items: What to do it with.
        results: Where futures come as they end. It is left with those that nobody took when the caller closes this;
            what has not begun is cancelled then.
    """
    futures: set[Any] = set()
    try:
        for item in items:
            future = _submit(executor, function, item)
            if isinstance(future, Exception):
                error, future = future, Future()
                future.set_exception(error)
            futures.add(future)
            future.add_done_callback(lambda future, item=item: results.put((item, future)))
        for _ in items:
            item, future = results.get()
            futures.discard(future)  # it holds its result
            yield item, _result(future)
    except BaseException:
        for future in futures:
            future.cancel()
        raise


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


def _submit(executor: Executor, function: Callable[[T], R], item: T) -> Any:
    try:
        return executor.submit(function, item)
    except Exception as failure:  # a pool that broke takes no more work: that is this item's result
        return failure


def _result(future: Any) -> Any:
    try:
        return future.result()
    except Exception as failure:
        return failure


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

    Example:
        >>> [found.positions for found in wk.explore_many([world, wk.World.new("Empty")])]
        [5, 1]
    """
    check_options(explore, options)
    work = list(expect_each(worlds, Document, "worlds", "a list of which each is a World"))
    results = map_items(_Explore(options), work, executor, progress)
    refuse_wrong_option(results, options)
    pairs = zip(work, results, strict=True)
    return [data if isinstance(data, Exception) else Exploration(world, *data) for world, data in pairs]


class _Explore:
    """Explores a world and leaves it behind: only what was found travels back."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        self.options = dict(options)

    def __call__(self, world: World) -> Detached:
        exploration = explore(world, **self.options)
        _ = exploration.positions  # counted here, where it costs the caller nothing
        return exploration.detached()
