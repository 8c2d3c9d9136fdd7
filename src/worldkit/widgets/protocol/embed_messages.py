"""What the kernel sends to a cell that shows the embed page of a server."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypeAliasType, TypedDict

from worldkit.widgets.protocol.common import message


@message
class TokenGrant(TypedDict):
    """A session token, for the request of that id."""

    type: Literal["token"]
    id: int
    token: str


@message
class TokenRefusal(TypedDict):
    """There is no token for the request of that id."""

    type: Literal["refused"]
    id: int
    message: str


@message
class Destroy(TypedDict):
    """The session is to end."""

    type: Literal["destroy"]


EmbedCellMessage = TypeAliasType("EmbedCellMessage", TokenGrant | TokenRefusal | Destroy)
