"""``RevisionView``: what a revision changes, its instruction, what was done for it, and a way to accept it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import traitlets

from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json, escape_unprintable
from worldkit.widgets import protocol
from worldkit.widgets.comparison import Comparison
from worldkit.widgets.open_editors import editor_of

if TYPE_CHECKING:
    from worldkit.generation.revision.revision import Revision


class RevisionView(Comparison):
    """The comparison of a revision; accepting it applies it in the editor of its world."""

    _user_name = "Comparison"

    proposal: Any = traitlets.Dict().tag(sync=True)

    def __init__(self, revision: Revision) -> None:
        self._revision = revision
        super().__init__(revision.before, revision.world)
        instructions = "; ".join(turn.instruction for turn in revision.turns)
        words = {"instruction": escape_unprintable(instructions), "reply": escape_unprintable(revision.reply)}
        self.proposal = {**words, "isAccepted": False}

    def _html_in_front(self) -> str:
        """Return what was asked for and done, and what it does to play."""
        play = self._revision.diff.play.sentences if self._revision.diff.play is not None else ()
        lines = "".join(f"<li>{escape(escape_unprintable(line))}</li>" for line in (*self._revision.reach, *play))
        question = f"<p>“{escape(self.proposal['instruction'])}”</p>" if self.proposal["instruction"] else ""
        reply = escape(self.proposal["reply"])
        return f"<div style='margin:0 0 12px'>{question}<p><b>{reply}</b></p><ul>{lines}</ul></div>"

    def _answer(self, request: protocol.CompareRequest, to: protocol.Address) -> Json:
        if not isinstance(request, protocol.Accept):
            return super()._answer(request, to)
        if self.proposal["isAccepted"]:
            raise WorldError("this revision was accepted already")
        editor = editor_of(self.a)
        if editor is None:
            raise WorldError("no editor of this world is open; run wk.edit(world) first, or go on with revision.world")
        if editor.read_only:
            raise WorldError("the editor of this world is read-only")
        editor.apply(self._revision.ops)
        self.proposal = {**self.proposal, "isAccepted": True}
        return protocol.reply("accepted", to)
