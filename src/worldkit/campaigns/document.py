"""Campaigns: worlds as the acts of a larger story, and the edges from act to act (docs/spec/rules.md).

A campaign is a value like a world. It names worlds by id and does not contain them; a caller that lints it passes
them. This module says which edge is taken, and with which flags; ``session`` plays across acts.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal, Self

from pydantic import Field, PrivateAttr, ValidationError

from worldkit.core import json_values
from worldkit.core.argument_checks import checked_methods
from worldkit.core.diagnostics import Diagnostic, Diagnostics, make_diagnostic
from worldkit.core.errors import InvalidWorld, Problem
from worldkit.core.files import read_bytes
from worldkit.core.json_values import Json, deep_copy, quote
from worldkit.core.model import Number, OptionalNotNull, Part, Switch, Text, Texts
from worldkit.core.problems import problems, validate
from worldkit.ruleset.index import repeated_indices
from worldkit.ruleset.rules import Found, Rule, rule
from worldkit.world import World
from worldkit.world import load as load_world


class Act(Part):
    """One world of a campaign."""

    act_id: Text
    world_id: Text
    title: Text
    canonical: Switch
    summary: OptionalNotNull[Text] = None


class Exit(Part):
    """The state of an act that an edge leaves from."""

    act_id: Text
    state: Text


class Arrival(Part):
    """The act an edge leads to, and where in it when that is not its entrance."""

    act_id: Text
    entrance: OptionalNotNull[Text] = None


class Edge(Part):
    """A way from a state of one act into another act, or out of the story when ``to`` is null."""

    from_: Exit = Field(alias="from")
    to: Arrival | None
    kind: Literal["golden", "deviation", "recombine", "loop"]
    carry_flags: OptionalNotNull[Texts] = None
    requires_flag: OptionalNotNull[Text] = None
    label: OptionalNotNull[Text] = None


@checked_methods
class Campaign(Part):
    """A graph of acts; unknown fields are kept.

    It is read in either of two forms: the graph alone with an id and a title, or a record of the vendor,
    ``{"id", "title", "graph", "acts"}``, which holds the worlds of its acts too.

    Attributes:
        id: Its id.
        title: Its title.
        logline: The story in one sentence.
        est_duration_min: How many minutes it takes.
        start: The act that is played first.
        acts: The acts.
        edges: The ways between them, in order of preference among equals.
        golden_thread: The acts of the main line, in order, when the author wrote it down.

    Example:
        >>> campaign = wk.Campaign.from_dict({
        ...     "start": "a",
        ...     "acts": [{"actId": "a", "worldId": "w", "title": "Act one", "canonical": True}],
        ...     "edges": [],
        ... })
        >>> campaign.lint({"w": world})
        warning act[a].worldId: the world found for "w" has the id "bench"; see if it is the rig...
        >>> list(campaign.acts_by_id)
        ['a']
    """

    id: OptionalNotNull[Text] = None
    title: OptionalNotNull[Text] = None
    logline: OptionalNotNull[Text] = None
    est_duration_min: OptionalNotNull[Number] = None
    start: Text
    acts: tuple[Act, ...]
    edges: tuple[Edge, ...]
    golden_thread: OptionalNotNull[Texts] = None
    _record: Json | None = PrivateAttr(None)
    _worlds: Mapping[str, World] = PrivateAttr(default_factory=dict)

    @classmethod
    def load(cls, source: str | os.PathLike[str] | Mapping[str, Any]) -> Self:
        """Read a campaign from a file, JSON text or a dict.

        Args:
            source: A path, JSON text, or the campaign as JSON values.

        Raises:
            InvalidWorld: With every problem and its path.
            FileError: The file cannot be read.

        Example:
            >>> wk.Campaign.load('{"start": "a", "acts": [], "edges": []}').start
            'a'
        """
        if isinstance(source, Mapping):
            return cls.from_dict(source)
        if isinstance(source, str) and source.lstrip()[:1] == "{":
            return cls.from_dict(_object(json_values.parse(source, "the campaign"), "the campaign"))
        name = os.fspath(source)
        return cls.from_dict(_object(json_values.parse(read_bytes(source), name), name), source=name)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], *, source: str = "the campaign") -> Self:
        """Read a campaign.

        Args:
            data: The campaign as JSON values: a graph, or a record that holds one.
            source: What to call it in an error.

        Raises:
            InvalidWorld: With every problem and its path.

        Example:
            >>> act = {"actId": "first", "worldId": "bench", "title": "The first evening", "canonical": True}
            >>> campaign = wk.Campaign.from_dict({"start": "first", "acts": [act], "edges": []})
            >>> wk.CampaignSession(campaign, {"bench": world}).act
            'first'
        """
        json_values.check_json(dict(data), source)
        if "graph" in data:
            return cls._from_record(json_values.deep_copy(dict(data)), source)
        try:
            return validate(cls, json_values.deep_copy(dict(data)))
        except ValidationError as error:
            raise InvalidWorld(problems(error), source) from None

    @classmethod
    def _from_record(cls, record: Json, source: str) -> Self:
        wrong: list[Problem] = []
        graph, acts = record["graph"], record.get("acts", {})
        for key, value in (("graph", graph), ("acts", acts)):
            if not isinstance(value, dict):
                wrong.append(Problem(key, f"expected an object, got {quote(value)}"))
        if wrong:
            raise InvalidWorld(wrong, source)
        worlds: dict[str, World] = {}
        for id, document in acts.items():
            try:
                worlds[id] = load_world(document if isinstance(document, dict) else {"": document})
            except InvalidWorld as error:
                wrong += [
                    Problem(f"acts.{id}.{problem.path}".rstrip("."), problem.message) for problem in error.problems
                ]
        own = {key: record[key] for key in _OF_RECORD if key in record}
        try:
            campaign = validate(cls, {**graph, **own})
        except ValidationError as error:
            wrong += [_in_graph(problem) for problem in problems(error)]
        if wrong:
            raise InvalidWorld(wrong, source)
        campaign._record, campaign._worlds = record, MappingProxyType(worlds)  # noqa: SLF001  # its own class
        return campaign

    def to_dict(self) -> Json:
        """Return the campaign as JSON values, in the form in which it was read."""
        if self._record is not None:
            record: Json = deep_copy(self._record)
            return record
        return self.model_dump(mode="json", exclude_unset=True)

    @property
    def worlds(self) -> Mapping[str, World]:
        """The worlds that the campaign holds itself, by the id of their act."""
        return self._worlds

    @cached_property
    def acts_by_id(self) -> Mapping[str, Act]:
        """The acts by id; of two with one id, the first."""
        acts: dict[str, Act] = {}
        for act in self.acts:
            acts.setdefault(act.act_id, act)
        return acts

    def lint(self, worlds: Mapping[str, World] | None = None) -> Diagnostics:
        """Return what the campaign rules find.

        Args:
            worlds: The worlds by id; an act whose world is neither among them nor in the campaign is an error.

        Example:
            >>> campaign.lint(worlds)
            no diagnostics
            >>> print(campaign.lint({})[0])
            error   act[first].worldId: its world "bench" is not here; add it, or name another [act-has-world]
        """
        scope = Scope(self, worlds or {})
        rules = (*CAMPAIGN_RULES.values(), act_world_id)
        return Diagnostics(diagnostic for rule in rules for diagnostic in rule.diagnose(scope))

    def notes(self, worlds: Mapping[str, World] | None = None) -> Diagnostics:
        """Return what may surprise: edges never looked at, and edges that the hosted player takes otherwise.

        An edge from the entrance of its act is never looked at. An edge that requires a flag is taken here when the
        flag is held; the hosted player asks whether it was carried into the act (docs/spec/rules.md#campaigns).

        Args:
            worlds: The worlds by id, except those that the campaign holds itself.

        Example:
            >>> data = campaign.to_dict()
            >>> data["edges"][0]["from"]["state"] = "lane"
            >>> print(wk.Campaign.from_dict(data).notes(worlds))
            info    edge[0].from.state: it leaves from "lane", where the act begins, and is never looked at there ...
        """
        return Diagnostics(_notes(Scope(self, worlds or {})))


def _notes(scope: Scope) -> Iterator[Diagnostic]:
    for number, edge in enumerate(scope.edges):
        act = edge.from_.act_id
        world = scope.world(act)
        if world is None:
            continue
        if edge.from_.state == world.start:
            message = f"it leaves from {quote(world.start)}, where the act begins, and is never looked at there"
            yield make_diagnostic("edge-at-entrance", "info", message, "edge", str(number), "from.state")
        flag = edge.requires_flag
        ways_in = [other for other in scope.edges if other.to is not None and other.to.act_id == act]
        is_granted = any(flag in (event.grants or ()) for event in world.events)
        is_carried = bool(ways_in) and all(flag in (other.carry_flags or ()) for other in ways_in)
        if flag is not None and is_granted and (not is_carried or act == scope.campaign.start):
            message = (
                f"it requires {quote(flag)}, which is granted in the act itself; the hosted player takes it only when "
                "the flag was carried into the act"
            )
            yield make_diagnostic("flag-not-carried", "info", message, "edge", str(number), "requiresFlag")


def next_edge(campaign: Campaign, act_id: str, state: str, flags: Collection[str]) -> Edge | None:
    """Return the edge taken on entering a state of an act.

    Of the edges whose flag is held, or that need none, a golden one goes first, then one that needed
    a flag, then the first.

    Args:
        campaign: The campaign.
        act_id: The act being played.
        state: The state entered.
        flags: The flags held.
    """
    eligible = [
        edge
        for edge in campaign.edges
        if edge.from_.act_id == act_id
        and edge.from_.state == state
        and (edge.requires_flag is None or edge.requires_flag in flags)
    ]
    return min(eligible, key=lambda edge: (edge.kind != "golden", edge.requires_flag is None), default=None)


_OF_RECORD = ("id", "title", "logline", "estDurationMin")
"""The fields of a record that are not in its graph."""


def _object(value: Any, source: str) -> Json:
    if not isinstance(value, dict):
        raise InvalidWorld([Problem("", f"expected a campaign, an object, got {quote(value)}")], source)
    return value


def _in_graph(problem: Problem) -> Problem:
    inside = problem.path.split(".")[0].split("[")[0] not in _OF_RECORD
    return Problem(f"graph.{problem.path}", problem.message) if inside else problem


class Scope:
    """A campaign with the worlds it is judged with.

    Args:
        campaign: The campaign.
        worlds: The worlds by id.
    """

    def __init__(self, campaign: Campaign, worlds: Mapping[str, World]) -> None:
        self.campaign = campaign
        self.acts = campaign.acts_by_id
        self.edges = campaign.edges
        self.worlds = worlds

    def world(self, act_id: str) -> World | None:
        """Return the world of an act, if both are known: the campaign's own, else the one of its ``worldId``."""
        act = self.acts.get(act_id)
        if act is not None and act_id in self.campaign.worlds:
            return self.campaign.worlds[act_id]
        return self.worlds.get(act.world_id) if act is not None else None

    def targets(self, golden: bool = False) -> dict[str, list[str]]:
        """Return the acts that edges (golden ones only) lead to, by the act they leave."""
        targets: dict[str, list[str]] = {}
        for edge in self.edges:
            if edge.to is not None and edge.to.act_id in self.acts and (edge.kind == "golden" or not golden):
                targets.setdefault(edge.from_.act_id, []).append(edge.to.act_id)
        return targets

    def reached(self, golden: bool = False) -> dict[str, None]:
        """Return the acts that edges (golden ones only) lead to from the start, the start included."""
        if self.campaign.start not in self.acts:
            return {}
        targets = self.targets(golden)
        acts_in_reach, waiting = {self.campaign.start: None}, [self.campaign.start]
        while waiting:
            for target in targets.get(waiting.pop(), ()):
                if target not in acts_in_reach:
                    acts_in_reach[target] = None
                    waiting.append(target)
        return acts_in_reach


@rule(
    "dangling-edge",
    "error",
    "An edge to no act",
    "The start, or one end of an edge, names an act that the campaign does not have. Name one that it has.",
)
def dangling_edge(scope: Scope) -> Iterator[Found]:
    """The start, or an edge's ``from`` or ``to``, names no act."""
    start = scope.campaign.start
    if start not in scope.acts:
        yield Found(f"it starts in {quote(start)}, which is no act; name one that exists", "world", field="start")
    for number, edge in enumerate(scope.edges):
        for field, id in (("from", edge.from_.act_id), ("to", edge.to.act_id if edge.to else None)):
            if id is not None and id not in scope.acts:
                message = f"it names the act {quote(id)}, which does not exist; name one that does"
                yield Found(message, "edge", str(number), f"{field}.actId")


@rule(
    "exit-state-exists",
    "error",
    "An edge from no state",
    "An edge leaves from a state, or arrives at one, that the act's world does not have. Name a state of that world.",
)
def exit_state_exists(scope: Scope) -> Iterator[Found]:
    """An edge's exit state, or the entrance it arrives at, is not in the act's world."""
    for number, edge in enumerate(scope.edges):
        ends = [("from", edge.from_.act_id, "state", edge.from_.state)]
        if edge.to is not None and edge.to.entrance is not None:
            ends.append(("to", edge.to.act_id, "entrance", edge.to.entrance))
        for end, act_id, field, state in ends:
            world = scope.world(act_id)
            if world is not None and state not in world.states:
                message = f"{quote(state)} is no state of the world of act {quote(act_id)}; name one that is"
                yield Found(message, "edge", str(number), f"{end}.{field}")


@rule(
    "act-has-world",
    "error",
    "An act without its world",
    "The act names a world that is not here, so that it cannot be played. Add the world, or name another. A world of "
    "another id than the act names is a warning: check that it is the right one.",
)
def act_has_world(scope: Scope) -> Iterator[Found]:
    """An act's world is missing."""
    for act in scope.campaign.acts:
        if scope.world(act.act_id) is None:
            message = f"its world {quote(act.world_id)} is not here; add it, or name another"
            yield Found(message, "act", act.act_id, "worldId")


@rule(
    "unreachable-act",
    "error",
    "No edge leads here",
    "No chain of edges leads from the start to this act, so that nobody will play it. Add an edge, or drop the act.",
)
def unreachable_act(scope: Scope) -> Iterator[Found]:
    """No chain of edges leads from the start to an act."""
    acts_in_reach = scope.reached()
    for act in scope.campaign.acts:
        if act.act_id not in acts_in_reach and scope.campaign.start in scope.acts:
            yield Found("no chain of edges leads here from the start; add one, or drop it", "act", act.act_id)


@rule(
    "golden-thread",
    "error",
    "The main line does not end in a win",
    "Following golden edges from the start leads to no act that ends the story with a win. Lead the golden edges to an "
    "act whose world has a win, and from which no golden edge goes on.",
)
def golden_thread(scope: Scope) -> Iterator[Found]:
    """The golden edges do not lead from the start to a last act with a win, or not along ``goldenThread``."""
    if scope.campaign.start not in scope.acts:
        return
    leaving = {edge.from_.act_id for edge in scope.edges if edge.kind == "golden"}
    last = [id for id in scope.reached(golden=True) if id not in leaving]
    if not any(_has_win(scope.world(id)) for id in last):
        message = "the golden edges lead from the start to no last act with a win; lead them to one"
        yield Found(message, "world", field="goldenThread")
    thread = scope.campaign.golden_thread or ()
    targets = {id: frozenset(leads_to) for id, leads_to in scope.targets(golden=True).items()}
    for number, id in enumerate(thread):
        before = thread[number - 1] if number else None
        if id not in (targets.get(before, ()) if before is not None else (scope.campaign.start,)):
            follows = f"no golden edge leads to from {quote(before)}" if before is not None else "is not the start"
            message = (
                f"the golden thread names {quote(id)}, which {follows}; name the acts the golden edges lead through"
            )
            yield Found(message, "world", field=f"goldenThread[{number}]")


def _has_win(world: World | None) -> bool:
    states = world.states.values() if world is not None else ()
    return any(state.ending is not None and state.ending.kind == "win" for state in states)


@rule(
    "loop-terminates",
    "error",
    "A loop without a way out",
    "A loop leads back into an act that was played, and must bring along a flag that opens a new way out of it, or the "
    "story goes round for ever. Let it carry a flag that an edge out of that act requires.",
)
def loop_terminates(scope: Scope) -> Iterator[Found]:
    """A loop carries no flag that gates another exit of the act it leads back to."""
    gates: dict[str, set[str | None]] = {}
    for edge in scope.edges:
        if edge.kind != "loop":
            gates.setdefault(edge.from_.act_id, set()).add(edge.requires_flag)
    for number, edge in enumerate(scope.edges):
        if edge.kind == "loop" and edge.to is not None:
            back = edge.to.act_id
            if gates.get(back, set()).isdisjoint(edge.carry_flags or ()):
                message = f"it carries no flag that a way out of {quote(back)} requires; let it carry one"
                yield Found(message, "edge", str(number), "carryFlags")


@rule(
    "act-has-world",
    "warning",
    "An act's world calls itself otherwise",
    "The world found for this act has another id of its own. Check that it is the right one.",
)
def act_world_id(scope: Scope) -> Iterator[Found]:
    """The world of an act has another id."""
    for act in scope.campaign.acts:
        world = scope.world(act.act_id)
        if world is not None and world.id is not None and world.id != act.world_id:
            message = (
                f"the world found for {quote(act.world_id)} has the id {quote(world.id)}; see if it is the right one"
            )
            yield Found(message, "act", act.act_id, "worldId")


@rule(
    "duplicate-act",
    "error",
    "Two acts share an id",
    "Edges find an act by its id, and two have this one, so that the later one is never played. Give each its own.",
)
def duplicate_act(scope: Scope) -> Iterator[Found]:
    """Two acts share an id."""
    ids = [act.act_id for act in scope.campaign.acts]
    for number in repeated_indices(ids):
        message = f"act number {number + 1} has the id of one before it, {quote(ids[number])}; rename one"
        yield Found(message, "act", ids[number], "actId")


CAMPAIGN_RULES: Mapping[str, Rule[Scope]] = MappingProxyType(
    {
        rule.id: rule
        for rule in (
            dangling_edge,
            exit_state_exists,
            act_has_world,
            unreachable_act,
            golden_thread,
            loop_terminates,
            duplicate_act,
        )
    }
)
"""Every campaign rule by its id, in the order they report in; ``act_world_id`` shares the id of ``act_has_world``."""
