"""What stands at a conflict of a merge, as text that a person can edit, and that text read back."""

from __future__ import annotations

import json
from typing import Any

from worldkit.comparison import ABSENT, MergeConflict
from worldkit.comparison.merging.conflict import Side
from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json, quote
from worldkit.widgets.protocol.comparison_messages import ResultForm

MAX_EDITED_CHARACTERS = 20_000
"""Characters of a result that can be edited in a view; a longer one is decided for a side, or in Python."""

_MAX_LINE_CHARACTERS = 80


def result_json(conflict: MergeConflict, choice: Any) -> Json:
    """Return what stands at a conflict as its form and its text.

    Args:
        choice: What it was decided for, as ``Merge.resolved`` says it; None if it is open.
    """
    value, form = value_at(conflict, choice), form_of(conflict)
    if value is ABSENT or form == "none":
        return {"form": form, "text": ""}
    if form == "lines" and _fits_lines(value):
        text = "\n".join(value)
    elif form in ("text", "line") and isinstance(value, str):
        text = value
    else:
        form, text = "json", json.dumps(value, ensure_ascii=False)
    return {"form": form, "text": text} if len(text) <= MAX_EDITED_CHARACTERS else {"form": "none", "text": ""}


def value_at(conflict: MergeConflict, choice: Any) -> Any:
    """Return what stands at a conflict; ``ABSENT`` where nothing does.

    Args:
        choice: What it was decided for, as ``Merge.resolved`` says it; None if it is open.
    """
    if isinstance(choice, dict):
        return choice["value"]
    sides = {"ours": conflict.ours, "theirs": conflict.theirs, "base": conflict.base, None: conflict.held}
    return sides[choice]


def form_of(conflict: MergeConflict) -> ResultForm:
    """Return how the result of a conflict is edited: the simplest form in which each of its sides can be written."""
    sides = [side for side in (conflict.base, conflict.ours, conflict.theirs) if side is not ABSENT]
    if conflict.path.endswith("#order") or any(isinstance(side, dict) for side in sides):
        return "none"
    if all(isinstance(side, str) for side in sides):
        is_line = all(len(side) <= _MAX_LINE_CHARACTERS and "\n" not in side for side in sides)
        return "line" if is_line and conflict.item.field != "base" else "text"
    return "lines" if all(_fits_lines(side) for side in sides) else "json"


def read_result(form: ResultForm, text: str) -> Any:
    """Return the value of an edited text.

    Args:
        form: The form in which it was edited.

    Raises:
        WorldError: It cannot be edited as text, or is not JSON where only JSON can be written.
    """
    if form == "none":
        raise WorldError("this conflict is about a whole item; pick ours or theirs, and edit the result in the editor")
    if form == "lines":
        return [line.strip() for line in text.splitlines() if line.strip()]
    if form != "json":
        return text
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise WorldError(f"expected a value as JSON, such as 12, true or [1, 2], got {quote(text, 60)}") from error


def written_value(conflict: MergeConflict | None, side: Side, text: str) -> Any:
    """Return the value that a person wrote at a conflict, beginning with what a side has.

    Args:
        conflict: The conflict; None where there is none of that path.
        text: What was made of it.

    Raises:
        WorldError: There is no such conflict, or the text is no such value.
    """
    if conflict is None:
        raise WorldError("what was written is about no conflict that there is; it may have been decided meanwhile")
    return read_result(result_json(conflict, side)["form"], text)


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)


def _fits_lines(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(item, str) and item == item.strip() != "" and len(item.splitlines()) == 1 for item in value
    )
