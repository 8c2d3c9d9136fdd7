"""``wk.quality``: how good a world is, in four parts that are never added up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from worldkit.assessment.agreement import check_agreement
from worldkit.assessment.claims import CHECKS, Agreement
from worldkit.assessment.diversity import Diversity, measure_diversity, plot_of
from worldkit.assessment.evidence import PremiseCheck, check_premise
from worldkit.assessment.play_graph import list_positions
from worldkit.assessment.proofs import Proofs, prove
from worldkit.core.argument_checks import checked, checked_methods, expect_each
from worldkit.core.dataframe import frame
from worldkit.core.display import render
from worldkit.core.errors import InvalidWorld, WrongArgument
from worldkit.core.html_page import html_page
from worldkit.core.json_values import Json, quote
from worldkit.core.quoting import numbered_world
from worldkit.world import World

if TYPE_CHECKING:
    import pandas


@checked_methods
@dataclass(frozen=True, eq=False, repr=False)
class Quality:
    """The quality of one or more worlds: four parts, each with its evidence, and no number over all (docs/quality.md).

    Attributes:
        worlds: The worlds.
        proofs: Of each world what is proven of it: validity, endings, soft-locks, what its choices change.
        agreement: Of each world whether its texts agree with its graph.
        premises: Of each world what of its premise stands in it; None where no premise was given.
        diversity: How much the worlds differ; of one alone, how much its words do.

    Example:
        >>> quality = wk.quality(world, premise="A child looks for a mitten on the moon.")
        >>> quality.proofs[0].valid, quality.proofs[0].choice_weight
        (True, 0.0)
        >>> [name.phrase for name in quality.premises[0].missed]
        ['moon']
    """

    worlds: tuple[World, ...]
    proofs: tuple[Proofs, ...]
    agreement: tuple[Agreement, ...]
    premises: tuple[PremiseCheck | None, ...]
    diversity: Diversity

    def to_dict(self) -> Json:
        """Return everything but the worlds as JSON values (format ``smworld-quality``).

        Example:
            >>> sorted(wk.quality(world).to_dict())
            ['diversity', 'format', 'worlds']
        """
        worlds: list[Json] = []
        for number, world in enumerate(self.worlds):
            premise = self.premises[number]
            worlds.append(
                {
                    "name": world.name,
                    "proofs": self.proofs[number].to_dict(),
                    "agreement": self.agreement[number].to_dict(),
                    "premise": None if premise is None else premise.to_dict(),
                }
            )
        return {"format": "smworld-quality", "worlds": worlds, "diversity": self.diversity.to_dict()}

    def to_frame(self) -> pandas.DataFrame:
        """Return a table with a row for each world, in the columns of ``wk.scan(...).quality()``.

        Raises:
            MissingExtra: pandas is not installed.

        Example:
            >>> frame = wk.quality([world, wk.samples.load("lighthouse")]).to_frame()
            >>> list(frame.columns)
            ['name', 'gate', 'choice_weight', 'arrival', 'denial', 'hint', 'premise_kept', 'plot_id']
        """
        columns = ("name", "gate", "choice_weight", *CHECKS, "premise_kept", "plot_id")
        rows = ({"name": world.name, **figures(self, number)} for number, world in enumerate(self.worlds))
        return frame("Quality.to_frame", rows, columns)

    def text(self) -> str:
        """Return it as plain text, with the evidence.

        Example:
            >>> print(wk.quality(world).text().splitlines()[1])
            Proofs: no errors; the gate is not passed (67 points); 1 of 1 ending can be reached; no soft-lock.
        """
        text: str = render(self, "text")
        return text

    def to_html(self, path: str | Path | None = None) -> str:
        """Return it as a standalone page, and write it to a file if a path is given.

        Args:
            path: The file to write.

        Example:
            >>> "<script" in wk.quality(world).to_html("quality.html")
            False
        """
        return html_page(render(self, "html"), path)

    def __repr__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        fragment: str = render(self, "html fragment")
        return fragment


def figures(assessment: Quality, number: int) -> Json:
    """Return the figures of one of the worlds, by column; None where there was nothing to judge."""
    proofs, agreement = assessment.proofs[number], assessment.agreement[number]
    check = assessment.premises[number]
    return {
        "gate": proofs.verdict.score,
        "choice_weight": proofs.choice_weight,
        **{name: agreement.share(name) for name in CHECKS},
        "premise_kept": check.share() if check else None,
        "plot_id": plot_of(assessment.worlds[number]),
    }


@checked
def quality(world: World | Iterable[World], premise: str | Sequence[str | None] | None = None) -> Quality:
    """Return the quality of a world: proofs, agreement of text with graph, premise kept, diversity (docs/quality.md).

    The parts are never added up: a world may be proven sound and tell another story than its premise. Each part holds
    its evidence: addresses in the world, and sentences.

    Args:
        world: The world, or several; they are only read.
        premise: What it was made from: one premise, or one for each world.

    Returns:
        The parts.

    Raises:
        WrongArgument: There are no worlds, or not as many premises.
        InvalidWorld: A world has no states; says which.

    Example:
        >>> wk.quality(world).agreement[0].share("arrival")
        1.0
        >>> wk.quality([world, world]).diversity.plots
        1
    """
    expected = "a World, or a list of which each is a World"
    worlds = (world,) if isinstance(world, World) else tuple(expect_each(world, World, "world", expected))
    if not worlds:
        raise WrongArgument("world", "a world, or a sequence of at least one", "an empty sequence")
    premises = _premises(premise, len(worlds))
    proofs, agreement = [], []
    for number, (each, text) in enumerate(zip(worlds, premises, strict=True), 1):
        try:
            graph = list_positions(each)
        except InvalidWorld as error:
            if len(worlds) == 1:
                raise
            raise InvalidWorld(error.problems, numbered_world(number, each.name or ""), error.verdict) from None
        proofs.append(prove(each, graph, text))
        agreement.append(check_agreement(each, graph))
    return Quality(
        worlds,
        tuple(proofs),
        tuple(agreement),
        tuple(None if text is None else check_premise(each, text) for each, text in zip(worlds, premises, strict=True)),
        measure_diversity(worlds),
    )


def _premises(premise: str | Iterable[str | None] | None, count: int) -> tuple[str | None, ...]:
    if premise is None or isinstance(premise, str):
        return (premise,) * count
    premises = tuple(premise)
    if len(premises) != count:
        raise WrongArgument("premise", f"{count} premises, one for each world", f"{len(premises)}")
    for each in premises:
        if each is not None and not isinstance(each, str):
            raise WrongArgument("premise", "premises as text", quote(each))
    return premises
