"""A picture of a position as an array: what is stored for the state, else a computed picture of its prompt."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING, Any

from worldkit.core.errors import MissingExtra
from worldkit.illustration.picture import own_picture, stored_picture
from worldkit.painting.moving_picture import HEIGHT, WIDTH, MovingPicture
from worldkit.playing.session import Session

if TYPE_CHECKING:
    import numpy as np


def picture_array(session: Session) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Return a picture of where a session stands: height, width, and red, green and blue from 0 to 255.

    Args:
        session: The session.

    Raises:
        MissingExtra: Pillow is missing.
    """
    import numpy as np

    try:
        from PIL import Image
    except ImportError:
        raise MissingExtra('render_mode="rgb_array"', "live", "pillow") from None
    stored = stored_picture(session.world, session.state)
    own = own_picture(session.world, session.state)
    source = stored[0] if stored else own[1] if own else ""
    if source:
        picture = Image.open(io.BytesIO(base64.b64decode(source.partition(",")[2]))).convert("RGB")
        picture = picture.resize((WIDTH, HEIGHT))
    else:
        picture = MovingPicture(session.prompt_now).image()
    return np.asarray(picture, dtype=np.uint8).copy()
