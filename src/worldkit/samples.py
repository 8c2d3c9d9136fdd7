"""Worlds shipped with the package, small to large: something to open before one has a world of one's own.

``about`` says what each is. The documents are in ``data/samples``; the scripts that made ``archive`` and
``delivery`` lie beside them.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

from worldkit.core.argument_checks import checked
from worldkit.core.document import in_file
from worldkit.core.errors import WorldError
from worldkit.world import World
from worldkit.world import load as _load

_SUFFIX = ".world.json"
_FOLDER = files("worldkit").joinpath("data", "samples")

_DESCRIPTIONS = {
    "archive": "Sixty scenes, a hundred and fifty events",
    "bench": "The smallest complete world: three scenes",
    "bread": "Ten scenes, two ways to win; by a large model",
    "broken": "Trips every rule but three",
    "broken_start": "Trips the rules that exclude others",
    "circus": "Ten scenes, two ways to win, clues that need no key; by a large model",
    "delivery": "A mission with a way to fail",
    "lighthouse": "Locks, timers, a cutscene, a telephone; two ways to win, two to lose",
}


@cache
def names() -> tuple[str, ...]:
    """Return the names of the samples, sorted.

    Example:
        >>> wk.samples.names()
        ('archive', 'bench', 'bread', 'broken', 'broken_start', 'circus', 'delivery', 'lighthouse')
    """
    return tuple(sorted(f.name.removesuffix(_SUFFIX) for f in _FOLDER.iterdir() if f.name.endswith(_SUFFIX)))


@checked
def about(name: str) -> str:
    """Return one line about a sample.

    Args:
        name: One of ``names()``.

    Example:
        >>> wk.samples.about("bench")
        'The smallest complete world: three scenes'
    """
    load(name)  # refuses a name that no sample has
    return _DESCRIPTIONS[name]


@checked
@cache
def load(name: str) -> World:
    """Return a sample world; it is read once and, being a value, shared from then on.

    Args:
        name: One of ``names()``, such as ``"bench"``.

    Raises:
        WorldError: There is no such sample; the message lists those there are.

    Example:
        >>> wk.samples.load("bench")
        World 'The Red Mitten': 3 states, 5 events, entrance 'lane'
    """
    if name not in names():
        raise WorldError(f"there is no sample {name!r}; the samples are {', '.join(names())}")
    file = _FOLDER.joinpath(name + _SUFFIX)
    world = _load(file.read_text(encoding="utf-8"))
    return in_file(world, file) if isinstance(file, Path) else world


__all__ = ["about", "load", "names"]
