"""What a generation did: where its prose came from, what it cost, how it was judged, and what was kept of it."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from worldkit.assessment.evidence import KeptName, check_premise, restored_check
from worldkit.assessment.names import Name
from worldkit.core.errors import ModelError
from worldkit.core.progress import Address
from worldkit.core.quoting import format_count
from worldkit.core.restorable import Restorable
from worldkit.generation.prose.writer import TEMPLATES, ProseResult
from worldkit.reporting.quality_page import premise_table
from worldkit.world import World

MIN_MODEL_SHARE = 0.5
"""The share of its texts that a model has to write, so that nothing is said of the others but their number."""


class UnusableAnswers(ModelError):
    """A model answered, and nothing that it answered could be used."""


@dataclass(frozen=True, slots=True)
class Report:
    """The account of one generation.

    Attributes:
        model: The model's name; ``"templates"`` when only those wrote.
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
        kept: What the premise names and the world has, each with where it stands: see ``worldkit.assessment``.
        missed: What the premise names and the world does not have. Both are empty where there was no premise.

    Example:
        >>> [result] = wk.generate_many(["A diver finds a door."], model="templates")
        >>> result.report.score, result.report.fallbacks
        (100, ())
        >>> [name.name.phrase for name in result.report.kept]
        ['diver', 'find a door', 'door']
    """

    model: str
    seed: int
    score: int
    seconds: float
    tokens: int = 0
    written: int = 0
    again: int = 0
    fallbacks: tuple[str, ...] = ()
    by_model: tuple[str, ...] = ()
    planned: str = "seed"
    notes: tuple[str, ...] = ()
    kept: tuple[KeptName, ...] = field(default=(), repr=False)
    missed: tuple[Name, ...] = field(default=(), repr=False)

    @property
    def premise_kept(self) -> str:
        """The parts of the premise that the world has, and those it lacks, in one sentence; empty without a premise."""
        total = len(self.kept) + len(self.missed)
        if not total:
            return ""
        if not self.missed:
            return f"all {total} names of the premise are kept" if total > 1 else "the one name of the premise is kept"
        names = ", ".join(f"{name.phrase} ({name.role})" for name in self.missed)
        return f"{len(self.kept)} of {total} names of the premise are kept; this world does not keep: {names}"

    @property
    def shortfall(self) -> str:
        """What to know where the model wrote less than half of what it was asked for, in one sentence; else empty."""
        asked_count = len(self.fallbacks) + len(self.by_model)
        if len(self.by_model) >= MIN_MODEL_SHARE * asked_count:
            return ""
        if asked_count == 1:
            return f"the one text that {self.model} was to write is a ready-made sentence"
        ready_made_texts = f"{len(self.fallbacks):,} of the {asked_count:,} texts that {self.model} was to write"
        return f"{ready_made_texts} are ready-made sentences"

    def require_use(self) -> None:
        """Refuse a world in which nothing is the model's, though it was asked and did answer.

        Raises:
            UnusableAnswers: It is such a world.
        """
        if self.fallbacks and not self.by_model and self.planned != "model":
            raise UnusableAnswers(
                f"{self.model} answered nothing that a world could be made of: no text of the "
                f"{len(self.fallbacks):,} that it was asked for, in {format_count(self.tokens, 'token')}. "
                "Expected a model that follows instructions in English, with "
                'its own chat template; model="templates" needs no model'
            )

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON values."""
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        for name in ("fallbacks", "by_model", "notes"):
            values[name] = list(values[name])
        return values | {
            "kept": [each.to_dict() for each in self.kept],
            "missed": [name.to_dict() for name in self.missed],
        }

    def _repr_html_(self) -> str:
        return f"<p>{html.escape(str(self))}</p>{premise_table(self.kept, self.missed)}"

    def __str__(self) -> str:
        text = f"{self.model}, seed {self.seed}, {self.seconds:.1f} s; verify gate {self.score} of 100"
        if self.model != TEMPLATES:
            text += f"; {self.written} texts by the model ({self.tokens:,} tokens, {self.again} asked for again)"
            text += f", {len(self.fallbacks)} ready-made" if self.fallbacks else ""
            text += "; planned by the model" if self.planned == "model" else ""
        return "; ".join(part for part in (text, self.shortfall, self.premise_kept, *self.notes) if part)


def premise_fields(world: World, premise: str, stored: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return ``kept`` and ``missed`` of a report, taken from one that was stored where that still fits the premise."""
    check = (stored and restored_check(premise, stored)) or check_premise(world, premise)
    return {"kept": check.kept, "missed": check.missed}


def prose_fields(results: Sequence[ProseResult], notes: Sequence[str] = ()) -> dict[str, Any]:
    """Return what a report says of prose and besides, as its arguments ``tokens``, ``written``, ``notes`` and so on."""
    return {
        "tokens": sum(result.tokens for result in results),
        "written": sum(len(result.model) for result in results),
        "again": sum(result.again for result in results),
        "fallbacks": tuple(path for result in results for path in _paths(result.fallbacks)),
        "by_model": tuple(path for result in results for path in _paths(result.model)),
        "notes": tuple(dict.fromkeys((*notes, *(note for result in results for note in result.notes)))),
    }


def joined_report(reports: Sequence[Report]) -> Report:
    """Return the account of all acts; what is said of one begins with its number."""
    if len(reports) == 1:
        return reports[0]

    def joined(name: str, separator: str) -> tuple[str, ...]:
        return tuple(
            f"act_{number}{separator}{value}" for number, each in enumerate(reports, 1) for value in getattr(each, name)
        )

    plan_count = sum(each.planned != "model" for each in reports)
    is_some = 0 < plan_count < len(reports)
    return replace(
        reports[0],
        score=min(each.score for each in reports),
        **{name: sum(getattr(each, name) for each in reports) for name in ("seconds", "tokens", "written", "again")},
        fallbacks=joined("fallbacks", "."),
        by_model=joined("by_model", "."),
        planned="seed" if plan_count == len(reports) else "model",
        notes=joined("notes", ": ") + ((f"{format_count(plan_count, 'act')} planned by code",) if is_some else ()),
    )


def _paths(addresses: Iterable[Address]) -> list[str]:
    return [f"{kind}s.{id}.{name}" for kind, id, name in sorted(addresses)]


@dataclass(frozen=True, slots=True)
class Generated:
    """The result for one premise.

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


class Interrupted(Restorable, KeyboardInterrupt):
    """Generation was interrupted, and this is what exists by then.

    Attributes:
        world: The world that was being written, whole and valid: what was not written yet is from the templates.
        report: Its account.
        results: For ``generate_many``: the results that were finished, in order, and without an executor those
            that were being written.
        goes_on: Whether the same call makes only what is missing.
    """

    def __init__(
        self,
        world: World | None = None,
        report: Report | None = None,
        results: Sequence[Generated] = (),
        goes_on: bool = True,
    ) -> None:
        self.world = world
        self.report = report
        self.results = results
        self.goes_on = goes_on
        contents = self._results_so_far if world is None else "the world so far is in .world of this exception"
        rest = ", with ready-made sentences for what was not written yet" if world or self.results else ""
        super().__init__(f"stopped; {contents}{rest}. {self._next_call()}")

    @property
    def _results_so_far(self) -> str:
        if not self.results:
            return "nothing was finished by then"
        return f"{format_count(len(self.results), 'result')} {'is' if len(self.results) == 1 else 'are'} in .results"

    def _next_call(self) -> str:
        if self.goes_on:
            return "The same call goes on from there"
        return "The same call begins anew; one that is given a file, out=, goes on from there"

    def _render_traceback_(self, *_: object) -> list[str]:
        """Return what IPython shows in place of a traceback: nothing is wrong, and it can go on."""
        if self.world is None:
            results = self._results_so_far
            return [f"Stopped: {results}{' of this exception' if self.results else ''}. {self._next_call()}."]
        return [
            "Stopped. What was written is kept: run the cell again to go on from there.",
            "The world so far, with ready-made sentences for the rest: import sys; w = sys.last_value.world",
        ]
