"""``EmbedListeners``: subscribing to what happens in an embedded player (docs/spec/embed.md, "The SDK")."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, Literal, Self, overload

from worldkit.core.argument_checks import refusal
from worldkit.core.json_values import Json

log = logging.getLogger("worldkit.widgets")

EmbedEvent = Literal["ready", "choice", "state", "ending", "ended", "queue", "error", "*"]
EVENTS: tuple[EmbedEvent, ...] = ("ready", "choice", "state", "ending", "ended", "queue", "error", "*")
Listener = Callable[[Json], object]


class EmbedListeners:
    """Keeps who listens to an embedded player, and tells them."""

    _listeners: list[tuple[EmbedEvent, Listener]]

    def _init_listeners(self) -> None:
        self._listeners = []

    @overload
    def on(self, event: EmbedEvent, listener: Listener) -> Self: ...

    @overload
    def on(self, event: EmbedEvent, listener: None = None) -> Callable[[Listener], Listener]: ...

    def on(self, event: EmbedEvent, listener: Listener | None = None) -> Self | Callable[[Listener], Listener]:
        """Call a function with the payload of every event of one type; see docs/spec/embed.md for the payloads.

        Args:
            event: ``"ready"``, ``"choice"``, ``"state"``, ``"ending"``, ``"ended"``, ``"queue"``, ``"error"``; or
                ``"*"`` for all, whose listener gets ``{"type", "payload"}``.
            listener: The function; without one, ``on`` is a decorator. What it raises is logged, and play goes on.

        Returns:
            The player, so that ``wk.embed(world).on("choice", print)`` on a cell's last line shows it.

        Raises:
            WrongArgument: There is no such event.

        Example:
            >>> player = wk.embed(world).on("choice", lambda choice: print(choice["label"]))
            >>> step = player.session.fire("walk_up_the_lane")
            walk up the lane
        """
        if event not in EVENTS:
            raise refusal("event", f"one of {', '.join(map(repr, EVENTS))}", event)
        if listener is None:

            def decorate(function: Listener) -> Listener:
                self._listeners.append((event, function))
                return function

            return decorate
        self._listeners.append((event, listener))
        return self

    def off(self, event: EmbedEvent, listener: Listener) -> Self:
        """Stop calling a function for an event; one that never listened is ignored.

        Args:
            event: The event.
            listener: The function.

        Example:
            >>> player = wk.embed(world).on("choice", print).off("choice", print)
            >>> step = player.session.fire("walk_up_the_lane")
        """
        self._listeners = [entry for entry in self._listeners if entry != (event, listener)]
        return self

    def tell(self, event: Any, payload: Json) -> None:
        """Call the listeners of an event, in the order in which they subscribed.

        Example:
            >>> player = wk.embed(world).on("choice", lambda choice: print(choice["label"]))
            >>> player.tell("choice", {"label": "walk up the lane"})
            walk up the lane
        """
        for topic, listener in tuple(self._listeners):
            if topic in (event, "*"):
                try:
                    listener({"type": event, "payload": payload} if topic == "*" else payload)
                except Exception:
                    log.exception("a listener to %r of an embedded player failed", event)
