"""``CampaignPlayer``: plays a campaign in a cell: the act being played, the map of the acts, and each hand-over."""

from __future__ import annotations

from os import PathLike
from typing import Any, NamedTuple, NoReturn

import traitlets

from worldkit.campaigns import ActEvent, CampaignSession
from worldkit.campaigns.act_map import act_map, act_world
from worldkit.campaigns.session import last_undo_point, rules_of
from worldkit.core.argument_checks import checked_methods
from worldkit.core.diagnostics import Diagnostics
from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json
from worldkit.painting.recording.form import MAX_BYTES
from worldkit.painting.recording.recorder import FPS
from worldkit.playing import Session
from worldkit.playing.notices import notices_since
from worldkit.playing.session_view import run_of
from worldkit.playing.subscriptions import SessionEvent
from worldkit.widgets import display, protocol
from worldkit.widgets.player import CLIP_TOPICS, Player
from worldkit.widgets.player_actions import Notice, info_notice
from worldkit.widgets.player_controller import REFRESHING_TOPICS
from worldkit.world import World


class _Press(NamedTuple):
    """What a press did: the depth of undo before and after it, and the last thing of it that can be undone."""

    depth_before: int
    depth_after: int
    last_point: object


@checked_methods
class CampaignPlayer(Player):
    """The player of a campaign in a notebook cell; show it by naming it on a cell's last line.

    Attributes:
        campaign_session: The run under it. Firing and waiting there shows at once.
        session: The session of the act being played, to be looked at: what is fired there takes no edge.

    Args:
        session: The run to show.
        blocked: Errors of the campaign or of its worlds that keep it from being played until the player insists.
        height: Height in pixels.
        theme: ``"auto"`` follows the notebook.

    Example:
        >>> campaign = wk.Campaign.from_dict({
        ...     "start": "a",
        ...     "acts": [{"actId": "a", "worldId": "w", "title": "Act one", "canonical": True}],
        ...     "edges": [],
        ... })
        >>> wk.play(wk.CampaignSession(campaign, {"w": world}))
        CampaignPlayer of 'Untitled campaign', act 'a', in 'lane', 0 ms
    """

    _user_name = "CampaignPlayer"

    _types_actions = False

    def __init__(
        self,
        session: CampaignSession,
        *,
        blocked: Diagnostics | None = None,
        height: int = 560,
        theme: str = "auto",
    ) -> None:
        self.campaign_session = session
        self._map = act_map(session.campaign)
        self._hand_over: Json | None = None
        self._presses: list[_Press] = []
        self._unsubscribes = (
            *(session.on(topic, self._on_event) for topic in (*REFRESHING_TOPICS, "act", "rewind")),
            *(session.on(topic, self._show_clip) for topic in CLIP_TOPICS),
        )
        super().__init__(session.act_session, blocked=blocked, height=height, theme=theme)
        self._tools_allowed = False
        self._show(())

    def record(self, folder: str | PathLike[str], *, fps: float = FPS, max_bytes: int = MAX_BYTES) -> NoReturn:
        """Refuse: a recording holds the run of one world.

        Args:
            folder: Not used.
            fps: Not used.
            max_bytes: Not used.

        Raises:
            WorldError: Always.

        Example:
            >>> campaign = wk.Campaign.from_dict({
            ...     "start": "a",
            ...     "acts": [{"actId": "a", "worldId": "w", "title": "Act one", "canonical": True}],
            ...     "edges": [],
            ... })
            >>> wk.play(wk.CampaignSession(campaign, {"w": world})).record("saga.recording")
            Traceback (most recent call last):
            ...
            worldkit.core.errors.WorldError: a recording holds the run of one world; keep session.trace of the ...
        """
        raise WorldError(
            "a recording holds the run of one world; keep session.trace of the campaign's session, and replay it with "
            "replay_campaign"
        )

    def __repr__(self) -> str:
        story = self.campaign_session
        name = story.campaign.title or story.campaign.id or "Untitled campaign"
        state_text = "complete" if story.complete else f"act {story.act!r}, in {story.state!r}"
        return f"CampaignPlayer of {name!r}, {state_text}, {story.clock} ms"

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, Any], dict[str, Any]]:
        picture = display.picture(act_world(self.campaign_session.campaign))
        return display.mimebundle(self.model_id, repr(self), picture), {}

    # ---- inside --------------------------------------------------------------------------------

    @traitlets.validate("state")
    def _check_state(self, proposal: Any) -> str:
        state: str = proposal["value"]
        if state != self.session.state:
            raise traitlets.TraitError(
                "a campaign is played from act to act; begin elsewhere with CampaignSession(at=...)"
            )
        return state

    def _use_session(self, session: Session) -> None:
        self.session, self._driver = session, None
        self._moment, self._failures = run_of(session).now, []

    def _world_of(self, event: SessionEvent) -> World:
        story = self.campaign_session
        if isinstance(event, ActEvent) and event.act != story.act:  # what led out of an act is told in the next one
            return rules_of(story).worlds[event.act]
        return story.act_session.world

    def _on_event(self, event: Any) -> None:
        if event.topic == "land":
            self._hand_over = None
        if isinstance(event, ActEvent) and event.topic in ("act", "rewind"):
            title = self.campaign_session.campaign.acts_by_id[event.act].title
            text = event.text if event.topic == "rewind" else (event.edge.label if event.edge else None) or ""
            self._hand_over = {"kind": event.topic, "title": title, "text": text, "flags": list(event.flags)}
        super()._on_event(event)

    def _new_notices(self) -> list[dict[str, str]]:
        notices = notices_since(self.session, self._moment)
        session = self.campaign_session.act_session
        if session is not self.session:
            self.session = session
            notices += notices_since(session, run_of(session).now.checkpoints()[0])
        self._moment = run_of(session).now
        return notices

    def _act(self, act: protocol.Act, who: protocol.Echo) -> None:
        if act.action in ("run", "tick"):
            raise WorldError("a campaign has no running clock; let time pass with wait")
        super()._act(act, who)

    def _apply(self, act: protocol.Act) -> list[Notice]:
        story = self.campaign_session
        self._hand_over = None
        if act.action == "undo":
            return self._undo_whole()
        depth = story.undo_depth
        try:
            return self._do(act)
        finally:
            if story.undo_depth > depth:
                self._presses.append(_Press(depth, story.undo_depth, last_undo_point(story)))

    def _do(self, act: protocol.Act) -> list[Notice]:
        story = self.campaign_session
        match act:
            case protocol.Fire(event=event):
                story.fire(event)
            case protocol.PassTime(ms=ms, forward=forward):
                story.travel(ms) if forward else story.wait(ms)
            case protocol.Ask(text=text):
                story.ask(text)
            case protocol.Jump(to=to):
                story.jump(len(story.trail) - len(self.session.trail) + to)
                return [info_notice(f"Back in {story.state}.")]
            case protocol.Press(action="retry"):
                story.restart()
                return [info_notice("The campaign starts again.")]
            case protocol.Press(action="restart"):
                story.rewind()
                return [info_notice(f"{story.title} starts again.")]
            case protocol.Press(action="close_terminal"):
                story.close_terminal()
            case _:
                raise WorldError("a campaign is played at once, act by act; play its world alone to try that")
        return []

    def _undo_whole(self) -> list[Notice]:
        """Take back what was done last: a press here with all that handlers did in answer, or one thing of Python."""
        story = self.campaign_session
        press = self._take_last_press()
        story.undo(1 if press is None else press.depth_after - press.depth_before)
        return [info_notice(f"Undone. You are in {story.state}, {story.title}.")]

    def _take_last_press(self) -> _Press | None:
        """Return the last press, if nothing was done since it; forget it, and those that Python went back behind."""
        depth, point = self.campaign_session.undo_depth, last_undo_point(self.campaign_session)
        while self._presses and self._presses[-1].depth_after >= depth:
            press = self._presses.pop()
            if press.depth_after == depth and press.last_point is point:
                return press
        return None

    def _open(self, text: str) -> None:
        raise WorldError("a saved run of one world cannot be opened in a campaign; use replay_campaign")

    def _more(self) -> Json:
        story = self.campaign_session
        begun_acts, edge_numbers = story.acts, {segment.edge for segment in story.trace.segments}
        acts = [
            {
                "id": id,
                "title": act.title,
                "summary": act.summary or "",
                "x": card.x,
                "y": card.y,
                "lines": list(card.lines),
                "size": card.size,
                "status": "here" if id == story.act else "played" if id in begun_acts else "ahead",
                "begun": begun_acts.count(id),
            }
            for id, card in self._map.cards.items()
            for act in [story.campaign.acts_by_id[id]]
        ]
        edges = [
            {
                "d": line.d,
                "head": line.head,
                "kind": story.campaign.edges[number].kind,
                "label": story.campaign.edges[number].label or "",
                "taken": number in edge_numbers,
            }
            for number, line in self._map.lines.items()
        ]
        info: Json = {
            "title": story.campaign.title or story.campaign.id or "Campaign",
            "act": story.title,
            "number": len(set(begun_acts)),
            "deadEnds": story.dead_ends,
            "acts": acts,
            "edges": edges,
            "box": list(self._map.box),
            "card": list(self._map.card),
            "handOver": self._hand_over,
        }
        return {"campaign": info, "canUndo": story.can_undo, "clock": story.clock}
