"""A file of what was generated, a line of JSON for each premise, from which a run that was cut short goes on."""

from __future__ import annotations

import hashlib
import json
import os
from typing import Any

from worldkit.core.errors import WorldError
from worldkit.core.paths import expand_home
from worldkit.generation.pipeline.report import Generated, Report, premise_fields
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
    """The file. What is in it is read once; what is added to it is written at once, a whole line at a time."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = expand_home(path)
        self.done: dict[str, Generated] = {}
        self._errors: dict[str, str | None] = {}
        try:
            self._read()
            self._file = self.path.open("ab")
        except OSError as error:
            raise WorldError(f"{self.path} cannot be used for results: {error.strerror or error}") from None

    def _read(self) -> None:
        if not self.path.exists():
            return
        data = self.path.read_bytes()
        *lines, tail = data.split(b"\n")
        for number, line in enumerate(lines, 1):
            if line.strip():
                self._take(line, number)
        if not tail:
            return
        if not _is_torn_line(tail):
            raise self._foreign(len(lines) + 1)
        # the line that was being written when the last run ended
        with self.path.open("r+b") as file:
            file.truncate(len(data) - len(tail))

    def _take(self, line: bytes, number: int) -> None:
        try:
            entry = json.loads(line)
            entry_key = entry["key"]
            if entry_key != key(entry["premise"], entry["seed"], entry["model"], entry["states"]):
                raise ValueError("its key is that of nothing that was asked for")
            if entry.get("world") is None:
                self._errors[entry_key] = entry.get("error")  # it failed: it is tried again
                return
            report = entry["report"]
            world = World.from_dict(entry["world"], source=f"{self.path}, line {number}")
            report |= premise_fields(world, entry["premise"], report)
            for name in ("fallbacks", "by_model", "notes"):
                report[name] = tuple(report.get(name, ()))
            self.done[entry_key] = Generated(
                premise=entry["premise"],
                seed=entry["seed"],
                states=entry["states"],
                world=world,
                report=Report(**report),
            )
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise self._foreign(number) from None

    def _foreign(self, number: int) -> WorldError:
        return WorldError(
            f"{self.path}, line {number} is no result of generate_many; expected one JSON object a line, as it "
            "writes them. Give another file, or take that line out"
        )

    def add(self, result: Generated, model: str) -> None:
        """Write the result of a premise as one line, with the model's name as it may be shown.

        An error that the file holds already is not written again.
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
            return
        else:
            entry["error"] = self._errors[entry_key] = result.error
        try:
            self._file.write(json.dumps(entry).encode() + b"\n")
            self._file.flush()
        except OSError as error:
            raise WorldError(f"{self.path} cannot be written: {error.strerror or error}") from None

    def close(self) -> None:
        """Close the file."""
        self._file.close()
