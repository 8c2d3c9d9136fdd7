"""What is noted when a document is read whose version is a foreign tag or later than ours (docs/spec/smworld.md)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

from worldkit.core.diagnostics import Diagnostic, ItemKind, make_diagnostic
from worldkit.core.json_values import Json, quote
from worldkit.core.model import EndingKind, EventKind, LookHorizontal, LookVertical, Movement
from worldkit.core.versions import FOREIGN_TAGS, is_later_minor

FOREIGN_VERSION = "foreign-version"
LATER_WORD = "later-word"

_DRIVE_WORDS = {
    "movement": get_args(Movement),
    "lookHorizontal": get_args(LookHorizontal),
    "lookVertical": get_args(LookVertical),
}

_DWELLS = ("settle", "input")


def version_notes(raw: Json) -> tuple[Diagnostic, ...]:
    """Return the notes about a valid document: a foreign tag, and words that a later minor version brought."""
    return _foreign_notes(raw) or (tuple(_later_words(raw)) if is_later_minor(raw.get("schemaVersion")) else ())


def envelope_notes(envelope: Json, raw: Json) -> tuple[Diagnostic, ...]:
    """Return the note about the foreign tag of an envelope; none where the document in it says its own version.

    Args:
        envelope: What the document stands in; the document itself where it stands alone.
    """
    return () if "schemaVersion" in raw else _foreign_notes(envelope)


def _foreign_notes(raw: Json) -> tuple[Diagnostic, ...]:
    """Return the note about a foreign tag, if there is one."""
    tag = raw.get("schemaVersion")
    if tag not in FOREIGN_TAGS:
        return ()
    message = f"schemaVersion {quote(tag)} is a foreign tag; the world is read as SMWorld 1.0"
    return (make_diagnostic(FOREIGN_VERSION, "info", message, "world", field="schemaVersion"),)


def _later_words(raw: Json) -> Iterator[Diagnostic]:
    for id, state in raw["scene"]["states"].items():
        if "ending" in state:
            yield from _unknown(state["ending"]["kind"], get_args(EndingKind), "state", id, "ending.kind", raw)
        yield from _drive_words(state.get("autopilot"), "state", id, "autopilot", raw)
    for event in raw["scene"]["events"]:
        yield from _unknown(event["kind"], get_args(EventKind), "event", event["name"], "kind", raw)
        yield from _drive_words(event.get("drive"), "event", event["name"], "drive", raw)
        yield from _phase_words(event, "event", event["name"], "", raw)
    for sequence in raw.get("sequences", ()):
        for index, beat in enumerate(sequence["beats"]):
            if isinstance(beat.get("dwell"), str):
                yield from _unknown(beat["dwell"], _DWELLS, "sequence", sequence["id"], f"beats[{index}].dwell", raw)
    for mission in raw.get("missions", ()):
        for index, objective in enumerate(mission["objectives"]):
            yield from _phase_words(objective, "mission", mission["id"], f"objectives[{index}].", raw)


def _phase_words(owner: Json, kind: ItemKind, id: str, field: str, raw: Json) -> Iterator[Diagnostic]:
    for index, phase in enumerate(owner.get("phases", ())):
        yield from _drive_words(phase.get("drive"), kind, id, f"{field}phases[{index}].drive", raw)


def _drive_words(drive: Json | None, kind: ItemKind, id: str, field: str, raw: Json) -> Iterator[Diagnostic]:
    for axis, words in _DRIVE_WORDS.items():
        if drive and axis in drive:
            yield from _unknown(drive[axis], words, kind, id, f"{field}.{axis}", raw)


def _unknown(
    word: str, known_words: tuple[Any, ...], kind: ItemKind, id: str, field: str, raw: Json
) -> Iterator[Diagnostic]:
    if word not in known_words:
        message = (
            f"{quote(word)} is a word of SMWorld {raw['schemaVersion']} that this release does not know; it is kept, "
            f"and does nothing here. Known are {', '.join(known_words)}"
        )
        yield make_diagnostic(LATER_WORD, "warning", message, kind, id, field)
