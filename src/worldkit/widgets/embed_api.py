"""``embed``: a world in a notebook cell, as web pages embed it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, overload

from worldkit.core.argument_checks import checked, refusal
from worldkit.core.errors import WorldError, WrongArgument
from worldkit.world import World

if TYPE_CHECKING:
    from worldkit.stores import StoredWorld
    from worldkit.widgets.embedded_cell import EmbeddedCell
    from worldkit.widgets.embedded_page import EmbeddedPage

PLAY_HOST = "https://play.alakazam.gg"
HOSTED_API = "https://api.alakazam.gg"


@overload
def embed(world: World, *, height: int = 560, theme: str | Mapping[str, Any] | None = None) -> EmbeddedCell: ...


@overload
def embed(
    world: StoredWorld | None = None,
    *,
    token: str | None = None,
    get_token: Callable[[], str] | None = None,
    slug: str | None = None,
    host: str | None = None,
    height: int = 560,
    theme: str | Mapping[str, Any] | None = None,
) -> EmbeddedPage: ...


@checked
def embed(
    world: World | StoredWorld | None = None,
    *,
    token: str | None = None,
    get_token: Callable[[], str] | None = None,
    slug: str | None = None,
    host: str | None = None,
    height: int = 560,
    theme: str | Mapping[str, Any] | None = None,
) -> EmbeddedCell | EmbeddedPage:
    """Show a world in a cell as its players see it, and hear what they do: ``.on("choice", f)`` (docs/spec/embed.md).

    Args:
        world: A world, played by this kernel. Or a world of a client, played by its server: the page asks for
            session tokens, which are minted with the client's key. Not needed with a token.
        token: A session token: the page of ``host`` is shown in a frame.
        get_token: Returns a new session token; called before one expires.
        slug: The world's slug, for the title of the frame; only for the page of a server.
        host: Where the page lives; by default the client's server, else ``https://play.alakazam.gg``. Only for the
            page of a server.
        height: Height in pixels.
        theme: ``"light"``, ``"dark"``, or a theme as the SDK takes it, such as ``{"colorPrimary": "#b5179e"}``. Where
            this kernel plays the world, only its ``colorScheme`` counts.

    Returns:
        The player; name it on a cell's last line to show it.

    Raises:
        WrongArgument: There is neither a world nor a token; or this kernel plays the world, and a ``slug`` or ``host``
            is given, or another theme than there is.

    Example:
        >>> player = wk.embed(world).on("state", lambda entered: print("now in", entered["state"]))
        >>> step = player.session.fire("walk_up_the_lane")
        now in bench
    """
    scheme = theme if isinstance(theme, str) else None
    options = {"colorScheme": scheme} if scheme in ("light", "dark") else {} if theme is None else theme
    if token is None and get_token is None and isinstance(world, World):
        return _cell(world, height, theme, slug=slug, host=host)
    stored_world = _stored(world)
    if token is None and get_token is None:
        if stored_world is None:
            raise WrongArgument("world", "a World, or token= of one; client.session_token(id) mints it", "neither")
        mint = getattr(stored_world.store, "session_token", None)
        if mint is None:  # a store of this machine has no server
            return _cell(stored_world.world, height, theme, slug=slug, host=host)
        server = str(getattr(stored_world.store, "base_url", HOSTED_API)).rstrip("/")
        page_host = host or (PLAY_HOST if server == HOSTED_API else server)
        return _page(
            lambda origin: mint(stored_world.id, origin=origin or None).token,
            page_host,
            slug or stored_world.name,
            height,
            options,
        )
    name = slug or (stored_world.name if stored_world is not None else getattr(world, "name", None)) or ""
    return _page(_tokens(token, get_token), host or PLAY_HOST, name, height, options)


def _cell(
    world: World, height: int, theme: str | Mapping[str, Any] | None, *, slug: str | None, host: str | None
) -> EmbeddedCell:
    from worldkit.playing import Session
    from worldkit.ruleset.play_gate import play_blockers
    from worldkit.widgets.embedded_cell import EmbeddedCell

    for name, value in {"slug": slug, "host": host}.items():
        if value is not None:
            raise refusal(name, "none for a world that this kernel plays", value)
    scheme = theme.get("colorScheme") if isinstance(theme, Mapping) else theme
    if scheme not in (None, "auto", "light", "dark"):
        raise refusal("theme", '"auto", "light" or "dark", or such a colorScheme', scheme)
    return EmbeddedCell(Session(world), blocked=play_blockers(world), height=height, theme=scheme or "auto")


def _page(
    get_token: Callable[[str], str], host: str, slug: str, height: int, theme: str | Mapping[str, Any]
) -> EmbeddedPage:
    from worldkit.widgets.embedded_page import EmbeddedPage

    return EmbeddedPage(
        get_token, host=host, slug=slug, height=height, theme=theme if isinstance(theme, Mapping) else {}
    )


def _tokens(token: str | None, get_token: Callable[[], str] | None) -> Callable[[str], str]:
    """Return what answers a page that asks for a token: first the one that is there, then new ones."""
    first = [] if token is None else [token]

    def next_token(_: str) -> str:
        if first:
            return first.pop()
        if get_token is None:
            raise WorldError("the session token is used up; pass get_token= to renew it")
        return get_token()

    return next_token


def _stored(world: object) -> StoredWorld | None:
    if "worldkit.stores" not in sys.modules:
        return None
    from worldkit.stores import StoredWorld

    return world if isinstance(world, StoredWorld) else None
