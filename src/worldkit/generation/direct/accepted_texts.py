"""The texts of a world that can stand, found by what they say, so that no other text has to be compared with all."""

from __future__ import annotations

from collections import UserDict, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from types import MappingProxyType

from worldkit.core.progress import Address
from worldkit.generation.planning.chunking import sentences
from worldkit.generation.text.constraints import ngrams

ROW_LENGTH = 6
"""Texts that share so many words in a row, with the worked example or one another, are taken to be copied."""


class AcceptedTexts(UserDict[Address, str]):
    """The accepted texts of a place, or of a whole world, by their addresses.

    Attributes:
        earlier: Returns where earlier places say something; see ``saying``.
    """

    def __init__(self, texts: Mapping[Address, str] = MappingProxyType({})) -> None:
        self.earlier: Callable[[Hashable], Iterable[Address]] = lambda _: ()
        self._addresses = defaultdict[Hashable, dict[Address, None]](dict)
        super().__init__(texts)

    def __setitem__(self, at: Address, text: str) -> None:
        for part in _parts(self.data.get(at, "")):
            self._addresses[part].pop(at, None)
        for part in _parts(text):
            self._addresses[part][at] = None
        super().__setitem__(at, text)

    def saying(self, part: Hashable) -> list[Address]:
        """Return where a sentence, ``ROW_LENGTH`` words in a row, or a whole text, alone in a tuple, stands."""
        return [*self._addresses.get(part, ()), *self.earlier(part)]


def _parts(text: str) -> Iterator[Hashable]:
    yield (text,)
    yield from sentences(text)
    yield from ngrams(text, ROW_LENGTH)
