"""The registry of renderers: how a value of a lower layer gets a form that only a higher layer can make.

An ``Exploration`` offers ``to_html()``, and HTML is made by ``reporting``, which imports ``exploration``. So the value
asks this registry, and ``worldkit.renderers`` says there which function of which module makes the form. A renderer's
module is imported when the form is first asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

_TARGETS: dict[tuple[str, str], str] = {}


def register(name: str, form: str, target: str) -> None:
    """Say which function makes a form of a value.

    Args:
        name: The value's class, such as ``"Exploration"``; or, where there is no value yet, what it is.
        form: The form, such as ``"html"``.
        target: The function, as ``"package.module:function"``.
    """
    _TARGETS[name, form] = target


def renderer(name: str, form: str) -> Callable[..., Any]:
    """Return the function that makes a form of a value.

    Args:
        name: The name of the value's class.
        form: The form.

    Raises:
        LookupError: Nothing was registered for it.
    """
    if (name, form) not in _TARGETS:
        raise LookupError(f"no renderer makes {form!r} of {name}; worldkit.renderers registers those there are")
    module, _, function = _TARGETS[name, form].partition(":")
    found: Callable[..., Any] = getattr(import_module(module), function)
    return found


def render(value: Any, form: str, *args: Any, **options: Any) -> Any:
    """Return a form of a value, made by the renderer of its class.

    Args:
        value: The value.
        form: The form.
        args: What the renderer takes besides.
        options: The renderer's options.
    """
    return renderer(type(value).__name__, form)(value, *args, **options)


def registered() -> dict[tuple[str, str], str]:
    """Return every renderer, by class and form."""
    return dict(_TARGETS)
