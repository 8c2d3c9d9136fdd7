"""``EmbeddedPage``: the embed page of a server in a notebook cell, in a frame, as web pages have it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any, Self

import traitlets

from worldkit.core.argument_checks import checked_methods
from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json
from worldkit.widgets import display
from worldkit.widgets.bundle import bundle
from worldkit.widgets.embed_listeners import EVENTS, EmbedListeners
from worldkit.widgets.kernel_widget import KernelWidget

log = logging.getLogger("worldkit.widgets")

GetToken = Callable[[str], str]
LONGEST = 20_000
"""Characters of a payload; those of the page are much shorter."""


@checked_methods
class EmbeddedPage(EmbedListeners, KernelWidget):
    """The embed page of a server in a cell; ``wk.embed(stored)`` and ``wk.embed(token=...)`` make one.

    A token is sent to the page when it asks, and never kept in the notebook.

    Args:
        get_token: Returns a session token for pages of an origin: that of the notebook.
        host: The server of the page.
        slug: The world's slug or name, for the title of the frame.
        height: Height in pixels.
        theme: As the SDK takes it.

    Example:
        >>> wk.embed(token="...", slug="my-world")
        Embedded page of https://play.alakazam.gg: my-world
    """

    _esm = bundle("embed-cell.js")

    host: Any = traitlets.Unicode().tag(sync=True)
    slug: Any = traitlets.Unicode().tag(sync=True)
    height: Any = traitlets.Int(560, min=0).tag(sync=True)
    theme: Any = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        get_token: GetToken,
        *,
        host: str,
        slug: str = "",
        height: int = 560,
        theme: Mapping[str, Any] | None = None,
    ) -> None:
        self._init_listeners()
        self._get_token, self._over = get_token, False
        super().__init__(host=host, slug=slug, height=height, theme=dict(theme or {}))
        self.on_msg(self._receive)

    def destroy(self) -> Self:
        """End the session, and remove the frame; doing it again changes nothing."""
        if not self._over:
            self.send({"type": "destroy"})
        return self

    def _receive(self, _: object, content: Any, _buffers: object = None) -> None:
        if not isinstance(content, dict):
            return
        kind, payload = content.get("type"), content.get("payload")
        if kind == "token":
            self._answer_token(content)
        elif kind in EVENTS and kind != "*" and isinstance(payload, dict) and len(str(payload)) <= LONGEST:
            self._over = self._over or kind == "ended"
            self.tell(kind, payload)

    def _answer_token(self, content: Json) -> None:
        origin, id = content.get("origin"), content.get("id")
        if type(id) is not int:
            return
        try:
            answer: Json = {"type": "token", "token": self._get_token(origin if isinstance(origin, str) else "")}
        except WorldError as error:
            answer = {"type": "refused", "message": str(error)}
        except Exception as error:
            log.exception("no session token for an embedded page")
            answer = {"type": "refused", "message": f"no session token: {type(error).__name__}"}
        self.send({**answer, "id": id})

    def __repr__(self) -> str:
        return f"Embedded page of {self.host}" + (f": {self.slug}" if self.slug else "")

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, Any], dict[str, Any]]:
        return display.mimebundle(self.model_id, repr(self), None), {}
