"""The corpus of scene texts: questions as fields ask them, with good answers, by genre and kind.

It serves as worked examples in prompts (``retrieval``) and trained the adapter (``adapter``). A tenth of it is held out
of both, whole places at a time, so that what the adapter makes of them says something.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from worldkit.generation.engines.base import seed_of
from worldkit.generation.planning.stock import stock

RUN = 5
"""Words in a row that are too many to be there by chance."""

_FOLDER = files("worldkit").joinpath("data", "generate", "corpus")
_PLACES = (r"Place: the ([a-z][a-z' -]*)\.", r" finds .* (?:in|on|at|under) the ([a-z' -]+)\.", r"You .* to the (.+)\.")
_OPENINGS = {
    "place": r"The {place}",
    "shot": r".*, with {last}",
    "travel": r".* camera [a-z ]+ the {last}",
    "ambient": r"{last}",
    "line": r"You",
    "step": r"{does}",
    "take": r".*(?= from )",
    "aside": r"{does}",
    "act": r"{does}",
    "ending": r"",
    "stance": r"The [a-z]+",
    "gait": r"The [a-z]+",
}
"""How the answer of a kind begins, up to where a model goes on: the rest of it is what is learnt."""


@dataclass(frozen=True, slots=True)
class Text:
    """One text.

    Attributes:
        genre: The genre of the stock that it belongs to.
        kind: The family of questions.
        question, answer: What is asked, and a good answer.
    """

    genre: str
    kind: str
    question: str
    answer: str

    @property
    def place(self) -> str:
        """The place it is about, without article; empty where its question names none."""
        matches = (re.search(pattern, self.question) for pattern in _PLACES)
        return next((match[1] for match in matches if match), "")

    @property
    def held_out(self) -> bool:
        """Whether it is kept from training and prompts: one place in ten, and one in ten of those that name none."""
        return seed_of("held out", self.genre, self.place or self.question) % 10 == 0

    @property
    def opening(self) -> str:
        """What the answer is made to begin with when a model is asked.

        Raises:
            ValueError: The answer does not begin as those of its kind do.
        """
        bare_question = self.question.removesuffix(".")
        noun = re.sub(
            r"^(?:an?|the) ", "", re.sub(r" do(?:es)?$", "", re.split(r" past | and |What ", bare_question)[-1])
        )
        pattern = _OPENINGS[self.kind].format(
            place=re.escape(self.place),
            last=f"(?i:(?:an? |the )?)(?i:{re.escape(noun)})",
            does=re.escape(re.split(r" and sees | to the ", bare_question)[0]),
        )
        match = re.match(pattern, self.answer)
        if match is None:
            raise ValueError(f"{self.answer!r} does not begin as the answer to {self.question!r} should")
        return match[0]


@cache
def corpus() -> tuple[Text, ...]:
    """Return every text that the package ships, in the order of the genres and of their files.

    A genre may have none of its own; its worlds are shown the nearest of the others.
    """
    texts = []
    for genre in filter(_has_texts, stock().genres):
        tables: list[dict[str, Any]] = tomllib.loads(_load_bytes(genre).decode("utf-8"))["text"]
        texts += [Text(genre, table["kind"], table["question"], table["answer"]) for table in tables]
    return tuple(texts)


def copied(text: str) -> bool:
    """Say whether a text holds ``RUN`` words in a row that an answer of the corpus holds too."""
    return not _runs().isdisjoint(runs(text))


def runs(text: str, size: int = RUN) -> list[tuple[str, ...]]:
    """Return every so many words in a row of a text."""
    words = re.findall(r"[a-z']+", text.lower())
    return list(zip(*(words[at:] for at in range(size)), strict=False))


@cache
def _runs() -> frozenset[tuple[str, ...]]:
    return frozenset(run for text in corpus() for run in runs(text.answer))


def digest() -> str:
    """Return the SHA-256 of the corpus, file by file in the order of their names."""
    digest_of_all = hashlib.sha256()
    for genre in sorted(filter(_has_texts, stock().genres)):
        digest_of_all.update(_load_bytes(genre))
    return digest_of_all.hexdigest()


def _has_texts(genre: str) -> bool:
    return _FOLDER.joinpath(f"{genre}.toml").is_file()


def _load_bytes(genre: str) -> bytes:
    # a checkout may turn line ends into others
    return _FOLDER.joinpath(f"{genre}.toml").read_bytes().replace(b"\r\n", b"\n")
