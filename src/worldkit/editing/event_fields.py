"""Operations that set one field of an event."""

from __future__ import annotations

from typing import Any

from worldkit.core.json_values import Json, quote
from worldkit.core.model import LookHorizontal, LookVertical, Movement
from worldkit.editing import checks
from worldkit.editing.draft import Draft
from worldkit.editing.hotkeys import hotkey_problem
from worldkit.editing.patching import apply_patch
from worldkit.editing.refs import sources
from worldkit.editing.refusals import OpRefused
from worldkit.editing.registry import EVENT_KINDS, Argument, OperationPart, event_name, op

_EVENT = event_name()
_AXES = ("movement", "lookHorizontal", "lookVertical")


def _patch(draft: Draft, name: str, patch: Json) -> None:
    index = draft.event_index(name)
    body = apply_patch(draft.events[index], patch)
    model = draft.typed_event(body)
    checks.require_references(draft, model, patch)
    draft.put_event(index, body, model)


def _find_event(draft: Draft, name: str) -> Json:
    return draft.events[draft.event_index(name)]


@op(
    "set_event_field",
    "Edit {field} of event {event}",
    _EVENT,
    Argument("field", "text", choices=("base", "detail")),
    Argument("value", "text", null=True),
)
def set_event_field(draft: Draft, args: Json) -> None:
    """Set an event's base or detail; null clears it."""
    _patch(draft, args["event"], {args["field"]: args["value"]})


@op(
    "set_event_kind",
    "Set kind of event {event} to {kind}",
    _EVENT,
    Argument("kind", "text", choices=EVENT_KINDS),
    Argument("to", "text", is_required=False, null=True),
)
def set_event_kind(draft: Draft, args: Json) -> None:
    """Make an event a transition, an override or a terminal; an override has no destination."""
    name, kind = args["event"], args["kind"]
    patch: Json = {"kind": kind}
    if kind == "override":
        target = args.get("to") or _find_event(draft, name).get("to")
        if target is not None:
            message = f"event {quote(name)} lost its destination {quote(target)}: an override has none"
            draft.note(message, "event", name, "to")
        patch["to"] = None
    elif "to" in args:
        patch["to"] = args["to"]
    _patch(draft, name, patch)


@op(
    "set_event_drive",
    "Set drive of event {event}",
    _EVENT,
    Argument("movement", "text", is_required=False, null=True, choices=Movement.__args__),  # type: ignore[attr-defined]
    Argument("lookHorizontal", "text", is_required=False, null=True, choices=LookHorizontal.__args__),  # type: ignore[attr-defined]
    Argument("lookVertical", "text", is_required=False, null=True, choices=LookVertical.__args__),  # type: ignore[attr-defined]
    Argument("pulseMs", "any", ("drivePulseMs",), is_required=False, null=True),
)
def set_event_drive(draft: Draft, args: Json) -> None:
    """Set the controls held while an event plays; with no axis the drive and its pulse are removed."""
    body = _find_event(draft, args["event"])
    if args.get("pulseMs") is not None and not any(axis in args for axis in _AXES):
        if "drive" not in body:
            raise OpRefused(f"pulseMs: event {quote(body['name'])} has no drive to release; give an axis, too")
        _patch(draft, args["event"], {"drivePulseMs": args["pulseMs"]})
        return
    axes = {axis: args[axis] for axis in _AXES if args.get(axis) is not None}
    if axes:
        other_fields = {key: value for key, value in body.get("drive", {}).items() if key not in _AXES or key in axes}
        patch: Json = {"drive": {**other_fields, **axes}}
        if "pulseMs" in args:
            patch["drivePulseMs"] = args["pulseMs"]
    else:
        patch = {"drive": None, "drivePulseMs": None}
    _patch(draft, args["event"], patch)


def _value_argument(*also: str, kind: Any = "any", name: str = "value") -> Argument:
    return Argument(name, kind, also, null=True)


@op("set_event_hotkey", "Set hotkey of event {event}", _EVENT, _value_argument("hotkey", kind="text"))
def set_event_hotkey(draft: Draft, args: Json) -> None:
    """Set an event's hotkey, one character that is free; null clears it."""
    key = args["value"]
    problem = "" if key is None else hotkey_problem(key) or _hotkey_clash(draft, args["event"], key)
    if problem:
        raise OpRefused(f"value: {problem}")
    _patch(draft, args["event"], {"hotkey": key})


def _hotkey_clash(draft: Draft, name: str, key: str) -> str:
    """Return why a key is not free: an event that is offered in the same state has it; empty when none does.

    Hidden events have no key to press and do not count.
    """
    index = draft.event_index(name)
    if draft.events[index].get("hidden"):
        return ""
    for state in sources(draft.events[index]):
        for other_index, other in draft.events_with_hotkey(key, state):
            if other_index != index:
                place = f"event {quote(other['name'])}, which is offered in {quote(state)} too"
                return f"{quote(key)} is the hotkey of {place}; choose another, or clear that one first"
    return ""


@op("set_event_phases", "Set phases of event {event}", _EVENT, _value_argument("phases", kind="list"))
def set_event_phases(draft: Draft, args: Json) -> None:
    """Set the beats an event is told in, two or more; null clears them."""
    for index, phase in enumerate(args["value"] or ()):
        base = phase.get("base") if isinstance(phase, dict) else None
        if isinstance(base, str) and not base.strip():
            raise OpRefused(f"phases[{index}].base: expected a text that is not blank, got {quote(base)}")
    if args["value"] is not None and len(args["value"]) < 2:
        count = len(args["value"])
        raise OpRefused(f"phases: expected two or more, got {count}; a move of one phase is told in its base")
    _patch(draft, args["event"], {"phases": args["value"]})


@op("set_event_grants", "Set grants of event {event}", _EVENT, _value_argument("grants", kind="names"))
def set_event_grants(draft: Draft, args: Json) -> None:
    """Set the flags an event grants; null clears them."""
    _patch(draft, args["event"], {"grants": args["value"]})


@op("set_event_requires", "Set requirements of event {event}", _EVENT, _value_argument("requires", kind="names"))
def set_event_requires(draft: Draft, args: Json) -> None:
    """Set the flags an event requires; null clears them."""
    _patch(draft, args["event"], {"requires": args["value"]})


@op(
    "set_event_locked_hint",
    "Set locked hint of event {event}",
    _EVENT,
    _value_argument("value", "lockedHint", kind="text", name="hint"),
)
def set_event_locked_hint(draft: Draft, args: Json) -> None:
    """Set the text that the player sees while an event is locked; null clears it."""
    _patch(draft, args["event"], {"lockedHint": args["hint"]})


@op(
    "set_event_anchor",
    "Set anchor of event {event}",
    _EVENT,
    Argument("label", "text", is_required=False, null=True),
    Argument("aliases", "names", is_required=False, null=True),
    Argument("minProximity", "any", is_required=False, null=True),
    Argument("expectedAspect", "object", is_required=False, null=True),
    body=OperationPart("anchor", aliases=("value",), is_spread=True, arguments_of_null={"label": None}),
)
def set_event_anchor(draft: Draft, args: Json) -> None:
    """Patch the thing in the picture to click for an event; a null label clears it."""
    patch = {key: value for key, value in args.items() if key not in ("op", "event")}
    if not patch:
        raise OpRefused('expected "label", the thing to click, or null to clear it; it is missing')
    if "label" in patch and patch["label"] is None:
        _patch(draft, args["event"], {"anchor": None})
        return
    anchor = _find_event(draft, args["event"]).get("anchor", {})
    _patch(draft, args["event"], {"anchor": apply_patch(anchor, patch)})
