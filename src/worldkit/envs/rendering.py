"""What an episode shows: its text, or a picture as an array, stored for the state or computed of its prompt."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any, Literal

from worldkit.core.argument_checks import refusal
from worldkit.core.errors import MissingExtra
from worldkit.envs.episode import Episode
from worldkit.illustration.picture import own_picture, stored_picture
from worldkit.painting.looks import decoded
from worldkit.painting.moving_picture import HEIGHT, WIDTH, MovingPicture
from worldkit.painting.painter import Frame
from worldkit.playing.session import Session

if TYPE_CHECKING:
    import numpy as np
    from PIL.Image import Image


RenderMode = Literal["ansi", "rgb_array"]

RENDER_METADATA: dict[str, Any] = {"render_modes": ["ansi", "rgb_array"], "render_fps": 2}
"""What the metadata of an environment say of renderings."""


def check_render_mode(render_mode: str | None) -> None:
    """Refuse a mode that there is not.

    Raises:
        WrongArgument: It is none of ``RENDER_METADATA``.
    """
    if render_mode is not None and render_mode not in RENDER_METADATA["render_modes"]:
        raise refusal("render_mode", '"ansi", "rgb_array" or None', render_mode)


def rendering(episode: Episode, render_mode: str | None) -> Any:
    """Return what an episode shows: a text, an array of pixels, or None without a mode.

    Raises:
        MissingExtra: Pillow is missing, for a picture.
    """
    if render_mode == "ansi":
        return episode.text()
    return _picture_array(episode.session) if render_mode == "rgb_array" else None


def _picture_array(session: Session) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Return a picture of where a session stands: height, width, and red, green and blue from 0 to 255."""
    import numpy as np

    try:
        picture = _picture_of_state(session) or MovingPicture(session.prompt_now).image()
    except ImportError:
        raise MissingExtra('render_mode="rgb_array"', "live", "pillow") from None
    return np.asarray(picture, dtype=np.uint8).copy()


def _picture_of_state(session: Session) -> Image | None:
    """Return the picture that is stored for a state; None without one, or when it cannot be decoded."""
    state_picture = stored_picture(session.world, session.state)
    own = own_picture(session.world, session.state)
    source = state_picture[0] if state_picture else own[1] if own else ""
    try:
        data = base64.b64decode(source.partition(",")[2])
        return decoded(Frame(data)).convert("RGB").resize((WIDTH, HEIGHT))
    except ValueError:
        return None
