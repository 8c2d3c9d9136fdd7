"""The same work for many items, here or on an executor; a failure with one does not affect the others."""

from __future__ import annotations

import collections
import queue
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import Future
from typing import Any, Protocol, TypeVar

from worldkit.core.restorable import Restorable
from worldkit.exploration.progress import Progress, progress_callback

T = TypeVar("T")
R = TypeVar("R")


class Executor(Protocol):
    """Anything that takes work like ``concurrent.futures``: its pools, or the client of a Dask cluster."""

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Any:
        """Return a future with ``result()``, ``cancel()`` and ``add_done_callback()``."""


class BatchInterrupted(Restorable, KeyboardInterrupt):
    """Work with many worlds was interrupted, and these are the results that were there by then.

    Attributes:
        results: One for every world, in order, as the call would have returned it; None where it was not finished.
    """

    def __init__(self, results: Sequence[Any]) -> None:
        self.results = list(results)
        super().__init__(f"stopped; .results has {self._count()}, and None for the others")

    def _count(self) -> str:
        return f"{sum(result is not None for result in self.results)} of {len(self.results)} results"

    def _render_traceback_(self, *_: object) -> list[str]:
        """Return what IPython shows in place of a traceback: nothing is wrong."""
        return [f"Stopped. Kept {self._count()}, with None for the others: import sys; sys.last_value.results"]


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

    Raises:
        BatchInterrupted: It was interrupted; holds the results that were there by then.
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
    except BaseException as error:
        others = [_result_so_far(future) for future in futures[len(results) :]]
        if isinstance(error, KeyboardInterrupt):
            others.extend([None] * (len(work) - len(results) - len(others)))
            raise BatchInterrupted([*results, *others]) from None
        raise
    return results


MAX_PENDING_FUTURES = 256
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
            if len(futures) >= MAX_PENDING_FUTURES:
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


def _submit(executor: Executor, function: Callable[[T], R], item: T) -> Any:
    try:
        return executor.submit(function, item)
    except Exception as failure:  # a pool that broke takes no more work: that is this item's result
        return failure


def _result_so_far(future: Any) -> Any:
    """Return the result of a future; where there is none yet, cancel it and return None."""
    if isinstance(future, Exception):
        return future
    if not future.done():
        future.cancel()  # one of Dask that is done would lose its result
        return None
    try:
        return _result(future)
    except BaseException:  # it was cancelled, or the interrupt reached its process
        return None


def _result(future: Any) -> Any:
    try:
        return future.result()
    except Exception as failure:
        return failure
