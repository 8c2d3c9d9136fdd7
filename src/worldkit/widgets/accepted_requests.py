"""``AcceptedRequests``: the requests that were carried out last, so that one that is sent again is not done twice."""

from __future__ import annotations

from typing import Any

from worldkit.core.json_values import Json
from worldkit.widgets.protocol import Address
from worldkit.widgets.protocol.common import Echo

MOST = 16
"""So many are remembered of each view. A view has one change under way, and sends it again before the next."""

MOST_VIEWS = 64
"""Of so many views; those that did nothing for longest are forgotten first."""


class AcceptedRequests:
    """The replies to the requests that were carried out last, by who sent them.

    A reply can be lost on its way, so that a view does not know whether its request was carried out; it then sends the
    request again, marked as that.
    """

    def __init__(self) -> None:
        self._replies: dict[Echo, dict[Echo, Json]] = {}

    def add(self, to: Address, reply: Json) -> None:
        """Remember the reply to a request, if it was carried out."""
        if to.id is None or reply["type"] != "accepted":
            return
        # what was heard last stands last
        replies = self._replies[to.view] = self._replies.pop(to.view, {})
        replies.pop(to.id, None)
        replies[to.id] = reply
        _forget_oldest(replies, MOST)
        _forget_oldest(self._replies, MOST_VIEWS)

    def reply_again(self, to: Address) -> Json | None:
        """Return the reply to a request that is sent again; None when it is to be carried out."""
        return self._replies.get(to.view, {}).get(to.id) if to.again else None


def _forget_oldest(values: dict[Echo, Any], most: int) -> None:
    while len(values) > most:
        del values[next(iter(values))]
