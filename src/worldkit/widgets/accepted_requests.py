"""``AcceptedRequests``: the requests that were carried out last, so that one that is sent again is not done twice."""

from __future__ import annotations

from worldkit.core.json_values import Json
from worldkit.widgets.protocol import Address
from worldkit.widgets.protocol.common import Echo

MOST = 64
"""So many are remembered. A view has one change under way, and sends it again before the next."""


class AcceptedRequests:
    """The replies to the requests that were carried out last, by who sent them.

    A reply can be lost on its way, so that a view does not know whether its request was carried out; it then sends the
    request again, marked as that.
    """

    def __init__(self) -> None:
        self._replies: dict[tuple[Echo, Echo], Json] = {}

    def add(self, to: Address, reply: Json) -> None:
        """Remember the reply to a request, if it was carried out.

        Args:
            to: Who sent the request.
            reply: The reply.
        """
        if to.id is None or reply["type"] != "accepted":
            return
        self._replies.pop((to.view, to.id), None)
        self._replies[to.view, to.id] = reply
        if len(self._replies) > MOST:
            del self._replies[next(iter(self._replies))]

    def reply_again(self, to: Address) -> Json | None:
        """Return the reply to a request that is sent again; None when it is to be carried out.

        Args:
            to: Who sent the request.
        """
        return self._replies.get((to.view, to.id)) if to.again else None
