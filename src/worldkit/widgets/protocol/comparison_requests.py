"""What the browser may ask of a comparison: one model for each request, and a union of them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from worldkit.widgets.protocol.request_parts import MAX_RESULT_LENGTH, Hello, Index, Request, Side


class FieldsOf(Request):
    """Ask a comparison what differs in one of its changes."""

    type: Literal["fields"]
    change: Index


class ChangePicturesOf(Request):
    """Ask a comparison how a state that differs looks in both worlds."""

    type: Literal["change_pictures"]
    change: Index


class PlayOf(Request):
    """Ask a comparison what the edit did to play."""

    type: Literal["play"]


class Resolve(Request):
    """Decide a conflict of a merge for a side."""

    type: Literal["resolve"]
    conflict: Index
    side: Side


class WriteResult(Request):
    """Decide a conflict of a merge for a text of one's own, in the form that its result has."""

    type: Literal["write"]
    conflict: Index
    text: Annotated[str, Field(max_length=MAX_RESULT_LENGTH)]


class Accept(Request):
    """Apply the revision that is shown to the editor of its world."""

    type: Literal["accept"]


CompareRequest = Hello | FieldsOf | ChangePicturesOf | PlayOf | Resolve | WriteResult | Accept
