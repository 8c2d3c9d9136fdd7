"""The kernel's side of the editor for the harness: the real session, over lines of JSON on standard input and output.

A line ``{"open": FILE, "readOnly": false}`` begins anew with the world in a file, and with the ``annotations`` of its
map if the line has some; its answer is the seed. Every other line is a message of the view.
"""

from __future__ import annotations

import json
import sys
import traceback

import worldkit as wk
from worldkit.layout.annotations import read_annotations
from worldkit.widgets import editor_state, parsing, protocol, reducer


def main() -> None:
    for line in sys.stdin:
        content = json.loads(line)
        if "open" in content:
            on_map = read_annotations(content.get("annotations", {}))
            state = editor_state.open_editor(wk.load(content["open"]), None, on_map)
            read_only = content["readOnly"]
            print(json.dumps({"opened": reducer.seed(state)}), flush=True)
            continue
        to = protocol.address(content)
        try:
            step = reducer.reduce(state, parsing.read_editor(content), to, read_only=read_only)
        except parsing.Malformed as refused:
            step = reducer.ReducerResult(state, protocol.rejected(to, "invalid", str(refused), state.world.rev))
        except Exception:
            traceback.print_exc()
            step = reducer.ReducerResult(state, protocol.internal(to, state.world.rev))
        state = step.state
        for message in (step.change_message, step.reply):
            if message is not None:
                print(json.dumps(message), flush=True)


main()
