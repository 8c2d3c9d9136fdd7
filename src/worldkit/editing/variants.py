"""Operations on a state's variants: alternate prompts for A/B play."""

from __future__ import annotations

from worldkit.core.json_values import Json, quote
from worldkit.editing import checks
from worldkit.editing.draft import Draft
from worldkit.editing.patching import HALVES, PAIRS, patched, with_half
from worldkit.editing.refusals import Refused, guess, taken, unknown
from worldkit.editing.registry import Argument, Body, op, state_id

FIELDS = ("label", "base", "ambient", *PAIRS, *(f"{pair}.{half}" for pair in PAIRS for half in HALVES))


def _variants(draft: Draft, id: str) -> list[Json]:
    held: list[Json] = draft.state(id).get("variants", [])
    return held


def _labels(variants: list[Json]) -> list[str]:
    return [variant["label"] for variant in variants]


def _index(variants: list[Json], label: str) -> int:
    labels = _labels(variants)
    if label not in labels:
        raise unknown("variant", label, labels)
    return labels.index(label)


@op("add_variant", "Add variant {variant.label} of state {state}", state_id("state"), body=Body("variant"))
def add_variant(draft: Draft, args: Json) -> None:
    """Add an alternate prompt to a state."""
    variant = args["variant"]
    variants = _variants(draft, args["state"])
    if variant.get("label") in _labels(variants):
        raise taken("variant", variant["label"])
    draft.put_state(args["state"], patched(draft.state(args["state"]), {"variants": [*variants, variant]}))


def _one_way(args: Json) -> Json:
    if ("index" in args) == ("variant" in args):
        said = "both are given" if "index" in args else "neither is given"
        raise Refused(f'expected "index" or "variant", a label; {said}')
    return args


@op(
    "remove_variant",
    "Delete a variant of state {state}",
    state_id("state"),
    Argument("index", "index", required=False),
    Argument("variant", "text", ("label",), required=False),
    check=_one_way,
)
def remove_variant(draft: Draft, args: Json) -> None:
    """Remove one of a state's variants, by label or by index; the list goes with its last one."""
    variants = _variants(draft, args["state"])
    at: int = args["index"] if "index" in args else _index(variants, args["variant"])
    if at >= len(variants):
        count = len(variants)
        raise Refused(f"index: there is no variant {at}; state {quote(args['state'])} has {count}, counted from 0")
    rest = [*variants[:at], *variants[at + 1 :]]
    draft.put_state(args["state"], patched(draft.state(args["state"]), {"variants": rest or None}))


@op(
    "set_variant_field",
    "Edit {field} of variant {label} of state {state}",
    state_id("state"),
    Argument("label", "text", ("variant",)),
    Argument("field", "text"),
    Argument("value", "any", null=True),
)
def set_variant_field(draft: Draft, args: Json) -> None:
    """Set one field of a variant; null clears it."""
    field, value = args["field"], args["value"]
    if field not in FIELDS:
        raise Refused(f"field: expected one of {', '.join(FIELDS)}, got {quote(field)}{guess(field, FIELDS)}")
    variants = _variants(draft, args["state"])
    at = _index(variants, args["label"])
    if field == "label" and value != args["label"] and value in _labels(variants):
        raise taken("variant", value)
    pair, _, half = field.partition(".")
    if half:
        if value is not None and not isinstance(value, str):
            raise Refused(f"value: expected a string or null for {field}, got {quote(value)}")
        changed = with_half(variants[at], pair, half, value)
    else:
        checks.kept({field: value}, ("label", "base"), "a variant")
        changed = patched(variants[at], {field: value})
    state = patched(draft.state(args["state"]), {"variants": [*variants[:at], changed, *variants[at + 1 :]]})
    draft.put_state(args["state"], state)
