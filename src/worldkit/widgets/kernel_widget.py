"""``KernelWidget``: the base of every widget here. It can send from any thread, and still receives messages."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from contextvars import Context, copy_context
from types import FunctionType
from typing import Any

from anywidget import AnyWidget
from traitlets import TraitError

from worldkit.core.errors import WrongArgument
from worldkit.core.json_values import quote


class KernelWidget(AnyWidget):
    """A widget that may send from other threads.

    ipykernel answers a browser's message in the subshell that sent last, and reads which one that is from the context
    of the message being handled. A thread has no such context; ipykernel then takes that of any other message, whose
    subshell may be gone, and the widget is never heard again. So a thread sends in the context in which the widget was
    made, or in which it last heard from the browser.
    """

    _user_name = ""
    """What users call it, where that is another name than that of its class."""

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if cls._user_name and cls.__module__.startswith("worldkit."):
            cls.__name__ = cls.__qualname__ = cls._user_name  # Python and traitlets say it of a wrong attribute
            parts = (cls, *(base for base in cls.__bases__ if not issubclass(base, KernelWidget)))
            for part in parts:
                prefix = f"{cls._user_name}." if part is cls else ""  # other widgets may have the same part
                for name, member in vars(part).items():
                    function = getattr(member, "__func__", member)
                    if isinstance(function, FunctionType) and function.__module__.startswith("worldkit."):
                        function.__qualname__ = prefix + name  # Python says it of a wrong call

    def __init__(self, **traits: Any) -> None:
        self._message_context: Context = copy_context()
        self._message_thread = threading.current_thread()
        try:
            super().__init__(**traits)
        except TraitError:
            for name, value in traits.items():
                self._refuse(name, value)
            raise

    def _refuse(self, name: str, value: Any) -> None:
        """Refuse a value that a trait cannot have, as every public call does."""
        trait = self.traits().get(name)
        try:
            if trait is not None:
                trait._validate(self, value)  # noqa: SLF001  # what traitlets itself calls
        except TraitError as error:
            minimum = getattr(trait, "min", None)
            least_value = "" if minimum is None or "less than" not in str(error) else f" of at least {minimum}"
            raise WrongArgument(name, f"{trait.info()}{least_value}", quote(value)) from None

    def _handle_msg(self, message: Any) -> None:
        self._message_context, self._message_thread = copy_context(), threading.current_thread()
        super()._handle_msg(message)

    def _send(self, message: Any, buffers: Any = None) -> None:
        # threads are compared, not their numbers: a number is given again when its thread has ended
        if threading.current_thread() in (self._message_thread, threading.main_thread()):
            super()._send(message, buffers)
        else:
            # a copy, since a context can be entered by one thread at a time
            self._message_context.copy().run(super()._send, message, buffers)


def new_thread(name: str, work: Callable[..., object], *arguments: object) -> Any:
    """Return a thread that does some work; what it sends in a notebook belongs to the cell or message that made it."""
    return thread_class()(target=copy_context().run, args=(work, *arguments), name=f"worldkit-{name}", daemon=True)


def thread_class() -> Any:
    """Return the class of threads that may send to views: marimo knows only its own."""
    marimo: Any = sys.modules.get("marimo")
    if marimo is not None and hasattr(marimo, "Thread") and marimo.running_in_notebook():
        return marimo.Thread
    return threading.Thread
