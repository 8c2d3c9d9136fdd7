"""What a generation did: where its prose came from, what it cost, how it was judged, and what was kept of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from worldkit.world import World


@dataclass(frozen=True, slots=True)
class Report:
    """The account of one generation.

    Attributes:
        model: The model's name; empty when only templates wrote.
        seed: The seed.
        score: The verify gate's score, 0 to 100.
        seconds: How long it took, loading the model included; in a batch, its share of the batch's time.
        tokens: Tokens decoded.
        written: Strings a model wrote.
        again: How many times a string was asked for again.
        fallbacks: Where a model was asked and a template stands, as ``"states.harbor.base"``.
        by_model: Where the model's own words stand, put the same way. What is in neither list was never asked for.
        planned: Who planned the world: ``"seed"`` or ``"model"``.
        notes: What else is worth knowing, such as an endpoint that stopped answering.

    Example:
        >>> [result] = wk.generate_many(["A diver finds a door."], model="templates")
        >>> result.report.score, result.report.fallbacks
        (100, ())
    """

    model: str
    seed: int
    score: int
    seconds: float
    tokens: int
    written: int
    again: int
    fallbacks: tuple[str, ...]
    by_model: tuple[str, ...] = ()
    planned: str = "seed"
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        who = self.model or "templates"
        text = f"{who}, seed {self.seed}: score {self.score}, {self.seconds:.1f} s"
        if self.model:
            text += f", {self.written} strings in {self.tokens} tokens, {self.again} asked again"
            text += f", {len(self.fallbacks)} from the templates" if self.fallbacks else ""
            text += ", planned by the model" if self.planned == "model" else ""
        return "; ".join([text, *self.notes])


@dataclass(frozen=True, slots=True)
class Generated:
    """What came of one premise.

    Attributes:
        premise, seed, states: What was asked for.
        world: The world, when it was made.
        report: The account of its making.
        error: Why it was not made, else empty.

    Example:
        >>> [result] = wk.generate_many(["A diver finds a door."], model="templates")
        >>> result.world.name, result.error
        ('The Door', '')
    """

    premise: str
    seed: int
    states: int
    world: World | None = None
    report: Report | None = None
    error: str = ""

    def __bool__(self) -> bool:
        return self.world is not None


class Interrupted(KeyboardInterrupt):
    """Generation was interrupted, and this is what exists by then.

    Attributes:
        world: The world that was being written, whole and valid: what was not written yet is from the templates.
        report: Its account.
        results: When many were wanted: what came of those that were done or being written, in order.
    """

    def __init__(
        self, world: World | None = None, report: Report | None = None, results: Sequence[Generated] = ()
    ) -> None:
        self.world = world
        self.report = report
        self.results: tuple[Generated, ...] = tuple(results)
        kept = f"{len(self.results)} results are kept in .results" if world is None else "the world is kept in .world"
        super().__init__(f"interrupted; {kept}, with what was not written yet from the templates")

    def _render_traceback_(self, *_: object) -> list[str]:
        """Return what IPython shows in place of a traceback: nothing is wrong, and it can go on."""
        if self.world is None:
            return [f"Stopped. {len(self.results)} results are kept in .results of this exception."]
        return [
            "Stopped. What was written is kept: run the cell again to go on from there.",
            "The world so far, with ready-made sentences for the rest: import sys; w = sys.last_value.world",
        ]

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.world, self.report, self.results)
