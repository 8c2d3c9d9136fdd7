"""worldkit: load, generate, edit, compare and play-test SMWorld graphs in Jupyter.

What is public is in ``__all__``, and in ``worldkit.envs``, ``worldkit.ops``, ``worldkit.painters``,
``worldkit.rules``, ``worldkit.samples`` and ``worldkit.webhooks``. A public name is imported when it is first used
(PEP 562), so that ``import worldkit`` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from worldkit import renderers as _renderers  # noqa: F401 - registers what upper layers offer to lower ones
from worldkit.core.version import __version__ as __version__


def _modules_of_names() -> dict[str, str]:
    """Return the public names with their modules, as the lines ``from MODULE import NAME as NAME`` of the stub say."""
    with open(f"{__path__[0]}/__init__.pyi", encoding="utf-8") as stub:
        imports = [line.split() for line in stub if line.startswith("from ")]
    return {name: module for _, module, _, name, *_ in imports if name != "__version__"}


_MODULE_BY_NAME = _modules_of_names()
__all__ = sorted(_MODULE_BY_NAME)


def __getattr__(name: str) -> Any:
    if name not in _MODULE_BY_NAME:
        if name.startswith("_"):  # asked for by tools: pytest looks for four such names in every file of tests
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        near = import_module("worldkit.core.quoting").did_you_mean(name, __all__)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}{near}")
    module = _MODULE_BY_NAME[name]
    is_submodule = module == __name__
    value = import_module(f"{module}.{name}") if is_submodule else getattr(import_module(module), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*__all__, "__all__", "__doc__", "__version__"})
