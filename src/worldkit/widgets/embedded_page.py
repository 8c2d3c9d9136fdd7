"""``EmbeddedPage``: the embed page of a server in a notebook cell, in a frame, as web pages have it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any, Self

import traitlets

from worldkit.core.argument_checks import checked_methods
from worldkit.core.errors import (
    ApiNotFound,
    AuthError,
    QuotaExceeded,
    RateLimited,
    ScopeError,
    ServiceUnavailable,
    Unreachable,
    WorldError,
)
from worldkit.core.json_values import Json, escape_unprintable
from worldkit.widgets import display
from worldkit.widgets.bundle import bundle
from worldkit.widgets.embed_listeners import EVENTS, EmbedListeners
from worldkit.widgets.interruption import answer_when_interrupted, finish, raise_first
from worldkit.widgets.kernel_widget import KernelWidget

log = logging.getLogger("worldkit.widgets")

GetToken = Callable[[str], str]
MAX_PAYLOAD_CHARACTERS = 20_000
"""Characters of a payload; those of the page are much shorter."""
_NOT_SHOWN_STATUS = "not shown yet"


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

    _user_name = "EmbeddedPage"

    _esm = bundle("embed-cell.js")

    host: Any = traitlets.Unicode().tag(sync=True)
    slug: Any = traitlets.Unicode().tag(sync=True)
    height: Any = traitlets.Int(560, min=1).tag(sync=True)
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
        self._get_token, self._is_over, self._status = get_token, False, _NOT_SHOWN_STATUS
        super().__init__(host=host, slug=slug, height=height, theme=dict(theme or {}))
        self.on_msg(self._receive)

    @property
    def status(self) -> str:
        """The player's status in words, such as ``"waiting in line: place 2 of 5"`` or ``"in bench"``.

        Example:
            >>> wk.embed(token="...").status
            'not shown yet'
        """
        return self._status

    def destroy(self) -> Self:
        """End the session, and remove the frame; doing it again changes nothing."""
        if not self._is_over:
            self.send({"type": "destroy"})
        return self

    def _receive(self, _: object, content: Any, _buffers: object = None) -> None:
        if not isinstance(content, dict):
            return
        kind, payload = content.get("type"), content.get("payload")
        if kind == "token":
            self._answer_token(content)
        elif (
            kind in EVENTS and kind != "*" and isinstance(payload, dict) and len(str(payload)) <= MAX_PAYLOAD_CHARACTERS
        ):
            self._is_over = self._is_over or kind == "ended"
            self._status = _status(kind, payload) or self._status
            self.tell(kind, payload)

    def _answer_token(self, content: Json) -> None:
        origin, id = content.get("origin"), content.get("id")
        if type(id) is not int:
            return
        place = origin if isinstance(origin, str) else ""
        refusal_message = {"type": "refused", "message": "no session token: the kernel was interrupted", "id": id}
        try:
            with answer_when_interrupted(self.send, refusal_message):
                answer: Json = {"type": "token", "token": self._get_token(place)}
        except WorldError as error:
            answer = {"type": "refused", "message": refusal_text(error, place)}
        except Exception as error:
            log.exception("no session token for an embedded page")
            answer = {"type": "refused", "message": f"no session token: {type(error).__name__}"}
        raise_first(finish(lambda: self.send({**answer, "id": id})))

    def __repr__(self) -> str:
        name = f": {self.slug}" if self.slug else ""
        return f"Embedded page of {self.host}{name}" + (
            "" if self._status == _NOT_SHOWN_STATUS else f", {self._status}"
        )

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, Any], dict[str, Any]]:
        return display.mimebundle(self.model_id, repr(self)), {}


def _status(kind: str, payload: Json) -> str:
    """Return where a page stands after it told something; empty when that changes nothing."""
    match kind:
        case "queue":
            position, depth = _short_text(payload.get("position")), _short_text(payload.get("queueDepth"))
            return f"waiting in line: place {position} of {depth}"
        case "ready" | "state":
            return f"in {_short_text(payload.get('state'))}"
        case "ending":
            return f"ended in {_short_text(payload.get('state'))}: {_short_text(payload.get('kind'))}"
        case "ended":
            return f"over: {_short_text(payload.get('reason'))}"
        case "error":
            return f"failed: {_short_text(payload.get('message'))}"
    return ""


def _short_text(value: object) -> str:
    return escape_unprintable(str(value))[:200] if isinstance(value, (str, int)) else "?"


MINT_SCOPE = "sessions:mint"


def refusal_text(error: WorldError, origin: str) -> str:
    """Return what to show in place of the player.

    Args:
        origin: The origin of the page that shows the player; empty when it has none.
    """
    match error:
        case QuotaExceeded():
            count = (
                f" ({error.used} of {error.cap} are used)" if error.cap is not None and error.used is not None else ""
            )
            return f"The play sessions of this app are used up for today{count}. New ones begin at midnight UTC."
        case ScopeError(scope=scope) if scope == MINT_SCOPE:
            return f"This API key may not start play sessions: it lacks the scope {MINT_SCOPE}. Use a key that has it."
        case ScopeError():
            place = f" ({origin})" if origin else ""
            reason = f": {error.detail}" if error.detail else ""
            advice = "Is its address among the app's embedding_origins?"
            return f"The server does not let this page{place} play the world{reason.rstrip('.')}. {advice}"
        case AuthError():
            return "The server does not take this API key. Is it a key of this server, and still valid?"
        case ApiNotFound():
            return "The server has no such world, or it belongs to another app than the API key."
        case RateLimited():
            return "The server had too many requests. Try again in a moment."
        case Unreachable() | ServiceUnavailable():
            return "The server cannot be reached, or is busy. Try again in a moment."
        case _:
            return str(error)
