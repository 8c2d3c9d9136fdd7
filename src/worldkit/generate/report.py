"""What a generation did: where its prose came from, what it cost, how it was judged."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Report:
    """The account of one generation.

    Attributes:
        model: The model's name; empty when only templates wrote.
        seed: The seed.
        score: The verify gate's score, 0 to 100.
        seconds: How long it took, loading the model included.
        tokens: Tokens decoded.
        written: Strings a model wrote.
        again: How many times a string was asked for again.
        fallbacks: Where a model was asked and a template stands, as ``"states.harbor.base"``.
        notes: What else is worth knowing.
    """

    model: str
    seed: int
    score: int
    seconds: float
    tokens: int
    written: int
    again: int
    fallbacks: tuple[str, ...]
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        who = self.model or "templates"
        text = f"{who}, seed {self.seed}: score {self.score}, {self.seconds:.1f} s"
        if self.model:
            text += f", {self.written} strings in {self.tokens} tokens, {self.again} asked again"
            text += f", {len(self.fallbacks)} from the templates" if self.fallbacks else ""
        return "; ".join([text, *self.notes])
