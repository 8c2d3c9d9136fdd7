"""The lint rules of campaigns (docs/spec/rules.md#campaigns): one rule, one function."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from worldkit.campaigns.campaign_scope import CampaignScope, EdgeEnd
from worldkit.core.diagnostics import Diagnostic, make_diagnostic
from worldkit.core.document import derived
from worldkit.core.json_values import quote
from worldkit.ruleset.index import repeated_indices
from worldkit.ruleset.rules import Found, Rule, rule
from worldkit.world import World


@rule(
    "dangling-edge",
    "error",
    "An edge to no act",
    "The start, or one end of an edge, names an act that the campaign does not have. Name one that it has.",
)
def dangling_edge(scope: CampaignScope) -> Iterator[Found]:
    """The start, or an edge's ``from`` or ``to``, names no act."""
    start = scope.campaign.start
    if start not in scope.acts:
        yield Found(f"it starts in {quote(start)}, which is no act; name one that exists", "world", field="start")
    for end in scope.edge_ends():
        if end.act_id not in scope.acts:
            message = f"it names the act {quote(end.act_id)}, which does not exist; name one that does"
            yield Found(message, "edge", str(end.number), f"{end.name}.actId")


@rule(
    "exit-state-exists",
    "error",
    "An edge from no state",
    "An edge leaves from a state that the act's world does not have. Name a state of that world.",
)
def exit_state_exists(scope: CampaignScope) -> Iterator[Found]:
    """An edge's exit state is not in the act's world."""
    for end in _ends_at_no_state(scope, "from"):
        message = f"{quote(end.state)} is no state of the world of act {quote(end.act_id)}; name one that is"
        yield Found(message, "edge", str(end.number), f"{end.name}.{end.field}")


@rule(
    "exit-state-exists",
    "warning",
    "An edge to no state",
    "An edge arrives at a state that the act's world does not have, so that the act begins in its own entrance. Name a "
    "state of that world.",
)
def entrance_exists(scope: CampaignScope) -> Iterator[Found]:
    """The entrance an edge arrives at is not in the act's world, and play falls back to the act's own."""
    for end in _ends_at_no_state(scope, "to"):
        act = quote(end.act_id)
        message = f"{quote(end.state)} is no state of the world of act {act}, so play begins in that world's entrance"
        yield Found(message, "edge", str(end.number), f"{end.name}.{end.field}")


def _ends_at_no_state(scope: CampaignScope, name: str) -> Iterator[EdgeEnd]:
    for end in scope.edge_ends():
        world = scope.world(end.act_id) if end.name == name else None
        if world is not None and end.state is not None and end.state not in world.states:
            yield end


@rule(
    "act-has-world",
    "error",
    "An act without its world",
    "The act names a world that is not here, so that it cannot be played. Add the world, or name another. A world of "
    "another id than the act names is a warning: check that it is the right one.",
)
def act_has_world(scope: CampaignScope) -> Iterator[Found]:
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
def unreachable_act(scope: CampaignScope) -> Iterator[Found]:
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
def golden_thread(scope: CampaignScope) -> Iterator[Found]:
    """The golden edges do not lead from the start to a last act with a win, or not along ``goldenThread``."""
    if scope.campaign.start not in scope.acts:
        return
    source_acts = {edge.from_.act_id for edge in scope.edges if edge.kind == "golden"}
    last = [id for id in scope.reached(golden=True) if id not in source_acts]
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
def loop_terminates(scope: CampaignScope) -> Iterator[Found]:
    """A loop carries no flag that gates another exit of the act it leads back to."""
    gates: dict[str, set[str | None]] = {}
    for edge in scope.edges:
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
def act_world_id(scope: CampaignScope) -> Iterator[Found]:
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
def duplicate_act(scope: CampaignScope) -> Iterator[Found]:
    """Two acts share an id."""
    ids = [act.act_id for act in scope.campaign.acts]
    for number in repeated_indices(ids):
        message = f"act number {number + 1} has the id of one before it, {quote(ids[number])}; rename one"
        yield Found(message, "act", ids[number], "actId")


CAMPAIGN_RULES: Mapping[str, Rule[CampaignScope]] = MappingProxyType(
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
"""Every campaign rule by its id, in the order they report in; ``_WARNINGS`` share an id with one of them."""

_WARNINGS = (entrance_exists, act_world_id)


def errors_and_warnings(scope: CampaignScope) -> Iterator[Diagnostic]:
    """Yield what the rules find."""
    for each in (*CAMPAIGN_RULES.values(), *_WARNINGS):
        yield from each.diagnose(scope)


def _granted_flags(world: World) -> frozenset[str]:
    return derived(
        world, "_granted_flags", lambda world: frozenset(flag for event in world.events for flag in event.grants or ())
    )


def notes(scope: CampaignScope) -> Iterator[Diagnostic]:
    """Yield notes on edges that are never looked at, and on those that the hosted player takes otherwise."""
    flags_carried_in: dict[str, set[str]] = {scope.campaign.start: set()}
    for edge in scope.edges:
        if edge.to is not None:
            flags = edge.carry_flags or ()
            flags_carried_in.setdefault(edge.to.act_id, set(flags)).intersection_update(flags)
    for number, edge in enumerate(scope.edges):
        act = edge.from_.act_id
        world = scope.world(act)
        if world is None:
            continue
        if edge.from_.state == world.start:
            message = f"it leaves from {quote(world.start)}, where the act begins, and is never looked at there"
            yield make_diagnostic("edge-at-entrance", "info", message, "edge", str(number), "from.state")
        flag = edge.requires_flag
        if flag in _granted_flags(world) and flag not in flags_carried_in.get(act, ()):
            message = (
                f"it requires {quote(flag)}, which is granted in the act itself; the hosted player takes it only when "
                "the flag was carried into the act"
            )
            yield make_diagnostic("flag-not-carried", "info", message, "edge", str(number), "requiresFlag")
