"""The operations for a world's own fields: the specification's where they say it exactly, else one ``put_world``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from worldkit.comparison.fields import patch
from worldkit.comparison.steps import Known
from worldkit.core.json_values import Json, same
from worldkit.editing import field_names, refs

_GROUPS: tuple[tuple[str, dict[str, str]], ...] = (
    ("set_subject", {"subject": "subject", "styleTail": "styleTail"}),
    ("set_intro", {"introVideo": "video", "introStatic": "static"}),
    ("set_narrate", {"narrate": "narrate"}),
)
"""Operations that set single fields: the operation, and its argument for each field."""


def of_world(have: Json, want: Json, known: Known) -> Iterator[Json]:
    """Yield the operations that change a world's own fields, its states being there already."""
    keys = [key for key in {**have, **want} if key != "scene" and not _same_field(have, want, key)]
    for name, arguments in _GROUPS:
        given = {arguments[key]: want.get(key) for key in arguments if key in keys}
        if given:
            yield {"op": name, **given}
            keys = [key for key in keys if key not in arguments]
    for key in list(keys):
        said = _SAID[key](have.get(key), want.get(key), have, known) if key in _SAID else None
        if said is not None:
            yield from said
            keys.remove(key)
    inner = [have["scene"], want["scene"]]
    extra = [
        key
        for key in {**inner[0], **inner[1]}
        if key not in ("states", "events") and not _same_field(inner[0], inner[1], key)
    ]
    values = {field_names.of_world(key): want[key] for key in keys if key in want}
    values |= {field_names.of_scene(key): inner[1][key] for key in extra if key in inner[1]}
    gone = [field_names.of_world(key) for key in keys if key not in want]
    gone += [field_names.of_scene(key) for key in extra if key not in inner[1]]
    if values or gone:
        yield {"op": "put_world", **({"set": values} if values else {}), **({"remove": gone} if gone else {})}


def _same_field(a: Json, b: Json, key: str) -> bool:
    return key in a and key in b and same(a[key], b[key])


def _entrance(before: Any, after: Any, have: Json, known: Known) -> list[Json] | None:
    if after is None:
        return [{"op": "set_entrance", "state": None}]
    made = patch(before or {}, after)
    if made is None or not made.keys() <= {"state", "image"} or after["state"] not in known.states:
        return None
    return [{"op": "set_entrance", **made, "state": after["state"]}]


def _cutscenes(before: Any, after: Any, have: Json, known: Known) -> list[Json] | None:
    old, new = before or [], after or []
    added = new[len(old) :]
    if not added or not same(old, new[: len(old)]):
        return None
    ids = refs.cutscene_ids(have) | have["scene"]["states"].keys() | known.states.keys()
    for cut in added:
        ends = cut["from"] in known.states and cut["to"] in known.states
        if not ends or cut["id"] in ids or not cut["id"].strip() or None in cut.values():
            return None
        ids.add(cut["id"])
    return [{"op": "add_cutscene", "cutscene": cut} for cut in added]


def _sequences(before: Any, after: Any, have: Json, known: Known) -> list[Json] | None:
    old, new = before or [], after or []
    if len({sequence["id"] for sequence in old}) < len(old):
        return None
    known_by_id: dict[str, list[Json]] = {}
    for sequence in new:
        known_by_id.setdefault(sequence["id"], []).append(sequence)
    left: list[Json] = []
    gone: list[Json] = []
    for sequence in old:
        stays = any(same(sequence, other) for other in known_by_id.get(sequence["id"], ()))
        (left if stays else gone).append(sequence)
    added = new[len(left) :]
    ids = [sequence["id"] for sequence in [*old, *added]]
    emptied = after is not None and not new  # removing the last one removes the list
    if emptied or not (gone or added) or not same(left, new[: len(left)]) or len(set(ids)) < len(ids):
        return None
    for sequence in added:
        walked = bool(sequence["beats"]) and all(beat["state"] in known.states for beat in sequence["beats"])
        if not walked or not sequence["id"].strip() or None in sequence.values():
            return None
    return [
        *({"op": "remove_sequence", "id": sequence["id"]} for sequence in gone),
        *({"op": "add_sequence", "sequence": sequence} for sequence in added),
    ]


def _story(before: Any, after: Any, have: Json, known: Known) -> list[Json] | None:
    made = patch(before or {}, after) if after is not None else None
    if not made or not made.keys() <= {"logline", "arc"}:
        return None
    return [{"op": "set_story", **made}]


_SAID: dict[str, Callable[[Any, Any, Json, Known], list[Json] | None]] = {
    "entrance": _entrance,
    "cutscenes": _cutscenes,
    "sequences": _sequences,
    "story": _story,
}
