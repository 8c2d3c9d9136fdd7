"""Every text of a world that a writer writes: where it stands, and who reads it (docs/spec/smworld.md).

One table, ``PROSE_FIELDS``, serves counting words, find and replace, and the script for translation and review. The
browser has the same table: ``scripts/prose_fields.py`` writes it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Literal, NamedTuple

from worldkit.core.errors import WrongArgument
from worldkit.core.json_values import Json, quote

Reader = Literal["player", "picture", "recognition", "author"]
"""Who reads a text: the player, the model that draws the picture, what recognises things in it, or the author alone."""
READERS: tuple[Reader, ...] = ("player", "picture", "recognition", "author")
Kind = Literal["world", "state", "event"]
Path = tuple[str | int, ...]

EACH_ITEM = "*"


class ProseField(NamedTuple):
    """One place that holds a text.

    Attributes:
        path: The keys that lead to it inside its state, event or world; ``*`` is each item of a list.
        reader: Who reads it.
    """

    path: tuple[str, ...]
    reader: Reader


def _fields(reader: Reader, *paths: str) -> tuple[ProseField, ...]:
    return tuple(ProseField(tuple(path.split(".")), reader) for path in paths)


_FRAMING = ("camera.static", "camera.dynamic", "movement.static", "movement.dynamic")
_PHASE = ("base", "camera", "movement", "detail")

PROSE_FIELDS: Mapping[Kind, tuple[ProseField, ...]] = {
    "world": (
        *_fields("player", "name", "description"),
        *_fields("picture", "subject", "styleTail"),
        *_fields("author", "story.logline", "story.arc.*", "story.beats.*.summary"),
        *_fields("recognition", "entrance.image.label"),
        *_fields("player", "cutscenes.*.label", "cutscenes.*.subtitle", "sequences.*.title"),
        *_fields("player", "missions.*.title", "missions.*.objectives.*.text", "missions.*.objectives.*.lockedHint"),
        *_fields("picture", *(f"missions.*.objectives.*.{key}" for key in ("base", "camera", "movement"))),
        *_fields("picture", *(f"missions.*.objectives.*.{key}" for key in ("action", "outcome"))),
        *_fields("picture", *(f"missions.*.objectives.*.phases.*.{key}" for key in _PHASE)),
        *_fields("picture", "missions.*.objectives.*.fail.action", "missions.*.objectives.*.fail.outcome"),
        *_fields("player", "missions.*.objectives.*.fail.title", "missions.*.objectives.*.fail.subtitle"),
        *_fields("recognition", "missions.*.objectives.*.grounded.target"),
        *_fields("recognition", "missions.*.objectives.*.grounded.targetAliases.*"),
        *_fields("recognition", "missions.*.objectives.*.grounded.confirm"),
        *_fields("recognition", "missions.*.objectives.*.grounded.confirmAliases.*"),
    ),
    "state": (
        *_fields("picture", "base"),
        *_fields("player", "narration", "ending.title", "ending.subtitle"),
        *_fields("picture", *_FRAMING, "ambient.*"),
        *_fields("recognition", "arriveLabel", "autopilot.keepCentered.label", "autopilot.keepCentered.aliases.*"),
        *_fields("picture", "variants.*.base", *(f"variants.*.{path}" for path in _FRAMING), "variants.*.ambient.*"),
    ),
    "event": (
        *_fields("player", "detail", "narration", "lockedHint"),
        *_fields("picture", "base", "camera", "movement", *_FRAMING),
        *_fields("picture", *(f"phases.*.{key}" for key in _PHASE)),
        *_fields("player", "waypoint.label", "terminal.greeting", "terminal.facts.*.text"),
        *_fields("author", "terminal.persona"),
        *_fields("recognition", "anchor.label", "anchor.aliases.*", "landWhen.label", "landWhen.aliases.*"),
    ),
}


class ProseText(NamedTuple):
    """One text of a world.

    Attributes:
        key: Its name in the world, such as ``state[lane].base``. No two texts share one.
        kind: What it belongs to: the world, a state or an event.
        owner: The state's id or the event's name; empty for the world.
        number: The how-manieth state or event that is, from 0.
        path: The keys that lead to it there.
        reader: Who reads it.
    """

    key: str
    kind: Kind
    owner: str
    number: int
    path: Path
    reader: Reader
    text: str


def prose_of(raw: Mapping[str, Any]) -> list[ProseText]:
    """Return every text of a world: the world's own, those of its states, those of its events, in their order.

    Args:
        raw: The document as JSON values.
    """
    texts: list[ProseText] = []
    next_numbers: dict[str, int] = {}

    def add(kind: Kind, owner: str, index: int, body: Mapping[str, Any]) -> None:
        head = "world" if kind == "world" else f"{kind}[{owner}]"
        for field in PROSE_FIELDS[kind]:
            for path, text in _texts_at(body, field.path):
                key = take_key(f"{head}{_suffix(path)}", next_numbers)
                texts.append(ProseText(key, kind, owner, index, path, field.reader, text))

    scene = raw["scene"]
    add("world", "", 0, raw)
    for index, (id, state) in enumerate(scene["states"].items()):
        add("state", id, index, state)
    for index, event in enumerate(scene["events"]):
        add("event", event["name"], index, event)
    return texts


def check_readers(readers: Collection[Reader]) -> None:
    """Refuse readers that there are not.

    Raises:
        WrongArgument: There is no such reader.
    """
    for reader in readers:
        if reader not in READERS:
            raise WrongArgument("readers", f"some of {', '.join(READERS)}", quote(reader))


_LETTER_OR_DIGIT = re.compile(r"[^\W_]")


def count_words(text: str) -> int:
    """Return how many words a text has: the parts between blanks that hold a letter or a digit."""
    return sum(_LETTER_OR_DIGIT.search(part) is not None for part in text.split())


def with_text(body: Json, path: Path, text: str) -> Json:
    """Return a body with the text at a path replaced, or set if the last key is missing; unchanged parts are shared."""
    if not path:
        return text  # type: ignore[return-value]
    step, rest = path[0], path[1:]
    copy: Any = body.copy()
    copy[step] = with_text(copy[step], rest, text) if rest else text
    new_document: Json = copy
    return new_document


def _texts_at(value: Any, path: tuple[str, ...], at: Path = ()) -> Iterator[tuple[Path, str]]:
    if not path:
        if isinstance(value, str):
            yield at, value
    elif path[0] == EACH_ITEM:
        for index, item in enumerate(value if isinstance(value, list) else ()):
            yield from _texts_at(item, path[1:], (*at, index))
    elif isinstance(value, Mapping) and path[0] in value:
        yield from _texts_at(value[path[0]], path[1:], (*at, path[0]))


def _suffix(path: Path) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)


def take_key(key: str, next_numbers: dict[str, int]) -> str:
    """Return a key that is not used: events may share a name, and ids may look like paths.

    Args:
        key: What it begins with.
        next_numbers: By each key that is used, the number that it gets when it is to be used again.
    """
    free_key = key
    while free_key in next_numbers:
        free_key = f"{key}#{next_numbers[key]}"
        next_numbers[key] += 1
    next_numbers[free_key] = 2
    return free_key
