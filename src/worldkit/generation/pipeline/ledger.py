"""A file of what was generated, a line of JSON for each premise, from which a run that was cut short goes on."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

from worldkit.core.errors import WorldError
from worldkit.core.paths import expand_home
from worldkit.generation.pipeline.report import Generated, Report, premise_fields
from worldkit.stores.lines_file import LinesFile, Place, line_at
from worldkit.world import World

_KEY_DIGITS = 32
"""Hexadecimal digits of a key."""


def key(premise: str, seed: int, model: str, states: int) -> str:
    """Return what a premise is known by in a file: it, its seed, the model and the size."""
    text = json.dumps([premise, seed, model, states])
    return hashlib.sha256(text.encode()).hexdigest()[:_KEY_DIGITS]


def _is_torn_line(tail: bytes) -> bool:
    """Say whether bytes without a line's end are the beginning of a line that ``Ledger.add`` writes."""
    first = b'{"key": "'
    digits = tail[len(first) :][:_KEY_DIGITS]
    beginning = first + digits + b'", "premise": "'
    return not digits.strip(b"0123456789abcdef") and tail[: len(beginning)] == beginning[: len(tail)]


class Ledger:
    """The file, to which no other program adds meanwhile. It is gone through once, and no world of it is kept.

    Attributes:
        path: Its path.
        done: Where the results are that need not be made again, by key.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = expand_home(path)
        self.done: dict[str, Place] = {}
        self._errors: dict[str, str | None] = {}
        self._file = LinesFile(self.path)
        self.close = self._file.close
        try:
            self._read()
        except WorldError:
            self.close()
            raise

    def _read(self) -> None:
        for place, line in self._file.lines():
            has_end = line.endswith(b"\n")
            try:
                if line.strip() or not has_end:
                    self._take(line, place)
            except WorldError:
                if has_end or not _is_torn_line(line):
                    raise
                self._file.cut(place)  # it was being written when the last run ended
            else:
                if not has_end:
                    self._file.end_line()

    def _take(self, line: bytes, place: Place) -> None:
        """Note the result in a line, or refuse a line that ``read_result`` could not read later."""
        try:
            entry = json.loads(line)
            entry_key = entry["key"]
            if entry_key != key(entry["premise"], entry["seed"], entry["model"], entry["states"]):
                raise ValueError("its key is that of nothing that was asked for")
            if entry.get("world") is None:
                self._errors[entry_key] = entry.get("error")  # it failed: it is tried again
            else:
                World.from_dict(entry["world"])
                _report(entry["report"])
                self.done[entry_key] = place
        except (WorldError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise WorldError(
                f"{self.path}, line {place.number} is no result of generate_many; expected one JSON object a line, as "
                "it writes them. Give another file, or take that line out"
            ) from None

    def add(self, result: Generated, model: str) -> Place | None:
        """Write the result of a premise as one line, with the model's name as it may be shown, and return its place.

        An error has no place, and one that the file holds already is not written again.
        """
        entry_key = key(result.premise, result.seed, model, result.states)
        entry: dict[str, Any] = {
            "key": entry_key,
            "premise": result.premise,
            "seed": result.seed,
            "model": model,
            "states": result.states,
        }
        if result.world is not None and result.report is not None:
            entry |= {"world": result.world.to_dict(), "report": result.report.to_dict()}
        elif entry_key in self._errors and self._errors[entry_key] == result.error:
            return None
        else:
            entry["error"] = self._errors[entry_key] = result.error
        place = self._file.add(json.dumps(entry).encode() + b"\n")
        return place if result else None


def _report(values: dict[str, Any]) -> Report:
    lists = {each: tuple(values.get(each, ())) for each in ("fallbacks", "by_model", "notes")}
    return Report(**values | lists)


def read_result(path: Path, result: tuple[Generated, Place | None]) -> Generated:
    """Return the result of an order from the place that a file has it at; without a place, what is given."""
    order, place = result
    if place is None:
        return order
    name = f"{path}, line {place.number}"
    try:
        entry = json.loads(line_at(path, place))
        if (entry["premise"], entry["seed"], entry["states"]) != (order.premise, order.seed, order.states):
            raise ValueError("it is another line")
        world = World.from_dict(entry["world"], source=name)
        report = entry["report"] | premise_fields(world, order.premise, entry["report"])
        return replace(order, world=world, report=_report(report))
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise WorldError(f"{name} does not hold the result any more that was written there: {error}") from None
