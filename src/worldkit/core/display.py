"""The registry of renderers: functions of higher layers that render values of lower layers.

An ``Exploration`` offers ``to_html()``, but HTML is made by ``reporting``, which imports ``exploration``. So the value
looks the function up here, where ``worldkit.renderers`` registers it. The module of a renderer is imported on the
first use.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

_TARGETS: dict[tuple[str, str], str] = {}


def register(name: str, form: str, target: str) -> None:
    """Register the function that renders a form of a value.

    Args:
        name: The value's class, such as ``"Exploration"``, or another name where there is no value yet.
        form: The form, such as ``"html"``.
        target: The function, as ``"package.module:function"``.
    """
    _TARGETS[name, form] = target


def renderer(name: str, form: str) -> Callable[..., Any]:
    """Return the function that renders a form of a value.

    Args:
        name: The name of the value's class.

    Raises:
        LookupError: Nothing was registered for it.
    """
    if (name, form) not in _TARGETS:
        raise LookupError(f"no renderer makes {form!r} of {name}; worldkit.renderers registers those there are")
    module, _, function = _TARGETS[name, form].partition(":")
    target: Callable[..., Any] = getattr(import_module(module), function)
    return target


def render(value: Any, form: str, *args: Any, **options: Any) -> Any:
    """Render a form of a value by the renderer of its class.

    Args:
        args: Further arguments of the renderer.
        options: The renderer's options.
    """
    return renderer(type(value).__name__, form)(value, *args, **options)


def registered() -> dict[tuple[str, str], str]:
    """Return every renderer, by class and form."""
    return dict(_TARGETS)
