"""Operations on a state's variants: alternate prompts for A/B play."""

from __future__ import annotations

from worldkit.core.json_values import Json, deep_copy, quote
from worldkit.core.quoting import did_you_mean
from worldkit.editing import checks
from worldkit.editing.allowances import follow_variant_label
from worldkit.editing.draft import Draft
from worldkit.editing.patching import HALVES, PAIRS, apply_patch, with_half, without_empty_pair
from worldkit.editing.records import Records
from worldkit.editing.refusals import OpRefused, already_used, unknown_name
from worldkit.editing.registry import Argument, OperationPart, op, state_id

_COPIED_FIELDS = ("base", "ambient", *PAIRS)
SETTABLE_FIELDS = ("label", "base", "ambient", *PAIRS, *(f"{pair}.{half}" for pair in PAIRS for half in HALVES))


def _find_variant(variants: Records, label: str) -> int:
    index = variants.find(label)
    if index is None:
        raise unknown_name("variant", label, variants)
    return index


@op("add_variant", "Add variant {variant.label} of state {state}", state_id("state"), body=OperationPart("variant"))
def add_variant(draft: Draft, args: Json) -> Json | None:
    """Add an alternate prompt to a state; what it lacks is copied from the state, a label is the next free letter."""
    state, variants = draft.state(args["state"]), draft.variants(args["state"])
    variant = dict(args["variant"])
    if "label" not in variant:
        variant = {"label": draft.unused_label(args["state"]), **variant}
    if variant["label"] in variants:
        raise already_used("variant", variant["label"])
    variant |= {key: deep_copy(state[key]) for key in _COPIED_FIELDS if key in state and key not in variant}
    draft.append_variant(args["state"], variant)
    operation = {"op": "add_variant", "state": args["state"], "variant": deep_copy(variant)}
    return None if variant == args["variant"] else operation


def _require_index_or_label(args: Json) -> Json:
    if ("index" in args) == ("variant" in args):
        problem = "both are given" if "index" in args else "neither is given"
        raise OpRefused(f'expected "index" or "variant", a label; {problem}')
    return args


@op(
    "remove_variant",
    "Delete a variant of state {state}",
    state_id("state"),
    Argument("index", "index", is_required=False),
    Argument("variant", "text", ("label",), is_required=False),
    check=_require_index_or_label,
)
def remove_variant(draft: Draft, args: Json) -> None:
    """Remove one of a state's variants, by label or by index; the list is removed with the last one."""
    variants = draft.variants(args["state"])
    index: int = args["index"] if "index" in args else _find_variant(variants, args["variant"])
    if index >= len(variants):
        count = len(variants)
        raise OpRefused(f"index: there is no variant {index}; state {quote(args['state'])} has {count}, counted from 0")
    if len(variants) == 1:
        draft.put_state(args["state"], apply_patch(draft.state(args["state"]), {"variants": None}))
    else:
        draft.remove_variant(args["state"], index)


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
    if field not in SETTABLE_FIELDS:
        raise OpRefused(
            f"field: expected one of {', '.join(SETTABLE_FIELDS)}, "
            f"got {quote(field)}{did_you_mean(field, SETTABLE_FIELDS)}"
        )
    variants = draft.variants(args["state"])
    index = _find_variant(variants, args["label"])
    if field == "label" and value != args["label"] and value in variants:
        raise already_used("variant", value)
    pair, _, half = field.partition(".")
    if half:
        if value is not None and not isinstance(value, str):
            raise OpRefused(f"value: expected a string or null for {field}, got {quote(value)}")
        new_variant = with_half(variants.items[index], pair, half, value)
        if value is None:  # a variant without a pair has that of its state
            new_variant = without_empty_pair(new_variant, pair)
    else:
        checks.refuse_removal({field: value}, ("label", "base"), "a variant")
        new_variant = apply_patch(variants.items[index], {field: value})
    draft.replace_variant(args["state"], index, new_variant)
    if field == "label" and value != args["label"]:
        follow_variant_label(draft, args["state"], args["label"], value)
