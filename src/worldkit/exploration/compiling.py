"""``compiled``: a function that numba compiles, once on a machine; imported only where numba is installed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """Return a function as numba compiles it when it is first called; compiled code is kept in a file.

    Args:
        function: The function; it works on arrays and numbers alone.
    """
    try:
        return cast("Function", njit(cache=True, nogil=True)(function))
    except RuntimeError:  # nowhere to keep compiled code: it is compiled once a process
        return cast("Function", njit(nogil=True)(function))
