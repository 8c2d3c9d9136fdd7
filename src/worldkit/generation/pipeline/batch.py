"""``generate_many``: thousands of worlds in one call, in batches, here or on an executor, kept as they come."""

from __future__ import annotations

import contextlib
import os
import queue
from collections.abc import Generator, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from worldkit.core.argument_checks import checked, refusal
from worldkit.core.argument_ranges import expect_count
from worldkit.core.argument_types import is_text, plain_number
from worldkit.core.errors import WrongArgument
from worldkit.core.json_values import quote
from worldkit.core.lazy_sequence import LazySequence
from worldkit.core.progress import Progress, default_progress, ignore
from worldkit.exploration.executors import Executor, Finished, completed
from worldkit.generation.engines.memory import Memory
from worldkit.generation.pipeline import backend, ledger
from worldkit.generation.pipeline.backend import ModelSpec
from worldkit.generation.pipeline.generate_one import failed, generate_several
from worldkit.generation.pipeline.ledger import Ledger, read_result
from worldkit.generation.pipeline.report import Generated, Interrupted
from worldkit.generation.pipeline.run import Commission, PremiseRun
from worldkit.generation.planning.plan import check_size
from worldkit.stores.lines_file import Place

BATCH_SIZE = 8
"""Worlds written together: their answers share the batches of one model."""


@checked
def generate_many(
    premises: Iterable[Any],
    model: str = "local",
    seed: int | Sequence[int] = 1,
    *,
    states: int = 6,
    executor: Executor | None = None,
    out: str | os.PathLike[str] | None = None,
    batch: int = BATCH_SIZE,
    planner: str = "auto",
    features: Iterable[str] = (),
    key: str | None = None,
    progress: Progress | None = None,
) -> Sequence[Generated]:
    """Generate a world for every premise; an error with one does not affect the others.

    Args:
        premises: What the worlds are about.
        model, states, planner, features, key: As for ``generate``.
        seed: One for all, one for each premise, or several for one premise. A world comes out as ``generate`` would
            make it.
        executor: A pool of ``concurrent.futures``, or anything with such a ``submit``, as the client of a Dask cluster
            has; None works here. Every process loads the model once. A key is not sent to other processes: there it
            comes from the environment.
        out: A file to which every finished premise is added as a line of JSON. With the same file again, what it holds
            is not made again, and what failed is tried again. One call at a time uses a file.
        batch: How many worlds a local model writes together, and how many an executor is handed at a time; with an
            endpoint or the service it is handed one.
        progress: Called with how many premises are done, of how many.

    Returns:
        The result for every premise, in order: ``.world`` and ``.report``, or ``.error``. With ``out``, each is read
        from the file whenever it is asked for, so that there may be more of them than fit in memory.

    Raises:
        Interrupted: It was interrupted; holds what exists. The file of ``out`` holds what was done.
        MissingExtra: A package is missing; says what to install.
        WrongArgument: ``premises`` is one string.
        WrongArgument: ``states`` or ``batch`` is out of bounds, or there are not as many seeds as premises.
        WorldError: The model's name means nothing, it cannot be loaded, or the file cannot be used; also where another
            program writes it.

    Example:
        >>> results = wk.generate_many(["A diver finds a door.", "A lamp goes out."], model="templates")
        >>> [result.world.name for result in results]
        ['The Door', 'The Lamp']
    """
    expect_count(batch, "batch")
    orders = _orders(list(premises), seed, states)
    backend_model = backend.named(model, key, planner, features)
    with contextlib.nullcontext() if out is None else contextlib.closing(Ledger(out)) as ledger:
        return _BatchRun(orders, backend_model, ledger, progress or default_progress()).through(executor, batch)


def _orders(premises: Sequence[Any], seed: int | Sequence[int], states: int) -> list[Generated]:
    seeds = [seed] * len(premises) if isinstance(seed, int) else list(map(plain_number, seed))
    premises = [*premises] * len(seeds) if len(premises) == 1 else premises
    if len(seeds) != len(premises):
        raise WrongArgument("seed", f"one for all premises, or {len(premises)}", f"{len(seeds)} seeds")
    check_size(states)
    orders = []
    for premise, own in zip(premises, seeds, strict=True):
        problem = "" if is_text(premise) else str(refusal("premise", "a string", premise))
        if not isinstance(own, int) or isinstance(own, bool):
            raise refusal("seed", "a whole number, or a list of them", own)
        orders.append(Generated(quote(premise) if problem else premise, own, states, error=problem))
    return orders


class _BatchRun:
    def __init__(
        self, orders: Sequence[Generated], model: ModelSpec, ledger: Ledger | None, progress: Progress
    ) -> None:
        self.wanted, self.model, self.ledger, self.progress = orders, model, ledger, progress
        ledger_results = ledger.done if ledger else {}
        self.made: dict[Generated, tuple[Generated, Place | None]] = {
            order: (order, ledger_results[self.key(order)]) for order in orders if self.key(order) in ledger_results
        }
        self.total = max(1, len(dict.fromkeys(orders)))

    def key(self, order: Generated) -> str:
        return ledger.key(order.premise, order.seed, self.model.label, order.states)

    def through(self, executor: Executor | None, batch: int) -> Sequence[Generated]:
        for order in dict.fromkeys(self.wanted):
            if order.error:
                self._keep(order, order)
        todo = [order for order in dict.fromkeys(self.wanted) if order not in self.made]
        if executor is not None and self.model.kind in backend.REMOTE_KINDS:
            batch = 1  # its worlds share nothing, and what a process has paid for is stored at once
        blocks = [todo[at : at + batch] for at in range(0, len(todo), batch)]
        finished: queue.SimpleQueue[Finished[list[Generated]]] = queue.SimpleQueue()
        work = (
            (made for orders in blocks for made in _generate_block(orders, self.model, self._within))
            if executor is None
            else _generate_in_pool(executor, blocks, self.model, finished)
        )
        try:
            self.progress(len(self.made), self.total, "worlds")
            for results in work:
                self._keep_all(results)
                self.progress(len(self.made), self.total, "worlds")
            self.progress(1, 1, "done")
        except KeyboardInterrupt as stop:
            work.close()  # a pool begins nothing more
            for results in _results_left(finished):
                self._keep_all(results)
            for result in getattr(stop, "results", ()):
                # not written to the file: next time the model shall write what the templates had to fill in now
                self.made.setdefault(_order(result), (result, None))
            raise Interrupted(results=self._results(), goes_on=self.ledger is not None) from None
        return self._results()

    def _results(self) -> Sequence[Generated]:
        results = [self.made[order] for order in self.wanted if order in self.made]
        if self.ledger is None:
            return [result for result, _ in results]
        path = self.ledger.path.absolute()
        return LazySequence(results, partial(read_result, path), path.name)

    def _keep(self, order: Generated, result: Generated) -> None:
        place = self.ledger.add(result, self.model.label) if self.ledger else None
        self.made[order] = (order if place else result, place)

    def _keep_all(self, results: Iterable[Generated]) -> None:
        for result in results:
            self._keep(_order(result), result)

    def _within(self, on_done: int, total: int, what: str) -> None:
        self.progress(len(self.made), self.total, what if "loading" in what else "worlds")


Results = Generator[list[Generated], None, None]


def _generate_in_pool(
    executor: Executor,
    blocks: Sequence[list[Generated]],
    model: ModelSpec,
    finished: queue.SimpleQueue[Finished[list[Generated]]],
) -> Results:
    """Yield results as they are done, in the order in which they finish, so that each one is stored at once."""
    with contextlib.closing(completed(executor, partial(block, model=model), blocks, finished)) as pairs:
        for orders, results in pairs:
            if isinstance(results, Exception):
                results = [failed(order, results) for order in orders]
            yield results
            if len(results) < len(orders):
                raise KeyboardInterrupt


def _results_left(finished: queue.SimpleQueue[Finished[list[Generated]]]) -> Results:
    """Yield the results of blocks that nobody took, and that had no error, interrupt or cancellation."""
    for _ in range(finished.qsize()):  # a pool may go on with what it has begun
        _, future = finished.get()
        with contextlib.suppress(Exception, KeyboardInterrupt):
            yield future.result()


def block(orders: Sequence[Generated], model: ModelSpec) -> list[Generated]:
    """Make some worlds in this process, and return the result of each; fewer results where it was interrupted."""
    finished: list[Generated] = []
    with contextlib.suppress(KeyboardInterrupt):
        for results in _generate_block(orders, model, ignore):
            finished += results
    return finished


def _generate_block(orders: Sequence[Generated], model: ModelSpec, progress: Progress) -> Results:
    """Yield the results of some worlds: together where they share the batches of a model, else each when it is done."""
    if model.kind in backend.LOCAL_KINDS:
        memory = Memory()
        writer = backend.opened(model, progress, memory)
        states = orders[0].states  # of all
        if not backend.direct_writer(model, writer, states):
            notes = backend.notes_on(model, writer)
            try:
                yield generate_several(orders, writer, progress, notes)
            except KeyboardInterrupt:
                results = generate_several(orders, backend.from_memory(memory), ignore, notes)
                raise Interrupted(results=results) from None
            except Exception as error:
                yield [failed(order, error) for order in orders]
            return
    # each has what it needs for itself: an endpoint that died is found dead anew, and may be back
    for order in orders:
        yield [_generate_alone(order, model, progress)]


def _generate_alone(order: Generated, model: ModelSpec, progress: Progress) -> Generated:
    try:
        outcome = PremiseRun(Commission("premise", order.premise, model, order.seed, order.states)).finish(progress)
    except Interrupted as stop:
        raise Interrupted(results=[replace(order, world=stop.world, report=stop.report)]) from None
    except Exception as error:
        return failed(order, error)
    return replace(order, world=outcome.world, report=outcome.report)


def _order(result: Generated) -> Generated:
    return Generated(result.premise, result.seed, result.states)
