"""``CampaignSession``: one run through the acts of a campaign, with the interface of a ``Session``.

What a session shows is in ``CampaignView``; the methods here change it. Nearly every one delegates to ``CampaignRun``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Self, cast, overload

from worldkit.campaigns.act_runs import CAMPAIGN_TOPICS, ActListener
from worldkit.campaigns.act_transition import CampaignPosition, CampaignRules
from worldkit.campaigns.campaign_run import CampaignRun
from worldkit.campaigns.campaign_view import CampaignView
from worldkit.campaigns.document import Campaign
from worldkit.core.argument_checks import checked_methods, refusal
from worldkit.core.errors import WrongArgument
from worldkit.core.json_values import quote
from worldkit.core.quoting import did_you_mean
from worldkit.playing.author_calls import AuthorCalls
from worldkit.playing.clock import checked_ms
from worldkit.playing.console import Voice, plain_voice
from worldkit.playing.offers import Offer
from worldkit.playing.run import Run
from worldkit.playing.subscriptions import L, Listener
from worldkit.playing.topics import limit
from worldkit.playing.trace import Step
from worldkit.world import World


@checked_methods
class CampaignSession(AuthorCalls, CampaignView):
    """A run through a campaign in instant mode: one act after the other, each on its own world.

    When a step lands in a state that an eligible edge leaves from, the next act begins at once. It begins with exactly
    the flags that the edge carries, held or not, and with no one-shot used up. Edges are not checked in the entrance of
    an act, nor in the state where it began. Without a matching edge, a win completes the story; a loss, or a state with
    no way out, is a dead end, and the act begins again. Edges are checked on landing only: a flag granted while the
    player stands in a state opens the edge at the next landing. A sequence is walked to its last state first.

    Args:
        campaign: The campaign.
        worlds: Its worlds by id; left out when the campaign holds them itself, as the vendor's records do.
        seed: Kept in the trace; code that chooses at random for this session seeds its generator with it.
        at: Where to begin instead of the start: a saved position, or its JSON form.
        past_endings: Let play go on where it is over.

    Raises:
        WorldError: An act that edges lead to is missing or has no world to play in; or ``at`` is no position of this
            campaign.

    Example:
        >>> campaign = wk.Campaign.from_dict({
        ...     "start": "first",
        ...     "acts": [
        ...         {"actId": "first", "worldId": "bench", "title": "The first evening", "canonical": True},
        ...         {"actId": "second", "worldId": "bench", "title": "The second evening", "canonical": True},
        ...     ],
        ...     "edges": [
        ...         {"from": {"actId": "first", "state": "two_mittens"}, "to": {"actId": "second"},
        ...          "kind": "golden", "carryFlags": ["mitten"]},
        ...     ],
        ... })
        >>> worlds = {"bench": wk.samples.load("bench")}
        >>> session = wk.CampaignSession(campaign, worlds)
        >>> for event in ("pick_up_the_red_mitten", "walk_up_the_lane", "hold_out_the_mitten"):
        ...     step = session.fire(event)
        >>> session.act, session.state, sorted(session.flags)
        ('second', 'lane', ['mitten'])
    """

    def __init__(
        self,
        campaign: Campaign,
        worlds: Mapping[str, World] | None = None,
        seed: int = 0,
        *,
        at: CampaignPosition | Mapping[str, Any] | str | None = None,
        past_endings: bool = False,
    ) -> None:
        rules = CampaignRules(campaign, worlds)
        self.campaign = campaign
        self.seed = seed
        start = rules.start() if at is None else rules.checked_position(at)
        self._run = CampaignRun(rules, start, seed, past_endings)

    # ---- doing things ------------------------------------------------------------------------

    def fire(self, event: str | Offer) -> Step:
        """Fire an event that is available in this act, hidden or not, or start a sequence.

        Args:
            event: An event's name, ``sequence:<id>``, or an offer.

        Returns:
            The step it made, its times on the act's own clock. The session is then where it led, in the next act if the
            act changed.

        Raises:
            NotAvailable: It cannot be fired here and now; says why, and nothing has changed.

        Example:
            >>> session = wk.CampaignSession(campaign, worlds)
            >>> for event in ("pick_up_the_red_mitten", "walk_up_the_lane", "hold_out_the_mitten"):
            ...     step = session.fire(event)
            >>> step.state, session.act, session.state
            ('two_mittens', 'second', 'lane')
        """
        return self._run.fire(event)

    def wait(self, ms: float) -> tuple[Step, ...]:
        """Let time pass, across acts.

        Args:
            ms: How long, in ms. What comes due fires on the way.

        Returns:
            What fired by itself, its times on the clock of its act.

        Raises:
            WrongArgument: ``ms`` is not a finite number of at least 0.
            WorldError: 10,000 events fired by themselves; the clock stands where it got to.

        Example:
            >>> session = wk.CampaignSession(campaign, worlds)
            >>> session.wait(1500)
            ()
            >>> session.clock
            1500
        """
        return self._run.pass_time(checked_ms(ms), forward=False)

    def travel(self, ms: float) -> tuple[Step, ...]:
        """Let time pass with forward held, so that waypoints come nearer; else like ``wait``.

        Args:
            ms: How long, in ms.

        Example:
            >>> session = wk.CampaignSession(campaign, worlds)
            >>> session.travel(1000)
            ()
            >>> session.clock
            1000
        """
        return self._run.pass_time(checked_ms(ms), forward=True)

    def ask(self, text: str, voice: Voice = plain_voice) -> str:
        """Ask the open console something.

        Args:
            text: The question.
            voice: Who answers; see ``Session.ask``.

        Raises:
            WorldError: No console is open.

        Example:
            >>> desk = wk.Campaign.from_dict({
            ...     "start": "desk",
            ...     "acts": [{"actId": "desk", "worldId": "archive", "title": "The desk", "canonical": True}],
            ...     "edges": [],
            ... })
            >>> at = {"act": "desk", "state": "inquiry_desk"}
            >>> session = wk.CampaignSession(desk, {"archive": wk.samples.load("archive")}, at=at)
            >>> step = session.fire("type_to_the_enquiry_engine")
            >>> session.ask("Hello?", lambda console, question: f"I know {len(console.facts)} things.")
            'I know 2 things.'
        """
        return self._run.ask(text, voice)

    def close_terminal(self) -> Self:
        """Close the console, if one is open. Firing another event closes it too."""
        if self.terminal is not None:
            self._run.push()
            self.act_session.close_terminal()
        return self

    def _change(self, change: Callable[[Run], Step]) -> Step:
        return self._run.change(change)

    @overload
    def on(
        self,
        topic: str,
        listener: ActListener,
        *,
        state: str | Iterable[str] | None = None,
        event: str | Iterable[str] | None = None,
    ) -> Callable[[], None]: ...
    @overload
    def on(
        self,
        topic: str,
        listener: None = None,
        *,
        state: str | Iterable[str] | None = None,
        event: str | Iterable[str] | None = None,
    ) -> Callable[[L], L]: ...
    def on(
        self,
        topic: str,
        listener: ActListener | None = None,
        *,
        state: str | Iterable[str] | None = None,
        event: str | Iterable[str] | None = None,
    ) -> Callable[..., Any]:
        """Subscribe to what happens, in whatever act; without a listener, as a decorator of one. See ``Session.on``.

        Args:
            topic: A topic of ``Session.on``; ``act``: the next act has begun; ``rewind``: a dead end led back; the id
                of an act (heard when it begins), of a state (heard when it is entered), or the name of an event
                (heard when it lands). A topic goes before a name.
            listener: Called with an ``ActEvent`` once the session stands where the event led.
            state: Only what happens in this state, or in one of these, of any act.
            event: Only what belongs to this event, or to one of these.

        Returns:
            With a listener, a function that unsubscribes; without one, a decorator.

        Raises:
            WrongArgument: Nothing has that name.

        Example:
            >>> session = wk.CampaignSession(campaign, worlds)
            >>> @session.on("act")
            ... def greet(event):
            ...     print("Now begins", event.act)
            >>> for event in ("pick_up_the_red_mitten", "walk_up_the_lane", "hold_out_the_mitten"):
            ...     step = session.fire(event)
            Now begins second
        """
        acts = self._run.rules.worlds
        states, events = self._run.first_names()
        topics = {*CAMPAIGN_TOPICS, *acts, *states, *events}
        if topic not in topics:
            words = f"one of {', '.join(CAMPAIGN_TOPICS)}, the id of an act or a state, or the name of an event"
            raise WrongArgument("topic", words, quote(topic) + did_you_mean(topic, topics))
        names = frozenset[str]()
        if topic not in CAMPAIGN_TOPICS:
            names = names.union(states.get(topic, ()), events.get(topic, ()), {topic} & acts.keys())
        only = _first_limit(limit("state", state, states), states), _first_limit(limit("event", event, events), events)
        return self._listen(cast(Listener, listener), topic, names, *only)  # this bus tells ActEvents alone

    # ---- going back --------------------------------------------------------------------------

    @property
    def undo_depth(self) -> int:
        """The number of things done since the session began that can be undone."""
        return len(self._run.undo_stack)

    def undo(self, times: int = 1) -> Self:
        """Undo the last actions, and the changes of acts that they led to.

        Args:
            times: How many.

        Raises:
            WorldError: So much was not done; nothing has changed.

        Example:
            >>> session = wk.CampaignSession(campaign, worlds)
            >>> for event in ("pick_up_the_red_mitten", "walk_up_the_lane", "hold_out_the_mitten"):
            ...     step = session.fire(event)
            >>> session.act, session.undo().act, session.state
            ('second', 'first', 'bench')
        """
        self._check_undo(times)
        self._run.undo(times)
        return self

    def jump(self, to: int) -> Self:
        """Go back to a point of the trail, in whatever act; that can be undone.

        Args:
            to: An index into ``trail``: 0 is the start, -1 where the last step led.

        Raises:
            WrongArgument: The trail has no such point.

        Example:
            >>> session = wk.CampaignSession(campaign, worlds)
            >>> for event in ("pick_up_the_red_mitten", "walk_up_the_lane", "hold_out_the_mitten"):
            ...     step = session.fire(event)
            >>> session.jump(1).act, session.state, sorted(session.flags)
            ('first', 'lane', ['mitten'])
        """
        points = self._points()
        if not -len(points) <= to < len(points):
            raise refusal("to", f"a point of the trail from 0 to {len(points) - 1}", to)
        _, number, mark = points[to]
        self._run.jump(number, mark)
        return self

    def restart(self) -> Self:
        """Begin the campaign again where this session began it; that can be undone.

        Example:
            >>> session = wk.CampaignSession(campaign, worlds)
            >>> for event in ("pick_up_the_red_mitten", "walk_up_the_lane", "hold_out_the_mitten"):
            ...     step = session.fire(event)
            >>> session.act, session.restart().act
            ('second', 'first')
        """
        self._run.restart()
        return self

    def rewind(self) -> Self:
        """Begin this act again in the position in which it began; that can be undone.

        Example:
            >>> session = wk.CampaignSession(campaign, worlds)
            >>> step = session.fire("walk_up_the_lane")
            >>> session.rewind().state
            'lane'
        """
        self._run.rewind()
        return self


def _first_limit(names: frozenset[str] | None, first_names: Mapping[str, frozenset[str]]) -> frozenset[str] | None:
    return None if names is None else frozenset[str]().union(*(first_names[name] for name in names))


def rules_of(session: CampaignSession) -> CampaignRules:
    """Return the campaign with the worlds of its acts, as a session plays it.

    Args:
        session: The session.
    """
    return session._run.rules  # noqa: SLF001  # for what judges the campaign before it is played


def last_undo_point(session: CampaignSession) -> object:
    """Return what stands for the last thing done that can be undone, another object for each; None without one.

    Args:
        session: The session.
    """
    stack = session._run.undo_stack  # noqa: SLF001  # for a player, which undoes several together
    return stack[-1] if stack else None
