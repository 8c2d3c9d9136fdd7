"""A picture of a position as an array: what is stored for the state, else a computed picture of its prompt."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from worldkit.core.errors import MissingExtra
from worldkit.illustration.picture import own_picture, stored_picture
from worldkit.painting.looks import decoded
from worldkit.painting.moving_picture import HEIGHT, WIDTH, MovingPicture
from worldkit.painting.painter import Frame
from worldkit.playing.session import Session

if TYPE_CHECKING:
    import numpy as np
    from PIL.Image import Image


def picture_array(session: Session) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Return a picture of where a session stands: height, width, and red, green and blue from 0 to 255.

    Args:
        session: The session.

    Raises:
        MissingExtra: Pillow is missing.
    """
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
