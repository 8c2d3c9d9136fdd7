"""``Profile``: how the hosted platform and the Studio differ, as data (docs/spec/index.md, "Two profiles").

``HOSTED`` and ``STUDIO`` are the two profiles. No code asks which of the two it has: it reads a field. A part of
worldkit that depends on another difference of the two adds a field here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from worldkit.core.errors import WrongArgument
from worldkit.core.quoting import quote
from worldkit.core.read_only import ReadOnlyDict

ProfileName = Literal["hosted", "studio"]
Severity = Literal["error", "warning", "info"]
Level = Literal["structural", "advice", "error", "warning", "info", "off"]
"""What a finding of a rule means: ``structural`` is an error that a hosted write refuses and that blocks play,
``advice`` a warning where the other profile has an error, ``off`` a rule that does not run."""

_SEVERITIES: Mapping[Level, Severity | None] = ReadOnlyDict(
    {
        "structural": "error",
        "advice": "warning",
        "error": "error",
        "warning": "warning",
        "info": "info",
        "off": None,
    }
)

PromptLayer = Literal["base", "camera", "movement", "subject", "styleTail"]


@dataclass(frozen=True, slots=True)
class Profile:
    """Whose rules apply: the hosted platform's or the Studio's.

    Attributes:
        name: ``"hosted"`` or ``"studio"``.
        operations: The operations that its server takes; None for the whole local vocabulary.
        levels: What a finding of a rule means, for rules on which the profiles differ; other rules keep their own
            severity.
        also_blocks_play: Rules that block play though their findings are no errors here.
        item_path: How the path of an item begins, with ``{kind}`` and ``{id}``.
        spells_labels: Whether a path names a variant by its label and the half of a prompt that is too long.
        cutscene_in_to: Whether an event's ``to`` may be a cutscene's id; otherwise a cutscene belongs to the pair
            of states it stands between.
        event_pairs: Whether an event's ``camera`` and ``movement`` are pairs; otherwise strings.
        state_pairs_required: Whether every state must have ``camera`` and ``movement``, with both halves.
        prompt_layers: The layers of prose that its player sends for a state. A world's ``subject`` and ``styleTail``
            that are not among them must stand inside every ``base``.
        budget_adds_up: Whether a prompt's budget counts all texts of an item together; otherwise each prompt that is
            assembled from them.
        zone_clauses: What a trigger zone may fire on.
        entrance_dangles: Whether an entrance that names no state counts as ``dangling-ref``.
        refuses_override_to: Whether a ``to`` of an override counts as ``transition-needs-to``.
        doubled_name_dangles: Whether a doubled name or id counts as ``dangling-ref`` too.
        outro_flag_is_required: Whether the flag of the outro must be granted like one that an event requires.
        shared_camera_is_the_events: Whether phases share a camera only where their event has one.
        move_waypoint_m: How far a mission's move to another place is, in metres; None for a move without waypoint.
        fail_inherits_gate: Whether the way a mission's objective fails takes its anchor and requirements.
    """

    name: ProfileName
    operations: frozenset[str] | None
    levels: Mapping[str, Level] = field(hash=False)
    also_blocks_play: frozenset[str]
    item_path: str
    spells_labels: bool
    cutscene_in_to: bool
    event_pairs: bool
    state_pairs_required: bool
    prompt_layers: tuple[PromptLayer, ...]
    budget_adds_up: bool
    zone_clauses: frozenset[Literal["luminance", "motion"]]
    entrance_dangles: bool
    refuses_override_to: bool
    doubled_name_dangles: bool
    outro_flag_is_required: bool
    shared_camera_is_the_events: bool
    move_waypoint_m: float | None
    fail_inherits_gate: bool

    def severity(self, rule: str, own: Severity) -> Severity | None:
        """Return the severity of a rule's findings; None when it does not run.

        Args:
            rule: The rule's id.
            own: Its severity where the profile says nothing else.
        """
        return _SEVERITIES[self.levels.get(rule, own)]

    def for_play(self) -> Profile:
        """Return the profile by which a world is judged before it is played.

        Play here follows a ``to`` that names a cutscene, in every profile.
        """
        blocking_levels: dict[str, Level] = dict.fromkeys(self.also_blocks_play, "structural")
        return replace(self, cutscene_in_to=True, levels=ReadOnlyDict({**self.levels, **blocking_levels}))

    def takes(self, op: str) -> bool:
        """Return whether a server of this profile takes an operation; with ``operations`` None it takes any."""
        return self.operations is None or op in self.operations

    def path(self, kind: str, id: str = "", field: str = "") -> str:
        """Return the path of a place in a world, for people: ``state[lane].base``. Never parse it.

        Args:
            kind: The kind of the item.
            id: Its id or name; empty for the world.
            field: The field in it; one that begins with a space or a bracket follows without a dot.
        """
        if kind == "world":
            return field or "world"
        head = self.item_path.format(kind=kind, id=id)
        if not field:
            return head
        return f"{head}{field}" if field[0] in " [" else f"{head}.{field}"


HOSTED = Profile(
    name="hosted",
    operations=frozenset(
        {
            "add_state",
            "update_state",
            "delete_state",
            "add_event",
            "update_event",
            "delete_event",
            "set_entrance",
            "add_variant",
            "remove_variant",
        }
    ),
    levels=ReadOnlyDict(
        {
            "dangling-ref": "structural",
            "transition-needs-to": "structural",
            "sole-affordance-lose-trap": "structural",
            "duplicate-event": "structural",
            "entrance-missing-state": "off",  # it is dangling-ref here
            "negation": "advice",
            "whiteout": "advice",
            "lethal-override": "advice",
            "budget": "advice",
            "unreachable-require": "advice",
            "luminance-overlap": "advice",
            "auto-needs-pixels": "advice",
            "no-entrance": "advice",
            "orphan-event": "advice",
            "sequence-beat-missing": "advice",
            "objective-unreachable": "advice",
            "cutscene-lands-nowhere": "advice",
        }
    ),
    also_blocks_play=frozenset({"no-entrance"}),
    item_path="{kind}[{id}]",
    spells_labels=True,
    cutscene_in_to=False,
    event_pairs=True,
    state_pairs_required=True,
    prompt_layers=("base", "camera", "movement"),
    budget_adds_up=False,
    zone_clauses=frozenset({"luminance"}),
    entrance_dangles=True,
    refuses_override_to=True,
    doubled_name_dangles=True,
    outro_flag_is_required=True,
    shared_camera_is_the_events=True,
    move_waypoint_m=800,
    fail_inherits_gate=True,
)
"""The documented API and its kernel; the default."""

STUDIO = Profile(
    name="studio",
    operations=None,
    levels=ReadOnlyDict(
        {
            "dangling-ref": "structural",
            "transition-needs-to": "structural",
            "duplicate-event": "structural",
            "entrance-missing-state": "structural",
            "sole-affordance-lose-trap": "off",
            "kernel-fields": "off",
            "no-subject-in-base": "off",
        }
    ),
    also_blocks_play=frozenset(),
    item_path="{kind}s.{id}",
    spells_labels=False,
    cutscene_in_to=True,
    event_pairs=False,
    state_pairs_required=False,
    prompt_layers=("base", "camera", "movement", "subject", "styleTail"),
    budget_adds_up=True,
    zone_clauses=frozenset({"luminance", "motion"}),
    entrance_dangles=False,
    refuses_override_to=False,
    doubled_name_dangles=False,
    outro_flag_is_required=False,
    shared_camera_is_the_events=False,
    move_waypoint_m=None,
    fail_inherits_gate=False,
)
"""The dialect of the open-source Studio."""

PROFILES: Mapping[str, Profile] = ReadOnlyDict({"hosted": HOSTED, "studio": STUDIO})
"""The profiles by name."""


def profile_named(name: str) -> Profile:
    """Return the profile of a name.

    Args:
        name: ``"hosted"`` or ``"studio"``.

    Raises:
        WrongArgument: There is no such profile.
    """
    profile = PROFILES.get(name)
    if profile is None:
        raise WrongArgument("profile", '"hosted" or "studio"', quote(name))
    return profile
