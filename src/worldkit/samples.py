"""Worlds shipped with the package, small to large: something to open before one has a world of one's own.

========== =====================================================================================
bench      three states, the smallest complete world; one deliberate warning
delivery   a mission with a way to fail, written by this package's own mission compiler
lighthouse the showcase: locks, timers, a cutscene, a telephone, two ways to win and two to lose
archive    sixty states and some hundred and fifty events, composed by a seeded script
broken     trips every lint rule; ``broken_start`` has the one that excludes another
========== =====================================================================================

The documents are in ``data/samples``; the scripts that made ``archive`` and ``delivery`` lie beside them.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from worldkit.arguments import checked
from worldkit.errors import WorldError
from worldkit.files import load as _load
from worldkit.world import World

_SUFFIX = ".world.json"
_FOLDER = files("worldkit").joinpath("data", "samples")


@cache
def names() -> tuple[str, ...]:
    """Return the names of the samples, sorted."""
    return tuple(sorted(f.name.removesuffix(_SUFFIX) for f in _FOLDER.iterdir() if f.name.endswith(_SUFFIX)))


@checked
@cache
def load(name: str) -> World:
    """Return a sample world; it is read once and, being a value, shared from then on.

    Args:
        name: One of ``names()``, such as ``"bench"``.

    Raises:
        WorldError: There is no such sample; the message lists those there are.
    """
    if name not in names():
        raise WorldError(f"there is no sample {name!r}; the samples are {', '.join(names())}")
    return _load(_FOLDER.joinpath(name + _SUFFIX).read_text(encoding="utf-8"))


__all__ = ["load", "names"]
