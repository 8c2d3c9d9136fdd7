"""``AcceptedRequests``: the requests that were carried out last, so that one that is sent again is not done twice."""

from __future__ import annotations

from worldkit.core.json_values import Json
from worldkit.core.recent_values import RecentValues
from worldkit.widgets.protocol import Address
from worldkit.widgets.protocol.common import Echo

MAX_REPLIES_PER_VIEW = 16
"""So many are remembered of each view. A view has one change under way, and sends it again before the next."""

MAX_VIEWS = 64
"""Of so many views; those that did nothing for longest are forgotten first."""


class AcceptedRequests:
    """The replies to the requests that were carried out last, by who sent them.

    A reply can be lost on its way, so that a view does not know whether its request was carried out; it then sends the
    request again, marked as that.
    """

    def __init__(self) -> None:
        self._views: RecentValues[Echo, RecentValues[Echo, Json]] = RecentValues(MAX_VIEWS)

    def add(self, to: Address, reply: Json) -> None:
        """Remember the reply to a request, if it was carried out."""
        if to.id is not None and reply["type"] == "accepted":
            replies = self._views.get(to.view) or RecentValues(MAX_REPLIES_PER_VIEW)
            replies.put(to.id, reply)
            self._views.put(to.view, replies)

    def reply_again(self, to: Address) -> Json | None:
        """Return the reply to a request that is sent again; None when it is to be carried out."""
        replies = self._views.get(to.view) if to.again else None
        return None if replies is None else replies.get(to.id)
