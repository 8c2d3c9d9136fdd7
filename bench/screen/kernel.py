"""The kernel's side: the real session in a process of its own for a page, and by itself for what an edit takes."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

import worldkit as wk
from screen.figures import Json, middle
from worldkit.layout.annotations import read_annotations
from worldkit.widgets import editor_state, parsing, protocol, reducer

ROOT = Path(__file__).parents[2]
KERNEL_SCRIPT = ROOT / "widgets" / "test" / "harness" / "kernel.py"
"""The session over lines of JSON, as the widgets' own harness has it."""


class Kernel:
    """A session in a process of its own; leaving the ``with`` block ends it."""

    def __init__(self, world: Path, annotations: Json) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(KERNEL_SCRIPT)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._turn = threading.Lock()
        self._say(json.dumps({"open": str(world), "readOnly": False, "annotations": annotations}))
        self.seed = json.dumps(json.loads(self._line())["opened"])

    def __enter__(self) -> Kernel:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.terminate()
        self._process.wait()

    def answer(self, message: bytes) -> bytes:
        """Send a request and return what is said of it as a list: what changed, if anything did, and the reply."""
        with self._turn:
            self._say(message.decode())
            replies = [self._line()]
            while replies[-1].startswith('{"type": "changed"'):
                replies.append(self._line())
        return f"[{','.join(replies)}]".encode()

    def _say(self, line: str) -> None:
        assert self._process.stdin is not None
        print(line, file=self._process.stdin, flush=True)

    def _line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit("the session ended; what it said is above")
        return line


def annotations_for(document: Json) -> Json:
    """Return what a writer of a long story has on its map: a region for every 250 states, and a note for every 100.

    Half of the notes stand beside a state; one state in 20 has a tag.
    """
    ids = list(document["scene"]["states"])
    regions = {
        f"r{at}": {"name": f"Chapter {at // 250 + 1}", "states": ids[at : at + 250]} for at in range(0, len(ids), 250)
    }
    notes = {
        f"n{at}": {"text": "Who was here before?", "at": [300.0 + at, 40.0], "todo": at % 400 == 0}
        | ({"state": ids[at]} if at % 200 == 0 else {})
        for at in range(0, len(ids), 100)
    }
    return {"regions": regions, "notes": notes, "tags": {"night": {}}, "tagged": {id: ["night"] for id in ids[::20]}}


def edits(rounds: int, state: str, event: str, last: str) -> dict[str, Iterable[Json]]:
    """Return the edits that are timed, as the browser would send them, by what they do."""
    return {
        "prose of a state": [
            _edit({"op": "set_field", "state": state, "field": "base", "value": f"A stair. {at}"})
            for at in range(rounds)
        ],
        "target of an event": [
            _edit({"op": "update_event", "name": event, "patch": {"to": f"place_{at + 3}"}}) for at in range(rounds)
        ],
        "flag that the last event gives": [
            _edit({"op": "update_event", "name": last, "patch": {"grants": [f"new_flag_{at}"]}}) for at in range(rounds)
        ],
        "new state": [_edit({"op": "add_state", "id": f"scene_{at}", "state": {"base": ""}}) for at in range(rounds)],
        "deleted state": [_edit({"op": "delete_state", "id": f"place_{at + 20}"}) for at in range(rounds)],
        "moved card": [{"type": "move", "positions": {state: [8.0 * at, 4.0]}} for at in range(rounds)],
    }


def _edit(op: Json) -> Json:
    return {"type": "edit", "ops": [op]}


def time_kernel(document: Json, annotations: Json, rounds: int) -> Json:
    """Return what opening a world and each kind of edit takes in the kernel, in processor time, and its bytes.

    An edit's time is all that happens between its message and the messages that answer it: reading, applying,
    laying out, the rules, the difference, and writing the answers as JSON.
    """
    world = wk.load(document)
    began = time.process_time()
    state = editor_state.open_editor(world, None, read_annotations(annotations))
    seed = json.dumps(reducer.seed(state))
    report: Json = {"open": {"ms": round((time.process_time() - began) * 1e3, 1), "bytes": len(seed)}}
    for what, messages in edits(rounds, "place_1", "move_1", world.events[-1].name).items():
        times, longest, now = [], 0, state
        for number, content in enumerate(messages):
            message = {"base": now.world.rev, **content, "id": number, "view": "bench"}
            began = time.process_time()
            step = reducer.reduce(now, parsing.read_editor(message), protocol.address(message))
            assert step.change_message is not None, step.reply
            texts = [json.dumps(step.change_message), json.dumps(step.reply)]
            times.append((time.process_time() - began) * 1e3)
            longest, now = max(longest, *map(len, texts)), step.state
        report[what] = middle(times) | {"bytes": longest}
    return report
